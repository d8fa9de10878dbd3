/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-harness.h"
#include "ef-queue.h"
#include "ef-test-loop.h"

/* What a queue does when as much waits in it as may. Its bound is ten events, what is behind it
 * holds, and events are letters with a number, pushed and expected as a text such as "a1 b2". */

typedef struct
{
  EfHarness *harness;
  EfSchema *schema;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer overflow)
{
  EfElement *queue = g_object_new (EF_TYPE_QUEUE, "max-events", 10, NULL);
  g_autoptr (GHashTable) config = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (config, (gpointer) "queue.overflow", (gpointer) overflow);
  if (g_str_equal (overflow, "latest-by-key"))
    g_hash_table_insert (config, (gpointer) "queue.overflow-key", (gpointer) "symbol");
  ef_element_configure (queue, config, &error);
  g_assert_no_error (error);

  fixture->schema = ef_schema_parse ("symbol STRING, n LONG", NULL);
  fixture->harness = ef_harness_new (queue);
  ef_harness_start (fixture->harness);
  ef_harness_hold (fixture->harness);
}

static void
tear_down (Fixture *fixture, gconstpointer overflow)
{
  g_clear_pointer (&fixture->harness, ef_harness_free);
  g_clear_pointer (&fixture->schema, ef_schema_unref);
}

static void
push_with (Fixture *fixture, const char *text, EfReceipt *receipt)
{
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (fixture->schema);
  g_autoptr (EfBatch) batch = ef_batch_new ();
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      ef_event_builder_begin (builder, 0);
      if (words[i][0] != '-')
        ef_event_builder_set_string (builder, 0, words[i], 1);
      ef_event_builder_set_int64 (builder, 1, g_ascii_strtoll (words[i] + 1, NULL, 10));
      ef_batch_append (batch, ef_event_builder_end (builder));
    }
  ef_event_builder_flush (builder);
  ef_batch_set_receipt (batch, receipt);
  ef_harness_push (fixture->harness, batch);
}

static void
push (Fixture *fixture, const char *text)
{
  push_with (fixture, text, NULL);
}

/* All that waits leaves, and nothing else. */
static void
expect (Fixture *fixture, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autoptr (EfEvent) event = NULL;
      g_autofree char *symbol = NULL;
      g_autofree char *got = NULL;

      if (g_str_equal (words[i], "|"))
        {
          g_autoptr (EfMarker) gap = ef_harness_pull_gap (fixture->harness);

          continue;
        }

      event = ef_harness_pull (fixture->harness);
      symbol = ef_event_dup_string (event, 0);
      got = g_strdup_printf ("%s%" G_GINT64_FORMAT, symbol != NULL ? symbol : "-",
                             ef_event_get_int64 (event, 1));
      g_assert_cmpstr (got, ==, words[i]);
    }
  ef_test_wait_for (NULL, ef_harness_get_stat (fixture->harness, "level-events") == 0);
  g_assert_cmpuint (ef_harness_get_stat (fixture->harness, "level-bytes"), ==, 0);
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture->harness), ==, 0);
}

static guint64
get_dropped (Fixture *fixture)
{
  return ef_harness_get_stat (fixture->harness, "overflow-events");
}

static void
expect_warning (Fixture *fixture, const char *text)
{
  g_autoptr (EfMessage) message = ef_harness_pull_message (fixture->harness, EF_MESSAGE_WARNING);

  g_assert_error (ef_message_get_error (message), EF_ERROR, EF_ERROR_RESOURCE);
  g_assert_nonnull (strstr (ef_message_get_error (message)->message, text));
}

/* The end of a burst. */
static void
expect_burst (Fixture *fixture, guint64 n_dropped)
{
  g_autoptr (EfMessage) message = ef_harness_pull_message (fixture->harness, EF_MESSAGE_ELEMENT);
  guint64 n_events = 0, n_bytes = 0;

  g_assert_cmpstr (ef_message_get_name (message), ==, "overflow");
  g_assert_true (g_variant_lookup (ef_message_get_details (message), "events", "t", &n_events));
  g_assert_true (g_variant_lookup (ef_message_get_details (message), "bytes", "t", &n_bytes));
  g_assert_cmpuint (n_events, ==, n_dropped);
  g_assert_cmpuint (n_bytes, >, 0);
}

