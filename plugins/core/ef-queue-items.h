/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* A batch or a marker on its way from the thread before a queue to the one behind it. */
typedef struct
{
  EfBatch *batch;
  EfMarker *marker;
  guint n_events;
  gsize n_bytes;
} EfQueueItem;

/* Items in order. What is dropped of them goes to an array of the caller's, to be let go of outside
 * of locks: receipts call who knows whom. */
typedef struct
{
  GArray *array; /* of EfQueueItem, those before `first` and some others empty */
  guint first;
  guint n_items;
  guint n_events;
  gsize n_bytes;
} EfQueueItems;

GArray *ef_queue_items_new_array (void);

void ef_queue_items_init (EfQueueItems *self);

void ef_queue_items_clear (EfQueueItems *self);

void ef_queue_items_add (EfQueueItems *self, const EfQueueItem *item);

gboolean ef_queue_items_take (EfQueueItems *self, EfQueueItem *item);

GArray *ef_queue_items_exchange (EfQueueItems *self, GArray *empty);

void ef_queue_items_drop_oldest (EfQueueItems *self,
                                 guint max_events,
                                 guint64 max_bytes,
                                 GArray *dropped);

void ef_queue_items_drop_older (EfQueueItems *self, EfOverflowPolicy *policy, GArray *dropped);

void ef_queue_item_clear (EfQueueItem *item);

G_END_DECLS
