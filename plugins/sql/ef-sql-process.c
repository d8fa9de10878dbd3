/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-private.h"

/* Events on their way through the query, and what becomes of those for which it fails.
 *
 * Without a window, an event is rejected in its place, before the next one is looked at: when it is to be
 * tried again, it comes back with all that stand behind it, so they must not have been dealt with. As a
 * dead letter may be pushed at once, the database is unlocked for that. A query that changes tables has a
 * transaction around the events of a batch; it is committed before an event is rejected, and if that
 * fails, the events in it are rejected, with what was made of them. While all is well there is one lock,
 * one transaction and one batch, as if nothing could fail.
 *
 * A window has rows of several batches. What it can not answer, or can not take, waits until the batch is
 * done: nothing of it comes back, for the rows that were kept would be kept twice. */

/* Rejecting when the database is unlocked */

typedef struct
{
  EfEvent *event;
  GError *error;
} Rejected;

static void
rejected_clear (gpointer data)
{
  Rejected *rejected = data;

  ef_event_unref (rejected->event);
  g_error_free (rejected->error);
}

GArray *
ef_sql_rejected_new (void)
{
  GArray *rejected = g_array_new (FALSE, FALSE, sizeof (Rejected));

  g_array_set_clear_func (rejected, rejected_clear);

  return rejected;
}

/* Takes the error. */
void
ef_sql_reject_later (EfSql *self, EfEvent *event, GError *error)
{
  Rejected rejected = { ef_event_ref (event), error };

  g_array_append_val (self->rejected, rejected);
}

static void
put_rejected_aside (EfSql *self)
{
  g_autoptr (GArray) rejected = NULL;

  if (self->rejected->len == 0)
    return;

  rejected = g_steal_pointer (&self->rejected);
  self->rejected = ef_sql_rejected_new ();
  for (guint i = 0; i < rejected->len; i++)
    {
      Rejected *each = &g_array_index (rejected, Rejected, i);

      if (!ef_element_reject_event (EF_ELEMENT (self), each->event, each->error))
        break;
    }
}

static gboolean
is_loss_fatal (EfSql *self, const GError *error)
{
  EfErrorStrategy strategy;

  if (!g_error_matches (error, EF_ERROR, EF_ERROR_RESOURCE))
    return FALSE;

  g_object_get (self, "error-strategy", &strategy, NULL);

  return strategy != EF_ERROR_STRATEGY_RETRY && ef_element_is_loss_fatal (EF_ELEMENT (self));
}

/* Rejects events, in order. A database that can not be written to is the end of the pipeline, as a file is,
 * unless somebody has said what is to become of the events. Gives FALSE if the rest of the batch is to be
 * left. */
static gboolean
reject (EfSql *self, EfEvent *const *events, guint n_events, const GError *error)
{
  if (is_loss_fatal (self, error))
    {
      self->is_lost = TRUE;
      ef_element_post_error (EF_ELEMENT (self), error, NULL);
      return FALSE;
    }

  for (guint i = 0; i < n_events; i++)
    if (!ef_element_reject_event (EF_ELEMENT (self), events[i], error))
      return FALSE;

  return TRUE;
}

/* Using the database */

static void
lock (EfSql *self, gint64 now)
{
  g_mutex_lock (&self->setup.database->lock);
  self->setup.database->scope.now = now;
}

static gint64
get_now (EfSql *self)
{
  return ef_clock_get_real_time (ef_element_get_clock (EF_ELEMENT (self))) / 1000;
}

void
ef_sql_begin (EfSql *self)
{
  lock (self, get_now (self));
  self->out = ef_batch_new ();
}

/* Ends what ef_sql_begin() began and gives what was made meanwhile. */
EfBatch *
ef_sql_end (EfSql *self)
{
  if (self->query != NULL)
    ef_sql_query_flush (self->query);
  g_mutex_unlock (&self->setup.database->lock);

  if (self->window != NULL)
    {
      g_atomic_int_set (&self->n_rows, (gint) ef_sql_window_get_n_rows (self->window));
      g_atomic_int_set (&self->n_late, (gint) ef_sql_window_get_n_late (self->window));
    }
  put_rejected_aside (self);

  return g_steal_pointer (&self->out);
}

static inline void
look_at_schema (EfSql *self, EfEvent *event)
{
  if (G_UNLIKELY (self->seen != ef_event_get_schema (event)))
    ef_sql_adopt_schema (self, ef_event_get_schema (event));
}

/* Begins one for the events from @next on, if the query that is for them changes anything. */
static gboolean
begin_transaction (EfSql *self, EfEvent *next)
{
  look_at_schema (self, next);

  return self->query != NULL && ef_sql_query_is_writing (self->query) &&
         ef_sql_database_begin (self->setup.database);
}

/* Events without a window */

typedef struct
{
  EfSql *self;
  EfEvent *const *events;
  guint n_events;
  guint first;             /* of the transaction */
  gboolean in_transaction;
  gint64 now;
  EfBatch *made;           /* before the transaction */
} Run;

