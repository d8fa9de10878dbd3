/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-test-clock.h"
#include "ef-test-kinds.h"
#include "ef-test-loop.h"
#include "ef-test-node.h"

#include <string.h>

typedef struct
{
  EfTestClock *clock;
  EfBus *bus;
  EfTestNode *node;
  GString *messages;
  guint n_errors;
} Fixture;

static void
on_message (EfBus *bus, EfMessage *message, Fixture *fixture)
{
  g_autofree char *printed = ef_message_to_string (message);

  g_string_append_printf (fixture->messages, "%s\n", printed);
}

static void
on_error (EfTestNode *node, const GError *error, Fixture *fixture)
{
  g_assert_error (error, EF_ERROR, EF_ERROR_DATA);
  fixture->n_errors++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = ef_test_clock_new ();
  fixture->bus = ef_bus_new ();
  fixture->node = ef_test_node_new ("n");
  fixture->messages = g_string_new (NULL);

  g_signal_connect (fixture->bus, "message::warning", G_CALLBACK (on_message), fixture);
  g_signal_connect (fixture->bus, "message::eos", G_CALLBACK (on_message), fixture);
  g_signal_connect (fixture->node, "error", G_CALLBACK (on_error), fixture);
  ef_element_set_bus (EF_ELEMENT (fixture->node), fixture->bus);
  ef_element_set_clock (EF_ELEMENT (fixture->node), EF_CLOCK (fixture->clock));
  ef_test_node_start (fixture->node);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ef_test_node_stop_all (fixture->node, NULL);
  g_assert_finalize_object (fixture->bus);
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->messages, TRUE);
}

static void
warn (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = g_error_new (EF_ERROR, EF_ERROR_DATA, "bad %u", i);

      ef_element_post_warning (EF_ELEMENT (fixture->node), error, NULL);
    }
}

static void
assert_messages (Fixture *fixture, const char *expected)
{
  ef_test_drain (NULL);
  g_assert_cmpstr (fixture->messages->str, ==, expected);
  g_string_truncate (fixture->messages, 0);
}

#define TEN_WARNINGS                                                                               \
  "n: warning: bad 0\nn: warning: bad 1\nn: warning: bad 2\nn: warning: bad 3\n"                   \
  "n: warning: bad 4\nn: warning: bad 5\nn: warning: bad 6\nn: warning: bad 7\n"                   \
  "n: warning: bad 8\nn: warning: bad 9\n"

/* Ten a second, and the number of the others when the second is over. The signal has them all. */
static void
test_flood (Fixture *fixture, gconstpointer data)
{
  warn (fixture, 1000);
  g_assert_cmpuint (fixture->n_errors, ==, 1000);
  assert_messages (fixture, TEN_WARNINGS);

  ef_test_clock_advance (fixture->clock, G_USEC_PER_SEC - 1);
  assert_messages (fixture, "");
  ef_test_clock_advance (fixture->clock, 1);
  assert_messages (fixture, "n: warning: 990 more warnings; the last of them: bad 999\n");

  /* The next second has ten again, and no more to tell if there are no more. */
  warn (fixture, 10);
  assert_messages (fixture, TEN_WARNINGS);
  ef_test_clock_advance (fixture->clock, 2 * G_USEC_PER_SEC);
  assert_messages (fixture, "");
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);
}

/* A stop does not leave warnings uncounted. */
static void
test_flood_before_stop (Fixture *fixture, gconstpointer data)
{
  warn (fixture, 12);
  ef_test_stop (fixture->node);
  assert_messages (fixture, TEN_WARNINGS "n: warning: 2 more warnings; the last of them: bad 11\n");
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);
}

static void
on_count (EfBus *bus, EfMessage *message, guint64 *count)
{
  GVariant *details = ef_message_get_details (message);

  if (details != NULL)
    g_assert_true (g_variant_lookup (details, "count", "t", count));
}

static void
test_count (Fixture *fixture, gconstpointer data)
{
  guint64 count = 0;

  g_signal_connect (fixture->bus, "message::warning", G_CALLBACK (on_count), &count);
  warn (fixture, 17);
  ef_test_clock_advance (fixture->clock, G_USEC_PER_SEC);
  ef_test_drain (NULL);
  g_assert_cmpuint (count, ==, 7);
}

/* Without a bus and without a handler an error is at least in the log. */
static void
test_unheard (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  g_autoptr (GError) error = g_error_new (EF_ERROR, EF_ERROR_DATA, "bad");

  g_test_expect_message ("EventFlux", G_LOG_LEVEL_MESSAGE, "n: error: bad");
  ef_element_post_error (EF_ELEMENT (node), error, NULL);
  g_test_assert_expected_messages ();
  g_assert_finalize_object (node);
}

static void
test_eos (Fixture *fixture, gconstpointer data)
{
  ef_element_post_eos (EF_ELEMENT (fixture->node));
  assert_messages (fixture, "n: eos\n");
}

static void
reject (Fixture *fixture, EfEvent *event)
{
  g_autoptr (GError) error = g_error_new (EF_ERROR, EF_ERROR_DATA, "does not fit");

  ef_element_reject_event (EF_ELEMENT (fixture->node), event, error);
}

