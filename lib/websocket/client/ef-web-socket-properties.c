/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-config-key-private.h"
#include "ef-option-spec-private.h"
#include "ef-web-socket-options-private.h"

/* The properties of clients: their types, ranges and defaults, and what each class says of them. Those
 * of the keepalive are its own. */
static const EfOptionSpec specs[EF_WEB_SOCKET_N_OPTIONS] = {
  [EF_WEB_SOCKET_OPTION_URL] = {
    .kind = EF_OPTION_STRING,
    .name = "url",
    .blurb = "The endpoint to connect to, ws:// or wss://; “urls” will do in its "
             "place.",
    .flags = EF_OPTION_SETTABLE | EF_PARAM_REQUIRED,
  },
  [EF_WEB_SOCKET_OPTION_URLS] = {
    .kind = EF_OPTION_STRV,
    .name = "urls",
    .blurb = "Further endpoints to connect to when that of “url” fails, or all of "
             "them without it, in the order to try them.",
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_OPTION_RECONNECT] = {
    .kind = EF_OPTION_BOOLEAN,
    .name = "reconnect",
    .blurb = "Whether to connect again after a failure or a close.",
    .initial = TRUE,
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_OPTION_RECONNECT_DELAY_MS] = {
    .kind = EF_OPTION_UINT,
    .name = "reconnect-delay-ms",
    .blurb = "The wait before the first try to reconnect, in milliseconds; it "
             "doubles with each try that fails.",
    .max = G_MAXINT32,
    .initial = EF_WEB_SOCKET_DEFAULT_RECONNECT_DELAY_MS,
    .flags = EF_OPTION_SETTABLE | EF_PARAM_MILLISECONDS,
  },
  [EF_WEB_SOCKET_OPTION_RECONNECT_MAX_DELAY_MS] = {
    .kind = EF_OPTION_UINT,
    .name = "reconnect-max-delay-ms",
    .blurb = "The longest wait between two tries, in milliseconds.",
    .max = G_MAXINT32,
    .initial = EF_WEB_SOCKET_DEFAULT_RECONNECT_MAX_DELAY_MS,
    .flags = EF_OPTION_SETTABLE | EF_PARAM_MILLISECONDS,
  },
  [EF_WEB_SOCKET_OPTION_RECONNECT_MAX_ATTEMPTS] = {
    .kind = EF_OPTION_INT,
    .name = "reconnect-max-attempts",
    .blurb = "How many tries in a row follow a failure, -1 for no limit.",
    .min = -1,
    .max = G_MAXINT32,
    .initial = -1,
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_OPTION_RECONNECT_JITTER] = {
    .kind = EF_OPTION_DOUBLE,
    .name = "reconnect-jitter",
    .blurb = "The share, from 0 to 1, by which chance makes each wait longer or "
             "shorter.",
    .max = 1,
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_OPTION_RECONNECT_POLICY] = {
    .kind = EF_OPTION_STRING,
    .name = "reconnect-policy",
    .blurb = "What to do about failures of which kind, where it is not what is "
             "done by default; for example “401=give-up, 5xx=next-url”.",
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_OPTION_HEADERS] = {
    .kind = EF_OPTION_TABLE,
    .name = "headers",
    .blurb = "Headers of the handshake's request, by name.",
    .flags = EF_OPTION_SETTABLE | EF_PARAM_SECRET,
  },
  [EF_WEB_SOCKET_OPTION_SUBPROTOCOL] = {
    .kind = EF_OPTION_STRING,
    .name = "subprotocol",
    .blurb = "The subprotocol to ask for; several are separated by commas.",
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_OPTION_CONNECT_TIMEOUT_MS] = {
    .kind = EF_OPTION_UINT,
    .name = "connect-timeout-ms",
    .blurb = "How long connecting may take with its handshake, in milliseconds.",
    .min = 1,
    .max = G_MAXINT32,
    .initial = EF_WEB_SOCKET_DEFAULT_CONNECT_TIMEOUT_MS,
    .flags = EF_OPTION_SETTABLE | EF_PARAM_MILLISECONDS,
  },
  [EF_WEB_SOCKET_OPTION_CLOSE_TIMEOUT_MS] = {
    .kind = EF_OPTION_UINT,
    .name = "close-timeout-ms",
    .blurb = "How long to wait for the answer to a close, in milliseconds.",
    .max = G_MAXINT32,
    .initial = EF_WEB_SOCKET_DEFAULT_CLOSE_TIMEOUT_MS,
    .flags = EF_OPTION_SETTABLE | EF_PARAM_MILLISECONDS,
  },
  [EF_WEB_SOCKET_OPTION_MAX_MESSAGE_SIZE] = {
    .kind = EF_OPTION_UINT64,
    .name = "max-message-size",
    .blurb = "The largest message that is accepted, in bytes.",
    .min = 1,
    .max = G_MAXUINT32,
    .initial = EF_WEB_SOCKET_DEFAULT_MAX_MESSAGE_SIZE,
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_OPTION_TLS_CA_FILE] = {
    .kind = EF_OPTION_STRING,
    .name = "tls-ca-file",
    .blurb = "A PEM file of certificates to trust beyond the system's.",
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_OPTION_HEARTBEAT_MESSAGE] = {
    .kind = EF_OPTION_STRING,
    .name = "heartbeat-message",
    .blurb = "A text message to send again and again, for services that want "
             "one.",
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_OPTION_HEARTBEAT_INTERVAL_MS] = {
    .kind = EF_OPTION_UINT,
    .name = "heartbeat-interval-ms",
    .blurb = "The time between two heartbeat messages, in milliseconds.",
    .min = 1,
    .max = G_MAXINT32,
    .initial = EF_WEB_SOCKET_DEFAULT_HEARTBEAT_INTERVAL_MS,
    .flags = EF_OPTION_SETTABLE | EF_PARAM_MILLISECONDS,
  },
  [EF_WEB_SOCKET_OPTION_HEARTBEAT_MATCH] = {
    .kind = EF_OPTION_STRING,
    .name = "heartbeat-match",
    .blurb = "What the service's heartbeats are known by: $.ping, "
             "$.type=ping, or the whole text.",
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_OPTION_HEARTBEAT_REPLY] = {
    .kind = EF_OPTION_STRING,
    .name = "heartbeat-reply",
    .blurb = "What to answer to them, such as {\"pong\":{$.ping}}.",
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_OPTION_CONNECTED] = {
    .kind = EF_OPTION_BOOLEAN,
    .name = "connected",
    .blurb = "Whether there is a connection.",
    .flags = EF_OPTION_READABLE,
  },
  [EF_WEB_SOCKET_OPTION_NEGOTIATED_SUBPROTOCOL] = {
    .kind = EF_OPTION_STRING,
    .name = "negotiated-subprotocol",
    .blurb = "The subprotocol that the server chose.",
    .flags = EF_OPTION_READABLE,
  },
};

/* Installs the properties, with ids from @first_id on. */
void
ef_web_socket_options_install (GObjectClass *klass, guint first_id)
{
  ef_option_specs_install (specs, EF_WEB_SOCKET_N_OPTIONS, klass, first_id);
  ef_keepalive_options_install (klass, first_id + EF_WEB_SOCKET_OPTION_PING_INTERVAL_MS);

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
