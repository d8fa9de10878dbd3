/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-app-buffer-private.h"

void
ef_app_buffer_init (EfAppBuffer *self)
{
  g_queue_init (&self->batches);
  self->open = ef_batch_new ();
  self->payloads = ef_event_builder_new (ef_schema_get_text_payload ());
}

void
ef_app_buffer_clear (EfAppBuffer *self)
{
  g_queue_clear_full (&self->batches, (GDestroyNotify) ef_batch_unref);
  g_clear_pointer (&self->open, ef_batch_unref);
  g_clear_pointer (&self->spare, ef_batch_unref);
  g_clear_pointer (&self->payloads, ef_event_builder_unref);
}

/* Events made after this are in another batch, and so not to share memory with these. */
static EfBatch *
take_open (EfAppBuffer *self)
{
  EfBatch *batch = self->open;

  ef_event_builder_flush (self->payloads);
  self->open = self->spare != NULL ? g_steal_pointer (&self->spare) : ef_batch_new ();
  self->open_bytes = 0;

  return batch;
}

/* Closes the batch that takes single events: the next event is in another one. */
void
ef_app_buffer_complete (EfAppBuffer *self)
{
  if (self->open->n_events > 0)
    g_queue_push_tail (&self->batches, take_open (self));
}

/* Keeps a copy of a batch, as the original may lie in a larger buffer. */
void
ef_app_buffer_add_batch (EfAppBuffer *self, EfBatch *batch)
{
  ef_app_buffer_complete (self);
  g_queue_push_tail (&self->batches, ef_batch_detach (batch));
  ef_app_buffer_count (self, batch->n_events, ef_batch_get_size (batch));
}

/* The next batch to leave, or NULL if nothing is here. */
EfBatch *
ef_app_buffer_take (EfAppBuffer *self)
{
  EfBatch *batch = g_queue_pop_head (&self->batches);
  gsize n_bytes = self->open_bytes;

  if (batch != NULL)
    n_bytes = ef_batch_get_size (batch);
  else if (self->open->n_events > 0)
    batch = take_open (self);
  else
    return NULL;

  ef_app_buffer_count (self, -batch->n_events, -n_bytes);

  return batch;
}

/* Takes a batch that has left: it may be used again, so that while events flow two batches take
 * turns and none is allocated. */
void
ef_app_buffer_give_back (EfAppBuffer *self, EfBatch *batch)
{
  if (self->spare == NULL)
    self->spare = ef_batch_recycle (batch);
  else
    ef_batch_unref (batch);
}

/* Drops all, and tells those who gave a receipt with it. */
void
ef_app_buffer_drop (EfAppBuffer *self, const GError *error)
{
  EfBatch *batch;

  while ((batch = ef_app_buffer_take (self)) != NULL)
    {
      if (batch->receipt != NULL)
        ef_receipt_fail (batch->receipt, error);
      ef_batch_unref (batch);
    }
}
