/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-handshake-fields-private.h"
#include "ef-option-field-private.h"
#include "ef-option-spec-private.h"
#include "ef-web-socket-origins-private.h"
#include "ef-web-socket-server-private.h"
#include "ef-web-socket-url-private.h"

#define DEFAULT_MAX_CLIENTS 10000
#define DEFAULT_MAX_MESSAGE_SIZE (16 * 1024 * 1024)
#define DEFAULT_HANDSHAKE_TIMEOUT_MS 10000
#define DEFAULT_CLOSE_TIMEOUT_MS 5000

/* The properties of servers; those of the keepalive are its own. */
static const EfOptionSpec specs[EF_WEB_SOCKET_SERVER_N_OPTIONS] = {
  [EF_WEB_SOCKET_SERVER_OPTION_URL] = {
    .kind = EF_OPTION_STRING,
    .name = "url",
    .blurb = "Where to listen, such as ws://127.0.0.1:8080/feed; port 0 takes "
             "a free one.",
    .flags = EF_OPTION_SETTABLE | EF_PARAM_REQUIRED,
  },
  [EF_WEB_SOCKET_SERVER_OPTION_SUBPROTOCOL] = {
    .kind = EF_OPTION_STRING,
    .name = "subprotocol",
    .blurb = "The subprotocol to agree to; several are separated by commas.",
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_SERVER_OPTION_ALLOWED_ORIGINS] = {
    .kind = EF_OPTION_STRV,
    .name = "allowed-origins",
    .blurb = "Which web pages may connect from a browser besides those of this "
             "host and port, such as https://app.example.com; * for any.",
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_SERVER_OPTION_TLS_CERTIFICATE_FILE] = {
    .kind = EF_OPTION_STRING,
    .name = "tls-certificate-file",
    .blurb = "A PEM file with the server's certificate, for wss://.",
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_SERVER_OPTION_TLS_KEY_FILE] = {
    .kind = EF_OPTION_STRING,
    .name = "tls-key-file",
    .blurb = "A PEM file with the certificate's private key, if it is not in "
             "the same file.",
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_SERVER_OPTION_MAX_CLIENTS] = {
    .kind = EF_OPTION_UINT,
    .name = "max-clients",
    .blurb = "How many clients may be connected at a time.",
    .min = 1,
    .max = G_MAXINT32,
    .initial = DEFAULT_MAX_CLIENTS,
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_SERVER_OPTION_MAX_MESSAGE_SIZE] = {
    .kind = EF_OPTION_UINT64,
    .name = "max-message-size",
    .blurb = "The largest message that is accepted, in bytes.",
    .min = 1,
    .max = G_MAXUINT32,
    .initial = DEFAULT_MAX_MESSAGE_SIZE,
    .flags = EF_OPTION_SETTABLE,
  },
  [EF_WEB_SOCKET_SERVER_OPTION_HANDSHAKE_TIMEOUT_MS] = {
    .kind = EF_OPTION_UINT,
    .name = "handshake-timeout-ms",
    .blurb = "How long whoever connects has for the handshake, in milliseconds.",
    .min = 1,
    .max = G_MAXINT32,
    .initial = DEFAULT_HANDSHAKE_TIMEOUT_MS,
    .flags = EF_OPTION_SETTABLE | EF_PARAM_MILLISECONDS,
  },
  [EF_WEB_SOCKET_SERVER_OPTION_CLOSE_TIMEOUT_MS] = {
    .kind = EF_OPTION_UINT,
    .name = "close-timeout-ms",
    .blurb = "How long to wait for clients when stopping, in milliseconds.",
    .max = G_MAXINT32,
    .initial = DEFAULT_CLOSE_TIMEOUT_MS,
    .flags = EF_OPTION_SETTABLE | EF_PARAM_MILLISECONDS,
  },
  [EF_WEB_SOCKET_SERVER_OPTION_PORT] = {
    .kind = EF_OPTION_UINT,
    .name = "port",
    .blurb = "The port that is listened at, 0 while there is none.",
    .max = G_MAXUINT16,
    .flags = EF_OPTION_READABLE,
  },
  [EF_WEB_SOCKET_SERVER_OPTION_N_CLIENTS] = {
    .kind = EF_OPTION_UINT,
    .name = "n-clients",
    .blurb = "How many clients are connected.",
    .max = G_MAXUINT,
    .flags = EF_OPTION_READABLE,
  },
};

void
ef_web_socket_server_install_properties (GObjectClass *klass, guint first_id)
{
  ef_option_specs_install (specs, EF_WEB_SOCKET_SERVER_N_OPTIONS, klass, first_id);
  ef_keepalive_options_install (klass, first_id + EF_WEB_SOCKET_SERVER_OPTION_PING_INTERVAL_MS);
}

