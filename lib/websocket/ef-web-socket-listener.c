/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-web-socket-listener-private.h"
#include "ef-web-socket-url-private.h"

#include <libsoup/soup.h>
#include <string.h>

struct _EfWebSocketListener
{
  SoupServer *server;
  char *path;
  char **subprotocols;
  gboolean (*may_accept) (gpointer user_data);
  void (*accepted) (GIOStream *stream, const char *subprotocol, gpointer user_data);
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

static gboolean
listen_at (EfWebSocketListener *self, GUri *uri, GError **error)
{
  g_autoptr (GSocketAddress) address = make_address (uri, error);
  g_autoptr (GError) reason = NULL;
  SoupServerListenOptions options = 0;

  if (address == NULL)
    return FALSE;

  if (ef_web_socket_url_is_secure (uri))
    options |= SOUP_SERVER_LISTEN_HTTPS;
  if (!soup_server_listen (self->server, address, options, &reason))
    {
      g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE, "can not listen at %s, port %u: %s",
                   g_uri_get_host (uri), ef_web_socket_url_get_port (uri), reason->message);
      return FALSE;
    }

  return TRUE;
}

/* Listens from here on. */
EfWebSocketListener *
ef_web_socket_listener_new (const EfWebSocketListenerConfig *config,
                            gpointer user_data,
                            GError **error)
{
  EfWebSocketListener *self = g_new0 (EfWebSocketListener, 1);
  const char *path = g_uri_get_path (config->uri);

  self->server = soup_server_new ("tls-certificate", config->certificate, "server-header",
                                  "EventFlux ", NULL);
  self->path = g_strdup (*path != '\0' ? path : "/");
  self->subprotocols = g_strdupv (config->subprotocols);
  self->may_accept = config->may_accept;
  self->accepted = config->accepted;
  self->user_data = user_data;

  soup_server_add_early_handler (self->server, NULL, answer_request, self, NULL);
  if (!listen_at (self, config->uri, error))
    g_clear_pointer (&self, ef_web_socket_listener_free);

  return self;
}

/* Listens no more. Handshakes that are under way come to nothing. */
void
ef_web_socket_listener_free (EfWebSocketListener *self)
{
  soup_server_remove_handler (self->server, NULL);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_free (self->path);
  g_strfreev (self->subprotocols);
  g_free (self);
}

/* The port that is listened at: of use if the URL left the choice to the system. */
guint16
ef_web_socket_listener_get_port (EfWebSocketListener *self)
{
  GSList *listeners = soup_server_get_listeners (self->server);
  g_autoptr (GSocketAddress) address = NULL;

  /* soup_server_get_uris() would tell too, but leaks an address with each call (3.2.3). */
  if (listeners != NULL)
    address = g_socket_get_local_address (listeners->data, NULL);
  g_slist_free (listeners);

  return address != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) : 0;
}
