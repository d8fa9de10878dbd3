/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-event-private.h"
#include "ef-frame-reader-private.h"

G_BEGIN_DECLS

/* Makes the messages of one read into one batch of raw events, which are slices of what was read.
 * */
typedef struct
{
  EfEventBuilder *builder;
  EfBatch *batch; /* NULL while one is lent out */
  EfSchema *text;
  EfSchema *bytes;
} EfMessageCollector;

void ef_message_collector_init (EfMessageCollector *self);

void ef_message_collector_clear (EfMessageCollector *self);

EfBatch *ef_message_collector_take (EfMessageCollector *self);

void ef_message_collector_give_back (EfMessageCollector *self, EfBatch *batch);

static inline void
ef_message_collector_add (EfMessageCollector *self, const EfFrame *frame, gint64 timestamp)
{
  gboolean text = frame->kind == EF_OPCODE_TEXT;

  /* Nearly all messages of a read lie in one buffer. */
  if (G_UNLIKELY (self->builder->pinned != frame->buffer))
    ef_event_builder_pin (self->builder, frame->buffer, (GBoxedCopyFunc) ef_read_buffer_ref,
                          (GDestroyNotify) ef_read_buffer_unref);

  ef_event_builder_add_payload (self->builder, self->batch, timestamp,
                                text ? self->text : self->bytes,
                                text ? EF_COLUMN_STRING : EF_COLUMN_BYTES,
                                (const char *) frame->data, frame->len);
}

G_END_DECLS
