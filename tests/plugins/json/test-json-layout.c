/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <math.h>
#include <string.h>

#include "ef-json-layout.h"

static const char columns[]
  = "s STRING, i INT, l LONG, f FLOAT, d DOUBLE, b BOOL, y BYTES, j JSON, a ANY";

static EfEvent *
make_event (void)
{
  g_autoptr (EfSchema) schema = ef_schema_parse (columns, NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);

  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_string (builder, 0, "a \"quote\", a \\ and a\nbreak, é", -1);
  ef_event_builder_set_int64 (builder, 1, G_MININT32);
  ef_event_builder_set_int64 (builder, 2, G_MAXINT64);
  ef_event_builder_set_double (builder, 3, (double) 0.1f);
  ef_event_builder_set_double (builder, 4, 50000);
  ef_event_builder_set_boolean (builder, 5, TRUE);
  ef_event_builder_set_data (builder, 6, EF_COLUMN_BYTES, "\0\1\2\3", 4);
  ef_event_builder_set_data (builder, 7, EF_COLUMN_JSON, "{\"x\": [1]}", 10);
  ef_event_builder_set_double (builder, 8, 1.5);

  return ef_event_builder_end (builder);
}

static char *
write_event (EfEvent *event, const char *template_text, GError **error)
{
  g_autoptr (EfJsonLayout) layout
    = ef_json_layout_new (ef_event_get_schema (event), template_text, error);
  const EfValue *values = ef_event_peek_values (event);
  g_autofree char *exact = NULL;
  gsize room;
  char *end;

  if (layout == NULL)
    return NULL;

  /* Memory of the very size, where a byte too many is found out. */
  room = ef_json_layout_get_room (layout, values);
  exact = g_malloc (room);
  end = ef_json_layout_write (layout, values, exact);
  g_assert_cmpint (end - exact, <=, room);

  return g_strndup (exact, (gsize) (end - exact));
}

