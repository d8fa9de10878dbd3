/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-json-encode.h"

#include "ef-json-layout.h"

/*
 * EfJsonEncode:
 *
 * Makes JSON messages of events: the element `jsonencode`. README.md of this folder tells how.
 *
 * It takes events of any schema, which may differ from one to the next, and gives text messages, which
 * keep the timestamp of their event. It lives in one context, as every element does.
 */

/* How events of one schema are written, or why they cannot be. */
typedef struct
{
  EfSchema *schema;
  EfJsonLayout *layout;
  GError *error;
} Known;

/* More schemas than this are not kept: a program that made a new one for each event would fill memory
 * with them. */
#define MAX_KNOWN 32

struct _EfJsonEncode
{
  EfTransform parent_instance;

  char *template_text;

  EfEventBuilder *builder; /* from READY on */
  GPtrArray *known;        /* the last used first */
};

typedef enum
{
  PROP_TEMPLATE = 1,
} EfJsonEncodeProperty;

#define N_PROPERTIES (PROP_TEMPLATE + 1)

G_DEFINE_FINAL_TYPE (EfJsonEncode, ef_json_encode, EF_TYPE_TRANSFORM)

static GParamSpec *properties[N_PROPERTIES];

static void
known_free (gpointer data)
{
  Known *known = data;

  ef_schema_unref (known->schema);
  g_clear_pointer (&known->layout, ef_json_layout_free);
  g_clear_error (&known->error);
  g_free (known);
}

static gboolean
ef_json_encode_prepare (EfElement *element, GError **error)
{
  EfJsonEncode *self = EF_JSON_ENCODE (element);

  if (self->template_text != NULL && !ef_json_layout_check_template (self->template_text, error))
    return FALSE;

  self->builder = ef_event_builder_new (ef_schema_get_text_payload ());
  self->known = g_ptr_array_new_with_free_func (known_free);

  return TRUE;
}

static void
ef_json_encode_unprepare (EfElement *element)
{
  EfJsonEncode *self = EF_JSON_ENCODE (element);

  g_clear_pointer (&self->builder, ef_event_builder_unref);
  g_clear_pointer (&self->known, g_ptr_array_unref);
}

/* Finds a schema that is not the last one, or gets to know it. */
static Known *
learn (EfJsonEncode *self, EfSchema *schema)
{
  Known *known = NULL;

  for (guint i = 0; i < self->known->len; i++)
    {
      known = g_ptr_array_index (self->known, i);
      if (known->schema == schema)
        {
          g_ptr_array_steal_index (self->known, i);
          g_ptr_array_insert (self->known, 0, known);
          return known;
        }
    }

  if (self->known->len == MAX_KNOWN)
    g_ptr_array_remove_index (self->known, MAX_KNOWN - 1);

  known = g_new0 (Known, 1);
  known->schema = ef_schema_ref (schema);
  known->layout = ef_json_layout_new (schema, self->template_text, &known->error);
  g_ptr_array_insert (self->known, 0, known);

  return known;
}

static inline const Known *
find_known (EfJsonEncode *self, EfSchema *schema)
{
  if (G_LIKELY (self->known->len > 0))
    {
      const Known *last = g_ptr_array_index (self->known, 0);

      if (G_LIKELY (last->schema == schema))
        return last;
    }

  return learn (self, schema);
}

static GError *
new_size_error (gsize room)
{
  return g_error_new (EF_ERROR, EF_ERROR_DATA,
                      "the event would be a JSON text of %" G_GSIZE_FORMAT " bytes, more than the %u that "
                      "a message can have",
                      room, G_MAXUINT32);
}

/* Appends the message that an event becomes. Three calls of the library an event and one a value:
 * what it is, where to write, and that it was written. */
static inline gboolean
encode (EfJsonEncode *self, EfEvent *event, EfBatch *output, GError **error)
{
  EfSchema *schema;
  gint64 timestamp;
  const EfValue *values = ef_event_peek_row (event, &schema, &timestamp);
  const Known *known = find_known (self, schema);
  gsize room;
  char *out;

  if (G_UNLIKELY (known->layout == NULL))
    {
      g_propagate_error (error, g_error_copy (known->error));
      return FALSE;
    }

  room = ef_json_layout_get_room (known->layout, values);
  if (G_UNLIKELY (room > G_MAXUINT32))
    {
      g_propagate_error (error, new_size_error (room));
      return FALSE;
    }

  out = ef_event_builder_begin_payload (self->builder, room);
  ef_event_builder_end_payload (self->builder, output, timestamp,
                                (gsize) (ef_json_layout_write (known->layout, values, out) - out));

  return TRUE;
}

static EfBatch *
ef_json_encode_transform (EfTransform *transform, EfBatch *batch)
{
  EfJsonEncode *self = EF_JSON_ENCODE (transform);
  EfBatch *output = ef_batch_new ();
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  for (guint i = 0; i < n_events; i++)
    {
      g_autoptr (GError) error = NULL;

      if (G_UNLIKELY (!encode (self, events[i], output, &error))
          && !ef_element_reject_event (EF_ELEMENT (self), events[i], error))
        break;
    }
  ef_event_builder_flush (self->builder);

  return output;
}

static void
ef_json_encode_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfJsonEncode *self = EF_JSON_ENCODE (object);

  switch ((EfJsonEncodeProperty) id)
    {
    case PROP_TEMPLATE:
      g_value_set_string (value, self->template_text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_template (EfJsonEncode *self, const char *template_text)
{
  if (g_strcmp0 (self->template_text, template_text) == 0)
    return;

  g_free (self->template_text);
  self->template_text = g_strdup (template_text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEMPLATE]);
}

static void
ef_json_encode_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfJsonEncode *self = EF_JSON_ENCODE (object);

  switch ((EfJsonEncodeProperty) id)
    {
    case PROP_TEMPLATE:
      set_template (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_json_encode_finalize (GObject *object)
{
  EfJsonEncode *self = EF_JSON_ENCODE (object);

  ef_json_encode_unprepare (EF_ELEMENT (object));
  g_clear_pointer (&self->template_text, g_free);

  G_OBJECT_CLASS (ef_json_encode_parent_class)->finalize (object);
}

static void
ef_json_encode_class_init (EfJsonEncodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);
  EfTransformClass *transform_class = EF_TRANSFORM_CLASS (klass);

  object_class->get_property = ef_json_encode_get_property;
  object_class->set_property = ef_json_encode_set_property;
  object_class->finalize = ef_json_encode_finalize;
  element_class->prepare = ef_json_encode_prepare;
  element_class->unprepare = ef_json_encode_unprepare;
  transform_class->transform = ef_json_encode_transform;

  properties[PROP_TEMPLATE]
    = g_param_spec_string ("template", NULL,
                           "JSON in which “{{column}}” stands for the value of a column, instead of an "
                           "object with all columns.",
                           NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  ef_element_class_set_metadata (element_class, "jsonencode",
                                 "Makes JSON messages of events with columns.",
                                 "timersource ! jsonencode ! websocketsink url=ws://127.0.0.1:9000/");
  ef_element_class_set_config_prefix (element_class, "json");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_COLUMNS, EF_PAD_CONTENT_PAYLOAD);
}

static void
ef_json_encode_init (EfJsonEncode *self)
{
}
