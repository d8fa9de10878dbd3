/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-event-private.h"
#include "ef-relaxed-private.h"
#include "ef-relaxed-private.h"

G_BEGIN_DECLS

/* A batch that is put together from single events is complete when it has as many, or as many
 * bytes. */
#define EF_APP_BUFFER_BATCH_EVENTS 256
#define EF_APP_BUFFER_BATCH_BYTES 65536

/* What a program pushed and what has not left: whole batches, and behind them one that is still put
 * together from single events. */
typedef struct
{
  GQueue batches;          /* of EfBatch */
  EfBatch *open;           /* takes single events */
  gsize open_bytes;
  EfBatch *spare;          /* an empty one, to open next */
  EfEventBuilder *payloads;

  /* Of all that is here. Any thread may read them, see ef_relaxed_get(). */
  guint n_events;
  gsize n_bytes;
} EfAppBuffer;

void ef_app_buffer_init (EfAppBuffer *self);

void ef_app_buffer_clear (EfAppBuffer *self);

void ef_app_buffer_add_batch (EfAppBuffer *self, EfBatch *batch);

void ef_app_buffer_complete (EfAppBuffer *self);

EfBatch *ef_app_buffer_take (EfAppBuffer *self);

void ef_app_buffer_give_back (EfAppBuffer *self, EfBatch *batch);

void ef_app_buffer_drop (EfAppBuffer *self, const GError *error);

/* Whether the batch that takes single events is to take more. */
static inline gboolean
ef_app_buffer_is_open (EfAppBuffer *self)
{
  return self->open->n_events < EF_APP_BUFFER_BATCH_EVENTS
         && self->open_bytes < EF_APP_BUFFER_BATCH_BYTES;
}

static inline void
ef_app_buffer_count (EfAppBuffer *self, guint n_events, gsize n_bytes)
{
  ef_relaxed_add (&self->n_events, n_events);
  ef_relaxed_add (&self->n_bytes, n_bytes);
}

/* Takes the reference. @size is that of the event. */
static inline void
ef_app_buffer_add_event (EfAppBuffer *self, EfEvent *event, gsize size)
{
  ef_batch_append_inline (self->open, event);
  self->open_bytes += size;
  ef_app_buffer_count (self, 1, size);
}

static inline void
ef_app_buffer_add_payload (EfAppBuffer *self,
                           gint64 timestamp,
                           EfColumnType type,
                           gconstpointer data,
                           gsize length)
{
  EfSchema *schema = type == EF_COLUMN_STRING ? ef_schema_get_text_payload ()
                                              : ef_schema_get_bytes_payload ();
  EfEvent *event;

  event = ef_event_builder_copy_payload (self->payloads, timestamp, schema, type, data, length);
  ef_app_buffer_add_event (self, event, EF_EVENT_SIZE (1) + length);
}

G_END_DECLS
