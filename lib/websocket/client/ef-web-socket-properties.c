/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-config-key-private.h"
#include "ef-web-socket-options-private.h"

/* The properties of clients: their types, ranges and defaults, and what each class says of them. */

#define SETTABLE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define READABLE (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static GParamSpec *
make_property (EfWebSocketOption option)
{
  switch (option)
    {
    case EF_WEB_SOCKET_OPTION_URL:
      return g_param_spec_string ("url", NULL,
                                  "The endpoint to connect to, ws:// or wss://; “urls” will do in its "
                                  "place.",
                                  NULL, SETTABLE | EF_PARAM_REQUIRED);
    case EF_WEB_SOCKET_OPTION_URLS:
      return g_param_spec_boxed ("urls", NULL,
                                 "Further endpoints to connect to when that of “url” fails, or all of "
                                 "them without it, in the order to try them.",
                                 G_TYPE_STRV, SETTABLE);
    case EF_WEB_SOCKET_OPTION_RECONNECT:
      return g_param_spec_boolean ("reconnect", NULL,
                                   "Whether to connect again after a failure or a close.", TRUE,
                                   SETTABLE);
    case EF_WEB_SOCKET_OPTION_RECONNECT_DELAY_MS:
      return g_param_spec_uint ("reconnect-delay-ms", NULL,
                                "The wait before the first try to reconnect, in milliseconds; it "
                                "doubles with each try that fails.",
                                0, G_MAXINT32, EF_WEB_SOCKET_DEFAULT_RECONNECT_DELAY_MS,
                                SETTABLE | EF_PARAM_MILLISECONDS);
    case EF_WEB_SOCKET_OPTION_RECONNECT_MAX_DELAY_MS:
      return g_param_spec_uint ("reconnect-max-delay-ms", NULL,
                                "The longest wait between two tries, in milliseconds.", 0,
                                G_MAXINT32, EF_WEB_SOCKET_DEFAULT_RECONNECT_MAX_DELAY_MS,
                                SETTABLE | EF_PARAM_MILLISECONDS);
    case EF_WEB_SOCKET_OPTION_RECONNECT_MAX_ATTEMPTS:
      return g_param_spec_int ("reconnect-max-attempts", NULL,
                               "How many tries in a row follow a failure, -1 for no limit.", -1,
                               G_MAXINT32, -1, SETTABLE);
    case EF_WEB_SOCKET_OPTION_RECONNECT_JITTER:
      return g_param_spec_double ("reconnect-jitter", NULL,
                                  "The share, from 0 to 1, by which chance makes each wait longer or "
                                  "shorter.",
                                  0, 1, 0, SETTABLE);
    case EF_WEB_SOCKET_OPTION_RECONNECT_POLICY:
      return g_param_spec_string ("reconnect-policy", NULL,
                                  "What to do about failures of which kind, where it is not what is "
                                  "done by default; for example “401=give-up, 5xx=next-url”.",
                                  NULL, SETTABLE);
    case EF_WEB_SOCKET_OPTION_HEADERS:
      return g_param_spec_boxed ("headers", NULL,
                                 "Headers of the handshake's request, by name.", G_TYPE_HASH_TABLE,
                                 SETTABLE | EF_PARAM_SECRET);
    case EF_WEB_SOCKET_OPTION_SUBPROTOCOL:
      return g_param_spec_string ("subprotocol", NULL,
                                  "The subprotocol to ask for; several are separated by commas.",
                                  NULL, SETTABLE);
    case EF_WEB_SOCKET_OPTION_CONNECT_TIMEOUT_MS:
      return g_param_spec_uint ("connect-timeout-ms", NULL,
                                "How long connecting may take with its handshake, in milliseconds.",
                                1, G_MAXINT32, EF_WEB_SOCKET_DEFAULT_CONNECT_TIMEOUT_MS,
                                SETTABLE | EF_PARAM_MILLISECONDS);
    case EF_WEB_SOCKET_OPTION_CLOSE_TIMEOUT_MS:
      return g_param_spec_uint ("close-timeout-ms", NULL,
                                "How long to wait for the answer to a close, in milliseconds.",
                                0, G_MAXINT32, EF_WEB_SOCKET_DEFAULT_CLOSE_TIMEOUT_MS,
                                SETTABLE | EF_PARAM_MILLISECONDS);
    case EF_WEB_SOCKET_OPTION_MAX_MESSAGE_SIZE:
      return g_param_spec_uint64 ("max-message-size", NULL,
                                  "The largest message that is accepted, in bytes.", 1, G_MAXUINT32,
                                  EF_WEB_SOCKET_DEFAULT_MAX_MESSAGE_SIZE, SETTABLE);
    case EF_WEB_SOCKET_OPTION_TLS_CA_FILE:
      return g_param_spec_string ("tls-ca-file", NULL,
                                  "A PEM file of certificates to trust beyond the system's.",
                                  NULL, SETTABLE);
    case EF_WEB_SOCKET_OPTION_PING_INTERVAL_MS:
      return ef_keepalive_options_make_property (EF_KEEPALIVE_OPTION_PING_INTERVAL_MS);
    case EF_WEB_SOCKET_OPTION_PONG_TIMEOUT_MS:
      return ef_keepalive_options_make_property (EF_KEEPALIVE_OPTION_PONG_TIMEOUT_MS);
    case EF_WEB_SOCKET_OPTION_IDLE_TIMEOUT_MS:
      return ef_keepalive_options_make_property (EF_KEEPALIVE_OPTION_IDLE_TIMEOUT_MS);
    case EF_WEB_SOCKET_OPTION_RTT:
      return ef_keepalive_options_make_property (EF_KEEPALIVE_OPTION_RTT);
    case EF_WEB_SOCKET_OPTION_HEARTBEAT_MESSAGE:
      return g_param_spec_string ("heartbeat-message", NULL,
                                  "A text message to send again and again, for services that want "
                                  "one.",
                                  NULL, SETTABLE);
    case EF_WEB_SOCKET_OPTION_HEARTBEAT_INTERVAL_MS:
      return g_param_spec_uint ("heartbeat-interval-ms", NULL,
                                "The time between two heartbeat messages, in milliseconds.", 1,
                                G_MAXINT32, EF_WEB_SOCKET_DEFAULT_HEARTBEAT_INTERVAL_MS,
                                SETTABLE | EF_PARAM_MILLISECONDS);
    case EF_WEB_SOCKET_OPTION_HEARTBEAT_MATCH:
      return g_param_spec_string ("heartbeat-match", NULL,
                                  "What the service's heartbeats are known by: $.ping, "
                                  "$.type=ping, or the whole text.",
                                  NULL, SETTABLE);
    case EF_WEB_SOCKET_OPTION_HEARTBEAT_REPLY:
      return g_param_spec_string ("heartbeat-reply", NULL,
                                  "What to answer to them, such as {\"pong\":{$.ping}}.", NULL,
                                  SETTABLE);
    case EF_WEB_SOCKET_OPTION_CONNECTED:
      return g_param_spec_boolean ("connected", NULL, "Whether there is a connection.", FALSE,
                                   READABLE);
    case EF_WEB_SOCKET_OPTION_NEGOTIATED_SUBPROTOCOL:
      return g_param_spec_string ("negotiated-subprotocol", NULL,
                                  "The subprotocol that the server chose.", NULL, READABLE);
    default:
      g_return_val_if_reached (NULL);
    }
}