static void
expect_no_message (Fixture *fixture, EfMessageKind kind)
{
  ef_test_drain (NULL);
  g_assert_null (ef_harness_try_pull_message (fixture->harness, kind));
}

static void
test_oldest (Fixture *fixture, gconstpointer data)
{
  push (fixture, "a1 a2 a3 a4");
  ef_harness_push_gap (fixture->harness, "lost");
  push (fixture, "a5 a6 a7 a8 a9 a10");
  g_assert_cmpuint (get_dropped (fixture), ==, 0);

  /* A part of a batch, then the rest and a part of the next: markers stay. */
  push (fixture, "b1");
  g_assert_cmpuint (get_dropped (fixture), ==, 1);
  push (fixture, "b2 b3 b4 b5 b6");
  g_assert_cmpuint (get_dropped (fixture), ==, 6);
  g_assert_cmpuint (ef_harness_get_stat (fixture->harness, "level-events"), ==, 10);
  g_assert_cmpuint (ef_harness_get_stat (fixture->harness, "peak-events"), ==, 10);
  g_assert_false (ef_harness_is_held (fixture->harness));

  expect_warning (fixture, "overflow=drop-oldest");
  expect_no_message (fixture, EF_MESSAGE_WARNING);
  ef_harness_release (fixture->harness);
  expect (fixture, "| a7 a8 a9 a10 b1 b2 b3 b4 b5 b6");
  expect_burst (fixture, 6);

  /* Another burst is told of anew. A batch larger than all that may wait keeps its end. */
  ef_harness_hold (fixture->harness);
  push (fixture, "c1 c2 c3 c4 c5 c6 c7 c8 c9 c10 c11 c12");
  expect_warning (fixture, "overflow=drop-oldest");
  ef_harness_release (fixture->harness);
  expect (fixture, "c3 c4 c5 c6 c7 c8 c9 c10 c11 c12");
  expect_burst (fixture, 2);
}

static void
test_oldest_bytes (Fixture *fixture, gconstpointer data)
{
  guint64 size;

  push (fixture, "a1");
  size = ef_harness_get_stat (fixture->harness, "level-bytes");
  g_object_set (ef_harness_get_element (fixture->harness), "max-bytes", 3 * size, NULL);
  push (fixture, "a2 a3");
  push (fixture, "a4");
  g_assert_cmpuint (ef_harness_get_stat (fixture->harness, "overflow-bytes"), ==, size);

  /* The last one stays, however small the bound. */
  g_object_set (ef_harness_get_element (fixture->harness), "max-bytes", G_GUINT64_CONSTANT (1),
                NULL);
  push (fixture, "a5");
  g_assert_cmpuint (get_dropped (fixture), ==, 4);
  expect_warning (fixture, "overflow=drop-oldest");
  ef_harness_release (fixture->harness);
  expect (fixture, "a5");
}

static void
test_newest (Fixture *fixture, gconstpointer data)
{
  push (fixture, "a1 a2 a3 a4 a5 a6 a7 a8");
  push (fixture, "b1 b2 b3");
  push (fixture, "c1");
  ef_harness_push_gap (fixture->harness, "lost");
  g_assert_cmpuint (get_dropped (fixture), ==, 2);
  g_assert_cmpuint (ef_harness_get_stat (fixture->harness, "overflow-bytes"), >, 0);
  g_assert_false (ef_harness_is_held (fixture->harness));

  expect_warning (fixture, "overflow=drop-newest");
  expect_no_message (fixture, EF_MESSAGE_WARNING);
  ef_harness_release (fixture->harness);
  expect (fixture, "a1 a2 a3 a4 a5 a6 a7 a8 b1 b2 |");
  expect_burst (fixture, 2);
  push (fixture, "d1");
  expect (fixture, "d1");
}

