/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-element-private.h"
#include "ef-error.h"
#include "ef-pad-private.h"
#include "ef-relaxed-private.h"

/* Events that are tried again. An event that waits for its next try keeps its place: what stands behind
 * it in its batch waits with it, and so does what comes meanwhile, which is little, as the input is
 * held. While nothing waits, all this costs nothing: then the input pad calls the element itself. */

typedef struct
{
  EfBatch *batch;
  EfMarker *marker; /* instead */
} Item;

struct _EfRetry
{
  GQueue items;         /* what waits, in order */
  EfEvent *event;       /* unowned: the first of all, which has failed */
  GError *error;        /* the last time */
  EfEvent *trial;       /* unowned: what is being tried again at this moment */
  EfBackoff backoff;
  GSource *timer;       /* until the next try */
  GSource *run;         /* of what waits for nothing any more */
  gboolean deferring;   /* what comes is put behind the others */
};

static void run (EfElement *self);

static void
item_free (gpointer data)
{
  Item *item = data;

  g_clear_pointer (&item->batch, ef_batch_unref);
  g_clear_pointer (&item->marker, ef_marker_unref);
  g_free (item);
}

static EfRetry *
get_retry (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  if (priv->retry == NULL)
    {
      priv->retry = g_new0 (EfRetry, 1);
      g_queue_init (&priv->retry->items);
    }

  return priv->retry;
}

/* Whether the event that the element has in hand is to wait, so that those behind it must. */
gboolean
ef_element_is_retrying (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  return priv->retry != NULL && priv->retry->event != NULL && priv->sink->batch != NULL;
}

/* Putting off. */

static void
put_off (EfElement *self, EfBatch *batch, EfMarker *marker)
{
  Item *item = g_new0 (Item, 1);

  item->batch = batch;
  item->marker = marker;
  g_queue_push_tail (&get_retry (self)->items, item);
}

static void
defer_batch (EfElement *self, EfBatch *batch)
{
  put_off (self, ef_batch_detach (batch), NULL);
}

static void
defer_marker (EfElement *self, EfMarker *marker)
{
  put_off (self, NULL, ef_marker_ref (marker));
}

/* Has what comes wait until ef_element_resume_input(). */
void
ef_element_defer_input (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfRetry *retry = get_retry (self);

  if (retry->deferring)
    return;

  retry->deferring = TRUE;
  priv->sink->process = defer_batch;
  priv->sink->marker = defer_marker;
  ef_element_set_hold (self, EF_HOLD_RETRY, TRUE);
}

static void
stop_deferring (EfElement *self)
{
  EfElementClass *klass = EF_ELEMENT_GET_CLASS (self);
  EfElementPrivate *priv = ef_element_get_private (self);

  if (!priv->retry->deferring)
    return;

  priv->retry->deferring = FALSE;
  priv->sink->process = klass->process;
  priv->sink->marker = klass->marker;
  ef_element_set_hold (self, EF_HOLD_RETRY, FALSE);
}

/* Going on. */

static gboolean
can_run (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  return priv->retry->timer == NULL && priv->letters.undelivered == NULL
         && (priv->holds & ~(guint) EF_HOLD_RETRY) == 0 && ef_relaxed_get (&priv->sink->flowing);
}

static gboolean
on_run (gpointer user_data)
{
  EfElement *self = user_data;

  ef_clear_source (&ef_element_get_private (self)->retry->run);
  run (self);

  return G_SOURCE_REMOVE;
}

/* Something that what waits may have waited for is over. */
void
ef_element_resume_input (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfRetry *retry = priv->retry;

  if (retry == NULL || !retry->deferring || retry->run != NULL || !can_run (self))
    return;

  retry->run = g_idle_source_new ();
  g_source_set_static_name (retry->run, "[EventFlux] what waited behind a retry");
  g_source_set_priority (retry->run, G_PRIORITY_DEFAULT);
  g_source_set_callback (retry->run, on_run, self, NULL);
  g_source_attach (retry->run, priv->context);
}

static gboolean
on_timer (gpointer user_data)
{
  EfElement *self = user_data;

  ef_clear_source (&ef_element_get_private (self)->retry->timer);
  run (self);

  return G_SOURCE_REMOVE;
}

static void
end_trial (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  if (priv->retry->trial == NULL)
    return;

  priv->retry->trial = NULL;
  ef_relaxed_add (&priv->counts.n_recovered, 1);
}

static void
run_item (EfElement *self, Item *item)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfRetry *retry = priv->retry;

  if (item->marker != NULL)
    {
      ef_pad_deliver_marker (priv->sink, item->marker);
      return;
    }

  retry->trial = g_steal_pointer (&retry->event);
  g_clear_error (&retry->error);
  ef_pad_deliver_batch (priv->sink, item->batch);
  end_trial (self);
}

