/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-fake-sink.h"
#include "ef-harness.h"

static guint64
get_count (EfHarness *harness, const char *name)
{
  guint64 count;

  g_object_get (ef_harness_get_element (harness), name, &count, NULL);

  return count;
}

static void
test_counts (void)
{
  g_autoptr (EfHarness) harness = ef_harness_new (g_object_new (EF_TYPE_FAKE_SINK, NULL));
  g_autoptr (EfEvent) event = ef_event_new_text (0, "abc", -1);

  ef_harness_start (harness);
  ef_harness_push_text (harness, "abc");
  ef_harness_push_text (harness, "def");
  g_assert_cmpuint (get_count (harness, "n-events"), ==, 2);
  g_assert_cmpuint (get_count (harness, "n-bytes"), ==, 2 * ef_event_get_size (event));

  ef_harness_push_eos (harness);
  ef_message_unref (ef_harness_pull_message (harness, EF_MESSAGE_EOS));

  ef_harness_stop (harness);
  g_assert_cmpuint (get_count (harness, "n-events"), ==, 2);
  ef_harness_start (harness);
  g_assert_cmpuint (get_count (harness, "n-events"), ==, 0);
}

static void
on_handoff (EfFakeSink *sink, EfBatch *batch, guint *n_events)
{
  *n_events += ef_batch_get_n_events (batch);
}

static void
test_handoff (void)
{
  EfElement *sink = g_object_new (EF_TYPE_FAKE_SINK, NULL);
  g_autoptr (EfHarness) harness = ef_harness_new (sink);
  guint n_events = 0;
  gulong handler = g_signal_connect (sink, "handoff", G_CALLBACK (on_handoff), &n_events);

  ef_harness_start (harness);
  ef_harness_push_text (harness, "a");
  g_assert_cmpuint (n_events, ==, 1);
  g_signal_handler_disconnect (sink, handler);
  ef_harness_push_text (harness, "b");
  g_assert_cmpuint (n_events, ==, 1);
}

static void
test_hold (void)
{
  EfElement *sink = g_object_new (EF_TYPE_FAKE_SINK, "hold", TRUE, NULL);
  g_autoptr (EfHarness) harness = ef_harness_new (sink);

  g_assert_false (ef_harness_is_held (harness));
  ef_harness_start (harness);
  g_assert_true (ef_harness_is_held (harness));
  g_object_set (sink, "hold", FALSE, NULL);
  g_assert_false (ef_harness_is_held (harness));
  g_object_set (sink, "hold", TRUE, NULL);
  g_assert_true (ef_harness_is_held (harness));
  ef_harness_stop (harness);
  g_assert_false (ef_harness_is_held (harness));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/fakesink/counts", test_counts);
  g_test_add_func ("/core/fakesink/handoff", test_handoff);
  g_test_add_func ("/core/fakesink/hold", test_hold);

  return g_test_run ();
}
