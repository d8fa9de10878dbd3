/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-harness.h"
#include "ef-test-element.h"
#include "ef-test-loop.h"

typedef struct
{
  GString *events;
  GString *batches;
  guint n_eos;
} Heard;

static void
heard_init (Heard *heard)
{
  heard->events = g_string_new (NULL);
  heard->batches = g_string_new (NULL);
  heard->n_eos = 0;
}

static void
heard_clear (Heard *heard)
{
  g_string_free (heard->events, TRUE);
  g_string_free (heard->batches, TRUE);
}

static void
on_event (EfAppSink *sink, EfEvent *event, Heard *heard)
{
  g_autofree char *text = ef_event_dup_string (event, 0);

  g_string_append_printf (heard->events, "%s ", text);
}

static void
on_batch (EfAppSink *sink, EfBatch *batch, Heard *heard)
{
  g_string_append_printf (heard->batches, "%u ", ef_batch_get_n_events (batch));
}

static void
on_eos (EfAppSink *sink, Heard *heard)
{
  heard->n_eos++;
}

static EfHarness *
new_harness (EfAppSink **sink, guint max_events)
{
  *sink = g_object_new (EF_TYPE_APP_SINK, "max-events", max_events, NULL);

  return ef_harness_new (EF_ELEMENT (*sink));
}

static EfBatch *
new_batch (const char *first, const char *second)
{
  EfBatch *batch = ef_batch_new ();

  ef_batch_append (batch, ef_event_new_text (0, first, -1));
  ef_batch_append (batch, ef_event_new_text (0, second, -1));

  return batch;
}

