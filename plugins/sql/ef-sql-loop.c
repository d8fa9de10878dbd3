/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-loop.h"

/* It belongs to a pipeline and a stream, and is there as long as one of its ends is. What is pushed
 * may come from another thread than what is popped. */
struct _EfSqlLoop
{
  gatomicrefcount ref_count;
  char *key;

  GMutex lock;
  GSource *reader; /* woken when there is something to pop; NULL while nobody pops */
  guint max_events;
  GQueue batches;
  guint n_events;
};

G_LOCK_DEFINE_STATIC (loops);
static GHashTable *loops;

/* Finds the loop of a stream in the pipeline that is told by @owner, or makes it. */
EfSqlLoop *
ef_sql_loop_open (gpointer owner, const char *stream)
{
  g_autofree char *name = g_ascii_strdown (stream, -1);
  g_autofree char *key = g_strdup_printf ("%p %s", owner, name);
  EfSqlLoop *self;

  G_LOCK (loops);
  if (loops == NULL)
    loops = g_hash_table_new (g_str_hash, g_str_equal);

  self = g_hash_table_lookup (loops, key);
  if (self != NULL)
    g_atomic_ref_count_inc (&self->ref_count);
  else
    {
      self = g_new0 (EfSqlLoop, 1);
      g_atomic_ref_count_init (&self->ref_count);
      g_mutex_init (&self->lock);
      g_queue_init (&self->batches);
      self->key = g_steal_pointer (&key);
      g_hash_table_insert (loops, self->key, self);
    }
  G_UNLOCK (loops);

  return self;
}

void
ef_sql_loop_unref (EfSqlLoop *self)
{
  gboolean last;

  G_LOCK (loops);
  last = g_atomic_ref_count_dec (&self->ref_count);
  if (last)
    g_hash_table_remove (loops, self->key);
  G_UNLOCK (loops);

  if (!last)
    return;

  g_queue_clear_full (&self->batches, (GDestroyNotify) ef_batch_unref);
  g_mutex_clear (&self->lock);
  g_free (self->key);
  g_free (self);
}

/* Says who pops, and how many events may wait for that. */
void
ef_sql_loop_attach (EfSqlLoop *self, GSource *reader, guint max_events)
{
  g_mutex_lock (&self->lock);
  self->reader = reader;
  self->max_events = max_events;
  g_mutex_unlock (&self->lock);
}

/* Nobody pops any more: what waits is let go of, and what comes too. */
void
ef_sql_loop_detach (EfSqlLoop *self)
{
  g_mutex_lock (&self->lock);
  self->reader = NULL;
  self->n_events = 0;
  g_queue_clear_full (&self->batches, (GDestroyNotify) ef_batch_unref);
  g_mutex_unlock (&self->lock);
}

/* Takes a batch, unless too many events wait. To hold who pushes instead would have the stream wait
 * for itself. */
gboolean
ef_sql_loop_push (EfSqlLoop *self, EfBatch *batch, GError **error)
{
  guint n_events = ef_batch_get_n_events (batch);
  gboolean fits;

  g_mutex_lock (&self->lock);
  fits = self->reader == NULL || self->n_events + n_events <= self->max_events;
  if (fits && self->reader != NULL)
    {
      g_queue_push_tail (&self->batches, ef_batch_detach (batch));
      self->n_events += n_events;
      g_source_set_ready_time (self->reader, 0);
    }
  if (!fits)
    g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE,
                 "no room for %u events that come back to the stream: %u wait, and max-events is %u",
                 n_events, self->n_events, self->max_events);
  g_mutex_unlock (&self->lock);

  return fits;
}

/* What came first, or %NULL. */
EfBatch *
ef_sql_loop_pop (EfSqlLoop *self)
{
  EfBatch *batch;

  g_mutex_lock (&self->lock);
  batch = g_queue_pop_head (&self->batches);
  if (batch != NULL)
    self->n_events -= ef_batch_get_n_events (batch);
  g_mutex_unlock (&self->lock);

  return batch;
}
