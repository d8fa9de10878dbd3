/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-soup-listener.h"

#include "ef-test-loop.h"

struct _EfSoupListener
{
  SoupServer *server;
  GTlsCertificate *certificate; /* NULL for no TLS */
  GSocketService *service;
  guint16 port;
};

static gboolean
on_incoming (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             EfSoupListener *self)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autoptr (GIOStream) stream = g_object_ref (G_IO_STREAM (connection));
  g_autoptr (GError) error = NULL;

  if (self->certificate != NULL)
    {
      g_object_unref (stream);
      stream = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, &error);
      g_assert_no_error (error);
    }
  soup_server_accept_iostream (self->server, stream, local, remote, &error);
  g_assert_no_error (error);

  return TRUE;
}

EfSoupListener *
ef_soup_listener_new (SoupServer *server, GTlsCertificate *certificate)
{
  EfSoupListener *self = g_new0 (EfSoupListener, 1);
  g_autoptr (GError) error = NULL;

  self->server = g_object_ref (server);
  self->certificate = certificate != NULL ? g_object_ref (certificate) : NULL;
  self->service = g_socket_service_new ();
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
  self->port
      = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, &error);
  g_assert_no_error (error);

  return self;
}

void
ef_soup_listener_free (EfSoupListener *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  ef_test_assert_finalizes (NULL, self->service);
  g_clear_object (&self->certificate);
  g_object_unref (self->server);
  g_free (self);
}

guint16
ef_soup_listener_get_port (EfSoupListener *self)
{
  return self->port;
}
