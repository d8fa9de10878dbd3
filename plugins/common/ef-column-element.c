/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-column-element.h"

#include "ef-column-decoder.h"
#include "ef-column-encoder.h"

/*
 * EfColumnElement:
 *
 * An element that makes events with one column of messages, or messages of one column: what the
 * decoders and encoders of text and of bytes have in common, which is all but their names. Each is a
 * class of its own, made here of its description and registered by its plugin; a common base class
 * would be registered by two of them.
 *
 * The README.md of each plugin tells what it takes. An element lives in one context, as every one
 * does. What comes out keeps what went in until it is detached.
 */

typedef struct
{
  EfTransform parent_instance;

  char *column;

  /* One of them, from READY on. */
  EfColumnDecoder *decoder;
  EfColumnEncoder *encoder;
} EfColumnElement;

typedef struct
{
  EfTransformClass parent_class;

  const EfColumnElementInfo *info;
} EfColumnElementClass;

enum
{
  PROP_COLUMN = 1,
};

static const EfColumnElementInfo *
get_info (gpointer self)
{
  return G_TYPE_INSTANCE_GET_CLASS (self, G_OBJECT_TYPE (self), EfColumnElementClass)->info;
}

static gboolean
ef_column_element_prepare (EfElement *element, GError **error)
{
  EfColumnElement *self = (EfColumnElement *) element;
  const EfColumnElementInfo *info = get_info (self);

  if (info->encodes)
    self->encoder = ef_column_encoder_new (self->column, info->type);
  else
    self->decoder = ef_column_decoder_new (self->column, info->type, error);

  return self->encoder != NULL || self->decoder != NULL;
}

static void
ef_column_element_unprepare (EfElement *element)
{
  EfColumnElement *self = (EfColumnElement *) element;

  g_clear_pointer (&self->decoder, ef_column_decoder_free);
  g_clear_pointer (&self->encoder, ef_column_encoder_free);
}

static EfBatch *
ef_column_element_decode (EfTransform *transform, EfBatch *batch)
{
  EfColumnElement *self = (EfColumnElement *) transform;

  return ef_column_decoder_run (self->decoder, EF_ELEMENT (self), batch);
}

static EfBatch *
ef_column_element_encode (EfTransform *transform, EfBatch *batch)
{
  EfColumnElement *self = (EfColumnElement *) transform;

  return ef_column_encoder_run (self->encoder, EF_ELEMENT (self), batch);
}

static void
ef_column_element_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COLUMN)
    g_value_set_string (value, ((EfColumnElement *) object)->column);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ef_column_element_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfColumnElement *self = (EfColumnElement *) object;

  if (id != PROP_COLUMN)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  if (g_strcmp0 (self->column, g_value_get_string (value)) == 0)
    return;

  g_free (self->column);
  self->column = g_value_dup_string (value);
  g_object_notify_by_pspec (object, pspec);
}

static void
ef_column_element_finalize (GObject *object)
{
  EfColumnElement *self = (EfColumnElement *) object;

  g_clear_pointer (&self->decoder, ef_column_decoder_free);
  g_clear_pointer (&self->encoder, ef_column_encoder_free);
  g_free (self->column);

  G_OBJECT_CLASS (g_type_class_peek_static (EF_TYPE_TRANSFORM))->finalize (object);
}

static void
ef_column_element_class_init (gpointer klass, gpointer data)
{
  const EfColumnElementInfo *info = data;
  GObjectClass *object_class = klass;
  EfElementClass *element_class = klass;
  EfTransformClass *transform_class = klass;

  ((EfColumnElementClass *) klass)->info = info;

  object_class->get_property = ef_column_element_get_property;
  object_class->set_property = ef_column_element_set_property;
  object_class->finalize = ef_column_element_finalize;
  element_class->prepare = ef_column_element_prepare;
  element_class->unprepare = ef_column_element_unprepare;
  transform_class->transform = info->encodes ? ef_column_element_encode : ef_column_element_decode;

  g_object_class_install_property (
    object_class, PROP_COLUMN,
    g_param_spec_string ("column", NULL, info->column_blurb, info->default_column,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));

  ef_element_class_set_metadata (element_class, info->factory_name, info->description,
                                 info->example);
  ef_element_class_set_config_prefix (element_class, info->config_prefix);
  ef_element_class_set_content (element_class,
                                info->encodes ? EF_PAD_CONTENT_COLUMNS : EF_PAD_CONTENT_PAYLOAD,
                                info->encodes ? EF_PAD_CONTENT_PAYLOAD : EF_PAD_CONTENT_COLUMNS);
}

static void
ef_column_element_init (GTypeInstance *instance, gpointer klass)
{
  ((EfColumnElement *) instance)->column
    = g_strdup (((EfColumnElementClass *) klass)->info->default_column);
}

/* @info is kept. */
GType
ef_column_element_register (const EfColumnElementInfo *info)
{
  const GTypeInfo type_info = {
    .class_size = sizeof (EfColumnElementClass),
    .class_init = ef_column_element_class_init,
    .class_data = info,
    .instance_size = sizeof (EfColumnElement),
    .instance_init = ef_column_element_init,
  };

  return g_type_register_static (EF_TYPE_TRANSFORM, info->type_name, &type_info,
                                 G_TYPE_FLAG_FINAL);
}