void
ef_web_socket_server_init_options (EfWebSocketServer *self)
{
  self->max_clients = DEFAULT_MAX_CLIENTS;
  self->max_message_size = DEFAULT_MAX_MESSAGE_SIZE;
  self->handshake_timeout_ms = DEFAULT_HANDSHAKE_TIMEOUT_MS;
  self->close_timeout_ms = DEFAULT_CLOSE_TIMEOUT_MS;
  ef_keepalive_options_init (&self->keepalive);
}

void
ef_web_socket_server_clear_options (EfWebSocketServer *self)
{
  g_free (self->url);
  g_free (self->subprotocol);
  g_strfreev (self->allowed_origins);
  g_free (self->tls_certificate_file);
  g_free (self->tls_key_file);
}

#define FIELD(option, name) \
  [EF_WEB_SOCKET_SERVER_OPTION_##option] = G_STRUCT_OFFSET (EfWebSocketServer, name)

static const glong fields[EF_WEB_SOCKET_SERVER_N_OPTIONS] = {
  FIELD (URL, url),
  FIELD (SUBPROTOCOL, subprotocol),
  FIELD (ALLOWED_ORIGINS, allowed_origins),
  FIELD (TLS_CERTIFICATE_FILE, tls_certificate_file),
  FIELD (TLS_KEY_FILE, tls_key_file),
  FIELD (MAX_CLIENTS, max_clients),
  FIELD (MAX_MESSAGE_SIZE, max_message_size),
  FIELD (HANDSHAKE_TIMEOUT_MS, handshake_timeout_ms),
  FIELD (CLOSE_TIMEOUT_MS, close_timeout_ms),
  FIELD (PING_INTERVAL_MS, keepalive.ping_interval_ms),
  FIELD (PONG_TIMEOUT_MS, keepalive.pong_timeout_ms),
  FIELD (IDLE_TIMEOUT_MS, keepalive.idle_timeout_ms),
  FIELD (RTT, keepalive.rtt),
  FIELD (PORT, port),
};

static gpointer
get_field (EfWebSocketServer *self, EfWebSocketServerOption option)
{
  return G_STRUCT_MEMBER_P (self, fields[option]);
}

void
ef_web_socket_server_get_property (EfWebSocketServer *self,
                                   EfWebSocketServerOption option,
                                   GValue *value)
{
  if (option == EF_WEB_SOCKET_SERVER_OPTION_N_CLIENTS)
    g_value_set_uint (value, ef_web_socket_server_get_n_clients (self));
  else
    ef_option_field_get (get_field (self, option), value);
}

void
ef_web_socket_server_set_property (EfWebSocketServer *self,
                                   EfWebSocketServerOption option,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  if (ef_option_field_set (get_field (self, option), value))
    g_object_notify_by_pspec (G_OBJECT (self->element), pspec);
}

gboolean
ef_web_socket_server_check_options (EfWebSocketServer *self, GError **error)
{
  g_auto (GStrv) subprotocols = NULL;

  return ef_handshake_fields_parse_subprotocols (self->subprotocol, &subprotocols, error)
         && ef_web_socket_origins_check ((const char *const *) self->allowed_origins, error);
}

/* Gets what wss:// needs, and refuses what ws:// would not use. */
gboolean
ef_web_socket_server_load_certificate (EfWebSocketServer *self, GError **error)
{
  gboolean secure = ef_web_socket_url_is_secure (self->uri);
  const char *key_file = self->tls_key_file != NULL ? self->tls_key_file : self->tls_certificate_file;
  g_autoptr (GError) reason = NULL;

  if (!secure && self->tls_certificate_file != NULL)
    {
      g_set_error_literal (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                           "“tls-certificate-file” is set, but the scheme of “url” is “ws”; use "
                           "“wss” to serve over TLS");
      return FALSE;
    }
  if (!secure)
    return TRUE;

  if (self->tls_certificate_file == NULL)
    {
      g_set_error_literal (error, EF_ERROR, EF_ERROR_MISSING_KEY,
                           "a “wss” server needs “tls-certificate-file” (config key "
                           "“websocket.tls.certificate.file”)");
      return FALSE;
    }

  self->certificate = g_tls_certificate_new_from_files (self->tls_certificate_file, key_file, &reason);
  if (self->certificate == NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE,
                   "can not load the certificate “%s” with the key “%s”: %s",
                   self->tls_certificate_file, key_file, reason->message);
      return FALSE;
    }

  return TRUE;
}

/**
 * EfWebSocketServerSource:url:
 *
 * Where to listen: `ws://HOST:PORT/PATH`, or `wss://` for TLS. The host is an address of this machine,
 * `127.0.0.1` to serve this machine alone. Port 0 takes a free one, which
 * [property@EventFlux.WebSocketServerSource:port] then tells. Requests for other paths are answered with 404.
 */

/**
 * EfWebSocketServerSource:subprotocol:
 *
 * The subprotocol to agree to (RFC 6455, section 1.9), or several in the order of preference, separated
 * by commas. Clients that ask for others alone are refused.
 */