/* Installs the properties, with ids from @first_id on. */
void
ef_web_socket_options_install (GObjectClass *klass, guint first_id)
{
  for (guint i = 0; i < EF_WEB_SOCKET_N_OPTIONS; i++)
    g_object_class_install_property (klass, first_id + i, make_property ((EfWebSocketOption) i));

  ef_config_key_set_alternative (g_object_class_find_property (klass, "url"), "urls");
}

/**
 * EfWebSocketSource:url:
 *
 * The endpoint to connect to, such as `wss://host:port/path?query`. If there are
 * [property@EventFlux.WebSocketSource:urls], it may be left out.
 */

/**
 * EfWebSocketSource:urls:
 *
 * Further endpoints, tried in this order when that of [property@EventFlux.WebSocketSource:url] fails, or all of
 * them if that is not set. After a healthy connection has ended the first one is tried first again.
 */

/**
 * EfWebSocketSource:reconnect:
 *
 * Whether to connect again when connecting fails or the connection ends.
 */

/**
 * EfWebSocketSource:reconnect-delay-ms:
 *
 * How many milliseconds to wait before the first try to reconnect. The wait doubles with each
 * try.
 */

/**
 * EfWebSocketSource:reconnect-max-delay-ms:
 *
 * How many milliseconds to wait at most before a try to reconnect.
 */

