/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-queue-items.h"

void
ef_queue_item_clear (EfQueueItem *item)
{
  g_clear_pointer (&item->batch, ef_batch_unref);
  g_clear_pointer (&item->marker, ef_marker_unref);
}

static void
item_clear (gpointer data)
{
  ef_queue_item_clear (data);
}

GArray *
ef_queue_items_new_array (void)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (EfQueueItem));

  g_array_set_clear_func (array, item_clear);

  return array;
}

void
ef_queue_items_init (EfQueueItems *self)
{
  *self = (EfQueueItems){ .array = ef_queue_items_new_array () };
}

void
ef_queue_items_clear (EfQueueItems *self)
{
  g_clear_pointer (&self->array, g_array_unref);
}

/* Adds an item, of which it takes what it holds. */
void
ef_queue_items_add (EfQueueItems *self, const EfQueueItem *item)
{
  g_array_append_vals (self->array, item, 1);
  self->n_items++;
  self->n_events += item->n_events;
  self->n_bytes += item->n_bytes;
}

static EfQueueItem *
get_item (EfQueueItems *self, guint index)
{
  return &g_array_index (self->array, EfQueueItem, index);
}

static gboolean
is_empty (const EfQueueItem *item)
{
  return item->batch == NULL && item->marker == NULL;
}

/* Makes an item an empty place, and hands over what it held. */
static EfQueueItem
remove_item (EfQueueItems *self, EfQueueItem *place)
{
  EfQueueItem item = *place;

  self->n_items--;
  self->n_events -= item.n_events;
  self->n_bytes -= item.n_bytes;
  *place = (EfQueueItem){ NULL };

  return item;
}

/* Lets go of the empty places before the first item, once they are many. */
static void
trim (EfQueueItems *self)
{
  while (self->first < self->array->len && is_empty (get_item (self, self->first)))
    self->first++;

  if (self->first == self->array->len)
    g_array_set_size (self->array, 0);
  else if (self->first >= 64 && self->first >= self->array->len / 2)
    g_array_remove_range (self->array, 0, self->first);
  else
    return;

  self->first = 0;
}

/* Takes the first item, if there is one. */
gboolean
ef_queue_items_take (EfQueueItems *self, EfQueueItem *item)
{
  if (self->n_items == 0)
    return FALSE;

  while (is_empty (get_item (self, self->first)))
    self->first++;
  *item = remove_item (self, get_item (self, self->first));
  trim (self);

  return TRUE;
}

/* Takes all items at once, none of which was dropped or taken before, and puts an empty array in
 * their place. */
GArray *
ef_queue_items_exchange (EfQueueItems *self, GArray *empty)
{
  GArray *array = self->array;

  *self = (EfQueueItems){ .array = empty };

  return array;
}

/* Drops of a batch so many events, fewer than there are, from its beginning. */
static void
drop_beginning (EfQueueItems *self, EfQueueItem *place, guint n_events, GArray *dropped)
{
  EfQueueItem whole = remove_item (self, place);
  EfQueueItem rest = { .n_events = whole.n_events - n_events };

  rest.batch = ef_batch_slice (whole.batch, n_events, rest.n_events);
  rest.n_bytes = ef_batch_get_size (rest.batch);
  *place = rest;
  self->n_items++;
  self->n_events += rest.n_events;
  self->n_bytes += rest.n_bytes;
  g_array_append_val (dropped, whole);
}

/* How many events of the batch have to go, from its beginning, for the bounds to be kept. */
static guint
count_excess (EfQueueItems *self, const EfQueueItem *item, guint max_events, guint64 max_bytes)
{
  guint n_events = self->n_events;
  gsize n_bytes = self->n_bytes;
  guint n = 0;

  for (; n < item->n_events && (n_events > max_events || n_bytes > max_bytes); n++)
    {
      n_events--;
      n_bytes -= ef_event_get_size (ef_batch_get_event (item->batch, n));
    }

  return n;
}

/* Drops what has waited longest until no more waits than may, but for the last event. Markers
 * stay. */
void
ef_queue_items_drop_oldest (EfQueueItems *self,
                            guint max_events,
                            guint64 max_bytes,
                            GArray *dropped)
{
  for (guint i = self->first; i < self->array->len && self->n_events > 1; i++)
    {
      EfQueueItem *place = get_item (self, i);
      guint n;

      if (self->n_events <= max_events && self->n_bytes <= max_bytes)
        break;
      if (place->batch == NULL)
        continue;

      n = MIN (count_excess (self, place, max_events, max_bytes), self->n_events - 1);
      if (n == place->n_events)
        {
          EfQueueItem item = remove_item (self, place);

          g_array_append_val (dropped, item);
        }
      else if (n > 0)
        {
          drop_beginning (self, place, n, dropped);
        }
    }

  trim (self);
}

/* Keeping the newest of each key */

/* An event that stays, and whose receipt goes with it. */
typedef struct
{
  EfEvent *event;
  EfReceipt *receipt;
} Kept;

/* Adds batches of the events that stay, in memory of their own. Events of one receipt go together:
 * a batch has but one. */
static void
add_kept (EfQueueItems *self, const GArray *kept)
{
  for (guint i = 0; i < kept->len;)
    {
      EfReceipt *receipt = g_array_index (kept, Kept, i).receipt;
      g_autoptr (EfBatch) batch = ef_batch_new ();
      EfQueueItem item = { NULL };

      ef_batch_set_receipt (batch, receipt);
      for (; i < kept->len && g_array_index (kept, Kept, i).receipt == receipt; i++)
        ef_batch_append (batch, ef_event_ref (g_array_index (kept, Kept, i).event));

      item.batch = ef_batch_detach (batch);
      item.n_events = ef_batch_get_n_events (batch);
      item.n_bytes = ef_batch_get_size (batch);
      ef_queue_items_add (self, &item);
    }
}

/* Notes the events of a batch, each in its own place or in that of an older one with its key. */
static void
look_at_batch (EfOverflowPolicy *policy, EfBatch *batch, GArray *kept)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  for (guint i = 0; i < n_events; i++)
    {
      gint place = ef_overflow_policy_look (policy, events[i], kept->len);
      Kept newest = { events[i], ef_batch_get_receipt (batch) };

      if (place >= 0)
        g_array_index (kept, Kept, place) = newest;
      else
        g_array_append_val (kept, newest);
    }
}

/* Drops all events but the newest with each key, which takes the place of the first: so a key that
 * comes often does not wait longer than others. Nothing changes its place with a marker. */
void
ef_queue_items_drop_older (EfQueueItems *self, EfOverflowPolicy *policy, GArray *dropped)
{
  g_autoptr (GArray) kept = g_array_new (FALSE, FALSE, sizeof (Kept));
  guint n_events = self->n_events;
  guint first = self->first;
  g_autoptr (GArray) old = ef_queue_items_exchange (self, ef_queue_items_new_array ());

  ef_overflow_policy_begin_look (policy, n_events);
  for (guint i = first; i < old->len; i++)
    {
      EfQueueItem *item = &g_array_index (old, EfQueueItem, i);

      if (item->batch != NULL)
        {
          look_at_batch (policy, item->batch, kept);
        }
      else if (item->marker != NULL)
        {
          add_kept (self, kept);
          g_array_set_size (kept, 0);
          ef_overflow_policy_begin_look (policy, n_events);
          ef_queue_items_add (self, item);
          *item = (EfQueueItem){ NULL };
        }
    }
  add_kept (self, kept);
  ef_overflow_policy_end_look (policy);

  g_array_append_vals (dropped, old->data, old->len);
  g_array_set_clear_func (old, NULL);
}
