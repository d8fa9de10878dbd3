/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-bytes-decode.h"

#include "ef-column-decoder.h"

/*
 * EfBytesDecode:
 *
 * Makes events of messages, with all of the bytes in one column: the element `bytesdecode`.
 *
 * README.md of this folder tells what it takes. It lives in one context, as every element does. The
 * events keep the message until they are detached.
 */

struct _EfBytesDecode
{
  EfTransform parent_instance;

  char *column;

  EfColumnDecoder *decoder; /* from READY on */
};

typedef enum
{
  PROP_COLUMN = 1,
} EfBytesDecodeProperty;

#define N_PROPERTIES (PROP_COLUMN + 1)

#define DEFAULT_COLUMN "bytes"

G_DEFINE_FINAL_TYPE (EfBytesDecode, ef_bytes_decode, EF_TYPE_TRANSFORM)

static GParamSpec *properties[N_PROPERTIES];

static gboolean
ef_bytes_decode_prepare (EfElement *element, GError **error)
{
  EfBytesDecode *self = EF_BYTES_DECODE (element);

  self->decoder = ef_column_decoder_new (self->column, EF_COLUMN_BYTES, error);

  return self->decoder != NULL;
}

static void
ef_bytes_decode_unprepare (EfElement *element)
{
  g_clear_pointer (&EF_BYTES_DECODE (element)->decoder, ef_column_decoder_free);
}

static EfBatch *
ef_bytes_decode_transform (EfTransform *transform, EfBatch *batch)
{
  EfBytesDecode *self = EF_BYTES_DECODE (transform);

  return ef_column_decoder_run (self->decoder, EF_ELEMENT (self), batch);
}

static void
set_column (EfBytesDecode *self, const char *column)
{
  if (g_strcmp0 (self->column, column) == 0)
    return;

  g_free (self->column);
  self->column = g_strdup (column);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLUMN]);
}

static void
ef_bytes_decode_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfBytesDecode *self = EF_BYTES_DECODE (object);

  switch ((EfBytesDecodeProperty) id)
    {
    case PROP_COLUMN:
      g_value_set_string (value, self->column);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_bytes_decode_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfBytesDecode *self = EF_BYTES_DECODE (object);

  switch ((EfBytesDecodeProperty) id)
    {
    case PROP_COLUMN:
      set_column (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_bytes_decode_finalize (GObject *object)
{
  EfBytesDecode *self = EF_BYTES_DECODE (object);

  g_clear_pointer (&self->decoder, ef_column_decoder_free);
  g_clear_pointer (&self->column, g_free);

  G_OBJECT_CLASS (ef_bytes_decode_parent_class)->finalize (object);
}

static void
ef_bytes_decode_class_init (EfBytesDecodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);
  EfTransformClass *transform_class = EF_TRANSFORM_CLASS (klass);

  object_class->get_property = ef_bytes_decode_get_property;
  object_class->set_property = ef_bytes_decode_set_property;
  object_class->finalize = ef_bytes_decode_finalize;
  element_class->prepare = ef_bytes_decode_prepare;
  element_class->unprepare = ef_bytes_decode_unprepare;
  transform_class->transform = ef_bytes_decode_transform;

  properties[PROP_COLUMN]
    = g_param_spec_string ("column", NULL,
                           "The column of the events, which has the bytes of the message.",
                           DEFAULT_COLUMN, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                             | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  ef_element_class_set_metadata (element_class, "bytesdecode",
                                 "Makes events of messages, with the bytes in one column.",
                                 "websocketsource url=ws://127.0.0.1:9000/ ! "
                                 "bytesdecode column=frame ! jsonencode ! consolesink");
  ef_element_class_set_config_prefix (element_class, "bytes");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_PAYLOAD, EF_PAD_CONTENT_COLUMNS);
}

static void
ef_bytes_decode_init (EfBytesDecode *self)
{
  self->column = g_strdup (DEFAULT_COLUMN);
}
