/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-harness.h"
#include "ef-test-loop.h"

typedef struct
{
  EfHarness *harness;
  EfAppSource *source;
  guint n_need;
  guint n_enough;
} Fixture;

static void
on_need (EfAppSource *source, Fixture *fixture)
{
  fixture->n_need++;
}

static void
on_enough (EfAppSource *source, Fixture *fixture)
{
  fixture->n_enough++;
}

static void
fixture_init (Fixture *fixture, guint max_events)
{
  *fixture = (Fixture){ NULL };
  fixture->source = g_object_new (EF_TYPE_APP_SOURCE, "max-events", max_events, NULL);
  g_signal_connect (fixture->source, "need-data", G_CALLBACK (on_need), fixture);
  g_signal_connect (fixture->source, "enough-data", G_CALLBACK (on_enough), fixture);
  fixture->harness = ef_harness_new (EF_ELEMENT (fixture->source));
}

static void
push_number (EfAppSource *source, guint number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);
  g_autoptr (GError) error = NULL;

  ef_app_source_push_text (source, text, -1, &error);
  g_assert_no_error (error);
}

static void
assert_pull_number (EfHarness *harness, guint number)
{
  g_autofree char *expected = g_strdup_printf ("%u", number);
  g_autofree char *text = ef_harness_pull_text (harness);

  g_assert_cmpstr (text, ==, expected);
}

/* The first event leaves within its push, the others together at the end of the iteration. */
static void
test_coalesce (void)
{
  Fixture fixture;

  fixture_init (&fixture, 10000);
  ef_harness_start (fixture.harness);
  ef_test_drain (NULL);

  for (guint i = 0; i < 100; i++)
    push_number (fixture.source, i);
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture.harness), ==, 1);

  for (guint i = 0; i < 100; i++)
    assert_pull_number (fixture.harness, i);
  g_assert_cmpuint (ef_harness_get_n_batches (fixture.harness), ==, 2);

  /* Batches are complete at 256 events: 1, 256 and 256 are out, the rest waits for the
   * iteration. */
  for (guint i = 0; i < 600; i++)
    push_number (fixture.source, i);
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture.harness), ==, 513);
  for (guint i = 0; i < 600; i++)
    assert_pull_number (fixture.harness, i);
  g_assert_cmpuint (ef_harness_get_n_batches (fixture.harness), ==, 6);

  ef_harness_free (fixture.harness);
}

static void
test_coalesce_bytes (void)
{
  Fixture fixture;
  g_autofree char *text = g_strnfill (30000, 'x');

  fixture_init (&fixture, 10000);
  ef_harness_start (fixture.harness);
  ef_test_drain (NULL);

  /* The first one alone, then as many as make 64 KiB. */
  for (guint i = 0; i < 4; i++)
    g_assert_true (ef_app_source_push_text (fixture.source, text, -1, NULL));
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture.harness), ==, 4);
  g_assert_cmpuint (ef_harness_get_n_batches (fixture.harness), ==, 2);

  ef_harness_free (fixture.harness);
}

static void
test_kinds (void)
{
  static const guint8 data[] = { 0, 255, 10 };
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, sizeof data);
  g_autoptr (GBytes) got = NULL;
  g_autoptr (EfEvent) event = ef_event_new_text (7, "an event", -1);
  g_autoptr (EfBatch) batch = ef_batch_new ();
  g_autoptr (EfEvent) pulled = NULL;
  g_autofree char *batched = NULL;
  g_autofree char *text = NULL;
  Fixture fixture;

  fixture_init (&fixture, 10000);
  ef_harness_start (fixture.harness);

  g_assert_true (ef_app_source_push_bytes (fixture.source, bytes, NULL));
  g_assert_true (ef_app_source_push_event (fixture.source, event, NULL));
  ef_batch_append (batch, ef_event_new_text (8, "in a batch", -1));
  g_assert_true (ef_app_source_push_batch (fixture.source, batch, NULL));
  g_assert_true (ef_app_source_push_text (fixture.source, "text and more", 4, NULL));

  pulled = ef_harness_pull (fixture.harness);
  g_assert_cmpint (ef_event_get_value_type (pulled, 0), ==, EF_COLUMN_BYTES);
  got = ef_event_get_bytes (pulled, 0);
  g_assert_true (g_bytes_equal (got, bytes));
  g_clear_pointer (&pulled, ef_event_unref);

  pulled = ef_harness_pull (fixture.harness);
  g_assert_cmpint (ef_event_get_timestamp (pulled), ==, 7);
  batched = ef_harness_pull_text (fixture.harness);
  g_assert_cmpstr (batched, ==, "in a batch");
  text = ef_harness_pull_text (fixture.harness);
  g_assert_cmpstr (text, ==, "text");

  ef_harness_free (fixture.harness);
}

