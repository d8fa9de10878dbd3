/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-bytes-elements.h"
#include "ef-harness.h"

static EfHarness *
start (GType type, const char *column)
{
  EfHarness *harness = ef_harness_new (g_object_new (type, NULL));
  g_autofree char *config = g_strconcat ("bytes.column|", column, NULL);

  if (column != NULL)
    ef_harness_configure (harness, config);
  ef_harness_start (harness);

  return harness;
}

static void
test_decode (void)
{
  g_autoptr (EfHarness) harness = start (EF_TYPE_BYTES_DECODE, NULL);
  g_autoptr (EfHarness) named = start (EF_TYPE_BYTES_DECODE, "frame");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\0\xff", 2);
  g_autoptr (EfEvent) event = NULL;

  ef_harness_push_event (harness, ef_event_new_bytes (78, bytes));
  event = ef_harness_try_pull (harness);
  g_assert_cmpint (ef_event_get_timestamp (event), ==, 78);
  g_assert_cmpint (ef_event_get_value_type (event, 0), ==, EF_COLUMN_BYTES);

  ef_harness_push_event (named, ef_event_new_bytes (0, bytes));
  ef_harness_push_text (named, "AB");
  ef_harness_push_text (named, "");
  ef_harness_assert_json (named, "{\"frame\":\"AP8=\"}");
  ef_harness_assert_json (named, "{\"frame\":\"QUI=\"}");
  ef_harness_assert_json (named, "{\"frame\":\"\"}");
}

static void
test_encode (void)
{
  g_autoptr (EfHarness) harness = start (EF_TYPE_BYTES_ENCODE, "y");
  g_autoptr (EfSchema) schema = ef_schema_parse ("n LONG, y ANY", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  g_autoptr (EfEvent) message = NULL;
  g_autoptr (EfBatch) batch = ef_batch_new ();

  ef_event_builder_begin (builder, 9);
  ef_event_builder_set_data (builder, 1, EF_COLUMN_BYTES, "\0\xff", 2);
  ef_batch_append (batch, ef_event_builder_end (builder));
  ef_event_builder_begin (builder, 9);
  ef_event_builder_set_string (builder, 1, "AB", -1);
  ef_batch_append (batch, ef_event_builder_end (builder));
  ef_event_builder_begin (builder, 9);
  ef_event_builder_set_int64 (builder, 1, 12);
  ef_batch_append (batch, ef_event_builder_end (builder));
  ef_event_builder_begin (builder, 9);
  ef_batch_append (batch, ef_event_builder_end (builder));
  ef_harness_push (harness, batch);

  message = ef_harness_try_pull (harness);
  g_assert_true (ef_event_get_schema (message) == ef_schema_get_bytes_payload ());
  g_assert_cmpint (ef_event_get_timestamp (message), ==, 9);
  g_clear_pointer (&message, ef_event_unref);
  ef_harness_assert_json (harness, "{\"payload\":\"QUI=\"}");
  ef_harness_assert_json (harness, "{\"payload\":\"MTI=\"}");
  ef_harness_assert_json (harness, NULL);
  ef_harness_assert_warning (harness, EF_ERROR_DATA, "column “y” is NULL, which makes no message");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bytes/elements/decode", test_decode);
  g_test_add_func ("/bytes/elements/encode", test_encode);

  return g_test_run ();
}
