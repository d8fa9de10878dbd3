/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-socket-acceptor-private.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

/* How long to leave the kernel's queue alone after it could not be taken from. */
#define RETRY_DELAY G_TIME_SPAN_SECOND

/* Connections that one dispatch takes at most: others on the context have their turn too. */
#define MAX_ACCEPTED 64

struct _EfSocketAcceptor
{
  EfSocketAcceptorConfig config;
  gpointer user_data;

  GMainContext *context;
  GSocket *socket;
  GSource *source; /* of the socket, or of the retry */
  GQueue newcomers; /* those who wait longest first */
};

struct _EfNewcomer
{
  EfSocketAcceptor *acceptor;
  GList link;
  GSocketConnection *connection; /* watched, not owned */
  GSocket *socket;
  GSocketAddress *remote;
  GCancellable *cancellable; /* of the TLS handshake */
  GSource *timer;
};

static void start_accepting (EfSocketAcceptor *self);

static G_DEFINE_QUARK (ef-newcomer, newcomer)

/* Newcomers */

static void
newcomer_free (EfNewcomer *self)
{
  g_queue_unlink (&self->acceptor->newcomers, &self->link);
  g_object_set_qdata (G_OBJECT (self->remote), newcomer_quark (), NULL);
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_object_unref (self->cancellable);
  g_object_unref (self->remote);
  g_object_unref (self->socket);
  g_free (self);
}

static void
connection_gone (gpointer user_data, GObject *connection)
{
  newcomer_free (user_data);
}

/* It is a client now, or an acceptor's business no more. */
static void
let_go (EfNewcomer *self)
{
  g_object_weak_unref (G_OBJECT (self->connection), connection_gone, self);
  newcomer_free (self);
}

/* Whoever reads from the connection sees its end, and closes it. */
static void
turn_away (EfNewcomer *self)
{
  g_autoptr (GSocket) socket = g_object_ref (self->socket);

  g_cancellable_cancel (self->cancellable);
  let_go (self);
  g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

static gboolean
timed_out (gpointer user_data)
{
  turn_away (user_data);

  return G_SOURCE_REMOVE;
}

static EfNewcomer *
newcomer_new (EfSocketAcceptor *acceptor, GSocketConnection *connection, GSocketAddress *remote)
{
  EfNewcomer *self = g_new0 (EfNewcomer, 1);

  self->acceptor = acceptor;
  self->link.data = self;
  self->connection = connection;
  self->socket = g_object_ref (g_socket_connection_get_socket (connection));
  self->remote = g_object_ref (remote);
  self->cancellable = g_cancellable_new ();
  self->timer = ef_clock_create_timeout (acceptor->config.clock, acceptor->config.timeout);
  g_source_set_static_name (self->timer, "[EventFlux] WebSocket handshake timeout");
  g_source_set_callback (self->timer, timed_out, self, NULL);
  g_source_attach (self->timer, acceptor->context);

  g_object_weak_ref (G_OBJECT (connection), connection_gone, self);
  g_object_set_qdata (G_OBJECT (remote), newcomer_quark (), self);
  g_queue_push_tail_link (&acceptor->newcomers, &self->link);

  return self;
}

/* Accepting */

static void
hand_over (EfNewcomer *newcomer, GIOStream *stream)
{
  EfSocketAcceptor *self = newcomer->acceptor;
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (newcomer->socket, NULL);

  if (local != NULL)
    self->config.connected (stream, local, newcomer->remote, self->user_data);
}

static void
on_tls_handshake (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfNewcomer *newcomer = user_data;

  /* If it failed the stream goes with the last reference, and the newcomer with the stream. One who
   * was turned away is gone already. */
  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, NULL))
    hand_over (newcomer, G_IO_STREAM (object));
}

