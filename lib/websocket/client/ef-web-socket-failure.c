/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-web-socket-error.h"
#include "ef-web-socket-handshake-private.h"
#include "ef-web-socket-url-private.h"

/* Says what an attempt to connect failed of, in the words of the one who configured it. */

#define FAILURE(code, ...) \
  g_error_new (EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_##code, __VA_ARGS__)

typedef struct
{
  GTlsCertificateFlags flag;
  const char *text;
} CertificateProblem;

static const CertificateProblem certificate_problems[] = {
  { G_TLS_CERTIFICATE_UNKNOWN_CA,
    "its issuer is not known here; name the issuer's certificate in “tls-ca-file”" },
  { G_TLS_CERTIFICATE_BAD_IDENTITY,
    "it belongs to another host; connect by the name that is in it" },
  { G_TLS_CERTIFICATE_NOT_ACTIVATED, "it is not valid yet; check the clock" },
  { G_TLS_CERTIFICATE_EXPIRED, "it has expired; the server needs a new one" },
  { G_TLS_CERTIFICATE_REVOKED, "it was revoked; the server needs a new one" },
  { G_TLS_CERTIFICATE_INSECURE, "it uses an insecure algorithm; the server needs a new one" },
};

static GError *
certificate_failure (EfWebSocketTarget *target, SoupMessage *message, const GError *error)
{
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (message);
  g_autoptr (GString) why = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (certificate_problems); i++)
    if (flags & certificate_problems[i].flag)
      g_string_append_printf (why, "%s%s", why->len > 0 ? "; " : "", certificate_problems[i].text);

  return FAILURE (TLS, "%s: the server's certificate is not trusted: %s", target->name,
                  why->len > 0 ? why->str : error->message);
}

static GError *
tls_failure (EfWebSocketTarget *target, SoupMessage *message, const GError *error)
{
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return certificate_failure (target, message, error);
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_NOT_TLS))
    return FAILURE (TLS, "%s: the server speaks no TLS there; use “ws” or another port",
                    target->name);

  return FAILURE (TLS, "%s: TLS failed: %s; check whether the server speaks TLS at that port",
                  target->name, error->message);
}

#define PROXY_KEY "eventflux-proxy"

/* Of what is tried in turn, addresses of a host and proxies, the last one counts. */
static void
network_event (SoupMessage *message,
               GSocketClientEvent event,
               GIOStream *connection,
               gpointer user_data)
{
  g_autoptr (GSocketAddress) address = NULL;
  GProxyAddress *proxy;
  g_autofree char *host = NULL;

  if (event != G_SOCKET_CLIENT_CONNECTING)
    return;

  address = g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (connection), NULL);
  if (!G_IS_PROXY_ADDRESS (address))
    {
      g_object_set_data (G_OBJECT (message), PROXY_KEY, NULL);
      return;
    }

  proxy = G_PROXY_ADDRESS (address);
  host = g_inet_address_to_string (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (proxy)));
  g_object_set_data_full (G_OBJECT (message), PROXY_KEY,
                          g_strdup_printf ("%s:%u", host,
                                           g_inet_socket_address_get_port (
                                               G_INET_SOCKET_ADDRESS (proxy))),
                          g_free);
}

/**
 * ef_web_socket_failure_watch: (skip)
 * @message: the handshake's message, not yet sent
 *
 * Notes what ef_web_socket_failure_new() is going to need.
 */
void
ef_web_socket_failure_watch (SoupMessage *message)
{
  g_signal_connect (message, "network-event", G_CALLBACK (network_event), NULL);
}

static GError *
proxy_failure (EfWebSocketTarget *target, const char *proxy, const GError *error)
{
  if (error->domain != G_IO_ERROR)
    return NULL;

  switch (error->code)
    {
    case G_IO_ERROR_CONNECTION_REFUSED:
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
    case G_IO_ERROR_TIMED_OUT:
      return FAILURE (PROXY, "%s: the proxy %s can not be reached: %s; check the proxy settings",
                      target->name, proxy, error->message);
    default:
      return NULL;
    }
}

