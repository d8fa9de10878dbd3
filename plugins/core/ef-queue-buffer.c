/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-queue-buffer.h"

#define DEFAULT_MAX_EVENTS 10000
#define DEFAULT_MAX_BYTES (16 * 1024 * 1024)

/* What waits between two threads. One adds at one end, the other takes at the other end all that
 * has come so far, and looks at that without the lock. */
struct _EfQueueBuffer
{
  GMutex lock;             /* of all but what is leaving; held for a few instructions */
  guint max_events;
  guint64 max_bytes;
  GArray *coming;          /* of EfQueueItem */
  guint n_items;           /* of all that has not left, as the next two */
  guint level_events;
  gsize level_bytes;
  guint peak_events;
  gsize peak_bytes;
  gboolean awake;          /* the taker looks at what is coming by itself */
  gboolean holding;        /* EF_QUEUE_HOLD was said, EF_QUEUE_RELEASE was not */
  gboolean awaiting_empty;

  GArray *leaving;         /* of EfQueueItem; the taker's */
  guint next;              /* the first of them that was not taken */
};

static void
item_clear (gpointer data)
{
  EfQueueItem *item = data;

  g_clear_pointer (&item->batch, ef_batch_unref);
  g_clear_pointer (&item->marker, ef_marker_unref);
}

static GArray *
items_new (void)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (EfQueueItem));

  g_array_set_clear_func (items, item_clear);

  return items;
}

EfQueueBuffer *
ef_queue_buffer_new (void)
{
  EfQueueBuffer *self = g_new0 (EfQueueBuffer, 1);

  g_mutex_init (&self->lock);
  self->max_events = DEFAULT_MAX_EVENTS;
  self->max_bytes = DEFAULT_MAX_BYTES;
  self->coming = items_new ();
  self->leaving = items_new ();

  return self;
}

void
ef_queue_buffer_free (EfQueueBuffer *self)
{
  g_array_unref (self->coming);
  g_array_unref (self->leaving);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
ef_queue_buffer_set_max_events (EfQueueBuffer *self, guint max_events)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = self->max_events != max_events;
  self->max_events = max_events;
  g_mutex_unlock (&self->lock);

  return changed;
}

gboolean
ef_queue_buffer_set_max_bytes (EfQueueBuffer *self, guint64 max_bytes)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = self->max_bytes != max_bytes;
  self->max_bytes = max_bytes;
  g_mutex_unlock (&self->lock);

  return changed;
}

guint
ef_queue_buffer_get_max_events (EfQueueBuffer *self)
{
  return self->max_events;
}

guint64
ef_queue_buffer_get_max_bytes (EfQueueBuffer *self)
{
  return self->max_bytes;
}

static gboolean
is_full_locked (EfQueueBuffer *self)
{
  return self->level_events >= self->max_events || self->level_bytes >= self->max_bytes;
}

/* What this thread is to be told. */
static EfQueueNews
get_news_locked (EfQueueBuffer *self)
{
  EfQueueNews news = 0;

  if (self->holding && self->level_events <= self->max_events / 2
      && self->level_bytes <= self->max_bytes / 2)
    news |= EF_QUEUE_RELEASE;
  if (self->awaiting_empty && self->n_items == 0)
    news |= EF_QUEUE_EMPTY;

  return news;
}

static void
count_locked (EfQueueBuffer *self, const EfQueueItem *item)
{
  self->n_items++;
  self->level_events += item->n_events;
  self->level_bytes += item->n_bytes;
  self->peak_events = MAX (self->peak_events, self->level_events);
  self->peak_bytes = MAX (self->peak_bytes, self->level_bytes);
}

/* Adds a batch, of which a copy is kept as it may lie in a larger buffer, or a marker. */
EfQueueNews
ef_queue_buffer_add (EfQueueBuffer *self, EfBatch *batch, EfMarker *marker)
{
  EfQueueItem item = { NULL };
  EfQueueNews news = 0;

  if (batch != NULL)
    {
      item.batch = ef_batch_detach (batch);
      item.n_events = ef_batch_get_n_events (batch);
      item.n_bytes = ef_batch_get_size (batch);
    }
  else
    {
      item.marker = ef_marker_ref (marker);
    }

  g_mutex_lock (&self->lock);

  g_array_append_val (self->coming, item);
  count_locked (self, &item);

  if (!self->holding && is_full_locked (self))
    {
      self->holding = TRUE;
      news |= EF_QUEUE_HOLD;
    }
  if (!self->awake)
    {
      self->awake = TRUE;
      news |= EF_QUEUE_WAKE;
    }

  g_mutex_unlock (&self->lock);

  return news;
}

