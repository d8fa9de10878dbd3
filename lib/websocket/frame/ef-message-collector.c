/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-message-collector-private.h"

void
ef_message_collector_init (EfMessageCollector *self)
{
  self->text = ef_schema_get_text_payload ();
  self->bytes = ef_schema_get_bytes_payload ();
  self->builder = ef_event_builder_new (self->text);
  self->batch = ef_batch_new ();
}

void
ef_message_collector_clear (EfMessageCollector *self)
{
  g_clear_pointer (&self->builder, ef_event_builder_unref);
  g_clear_pointer (&self->batch, ef_batch_unref);
}

/* What was collected, to be given back when it is dealt with; NULL if there is nothing. */
EfBatch *
ef_message_collector_take (EfMessageCollector *self)
{
  ef_event_builder_flush (self->builder);

  return ef_batch_get_n_events (self->batch) > 0 ? g_steal_pointer (&self->batch) : NULL;
}

void
ef_message_collector_give_back (EfMessageCollector *self, EfBatch *batch)
{
  self->batch = ef_batch_recycle (batch);
}