/* The newest of each key, in the place of the oldest; what has no key stays. */
static void
test_latest (Fixture *fixture, gconstpointer data)
{
  push (fixture, "a1 b1 a2 -1 -2");
  push (fixture, "b2 a3 c1 b3");
  g_assert_cmpuint (get_dropped (fixture), ==, 0);
  push (fixture, "a4");
  g_assert_cmpuint (get_dropped (fixture), ==, 5);
  g_assert_false (ef_harness_is_held (fixture->harness));
  expect_warning (fixture, "overflow=latest-by-key");

  ef_harness_release (fixture->harness);
  expect (fixture, "a4 b3 -1 -2 c1");
}

/* Nothing changes its place with a marker. */
static void
test_latest_markers (Fixture *fixture, gconstpointer data)
{
  push (fixture, "a1 b1 a2 a3 a4");
  ef_harness_push_gap (fixture->harness, "lost");
  push (fixture, "b2 a5 a6 a7 a8");
  expect_warning (fixture, "overflow=latest-by-key");

  ef_harness_release (fixture->harness);
  expect (fixture, "a4 b1 | b2 a8");
}

/* When there is little to drop, the input is held, as nothing that is the newest of its key may be
 * lost. */
static void
test_latest_holds (Fixture *fixture, gconstpointer data)
{
  push (fixture, "a1 b1 c1 d1 e1 f1 g1 h1 i1 a2");
  g_assert_cmpuint (get_dropped (fixture), ==, 1);
  g_assert_true (ef_harness_is_held (fixture->harness));
  expect_warning (fixture, "overflow=latest-by-key");

  ef_harness_release (fixture->harness);
  expect (fixture, "a2 b1 c1 d1 e1 f1 g1 h1 i1");
  ef_test_wait_for (NULL, !ef_harness_is_held (fixture->harness));
}

/* Of messages, by a path; what is none, or has nothing there, stays. */
static void
test_latest_path (void)
{
  EfElement *queue = g_object_new (EF_TYPE_QUEUE, "max-events", 7, "overflow",
                                   EF_OVERFLOW_LATEST_BY_KEY, "overflow-key", "$.s", NULL);
  g_autoptr (EfHarness) harness = ef_harness_new (queue);
  const char *texts[] = { "{\"s\":\"a\",\"n\":1}", "{\"n\":2}",         "no JSON",
                          "{\"s\":\"a\",\"n\":3}", "{\"s\":5,\"n\":4}", "{\"n\":6,\"s\":\"a\"}",
                          "{\"s\":5,\"n\":7}" };
  const char *left[] = { texts[5], texts[1], texts[2], texts[6] };

  ef_harness_start (harness);
  ef_harness_hold (harness);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    ef_harness_push_text (harness, texts[i]);
  g_assert_cmpuint (ef_harness_get_stat (harness, "overflow-events"), ==, 3);

  ef_harness_release (harness);
  for (guint i = 0; i < G_N_ELEMENTS (left); i++)
    {
      g_autofree char *text = ef_harness_pull_text (harness);

      g_assert_cmpstr (text, ==, left[i]);
    }
}

static void
on_settled (const GError *error, gpointer user_data)
{
  GString *log = user_data;

  g_string_append (log, error != NULL ? "failed " : "accepted ");
}

/* Events keep the receipt they came with, also if they take another's place; what is dropped is
 * dealt with. */
static void
test_latest_receipts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) first = g_string_new (NULL);
  g_autoptr (GString) second = g_string_new (NULL);
  EfReceipt *receipt = ef_receipt_new (on_settled, first, NULL);

  push_with (fixture, "a1 a2 a3 a4 a5", receipt);
  ef_receipt_unref (receipt);
  receipt = ef_receipt_new (on_settled, second, NULL);
  push_with (fixture, "b1 a6 a7 a8 a9", receipt);
  ef_receipt_unref (receipt);
  g_assert_cmpstr (first->str, ==, "accepted ");
  g_assert_cmpstr (second->str, ==, "");
  expect_warning (fixture, "overflow=latest-by-key");

  ef_harness_stop (fixture->harness);
  g_assert_cmpstr (second->str, ==, "failed ");
  expect_burst (fixture, 8);
}

