/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-web-socket-connection-struct-private.h"
#include "ef-web-socket-error.h"

/* What is known of a connection from watching it: whether the peer is still there, and how much has
 * passed. */

static void
send_ping (gconstpointer payload, gsize size, gpointer user_data)
{
  g_autoptr (EfWebSocketConnection) self = ef_web_socket_connection_ref (user_data);

  if (self->output.failed)
    return;

  ef_frame_writer_append (self->output.writer, EF_OPCODE_PING, payload, size);
  ef_web_socket_connection_flush (self);
}

static gssize
get_unread (gpointer user_data)
{
  return ef_socket_io_get_unread (((EfWebSocketConnection *) user_data)->io);
}

/* Ends the connection because of what the peer does not do: to say goodbye would mean to wait once
 * more for who does not answer. */
void
ef_web_socket_connection_take_for_dead (EfWebSocketConnection *connection, const char *why)
{
  g_autoptr (EfWebSocketConnection) self = ef_web_socket_connection_ref (connection);
  g_autoptr (GError) error = g_error_new (EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_TIMED_OUT,
                                          "%s: %s", self->name, why);

  _ef_web_socket_connection_end (self, EF_CLOSE_ABNORMAL, "", error);
  ef_web_socket_connection_abort (self);
}

static void
peer_is_silent (const char *why, gpointer user_data)
{
  ef_web_socket_connection_take_for_dead (user_data, why);
}

static const EfKeepaliveFuncs keepalive_funcs = {
  .send_ping = send_ping,
  .get_unread = get_unread,
  .silent = peer_is_silent,
};

/* Begins to look after the peer. */
void
_ef_web_socket_connection_watch (EfWebSocketConnection *self, const EfKeepaliveConfig *config)
{
  ef_keepalive_init (&self->keepalive, config, self->clock, self->context, &keepalive_funcs, self);
}

void
_ef_web_socket_connection_take_pong (EfWebSocketConnection *self, const EfFrame *frame)
{
  gint64 rtt = ef_keepalive_take_pong (&self->keepalive, frame->data, frame->len);

  if (rtt >= 0 && self->state == EF_CONNECTION_OPEN && self->funcs->rtt_measured != NULL)
    self->funcs->rtt_measured (self, rtt, self->user_data);
}

/* Bytes that were appended and have not left. */
gsize
ef_web_socket_connection_get_queued (EfWebSocketConnection *self)
{
  return ef_frame_output_get_queued (&self->output);
}

/* How many bytes have left for the kernel. */
guint64
ef_web_socket_connection_get_written (EfWebSocketConnection *self)
{
  return self->output.n_written;
}

/* Where, counted as in get_written(), what was appended ends: once so much is written, it has left.
 * */
guint64
ef_web_socket_connection_get_appended (EfWebSocketConnection *self)
{
  return self->output.n_written + ef_frame_output_get_queued (&self->output);
}

guint64
ef_web_socket_connection_get_read (EfWebSocketConnection *self)
{
  return self->n_read;
}

char *
ef_web_socket_connection_dup_remote_address (EfWebSocketConnection *self)
{
  return self->io != NULL ? ef_socket_io_dup_remote_address (self->io) : NULL;
}
