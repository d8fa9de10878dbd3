/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-column-encoder.h"

#include <math.h>

struct _EfColumnEncoder
{
  char *name; /* NULL: the only column there is */
  EfColumnType type;
  EfEventBuilder *builder;

  EfSchema *schema; /* of the last event, and where the column is in it */
  gint column;
};

/* @type is STRING for text messages, BYTES for binary ones. */
EfColumnEncoder *
ef_column_encoder_new (const char *column, EfColumnType type)
{
  EfColumnEncoder *self = g_new0 (EfColumnEncoder, 1);

  self->name = g_strdup (column);
  self->type = type;
  self->builder = ef_event_builder_new (type == EF_COLUMN_STRING ? ef_schema_get_text_payload ()
                                                                 : ef_schema_get_bytes_payload ());

  return self;
}

void
ef_column_encoder_free (EfColumnEncoder *self)
{
  g_clear_pointer (&self->schema, ef_schema_unref);
  ef_event_builder_unref (self->builder);
  g_free (self->name);
  g_free (self);
}

static gint
find_column (EfColumnEncoder *self, EfSchema *schema)
{
  if (self->schema == schema)
    return self->column;

  g_clear_pointer (&self->schema, ef_schema_unref);
  self->schema = ef_schema_ref (schema);
  if (self->name != NULL)
    self->column = ef_schema_find_column (schema, self->name);
  else
    self->column = ef_schema_get_n_columns (schema) == 1 ? 0 : -1;

  return self->column;
}

static void
set_column_error (EfColumnEncoder *self, EfSchema *schema, GError **error)
{
  g_autofree char *columns = ef_schema_to_string (schema);

  if (self->name != NULL)
    g_set_error (error, EF_ERROR, EF_ERROR_DATA, "the event has no column “%s”, but %s", self->name,
                 columns);
  else
    g_set_error (error, EF_ERROR, EF_ERROR_DATA,
                 "the event has several columns, %s; the property “column” says which one to send",
                 columns);
}

/* JSON has no word for these, text has. */
static void
set_double (EfColumnEncoder *self, double number)
{
  char buffer[EF_JSON_NUMBER_MAX];
  const char *end;

  if (isnan (number))
    ef_event_builder_set_data (self->builder, 0, self->type, "NaN", 3);
  else if (isinf (number))
    ef_event_builder_set_data (self->builder, 0, self->type, number < 0 ? "-Infinity" : "Infinity",
                               number < 0 ? 9 : 8);
  else
    {
      end = ef_json_write_double (buffer, number);
      ef_event_builder_set_data (self->builder, 0, self->type, buffer, (gsize) (end - buffer));
    }
}

static void
set_float (EfColumnEncoder *self, float number)
{
  char buffer[EF_JSON_NUMBER_MAX];
  const char *end;

  if (!isfinite (number))
    {
      set_double (self, (double) number);
      return;
    }

  end = ef_json_write_float (buffer, number);
  ef_event_builder_set_data (self->builder, 0, self->type, buffer, (gsize) (end - buffer));
}

static void
set_integer (EfColumnEncoder *self, gint64 number)
{
  char buffer[EF_JSON_NUMBER_MAX];
  const char *end = ef_json_write_int64 (buffer, number);

  ef_event_builder_set_data (self->builder, 0, self->type, buffer, (gsize) (end - buffer));
}

static gboolean
check_value (EfColumnEncoder *self, const EfValue *value, GError **error)
{
  const char *name = ef_schema_get_column_name (self->schema, (guint) self->column);
  gsize bad_at;

  if (value->type == EF_COLUMN_NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_DATA, "column “%s” is NULL, which makes no message", name);
      return FALSE;
    }

  if (value->type == EF_COLUMN_BYTES && self->type == EF_COLUMN_STRING
      && !ef_utf8_validate (value->v_data, value->length, &bad_at))
    {
      g_set_error (error, EF_ERROR, EF_ERROR_DATA,
                   "column “%s” is no text: it is not UTF-8 at byte %" G_GSIZE_FORMAT, name, bad_at);
      return FALSE;
    }

  return TRUE;
}

static void
set_value (EfColumnEncoder *self, const EfValue *value)
{
  switch ((EfColumnType) value->type)
    {
    case EF_COLUMN_INT:
    case EF_COLUMN_LONG:
      set_integer (self, value->v_int);
      break;
    case EF_COLUMN_FLOAT:
      set_float (self, (float) value->v_double);
      break;
    case EF_COLUMN_DOUBLE:
      set_double (self, value->v_double);
      break;
    case EF_COLUMN_BOOL:
      ef_event_builder_set_slice (self->builder, 0, self->type, value->v_int ? "true" : "false",
                                  value->v_int ? 4 : 5);
      break;
    case EF_COLUMN_STRING:
    case EF_COLUMN_BYTES:
    case EF_COLUMN_JSON:
      ef_event_builder_set_slice (self->builder, 0, self->type, value->v_data, value->length);
      break;
    case EF_COLUMN_NULL:
    case EF_COLUMN_ANY:
    default:
      g_assert_not_reached ();
    }
}

static EfEvent *
encode (EfColumnEncoder *self, EfEvent *event, GError **error)
{
  EfSchema *schema = ef_event_get_schema (event);
  gint column = find_column (self, schema);
  const EfValue *value;

  if (G_UNLIKELY (column < 0))
    {
      set_column_error (self, schema, error);
      return NULL;
    }

  value = &ef_event_peek_values (event)[column];
  if (!check_value (self, value, error))
    return NULL;

  ef_event_builder_begin (self->builder, ef_event_get_timestamp (event));
  set_value (self, value);

  return ef_event_builder_end (self->builder);
}

/* Encodes the events of a batch; those that cannot be, @element rejects. Texts and bytes are slices of
 * the events. */
EfBatch *
ef_column_encoder_run (EfColumnEncoder *self, EfElement *element, EfBatch *batch)
{
  EfBatch *output = ef_batch_new ();
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  ef_event_builder_pin (self->builder, batch, (GBoxedCopyFunc) ef_batch_ref,
                        (GDestroyNotify) ef_batch_unref);

  for (guint i = 0; i < n_events; i++)
    {
      g_autoptr (GError) error = NULL;
      EfEvent *message = encode (self, events[i], &error);

      if (G_LIKELY (message != NULL))
        ef_batch_append (output, message);
      else if (!ef_element_reject_event (element, events[i], error))
        break;
    }

  ef_event_builder_flush (self->builder);

  return output;
}
