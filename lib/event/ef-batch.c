/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-boxed-private.h"
#include "ef-event-private.h"

#include <string.h>

EF_DEFINE_BOXED_TYPE (EfBatch, ef_batch, ef_batch_ref, ef_batch_unref)

/**
 * ef_batch_new:
 *
 * Makes an empty batch.
 *
 * Returns: (transfer full): a new batch
 */
EfBatch *
ef_batch_new (void)
{
  EfBatch *self = g_new0 (EfBatch, 1);

  self->ref_count = 1;

  return self;
}

/* Lets go of the events. Those that nobody else holds are dropped from their arena together: one
 * atomic operation a batch where one an event, and another one for its arena, cost 10 ns a message. */
static void
drop_events (EfBatch *self)
{
  EfArena *arena = NULL;
  guint n_gone = 0;

  for (guint i = 0; i < self->n_events; i++)
    {
      EfEvent *event = self->events[i];

      if (event->arena != arena)
        {
          if (n_gone > 0)
            ef_arena_drop (arena, n_gone);
          arena = event->arena;
          n_gone = 0;
        }

      /* The last holder needs no atomic decrement: nobody else can take a reference any more. */
      if (g_atomic_int_get (&event->ref_count) == 1
          || g_atomic_int_dec_and_test (&event->ref_count))
        n_gone++;
    }

  if (n_gone > 0)
    ef_arena_drop (arena, n_gone);
  self->n_events = 0;
}

/**
 * ef_batch_ref:
 * @self: a batch
 *
 * Takes a reference. May be called from any thread.
 *
 * Returns: (transfer full): @self
 */
EfBatch *
ef_batch_ref (EfBatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

/**
 * ef_batch_unref:
 * @self: (transfer full): a batch
 *
 * Drops a reference. May be called from any thread.
 */
void
ef_batch_unref (EfBatch *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  drop_events (self);
  g_clear_pointer (&self->receipt, ef_receipt_unref);
  g_free (self->events);
  g_free (self);
}

/**
 * ef_batch_recycle: (skip)
 * @self: (transfer full): a batch that was pushed
 *
 * Lets go of a batch and gets an empty one: the same again if nobody kept it. A source that calls
 * this after each push allocates no batches while events flow.
 *
 * Returns: (transfer full): an empty batch
 */
EfBatch *
ef_batch_recycle (EfBatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (g_atomic_int_get (&self->ref_count) != 1)
    {
      ef_batch_unref (self);
      return ef_batch_new ();
    }

  drop_events (self);
  g_clear_pointer (&self->receipt, ef_receipt_unref);

  return self;
}

void
ef_batch_grow (EfBatch *self)
{
  self->allocated = MAX (16, self->allocated * 2);
  self->events = g_renew (EfEvent *, self->events, self->allocated);
}

/**
 * ef_batch_append:
 * @self: a batch that was not yet pushed
 * @event: (transfer full): an event
 *
 * Adds an event.
 */
void
ef_batch_append (EfBatch *self, EfEvent *event)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (event != NULL);

  ef_batch_append_inline (self, event);
}

/**
 * ef_batch_get_n_events:
 * @self: a batch
 *
 * How many events there are.
 *
 * Returns: the number of events
 */
guint
ef_batch_get_n_events (EfBatch *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_events;
}

/**
 * ef_batch_get_event:
 * @self: a batch
 * @index: which event, counted from 0
 *
 * An event of the batch.
 *
 * Returns: (transfer none): the event
 */
EfEvent *
ef_batch_get_event (EfBatch *self, guint index)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (index < self->n_events, NULL);

  return self->events[index];
}

/**
 * ef_batch_peek_events: (skip)
 * @self: a batch
 * @n_events: (out): return location for the number of events
 *
 * All events of the batch.
 *
 * Returns: (transfer none): an array that lives as long as the batch
 */
EfEvent *const *
ef_batch_peek_events (EfBatch *self, guint *n_events)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (n_events != NULL, NULL);

  *n_events = self->n_events;

  return self->events;
}

/**
 * ef_batch_get_size:
 * @self: a batch
 *
 * How much memory the events take, as [method@EventFlux.Event.get_size] counts it.
 *
 * Returns: a number of bytes
 */
