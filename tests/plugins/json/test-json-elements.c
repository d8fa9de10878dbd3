/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <string.h>

#include "ef-harness.h"
#include "ef-json-decode.h"
#include "ef-json-encode.h"

static EfHarness *
make (GType type, const char *config)
{
  EfHarness *harness = ef_harness_new (g_object_new (type, NULL));

  ef_harness_link_errors (harness);
  ef_harness_configure (harness, config);

  return harness;
}

static EfHarness *
start (GType type, const char *config)
{
  EfHarness *harness = make (type, config);

  ef_harness_start (harness);

  return harness;
}

static void
assert_no_start (GType type, const char *config, EfError code, const char *message)
{
  g_autoptr (EfHarness) harness = make (type, config);
  g_autoptr (GError) error = NULL;

  g_assert_false (ef_harness_try_set_state (harness, EF_STATE_PLAYING, &error));
  g_assert_error (error, EF_ERROR, (int) code);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_decode (void)
{
  g_autoptr (EfHarness) harness
    = start (EF_TYPE_JSON_DECODE, "json.schema|s STRING, p DOUBLE, n LONG|json.mapping.p|$.data.price");
  g_autoptr (EfEvent) event = NULL;

  ef_harness_push_event (
    harness, ef_event_new_text (1234567, "{\"s\":\"a\\u0062\",\"data\":{\"price\":\"1.5\"}}", -1));
  event = ef_harness_try_pull (harness);
  g_assert_cmpint (ef_event_get_timestamp (event), ==, 1234567);
  g_assert_cmpfloat (ef_event_get_double (event, 1), ==, 1.5);
  g_assert_true (ef_event_is_null (event, 2));

  ef_harness_push_text (harness, "[{\"s\":\"x\"},{\"n\":5}]");
  ef_harness_assert_json (harness, "{\"s\":\"x\",\"p\":null,\"n\":null}");
  ef_harness_assert_json (harness, "{\"s\":null,\"p\":null,\"n\":5}");
  ef_harness_push_text (harness, "[]");
  ef_harness_assert_json (harness, NULL);
}

/* One bad message among good ones goes aside, alone and whole. */
static void
test_decode_reject (void)
{
  static const char *const texts[]
    = { "{\"n\":1}", "{\"n\":\"x\"}", "[{\"n\":2},{\"n\":2.5}]", "{\"n\":3", "{\"n\":4}" };
  g_autoptr (EfHarness) harness = start (EF_TYPE_JSON_DECODE, "json.schema|n INT");
  g_autoptr (EfBatch) batch = ef_batch_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    ef_batch_append (batch, ef_event_new_text (0, texts[i], -1));
  ef_harness_push (harness, batch);

  ef_harness_assert_json (harness, "{\"n\":1}");
  ef_harness_assert_json (harness, "{\"n\":4}");
  ef_harness_assert_json (harness, NULL);
  ef_harness_assert_warning (harness, EF_ERROR_DATA,
                             "column “n” (INT): \"x\" at byte 5 is not a number");
  ef_harness_assert_warning (harness, EF_ERROR_DATA,
                             "column “n” (INT): 2.5 at byte 14 is not a whole number");
  ef_harness_assert_warning (harness, EF_ERROR_DATA,
                             "invalid JSON at byte 6: an object without its “}”");

  for (gsize i = 1; i <= 3; i++)
    {
      g_autoptr (EfEvent) letter = ef_harness_try_pull_dead_letter (harness);
      g_autofree char *original = ef_event_dup_string (letter, 0);

      g_assert_cmpstr (original, ==, texts[i]);
    }
  g_assert_null (ef_harness_try_pull_dead_letter (harness));
}

static void
test_decode_binary (void)
{
  g_autoptr (EfHarness) harness = start (EF_TYPE_JSON_DECODE, "json.schema|s STRING");
  g_autoptr (GBytes) good = g_bytes_new_static ("{\"s\":\"é\"}", 10);
  g_autoptr (GBytes) bad = g_bytes_new_static ("{\"s\":\"\xe9\"}", 9);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);

  ef_harness_push_event (harness, ef_event_new_bytes (0, good));
  ef_harness_assert_json (harness, "{\"s\":\"é\"}");

  ef_harness_push_event (harness, ef_event_new_bytes (0, bad));
  ef_harness_assert_warning (harness, EF_ERROR_DATA,
                             "the binary message is no text: it is not UTF-8 at byte 7");
  ef_harness_push_event (harness, ef_event_new_bytes (0, empty));
  ef_harness_assert_warning (harness, EF_ERROR_DATA, "invalid JSON at byte 0: an empty message");
  ef_harness_assert_json (harness, NULL);
}

