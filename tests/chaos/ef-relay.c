/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-relay.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#define ROOM 65536

typedef struct _Connection Connection;

/* One direction. It reads when it is empty and writes when it is not, so it holds back whoever is
 * too fast. */
typedef struct
{
  Connection *connection;
  GSocket *from;
  GSocket *to;
  GSource *source;
  guint8 data[ROOM];
  gsize start;
  gsize end;
  gint64 spoil_in; /* bytes from here, -1 for never */
  gboolean has_ended;
} Pipe;

struct _Connection
{
  EfRelay *relay;
  Pipe up;   /* from the client */
  Pipe down; /* to the client */
};

struct _EfRelay
{
  GMainContext *context;
  GSocket *socket;
  GSource *source;
  guint16 target_port;
  EfRelayFaults faults;
  GPtrArray *connections;
  guint n_accepted;
};

static void pipe_wait (Pipe *self);

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
connection_free (gpointer data)
{
  Connection *self = data;

  clear_source (&self->up.source);
  clear_source (&self->down.source);
  g_object_unref (self->up.from);
  g_object_unref (self->up.to);
  g_free (self);
}

static void
connection_break (Connection *self)
{
  struct linger reset = { .l_onoff = 1, .l_linger = 0 };

  setsockopt (g_socket_get_fd (self->up.from), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  setsockopt (g_socket_get_fd (self->up.to), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  g_ptr_array_remove_fast (self->relay->connections, self);
}

static void
spoil (Pipe *self, gsize n)
{
  if (self->spoil_in >= 0 && self->spoil_in < (gint64) n)
    self->data[self->end + (gsize) self->spoil_in] ^= 0x10;
  if (self->spoil_in >= 0)
    self->spoil_in -= (gint64) n;
}

/* Returns FALSE once the connection is gone. */
static gboolean
pipe_read (Pipe *self)
{
  g_autoptr (GError) error = NULL;
  gssize n;

  self->start = self->end = 0;
  n = g_socket_receive (self->from, (char *) self->data, ROOM, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return TRUE;
  if (n < 0)
    {
      connection_break (self->connection);
      return FALSE;
    }

  if (n == 0)
    {
      self->has_ended = TRUE;
      g_socket_shutdown (self->to, FALSE, TRUE, NULL);
      if (!self->connection->up.has_ended || !self->connection->down.has_ended)
        return TRUE;
      g_ptr_array_remove_fast (self->connection->relay->connections, self->connection);
      return FALSE;
    }

  spoil (self, (gsize) n);
  self->end = (gsize) n;

  return TRUE;
}

static gboolean
pipe_write (Pipe *self)
{
  gsize step = self->connection->relay->faults.step;
  gsize size = self->end - self->start;
  g_autoptr (GError) error = NULL;
  gssize n;

  n = g_socket_send (self->to, (char *) self->data + self->start, step > 0 ? MIN (step, size) : size,
                     NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return TRUE;
  if (n < 0)
    {
      connection_break (self->connection);
      return FALSE;
    }
  self->start += (gsize) n;

  return TRUE;
}

static gboolean
pipe_ready (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Pipe *self = user_data;
  gboolean goes_on = self->start < self->end ? pipe_write (self) : pipe_read (self);

  if (goes_on)
    pipe_wait (self);

  return G_SOURCE_REMOVE;
}

static gboolean
pause_is_over (gpointer user_data)
{
  Pipe *self = user_data;

  return pipe_ready (self->to, G_IO_OUT, self);
}

/* Waits for what comes next. */
static void
pipe_wait (Pipe *self)
{
  EfRelay *relay = self->connection->relay;
  gboolean is_full = self->start < self->end;

  clear_source (&self->source);
  if (self->has_ended || relay->faults.is_silent)
    return;

  if (is_full && relay->faults.pause_ms > 0)
    {
      self->source = g_timeout_source_new (relay->faults.pause_ms);
      g_source_set_callback (self->source, pause_is_over, self, NULL);
    }
  else
    {
      self->source = g_socket_create_source (is_full ? self->to : self->from,
                                             is_full ? G_IO_OUT : G_IO_IN, NULL);
      g_source_set_callback (self->source, G_SOURCE_FUNC (pipe_ready), self, NULL);
    }
  g_source_attach (self->source, relay->context);
}

static void
pipe_init (Pipe *self, Connection *connection, GSocket *from, GSocket *to)
{
  self->connection = connection;
  self->from = from;
  self->to = to;
  self->spoil_in = -1;
  g_socket_set_option (to, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  g_socket_set_blocking (from, FALSE);
}

static GSocket *
reach (guint16 port)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (inet, port);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                             G_SOCKET_PROTOCOL_TCP, NULL);

  /* The kernel of this machine answers at once, either way. */
  if (!g_socket_connect (socket, address, NULL, NULL))
    return NULL;

  return g_steal_pointer (&socket);
}

static gboolean
acceptable (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  EfRelay *self = user_data;
  g_autoptr (GSocket) client = g_socket_accept (socket, NULL, NULL);
  g_autoptr (GSocket) server = client != NULL ? reach (self->target_port) : NULL;
  Connection *connection;

  if (server == NULL)
    return G_SOURCE_CONTINUE;

  connection = g_new0 (Connection, 1);
  connection->relay = self;
  pipe_init (&connection->up, connection, client, server);
  pipe_init (&connection->down, connection, server, client);
  g_object_ref (client);
  g_object_ref (server);
  connection->down.spoil_in = self->faults.spoil_at;
  g_ptr_array_add (self->connections, connection);
  self->n_accepted++;
  pipe_wait (&connection->up);
  pipe_wait (&connection->down);

  return G_SOURCE_CONTINUE;
}

EfRelay *
ef_relay_new (guint16 target_port)
{
  EfRelay *self = g_new0 (EfRelay, 1);
  g_autoptr (GInetAddress) inet = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (inet, 0);
  g_autoptr (GError) error = NULL;

  self->context = g_main_context_ref_thread_default ();
  self->target_port = target_port;
  self->faults.spoil_at = -1;
  self->connections = g_ptr_array_new_with_free_func (connection_free);
  self->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                               &error);
  g_assert_no_error (error);
  g_socket_bind (self->socket, address, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (self->socket, &error);
  g_assert_no_error (error);
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (acceptable), self, NULL);
  g_source_attach (self->source, self->context);

  return self;
}

void
ef_relay_free (EfRelay *self)
{
  g_ptr_array_unref (self->connections);
  clear_source (&self->source);
  g_object_unref (self->socket);
  g_main_context_unref (self->context);
  g_free (self);
}

char *
ef_relay_dup_url (EfRelay *self)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (self->socket, NULL);

  return g_strdup_printf ("ws://127.0.0.1:%u/",
                          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
}

void
ef_relay_set_faults (EfRelay *self, const EfRelayFaults *faults)
{
  self->faults = *faults;
  for (guint i = 0; i < self->connections->len; i++)
    {
      Connection *connection = g_ptr_array_index (self->connections, i);

      pipe_wait (&connection->up);
      pipe_wait (&connection->down);
    }
}

/* Ends all connections with a reset, which also takes what the kernel still had to send. */
void
ef_relay_reset_connections (EfRelay *self)
{
  while (self->connections->len > 0)
    connection_break (g_ptr_array_index (self->connections, 0));
}

/* How many connections there have been. */
guint
ef_relay_get_n_accepted (EfRelay *self)
{
  return self->n_accepted;
}
