/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-socket-acceptor-private.h"
#include "ef-web-socket-listener-private.h"
#include "ef-web-socket-origins-private.h"
#include "ef-web-socket-url-private.h"

#include <libsoup/soup.h>
#include <string.h>

struct _EfWebSocketListener
{
  EfSocketAcceptor *acceptor; /* NULL only while it is made */
  SoupServer *server;
  char *path;
  char **subprotocols;
  char **origins;
  gboolean secure;
  gboolean (*may_accept) (gpointer user_data);
  void (*accepted) (GIOStream *stream, const char *subprotocol, gpointer user_data);
  void (*failed) (const GError *error, gpointer user_data);
  gpointer user_data;
};

/* Whoever is refused has nothing more to ask on this connection, and some clients wait for its end. */
static void
refuse (SoupServerMessage *message, guint status, const char *why)
{
  soup_message_headers_append (soup_server_message_get_response_headers (message), "Connection",
                               "close");
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, why, strlen (why));
}

/* The 101 is written: what follows on the stream are frames, and ours. */
static void
handshake_written (SoupServerMessage *message, gpointer user_data)
{
  EfWebSocketListener *self = user_data;
  g_autofree char *subprotocol = NULL;
  g_autoptr (GIOStream) stream = NULL;

  if (soup_server_message_get_status (message) != SOUP_STATUS_SWITCHING_PROTOCOLS)
    return;

  ef_socket_acceptor_admit (self->acceptor, soup_server_message_get_remote_address (message));
  subprotocol = g_strdup (soup_message_headers_get_one (
    soup_server_message_get_response_headers (message), "Sec-WebSocket-Protocol"));
  stream = soup_server_message_steal_connection (message);
  self->accepted (stream, subprotocol, self->user_data);
}

/* Called once the request's headers are there; a status that is set here is the answer. */
static void
answer_request (SoupServer *server,
                SoupServerMessage *message,
                const char *path,
                GHashTable *query,
                gpointer user_data)
{
  EfWebSocketListener *self = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (strcmp (path, self->path) != 0)
    {
      refuse (message, SOUP_STATUS_NOT_FOUND, "There is nothing at this path.\n");
      return;
    }

  if (!soup_message_headers_header_contains (headers, "Upgrade", "websocket"))
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Upgrade",
                                    "websocket");
      refuse (message, 426, "This is a WebSocket endpoint.\n");
      return;
    }

  if (!ef_web_socket_origins_allow ((const char *const *) self->origins,
                                    soup_message_headers_get_one (headers, "Origin"),
                                    soup_message_headers_get_one (headers, "Host"), self->secure))
    {
      refuse (message, SOUP_STATUS_FORBIDDEN, "Pages of this origin are not welcome.\n");
      return;
    }

  if (!self->may_accept (self->user_data))
    {
      refuse (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "There are too many clients.\n");
      return;
    }

  /* No extension is agreed to. A handshake that is wrong gets its 400 here. */
  if (soup_websocket_server_process_handshake (message, NULL, self->subprotocols, NULL, NULL))
    g_signal_connect (message, "wrote-informational", G_CALLBACK (handshake_written), self);
}

/* The address that a host stands for. Names are not looked up: the machine that a server listens on
 * is this one. */
static GSocketAddress *
make_address (GUri *uri, GError **error)
{
  const char *host = g_uri_get_host (uri);
  guint16 port = ef_web_socket_url_get_port (uri);
  g_autoptr (GInetAddress) inet = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    inet = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  else
    inet = g_inet_address_new_from_string (host);

  if (inet == NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                   "“%s” is no address of this machine: write “127.0.0.1” to serve this machine "
                   "alone, “0.0.0.0” or “[::]” to serve every network, or one of its addresses",
                   host);
      return NULL;
    }

  return g_inet_socket_address_new (inet, port);
}

static void
connected (GIOStream *stream, GSocketAddress *local, GSocketAddress *remote, gpointer user_data)
{
  EfWebSocketListener *self = user_data;

  /* It fails if the stream has closed already, which is then nobody's loss. */
  soup_server_accept_iostream (self->server, stream, local, remote, NULL);
}

static void
failed (const GError *error, gpointer user_data)
{
  EfWebSocketListener *self = user_data;

  self->failed (error, self->user_data);
}

static gboolean
listen_at (EfWebSocketListener *self, const EfWebSocketListenerConfig *config, GError **error)
{
  g_autoptr (GSocketAddress) address = make_address (config->uri, error);
  g_autoptr (GError) reason = NULL;
  EfSocketAcceptorConfig acceptor_config = {
    .address = address,
    .certificate = config->certificate,
    .clock = config->clock,
    .timeout = config->handshake_timeout,
    .max_newcomers = config->max_newcomers,
    .connected = connected,
    .failed = failed,
  };

  if (address == NULL)
    return FALSE;

  self->acceptor = ef_socket_acceptor_new (&acceptor_config, self, &reason);
  if (self->acceptor != NULL)
    return TRUE;

  g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE, "can not listen at %s, port %u: %s",
               g_uri_get_host (config->uri), ef_web_socket_url_get_port (config->uri),
               reason->message);

  return FALSE;
}

/* Listens from here on. */
EfWebSocketListener *
ef_web_socket_listener_new (const EfWebSocketListenerConfig *config,
                            gpointer user_data,
                            GError **error)
{
  EfWebSocketListener *self = g_new0 (EfWebSocketListener, 1);
  const char *path = g_uri_get_path (config->uri);

  self->server = soup_server_new ("server-header", "EventFlux ", NULL);
  self->path = g_strdup (*path != '\0' ? path : "/");
  self->subprotocols = g_strdupv (config->subprotocols);
  self->origins = g_strdupv (config->origins);
  self->secure = ef_web_socket_url_is_secure (config->uri);
  self->may_accept = config->may_accept;
  self->accepted = config->accepted;
  self->failed = config->failed;
  self->user_data = user_data;

  soup_server_add_early_handler (self->server, NULL, answer_request, self, NULL);
  if (!listen_at (self, config, error))
    g_clear_pointer (&self, ef_web_socket_listener_free);

  return self;
}

/* Listens no more. Handshakes that are under way come to nothing. */
void
ef_web_socket_listener_free (EfWebSocketListener *self)
{
  g_clear_pointer (&self->acceptor, ef_socket_acceptor_free);
  soup_server_remove_handler (self->server, NULL);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_free (self->path);
  g_strfreev (self->subprotocols);
  g_strfreev (self->origins);
  g_free (self);
}

/* The port that is listened at: of use if the URL left the choice to the system. */
guint16
ef_web_socket_listener_get_port (EfWebSocketListener *self)
{
  return ef_socket_acceptor_get_port (self->acceptor);
}