static void
test_full (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture, 10);
  ef_harness_start (fixture.harness);
  ef_test_drain (NULL);
  g_assert_cmpuint (fixture.n_need, ==, 1);

  ef_harness_hold (fixture.harness);
  for (guint i = 0; i < 10; i++)
    {
      g_assert_cmpuint (fixture.n_enough, ==, 0);
      push_number (fixture.source, i);
    }
  g_assert_cmpuint (fixture.n_enough, ==, 1);
  g_assert_cmpuint (ef_harness_get_stat (fixture.harness, "level-events"), ==, 10);

  g_assert_false (ef_app_source_push_text (fixture.source, "no", -1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_nonnull (strstr (error->message, "10 events,"));
  ef_test_drain (NULL);
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture.harness), ==, 0);
  g_assert_cmpuint (fixture.n_need, ==, 1);

  ef_harness_release (fixture.harness);
  for (guint i = 0; i < 10; i++)
    assert_pull_number (fixture.harness, i);
  ef_test_wait_for (NULL, fixture.n_need == 2);
  g_assert_cmpuint (fixture.n_enough, ==, 1);
  g_assert_cmpuint (ef_harness_get_stat (fixture.harness, "level-bytes"), ==, 0);

  ef_harness_free (fixture.harness);
}

static void
test_max_bytes (void)
{
  Fixture fixture;
  g_autofree char *text = g_strnfill (600, 'x');
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture, 10);
  g_object_set (fixture.source, "max-bytes", (guint64) 1000, NULL);
  ef_harness_start (fixture.harness);
  ef_harness_hold (fixture.harness);

  g_assert_true (ef_app_source_push_text (fixture.source, text, -1, NULL));
  g_assert_true (ef_app_source_push_text (fixture.source, text, -1, NULL));
  g_assert_false (ef_app_source_push_text (fixture.source, text, -1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture.harness), ==, 0);

  ef_harness_free (fixture.harness);
}

/* A bound that is smaller than a batch does not stop what flows. */
static void
test_small_bound (void)
{
  Fixture fixture;

  fixture_init (&fixture, 1);
  ef_harness_start (fixture.harness);
  for (guint i = 0; i < 100; i++)
    push_number (fixture.source, i);
  for (guint i = 0; i < 100; i++)
    assert_pull_number (fixture.harness, i);

  ef_harness_free (fixture.harness);
}

static void
push_in_batch (EfAppSource *source, guint number)
{
  g_autoptr (EfBatch) batch = ef_batch_new ();
  g_autofree char *text = g_strdup_printf ("%u", number);

  ef_batch_append (batch, ef_event_new_text (0, text, -1));
  g_assert_true (ef_app_source_push_batch (source, batch, NULL));
}

/* Events and batches, held and free, in turn: they keep their order. */
static void
test_order_across_hold (void)
{
  Fixture fixture;
  guint n_pushed = 0;

  fixture_init (&fixture, 100000);
  ef_harness_start (fixture.harness);

  for (guint round = 0; round < 20; round++)
    {
      if (round % 3 == 0)
        ef_harness_hold (fixture.harness);
      for (guint i = 0; i < 700; i++)
        push_number (fixture.source, n_pushed++);
      for (guint i = 0; i < 3; i++)
        push_in_batch (fixture.source, n_pushed++);

      if (round % 3 == 1)
        ef_harness_release (fixture.harness);
      if (round % 5 == 0)
        ef_test_drain (NULL);
    }
  ef_harness_release (fixture.harness);

  for (guint i = 0; i < n_pushed; i++)
    assert_pull_number (fixture.harness, i);

  ef_harness_free (fixture.harness);
}

