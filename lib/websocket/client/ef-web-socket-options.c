/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-option-field-private.h"
#include "ef-web-socket-options-private.h"

void
ef_web_socket_options_init (EfWebSocketOptions *self)
{
  *self = (EfWebSocketOptions){
    .reconnect = TRUE,
    .reconnect_delay_ms = EF_WEB_SOCKET_DEFAULT_RECONNECT_DELAY_MS,
    .reconnect_max_delay_ms = EF_WEB_SOCKET_DEFAULT_RECONNECT_MAX_DELAY_MS,
    .reconnect_max_attempts = -1,
    .headers = ef_option_field_new_table (),
    .connect_timeout_ms = EF_WEB_SOCKET_DEFAULT_CONNECT_TIMEOUT_MS,
    .close_timeout_ms = EF_WEB_SOCKET_DEFAULT_CLOSE_TIMEOUT_MS,
    .heartbeat_interval_ms = EF_WEB_SOCKET_DEFAULT_HEARTBEAT_INTERVAL_MS,
    .max_message_size = EF_WEB_SOCKET_DEFAULT_MAX_MESSAGE_SIZE,
  };
  ef_keepalive_options_init (&self->keepalive);
}

void
ef_web_socket_options_clear (EfWebSocketOptions *self)
{
  g_free (self->url);
  g_strfreev (self->urls);
  g_free (self->reconnect_policy);
  g_free (self->heartbeat_message);
  g_free (self->heartbeat_match);
  g_free (self->heartbeat_reply);
  g_hash_table_unref (self->headers);
  g_free (self->subprotocol);
  g_free (self->tls_ca_file);
  g_free (self->negotiated_subprotocol);
}

#define FIELD(option, name) \
  [EF_WEB_SOCKET_OPTION_##option] = G_STRUCT_OFFSET (EfWebSocketOptions, name)

static const glong fields[EF_WEB_SOCKET_N_OPTIONS] = {
  FIELD (URL, url),
  FIELD (URLS, urls),
  FIELD (RECONNECT, reconnect),
  FIELD (RECONNECT_DELAY_MS, reconnect_delay_ms),
  FIELD (RECONNECT_MAX_DELAY_MS, reconnect_max_delay_ms),
  FIELD (RECONNECT_MAX_ATTEMPTS, reconnect_max_attempts),
  FIELD (RECONNECT_JITTER, reconnect_jitter),
  FIELD (RECONNECT_POLICY, reconnect_policy),
  FIELD (HEADERS, headers),
  FIELD (SUBPROTOCOL, subprotocol),
  FIELD (CONNECT_TIMEOUT_MS, connect_timeout_ms),
  FIELD (CLOSE_TIMEOUT_MS, close_timeout_ms),
  FIELD (MAX_MESSAGE_SIZE, max_message_size),
  FIELD (TLS_CA_FILE, tls_ca_file),
  FIELD (PING_INTERVAL_MS, keepalive.ping_interval_ms),
  FIELD (PONG_TIMEOUT_MS, keepalive.pong_timeout_ms),
  FIELD (IDLE_TIMEOUT_MS, keepalive.idle_timeout_ms),
  FIELD (RTT, keepalive.rtt),
  FIELD (HEARTBEAT_MESSAGE, heartbeat_message),
  FIELD (HEARTBEAT_INTERVAL_MS, heartbeat_interval_ms),
  FIELD (HEARTBEAT_MATCH, heartbeat_match),
  FIELD (HEARTBEAT_REPLY, heartbeat_reply),
  FIELD (CONNECTED, connected),
  FIELD (NEGOTIATED_SUBPROTOCOL, negotiated_subprotocol),
};

static gpointer
get_field (EfWebSocketOptions *self, EfWebSocketOption option)
{
  return G_STRUCT_MEMBER_P (self, fields[option]);
}

void
ef_web_socket_options_get_property (EfWebSocketOptions *self,
                                    EfWebSocketOption option,
                                    GValue *value)
{
  ef_option_field_get (get_field (self, option), value);
}

/* Returns whether that is a change, of which the caller notifies. */
gboolean
ef_web_socket_options_set_property (EfWebSocketOptions *self,
                                    EfWebSocketOption option,
                                    const GValue *value)
{
  if (!ef_option_field_set (get_field (self, option), value))
    return FALSE;

  self->serial++;
  return TRUE;
}

/* Notes that @object got or lost its connection. */
void
ef_web_socket_options_set_connected (EfWebSocketOptions *self,
                                     GObject *object,
                                     gboolean connected,
                                     const char *subprotocol)
{
  g_object_freeze_notify (object);
  if (self->connected != connected)
    {
      self->connected = connected;
      g_object_notify (object, "connected");
    }
  if (g_strcmp0 (self->negotiated_subprotocol, subprotocol) != 0)
    {
      g_free (self->negotiated_subprotocol);
      self->negotiated_subprotocol = g_strdup (subprotocol);
      g_object_notify (object, "negotiated-subprotocol");
    }
  g_object_thaw_notify (object);
}
