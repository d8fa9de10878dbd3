/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-queue-buffer.h"

#define DEFAULT_MAX_EVENTS 10000
#define DEFAULT_MAX_BYTES (16 * 1024 * 1024)

/* What waits between two threads. One adds at one end, the other takes at the other end all that
 * has come so far, and looks at that without the lock. Under a policy that drops it takes one item
 * at a time, so that all that waits can be dropped, and the bounds are of that alone. */
struct _EfQueueBuffer
{
  GMutex lock;             /* of all but what is leaving; held for a few instructions */
  guint max_events;
  guint64 max_bytes;
  EfOverflowPolicy *policy; /* unowned; NULL if nothing is dropped */
  EfQueueItems coming;
  guint n_items;           /* of all that has not left, as the next two if nothing is dropped */
  guint level_events;
  gsize level_bytes;
  guint peak_events;
  gsize peak_bytes;
  gboolean awake;          /* the taker looks at what is coming by itself */
  gboolean holding;        /* EF_QUEUE_HOLD was said, EF_QUEUE_RELEASE was not */
  gboolean dropping;       /* something was dropped, EF_QUEUE_RELIEVED was not said */
  gboolean awaiting_empty;

  GArray *leaving;         /* of EfQueueItem; the taker's */
  guint next;              /* the first of them that was not taken */
};

EfQueueBuffer *
ef_queue_buffer_new (void)
{
  EfQueueBuffer *self = g_new0 (EfQueueBuffer, 1);

  g_mutex_init (&self->lock);
  self->max_events = DEFAULT_MAX_EVENTS;
  self->max_bytes = DEFAULT_MAX_BYTES;
  ef_queue_items_init (&self->coming);
  self->leaving = ef_queue_items_new_array ();

  return self;
}

void
ef_queue_buffer_free (EfQueueBuffer *self)
{
  ef_queue_items_clear (&self->coming);
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

/* Has a policy look after the bounds, or NULL to have the input held. Called while nothing waits. */
void
ef_queue_buffer_set_policy (EfQueueBuffer *self, EfOverflowPolicy *policy)
{
  self->policy = policy;
}

static gboolean
is_full_locked (EfQueueBuffer *self)
{
  return self->level_events >= self->max_events || self->level_bytes >= self->max_bytes;
}

static gboolean
is_half_empty_locked (EfQueueBuffer *self)
{
  return self->level_events <= self->max_events / 2 && self->level_bytes <= self->max_bytes / 2;
}

/* What this thread is to be told. */
static EfQueueNews
get_news_locked (EfQueueBuffer *self)
{
  EfQueueNews news = 0;

  if (self->holding && is_half_empty_locked (self))
    news |= EF_QUEUE_RELEASE;
  if (self->dropping && is_half_empty_locked (self))
    news |= EF_QUEUE_RELIEVED;
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
}

static void
note_peak_locked (EfQueueBuffer *self)
{
  self->peak_events = MAX (self->peak_events, self->level_events);
  self->peak_bytes = MAX (self->peak_bytes, self->level_bytes);
}

/* How many events of the batch there is room for: an event that begins below the bounds fits. */
static guint
count_fitting (EfQueueBuffer *self, EfBatch *batch)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);
  guint level_events;
  gsize level_bytes;
  guint n = 0;

  /* The level may only fall meanwhile. */
  g_mutex_lock (&self->lock);
  level_events = self->level_events;
  level_bytes = self->level_bytes;
  g_mutex_unlock (&self->lock);

  for (; n < n_events && level_events < self->max_events && level_bytes < self->max_bytes; n++)
    {
      level_events++;
      level_bytes += ef_event_get_size (events[n]);
    }

  return n;
}

/* Gets as much of a batch as is to be added. A copy, as it may lie in a larger buffer. */
static EfQueueItem
get_batch_item (EfQueueBuffer *self, EfOverflow overflow, EfBatch *batch, EfQueueDropped *dropped)
{
  g_autoptr (EfBatch) fitting = NULL;
  EfQueueItem item = { .n_events = ef_batch_get_n_events (batch) };

  if (overflow == EF_OVERFLOW_DROP_NEWEST)
    {
      guint n = count_fitting (self, batch);

      dropped->n_events = item.n_events - n;
      dropped->n_bytes = ef_batch_get_size (batch);
      item.n_events = n;
      batch = fitting = ef_batch_slice (batch, 0, n);
    }

  item.batch = ef_batch_detach (batch);
  item.n_bytes = ef_batch_get_size (batch);
  dropped->n_bytes -= dropped->n_bytes > 0 ? item.n_bytes : 0;

  return item;
}

/* Drops of what waits as much as has to go. What it was stays in @garbage. */
static void
drop_locked (EfQueueBuffer *self, EfOverflow overflow, GArray *garbage, EfQueueDropped *dropped)
{
  guint n_items = self->coming.n_items;
  guint n_events = self->coming.n_events;
  gsize n_bytes = self->coming.n_bytes;

  if (overflow == EF_OVERFLOW_DROP_OLDEST)
    ef_queue_items_drop_oldest (&self->coming, self->max_events, self->max_bytes, garbage);
  else
    ef_queue_items_drop_older (&self->coming, self->policy, garbage);

  dropped->n_events = n_events - self->coming.n_events;
  dropped->n_bytes = n_bytes - self->coming.n_bytes;
  self->n_items = self->n_items - n_items + self->coming.n_items;
  self->level_events -= dropped->n_events;
  self->level_bytes -= dropped->n_bytes;
}

