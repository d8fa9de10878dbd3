/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "json-oracle.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "ef-json-layout.h"
#include "json-decoding.h"

/* What the reader makes of a text, against the tree that json-glib makes of it. json-glib takes much
 * that is no JSON, so it says nothing about what is refused. */

static const JsonDecoding decoding = {
  .schema = "a ANY, b JSON, c STRING, d ANY, e ANY, f JSON",
  .mapping = "d=$.c.d e=$.c.e[1] f=$.c",
};

static const struct
{
  const char *keys[3]; /* “#1” is an index */
} paths[] = { { { "a" } }, { { "b" } }, { { "c" } }, { { "c", "d" } }, { { "c", "e", "#1" } }, { { "c" } } };

static JsonNode *
find (JsonNode *node, const char *const *keys)
{
  for (int i = 0; i < 3 && keys[i] != NULL && node != NULL; i++)
    {
      if (keys[i][0] == '#')
        {
          guint index = (guint) (keys[i][1] - '0');
          JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

          node = array != NULL && index < json_array_get_length (array)
                   ? json_array_get_element (array, index)
                   : NULL;
        }
      else
        {
          node = JSON_NODE_HOLDS_OBJECT (node)
                   ? json_object_get_member (json_node_get_object (node), keys[i])
                   : NULL;
        }
    }

  return node;
}

static void
check_json (const char *text, gsize length, JsonNode *node)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *expected = json_to_string (node, FALSE);
  g_autofree char *found = NULL;

  json_parser_load_from_data (parser, text, (gssize) length, &error);
  g_assert_no_error (error);
  found = json_to_string (json_parser_get_root (parser), FALSE);
  g_assert_cmpstr (found, ==, expected);
}

static void
check_value (EfEvent *event, guint column, JsonNode *node)
{
  EfColumnType type = ef_event_get_value_type (event, column);
  EfColumnType declared = ef_schema_get_column_type (ef_event_get_schema (event), column);
  gsize length;
  const char *data = ef_event_peek_data (event, column, &length);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    {
      g_assert_cmpint (type, ==, EF_COLUMN_NULL);
      return;
    }

  if (declared == EF_COLUMN_STRING && json_node_get_value_type (node) != G_TYPE_STRING)
    {
      check_json (data, length, node);
      return;
    }

  switch (type)
    {
    case EF_COLUMN_STRING:
      g_assert_cmpmem (data, length, json_node_get_string (node),
                       strlen (json_node_get_string (node)));
      break;
    case EF_COLUMN_LONG:
      g_assert_true (json_node_get_value_type (node) == G_TYPE_INT64);
      g_assert_cmpint (ef_event_get_int64 (event, column), ==, json_node_get_int (node));
      break;
    case EF_COLUMN_DOUBLE:
      /* json-glib wraps integers of more than 64 bits. */
      if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
        g_assert_cmpfloat (ef_event_get_double (event, column), ==, json_node_get_double (node));
      else
        g_assert_cmpfloat (fabs (ef_event_get_double (event, column)), >=, 9.2e18);
      break;
    case EF_COLUMN_BOOL:
      g_assert_true (json_node_get_value_type (node) == G_TYPE_BOOLEAN);
      g_assert_cmpint (ef_event_get_boolean (event, column), ==, json_node_get_boolean (node));
      break;
    case EF_COLUMN_JSON:
      check_json (data, length, node);
      break;
    case EF_COLUMN_NULL:
    case EF_COLUMN_INT:
    case EF_COLUMN_FLOAT:
    case EF_COLUMN_BYTES:
    case EF_COLUMN_ANY:
    default:
      g_assert_not_reached ();
    }
}

static void
check_event (EfEvent *event, JsonNode *message)
{
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    check_value (event, i, find (message, paths[i].keys));
}

static gboolean
contains (const char *text, gsize length, const char *what)
{
  return g_strstr_len (text, (gssize) length, what) != NULL;
}

/* Returns whether the text was taken. Any text may come. */
gboolean
json_oracle_check_decoding (const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EfJsonReader) reader = json_decoding_new_reader (&decoding, &error);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (EfBatch) batch = NULL, again = NULL;
  JsonNode *root;

  g_assert_no_error (error);
  if (!ef_utf8_validate (text, length, NULL))
    return FALSE;

  batch = json_decoding_read (reader, text, length, &error);
  if (batch == NULL)
    {
      g_assert_error (error, EF_ERROR, EF_ERROR_DATA);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_clear_error (&error);
    }

  /* What was learnt from a message changes nothing about it. */
  again = json_decoding_read (reader, text, length, &error);
  g_assert_cmpint (batch != NULL, ==, again != NULL);

  /* To json-glib a nul is the end of a string. */
  if (batch == NULL || contains (text, length, "\\u0000"))
    return batch != NULL;

  json_parser_load_from_data (parser, text, (gssize) length, &error);
  g_assert_no_error (error);
  root = json_parser_get_root (parser);

  if (JSON_NODE_HOLDS_ARRAY (root))
    {
      JsonArray *array = json_node_get_array (root);

      g_assert_cmpuint (ef_batch_get_n_events (batch), ==, json_array_get_length (array));
      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          check_event (ef_batch_get_event (batch, i), json_array_get_element (array, i));
          check_event (ef_batch_get_event (again, i), json_array_get_element (array, i));
        }
    }
  else
    {
      g_assert_cmpuint (ef_batch_get_n_events (batch), ==, 1);
      check_event (ef_batch_get_event (batch, 0), root);
      check_event (ef_batch_get_event (again, 0), root);
    }

  return TRUE;
}

