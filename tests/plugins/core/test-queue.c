/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-harness.h"
#include "ef-queue.h"
#include "ef-test-element.h"
#include "ef-test-loop.h"

static EfHarness *
new_harness (guint max_events)
{
  return ef_harness_new (g_object_new (EF_TYPE_QUEUE, "max-events", max_events, NULL));
}

/* A batch of numbers, in memory that the queue must not keep. */
static EfBatch *
new_numbers (EfEventBuilder *builder, guint first, guint n_events)
{
  EfBatch *batch = ef_batch_new ();

  for (guint i = 0; i < n_events; i++)
    {
      ef_event_builder_begin (builder, 0);
      ef_event_builder_set_int64 (builder, 0, first + i);
      ef_batch_append (batch, ef_event_builder_end (builder));
    }
  ef_event_builder_flush (builder);

  return batch;
}

static void
push_numbers (EfHarness *harness, guint first, guint n_events)
{
  g_autoptr (EfSchema) schema = ef_schema_parse ("n LONG", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  g_autoptr (EfBatch) batch = new_numbers (builder, first, n_events);

  ef_harness_push (harness, batch);
}

static void
assert_pull_numbers (EfHarness *harness, guint first, guint n_events)
{
  for (guint i = 0; i < n_events; i++)
    {
      g_autoptr (EfEvent) event = ef_harness_pull (harness);

      g_assert_cmpint (ef_event_get_int64 (event, 0), ==, first + i);
    }
}

/* Batches stay whole, markers keep their place. */
static void
test_order (void)
{
  g_autoptr (EfHarness) harness = new_harness (10000);
  g_autoptr (EfMarker) gap = NULL;

  ef_harness_start (harness);
  push_numbers (harness, 0, 3);
  ef_harness_push_gap (harness, "lost");
  push_numbers (harness, 3, 4);
  ef_harness_push_eos (harness);

  assert_pull_numbers (harness, 0, 3);
  gap = ef_harness_pull_gap (harness);
  g_assert_cmpstr (ef_marker_get_cause (gap), ==, "lost");
  assert_pull_numbers (harness, 3, 4);
  ef_harness_pull_eos (harness);
  g_assert_cmpuint (ef_harness_get_n_batches (harness), ==, 2);
  g_assert_cmpuint (ef_harness_get_n_waiting (harness), ==, 0);
}

/* appsource ! queue ! appsink, linked and started by hand. */
typedef struct
{
  EfAppSource *source;
  EfElement *queue;
  EfElement *sink;
} Chain;

static void
chain_init (Chain *self, GCallback on_batch, gpointer user_data)
{
  self->source = ef_app_source_new ();
  self->queue = g_object_new (EF_TYPE_QUEUE, "max-events", 5000, NULL);
  self->sink = EF_ELEMENT (ef_app_sink_new ());

  ef_test_link (self->source, self->queue);
  ef_test_link (self->queue, self->sink);
  g_signal_connect (self->sink, "batch", on_batch, user_data);
  ef_element_set_context (self->sink,
                          ef_thread_boundary_get_context (EF_THREAD_BOUNDARY (self->queue)));
}

static void
chain_start (Chain *self)
{
  EfElement *elements[] = { self->sink, self->queue, EF_ELEMENT (self->source) };

  ef_thread_boundary_start (EF_THREAD_BOUNDARY (self->queue));
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    ef_test_start (elements[i]);
}

static void
chain_clear (Chain *self)
{
  EfElement *elements[] = { EF_ELEMENT (self->source), self->queue, self->sink };

  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    ef_test_stop (elements[i]);
  ef_thread_boundary_stop (EF_THREAD_BOUNDARY (self->queue));

  g_object_unref (self->source);
  g_object_unref (self->queue);
  g_object_unref (self->sink);
}

static void
note_thread (EfElement *sink, EfBatch *batch, gpointer user_data)
{
  g_atomic_pointer_set ((GThread **) user_data, g_thread_self ());
}

/* What is behind runs on a thread of its own. */
static void
test_thread (void)
{
  GThread *thread = NULL;
  Chain chain;

  chain_init (&chain, G_CALLBACK (note_thread), &thread);
  chain_start (&chain);
  g_assert_true (ef_app_source_push_text (chain.source, "hello", -1, NULL));
  ef_test_wait_for (NULL, g_atomic_pointer_get (&thread) != NULL);
  g_assert_true (g_atomic_pointer_get (&thread) != g_thread_self ());

  chain_clear (&chain);
}

static void
test_bounds (void)
{
  g_autoptr (EfHarness) harness = new_harness (10);

  ef_harness_start (harness);
  ef_harness_hold (harness);
  push_numbers (harness, 0, 9);
  g_assert_false (ef_harness_is_held (harness));
  push_numbers (harness, 9, 3);
  g_assert_true (ef_harness_is_held (harness));

  /* One more batch is taken: it was under way. */
  push_numbers (harness, 12, 1);
  g_assert_cmpuint (ef_harness_get_stat (harness, "level-events"), ==, 13);
  g_assert_cmpuint (ef_harness_get_n_waiting (harness), ==, 0);

  ef_harness_release (harness);
  assert_pull_numbers (harness, 0, 13);
  ef_test_wait_for (NULL, !ef_harness_is_held (harness));
  ef_test_wait_for (NULL, ef_harness_get_stat (harness, "level-events") == 0);
  g_assert_cmpuint (ef_harness_get_stat (harness, "level-bytes"), ==, 0);
  g_assert_cmpuint (ef_harness_get_stat (harness, "peak-events"), ==, 13);
}

static void
test_max_bytes (void)
{
  g_autoptr (EfHarness) harness = new_harness (100);
  g_autofree char *text = g_strnfill (600, 'x');
  g_autofree char *pulled = NULL;

  g_object_set (ef_harness_get_element (harness), "max-bytes", (guint64) 1000, NULL);
  ef_harness_start (harness);
  ef_harness_hold (harness);
  ef_harness_push_text (harness, text);
  g_assert_false (ef_harness_is_held (harness));
  ef_harness_push_text (harness, text);
  g_assert_true (ef_harness_is_held (harness));
  g_assert_cmpuint (ef_harness_get_stat (harness, "peak-bytes"), >, 1200);

  ef_harness_release (harness);
  pulled = ef_harness_pull_text (harness);
  g_assert_cmpstr (pulled, ==, text);
  ef_test_wait_for (NULL, !ef_harness_is_held (harness));
}

/* The input is released when half of what may wait has gone, not before: what is behind takes a
 * batch and holds again. */
static void
test_low_mark (void)
{
  g_autoptr (EfHarness) harness = new_harness (10);

  ef_harness_start (harness);
  ef_harness_hold (harness);
  for (guint i = 0; i < 10; i++)
    push_numbers (harness, i, 1);
  g_assert_true (ef_harness_is_held (harness));

  for (guint i = 0; i < 10; i++)
    {
      ef_harness_take_batches (harness, 1);
      assert_pull_numbers (harness, i, 1);
      ef_test_wait_for (NULL, ef_harness_get_stat (harness, "level-events") == 9 - i);
      if (9 - i > 5)
        {
          ef_test_drain (NULL);
          g_assert_true (ef_harness_is_held (harness));
        }
      else
        {
          ef_test_wait_for (NULL, !ef_harness_is_held (harness));
        }
    }
}

/* The far side of test_million: checks that no event is missing, and holds every now and then, the
 * first time until the hold has reached the other end. */
typedef struct
{
  EfElement *sink;
  GRand *random;
  guint next;      /* atomic */
  guint n_refused; /* atomic: pushes at the other end */
  guint n_holds;
} Far;

static gboolean
release_sink (gpointer user_data)
{
  Far *far = user_data;

  if (far->n_holds == 1 && g_atomic_int_get (&far->n_refused) == 0)
    return G_SOURCE_CONTINUE;
  ef_element_release_input (far->sink);

  return G_SOURCE_REMOVE;
}

static void
check_numbers (EfElement *sink, EfBatch *batch, Far *far)
{
  guint next = far->next;

  for (guint i = 0; i < ef_batch_get_n_events (batch); i++)
    g_assert_cmpint (ef_event_get_int64 (ef_batch_get_event (batch, i), 0), ==, next++);
  g_atomic_int_set (&far->next, next);

  if (far->n_holds == 0 || g_rand_int_range (far->random, 0, 20) == 0)
    {
      g_autoptr (GSource) source = g_timeout_source_new (g_rand_int_range (far->random, 0, 3));

      far->sink = sink;
      far->n_holds++;
      ef_element_hold_input (sink);
      g_source_set_callback (source, release_sink, far, NULL);
      g_source_attach (source, ef_element_get_context (sink));
    }
}

/* A million events, pushed in batches of any size, with holds at random on the far side. */
static void
test_million (void)
{
  g_autoptr (EfSchema) schema = ef_schema_parse ("n LONG", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  const guint n_events = 1000000;
  guint n_pushed = 0;
  g_autoptr (GVariant) stats = NULL;
  guint32 peak;
  Far far = { .random = g_rand_new_with_seed (g_test_rand_int ()) };
  Chain chain;

  chain_init (&chain, G_CALLBACK (check_numbers), &far);
  g_object_set (chain.source, "max-events", 1, NULL);
  chain_start (&chain);

  while (n_pushed < n_events)
    {
      guint wish = (guint) g_test_rand_int_range (1, 2000);
      guint n = MIN (wish, n_events - n_pushed);
      g_autoptr (EfBatch) batch = new_numbers (builder, n_pushed, n);

      while (!ef_app_source_push_batch (chain.source, batch, NULL))
        {
          g_atomic_int_inc (&far.n_refused);
          g_main_context_iteration (NULL, TRUE);
        }
      n_pushed += n;
    }
  ef_test_wait_for (NULL, (guint) g_atomic_int_get (&far.next) == n_events);

  stats = ef_element_get_stats (chain.queue);
  g_assert_true (g_variant_lookup (stats, "peak-events", "u", &peak));
  g_test_message ("held %u times behind, %u pushes refused, at most %u waiting", far.n_holds,
                  far.n_refused, peak);
  g_assert_cmpuint (far.n_refused, >, 0);
  g_assert_cmpuint (peak, <, 5000 + 2000);

  chain_clear (&chain);
  g_rand_free (far.random);
}

static void
push_with_receipt (EfHarness *harness, GError **settled)
{
  g_autoptr (EfBatch) batch = ef_batch_new ();
  g_autoptr (EfReceipt) receipt = ef_receipt_new (ef_test_note_settled, settled, NULL);

  ef_batch_append (batch, ef_event_new_text (0, "kept", -1));
  ef_batch_set_receipt (batch, receipt);
  ef_harness_push (harness, batch);
}

/* What waits is dropped with the stop, and whoever wants to know is told. */
static void
test_stop_while_full (void)
{
  g_autoptr (EfHarness) harness = new_harness (1);
  g_autoptr (EfMessage) warning = NULL;
  g_autoptr (GError) settled = NULL;

  ef_harness_start (harness);
  ef_harness_hold (harness);
  push_with_receipt (harness, &settled);
  ef_harness_push_eos (harness);
  g_assert_true (ef_harness_is_held (harness));
  g_assert_null (settled);

  ef_harness_stop (harness);
  g_assert_error (settled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  warning = ef_harness_pull_message (harness, EF_MESSAGE_WARNING);
  g_assert_nonnull (strstr (ef_message_get_error (warning)->message, "before 1 events with "));
  g_assert_false (ef_harness_is_held (harness));
  g_assert_cmpuint (ef_harness_get_n_waiting (harness), ==, 0);

  /* And works anew. */
  ef_harness_start (harness);
  push_numbers (harness, 0, 1);
  assert_pull_numbers (harness, 0, 1);
}

/* A stop in the middle of everything, many times. */
static void
test_stop_while_flowing (void)
{
  g_autoptr (EfHarness) harness = new_harness (100);

  for (guint round = 0; round < 50; round++)
    {
      gint64 last = -1;
      g_autoptr (EfEvent) event = NULL;

      ef_harness_start (harness);
      for (guint i = 0; i < 20 && !ef_harness_is_held (harness); i++)
        push_numbers (harness, i * 10, 10);
      if (round % 3 == 0)
        {
          ef_harness_set_state (harness, EF_STATE_PAUSED);
          ef_harness_start (harness);
        }
      ef_harness_stop (harness);

      /* What came is a beginning of what was pushed. */
      while ((event = ef_harness_try_pull (harness)) != NULL)
        {
          g_assert_cmpint (ef_event_get_int64 (event, 0), ==, last + 1);
          last++;
          g_clear_pointer (&event, ef_event_unref);
        }
    }
}

static void
take_to_state (EfElement *element, EfState state)
{
  ef_element_set_state_async (element, state, NULL, NULL, NULL);
  ef_test_wait_for (NULL, ef_element_get_state (element) == state);
}

typedef struct
{
  int entered;   /* atomic, as all */
  int pausing;
  int left;
} SlowBatch;

/* Takes its time, once the other side has begun to pause. */
static void
take_slowly (EfElement *sink, EfBatch *batch, SlowBatch *slow)
{
  g_atomic_int_set (&slow->entered, TRUE);
  while (!g_atomic_int_get (&slow->pausing))
    g_thread_yield ();
  g_usleep (20000);
  g_atomic_int_set (&slow->left, TRUE);
}

/* When a pause has come to its end, so has what was being pushed. */
static void
test_pause_waits_for_push (void)
{
  SlowBatch slow = { FALSE };
  Chain chain;

  chain_init (&chain, G_CALLBACK (take_slowly), &slow);
  chain_start (&chain);
  g_assert_true (ef_app_source_push_text (chain.source, "slow", -1, NULL));
  ef_test_wait_for (NULL, g_atomic_int_get (&slow.entered));
  g_atomic_int_set (&slow.pausing, TRUE);
  take_to_state (chain.queue, EF_STATE_PAUSED);
  g_assert_true (g_atomic_int_get (&slow.left));

  chain_clear (&chain);
}

/* A pause loses nothing. The element alone pauses: the elements around it play on. */
static void
test_pause_loses_nothing (void)
{
  g_autoptr (EfHarness) harness = new_harness (100000);
  EfElement *queue = ef_harness_get_element (harness);
  guint n_pushed = 0;

  ef_harness_start (harness);
  for (guint round = 0; round < 200; round++)
    {
      for (guint i = 0; i < 20; i++, n_pushed += 10)
        push_numbers (harness, n_pushed, 10);
      take_to_state (queue, EF_STATE_PAUSED);
      take_to_state (queue, EF_STATE_PLAYING);
    }
  assert_pull_numbers (harness, 0, n_pushed);
  g_assert_cmpuint (ef_harness_get_stat (harness, "dropped"), ==, 0);
}

typedef struct
{
  guint n_done;
  GError *error;
} Drained;

static void
on_drained (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Drained *drained = user_data;

  g_clear_error (&drained->error);
  ef_thread_boundary_drain_finish (EF_THREAD_BOUNDARY (object), result, &drained->error);
  drained->n_done++;
}

static void
test_drain (void)
{
  g_autoptr (EfHarness) harness = new_harness (100);
  EfThreadBoundary *queue = EF_THREAD_BOUNDARY (ef_harness_get_element (harness));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Drained drained = { 0, NULL };

  ef_harness_start (harness);
  ef_thread_boundary_drain_async (queue, NULL, on_drained, &drained);
  ef_test_wait_for (NULL, drained.n_done == 1);
  g_assert_no_error (drained.error);

  /* Two wait, and one of them no longer. */
  ef_harness_hold (harness);
  push_numbers (harness, 0, 10);
  ef_harness_push_gap (harness, "last");
  ef_thread_boundary_drain_async (queue, NULL, on_drained, &drained);
  ef_thread_boundary_drain_async (queue, cancellable, on_drained, &drained);
  ef_test_drain (NULL);
  g_assert_cmpuint (drained.n_done, ==, 1);
  g_cancellable_cancel (cancellable);
  ef_test_wait_for (NULL, drained.n_done == 2);
  g_assert_error (drained.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ef_harness_release (harness);
  ef_test_wait_for (NULL, drained.n_done == 3);
  g_assert_no_error (drained.error);
  g_assert_cmpuint (ef_harness_get_n_waiting (harness), ==, 11);

  /* A stop ends the wait. */
  ef_harness_hold (harness);
  push_numbers (harness, 0, 10);
  ef_thread_boundary_drain_async (queue, NULL, on_drained, &drained);
  ef_harness_stop (harness);
  ef_test_wait_for (NULL, drained.n_done == 4);
  g_assert_error (drained.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&drained.error);
}

/* What waits does not keep what it was read into. */
static void
test_detached (void)
{
  g_autoptr (EfHarness) harness = new_harness (100);
  g_autoptr (EfBatch) batch = ef_batch_new ();
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (ef_schema_get_text_payload ());
  char *memory = g_atomic_rc_box_alloc (8);
  g_autofree char *text = NULL;

  memcpy (memory, "original", 8);
  ef_event_builder_pin (builder, memory, g_atomic_rc_box_acquire, g_atomic_rc_box_release);
  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_slice (builder, 0, EF_COLUMN_STRING, memory, 8);
  ef_batch_append (batch, ef_event_builder_end (builder));
  ef_event_builder_flush (builder);

  ef_harness_start (harness);
  ef_harness_push (harness, batch);
  memcpy (memory, "changed!", 8);
  text = ef_harness_pull_text (harness);
  g_assert_cmpstr (text, ==, "original");
  g_atomic_rc_box_release (memory);
}

/* The bounds may change while it plays. */
static void
test_change_bounds (void)
{
  g_autoptr (EfHarness) harness = new_harness (100);
  EfElement *queue = ef_harness_get_element (harness);

  ef_harness_start (harness);
  ef_harness_hold (harness);
  push_numbers (harness, 0, 10);
  g_object_set (queue, "max-events", 11, NULL);
  push_numbers (harness, 10, 1);
  g_assert_true (ef_harness_is_held (harness));
  ef_harness_release (harness);
  assert_pull_numbers (harness, 0, 11);
  ef_test_wait_for (NULL, !ef_harness_is_held (harness));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/queue/order", test_order);
  g_test_add_func ("/core/queue/thread", test_thread);
  g_test_add_func ("/core/queue/bounds", test_bounds);
  g_test_add_func ("/core/queue/max-bytes", test_max_bytes);
  g_test_add_func ("/core/queue/low-mark", test_low_mark);
  g_test_add_func ("/core/queue/million", test_million);
  g_test_add_func ("/core/queue/stop-while-full", test_stop_while_full);
  g_test_add_func ("/core/queue/stop-while-flowing", test_stop_while_flowing);
  g_test_add_func ("/core/queue/pause-waits-for-push", test_pause_waits_for_push);
  g_test_add_func ("/core/queue/pause-loses-nothing", test_pause_loses_nothing);
  g_test_add_func ("/core/queue/drain", test_drain);
  g_test_add_func ("/core/queue/detached", test_detached);
  g_test_add_func ("/core/queue/change-bounds", test_change_bounds);

  return g_test_run ();
}