static void
begin_tls (EfNewcomer *newcomer)
{
  EfSocketAcceptor *self = newcomer->acceptor;
  g_autoptr (GIOStream) stream = g_tls_server_connection_new (G_IO_STREAM (newcomer->connection),
                                                              self->config.certificate, NULL);

  if (stream != NULL)
    g_tls_connection_handshake_async (G_TLS_CONNECTION (stream), G_PRIORITY_DEFAULT,
                                      newcomer->cancellable, on_tls_handshake, newcomer);
}

static void
welcome (EfSocketAcceptor *self, GSocket *socket)
{
  g_autoptr (GSocketConnection) connection = g_socket_connection_factory_create_connection (socket);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  EfNewcomer *newcomer;

  /* It may have left already. */
  if (remote == NULL)
    return;

  /* Frames are written in as large pieces as there are; to wait for more only delays them. */
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);

  if (self->newcomers.length >= self->config.max_newcomers)
    turn_away (g_queue_peek_head (&self->newcomers));

  newcomer = newcomer_new (self, connection, remote);
  if (self->config.certificate != NULL)
    begin_tls (newcomer);
  else
    hand_over (newcomer, G_IO_STREAM (connection));
}

static void
attach (EfSocketAcceptor *self, GSource *source, GSourceFunc func)
{
  ef_clear_source (&self->source);

  self->source = source;
  g_source_set_static_name (source, "[EventFlux] WebSocket server");
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, self->context);
}

static gboolean
retry (gpointer user_data)
{
  start_accepting (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
acceptable (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  EfSocketAcceptor *self = user_data;

  for (guint i = 0; i < MAX_ACCEPTED; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocket) accepted = g_socket_accept (socket, NULL, &error);

      if (accepted != NULL)
        {
          welcome (self, accepted);
          continue;
        }

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return G_SOURCE_CONTINUE;

      /* Too many open files, most likely: the socket stays readable, so it is left alone for a while. */
      attach (self, ef_clock_create_timeout (self->config.clock, RETRY_DELAY), retry);
      self->config.failed (error, self->user_data);
      return G_SOURCE_REMOVE;
    }

  return G_SOURCE_CONTINUE;
}

static void
start_accepting (EfSocketAcceptor *self)
{
  attach (self, g_socket_create_source (self->socket, G_IO_IN, NULL), G_SOURCE_FUNC (acceptable));
}

static GSocket *
open_socket (GSocketAddress *address, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address),
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL)
    return NULL;

  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, SOMAXCONN);
  if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;

  return g_steal_pointer (&socket);
}

EfSocketAcceptor *
ef_socket_acceptor_new (const EfSocketAcceptorConfig *config, gpointer user_data, GError **error)
{
  g_autoptr (GSocket) socket = open_socket (config->address, error);
  EfSocketAcceptor *self;

  if (socket == NULL)
    return NULL;

  self = g_new0 (EfSocketAcceptor, 1);
  self->config = *config;
  self->config.address = NULL;
  if (config->certificate != NULL)
    g_object_ref (config->certificate);
  g_object_ref (config->clock);
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();
  self->socket = g_steal_pointer (&socket);
  start_accepting (self);

  return self;
}

/* Accepts nobody any more, and turns away those who are not clients. */
void
ef_socket_acceptor_free (EfSocketAcceptor *self)
{
  while (!g_queue_is_empty (&self->newcomers))
    turn_away (g_queue_peek_head (&self->newcomers));

  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_object_unref (self->socket);
  g_main_context_unref (self->context);
  g_clear_object (&self->config.certificate);
  g_object_unref (self->config.clock);
  g_free (self);
}

guint16
ef_socket_acceptor_get_port (EfSocketAcceptor *self)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (self->socket, NULL);

  return address != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) : 0;
}

/* A newcomer, told by the address that connected() came with, has become a client. */
void
ef_socket_acceptor_admit (EfSocketAcceptor *self, GSocketAddress *remote)
{
  EfNewcomer *newcomer = g_object_get_qdata (G_OBJECT (remote), newcomer_quark ());

  if (newcomer != NULL)
    let_go (newcomer);
}
