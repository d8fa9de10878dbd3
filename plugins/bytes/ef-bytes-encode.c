/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-bytes-encode.h"

#include "ef-column-encoder.h"

/*
 * EfBytesEncode:
 *
 * Makes binary messages of one column of events: the element `bytesencode`.
 *
 * README.md of this folder tells what it takes. It lives in one context, as every element does.
 * Messages keep the events until they are detached.
 */

struct _EfBytesEncode
{
  EfTransform parent_instance;

  char *column;

  EfColumnEncoder *encoder; /* from READY on */
};

typedef enum
{
  PROP_COLUMN = 1,
} EfBytesEncodeProperty;

#define N_PROPERTIES (PROP_COLUMN + 1)

G_DEFINE_FINAL_TYPE (EfBytesEncode, ef_bytes_encode, EF_TYPE_TRANSFORM)

static GParamSpec *properties[N_PROPERTIES];

static gboolean
ef_bytes_encode_prepare (EfElement *element, GError **error)
{
  EfBytesEncode *self = EF_BYTES_ENCODE (element);

  self->encoder = ef_column_encoder_new (self->column, EF_COLUMN_BYTES);

  return TRUE;
}

static void
ef_bytes_encode_unprepare (EfElement *element)
{
  g_clear_pointer (&EF_BYTES_ENCODE (element)->encoder, ef_column_encoder_free);
}

static EfBatch *
ef_bytes_encode_transform (EfTransform *transform, EfBatch *batch)
{
  EfBytesEncode *self = EF_BYTES_ENCODE (transform);

  return ef_column_encoder_run (self->encoder, EF_ELEMENT (self), batch);
}

static void
set_column (EfBytesEncode *self, const char *column)
{
  if (g_strcmp0 (self->column, column) == 0)
    return;

  g_free (self->column);
  self->column = g_strdup (column);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLUMN]);
}

static void
ef_bytes_encode_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfBytesEncode *self = EF_BYTES_ENCODE (object);

  switch ((EfBytesEncodeProperty) id)
    {
    case PROP_COLUMN:
      g_value_set_string (value, self->column);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_bytes_encode_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfBytesEncode *self = EF_BYTES_ENCODE (object);

  switch ((EfBytesEncodeProperty) id)
    {
    case PROP_COLUMN:
      set_column (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_bytes_encode_finalize (GObject *object)
{
  EfBytesEncode *self = EF_BYTES_ENCODE (object);

  g_clear_pointer (&self->encoder, ef_column_encoder_free);
  g_clear_pointer (&self->column, g_free);

  G_OBJECT_CLASS (ef_bytes_encode_parent_class)->finalize (object);
}

static void
ef_bytes_encode_class_init (EfBytesEncodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);
  EfTransformClass *transform_class = EF_TRANSFORM_CLASS (klass);

  object_class->get_property = ef_bytes_encode_get_property;
  object_class->set_property = ef_bytes_encode_set_property;
  object_class->finalize = ef_bytes_encode_finalize;
  element_class->prepare = ef_bytes_encode_prepare;
  element_class->unprepare = ef_bytes_encode_unprepare;
  transform_class->transform = ef_bytes_encode_transform;

  properties[PROP_COLUMN]
    = g_param_spec_string ("column", NULL,
                           "The column whose bytes are the message; it can be left out if there is only one.",
                           NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                             | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  ef_element_class_set_metadata (element_class, "bytesencode",
                                 "Makes binary messages of one column of events.",
                                 "websocketsource url=ws://127.0.0.1:9000/ ! "
                                 "jsondecode schema=\"frame BYTES\" ! bytesencode ! "
                                 "websocketsink url=ws://127.0.0.1:9001/");
  ef_element_class_set_config_prefix (element_class, "bytes");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_COLUMNS, EF_PAD_CONTENT_PAYLOAD);
}

static void
ef_bytes_encode_init (EfBytesEncode *self)
{
}