static GError *
network_failure (EfWebSocketTarget *target, SoupMessage *message, const GError *error)
{
  GUri *uri = soup_message_get_uri (message); /* where the server's redirections led */
  const char *host = g_uri_get_host (uri);
  guint port = ef_web_socket_url_get_port (uri);
  const char *proxy = g_object_get_data (G_OBJECT (message), PROXY_KEY);
  GError *failure = proxy != NULL ? proxy_failure (target, proxy, error) : NULL;

  if (failure != NULL)
    return failure;

  if (error->domain == G_RESOLVER_ERROR)
    return FAILURE (RESOLVE, "%s: the host “%s” is not known: %s; check the name and the network",
                    target->name, host, error->message);
  if (error->domain != G_IO_ERROR)
    return NULL;

  switch (error->code)
    {
    case G_IO_ERROR_HOST_NOT_FOUND:
      return FAILURE (RESOLVE, "%s: the host “%s” is not known; check the name", target->name,
                      host);
    case G_IO_ERROR_CONNECTION_REFUSED:
      return FAILURE (REFUSED,
                      "%s: connection refused: nobody listens at port %u of “%s”; check the port, "
                      "and whether the server runs", target->name, port, host);
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
      return FAILURE (UNREACHABLE, "%s: the host “%s” can not be reached: %s; check the network",
                      target->name, host, error->message);
    case G_IO_ERROR_TIMED_OUT:
      return FAILURE (TIMED_OUT, "%s: the host “%s” does not answer at port %u", target->name, host,
                      port);
    case G_IO_ERROR_PROXY_FAILED:
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return FAILURE (PROXY, "%s: the proxy did not let through: %s; check the proxy settings",
                      target->name, error->message);
    case G_IO_ERROR_CONNECTION_CLOSED: /* also “broken pipe” */
    case G_IO_ERROR_PARTIAL_INPUT:
      return FAILURE (RESET,
                      "%s: the server ended the connection instead of answering the handshake; "
                      "check whether the port is one for “%s”", target->name,
                      g_uri_get_scheme (target->uri));
    default:
      return NULL;
    }
}

static gboolean
is_web_url (GUri *uri)
{
  static const char *const schemes[] = { "ws", "wss", "http", "https", NULL };
  const char *host = g_uri_get_host (uri);

  return host != NULL && *host != '\0' && g_strv_contains (schemes, g_uri_get_scheme (uri));
}

/* A redirection that libsoup did not follow, for a reason that it keeps to itself. */
static GError *
redirect_failure (EfWebSocketTarget *target, SoupMessage *message, const char *phrase)
{
  guint status = soup_message_get_status (message);
  const char *location
      = soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");
  g_autoptr (GUri) uri = NULL;

  if (location == NULL || *location == '\0')
    return FAILURE (HANDSHAKE,
                    "%s: the server redirects with %u %s but does not say where to; ask whoever "
                    "runs it for the right URL", target->name, status, phrase);

  uri = g_uri_parse_relative (soup_message_get_uri (message), location, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri == NULL || !is_web_url (uri))
    return FAILURE (HANDSHAKE,
                    "%s: the server redirects with %u %s to what is no “ws”, “wss”, “http” or "
                    "“https” URL; ask whoever runs it for the right one", target->name, status,
                    phrase);

  return FAILURE (HANDSHAKE,
                  "%s: the server redirects with %u %s once too often; connect to where it is to "
                  "lead in the end", target->name, status, phrase);
}

/* An HTTP answer that is not the 101 which was asked for. */
static GError *
status_failure (EfWebSocketTarget *target, SoupMessage *message)
{
  guint status = soup_message_get_status (message);
  const char *phrase = soup_message_get_reason_phrase (message);

  if (phrase == NULL || *phrase == '\0')
    phrase = soup_status_get_phrase (status);

  switch (status)
    {
    case SOUP_STATUS_UNAUTHORIZED:
    case SOUP_STATUS_FORBIDDEN:
      return FAILURE (UNAUTHORIZED,
                      "%s: the server refuses with %u %s; check the credentials in “headers” or in "
                      "the URL", target->name, status, phrase);
    case SOUP_STATUS_PROXY_UNAUTHORIZED:
      return FAILURE (PROXY, "%s: the proxy refuses with %u %s; check the proxy settings",
                      target->name, status, phrase);
    case SOUP_STATUS_NOT_FOUND:
    case SOUP_STATUS_GONE:
      return FAILURE (NOT_FOUND, "%s: the server answers %u %s; check the path of the URL",
                      target->name, status, phrase);
    case SOUP_STATUS_MOVED_PERMANENTLY:
    case SOUP_STATUS_FOUND:
    case SOUP_STATUS_SEE_OTHER:
    case SOUP_STATUS_TEMPORARY_REDIRECT:
    case SOUP_STATUS_PERMANENT_REDIRECT:
      return redirect_failure (target, message, phrase);
    case SOUP_STATUS_REQUEST_TIMEOUT:
    case 429: /* Too Many Requests, RFC 6585 */
      return FAILURE (UNAVAILABLE, "%s: the server answers %u %s; try again later", target->name,
                      status, phrase);
    default:
      break;
    }

  if (status >= 500)
    return FAILURE (UNAVAILABLE, "%s: the server can not serve at present: %u %s", target->name,
                    status, phrase);

  return FAILURE (HANDSHAKE,
                  "%s: the server answers %u %s instead of 101; check whether it is a WebSocket "
                  "endpoint", target->name, status, phrase);
}

