/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-json-decode.h"

#include "ef-json-reader.h"
#include "ef-payload.h"

/*
 * EfJsonDecode:
 *
 * Makes events of JSON messages: the element `jsondecode`. README.md of this folder tells how.
 *
 * It takes raw messages, text or binary, whose events keep the timestamp of the message. A message that
 * cannot be read is rejected by itself, whole, and the others of its batch go on.
 *
 * It lives in one context, as every element does. Texts of the events it makes lie in the message, which
 * they keep until they are detached.
 */

struct _EfJsonDecode
{
  EfTransform parent_instance;

  EfSchema *schema;
  GHashTable *mapping;
  char *explode;
  EfJsonMissing missing;

  EfJsonReader *reader; /* from READY on */
};

typedef enum
{
  PROP_SCHEMA = 1,
  PROP_MAPPING,
  PROP_EXPLODE,
  PROP_MISSING,
} EfJsonDecodeProperty;

#define N_PROPERTIES (PROP_MISSING + 1)

G_DEFINE_ENUM_TYPE (EfJsonMissing,
                    ef_json_missing,
                    G_DEFINE_ENUM_VALUE (EF_JSON_MISSING_NULL, "null"),
                    G_DEFINE_ENUM_VALUE (EF_JSON_MISSING_ERROR, "error"))

G_DEFINE_FINAL_TYPE (EfJsonDecode, ef_json_decode, EF_TYPE_TRANSFORM)

static GParamSpec *properties[N_PROPERTIES];

static gboolean
ef_json_decode_prepare (EfElement *element, GError **error)
{
  EfJsonDecode *self = EF_JSON_DECODE (element);
  EfJsonPlan *plan = ef_json_plan_new (self->schema, self->mapping, self->explode, error);

  if (plan == NULL)
    return FALSE;

  self->reader = ef_json_reader_new (plan, self->missing == EF_JSON_MISSING_ERROR);

  return TRUE;
}

static void
ef_json_decode_unprepare (EfElement *element)
{
  g_clear_pointer (&EF_JSON_DECODE (element)->reader, ef_json_reader_free);
}

static gboolean
decode (EfJsonDecode *self, EfEvent *event, EfBatch *output)
{
  g_autoptr (GError) error = NULL;
  const EfValue *text = ef_payload_peek_text (event, &error);

  if (G_UNLIKELY (text == NULL
                  || !ef_json_reader_read (self->reader, text->v_data, text->length,
                                           ef_event_get_timestamp (event), output, &error)))
    return ef_element_reject_event (EF_ELEMENT (self), event, error);

  return TRUE;
}

static EfBatch *
ef_json_decode_transform (EfTransform *transform, EfBatch *batch)
{
  EfJsonDecode *self = EF_JSON_DECODE (transform);
  EfEventBuilder *builder = ef_json_reader_get_builder (self->reader);
  EfBatch *output = ef_batch_new ();
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  ef_event_builder_pin (builder, batch, (GBoxedCopyFunc) ef_batch_ref,
                        (GDestroyNotify) ef_batch_unref);
  for (guint i = 0; i < n_events; i++)
    if (!decode (self, events[i], output))
      break;
  ef_event_builder_flush (builder);

  return output;
}

static void
set_schema (EfJsonDecode *self, EfSchema *schema)
{
  if (self->schema == schema
      || (self->schema != NULL && schema != NULL && ef_schema_equal (self->schema, schema)))
    return;

  g_clear_pointer (&self->schema, ef_schema_unref);
  self->schema = schema != NULL ? ef_schema_ref (schema) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCHEMA]);
}

static GHashTable *
new_mapping (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
set_mapping (EfJsonDecode *self, GHashTable *mapping)
{
  if (self->mapping == mapping)
    return;

  g_hash_table_unref (self->mapping);
  self->mapping = mapping != NULL ? g_hash_table_ref (mapping) : new_mapping ();
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAPPING]);
}