static void
assert_written (EfEvent *event, const char *template_text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = write_event (event, template_text, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_object (void)
{
  g_autoptr (EfEvent) event = make_event ();

  assert_written (event, NULL,
                  "{\"s\":\"a \\\"quote\\\", a \\\\ and a\\nbreak, é\",\"i\":-2147483648,"
                  "\"l\":9223372036854775807,\"f\":0.1,\"d\":50000.0,\"b\":true,"
                  "\"y\":\"AAECAw==\",\"j\":{\"x\": [1]},\"a\":1.5}");
}

static void
test_names (void)
{
  g_autoptr (EfSchema) schema
    = ef_schema_parse ("\"a \"\"b\"\" \\ c\" INT, größe INT, a_name_that_is_longer_than_two_steps_of_16 INT",
                       NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  g_autoptr (EfEvent) event = NULL;

  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_int64 (builder, 0, 1);
  event = ef_event_builder_end (builder);

  assert_written (event, NULL,
                  "{\"a \\\"b\\\" \\\\ c\":1,\"größe\":null,"
                  "\"a_name_that_is_longer_than_two_steps_of_16\":null}");
}

static void
test_nothing (void)
{
  g_autoptr (EfSchema) schema = ef_schema_parse (columns, NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  g_autoptr (EfEvent) nulls = NULL, no_numbers = NULL;

  ef_event_builder_begin (builder, 0);
  nulls = ef_event_builder_end (builder);
  assert_written (nulls, NULL,
                  "{\"s\":null,\"i\":null,\"l\":null,\"f\":null,\"d\":null,\"b\":null,\"y\":null,"
                  "\"j\":null,\"a\":null}");
  assert_written (nulls, "[{{s}},\"<{{s}}>\",\"{{d}}\"]", "[null,\"<>\",\"\"]");

  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_double (builder, 3, (double) NAN);
  ef_event_builder_set_double (builder, 4, -(double) INFINITY);
  no_numbers = ef_event_builder_end (builder);
  assert_written (no_numbers, "[{{f}},{{d}}]", "[null,null]");
}

static void
test_template (void)
{
  g_autoptr (EfEvent) event = make_event ();

  assert_written (event, "{\"type\":\"trade\",\"data\":{\"price\":{{d}},\"buyer\":{{ b }}}}",
                  "{\"type\":\"trade\",\"data\":{\"price\":50000.0,\"buyer\":true}}");
  assert_written (event, "{{j}}", "{\"x\": [1]}");
  assert_written (event, "[{{i}}, {{i}}, {{l}}]", "[-2147483648, -2147483648, 9223372036854775807]");
  assert_written (event, "{\"fixed\":1}", "{\"fixed\":1}");
  /* Between quotes a value is text. */
  assert_written (event, "{\"t\":\"{{s}}\"}", "{\"t\":\"a \\\"quote\\\", a \\\\ and a\\nbreak, é\"}");
  assert_written (event, "{\"k{{i}}\":\"{{d}}/{{b}}/{{y}}/{{j}}\\\"{{a}}\",\"x\":{{s}}}",
                  "{\"k-2147483648\":\"50000.0/true/AAECAw==/{\\\"x\\\": [1]}\\\"1.5\","
                  "\"x\":\"a \\\"quote\\\", a \\\\ and a\\nbreak, é\"}");
}

static void
test_template_errors (void)
{
  static const struct
  {
    const char *text;
    EfError code;
    const char *message;
  } rows[] = {
    { "{\"a\":{{nope}}}",
      EF_ERROR_UNKNOWN_KEY,
      "property “template”: the events have no column “nope”, but s STRING, i INT, l LONG, f FLOAT, d "
      "DOUBLE, b BOOL, y BYTES, j JSON, a ANY" },
    { "{\"a\":{{}}}",
      EF_ERROR_UNKNOWN_KEY,
      "property “template”: the events have no column “”, but s STRING, i INT, l LONG, f FLOAT, d "
      "DOUBLE, b BOOL, y BYTES, j JSON, a ANY" },
    { "{\"a\":{{i}",
      EF_ERROR_SYNTAX,
      "property “template”: “{{i}” has no “}}” that ends the name of the column" },
    { "",
      EF_ERROR_SYNTAX,
      "property “template”: with 0 for each value it is no JSON, but has the end where a value belongs" },
    { "{a:{{i}}}",
      EF_ERROR_SYNTAX,
      "property “template”: with 0 for each value it is no JSON, but has something else where a key or "
      "“}” belongs, at a:0}" },
    { "{{i}}{{i}} behind, and more than fits",
      EF_ERROR_SYNTAX,
      "property “template”: with 0 for each value it is no JSON, but has a number that begins with a "
      "zero too many, at 00 behind, and more " },
    { "{\"a\":\"{{i}}}",
      EF_ERROR_SYNTAX,
      "property “template”: with 0 for each value it is no JSON, but has a string without its closing "
      "quote" },
    { "{{i}} {{i}}",
      EF_ERROR_SYNTAX,
      "property “template”: with 0 for each value it is no JSON, but has something behind the value, "
      "at 0" },
  };
  g_autoptr (EfEvent) event = make_event ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = write_event (event, rows[i].text, &error);

      g_assert_null (text);
      g_assert_error (error, EF_ERROR, (int) rows[i].code);
      g_assert_cmpstr (error->message, ==, rows[i].message);
      g_clear_error (&error);
      g_assert_cmpint (ef_json_layout_check_template (rows[i].text, &error), ==,
                       rows[i].code == EF_ERROR_UNKNOWN_KEY);
    }
}

/* Long texts, of which nothing is written beyond the room they were given. */
static void
test_long_texts (void)
{
  static const gsize widths[] = { 1, 2, 6 }; /* of x, \n and \u0001 */
  g_autoptr (EfSchema) schema = ef_schema_parse ("s STRING", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);

  for (gsize length = 0; length < 600; length++)
    for (int kind = 0; kind < 3; kind++)
      {
        g_autofree char *text = g_malloc (length + 1);
        g_autofree char *written = NULL;
        g_autoptr (EfEvent) event = NULL;

        memset (text, "x\n\001"[kind], length);
        text[length] = '\0';
        ef_event_builder_begin (builder, 0);
        ef_event_builder_set_string (builder, 0, text, (gssize) length);
        event = ef_event_builder_end (builder);

        written = write_event (event, NULL, NULL);
        g_assert_cmpuint (strlen (written), ==, 8 + length * widths[kind]);
      }
}

/* Values of all kinds whose lengths together are below and above those that are only added up. */
static void
test_long_events (void)
{
  g_autoptr (EfSchema) schema = ef_schema_parse ("s STRING, y BYTES, j JSON, l LONG", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);

  for (gsize length = 0; length < 400; length += 7)
    {
      g_autofree char *escaped = g_strnfill (length, '\x1f');
      g_autofree char *base64 = g_base64_encode ((guchar *) escaped, length);
      g_autoptr (GString) json = g_string_new ("[");
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (EfEvent) event = NULL;
      g_autofree char *object = NULL, *string = NULL;

      for (gsize i = 0; i < length; i++)
        g_string_append (text, "\\u001f");
      for (gsize i = 0; i < length; i++)
        g_string_append_c (json, ' ');
      g_string_append (json, "\"\"]");

      ef_event_builder_begin (builder, 0);
      ef_event_builder_set_string (builder, 0, escaped, (gssize) length);
      ef_event_builder_set_data (builder, 1, EF_COLUMN_BYTES, escaped, length);
      ef_event_builder_set_data (builder, 2, EF_COLUMN_JSON, json->str, json->len);
      ef_event_builder_set_int64 (builder, 3, G_MININT64);
      event = ef_event_builder_end (builder);

      object = g_strdup_printf ("{\"s\":\"%s\",\"y\":\"%s\",\"j\":%s,\"l\":%" G_GINT64_FORMAT "}",
                                text->str, base64, json->str, G_MININT64);
      assert_written (event, NULL, object);
      string = g_strdup_printf ("\"%s%s%s\"", text->str, base64, text->str);
      assert_written (event, "\"{{s}}{{y}}{{s}}\"", string);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/layout/object", test_object);
  g_test_add_func ("/json/layout/names", test_names);
  g_test_add_func ("/json/layout/nothing", test_nothing);
  g_test_add_func ("/json/layout/template", test_template);
  g_test_add_func ("/json/layout/template-errors", test_template_errors);
  g_test_add_func ("/json/layout/long-texts", test_long_texts);
  g_test_add_func ("/json/layout/long-events", test_long_events);

  return g_test_run ();
}