static void
assert_try_pull (EfAppSink *sink, const char *expected)
{
  g_autoptr (EfEvent) event = ef_app_sink_try_pull (sink);
  g_autofree char *text = event != NULL ? ef_event_dup_string (event, 0) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

static void
test_signals (void)
{
  EfAppSink *sink;
  g_autoptr (EfHarness) harness = new_harness (&sink, 2);
  g_autoptr (EfBatch) batch = new_batch ("b", "c");
  Heard heard;

  heard_init (&heard);
  g_signal_connect (sink, "event", G_CALLBACK (on_event), &heard);
  g_signal_connect (sink, "batch", G_CALLBACK (on_batch), &heard);
  g_signal_connect (sink, "eos", G_CALLBACK (on_eos), &heard);
  ef_harness_start (harness);

  ef_harness_push_text (harness, "a");
  ef_harness_push (harness, batch);
  g_assert_cmpstr (heard.events->str, ==, "a b c ");
  g_assert_cmpstr (heard.batches->str, ==, "1 2 ");
  g_assert_cmpuint (heard.n_eos, ==, 0);
  g_assert_false (ef_app_sink_is_eos (sink));
  g_assert_false (ef_harness_is_held (harness));

  ef_harness_push_eos (harness);
  g_assert_cmpuint (heard.n_eos, ==, 1);
  g_assert_true (ef_app_sink_is_eos (sink));
  assert_try_pull (sink, NULL);

  heard_clear (&heard);
}

static void
test_pull (void)
{
  EfAppSink *sink;
  g_autoptr (EfHarness) harness = new_harness (&sink, 4);
  g_autoptr (EfBatch) batch = new_batch ("a", "b");

  ef_harness_start (harness);
  assert_try_pull (sink, NULL);

  ef_harness_push (harness, batch);
  ef_harness_push_text (harness, "c");
  g_assert_false (ef_harness_is_held (harness));
  g_assert_cmpuint (ef_harness_get_stat (harness, "level-events"), ==, 3);

  /* Full: it holds until half has gone. */
  ef_harness_push_text (harness, "d");
  g_assert_true (ef_harness_is_held (harness));
  ef_harness_push_text (harness, "e");

  assert_try_pull (sink, "a");
  assert_try_pull (sink, "b");
  g_assert_true (ef_harness_is_held (harness));
  assert_try_pull (sink, "c");
  g_assert_false (ef_harness_is_held (harness));
  assert_try_pull (sink, "d");
  assert_try_pull (sink, "e");
  assert_try_pull (sink, NULL);
  g_assert_cmpuint (ef_harness_get_stat (harness, "level-events"), ==, 0);
  g_assert_cmpuint (ef_harness_get_stat (harness, "level-bytes"), ==, 0);
}

static void
test_max_bytes (void)
{
  EfAppSink *sink;
  g_autoptr (EfHarness) harness = new_harness (&sink, 100);
  g_autofree char *text = g_strnfill (600, 'x');

  g_object_set (sink, "max-bytes", (guint64) 1000, NULL);
  ef_harness_start (harness);
  ef_harness_push_text (harness, text);
  g_assert_false (ef_harness_is_held (harness));
  ef_harness_push_text (harness, text);
  g_assert_true (ef_harness_is_held (harness));
  assert_try_pull (sink, text);
  g_assert_true (ef_harness_is_held (harness));
  assert_try_pull (sink, text);
  g_assert_false (ef_harness_is_held (harness));
}

/* The end of the stream is there for the program when it has taken all. */
static void
test_eos_after_last_pull (void)
{
  EfAppSink *sink;
  g_autoptr (EfHarness) harness = new_harness (&sink, 100);

  ef_harness_start (harness);
  ef_harness_push_text (harness, "a");
  ef_harness_push_eos (harness);
  ef_test_drain (NULL);
  g_assert_false (ef_app_sink_is_eos (sink));
  g_assert_null (ef_harness_try_pull_message (harness, EF_MESSAGE_EOS));

  assert_try_pull (sink, "a");
  g_assert_true (ef_app_sink_is_eos (sink));
  ef_message_unref (ef_harness_pull_message (harness, EF_MESSAGE_EOS));

  ef_harness_stop (harness);
  ef_harness_start (harness);
  g_assert_false (ef_app_sink_is_eos (sink));
}

typedef struct
{
  guint n_done;
  GString *texts;
  GError *error;
} Pulls;

static void
on_pulled (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Pulls *pulls = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (EfEvent) event = ef_app_sink_pull_finish (EF_APP_SINK (object), result, &error);
  g_autofree char *text = event != NULL ? ef_event_dup_string (event, 0) : NULL;

  pulls->n_done++;
  g_string_append_printf (pulls->texts, "%s ", text != NULL ? text : error != NULL ? "!" : "-");
  if (error != NULL)
    {
      g_clear_error (&pulls->error);
      pulls->error = g_steal_pointer (&error);
    }
}

static void
test_pull_async (void)
{
  EfAppSink *sink;
  g_autoptr (EfHarness) harness = new_harness (&sink, 100);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Pulls pulls = { 0, g_string_new (NULL), NULL };

  ef_harness_start (harness);
  ef_harness_push_text (harness, "waited");
  for (guint i = 0; i < 3; i++)
    ef_app_sink_pull_async (sink, i == 1 ? cancellable : NULL, on_pulled, &pulls);
  ef_test_wait_for (NULL, pulls.n_done == 1);
  g_assert_cmpstr (pulls.texts->str, ==, "waited ");

  /* The second one is given up, the third gets what comes then. */
  g_cancellable_cancel (cancellable);
  ef_test_wait_for (NULL, pulls.n_done == 2);
  g_assert_error (pulls.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ef_harness_push_text (harness, "came");
  ef_test_wait_for (NULL, pulls.n_done == 3);
  g_assert_cmpstr (pulls.texts->str, ==, "waited ! came ");

  /* Cancelled before it begins; at the end of the stream; after it. */
  ef_app_sink_pull_async (sink, cancellable, on_pulled, &pulls);
  ef_app_sink_pull_async (sink, NULL, on_pulled, &pulls);
  ef_test_wait_for (NULL, pulls.n_done == 4);
  ef_harness_push_eos (harness);
  ef_app_sink_pull_async (sink, NULL, on_pulled, &pulls);
  ef_test_wait_for (NULL, pulls.n_done == 6);
  g_assert_cmpstr (pulls.texts->str, ==, "waited ! came ! - - ");

  /* A stop ends the wait. */
  ef_harness_stop (harness);
  ef_harness_start (harness);
  ef_app_sink_pull_async (sink, NULL, on_pulled, &pulls);
  ef_harness_stop (harness);
  ef_test_wait_for (NULL, pulls.n_done == 7);
  g_assert_error (pulls.error, G_IO_ERROR, G_IO_ERROR_CLOSED);

  g_clear_error (&pulls.error);
  g_string_free (pulls.texts, TRUE);
}

/* Events that wait do not keep what they were read into. */
static void
test_detached (void)
{
  EfAppSink *sink;
  g_autoptr (EfHarness) harness = new_harness (&sink, 100);
  g_autoptr (EfBatch) batch = ef_batch_new ();
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (ef_schema_get_text_payload ());
  char *memory = g_atomic_rc_box_alloc (8);

  memcpy (memory, "original", 8);
  ef_event_builder_pin (builder, memory, g_atomic_rc_box_acquire, g_atomic_rc_box_release);
  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_slice (builder, 0, EF_COLUMN_STRING, memory, 8);
  ef_batch_append (batch, ef_event_builder_end (builder));
  ef_event_builder_flush (builder);

  ef_harness_start (harness);
  ef_harness_push (harness, batch);
  memcpy (memory, "changed!", 8);
  assert_try_pull (sink, "original");
  g_atomic_rc_box_release (memory);
}

static void
test_receipts (void)
{
  EfAppSink *sink;
  g_autoptr (EfHarness) harness = new_harness (&sink, 100);
  GError *settled[2] = { NULL, NULL };

  ef_harness_start (harness);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (EfBatch) batch = ef_batch_new ();
      g_autoptr (EfReceipt) receipt = ef_receipt_new (ef_test_note_settled, &settled[i], NULL);

      ef_batch_append (batch, ef_event_new_text (0, "kept", -1));
      ef_batch_set_receipt (batch, receipt);
      ef_harness_push (harness, batch);
    }

  /* Taken, and not taken. */
  assert_try_pull (sink, "kept");
  g_assert_nonnull (settled[0]);
  g_assert_cmpstr (settled[0]->message, ==, "accepted");
  g_assert_null (settled[1]);
  ef_harness_stop (harness);
  g_assert_error (settled[1], G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&settled[0]);
  g_clear_error (&settled[1]);
}

/* A program that begins to listen gets what waited first. */
static void
test_listen_late (void)
{
  EfAppSink *sink;
  g_autoptr (EfHarness) harness = new_harness (&sink, 100);
  Heard heard;

  heard_init (&heard);
  ef_harness_start (harness);
  ef_harness_push_text (harness, "a");
  g_signal_connect (sink, "event", G_CALLBACK (on_event), &heard);
  ef_harness_push_text (harness, "b");
  g_assert_cmpstr (heard.events->str, ==, "a b ");
  g_assert_cmpuint (ef_harness_get_stat (harness, "level-events"), ==, 0);

  heard_clear (&heard);
}

static void
stop_sink (EfAppSink *sink, EfEvent *event, guint *n_events)
{
  ++*n_events;
  ef_element_stop (EF_ELEMENT (sink));
}

/* A handler may stop the sink: no event comes after that. */
static void
test_stop_within (void)
{
  EfAppSink *sink;
  g_autoptr (EfHarness) harness = new_harness (&sink, 100);
  g_autoptr (EfBatch) batch = new_batch ("a", "b");
  guint n_events = 0;

  g_signal_connect (sink, "event", G_CALLBACK (stop_sink), &n_events);
  ef_harness_start (harness);
  ef_harness_push (harness, batch);
  g_assert_cmpuint (n_events, ==, 1);
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (sink)) == EF_STATE_NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/appsink/signals", test_signals);
  g_test_add_func ("/core/appsink/pull", test_pull);
  g_test_add_func ("/core/appsink/max-bytes", test_max_bytes);
  g_test_add_func ("/core/appsink/eos-after-last-pull", test_eos_after_last_pull);
  g_test_add_func ("/core/appsink/pull-async", test_pull_async);
  g_test_add_func ("/core/appsink/detached", test_detached);
  g_test_add_func ("/core/appsink/receipts", test_receipts);
  g_test_add_func ("/core/appsink/listen-late", test_listen_late);
  g_test_add_func ("/core/appsink/stop-within", test_stop_within);

  return g_test_run ();
}