static EfQueueNews
add_locked (EfQueueBuffer *self,
            EfOverflow overflow,
            const EfQueueItem *item,
            GArray *garbage,
            EfQueueDropped *dropped)
{
  EfQueueNews news = 0;
  gboolean hold = overflow == EF_OVERFLOW_BLOCK || overflow == EF_OVERFLOW_LATEST_BY_KEY;

  ef_queue_items_add (&self->coming, item);
  count_locked (self, item);

  /* While the input is held for want of anything to drop, looking again would be in vain. */
  if (overflow == EF_OVERFLOW_DROP_OLDEST
      || (overflow == EF_OVERFLOW_LATEST_BY_KEY && !self->holding && is_full_locked (self)))
    drop_locked (self, overflow, garbage, dropped);
  if (dropped->n_events > 0)
    self->dropping = TRUE;
  note_peak_locked (self);

  /* Looking at all that waits pays if it makes room for half as much. */
  if (hold && !self->holding
      && (is_full_locked (self) || (dropped->n_events > 0 && !is_half_empty_locked (self))))
    {
      self->holding = TRUE;
      news |= EF_QUEUE_HOLD;
    }
  if (!self->awake)
    {
      self->awake = TRUE;
      news |= EF_QUEUE_WAKE;
    }

  return news;
}

/* Adds a batch or a marker. */
EfQueueNews
ef_queue_buffer_add (EfQueueBuffer *self,
                     EfBatch *batch,
                     EfMarker *marker,
                     EfQueueDropped *dropped)
{
  EfOverflow overflow = EF_OVERFLOW_BLOCK;
  g_autoptr (GArray) garbage = NULL;
  EfQueueItem item = { NULL };
  EfQueueNews news;

  *dropped = (EfQueueDropped){ 0 };
  if (G_UNLIKELY (self->policy != NULL))
    {
      overflow = ef_overflow_policy_get_overflow (self->policy);
      garbage = ef_queue_items_new_array ();
    }

  if (batch != NULL)
    item = get_batch_item (self, overflow, batch, dropped);
  else
    item.marker = ef_marker_ref (marker);

  g_mutex_lock (&self->lock);
  news = add_locked (self, overflow, &item, garbage, dropped);
  g_mutex_unlock (&self->lock);

  return news;
}

/* Exchanges the empty array for the one that was filled meanwhile: one lock for all that has come.
 * If nothing has, the next thing that comes is to wake the taker. */
static gboolean
fetch_all (EfQueueBuffer *self)
{
  GArray *empty = self->leaving;

  g_array_set_size (empty, 0);
  self->next = 0;

  g_mutex_lock (&self->lock);
  self->leaving = ef_queue_items_exchange (&self->coming, empty);
  self->awake = self->leaving->len > 0;
  g_mutex_unlock (&self->lock);

  return self->leaving->len > 0;
}

/* Under a policy that drops, what is taken no longer waits. */
static gboolean
take_one (EfQueueBuffer *self, EfQueueItem *item)
{
  gboolean taken;

  g_mutex_lock (&self->lock);
  taken = ef_queue_items_take (&self->coming, item);
  self->awake = taken;
  if (taken)
    {
      self->level_events -= item->n_events;
      self->level_bytes -= item->n_bytes;
      item->n_events = 0;
      item->n_bytes = 0;
    }
  g_mutex_unlock (&self->lock);

  return taken;
}

/* Takes the next item, if there is one. It counts until ef_queue_buffer_item_left(). */
gboolean
ef_queue_buffer_take (EfQueueBuffer *self, EfQueueItem *item)
{
  EfQueueItem *place;

  if (self->policy != NULL)
    return take_one (self, item);

  if (self->next == self->leaving->len && !fetch_all (self))
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

  ef_queue_item_clear (item);

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
  if (news & EF_QUEUE_RELIEVED)
    self->dropping = FALSE;
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
 * lock, as they call who knows whom. Returns what there was. */
EfQueueDropped
ef_queue_buffer_drop (EfQueueBuffer *self, const GError *error)
{
  GArray *leaving = self->leaving;
  EfQueueDropped dropped;
  GArray *coming;

  self->leaving = ef_queue_items_new_array ();
  self->next = 0;

  g_mutex_lock (&self->lock);
  coming = ef_queue_items_exchange (&self->coming, ef_queue_items_new_array ());
  dropped = (EfQueueDropped){ self->level_events, self->level_bytes };
  self->n_items = 0;
  self->level_events = self->peak_events = 0;
  self->level_bytes = self->peak_bytes = 0;
  self->awake = FALSE;
  self->holding = FALSE;
  self->dropping = FALSE;
  self->awaiting_empty = FALSE;
  g_mutex_unlock (&self->lock);

  drop_items (leaving, error);
  drop_items (coming, error);

  return dropped;
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
