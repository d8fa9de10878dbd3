/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-arena-private.h"
#include "ef-batch.h"
#include "ef-event-builder.h"

#include <string.h>

G_BEGIN_DECLS

struct _EfEvent
{
  gint ref_count; /* atomic */
  guint n_values;
  gint64 timestamp;
  EfSchema *schema; /* kept by the arena */
  EfArena *arena;
  EfValue values[];
};

struct _EfEventBuilder
{
  gint ref_count;
  EfSchema *schema;
  EfArena *arena; /* owned, NULL while there is nothing in it */
  EfEvent *event; /* being built, NULL between events */
  EfColumnType payload_type; /* of the only column, NULL if the events are no raw messages */

  gpointer pinned;
  GBoxedCopyFunc pin_ref;
  GDestroyNotify pin_unref;
};

struct _EfBatch
{
  gint ref_count; /* atomic */
  guint n_events;
  guint allocated;
  EfEvent **events;
  EfReceipt *receipt;
};

#define EF_EVENT_SIZE(n_values) (sizeof (EfEvent) + (n_values) * sizeof (EfValue))

gboolean ef_schema_is_immortal (EfSchema *self);

gsize ef_event_get_copy_size (const EfEvent *self);

EfEvent *ef_event_copy_into (const EfEvent *self, EfArena *arena);

void ef_event_builder_make_room (EfEventBuilder *self, gsize room);

void ef_batch_grow (EfBatch *self);

gboolean ef_batch_is_compact (EfBatch *self, guint first);

static inline void
ef_batch_append_inline (EfBatch *self, EfEvent *event)
{
  if (G_UNLIKELY (self->n_events == self->allocated))
    ef_batch_grow (self);

  self->events[self->n_events++] = event;
}

/* What a raw message of @length bytes takes in an arena. */
#define EF_PAYLOAD_SIZE(length) (EF_EVENT_SIZE (1) + (((length) + 7) & ~(gsize) 7))

/* Sees to it that the arena has room for @size bytes more. */
static inline EfArena *
ef_event_builder_get_arena (EfEventBuilder *self, gsize size)
{
  if (G_UNLIKELY (self->arena == NULL || self->arena->size - self->arena->used < size))
    ef_event_builder_make_room (self, size);

  return self->arena;
}

/* Lays the event of a raw message into an arena, of which it takes @size bytes. Whatever makes raw
 * messages comes by here, once a message. Written out because four calls through the linkage table cost
 * as much as the work itself. */
static inline EfEvent *
ef_arena_add_payload (EfArena *self,
                      gsize size,
                      gint64 timestamp,
                      EfSchema *schema,
                      EfColumnType type,
                      const char *data,
                      gsize length)
{
  EfEvent *event = (EfEvent *) (gpointer) (self->data + self->used);

  self->used += size;
  self->n_events++;

  event->ref_count = 1;
  event->n_values = 1;
  event->timestamp = timestamp;
  event->schema = schema;
  event->arena = self;
  event->values[0].v_data = data;
  event->values[0].length = (guint32) length;
  event->values[0].type = type;

  return event;
}

/* Makes the event of a raw message, with a copy of it: what a program's push is made of. */
static inline EfEvent *
ef_event_builder_copy_payload (EfEventBuilder *self,
                               gint64 timestamp,
                               EfSchema *schema,
                               EfColumnType type,
                               gconstpointer data,
                               gsize length)
{
  EfArena *arena = ef_event_builder_get_arena (self, EF_PAYLOAD_SIZE (length));
  char *copy = arena->data + arena->used + EF_EVENT_SIZE (1);

  if (length > 0)
    memcpy (copy, data, length);

  return ef_arena_add_payload (arena, EF_PAYLOAD_SIZE (length), timestamp, schema, type, copy, length);
}

/* Adds a raw message that lies in pinned memory to a batch: what the transport does for each
 * message it receives. The builder's schema is a payload schema, @schema is one too. */
static inline void
ef_event_builder_add_payload (EfEventBuilder *self,
                              EfBatch *batch,
                              gint64 timestamp,
                              EfSchema *schema,
                              EfColumnType type,
                              const char *data,
                              gsize length)
{
  EfArena *arena = ef_event_builder_get_arena (self, EF_EVENT_SIZE (1));

  ef_batch_append_inline (batch, ef_arena_add_payload (arena, EF_EVENT_SIZE (1), timestamp, schema,
                                                       type, data, length));
}

G_END_DECLS
