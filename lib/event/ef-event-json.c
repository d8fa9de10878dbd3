/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-event-private.h"
#include "ef-json-text.h"

#include <string.h>

/* How many bytes a value may take as JSON. */
static gsize
value_room (const EfValue *value)
{
  switch ((EfColumnType) value->type)
    {
    case EF_COLUMN_STRING:
      return ef_json_string_room (value->v_data, value->length);
    case EF_COLUMN_JSON:
      return value->length;
    case EF_COLUMN_BYTES:
      return EF_JSON_BASE64_MAX (value->length);
    case EF_COLUMN_NULL:
    case EF_COLUMN_INT:
    case EF_COLUMN_LONG:
    case EF_COLUMN_FLOAT:
    case EF_COLUMN_DOUBLE:
    case EF_COLUMN_BOOL:
    case EF_COLUMN_ANY:
    default:
      return EF_JSON_NUMBER_MAX;
    }
}

/* Line breaks in a JSON text are mere white space: those within its strings are escaped. */
static char *
write_json_on_one_line (char *out, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    *out++ = text[i] == '\n' || text[i] == '\r' ? ' ' : text[i];

  return out;
}

static char *
write_value (char *out, const EfValue *value)
{
  switch ((EfColumnType) value->type)
    {
    case EF_COLUMN_STRING:
      return ef_json_write_string (out, value->v_data, value->length);
    case EF_COLUMN_JSON:
      return write_json_on_one_line (out, value->v_data, value->length);
    case EF_COLUMN_BYTES:
      return ef_json_write_base64 (out, value->v_data, value->length);
    case EF_COLUMN_INT:
    case EF_COLUMN_LONG:
      return ef_json_write_int64 (out, value->v_int);
    case EF_COLUMN_FLOAT:
      return ef_json_write_float (out, (float) value->v_double);
    case EF_COLUMN_DOUBLE:
      return ef_json_write_double (out, value->v_double);
    case EF_COLUMN_BOOL:
      return g_stpcpy (out, value->v_int != 0 ? "true" : "false");
    case EF_COLUMN_NULL:
    case EF_COLUMN_ANY:
    default:
      return g_stpcpy (out, "null");
    }
}

/**
 * ef_event_append_json:
 * @self: an event
 * @text: a text
 *
 * Prints the event as [method@EventFlux.Event.to_json] does, behind what @text has.
 */
void
ef_event_append_json (EfEvent *self, GString *text)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (text != NULL);

  g_string_append_c (text, '{');
  for (guint i = 0; i < self->n_values; i++)
    {
      const char *name = ef_schema_get_column_name (self->schema, i);
      gsize name_length = strlen (name), start = text->len;
      char *out;

      g_string_set_size (text, start + 2 + ef_json_string_room (name, name_length)
                                 + value_room (&self->values[i]));
      out = text->str + start;
      if (i > 0)
        *out++ = ',';
      out = ef_json_write_string (out, name, name_length);
      *out++ = ':';
      out = write_value (out, &self->values[i]);
      g_string_truncate (text, (gsize) (out - text->str));
    }
  g_string_append_c (text, '}');
}

/**
 * ef_event_to_json:
 * @self: an event
 *
 * Prints the event as a JSON object on one line, for people and for files: `BYTES` as base64, `JSON`
 * as it is but for its line breaks, NULL as `null`.
 *
 * Returns: (transfer full): the object, without a newline
 */
char *
ef_event_to_json (EfEvent *self)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new (NULL);
  ef_event_append_json (self, text);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
