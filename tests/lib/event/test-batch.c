/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

static EfBatch *
mixed_batch (guint n_events)
{
  g_autoptr (EfSchema) first = ef_schema_parse ("a STRING", NULL);
  g_autoptr (EfSchema) second = ef_schema_parse ("b LONG, a STRING", NULL);
  g_autoptr (EfEventBuilder) narrow = ef_event_builder_new (first);
  g_autoptr (EfEventBuilder) wide = ef_event_builder_new (second);
  EfEventBuilder *builders[2] = { narrow, wide };
  EfBatch *batch = ef_batch_new ();

  for (guint i = 0; i < n_events; i++)
    {
      guint which = i % 3 == 0 ? 1 : 0;
      g_autofree char *text = g_strdup_printf ("event %u", i);

      if (i % 5 == 4)
        {
          ef_batch_append (batch, ef_event_new_text (i, text, -1));
          continue;
        }
      ef_event_builder_begin (builders[which], i);
      ef_event_builder_set_string (builders[which], which, text, -1);
      ef_batch_append (batch, ef_event_builder_end (builders[which]));
    }

  return batch;
}

static void
assert_batch (EfBatch *batch, guint first, guint n_events)
{
  g_assert_cmpuint (ef_batch_get_n_events (batch), ==, n_events);

  for (guint i = 0; i < n_events; i++)
    {
      EfEvent *event = ef_batch_get_event (batch, i);
      guint n_columns = ef_schema_get_n_columns (ef_event_get_schema (event));
      g_autofree char *expected = g_strdup_printf ("event %u", first + i);
      g_autofree char *text = ef_event_dup_string (event, n_columns - 1);

      g_assert_cmpint (ef_event_get_timestamp (event), ==, first + i);
      g_assert_cmpstr (text, ==, expected);
    }
}

static void
test_detach (void)
{
  g_autoptr (EfBatch) batch = mixed_batch (5000);
  g_autoptr (EfBatch) detached = ef_batch_detach (batch);
  gsize size = ef_batch_get_size (batch);

  assert_batch (batch, 0, 5000);
  g_clear_pointer (&batch, ef_batch_unref);
  assert_batch (detached, 0, 5000);
  g_assert_cmpuint (ef_batch_get_size (detached), ==, size);
}

static void
test_slice (void)
{
  g_autoptr (EfBatch) batch = mixed_batch (100);
  g_autoptr (EfBatch) slice = ef_batch_slice (batch, 40, 20);
  g_autoptr (EfBatch) empty = ef_batch_slice (batch, 100, 0);

  g_clear_pointer (&batch, ef_batch_unref);
  assert_batch (slice, 40, 20);
  g_assert_cmpuint (ef_batch_get_n_events (empty), ==, 0);
}

static void
test_recycle (void)
{
  EfBatch *batch = mixed_batch (10);
  EfBatch *kept;
  EfBatch *next;

  next = ef_batch_recycle (batch);
  g_assert_true (next == batch);
  g_assert_cmpuint (ef_batch_get_n_events (next), ==, 0);

  /* What somebody keeps stays as it is. */
  ef_batch_append (next, ef_event_new_text (0, "event 0", -1));
  kept = ef_batch_ref (next);
  next = ef_batch_recycle (next);
  g_assert_true (next != kept);
  assert_batch (kept, 0, 1);

  ef_batch_unref (kept);
  ef_batch_unref (next);
}

/* Events that are kept while their batch and neighbours go. */
static void
test_kept_events (void)
{
  EfBatch *batch = mixed_batch (1000);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) ef_event_unref);

  for (guint i = 0; i < 1000; i += 7)
    g_ptr_array_add (kept, ef_event_ref (ef_batch_get_event (batch, i)));
  ef_batch_unref (batch);

  for (guint i = 0; i < kept->len; i++)
    g_assert_cmpint (ef_event_get_timestamp (kept->pdata[i]), ==, i * 7);
}

static void
count_settled (const GError *error, gpointer user_data)
{
  int *counts = user_data;

  counts[error != NULL]++;
}

static void
test_receipt (void)
{
  int counts[2] = { 0, 0 };
  g_autoptr (GError) failure = g_error_new_literal (EF_ERROR, EF_ERROR_DATA, "bad");
  EfReceipt *receipt = ef_receipt_new (count_settled, counts, NULL);
  EfBatch *batch = mixed_batch (10);
  EfBatch *slice, *detached;

  ef_batch_set_receipt (batch, receipt);
  ef_receipt_unref (receipt);
  slice = ef_batch_slice (batch, 0, 1);
  detached = ef_batch_detach (slice);
  ef_batch_unref (batch);
  ef_batch_unref (slice);
  g_assert_cmpint (counts[0] + counts[1], ==, 0);
  ef_batch_unref (detached);
  g_assert_cmpint (counts[0], ==, 1);

  receipt = ef_receipt_new (count_settled, counts, NULL);
  ef_receipt_fail (receipt, failure);
  ef_receipt_fail (receipt, failure);
  g_assert_cmpint (counts[1], ==, 0);
  ef_receipt_unref (receipt);
  g_assert_cmpint (counts[1], ==, 1);
}

static gpointer
unref_in_thread (gpointer data)
{
  ef_batch_unref (data);
  return NULL;
}

/* Batches made here go elsewhere while their events are let go of here. */
static void
test_threads (void)
{
  for (guint round = 0; round < 200; round++)
    {
      EfBatch *batch = mixed_batch (100);
      EfBatch *slice = ef_batch_slice (batch, 20, 60);
      GThread *thread = g_thread_new ("unref", unref_in_thread, batch);

      assert_batch (slice, 20, 60);
      ef_batch_unref (slice);
      g_thread_join (thread);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event/batch/detach", test_detach);
  g_test_add_func ("/event/batch/slice", test_slice);
  g_test_add_func ("/event/batch/recycle", test_recycle);
  g_test_add_func ("/event/batch/kept-events", test_kept_events);
  g_test_add_func ("/event/batch/receipt", test_receipt);
  g_test_add_func ("/event/batch/threads", test_threads);

  return g_test_run ();
}