static void
test_decode_not_raw (void)
{
  g_autoptr (EfHarness) harness = start (EF_TYPE_JSON_DECODE, "json.schema|s STRING");
  g_autoptr (EfSchema) two = ef_schema_parse ("a INT, b INT", NULL);
  g_autoptr (EfSchema) json = ef_schema_parse ("j JSON", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (two);
  g_autoptr (EfEventBuilder) json_builder = ef_event_builder_new (json);

  ef_event_builder_begin (builder, 0);
  ef_harness_push_event (harness, ef_event_builder_end (builder));
  ef_harness_assert_warning (harness, EF_ERROR_DATA,
                             "a raw message was expected, in one column of text or bytes, not an "
                             "event with a INT, b INT");

  ef_event_builder_begin (json_builder, 0);
  ef_harness_push_event (harness, ef_event_builder_end (json_builder));
  ef_harness_assert_warning (harness, EF_ERROR_DATA, "the message is NULL");

  ef_event_builder_begin (json_builder, 0);
  ef_event_builder_set_string (json_builder, 0, "{\"s\":\"x\"}", -1);
  ef_harness_push_event (harness, ef_event_builder_end (json_builder));
  ef_harness_assert_json (harness, "{\"s\":\"x\"}");
}

static void
test_decode_options (void)
{
  g_autoptr (EfHarness) strict
    = start (EF_TYPE_JSON_DECODE, "json.schema|a INT|json.missing|error");
  g_autoptr (EfHarness) items
    = start (EF_TYPE_JSON_DECODE,
             "json.schema|p INT, topic STRING|json.explode|$.data|json.mapping.topic|$.topic");

  ef_harness_push_text (strict, "{\"b\":1}");
  ef_harness_assert_warning (strict, EF_ERROR_DATA, "column “a” (INT): its key is missing");

  ef_harness_push_text (items, "{\"data\":[{\"p\":1},{\"p\":2}],\"topic\":\"t\\n\"}");
  ef_harness_assert_json (items, "{\"p\":1,\"topic\":\"t\\n\"}");
  ef_harness_assert_json (items, "{\"p\":2,\"topic\":\"t\\n\"}");
}

static void
test_decode_configuration (void)
{
  EfElement *element = g_object_new (EF_TYPE_JSON_DECODE, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (ef_element_set_from_string (element, "schema", "s STRONG", &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_SYNTAX);
  g_clear_error (&error);
  g_assert_false (ef_element_set_from_string (element, "missing", "maybe", &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_object_unref (element);

  assert_no_start (EF_TYPE_JSON_DECODE, "json.schema|a INT|json.mapping.b|$.b", EF_ERROR_UNKNOWN_KEY,
                   "mapping of column “b”: the schema has no such column, but a INT");
  assert_no_start (EF_TYPE_JSON_DECODE, "json.schema|a INT|json.mapping.a|$.b[-1]", EF_ERROR_SYNTAX,
                   "mapping of column “a”: path “$.b[-1]”, at character 5: an index counts from 0; "
                   "from the end is not supported");
}

static void
test_encode (void)
{
  g_autoptr (EfHarness) harness = start (EF_TYPE_JSON_ENCODE, "");
  g_autoptr (EfBatch) batch = ef_batch_new ();

  /* Schemas that come and go: what is known of one must not be taken for another. */
  for (int i = 0; i < 100; i++)
    {
      g_autofree char *columns = g_strdup_printf ("c%d INT, s STRING", i % 40);
      g_autoptr (EfSchema) schema = ef_schema_parse (columns, NULL);
      g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);

      for (int k = 0; k < 2; k++)
        {
          ef_event_builder_begin (builder, i);
          ef_event_builder_set_int64 (builder, 0, k);
          ef_event_builder_set_string (builder, 1, "\"", -1);
          ef_batch_append (batch, ef_event_builder_end (builder));
        }
    }
  ef_harness_push (harness, batch);

  for (int i = 0; i < 100; i++)
    for (int k = 0; k < 2; k++)
      {
        g_autofree char *expected = g_strdup_printf ("{\"c%d\":%d,\"s\":\"\\\"\"}", i % 40, k);

        ef_harness_assert_text (harness, expected);
      }
}

static void
test_encode_template (void)
{
  g_autoptr (EfHarness) harness
    = start (EF_TYPE_JSON_ENCODE, "json.template|{\"price\":{{p}},\"text\":\"<{{s}}>\"}");
  g_autoptr (EfSchema) right = ef_schema_parse ("s STRING, p DOUBLE", NULL);
  g_autoptr (EfSchema) wrong = ef_schema_parse ("s STRING", NULL);
  g_autoptr (EfEventBuilder) right_builder = ef_event_builder_new (right);
  g_autoptr (EfEventBuilder) wrong_builder = ef_event_builder_new (wrong);
  g_autoptr (EfEvent) event = NULL;

  ef_event_builder_begin (right_builder, 77);
  ef_event_builder_set_string (right_builder, 0, "a\tb", -1);
  ef_event_builder_set_double (right_builder, 1, 2);
  event = ef_event_builder_end (right_builder);
  ef_harness_push_event (harness, ef_event_ref (event));
  ef_harness_assert_text (harness, "{\"price\":2.0,\"text\":\"<a\\tb>\"}");

  for (int i = 0; i < 2; i++)
    {
      ef_event_builder_begin (wrong_builder, 0);
      ef_harness_push_event (harness, ef_event_builder_end (wrong_builder));
      ef_harness_assert_warning (harness, EF_ERROR_UNKNOWN_KEY,
                                 "property “template”: the events have no column “p”, but s STRING");
    }

  assert_no_start (EF_TYPE_JSON_ENCODE, "json.template|{{{a}}}", EF_ERROR_SYNTAX,
                   "property “template”: with 0 for each value it is no JSON, but has something behind "
                   "the value, at }");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/elements/decode", test_decode);
  g_test_add_func ("/json/elements/decode-reject", test_decode_reject);
  g_test_add_func ("/json/elements/decode-binary", test_decode_binary);
  g_test_add_func ("/json/elements/decode-not-raw", test_decode_not_raw);
  g_test_add_func ("/json/elements/decode-options", test_decode_options);
  g_test_add_func ("/json/elements/decode-configuration", test_decode_configuration);
  g_test_add_func ("/json/elements/encode", test_encode);
  g_test_add_func ("/json/elements/encode-template", test_encode_template);

  return g_test_run ();
}
