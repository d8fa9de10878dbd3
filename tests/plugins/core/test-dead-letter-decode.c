/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-dead-letter-decode.h"

#include "ef-harness.h"
#include "ef-test-loop.h"

#include <string.h>

typedef struct
{
  EfElement *element;
  EfHarness *harness;
  EfSchema *schema;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->element = g_object_new (EF_TYPE_DEAD_LETTER_DECODE, NULL);
  fixture->harness = ef_harness_new (fixture->element);
  fixture->schema = ef_schema_parse ("errorType STRING, originalEvent STRING, "
                                     "streamName STRING, errorMessage STRING", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ef_harness_free (fixture->harness);
  ef_schema_unref (fixture->schema);
}

static void
push (Fixture *fixture,
      const char *original,
      const char *type,
      const char *stream,
      const char *message)
{
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (fixture->schema);
  EfEvent *event;

  ef_event_builder_begin (builder, 7);
  ef_event_builder_set_string (builder, 0, type, -1);
  if (original != NULL)
    ef_event_builder_set_string (builder, 1, original, -1);
  ef_event_builder_set_string (builder, 2, stream, -1);
  ef_event_builder_set_string (builder, 3, message, -1);
  event = ef_event_builder_end (builder);
  ef_event_builder_flush (builder);
  ef_harness_push_event (fixture->harness, event);
}

static void
assert_message (Fixture *fixture, EfColumnType type, const char *data, gsize length)
{
  g_autoptr (EfEvent) event = ef_harness_pull (fixture->harness);
  g_autoptr (GBytes) bytes = ef_event_get_bytes (event, 0);
  gsize size;
  const char *got = g_bytes_get_data (bytes, &size);

  g_assert_cmpint (ef_event_get_value_type (event, 0), ==, type);
  g_assert_cmpmem (got, size, data, length);
  g_assert_cmpint (ef_event_get_timestamp (event), ==, 7);
}

#define NOTE "bad (originalEvent is base64)"

/* Texts as they were, whatever they look like, and bytes. */
static void
test_messages (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { "{\"p\": 1}", "", "null", "/wAB", "aGVsbG8=" };

  ef_harness_start (fixture->harness);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      push (fixture, texts[i], "t", "s", "bad");
      assert_message (fixture, EF_COLUMN_STRING, texts[i], strlen (texts[i]));
    }
  push (fixture, "/wAB", "t", "s", NOTE);
  assert_message (fixture, EF_COLUMN_BYTES, "\xff\x00\x01", 3);
  push (fixture, "/w==", "t", "s", NOTE);
  assert_message (fixture, EF_COLUMN_BYTES, "\xff", 1);

  /* Whoever says so is not believed if it can not be. */
  push (fixture, "no base64 (originalEvent is base64)", "t", "s", NOTE);
  assert_message (fixture, EF_COLUMN_STRING, "no base64 (originalEvent is base64)", 35);
}

static void
test_filters (Fixture *fixture, gconstpointer data)
{
  g_object_set (fixture->element, "stream", "Trades", "type", "ef-error/*", NULL);
  ef_harness_start (fixture->harness);
  push (fixture, "a", "ef-error/data", "Trades", "bad");
  push (fixture, "b", "ef-error/data", "Quotes", "bad");
  push (fixture, "c", "g-io-error/closed", "Trades", "bad");
  push (fixture, "d", "ef-error/resource", "Trades", "bad");
  assert_message (fixture, EF_COLUMN_STRING, "a", 1);
  assert_message (fixture, EF_COLUMN_STRING, "d", 1);
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture->harness), ==, 0);
  g_assert_cmpuint (ef_harness_get_stat (fixture->harness, "skipped"), ==, 2);
}

/* What is no dead letter is rejected, and says so. */
static void
test_others (Fixture *fixture, gconstpointer data)
{

  ef_harness_start (fixture->harness);
  push (fixture, NULL, "t", "s", "bad");
  ef_harness_assert_warning (fixture->harness, EF_ERROR_DATA,
                             "the dead letter has no “originalEvent”");
  ef_harness_push_text (fixture->harness, "x");
  ef_harness_assert_warning (fixture->harness, EF_ERROR_DATA,
                             "this is no dead letter: it has no column “originalEvent”");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/deadletterdecode/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("messages", test_messages);
  ADD ("filters", test_filters);
  ADD ("others", test_others);
#undef ADD

  return g_test_run ();
}