/**
 * EfWebSocketServerSource:allowed-origins:
 *
 * Which web pages may connect from a browser, by their origins, such as `https://app.example.com`;
 * `*` is any. Those of the server's own host and port always may. Who sends no `Origin`, as programs
 * do, is not asked for one.
 */

/**
 * EfWebSocketServerSource:tls-certificate-file:
 *
 * A PEM file with the server's certificate and those that lead to its root. Needed for `wss://`.
 */

/**
 * EfWebSocketServerSource:tls-key-file:
 *
 * A PEM file with the private key of the certificate. Without it the key is looked for in
 * [property@EventFlux.WebSocketServerSource:tls-certificate-file].
 */

/**
 * EfWebSocketServerSource:max-clients:
 *
 * How many clients may be connected at a time. One more is answered with 503.
 */

/**
 * EfWebSocketServerSource:max-message-size:
 *
 * The largest message to accept from a client, in bytes. A client that sends a larger one is closed
 * with code 1009.
 */

/**
 * EfWebSocketServerSource:handshake-timeout-ms:
 *
 * How many milliseconds whoever connects has to become a client, TLS included. A connection that has not
 * come that far is ended.
 */

/**
 * EfWebSocketServerSource:close-timeout-ms:
 *
 * How many milliseconds to wait, when stopping, until the clients have taken what was sent to them and
 * have answered the Close.
 */

/**
 * EfWebSocketServerSource:ping-interval-ms:
 *
 * How many milliseconds lie between two pings to a client; 0 sends none.
 */

/**
 * EfWebSocketServerSource:pong-timeout-ms:
 *
 * How many milliseconds after a ping a client may be silent. If nothing has come then, be it the pong
 * or anything else, the connection is given up; 0 is without limit.
 */

/**
 * EfWebSocketServerSource:idle-timeout-ms:
 *
 * How many milliseconds there may be no message from a client. Then its connection is given up; 0 is
 * without limit.
 */

/**
 * EfWebSocketServerSource:rtt:
 *
 * How many microseconds the last answer of a client to a ping took, 0 before the first.
 */

/**
 * EfWebSocketServerSource:port:
 *
 * The port that is listened at, from %EF_STATE_PAUSED on, else 0.
 */

/**
 * EfWebSocketServerSource:n-clients:
 *
 * How many clients are connected.
 */

/**
 * EfWebSocketServerSink:subprotocol:
 *
 * The subprotocol to agree to (RFC 6455, section 1.9), or several in the order of preference, separated
 * by commas. Clients that ask for others alone are refused.
 */

/**
 * EfWebSocketServerSink:allowed-origins:
 *
 * Which web pages may connect from a browser, by their origins, such as `https://app.example.com`;
 * `*` is any. Those of the server's own host and port always may. Who sends no `Origin`, as programs
 * do, is not asked for one.
 */

/**
 * EfWebSocketServerSink:tls-certificate-file:
 *
 * A PEM file with the server's certificate and those that lead to its root. Needed for `wss://`.
 */

/**
 * EfWebSocketServerSink:tls-key-file:
 *
 * A PEM file with the private key of the certificate. Without it the key is looked for in
 * [property@EventFlux.WebSocketServerSink:tls-certificate-file].
 */

/**
 * EfWebSocketServerSink:max-clients:
 *
 * How many clients may be connected at a time. One more is answered with 503.
 */

/**
 * EfWebSocketServerSink:max-message-size:
 *
 * The largest message to accept from a client, in bytes. A client that sends a larger one is closed
 * with code 1009.
 */

/**
 * EfWebSocketServerSink:handshake-timeout-ms:
 *
 * How many milliseconds whoever connects has to become a client, TLS included. A connection that has not
 * come that far is ended.
 */

/**
 * EfWebSocketServerSink:close-timeout-ms:
 *
 * How many milliseconds to wait, when stopping, until the clients have taken what was sent to them and
 * have answered the Close.
 */

/**
 * EfWebSocketServerSink:ping-interval-ms:
 *
 * How many milliseconds lie between two pings to a client; 0 sends none.
 */

/**
 * EfWebSocketServerSink:pong-timeout-ms:
 *
 * How many milliseconds after a ping a client may be silent. If nothing has come then, be it the pong
 * or anything else, the connection is given up; 0 is without limit.
 */

/**
 * EfWebSocketServerSink:idle-timeout-ms:
 *
 * How many milliseconds there may be no message from a client. Then its connection is given up; 0 is
 * without limit.
 */

/**
 * EfWebSocketServerSink:rtt:
 *
 * How many microseconds the last answer of a client to a ping took, 0 before the first.
 */

/**
 * EfWebSocketServerSink:port:
 *
 * The port that is listened at, from %EF_STATE_PAUSED on, else 0.
 */

/**
 * EfWebSocketServerSink:n-clients:
 *
 * How many clients are connected.
 */