gsize
ef_batch_get_size (EfBatch *self)
{
  gsize size = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->n_events; i++)
    size += ef_event_get_size (self->events[i]);

  return size;
}

/**
 * ef_batch_get_receipt:
 * @self: a batch
 *
 * The receipt that tells the source what became of these events.
 *
 * Returns: (transfer none) (nullable): the receipt, or %NULL if nobody wants to be told
 */
EfReceipt *
ef_batch_get_receipt (EfBatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->receipt;
}

/**
 * ef_batch_set_receipt:
 * @self: a batch that was not yet pushed
 * @receipt: (nullable): the receipt of these events
 *
 * Has the batch hold a receipt until it is gone.
 */
void
ef_batch_set_receipt (EfBatch *self, EfReceipt *receipt)
{
  g_return_if_fail (self != NULL);

  if (receipt != NULL)
    ef_receipt_ref (receipt);
  g_clear_pointer (&self->receipt, ef_receipt_unref);
  self->receipt = receipt;
}

/* Whether who keeps the events from @first on can keep the batch itself, as that takes no more than
 * twice the memory of a copy. Arenas that are shared with another batch count in full. */
gboolean
ef_batch_is_compact (EfBatch *self, guint first)
{
  EfArena *arena = NULL;
  gsize needed = 0;
  gsize held = 0;

  for (guint i = 0; i < self->n_events; i++)
    {
      EfEvent *event = self->events[i];

      if (event->arena != arena)
        {
          arena = event->arena;
          held += sizeof (EfArena) + arena->size;
          /* How large what is pinned is, only its owner knows. */
          if (arena->pinned != NULL)
            return FALSE;
        }
      if (i >= first)
        needed += ef_event_get_copy_size (event);
    }

  return held <= 2 * needed;
}

/* How many events from @first on can lie in one arena, which keeps one schema, and how much room
 * they take there. */
static guint
measure_run (EfBatch *self, guint first, gsize *size, EfSchema **schema)
{
  guint n = 0;

  *size = 0;
  *schema = NULL;

  for (guint i = first; i < self->n_events; i++, n++)
    {
      EfEvent *event = self->events[i];

      if (!ef_schema_is_immortal (event->schema))
        {
          if (*schema != NULL && *schema != event->schema)
            break;
          *schema = event->schema;
        }
      *size += ef_event_get_copy_size (event);
    }

  return n;
}

/**
 * ef_batch_detach:
 * @self: a batch
 *
 * Gets the same events in memory of their own, for keeping: no more of it than they need. The
 * receipt is passed on.
 *
 * Returns: (transfer full): a new batch
 */
EfBatch *
ef_batch_detach (EfBatch *self)
{
  EfBatch *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = ef_batch_new ();
  copy->allocated = self->n_events;
  copy->events = g_new (EfEvent *, self->n_events);
  ef_batch_set_receipt (copy, self->receipt);

  for (guint i = 0; i < self->n_events;)
    {
      EfSchema *schema;
      gsize size;
      guint n = measure_run (self, i, &size, &schema);
      EfArena *arena = ef_arena_new (size, schema);

      for (; n > 0; n--)
        copy->events[copy->n_events++] = ef_event_copy_into (self->events[i++], arena);
      ef_arena_disown (arena);
    }

  return copy;
}

/**
 * ef_batch_slice:
 * @self: a batch
 * @first: the first event to take
 * @n_events: how many to take
 *
 * Makes a batch of some of the events, which it shares with @self. The receipt is passed on.
 *
 * Returns: (transfer full): a new batch
 */
EfBatch *
ef_batch_slice (EfBatch *self, guint first, guint n_events)
{
  EfBatch *slice;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (first <= self->n_events, NULL);
  g_return_val_if_fail (n_events <= self->n_events - first, NULL);

  slice = ef_batch_new ();
  slice->allocated = slice->n_events = n_events;
  slice->events = g_new (EfEvent *, n_events);
  for (guint i = 0; i < n_events; i++)
    slice->events[i] = ef_event_ref (self->events[first + i]);
  ef_batch_set_receipt (slice, self->receipt);

  return slice;
}