/* Gives the element what waits, until something has to wait again. */
static void
run (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  if (ef_element_is_busy (self))
    {
      ef_element_recall (self); /* a handler iterates the context within a push */
      return;
    }

  g_object_ref (self);
  while (!g_queue_is_empty (&priv->retry->items) && can_run (self))
    {
      Item *item = g_queue_pop_head (&priv->retry->items);

      run_item (self, item);
      item_free (item);
    }

  if (g_queue_is_empty (&priv->retry->items) && can_run (self))
    stop_deferring (self);
  g_object_unref (self);
}

/* Failing. */

static gboolean
find_event (EfBatch *batch, EfEvent *event, guint *index)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  for (*index = 0; *index < n_events; (*index)++)
    if (events[*index] == event)
      return TRUE;

  return FALSE;
}

/* A batch from an event on, as it is kept beyond the call that brought it. */
static EfBatch *
keep_from (EfBatch *batch, guint index)
{
  g_autoptr (EfBatch) rest = NULL;

  if (index == 0)
    return ef_batch_detach (batch);

  rest = ef_batch_slice (batch, index, ef_batch_get_n_events (batch) - index);

  return ef_batch_detach (rest);
}

/* Has an event of the batch that is being processed wait for another try, with all that is behind it.
 * %FALSE if it has had its tries, or is not of that batch. */
gboolean
ef_element_retry_event (EfElement *self, EfEvent *event, const GError *error)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfBatch *batch = priv->sink != NULL ? priv->sink->batch : NULL;
  EfRetry *retry = get_retry (self);
  Item *item;
  guint index;
  gint64 delay;

  if (batch == NULL || !find_event (batch, event, &index))
    return FALSE;

  if (event != retry->trial)
    {
      end_trial (self);
      ef_retry_options_start (&priv->policy.retry, &retry->backoff);
    }
  if (!ef_backoff_next (&retry->backoff, &delay))
    return FALSE;

  item = g_new0 (Item, 1);
  item->batch = keep_from (batch, index);
  g_queue_push_head (&retry->items, item);
  retry->trial = NULL;
  retry->event = ef_batch_get_event (item->batch, 0);
  retry->error = g_error_copy (error);
  ef_relaxed_add (&priv->counts.n_retried, 1);

  retry->timer = ef_clock_create_timeout (ef_element_get_clock (self), delay);
  g_source_set_static_name (retry->timer, "[EventFlux] event tried again");
  g_source_set_callback (retry->timer, on_timer, self, NULL);
  g_source_attach (retry->timer, priv->context);
  ef_element_defer_input (self);
  ef_element_tell_wait (self, error, &retry->backoff, delay);

  return TRUE;
}

/* How many times an event has been tried that is given up now. */
guint
ef_element_take_tries (EfElement *self, EfEvent *event)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfRetry *retry = priv->retry;

  if (priv->sink != NULL && priv->sink->batch == NULL && priv->operation.n_tries > 0)
    return priv->operation.n_tries;
  if (retry == NULL || retry->trial == NULL)
    return 1;

  if (retry->trial != event)
    {
      end_trial (self);
      return 1;
    }

  retry->trial = NULL;

  return ef_backoff_get_attempts (&retry->backoff) + 1;
}

/* Ending. */

/* Nothing is tried until the element plays again; then at once. */
void
ef_element_pause_retries (EfElement *self)
{
  EfRetry *retry = ef_element_get_private (self)->retry;

  if (retry == NULL)
    return;

  ef_clear_source (&retry->timer);
  ef_clear_source (&retry->run);
}

static void
drop_batch (EfElement *self, EfBatch *batch, guint n_handled)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfReceipt *receipt = ef_batch_get_receipt (batch);
  g_autoptr (GError) error = NULL;
  guint n_dropped = ef_batch_get_n_events (batch) - n_handled;

  if (n_dropped == 0)
    return;

  ef_relaxed_add (&priv->sink->n_dropped, n_dropped);
  error = g_error_new (EF_ERROR, EF_ERROR_STATE,
                       "stopped while %u events waited behind one that was to be tried again; they "
                       "are dropped",
                       n_dropped);
  if (receipt != NULL)
    ef_receipt_fail (receipt, error);
  ef_element_tell (self, error, NULL, priv->policy.log_level);
}

/* The element stops: the event that waits goes where those go that retries do not help, and what is
 * behind it can not be processed any more. */
void
ef_element_end_retries (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfRetry *retry = priv->retry;
  Item *item;

  if (retry == NULL)
    return;

  ef_element_pause_retries (self);
  while ((item = g_queue_pop_head (&retry->items)) != NULL)
    {
      EfEvent *event = g_steal_pointer (&retry->event);
      g_autoptr (GError) error = g_steal_pointer (&retry->error);

      if (event != NULL)
        ef_element_settle_event (self, event, error, ef_backoff_get_attempts (&retry->backoff),
                                 EF_REJECT_STOPPING);
      if (item->batch != NULL)
        drop_batch (self, item->batch, event != NULL ? 1 : 0);
      item_free (item);
    }
  stop_deferring (self);
}

void
ef_element_free_retry (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  if (priv->retry == NULL)
    return;

  g_assert (g_queue_is_empty (&priv->retry->items));
  g_clear_error (&priv->retry->error);
  g_clear_pointer (&priv->retry, g_free);
}