static void
start (Run *run, guint first)
{
  lock (run->self, run->now);
  run->first = first;
  run->in_transaction =
    first < run->n_events && begin_transaction (run->self, run->events[first]);
}

static void
append_events (EfBatch *batch, EfBatch *other)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (other, &n_events);

  for (guint i = 0; i < n_events; i++)
    ef_batch_append (batch, ef_event_ref (events[i]));
}

/* Keeps what was made in a transaction that is over: nearly always there is nothing before it. */
static void
keep_made (Run *run)
{
  EfSql *self = run->self;

  if (self->query != NULL)
    ef_sql_query_flush (self->query);
  if (ef_batch_get_n_events (run->made) == 0)
    {
      EfBatch *empty = run->made;

      run->made = self->out;
      self->out = empty;
      return;
    }

  append_events (run->made, self->out);
  self->out = ef_batch_recycle (self->out);
}

/* Ends the transaction of the events up to @end, and unlocks the database. If it can not be committed, or
 * SQLite has rolled it back already, because of @reason, its events are rejected. */
static gboolean
stop (Run *run, guint end, const GError *reason)
{
  EfSql *self = run->self;
  g_autoptr (GError) error = NULL;
  gboolean kept = !run->in_transaction ||
                  ef_sql_database_commit (self->setup.database, reason, &error);

  g_mutex_unlock (&self->setup.database->lock);

  if (kept)
    {
      if (run->in_transaction)
        keep_made (run);
      return TRUE;
    }

  self->out = ef_batch_recycle (self->out);

  return reject (self, run->events + run->first, end - run->first, error);
}

static gboolean
process_event (EfSql *self, EfEvent *event, GError **error)
{
  look_at_schema (self, event);

  if (G_LIKELY (self->misfit == NULL))
    return ef_sql_query_run_event (self->query, event, self->out, error);

  g_propagate_error (error, g_error_copy (self->misfit));

  return FALSE;
}

/* Answers the query for each event. */
EfBatch *
ef_sql_process_events (EfSql *self, EfBatch *batch)
{
  Run run = { .self = self, .now = get_now (self), .made = ef_batch_new () };
  gboolean going_on = TRUE;

  /* What comes until the pipeline is down finds no database: that was told. */
  if (G_UNLIKELY (self->is_lost))
    return run.made;

  run.events = ef_batch_peek_events (batch, &run.n_events);
  self->out = ef_batch_new ();
  start (&run, 0);
  for (guint i = 0; i < run.n_events; i++)
    {
      g_autoptr (GError) error = NULL;

      if (G_LIKELY (process_event (self, run.events[i], &error)))
        continue;

      going_on = stop (&run, i, error) && reject (self, run.events + i, 1, error);
      if (!going_on)
        break;
      start (&run, i + 1);
    }
  if (going_on)
    stop (&run, run.n_events, NULL);
  keep_made (&run);
  g_clear_pointer (&self->out, ef_batch_unref);

  return run.made;
}

/* Rows of a window */

static GError *
make_window_error (EfSql *self, EfSqlWindowResult result)
{
  switch (result)
    {
    case EF_SQL_WINDOW_LATE:
      return g_error_new (EF_ERROR, EF_ERROR_DATA,
                          "the row is late: the window of its “%s” is closed",
                          self->setup.window->column);
    case EF_SQL_WINDOW_NO_TIME:
      return g_error_new (EF_ERROR, EF_ERROR_DATA, "the row has no time: its “%s” is NULL",
                          self->setup.window->column);
    case EF_SQL_WINDOW_FULL:
    case EF_SQL_WINDOW_ADDED:
    default:
      return g_error_new (EF_ERROR, EF_ERROR_DATA, "the window is full: window-max-rows is %u",
                          self->settings.window_max_rows);
    }
}

static void
process_row (EfSql *self, EfEvent *event)
{
  EfSqlWindowResult result;

  look_at_schema (self, event);

  if (G_UNLIKELY (self->misfit != NULL))
    {
      ef_sql_reject_later (self, event, g_error_copy (self->misfit));
      return;
    }

  result = ef_sql_window_add (self->window, event);
  if (result != EF_SQL_WINDOW_ADDED)
    ef_sql_reject_later (self, event, make_window_error (self, result));
}

/* Has the window take each event. */
EfBatch *
ef_sql_process_rows (EfSql *self, EfBatch *batch)
{
  g_autoptr (GError) error = NULL;
  gboolean in_transaction;
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  ef_sql_begin (self);
  in_transaction = n_events > 0 && begin_transaction (self, events[0]);
  for (guint i = 0; i < n_events; i++)
    process_row (self, events[i]);
  if (in_transaction && !ef_sql_database_commit (self->setup.database, NULL, &error))
    ef_element_post_error (EF_ELEMENT (self), error, NULL);

  return ef_sql_end (self);
}
