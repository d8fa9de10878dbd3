/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"
#include "ef-keepalive-options-private.h"
#include "ef-web-socket-connection-private.h"
#include "ef-web-socket-listener-private.h"

G_BEGIN_DECLS

/* What the server elements have in common: the properties of an endpoint that is served, the signals
 * `client-connected` and `client-disconnected`, and the clients. The element embeds it and hands over
 * what it is asked for. */
typedef struct _EfWebSocketServer EfWebSocketServer;

typedef struct
{
  EfWebSocketServer *server;
  EfWebSocketConnection *connection;
  guint64 id; /* counted from 1 */
  char *address;
  gpointer data; /* of the element */
} EfServerClient;

typedef struct
{
  void (*connected) (EfElement *element, EfServerClient *client);

  /* May be NULL for an element that has no use for messages. */
  void (*received) (EfElement *element, EfServerClient *client, EfBatch *batch);

  void (*drained) (EfElement *element, EfServerClient *client);

  void (*disconnected) (EfElement *element, EfServerClient *client);
} EfWebSocketServerFuncs;

typedef enum
{
  EF_WEB_SOCKET_SERVER_OPTION_URL,
  EF_WEB_SOCKET_SERVER_OPTION_SUBPROTOCOL,
  EF_WEB_SOCKET_SERVER_OPTION_ALLOWED_ORIGINS,
  EF_WEB_SOCKET_SERVER_OPTION_TLS_CERTIFICATE_FILE,
  EF_WEB_SOCKET_SERVER_OPTION_TLS_KEY_FILE,
  EF_WEB_SOCKET_SERVER_OPTION_MAX_CLIENTS,
  EF_WEB_SOCKET_SERVER_OPTION_MAX_MESSAGE_SIZE,
  EF_WEB_SOCKET_SERVER_OPTION_HANDSHAKE_TIMEOUT_MS,
  EF_WEB_SOCKET_SERVER_OPTION_CLOSE_TIMEOUT_MS,
  EF_WEB_SOCKET_SERVER_OPTION_PING_INTERVAL_MS,
  EF_WEB_SOCKET_SERVER_OPTION_PONG_TIMEOUT_MS,
  EF_WEB_SOCKET_SERVER_OPTION_IDLE_TIMEOUT_MS,
  EF_WEB_SOCKET_SERVER_OPTION_RTT,
  EF_WEB_SOCKET_SERVER_OPTION_PORT,
  EF_WEB_SOCKET_SERVER_OPTION_N_CLIENTS,
} EfWebSocketServerOption;

#define EF_WEB_SOCKET_SERVER_N_OPTIONS (EF_WEB_SOCKET_SERVER_OPTION_N_CLIENTS + 1)

struct _EfWebSocketServer
{
  EfElement *element;
  const EfWebSocketServerFuncs *funcs;

  char *url;
  char *subprotocol;
  char **allowed_origins;
  char *tls_certificate_file;
  char *tls_key_file;
  guint max_clients;
  guint64 max_message_size;
  guint handshake_timeout_ms;
  guint close_timeout_ms;
  EfKeepaliveOptions keepalive;

  GUri *uri; /* from READY on */
  GTlsCertificate *certificate;
  EfWebSocketListener *listener;
  guint port;
  GHashTable *clients; /* id -> EfServerClient */
  guint64 last_id;
  guint n_connected; /* connections whose stream is not gone, those that have ended included */
  GTask *closing;

  /* Read from any thread. */
  guint64 n_connections;
  guint64 n_messages; /* received */
  guint64 n_clients;
};

void ef_web_socket_server_install (EfElementClass *klass, guint first_id);

void ef_web_socket_server_init (EfWebSocketServer *self,
                                EfElement *element,
                                const EfWebSocketServerFuncs *funcs);

void ef_web_socket_server_clear (EfWebSocketServer *self);

void ef_web_socket_server_get_property (EfWebSocketServer *self,
                                        EfWebSocketServerOption option,
                                        GValue *value);

void ef_web_socket_server_set_property (EfWebSocketServer *self,
                                        EfWebSocketServerOption option,
                                        const GValue *value,
                                        GParamSpec *pspec);

gboolean ef_web_socket_server_prepare (EfWebSocketServer *self, GError **error);

void ef_web_socket_server_unprepare (EfWebSocketServer *self);

void ef_web_socket_server_open_async (EfWebSocketServer *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);

gboolean ef_web_socket_server_open_finish (EfElement *element, GAsyncResult *result, GError **error);

void ef_web_socket_server_close_async (EfWebSocketServer *self,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);

void ef_web_socket_server_close_finish (EfElement *element, GAsyncResult *result);

void ef_web_socket_server_add_stats (EfWebSocketServer *self, GVariantDict *stats);

guint ef_web_socket_server_get_n_clients (EfWebSocketServer *self);

/* Of the properties, in ef-web-socket-server-options.c. */

void ef_web_socket_server_install_properties (GObjectClass *klass, guint first_id);

void ef_web_socket_server_init_options (EfWebSocketServer *self);

void ef_web_socket_server_clear_options (EfWebSocketServer *self);

gboolean ef_web_socket_server_check_options (EfWebSocketServer *self, GError **error);

gboolean ef_web_socket_server_load_certificate (EfWebSocketServer *self, GError **error);

G_END_DECLS