/* Events made of any bytes, there and back again. */

static const char columns[] = "s STRING, i INT, l LONG, f FLOAT, d DOUBLE, b BOOL, y BYTES, a ANY, "
                              "\"a \"\"name\"\"\n\" STRING, n STRING";

typedef struct
{
  const guint8 *data;
  gsize size;
} Bytes;

static guint64
take (Bytes *self, gsize n)
{
  guint64 value = 0;

  n = MIN (n, self->size);
  memcpy (&value, self->data, n);
  self->data += n;
  self->size -= n;

  return value;
}

static char *
take_text (Bytes *self)
{
  gsize wanted = take (self, 1);
  gsize length = MIN (wanted, self->size);
  g_autofree char *text = g_strndup ((const char *) self->data, length);

  self->data += length;
  self->size -= length;

  return g_utf8_make_valid (text, -1);
}

static double
take_double (Bytes *self)
{
  guint64 bits = take (self, 8);
  double value;

  memcpy (&value, &bits, sizeof value);

  return isfinite (value) ? value : 0.5;
}

static EfEvent *
take_event (Bytes *self, EfSchema *schema)
{
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  g_autofree char *text = take_text (self);
  g_autofree char *other = take_text (self);
  guint32 float_bits = (guint32) take (self, 4);
  float single;

  memcpy (&single, &float_bits, sizeof single);

  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_string (builder, 0, text, -1);
  ef_event_builder_set_int64 (builder, 1, (gint32) take (self, 4));
  ef_event_builder_set_int64 (builder, 2, (gint64) take (self, 8));
  ef_event_builder_set_double (builder, 3, isfinite (single) ? (double) single : 0.5);
  ef_event_builder_set_double (builder, 4, take_double (self));
  ef_event_builder_set_boolean (builder, 5, take (self, 1) & 1);
  ef_event_builder_set_string (builder, 8, other, -1);

  switch (take (self, 1) % 4)
    {
    case 0:
      ef_event_builder_set_double (builder, 7, take_double (self));
      break;
    case 1:
      ef_event_builder_set_int64 (builder, 7, (gint64) take (self, 8));
      break;
    case 2:
      ef_event_builder_set_string (builder, 7, other, -1);
      break;
    default:
      break;
    }

  ef_event_builder_set_data (builder, 6, EF_COLUMN_BYTES, self->data, self->size);

  return ef_event_builder_end (builder);
}

static char *
encode (EfJsonLayout *layout, EfEvent *event, gsize *length)
{
  const EfValue *values = ef_event_peek_values (event);
  gsize room = ef_json_layout_get_room (layout, values);
  char *out = g_malloc (room);

  *length = (gsize) (ef_json_layout_write (layout, values, out) - out);
  g_assert_cmpuint (*length, <=, room);

  return out;
}

static void
assert_same (EfEvent *event, EfEvent *other)
{
  const EfValue *a = ef_event_peek_values (event), *b = ef_event_peek_values (other);

  for (guint i = 0; i < ef_schema_get_n_columns (ef_event_get_schema (event)); i++)
    {
      gsize a_length, b_length;
      const char *a_data = ef_event_peek_data (event, i, &a_length);
      const char *b_data = ef_event_peek_data (other, i, &b_length);

      g_assert_cmpint (a[i].type, ==, b[i].type);
      if (a_data != NULL)
        g_assert_cmpmem (a_data, a_length, b_data, b_length);
      else if (a[i].type != EF_COLUMN_NULL)
        g_assert_cmpint (a[i].v_int, ==, b[i].v_int);
    }
}

void
json_oracle_check_encoding (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EfJsonReader) reader
    = json_decoding_new_reader (&(JsonDecoding){ .schema = columns }, &error);
  g_autoptr (EfSchema) schema = ef_schema_parse (columns, NULL);
  g_autoptr (EfJsonLayout) layout = ef_json_layout_new (schema, NULL, NULL);
  g_autoptr (EfEvent) event = take_event (&(Bytes){ size > 0 ? data : (const guint8 *) "", size }, schema);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (EfBatch) batch = NULL;
  g_autofree char *text = NULL;
  gsize length;

  g_assert_no_error (error);
  text = encode (layout, event, &length);

  json_parser_load_from_data (parser, text, (gssize) length, &error);
  g_assert_no_error (error);

  batch = json_decoding_read (reader, text, length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ef_batch_get_n_events (batch), ==, 1);
  assert_same (event, ef_batch_get_event (batch, 0));
}
