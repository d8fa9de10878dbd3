/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-client-outbox-private.h"

/* How much is handed to a connection before it has written some: enough for one large write. What is
 * there can not be taken back. */
#define WRITE_MARK (64 * 1024)

EfClientOutbox *
ef_client_outbox_new (EfWebSocketConnection *connection)
{
  EfClientOutbox *self = g_new0 (EfClientOutbox, 1);

  self->connection = connection;
  g_queue_init (&self->chunks);

  return self;
}

/* Returns how many messages were still waiting. */
guint
ef_client_outbox_free (EfClientOutbox *self)
{
  guint n_messages = 0;

  while (!g_queue_is_empty (&self->chunks))
    n_messages += ef_client_outbox_drop_oldest (self);
  g_free (self);

  return n_messages;
}

static EfFrameChunk *
take_chunk (EfClientOutbox *self)
{
  EfFrameChunk *chunk = g_queue_pop_head (&self->chunks);

  self->n_bytes -= g_bytes_get_size (chunk->frames);

  return chunk;
}

void
ef_client_outbox_add (EfClientOutbox *self, EfFrameChunk *chunk)
{
  chunk->ref_count++;
  g_queue_push_tail (&self->chunks, chunk);
  self->n_bytes += g_bytes_get_size (chunk->frames);
}

/* Hands what waits to the connection, as long as that gets it written. Returns whether nothing waits
 * any more; what the connection has then leaves with its next flush. */
gboolean
ef_client_outbox_send (EfClientOutbox *self)
{
  while (!g_queue_is_empty (&self->chunks))
    {
      EfFrameChunk *chunk;

      if (ef_web_socket_connection_get_queued (self->connection) >= WRITE_MARK
          && !ef_web_socket_connection_flush (self->connection))
        return FALSE;

      chunk = take_chunk (self);
      ef_web_socket_connection_append_shared (self->connection, chunk->frames);
      ef_frame_chunk_unref (chunk);
    }

  return TRUE;
}

/* The same without a bound, for the last words before a close. */
void
ef_client_outbox_send_all (EfClientOutbox *self)
{
  while (!g_queue_is_empty (&self->chunks))
    {
      EfFrameChunk *chunk = take_chunk (self);

      ef_web_socket_connection_append_shared (self->connection, chunk->frames);
      ef_frame_chunk_unref (chunk);
    }
}

/* The bytes that have not left for the kernel. */
gsize
ef_client_outbox_get_size (EfClientOutbox *self)
{
  return self->n_bytes + ef_web_socket_connection_get_queued (self->connection);
}

/* Returns how many messages were dropped. */
guint
ef_client_outbox_drop_oldest (EfClientOutbox *self)
{
  EfFrameChunk *chunk = take_chunk (self);
  guint n_messages = chunk->n_messages;

  ef_frame_chunk_unref (chunk);

  return n_messages;
}