/**
 * EfWebSocketSource:reconnect-max-attempts:
 *
 * How many tries in a row to make after a failure before giving up; -1 is without limit.
 */

/**
 * EfWebSocketSource:reconnect-jitter:
 *
 * The share of each wait, from 0 to 1, by which chance makes it longer or shorter, so that many who
 * lost the same server do not come back at the same moment.
 */

/**
 * EfWebSocketSource:reconnect-policy:
 *
 * What to do about failures of which kind: rules such as `401=give-up, 5xx=next-url`, with commas
 * between, which come before the built-in ones. A cause is a status of the handshake, a close code, a
 * range of either, or one of `dns`, `refused`, `unreachable`, `proxy`, `timeout`, `tls`, `handshake`,
 * `subprotocol`, `network`, `reset` and `silent`; what to do is one of `retry`, `slow-down`,
 * `next-url`, `refresh-credentials` and `give-up`.
 */

/**
 * EfWebSocketSource:headers: (type GLib.HashTable(utf8,utf8))
 *
 * Headers to add to the request of the handshake, values by names. They are not sent on to
 * another host that the server redirects to. The property is never printed.
 * [method@EventFlux.WebSocketSource.set_header] sets one.
 */

/**
 * EfWebSocketSource:subprotocol:
 *
 * The subprotocol to ask for (RFC 6455, section 1.9), or several in the order of preference,
 * separated by commas. A server that chooses none of them is an error.
 */

/**
 * EfWebSocketSource:connect-timeout-ms:
 *
 * How many milliseconds one try to connect may take, from the name of the host to the end of the
 * handshake.
 */

/**
 * EfWebSocketSource:close-timeout-ms:
 *
 * How many milliseconds to wait, when stopping, for the server's answer to the Close.
 */

/**
 * EfWebSocketSource:max-message-size:
 *
 * The largest message to accept, in bytes. The connection on which a larger one comes is closed
 * with code 1009.
 */

/**
 * EfWebSocketSource:tls-ca-file:
 *
 * A file of certificates in PEM form that are trusted besides those that the system trusts.
 * Certificates are always checked.
 */

/**
 * EfWebSocketSource:ping-interval-ms:
 *
 * How many milliseconds lie between two pings; 0 sends none.
 */

/**
 * EfWebSocketSource:pong-timeout-ms:
 *
 * How many milliseconds after a ping the server may be silent. If nothing has come then, be it the
 * pong or anything else, the connection is given up; 0 is without limit.
 */

/**
 * EfWebSocketSource:idle-timeout-ms:
 *
 * How many milliseconds there may be no message. Then the connection is given up; 0 is without
 * limit. Time in which nothing is read does not count.
 */

/**
 * EfWebSocketSource:rtt:
 *
 * How many microseconds the answer to the last ping took, 0 before the first.
 */

/**
 * EfWebSocketSource:heartbeat-message:
 *
 * A text message to send every [property@EventFlux.WebSocketSource:heartbeat-interval-ms] while there is a
 * connection, for services that want to hear one. It has nothing to do with the pings of the protocol.
 */

/**
 * EfWebSocketSource:heartbeat-interval-ms:
 *
 * How many milliseconds lie between two messages of [property@EventFlux.WebSocketSource:heartbeat-message].
 */

/**
 * EfWebSocketSource:heartbeat-match:
 *
 * What the service's own heartbeats are known by: a JSON path that they have (`$.ping`), one with what
 * is there (`$.type=ping`), or, without a `$` at its beginning, their whole text. They are answered
 * with [property@EventFlux.WebSocketSource:heartbeat-reply] and not passed on.
 */

/**
 * EfWebSocketSource:heartbeat-reply:
 *
 * What to answer to the service's heartbeats; nothing if it is not set. `{$.path}` in it stands for
 * the JSON of what is there in the heartbeat: `{"pong":{$.ping}}`.
 */

/**
 * EfWebSocketSource:connected:
 *
 * Whether there is a connection.
 */

/**
 * EfWebSocketSource:negotiated-subprotocol:
 *
 * The subprotocol that the server chose, %NULL if none or while there is no connection.
 */

/**
 * EfWebSocketSink:urls:
 *
 * Further endpoints, tried in this order when that of [property@EventFlux.WebSocketSink:url] fails, or all of
 * them if that is not set. After a healthy connection has ended the first one is tried first again.
 */

/**
 * EfWebSocketSink:reconnect:
 *
 * Whether to connect again when connecting fails or the connection ends.
 */