/* A batch that waits is a copy: it outlives what the original lay in. */
static void
test_batch_is_detached (void)
{
  g_autoptr (EfBatch) batch = ef_batch_new ();
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (ef_schema_get_text_payload ());
  char *memory = g_atomic_rc_box_alloc (8);
  Fixture fixture;
  g_autofree char *text = NULL;

  memcpy (memory, "original", 8);
  ef_event_builder_pin (builder, memory, g_atomic_rc_box_acquire, g_atomic_rc_box_release);
  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_slice (builder, 0, EF_COLUMN_STRING, memory, 8);
  ef_batch_append (batch, ef_event_builder_end (builder));
  ef_event_builder_flush (builder);

  fixture_init (&fixture, 10);
  ef_harness_start (fixture.harness);
  ef_harness_hold (fixture.harness);
  g_assert_true (ef_app_source_push_batch (fixture.source, batch, NULL));
  memcpy (memory, "changed!", 8);
  ef_harness_release (fixture.harness);
  text = ef_harness_pull_text (fixture.harness);
  g_assert_cmpstr (text, ==, "original");

  g_atomic_rc_box_release (memory);
  ef_harness_free (fixture.harness);
}

static void
push_more (EfAppSource *source, guint *n_left)
{
  if (*n_left == 0)
    {
      ef_app_source_end (source);
      return;
    }

  for (guint i = 0; i < 10; i++)
    push_number (source, --*n_left);
}

/* need-data drives a program that makes its events on demand. */
static void
test_need_data (void)
{
  Fixture fixture;
  guint n_left = 1000;

  fixture_init (&fixture, 100);
  g_signal_connect (fixture.source, "need-data", G_CALLBACK (push_more), &n_left);
  ef_harness_start (fixture.harness);
  for (guint i = 1000; i > 0; i--)
    assert_pull_number (fixture.harness, i - 1);
  ef_harness_pull_eos (fixture.harness);
  g_assert_cmpuint (fixture.n_need, ==, 101);

  ef_harness_free (fixture.harness);
}

static void
push_ten (EfAppSource *source, guint *n_left)
{
  for (guint i = 0; i < 10 && *n_left > 0; i++)
    push_number (source, --*n_left);
}

/* What a handler of need-data pushes leaves together, and at once. */
static void
test_need_data_together (void)
{
  Fixture fixture;
  guint n_left = 30;

  fixture_init (&fixture, 100);
  g_signal_connect (fixture.source, "need-data", G_CALLBACK (push_ten), &n_left);
  ef_harness_start (fixture.harness);
  for (guint i = 30; i > 0; i--)
    assert_pull_number (fixture.harness, i - 1);
  g_assert_cmpuint (ef_harness_get_n_batches (fixture.harness), ==, 3);

  /* One that is pushed by itself still does not wait. */
  ef_test_drain (NULL);
  push_number (fixture.source, 7);
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture.harness), ==, 1);
  assert_pull_number (fixture.harness, 7);

  ef_harness_free (fixture.harness);
}

static void
test_end (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture, 100);
  ef_harness_start (fixture.harness);
  ef_harness_hold (fixture.harness);
  push_number (fixture.source, 1);
  ef_app_source_end (fixture.source);
  ef_app_source_end (fixture.source);
  g_assert_false (ef_app_source_push_text (fixture.source, "late", -1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  ef_test_drain (NULL);
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture.harness), ==, 0);

  ef_harness_release (fixture.harness);
  assert_pull_number (fixture.harness, 1);
  ef_harness_pull_eos (fixture.harness);
  ef_message_unref (ef_harness_pull_message (fixture.harness, EF_MESSAGE_EOS));

  /* A source that is started again takes events again. */
  ef_harness_stop (fixture.harness);
  ef_harness_start (fixture.harness);
  push_number (fixture.source, 2);
  assert_pull_number (fixture.harness, 2);
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture.harness), ==, 0);

  ef_harness_free (fixture.harness);
}

