/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-queue-items.h"

G_BEGIN_DECLS

/* What is to be done after a call, outside of the lock. */
typedef enum
{
  EF_QUEUE_HOLD = 1 << 0,     /* the bounds are reached: hold the input */
  EF_QUEUE_RELEASE = 1 << 1,  /* there is room again: hold it no more */
  EF_QUEUE_WAKE = 1 << 2,     /* the thread behind the queue does not look by itself */
  EF_QUEUE_EMPTY = 1 << 3,    /* nothing is left, and someone waits for that */
  EF_QUEUE_RELIEVED = 1 << 4, /* half of what may wait has left since something was dropped */
} EfQueueNews;

/* What did not fit. */
typedef struct
{
  guint n_events;
  gsize n_bytes;
} EfQueueDropped;

typedef struct _EfQueueBuffer EfQueueBuffer;

EfQueueBuffer *ef_queue_buffer_new (void);

void ef_queue_buffer_free (EfQueueBuffer *self);

gboolean ef_queue_buffer_set_max_events (EfQueueBuffer *self, guint max_events);

gboolean ef_queue_buffer_set_max_bytes (EfQueueBuffer *self, guint64 max_bytes);

guint ef_queue_buffer_get_max_events (EfQueueBuffer *self);

guint64 ef_queue_buffer_get_max_bytes (EfQueueBuffer *self);

void ef_queue_buffer_set_policy (EfQueueBuffer *self, EfOverflowPolicy *policy);

EfQueueNews ef_queue_buffer_add (EfQueueBuffer *self,
                                 EfBatch *batch,
                                 EfMarker *marker,
                                 EfQueueDropped *dropped);

gboolean ef_queue_buffer_take (EfQueueBuffer *self, EfQueueItem *item);

EfQueueNews ef_queue_buffer_item_left (EfQueueBuffer *self, EfQueueItem *item);

EfQueueNews ef_queue_buffer_take_news (EfQueueBuffer *self);

void ef_queue_buffer_set_awake (EfQueueBuffer *self);

gboolean ef_queue_buffer_await_empty (EfQueueBuffer *self);

EfQueueDropped ef_queue_buffer_drop (EfQueueBuffer *self, const GError *error);

void ef_queue_buffer_add_stats (EfQueueBuffer *self, GVariantDict *stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfQueueBuffer, ef_queue_buffer_free)

G_END_DECLS