/**
 * EfWebSocketSink:reconnect-delay-ms:
 *
 * How many milliseconds to wait before the first try to reconnect. The wait doubles with each
 * try.
 */

/**
 * EfWebSocketSink:reconnect-max-delay-ms:
 *
 * How many milliseconds to wait at most before a try to reconnect.
 */

/**
 * EfWebSocketSink:reconnect-max-attempts:
 *
 * How many tries in a row to make after a failure before giving up; -1 is without limit.
 */

/**
 * EfWebSocketSink:reconnect-jitter:
 *
 * The share of each wait, from 0 to 1, by which chance makes it longer or shorter, so that many who
 * lost the same server do not come back at the same moment.
 */

/**
 * EfWebSocketSink:reconnect-policy:
 *
 * What to do about failures of which kind: rules such as `401=give-up, 5xx=next-url`, with commas
 * between, which come before the built-in ones. A cause is a status of the handshake, a close code, a
 * range of either, or one of `dns`, `refused`, `unreachable`, `proxy`, `timeout`, `tls`, `handshake`,
 * `subprotocol`, `network`, `reset` and `silent`; what to do is one of `retry`, `slow-down`,
 * `next-url`, `refresh-credentials` and `give-up`.
 */

/**
 * EfWebSocketSink:headers: (type GLib.HashTable(utf8,utf8))
 *
 * Headers to add to the request of the handshake, values by names. They are not sent on to
 * another host that the server redirects to. The property is never printed.
 * [method@EventFlux.WebSocketSink.set_header] sets one.
 */

/**
 * EfWebSocketSink:subprotocol:
 *
 * The subprotocol to ask for (RFC 6455, section 1.9), or several in the order of preference,
 * separated by commas. A server that chooses none of them is an error.
 */

/**
 * EfWebSocketSink:connect-timeout-ms:
 *
 * How many milliseconds one try to connect may take, from the name of the host to the end of the
 * handshake.
 */

/**
 * EfWebSocketSink:close-timeout-ms:
 *
 * How many milliseconds to wait, when stopping, for the server's answer to the Close.
 */

/**
 * EfWebSocketSink:max-message-size:
 *
 * The largest message to accept, in bytes. The connection on which a larger one comes is closed
 * with code 1009.
 */

/**
 * EfWebSocketSink:tls-ca-file:
 *
 * A file of certificates in PEM form that are trusted besides those that the system trusts.
 * Certificates are always checked.
 */

/**
 * EfWebSocketSink:ping-interval-ms:
 *
 * How many milliseconds lie between two pings; 0 sends none.
 */

/**
 * EfWebSocketSink:pong-timeout-ms:
 *
 * How many milliseconds after a ping the server may be silent. If nothing has come then, be it the
 * pong or anything else, the connection is given up; 0 is without limit.
 */

/**
 * EfWebSocketSink:idle-timeout-ms:
 *
 * How many milliseconds there may be no message from the server. Then the connection is given up; 0 is without
 * limit. Time in which nothing is read does not count.
 */

/**
 * EfWebSocketSink:rtt:
 *
 * How many microseconds the answer to the last ping took, 0 before the first.
 */

/**
 * EfWebSocketSink:heartbeat-message:
 *
 * A text message to send every [property@EventFlux.WebSocketSink:heartbeat-interval-ms] while there is a
 * connection, for services that want to hear one. It has nothing to do with the pings of the protocol.
 */

/**
 * EfWebSocketSink:heartbeat-interval-ms:
 *
 * How many milliseconds lie between two messages of [property@EventFlux.WebSocketSink:heartbeat-message].
 */

/**
 * EfWebSocketSink:heartbeat-match:
 *
 * What the service's own heartbeats are known by: a JSON path that they have (`$.ping`), one with what
 * is there (`$.type=ping`), or, without a `$` at its beginning, their whole text. They are answered
 * with [property@EventFlux.WebSocketSink:heartbeat-reply] and not passed on.
 */

/**
 * EfWebSocketSink:heartbeat-reply:
 *
 * What to answer to the service's heartbeats; nothing if it is not set. `{$.path}` in it stands for
 * the JSON of what is there in the heartbeat: `{"pong":{$.ping}}`.
 */

/**
 * EfWebSocketSink:connected:
 *
 * Whether there is a connection.
 */

/**
 * EfWebSocketSink:negotiated-subprotocol:
 *
 * The subprotocol that the server chose, %NULL if none or while there is no connection.
 */
