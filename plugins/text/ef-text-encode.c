/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-text-encode.h"

#include "ef-column-encoder.h"

/*
 * EfTextEncode:
 *
 * Makes text messages of one column of events: the element `textencode`.
 *
 * README.md of this folder tells what it takes. It lives in one context, as every element does.
 * Messages keep the events until they are detached.
 */

struct _EfTextEncode
{
  EfTransform parent_instance;

  char *column;

  EfColumnEncoder *encoder; /* from READY on */
};

typedef enum
{
  PROP_COLUMN = 1,
} EfTextEncodeProperty;

#define N_PROPERTIES (PROP_COLUMN + 1)

G_DEFINE_FINAL_TYPE (EfTextEncode, ef_text_encode, EF_TYPE_TRANSFORM)

static GParamSpec *properties[N_PROPERTIES];

static gboolean
ef_text_encode_prepare (EfElement *element, GError **error)
{
  EfTextEncode *self = EF_TEXT_ENCODE (element);

  self->encoder = ef_column_encoder_new (self->column, EF_COLUMN_STRING);

  return TRUE;
}

static void
ef_text_encode_unprepare (EfElement *element)
{
  g_clear_pointer (&EF_TEXT_ENCODE (element)->encoder, ef_column_encoder_free);
}

static EfBatch *
ef_text_encode_transform (EfTransform *transform, EfBatch *batch)
{
  EfTextEncode *self = EF_TEXT_ENCODE (transform);

  return ef_column_encoder_run (self->encoder, EF_ELEMENT (self), batch);
}

static void
set_column (EfTextEncode *self, const char *column)
{
  if (g_strcmp0 (self->column, column) == 0)
    return;

  g_free (self->column);
  self->column = g_strdup (column);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLUMN]);
}

static void
ef_text_encode_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfTextEncode *self = EF_TEXT_ENCODE (object);

  switch ((EfTextEncodeProperty) id)
    {
    case PROP_COLUMN:
      g_value_set_string (value, self->column);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_text_encode_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfTextEncode *self = EF_TEXT_ENCODE (object);

  switch ((EfTextEncodeProperty) id)
    {
    case PROP_COLUMN:
      set_column (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_text_encode_finalize (GObject *object)
{
  EfTextEncode *self = EF_TEXT_ENCODE (object);

  g_clear_pointer (&self->encoder, ef_column_encoder_free);
  g_clear_pointer (&self->column, g_free);

  G_OBJECT_CLASS (ef_text_encode_parent_class)->finalize (object);
}

static void
ef_text_encode_class_init (EfTextEncodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);
  EfTransformClass *transform_class = EF_TRANSFORM_CLASS (klass);

  object_class->get_property = ef_text_encode_get_property;
  object_class->set_property = ef_text_encode_set_property;
  object_class->finalize = ef_text_encode_finalize;
  element_class->prepare = ef_text_encode_prepare;
  element_class->unprepare = ef_text_encode_unprepare;
  transform_class->transform = ef_text_encode_transform;

  properties[PROP_COLUMN]
    = g_param_spec_string ("column", NULL,
                           "The column whose text is the message; it can be left out if there is only one.",
                           NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                             | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  ef_element_class_set_metadata (element_class, "textencode",
                                 "Makes text messages of one column of events.",
                                 "websocketsource url=ws://127.0.0.1:9000/ ! "
                                 "jsondecode schema=\"s STRING, p DOUBLE\" ! "
                                 "textencode column=s ! filesink location=symbols.txt");
  ef_element_class_set_config_prefix (element_class, "text");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_COLUMNS, EF_PAD_CONTENT_PAYLOAD);
}

static void
ef_text_encode_init (EfTextEncode *self)
{
}