/* Exchanges the empty array for the one that was filled meanwhile: one lock for all that has come.
 * If nothing has, the next thing that comes is to wake the taker. */
static gboolean
fetch (EfQueueBuffer *self)
{
  GArray *empty = self->leaving;

  g_array_set_size (empty, 0);
  self->next = 0;

  g_mutex_lock (&self->lock);
  self->leaving = self->coming;
  self->coming = empty;
  self->awake = self->leaving->len > 0;
  g_mutex_unlock (&self->lock);

  return self->leaving->len > 0;
}

/* Takes the next item, if there is one. It counts until ef_queue_buffer_item_left(). */
gboolean
ef_queue_buffer_take (EfQueueBuffer *self, EfQueueItem *item)
{
  EfQueueItem *place;

  if (self->next == self->leaving->len && !fetch (self))
    return FALSE;

  place = &g_array_index (self->leaving, EfQueueItem, self->next++);
  *item = *place;
  *place = (EfQueueItem){ NULL };

  return TRUE;
}

/* Lets go of an item that was pushed on, and says what the thread before the queue is to be
 * told. */
EfQueueNews
ef_queue_buffer_item_left (EfQueueBuffer *self, EfQueueItem *item)
{
  EfQueueNews news;

  g_mutex_lock (&self->lock);
  self->n_items--;
  self->level_events -= item->n_events;
  self->level_bytes -= item->n_bytes;
  news = get_news_locked (self);
  g_mutex_unlock (&self->lock);

  item_clear (item);

  return news;
}

/* What the thread before the queue has to do now. It is said once. */
EfQueueNews
ef_queue_buffer_take_news (EfQueueBuffer *self)
{
  EfQueueNews news;

  g_mutex_lock (&self->lock);
  news = get_news_locked (self);
  if (news & EF_QUEUE_RELEASE)
    self->holding = FALSE;
  if (news & EF_QUEUE_EMPTY)
    self->awaiting_empty = FALSE;
  g_mutex_unlock (&self->lock);

  return news;
}

/* The taker was woken and looks at what is coming. */
void
ef_queue_buffer_set_awake (EfQueueBuffer *self)
{
  g_mutex_lock (&self->lock);
  self->awake = TRUE;
  g_mutex_unlock (&self->lock);
}

/* Asks to be told when nothing is left, unless that is so. */
gboolean
ef_queue_buffer_await_empty (EfQueueBuffer *self)
{
  gboolean wait;

  g_mutex_lock (&self->lock);
  wait = self->n_items > 0;
  self->awaiting_empty = wait;
  g_mutex_unlock (&self->lock);

  return wait;
}

static void
drop_items (GArray *items, const GError *error)
{
  for (guint i = 0; i < items->len; i++)
    {
      EfBatch *batch = g_array_index (items, EfQueueItem, i).batch;
      EfReceipt *receipt = batch != NULL ? ef_batch_get_receipt (batch) : NULL;

      if (receipt != NULL)
        ef_receipt_fail (receipt, error);
    }

  g_array_unref (items);
}

/* Drops all, and begins anew. Called while nothing is being taken. Receipts settle outside of the
 * lock, as they call who knows whom. */
void
ef_queue_buffer_drop (EfQueueBuffer *self, const GError *error)
{
  GArray *leaving = self->leaving;
  GArray *coming;

  self->leaving = items_new ();
  self->next = 0;

  g_mutex_lock (&self->lock);
  coming = self->coming;
  self->coming = items_new ();
  self->n_items = 0;
  self->level_events = self->peak_events = 0;
  self->level_bytes = self->peak_bytes = 0;
  self->awake = FALSE;
  self->holding = FALSE;
  self->awaiting_empty = FALSE;
  g_mutex_unlock (&self->lock);

  drop_items (leaving, error);
  drop_items (coming, error);
}

void
ef_queue_buffer_add_stats (EfQueueBuffer *self, GVariantDict *stats)
{
  g_mutex_lock (&self->lock);
  g_variant_dict_insert (stats, "level-events", "u", self->level_events);
  g_variant_dict_insert (stats, "level-bytes", "t", (guint64) self->level_bytes);
  g_variant_dict_insert (stats, "peak-events", "u", self->peak_events);
  g_variant_dict_insert (stats, "peak-bytes", "t", (guint64) self->peak_bytes);
  g_mutex_unlock (&self->lock);
}
