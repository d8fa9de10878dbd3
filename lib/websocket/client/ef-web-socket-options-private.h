/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-keepalive-options-private.h"
#include "ef-web-socket-handshake-private.h"

G_BEGIN_DECLS

#define EF_WEB_SOCKET_DEFAULT_RECONNECT_DELAY_MS 1000
#define EF_WEB_SOCKET_DEFAULT_RECONNECT_MAX_DELAY_MS 30000
#define EF_WEB_SOCKET_DEFAULT_CONNECT_TIMEOUT_MS 10000
#define EF_WEB_SOCKET_DEFAULT_CLOSE_TIMEOUT_MS 5000
#define EF_WEB_SOCKET_DEFAULT_HEARTBEAT_INTERVAL_MS 30000
#define EF_WEB_SOCKET_DEFAULT_MAX_MESSAGE_SIZE (16 * 1024 * 1024)

/* What the source and the sink have in common: the properties of a client. Their classes install
 * them from a first id on and hand over what they do not know themselves. */
typedef struct
{
  guint serial; /* goes up with each change */
  char *url;
  char **urls;
  gboolean reconnect;
  guint reconnect_delay_ms;
  guint reconnect_max_delay_ms;
  int reconnect_max_attempts;
  double reconnect_jitter;
  char *reconnect_policy;
  GHashTable *headers;
  char *subprotocol;
  guint connect_timeout_ms;
  guint close_timeout_ms;
  guint64 max_message_size;
  char *tls_ca_file;
  EfKeepaliveOptions keepalive;
  char *heartbeat_message;
  guint heartbeat_interval_ms;
  char *heartbeat_match;
  char *heartbeat_reply;

  /* What a connection brings. */
  gboolean connected;
  char *negotiated_subprotocol;
} EfWebSocketOptions;

typedef enum
{
  EF_WEB_SOCKET_OPTION_URL,
  EF_WEB_SOCKET_OPTION_URLS,
  EF_WEB_SOCKET_OPTION_RECONNECT,
  EF_WEB_SOCKET_OPTION_RECONNECT_DELAY_MS,
  EF_WEB_SOCKET_OPTION_RECONNECT_MAX_DELAY_MS,
  EF_WEB_SOCKET_OPTION_RECONNECT_MAX_ATTEMPTS,
  EF_WEB_SOCKET_OPTION_RECONNECT_JITTER,
  EF_WEB_SOCKET_OPTION_RECONNECT_POLICY,
  EF_WEB_SOCKET_OPTION_HEADERS,
  EF_WEB_SOCKET_OPTION_SUBPROTOCOL,
  EF_WEB_SOCKET_OPTION_CONNECT_TIMEOUT_MS,
  EF_WEB_SOCKET_OPTION_CLOSE_TIMEOUT_MS,
  EF_WEB_SOCKET_OPTION_MAX_MESSAGE_SIZE,
  EF_WEB_SOCKET_OPTION_TLS_CA_FILE,
  EF_WEB_SOCKET_OPTION_PING_INTERVAL_MS,
  EF_WEB_SOCKET_OPTION_PONG_TIMEOUT_MS,
  EF_WEB_SOCKET_OPTION_IDLE_TIMEOUT_MS,
  EF_WEB_SOCKET_OPTION_RTT,
  EF_WEB_SOCKET_OPTION_HEARTBEAT_MESSAGE,
  EF_WEB_SOCKET_OPTION_HEARTBEAT_INTERVAL_MS,
  EF_WEB_SOCKET_OPTION_HEARTBEAT_MATCH,
  EF_WEB_SOCKET_OPTION_HEARTBEAT_REPLY,
  EF_WEB_SOCKET_OPTION_CONNECTED,
  EF_WEB_SOCKET_OPTION_NEGOTIATED_SUBPROTOCOL,
} EfWebSocketOption;

#define EF_WEB_SOCKET_N_OPTIONS (EF_WEB_SOCKET_OPTION_NEGOTIATED_SUBPROTOCOL + 1)

void ef_web_socket_options_install (GObjectClass *klass, guint first_id);

void ef_web_socket_options_init (EfWebSocketOptions *self);

void ef_web_socket_options_clear (EfWebSocketOptions *self);

void ef_web_socket_options_get_property (EfWebSocketOptions *self,
                                         EfWebSocketOption option,
                                         GValue *value);

gboolean ef_web_socket_options_set_property (EfWebSocketOptions *self,
                                             EfWebSocketOption option,
                                             const GValue *value);

void ef_web_socket_options_set_connected (EfWebSocketOptions *self,
                                          GObject *object,
                                          gboolean connected,
                                          const char *subprotocol);

GPtrArray *ef_web_socket_options_make_targets (EfWebSocketOptions *self,
                                               EfClock *clock,
                                               GError **error);

G_END_DECLS
