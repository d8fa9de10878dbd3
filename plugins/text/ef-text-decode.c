/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-text-decode.h"

#include "ef-column-decoder.h"

/*
 * EfTextDecode:
 *
 * Makes events of messages, with all of the text in one column: the element `textdecode`.
 *
 * README.md of this folder tells what it takes. It lives in one context, as every element does. The
 * events keep the message until they are detached.
 */

struct _EfTextDecode
{
  EfTransform parent_instance;

  char *column;

  EfColumnDecoder *decoder; /* from READY on */
};

typedef enum
{
  PROP_COLUMN = 1,
} EfTextDecodeProperty;

#define N_PROPERTIES (PROP_COLUMN + 1)

#define DEFAULT_COLUMN "text"

G_DEFINE_FINAL_TYPE (EfTextDecode, ef_text_decode, EF_TYPE_TRANSFORM)

static GParamSpec *properties[N_PROPERTIES];

static gboolean
ef_text_decode_prepare (EfElement *element, GError **error)
{
  EfTextDecode *self = EF_TEXT_DECODE (element);

  self->decoder = ef_column_decoder_new (self->column, EF_COLUMN_STRING, error);

  return self->decoder != NULL;
}

static void
ef_text_decode_unprepare (EfElement *element)
{
  g_clear_pointer (&EF_TEXT_DECODE (element)->decoder, ef_column_decoder_free);
}

static EfBatch *
ef_text_decode_transform (EfTransform *transform, EfBatch *batch)
{
  EfTextDecode *self = EF_TEXT_DECODE (transform);

  return ef_column_decoder_run (self->decoder, EF_ELEMENT (self), batch);
}

static void
set_column (EfTextDecode *self, const char *column)
{
  if (g_strcmp0 (self->column, column) == 0)
    return;

  g_free (self->column);
  self->column = g_strdup (column);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLUMN]);
}

static void
ef_text_decode_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfTextDecode *self = EF_TEXT_DECODE (object);

  switch ((EfTextDecodeProperty) id)
    {
    case PROP_COLUMN:
      g_value_set_string (value, self->column);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_text_decode_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfTextDecode *self = EF_TEXT_DECODE (object);

  switch ((EfTextDecodeProperty) id)
    {
    case PROP_COLUMN:
      set_column (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_text_decode_finalize (GObject *object)
{
  EfTextDecode *self = EF_TEXT_DECODE (object);

  g_clear_pointer (&self->decoder, ef_column_decoder_free);
  g_clear_pointer (&self->column, g_free);

  G_OBJECT_CLASS (ef_text_decode_parent_class)->finalize (object);
}

static void
ef_text_decode_class_init (EfTextDecodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);
  EfTransformClass *transform_class = EF_TRANSFORM_CLASS (klass);

  object_class->get_property = ef_text_decode_get_property;
  object_class->set_property = ef_text_decode_set_property;
  object_class->finalize = ef_text_decode_finalize;
  element_class->prepare = ef_text_decode_prepare;
  element_class->unprepare = ef_text_decode_unprepare;
  transform_class->transform = ef_text_decode_transform;

  properties[PROP_COLUMN]
    = g_param_spec_string ("column", NULL,
                           "The column of the events, which has the text of the message.",
                           DEFAULT_COLUMN, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                             | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  ef_element_class_set_metadata (element_class, "textdecode",
                                 "Makes events of messages, with the text in one column.",
                                 "filesource location=lines.txt ! textdecode column=line ! "
                                 "jsonencode ! websocketsink url=ws://127.0.0.1:9000/");
  ef_element_class_set_config_prefix (element_class, "text");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_PAYLOAD, EF_PAD_CONTENT_COLUMNS);
}

static void
ef_text_decode_init (EfTextDecode *self)
{
  self->column = g_strdup (DEFAULT_COLUMN);
}
