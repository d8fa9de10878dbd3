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

/* Makes the event of a raw message, with a copy of it: what a program's push is made of. Written
 * out for the same reason as the next one. */
static inline EfEvent *
ef_event_builder_copy_payload (EfEventBuilder *self,
                               gint64 timestamp,
                               EfSchema *schema,
                               EfColumnType type,
                               gconstpointer data,
                               gsize length)
{
  EfArena *arena = self->arena;
  EfEvent *event;

  if (G_UNLIKELY (arena == NULL || arena->size - arena->used < EF_PAYLOAD_SIZE (length)))
    {
      ef_event_builder_make_room (self, EF_PAYLOAD_SIZE (length));
      arena = self->arena;
    }

  event = (EfEvent *) (gpointer) (arena->data + arena->used);
  arena->used += EF_PAYLOAD_SIZE (length);
  arena->n_events++;

  event->ref_count = 1;
  event->n_values = 1;
  event->timestamp = timestamp;
  event->schema = schema;
  event->arena = arena;
  event->values[0].v_data = (char *) event + EF_EVENT_SIZE (1);
  event->values[0].length = (guint32) length;
  event->values[0].type = type;
  if (length > 0)
    memcpy ((char *) event + EF_EVENT_SIZE (1), data, length);

  return event;
}

/* Adds a raw message that lies in pinned memory to a batch: what the transport does for each
 * message it receives. The builder's schema is a payload schema, @schema is one too. Written out
 * here since four calls through the linkage table cost as much as the work itself. */
static inline void
ef_event_builder_add_payload (EfEventBuilder *self,
                              EfBatch *batch,
                              gint64 timestamp,
                              EfSchema *schema,
                              EfColumnType type,
                              const char *data,
                              gsize length)
{
  EfArena *arena = self->arena;
  EfEvent *event;

  if (G_UNLIKELY (arena == NULL || arena->size - arena->used < EF_EVENT_SIZE (1)))
    {
      ef_event_builder_make_room (self, EF_EVENT_SIZE (1));
      arena = self->arena;
    }

  event = (EfEvent *) (gpointer) (arena->data + arena->used);
  arena->used += EF_EVENT_SIZE (1);
  arena->n_events++;

  event->ref_count = 1;
  event->n_values = 1;
  event->timestamp = timestamp;
  event->schema = schema;
  event->arena = arena;
  event->values[0].v_data = data;
  event->values[0].length = (guint32) length;
  event->values[0].type = type;

  ef_batch_append_inline (batch, event);
}

G_END_DECLS