/* What comes before it plays waits, and so does what comes in a pause. */
static void
test_states (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture, 100);
  g_assert_false (ef_app_source_push_text (fixture.source, "early", -1, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_STATE);

  ef_harness_set_state (fixture.harness, EF_STATE_READY);
  push_number (fixture.source, 1);
  ef_harness_set_state (fixture.harness, EF_STATE_PAUSED);
  push_number (fixture.source, 2);
  ef_test_drain (NULL);
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture.harness), ==, 0);
  ef_harness_start (fixture.harness);
  assert_pull_number (fixture.harness, 1);
  assert_pull_number (fixture.harness, 2);

  ef_harness_set_state (fixture.harness, EF_STATE_PAUSED);
  push_number (fixture.source, 3);
  ef_test_drain (NULL);
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture.harness), ==, 0);
  ef_harness_start (fixture.harness);
  assert_pull_number (fixture.harness, 3);

  ef_harness_free (fixture.harness);
}

static void
on_settled (const GError *error, gpointer user_data)
{
  GError **settled = user_data;

  g_assert_null (*settled);
  *settled = error != NULL ? g_error_copy (error) : g_error_new (G_IO_ERROR, 0, "accepted");
}

static void
test_stop_fails_receipts (void)
{
  g_autoptr (EfBatch) batch = ef_batch_new ();
  g_autoptr (GError) settled = NULL;
  EfReceipt *receipt = ef_receipt_new (on_settled, &settled, NULL);
  Fixture fixture;

  fixture_init (&fixture, 100);
  ef_harness_start (fixture.harness);
  ef_harness_hold (fixture.harness);
  ef_batch_append (batch, ef_event_new_text (0, "kept", -1));
  ef_batch_set_receipt (batch, receipt);
  ef_receipt_unref (receipt);
  g_assert_true (ef_app_source_push_batch (fixture.source, batch, NULL));
  g_clear_pointer (&batch, ef_batch_unref);
  g_assert_null (settled);

  ef_harness_stop (fixture.harness);
  g_assert_error (settled, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  ef_harness_free (fixture.harness);
}

static void
on_batch (EfAppSink *sink, EfBatch *batch, EfAppSource *source)
{
  g_autofree char *text = ef_event_dup_string (ef_batch_get_event (batch, 0), 0);

  if (strcmp (text, "first") == 0)
    g_assert_true (ef_app_source_push_text (source, "second", -1, NULL));
  else
    ef_element_stop (EF_ELEMENT (source));
}

/* A handler down the line may push and stop: what it pushes comes after what is under way. */
static void
test_reenter (void)
{
  g_autoptr (EfAppSource) source = ef_app_source_new ();
  g_autoptr (EfAppSink) sink = ef_app_sink_new ();
  guint64 n_events;

  g_assert_true (ef_element_link (EF_ELEMENT (source), EF_ELEMENT (sink), NULL));
  g_signal_connect (sink, "batch", G_CALLBACK (on_batch), source);
  g_assert_true (ef_element_start (EF_ELEMENT (sink), NULL));
  g_assert_true (ef_element_start (EF_ELEMENT (source), NULL));

  g_assert_true (ef_app_source_push_text (source, "first", -1, NULL));
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (source)) == EF_STATE_NULL);
  n_events = ef_pad_get_n_events (ef_element_get_sink_pad (EF_ELEMENT (sink)));
  g_assert_cmpuint (n_events, ==, 2);

  ef_element_stop (EF_ELEMENT (sink));
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (sink)) == EF_STATE_NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/appsource/coalesce", test_coalesce);
  g_test_add_func ("/core/appsource/coalesce-bytes", test_coalesce_bytes);
  g_test_add_func ("/core/appsource/kinds", test_kinds);
  g_test_add_func ("/core/appsource/full", test_full);
  g_test_add_func ("/core/appsource/max-bytes", test_max_bytes);
  g_test_add_func ("/core/appsource/small-bound", test_small_bound);
  g_test_add_func ("/core/appsource/order-across-hold", test_order_across_hold);
  g_test_add_func ("/core/appsource/batch-is-detached", test_batch_is_detached);
  g_test_add_func ("/core/appsource/need-data", test_need_data);
  g_test_add_func ("/core/appsource/need-data-together", test_need_data_together);
  g_test_add_func ("/core/appsource/end", test_end);
  g_test_add_func ("/core/appsource/states", test_states);
  g_test_add_func ("/core/appsource/stop-fails-receipts", test_stop_fails_receipts);
  g_test_add_func ("/core/appsource/reenter", test_reenter);

  return g_test_run ();
}