/* A 101 that does not keep to RFC 6455, section 4.1. libsoup has found that out but tells the cases
 * apart by text only, so they are looked at again. */
static GError *
answer_failure (EfWebSocketTarget *target, SoupMessage *message, const GError *error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *protocol = soup_message_headers_get_one (headers, "Sec-WebSocket-Protocol");
  const char *extensions = soup_message_headers_get_list (headers, "Sec-WebSocket-Extensions");

  if (!soup_message_headers_header_equals (headers, "Upgrade", "websocket")
      || !soup_message_headers_header_contains (headers, "Connection", "upgrade"))
    return FAILURE (HANDSHAKE,
                    "%s: the server's 101 does not upgrade to WebSocket; check whether it is a "
                    "WebSocket endpoint", target->name);
  if (protocol != NULL
      && (target->subprotocols == NULL
          || !g_strv_contains ((const char *const *) target->subprotocols, protocol)))
    return FAILURE (SUBPROTOCOL,
                    "%s: the server chose the subprotocol “%s”, which was not offered; put it into "
                    "“subprotocol” if it is the right one", target->name, protocol);
  if (extensions != NULL)
    return FAILURE (HANDSHAKE, "%s: the server uses the extension “%s”, which was not offered",
                    target->name, extensions);
  if (soup_message_headers_get_one (headers, "Sec-WebSocket-Accept") == NULL)
    return FAILURE (HANDSHAKE,
                    "%s: the server's 101 has no Sec-WebSocket-Accept; check whether it is a "
                    "WebSocket endpoint", target->name);
  if (g_error_matches (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_ERROR_BAD_HANDSHAKE))
    return FAILURE (HANDSHAKE,
                    "%s: the server's Sec-WebSocket-Accept does not fit the key that was sent; "
                    "perhaps a cache or proxy answers in its place", target->name);

  return FAILURE (HANDSHAKE, "%s: the handshake failed: %s", target->name, error->message);
}

static GError *
make_failure (EfWebSocketTarget *target, SoupMessage *message, const GError *error)
{
  GError *failure;

  if (error->domain == G_TLS_ERROR)
    return tls_failure (target, message, error);

  failure = network_failure (target, message, error);
  if (failure != NULL)
    return failure;

  if (soup_message_get_status (message) == SOUP_STATUS_SWITCHING_PROTOCOLS)
    return answer_failure (target, message, error);
  if ((error->domain == SOUP_WEBSOCKET_ERROR || error->domain == SOUP_SESSION_ERROR)
      && soup_message_get_status (message) != SOUP_STATUS_NONE)
    return status_failure (target, message);
  if (error->domain == SOUP_SESSION_ERROR)
    return FAILURE (HANDSHAKE, "%s: the server's answer is not that of a WebSocket endpoint: %s",
                    target->name, error->message);

  return FAILURE (FAILED, "%s: can not connect: %s", target->name, error->message);
}

/**
 * ef_web_socket_failure_new: (skip)
 * @target: what was connected to
 * @message: the handshake's message
 * @error: what libsoup says
 *
 * Says what an attempt to connect failed of.
 *
 * Returns: (transfer full): an error of the domain %EF_WEB_SOCKET_ERROR
 */
GError *
ef_web_socket_failure_new (EfWebSocketTarget *target, SoupMessage *message, const GError *error)
{
  GError *failure = make_failure (target, message, error);
  char *text = g_utf8_make_valid (failure->message, -1);

  /* Some of it are the server's own words, which may be any bytes. */
  g_free (failure->message);
  failure->message = text;

  return failure;
}

/* Seconds, or a date. */
static gint64
parse_retry_after (const char *text, EfClock *clock)
{
  g_autoptr (GDateTime) date = NULL;
  guint64 seconds;

  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &seconds, NULL))
    return (gint64) seconds * G_USEC_PER_SEC;

  date = soup_date_time_new_from_http_string (text);
  if (date == NULL)
    return 0;

  return g_date_time_to_unix (date) * G_USEC_PER_SEC - ef_clock_get_real_time (clock);
}

/* How many microseconds the server asks to wait (RFC 7231, section 7.1.3), 0 if it does not. */
gint64
ef_web_socket_failure_get_retry_after (SoupMessage *message, EfClock *clock)
{
  const char *text
      = soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");

  if (text == NULL)
    return 0;

  return CLAMP (parse_retry_after (text, clock), 0, EF_WEB_SOCKET_RETRY_AFTER_MAX);
}
