/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <math.h>
#include <string.h>

#include "ef-harness.h"
#include "ef-text-elements.h"

static EfHarness *
start (GType type, const char *column)
{
  EfHarness *harness = ef_harness_new (g_object_new (type, NULL));
  g_autofree char *config = g_strconcat ("text.column|", column, NULL);

  if (column != NULL)
    ef_harness_configure (harness, config);
  ef_harness_start (harness);

  return harness;
}

static void
test_decode (void)
{
  g_autoptr (EfHarness) harness = start (EF_TYPE_TEXT_DECODE, NULL);
  g_autoptr (EfHarness) named = start (EF_TYPE_TEXT_DECODE, "a line");
  g_autoptr (GBytes) good = g_bytes_new_static ("binary \0 é", 11);
  g_autoptr (GBytes) bad = g_bytes_new_static ("good\xff", 5);
  g_autoptr (EfEvent) event = NULL;
  g_autoptr (EfBatch) batch = ef_batch_new ();

  ef_batch_append (batch, ef_event_new_text (77, "first", -1));
  ef_batch_append (batch, ef_event_new_bytes (78, bad));
  ef_batch_append (batch, ef_event_new_bytes (79, good));
  ef_batch_append (batch, ef_event_new_text (80, "", -1));
  ef_harness_push (harness, batch);

  event = ef_harness_try_pull (harness);
  g_assert_cmpint (ef_event_get_timestamp (event), ==, 77);
  g_assert_cmpint (ef_event_get_value_type (event, 0), ==, EF_COLUMN_STRING);
  ef_harness_assert_json (harness, "{\"text\":\"binary \\u0000 é\"}");
  ef_harness_assert_json (harness, "{\"text\":\"\"}");
  ef_harness_assert_json (harness, NULL);
  ef_harness_assert_warning (harness, EF_ERROR_DATA,
                             "the binary message is no text: it is not UTF-8 at byte 4");

  ef_harness_push_text (named, "x");
  ef_harness_assert_json (named, "{\"a line\":\"x\"}");
}

static void
test_decode_no_name (void)
{
  g_autoptr (EfHarness) harness
    = ef_harness_new (g_object_new (EF_TYPE_TEXT_DECODE, "column", "", NULL));
  g_autoptr (GError) error = NULL;

  g_assert_false (ef_harness_try_set_state (harness, EF_STATE_PLAYING, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_assert_true (g_str_has_prefix (error->message, "property “column”: "));
}

static EfEvent *
parse_event (const char *columns, EfColumnType type, const char *text, gint64 integer, double number)
{
  g_autoptr (EfSchema) schema = ef_schema_parse (columns, NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);

  ef_event_builder_begin (builder, 5);
  if (text != NULL)
    ef_event_builder_set_data (builder, 0, type, text, strlen (text));
  else if (type == EF_COLUMN_BOOL)
    ef_event_builder_set_boolean (builder, 0, integer != 0);
  else if (type == EF_COLUMN_INT || type == EF_COLUMN_LONG)
    ef_event_builder_set_int64 (builder, 0, integer);
  else if (type != EF_COLUMN_NULL)
    ef_event_builder_set_double (builder, 0, number);

  return ef_event_builder_end (builder);
}

static void
test_encode (void)
{
  static const struct
  {
    const char *columns;
    EfColumnType type;
    const char *text;
    gint64 integer;
    double number;
    const char *message;
  } rows[] = {
    { "v STRING, w INT", EF_COLUMN_STRING, "\"as it is\"", 0, 0, "\"as it is\"" },
    { "v STRING", EF_COLUMN_STRING, "", 0, 0, "" },
    { "v JSON", EF_COLUMN_JSON, "{\"a\":1}", 0, 0, "{\"a\":1}" },
    { "v BYTES", EF_COLUMN_BYTES, "é", 0, 0, "é" },
    { "v INT", EF_COLUMN_INT, NULL, -5, 0, "-5" },
    { "v LONG", EF_COLUMN_LONG, NULL, G_MAXINT64, 0, "9223372036854775807" },
    { "v FLOAT", EF_COLUMN_FLOAT, NULL, 0, (double) 0.1f, "0.1" },
    { "v DOUBLE", EF_COLUMN_DOUBLE, NULL, 0, 100, "100.0" },
    { "v DOUBLE", EF_COLUMN_DOUBLE, NULL, 0, (double) NAN, "NaN" },
    { "v FLOAT", EF_COLUMN_FLOAT, NULL, 0, (double) INFINITY, "Infinity" },
    { "v DOUBLE", EF_COLUMN_DOUBLE, NULL, 0, -(double) INFINITY, "-Infinity" },
    { "v BOOL", EF_COLUMN_BOOL, NULL, 1, 0, "true" },
    { "v ANY", EF_COLUMN_STRING, "any", 0, 0, "any" },
  };
  g_autoptr (EfHarness) harness = start (EF_TYPE_TEXT_ENCODE, "v");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (EfEvent) message = NULL;
      g_autofree char *text = NULL;

      ef_harness_push_event (harness, parse_event (rows[i].columns, rows[i].type, rows[i].text,
                                                   rows[i].integer, rows[i].number));
      message = ef_harness_try_pull (harness);
      g_assert_nonnull (message);
      g_assert_true (ef_event_get_schema (message) == ef_schema_get_text_payload ());
      g_assert_cmpint (ef_event_get_timestamp (message), ==, 5);
      text = ef_event_dup_string (message, 0);
      g_assert_cmpstr (text, ==, rows[i].message);
    }
}

static void
test_encode_reject (void)
{
  g_autoptr (EfHarness) any = start (EF_TYPE_TEXT_ENCODE, NULL);
  g_autoptr (EfHarness) named = start (EF_TYPE_TEXT_ENCODE, "v");

  ef_harness_push_event (any, parse_event ("a INT, b INT", EF_COLUMN_INT, NULL, 1, 0));
  ef_harness_assert_warning (any, EF_ERROR_DATA,
                             "the event has several columns, a INT, b INT; the property “column” "
                             "says which one to send");
  ef_harness_push_event (any, parse_event ("a INT", EF_COLUMN_INT, NULL, 1, 0));
  ef_harness_assert_json (any, "{\"payload\":\"1\"}");
  ef_harness_push_event (named, parse_event ("a INT", EF_COLUMN_INT, NULL, 1, 0));
  ef_harness_assert_warning (named, EF_ERROR_DATA, "the event has no column “v”, but a INT");
  ef_harness_push_event (named, parse_event ("v INT", EF_COLUMN_NULL, NULL, 1, 0));
  ef_harness_assert_warning (named, EF_ERROR_DATA, "column “v” is NULL, which makes no message");
  ef_harness_push_event (named, parse_event ("v BYTES", EF_COLUMN_BYTES, "x\xff", 0, 0));
  ef_harness_assert_warning (named, EF_ERROR_DATA,
                             "column “v” is no text: it is not UTF-8 at byte 1");
  g_assert_null (ef_harness_try_pull (named));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/text/elements/decode", test_decode);
  g_test_add_func ("/text/elements/decode-no-name", test_decode_no_name);
  g_test_add_func ("/text/elements/encode", test_encode);
  g_test_add_func ("/text/elements/encode-reject", test_encode_reject);

  return g_test_run ();
}