static void
expect_refused (const char *overflow, const char *key, int code, const char *text)
{
  g_autoptr (EfHarness) harness = ef_harness_new (g_object_new (EF_TYPE_QUEUE, NULL));
  g_autoptr (GHashTable) config = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (config, (gpointer) "queue.overflow", (gpointer) overflow);
  if (key != NULL)
    g_hash_table_insert (config, (gpointer) "queue.overflow-key", (gpointer) key);
  ef_element_configure (ef_harness_get_element (harness), config, &error);
  g_assert_no_error (error);
  g_assert_false (ef_harness_try_set_state (harness, EF_STATE_READY, &error));
  g_assert_error (error, EF_ERROR, code);
  g_assert_nonnull (strstr (error->message, text));
}

static void
test_wrong_properties (void)
{
  expect_refused ("latest-by-key", NULL, EF_ERROR_MISSING_KEY, "needs “overflow-key”");
  expect_refused ("latest-by-key", "$.a..b", EF_ERROR_SYNTAX, "overflow-key: path “$.a..b”");
  expect_refused ("drop-oldest", "symbol", EF_ERROR_INVALID_VALUE, "“overflow-key=symbol”");
}

/* Two threads at it: what comes is in order, none twice, and what did not come was counted. */
static void
test_two_threads (Fixture *fixture, gconstpointer data)
{
  const guint n_events = 20000;
  gint64 last = 0;
  guint n_got = 0;
  g_autoptr (EfEvent) event = NULL;

  ef_harness_release (fixture->harness);
  for (guint i = 1; i <= n_events;)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      guint n = (guint) g_test_rand_int_range (1, 15);

      for (; n > 0 && i <= n_events; n--)
        g_string_append_printf (text, "%sa%u", text->len > 0 ? " " : "", i++);
      while (ef_harness_is_held (fixture->harness))
        g_main_context_iteration (NULL, TRUE);
      push (fixture, text->str);
    }
  ef_test_wait_for (NULL, ef_harness_get_stat (fixture->harness, "level-events") == 0);
  ef_test_wait_for (NULL, ef_harness_get_stat (fixture->harness, "events-out")
                              + get_dropped (fixture) == n_events);

  while ((event = ef_harness_try_pull (fixture->harness)) != NULL)
    {
      g_assert_cmpint (ef_event_get_int64 (event, 1), >, last);
      last = ef_event_get_int64 (event, 1);
      n_got++;
      g_clear_pointer (&event, ef_event_unref);
    }
  g_test_message ("%u came, %" G_GUINT64_FORMAT " were dropped", n_got, get_dropped (fixture));
  g_assert_cmpuint (n_got + get_dropped (fixture), ==, n_events);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, overflow, func) \
  g_test_add ("/queue-overflow/" path, Fixture, (overflow), set_up, func, tear_down)
  ADD ("drop-oldest", "drop-oldest", test_oldest);
  ADD ("drop-oldest-bytes", "drop-oldest", test_oldest_bytes);
  ADD ("drop-oldest-threads", "drop-oldest", test_two_threads);
  ADD ("drop-newest", "drop-newest", test_newest);
  ADD ("drop-newest-threads", "drop-newest", test_two_threads);
  ADD ("latest-by-key", "latest-by-key", test_latest);
  ADD ("latest-by-key-markers", "latest-by-key", test_latest_markers);
  ADD ("latest-by-key-holds", "latest-by-key", test_latest_holds);
  ADD ("latest-by-key-receipts", "latest-by-key", test_latest_receipts);
  ADD ("latest-by-key-threads", "latest-by-key", test_two_threads);
#undef ADD
  g_test_add_func ("/queue-overflow/latest-by-key-path", test_latest_path);
  g_test_add_func ("/queue-overflow/wrong-properties", test_wrong_properties);

  return g_test_run ();
}
