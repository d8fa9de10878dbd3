/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-raw-server.h"

#include "ef-test-loop.h"

#include <sys/socket.h>

/*
 * EfRawServer:
 *
 * Listens on a free port of 127.0.0.1 and makes an EfRawPeer of each connection, in the order in
 * which they come. What it answers to a handshake is a text that the test chooses; it answers
 * those that connect afterwards. It lives on the thread-default context of whoever made it.
 */
struct _EfRawServer
{
  GObject parent_instance;

  GSocket *socket;
  GMainContext *context;
  GSource *acceptor;
  GPtrArray *peers; /* (element-type EfRawPeer) */
  guint16 port;
  char *url;

  char *answer;
  GBytes *tail;
  gsize step;
};

G_DEFINE_FINAL_TYPE (EfRawServer, ef_raw_server, G_TYPE_OBJECT)

static gboolean
accept_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  EfRawServer *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) accepted = g_socket_accept (socket, NULL, &error);
  EfRawPeer *peer;

  /* A client may have given up between the wake-up and now. */
  if (accepted == NULL)
    return G_SOURCE_CONTINUE;

  peer = ef_raw_peer_new_accepted (accepted, self->answer, self->tail);
  ef_raw_peer_set_step (peer, self->step);
  g_ptr_array_add (self->peers, peer);

  return G_SOURCE_CONTINUE;
}

static void
start_accepting (EfRawServer *self)
{
  self->acceptor = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_static_name (self->acceptor, "[EventFlux tests] raw server");
  g_source_set_callback (self->acceptor, G_SOURCE_FUNC (accept_cb), self, NULL);
  g_source_attach (self->acceptor, self->context);
}

static void
stop_accepting (EfRawServer *self)
{
  if (self->acceptor == NULL)
    return;

  g_source_destroy (self->acceptor);
  g_clear_pointer (&self->acceptor, g_source_unref);
}

/* Listens on the port it had, or a free one the first time. */
static void
start_listening (EfRawServer *self)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, self->port);
  g_autoptr (GSocketAddress) local = NULL;
  g_autoptr (GError) error = NULL;

  self->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                               &error);
  g_assert_no_error (error);
  g_socket_set_blocking (self->socket, FALSE);
  g_socket_bind (self->socket, address, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (self->socket, &error);
  g_assert_no_error (error);

  local = g_socket_get_local_address (self->socket, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));

  start_accepting (self);
}

static void
stop_listening (EfRawServer *self)
{
  stop_accepting (self);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
}

static void
ef_raw_server_finalize (GObject *object)
{
  EfRawServer *self = EF_RAW_SERVER (object);

  stop_listening (self);
  g_ptr_array_unref (self->peers);
  g_main_context_unref (self->context);
  g_free (self->url);
  g_free (self->answer);
  g_clear_pointer (&self->tail, g_bytes_unref);

  G_OBJECT_CLASS (ef_raw_server_parent_class)->finalize (object);
}

static void
ef_raw_server_class_init (EfRawServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ef_raw_server_finalize;
}

static void
ef_raw_server_init (EfRawServer *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->peers = g_ptr_array_new_with_free_func (g_object_unref);
  self->answer = g_strdup (EF_RAW_ANSWER_UPGRADE);
}

/* ef_raw_server_new: a server that listens, and agrees to each handshake until told otherwise */
EfRawServer *
ef_raw_server_new (void)
{
  EfRawServer *self = g_object_new (EF_TYPE_RAW_SERVER, NULL);

  start_listening (self);
  self->url = g_strdup_printf ("ws://127.0.0.1:%u/", self->port);

  return self;
}

const char *
ef_raw_server_get_url (EfRawServer *self)
{
  g_return_val_if_fail (EF_IS_RAW_SERVER (self), NULL);

  return self->url;
}

guint16
ef_raw_server_get_port (EfRawServer *self)
{
  g_return_val_if_fail (EF_IS_RAW_SERVER (self), 0);

  return self->port;
}

/* ef_raw_server_set_answer: what to answer a complete request: one of EF_RAW_ANSWER_… or any text.
 * Whatever does not begin with a status of 101 is followed by the end of the stream. NULL never
 * answers, "" ends the stream without a word. */
void
ef_raw_server_set_answer (EfRawServer *self, const char *answer)
{
  g_return_if_fail (EF_IS_RAW_SERVER (self));

  g_free (self->answer);
  self->answer = g_strdup (answer);
}

/* ef_raw_server_set_tail: bytes that leave in the same write as the answer */
void
ef_raw_server_set_tail (EfRawServer *self, gconstpointer data, gsize size)
{
  g_return_if_fail (EF_IS_RAW_SERVER (self));

  g_clear_pointer (&self->tail, g_bytes_unref);
  if (size > 0)
    self->tail = g_bytes_new (data, size);
}

/* ef_raw_server_set_step: ef_raw_peer_set_step() for those that connect from now on */
void
ef_raw_server_set_step (EfRawServer *self, gsize step)
{
  g_return_if_fail (EF_IS_RAW_SERVER (self));

  self->step = step;
}

/* ef_raw_server_get_n_peers: how many connections there have been, also those that ended */
guint
ef_raw_server_get_n_peers (EfRawServer *self)
{
  g_return_val_if_fail (EF_IS_RAW_SERVER (self), 0);

  return self->peers->len;
}

/* ef_raw_server_get_peer: the connection of that number, counted from 0, which must have come */
EfRawPeer *
ef_raw_server_get_peer (EfRawServer *self, guint index)
{
  g_return_val_if_fail (EF_IS_RAW_SERVER (self), NULL);
  g_return_val_if_fail (index < self->peers->len, NULL);

  return g_ptr_array_index (self->peers, index);
}

/* ef_raw_server_wait_peer: the same once it has come and its handshake succeeded */
EfRawPeer *
ef_raw_server_wait_peer (EfRawServer *self, guint index)
{
  EfRawPeer *peer;

  g_return_val_if_fail (EF_IS_RAW_SERVER (self), NULL);

  ef_test_wait_for (self->context, self->peers->len > index);
  peer = g_ptr_array_index (self->peers, index);
  ef_test_wait_for (self->context, ef_raw_peer_is_open (peer));

  return peer;
}

/* ef_raw_server_pause: stops listening, so that connections are refused. Those there are stay. */
void
ef_raw_server_pause (EfRawServer *self)
{
  g_return_if_fail (EF_IS_RAW_SERVER (self));

  stop_listening (self);
}

/* ef_raw_server_resume: listens again, on the same port */
void
ef_raw_server_resume (EfRawServer *self)
{
  g_return_if_fail (EF_IS_RAW_SERVER (self));
  g_return_if_fail (self->socket == NULL);

  start_listening (self);
}