static void
set_explode (EfJsonDecode *self, const char *explode)
{
  if (g_strcmp0 (self->explode, explode) == 0)
    return;

  g_free (self->explode);
  self->explode = g_strdup (explode);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EXPLODE]);
}

static void
set_missing (EfJsonDecode *self, EfJsonMissing missing)
{
  if (self->missing == missing)
    return;

  self->missing = missing;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MISSING]);
}

static void
ef_json_decode_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfJsonDecode *self = EF_JSON_DECODE (object);

  switch ((EfJsonDecodeProperty) id)
    {
    case PROP_SCHEMA:
      g_value_set_boxed (value, self->schema);
      break;
    case PROP_MAPPING:
      g_value_set_boxed (value, self->mapping);
      break;
    case PROP_EXPLODE:
      g_value_set_string (value, self->explode);
      break;
    case PROP_MISSING:
      g_value_set_enum (value, (int) self->missing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_json_decode_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfJsonDecode *self = EF_JSON_DECODE (object);

  switch ((EfJsonDecodeProperty) id)
    {
    case PROP_SCHEMA:
      set_schema (self, g_value_get_boxed (value));
      break;
    case PROP_MAPPING:
      set_mapping (self, g_value_get_boxed (value));
      break;
    case PROP_EXPLODE:
      set_explode (self, g_value_get_string (value));
      break;
    case PROP_MISSING:
      set_missing (self, (EfJsonMissing) g_value_get_enum (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_json_decode_finalize (GObject *object)
{
  EfJsonDecode *self = EF_JSON_DECODE (object);

  g_clear_pointer (&self->reader, ef_json_reader_free);
  g_clear_pointer (&self->schema, ef_schema_unref);
  g_clear_pointer (&self->mapping, g_hash_table_unref);
  g_clear_pointer (&self->explode, g_free);

  G_OBJECT_CLASS (ef_json_decode_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags
    = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_SCHEMA]
    = g_param_spec_boxed ("schema", NULL,
                          "The columns of the events, such as “s STRING, p DOUBLE”; each is read from "
                          "the key of its name.",
                          EF_TYPE_SCHEMA, flags | EF_PARAM_REQUIRED);
  properties[PROP_MAPPING]
    = g_param_spec_boxed ("mapping", NULL,
                          "Paths such as “$.data.p” of columns that are read from elsewhere than the "
                          "key of their name.",
                          G_TYPE_HASH_TABLE, flags);
  properties[PROP_EXPLODE]
    = g_param_spec_string ("explode", NULL,
                           "The path, such as “$.data”, of an array whose items are an event each; "
                           "paths from the item begin with “@”.",
                           NULL, flags);
  properties[PROP_MISSING]
    = g_param_spec_enum ("missing", NULL,
                         "What a column is whose key the message does not have: NULL, or an error.",
                         EF_TYPE_JSON_MISSING, EF_JSON_MISSING_NULL, flags);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
ef_json_decode_class_init (EfJsonDecodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);
  EfTransformClass *transform_class = EF_TRANSFORM_CLASS (klass);

  object_class->get_property = ef_json_decode_get_property;
  object_class->set_property = ef_json_decode_set_property;
  object_class->finalize = ef_json_decode_finalize;
  element_class->prepare = ef_json_decode_prepare;
  element_class->unprepare = ef_json_decode_unprepare;
  transform_class->transform = ef_json_decode_transform;

  install_properties (object_class);

  ef_element_class_set_metadata (element_class, "jsondecode",
                                 "Makes events with columns of JSON messages.",
                                 "websocketsource url=wss://stream.binance.com:9443/ws/"
                                 "btcusdt@trade ! jsondecode schema=\"s STRING, p DOUBLE\" ! "
                                 "consolesink");
  ef_element_class_set_config_prefix (element_class, "json");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_PAYLOAD, EF_PAD_CONTENT_COLUMNS);
}

static void
ef_json_decode_init (EfJsonDecode *self)
{
  self->mapping = new_mapping ();
}