static EfElement *
link_errors (Fixture *fixture)
{
  EfElement *sink = ef_test_columns_sink_new ("dead");
  g_autoptr (GError) error = NULL;

  ef_pad_link (ef_element_get_errors_pad (EF_ELEMENT (fixture->node)), ef_element_get_sink_pad (sink),
               &error);
  g_assert_no_error (error);
  g_assert_true (ef_element_start (sink, NULL));

  return sink;
}

/* The six columns, and what they say of each kind of event. */
static void
test_dead_letters (Fixture *fixture, gconstpointer data)
{
  EfElement *sink = link_errors (fixture);
  g_autoptr (EfEvent) text = ef_event_new_text (0, "{\"p\": \"x\"}", -1);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\xff\x00\x01", 3);
  g_autoptr (EfEvent) binary = ef_event_new_bytes (0, bytes);
  g_autoptr (GBytes) readable = g_bytes_new_static ("abc", 3);
  g_autoptr (EfEvent) readable_binary = ef_event_new_bytes (0, readable);
  g_autoptr (EfSchema) schema = ef_schema_parse ("a INT, b STRING", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  g_autoptr (EfEvent) columns = NULL;
  static const char expected[] =
    "{\"originalEvent\":\"{\\\"p\\\": \\\"x\\\"}\",\"errorMessage\":\"does not fit\","
    "\"errorType\":\"ef-error/data\",\"streamName\":\"n\",\"timestamp\":1767225600000,"
    "\"attemptCount\":1} "
    "{\"originalEvent\":\"/wAB\",";

  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_int64 (builder, 0, 7);
  columns = ef_event_builder_end (builder);
  ef_event_builder_flush (builder);

  reject (fixture, text);
  reject (fixture, binary);
  reject (fixture, readable_binary);
  reject (fixture, columns);
  g_assert_true (g_str_has_prefix (ef_test_columns_sink_get_text (sink), expected));
  g_assert_nonnull (strstr (ef_test_columns_sink_get_text (sink), "{\"originalEvent\":\"abc\","));
  g_assert_nonnull (strstr (ef_test_columns_sink_get_text (sink),
                            "{\"originalEvent\":\"{\\\"a\\\":7,\\\"b\\\":null}\","));
  g_assert_cmpuint (ef_test_get_stat (fixture->node, "rejected"), ==, 4);
  g_assert_cmpuint (ef_test_get_stat (sink, "events-in"), ==, 4);
  g_assert_cmpuint (fixture->n_errors, ==, 4);

  ef_element_stop (sink);
  ef_test_wait_for (NULL, ef_element_get_state (sink) == EF_STATE_NULL);
  g_object_unref (sink);
}

static void
reject_some (EfTestNode *node, gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (EfEvent) event = ef_event_new_text (0, "bad", -1);

  reject (fixture, event);
  reject (fixture, event);
  reject (fixture, event);

  /* They leave together, when the element is done with its batch. */
  g_assert_cmpuint (ef_pad_get_n_events (ef_element_get_errors_pad (EF_ELEMENT (node))), ==, 0);
}

static void
on_receipt (const GError *error, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* The dead letters of a batch carry its receipt: it settles when they are dealt with. */
static void
test_dead_letters_of_batch (Fixture *fixture, gconstpointer data)
{
  EfTestNode *source = ef_test_node_new ("source"), *dead = ef_test_node_new ("dead");
  EfBatch *batch = ef_batch_new ();
  gboolean settled = FALSE;
  EfReceipt *receipt = ef_receipt_new (on_receipt, &settled, NULL);

  g_assert_true (ef_element_link (EF_ELEMENT (source), EF_ELEMENT (fixture->node), NULL));
  g_assert_true (ef_pad_link (ef_element_get_errors_pad (EF_ELEMENT (fixture->node)),
                              ef_element_get_sink_pad (EF_ELEMENT (dead)), NULL));
  ef_test_node_start (dead);
  ef_test_node_start (source);
  fixture->node->on_process = reject_some;
  fixture->node->data = fixture;
  dead->keep = TRUE;

  ef_batch_append (batch, ef_event_new_text (0, "x", -1));
  ef_batch_set_receipt (batch, receipt);
  ef_receipt_unref (receipt);
  ef_element_push (EF_ELEMENT (source), batch);
  ef_batch_unref (batch);
  g_assert_nonnull (dead->kept);
  g_assert_cmpuint (ef_batch_get_n_events (dead->kept), ==, 3);
  g_assert_false (settled);
  g_clear_pointer (&dead->kept, ef_batch_unref);
  g_assert_true (settled);

  ef_test_node_stop_all (source, NULL);
  ef_test_stop (dead);
  g_object_unref (dead);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/element/post/flood", test_flood);
  ADD ("/element/post/flood-before-stop", test_flood_before_stop);
  ADD ("/element/post/count", test_count);
  g_test_add_func ("/element/post/unheard", test_unheard);
  ADD ("/element/post/eos", test_eos);
  ADD ("/element/post/dead-letters", test_dead_letters);
  ADD ("/element/post/dead-letters-of-batch", test_dead_letters_of_batch);
#undef ADD

  return g_test_run ();
}
