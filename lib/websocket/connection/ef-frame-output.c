/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-frame-output-private.h"

/* Vectors that one call writes at most. */
#define MAX_VECTORS 16

/* @flush is called when what was appended is due to be flushed. */
void
ef_frame_output_init (EfFrameOutput *self,
                      EfFrameRole role,
                      EfSocketIo *io,
                      GMainContext *context,
                      GSourceFunc flush,
                      gpointer user_data)
{
  *self = (EfFrameOutput){ .role = role, .io = io, .writer = ef_frame_writer_new (role) };
  ef_flush_timer_init (&self->timer, context, flush, user_data);
}

/* The stream is about to go. */
void
ef_frame_output_close (EfFrameOutput *self)
{
  self->io = NULL;
  self->failed = TRUE;
  ef_flush_timer_clear (&self->timer);
}

void
ef_frame_output_clear (EfFrameOutput *self)
{
  ef_flush_timer_clear (&self->timer);
  g_clear_pointer (&self->writer, ef_frame_writer_free);
  g_clear_pointer (&self->ping, g_bytes_unref);
}

/* Sends nothing any more, not even the rest of what has begun to leave. */
void
ef_frame_output_drop (EfFrameOutput *self)
{
  ef_frame_writer_free (self->writer);
  self->writer = ef_frame_writer_new (self->role);
  self->failed = TRUE;
  self->blocked = FALSE;
}

/* Writes as much as the kernel takes. */
EfFrameOutputState
ef_frame_output_flush (EfFrameOutput *self)
{
  if (G_UNLIKELY (self->failed))
    return EF_FRAME_OUTPUT_FAILED;

  while (ef_frame_writer_get_queued (self->writer) > 0)
    {
      GOutputVector vectors[MAX_VECTORS];
      guint n_vectors = ef_frame_writer_peek_vectors (self->writer, vectors, MAX_VECTORS);
      gssize n = ef_socket_io_write (self->io, vectors, n_vectors, NULL);

      if (n == EF_SOCKET_IO_WOULD_BLOCK)
        {
          self->blocked = TRUE;
          return EF_FRAME_OUTPUT_BLOCKED;
        }

      if (n < 0)
        {
          ef_frame_output_drop (self);
          return EF_FRAME_OUTPUT_FAILED;
        }

      ef_frame_writer_consume (self->writer, (gsize) n);
      self->n_written += (gsize) n;
    }

  self->blocked = FALSE;

  return EF_FRAME_OUTPUT_EMPTY;
}

/* Whether to flush now what was appended: it is the first in this iteration of the context, or much
 * of it waits. If not, the function is called when the iteration is over, or the socket ready. */
gboolean
ef_frame_output_is_flush_due (EfFrameOutput *self)
{
  if (self->blocked || self->failed)
    return FALSE;

  return ef_flush_timer_is_due (&self->timer)
         || ef_frame_writer_get_queued (self->writer) >= EF_FRAME_OUTPUT_FLUSH_SIZE;
}

/* A flood of pings from a peer that does not read makes no more than this wait; beyond it only the
 * last one is answered, which is all that RFC 6455 (5.5.3) asks for. */
void
ef_frame_output_answer_ping (EfFrameOutput *self, gconstpointer payload, gsize size)
{
  if (self->failed)
    return;

  g_clear_pointer (&self->ping, g_bytes_unref);
  if (ef_frame_writer_get_queued (self->writer) < EF_FRAME_OUTPUT_FLUSH_SIZE)
    ef_frame_writer_append (self->writer, EF_OPCODE_PONG, payload, size);
  else
    self->ping = g_bytes_new (payload, size);
}

/* Appends the answer that had to wait. Returns whether there was one. */
gboolean
ef_frame_output_answer_late_ping (EfFrameOutput *self)
{
  g_autoptr (GBytes) ping = g_steal_pointer (&self->ping);
  gconstpointer payload;
  gsize size;

  if (ping == NULL || self->failed)
    return FALSE;

  payload = g_bytes_get_data (ping, &size);
  ef_frame_writer_append (self->writer, EF_OPCODE_PONG, payload, size);

  return TRUE;
}
