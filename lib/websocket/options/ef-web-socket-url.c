/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-web-socket-error.h"
#include "ef-web-socket-url-private.h"

#include <libsoup/soup.h>
#include <string.h>

/* Cuts out of a URL what may be secret, credentials and query, so that errors may show it. It works
 * on the text alone, as it is wanted most for URLs that do not parse. */
char *
ef_web_socket_url_redact (const char *url)
{
  const char *authority = strstr (url, "://");
  gsize length = strcspn (url, "?#\r\n");
  const char *at = NULL;
  gsize end;

  if (authority == NULL || authority > url + length)
    return g_strndup (url, length);

  authority += strlen ("://");
  end = strcspn (authority, "/?#\r\n");
  for (gsize i = 0; i < end; i++)
    if (authority[i] == '@')
      at = authority + i + 1;

  if (at == NULL)
    return g_strndup (url, length);

  return g_strdup_printf ("%.*s%.*s", (int) (authority - url), url, (int) (url + length - at), at);
}

static gboolean
fail (const char *url, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
fail (const char *url, GError **error, const char *format, ...)
{
  g_autofree char *shown = ef_web_socket_url_redact (url);
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_URL, "“%s” can not be used: %s",
               shown, why);
  return FALSE;
}

/* A line break would end the request line and let the rest pass as headers. */
static gboolean
check_characters (const char *url, GError **error)
{
  for (const char *p = url; *p != '\0'; p++)
    {
      guchar c = (guchar) *p;

      if (c == '\r' || c == '\n')
        return fail (url, error, "it has a line break at position %d; remove it", (int) (p - url));
      if (c <= ' ' || c == 0x7f)
        return fail (url, error, "it has a space or control character at position %d; "
                     "write it as %%%02X", (int) (p - url), c);
    }

  return TRUE;
}

static gboolean
check_scheme (const char *url, GError **error)
{
  g_autofree char *scheme = g_uri_parse_scheme (url);

  if (scheme == NULL || strncmp (url + strlen (scheme), "://", 3) != 0)
    return fail (url, error, "it has no scheme; write “ws://” or, for TLS, “wss://” before it");
  if (g_ascii_strcasecmp (scheme, "http") == 0)
    return fail (url, error, "its scheme is “http”; use “ws”");
  if (g_ascii_strcasecmp (scheme, "https") == 0)
    return fail (url, error, "its scheme is “https”; use “wss”");
  if (g_ascii_strcasecmp (scheme, "ws") != 0 && g_ascii_strcasecmp (scheme, "wss") != 0)
    return fail (url, error, "its scheme is “%s”; use “ws” or “wss”", scheme);

  return TRUE;
}

/**
 * ef_web_socket_url_parse: (skip)
 * @url: a URL
 * @error: return location for an error
 *
 * Checks and takes apart the URL of a WebSocket endpoint (RFC 6455, section 3).
 *
 * Returns: (transfer full): the URL's parts, or %NULL with %EF_WEB_SOCKET_ERROR_URL
 */
GUri *
ef_web_socket_url_parse (const char *url, GError **error)
{
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GError) reason = NULL;

  if (*url == '\0')
    {
      fail (url, error, "it is empty; give one such as “ws://host:port/path”");
      return NULL;
    }

  if (!check_characters (url, error) || !check_scheme (url, error))
    return NULL;

  uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, &reason);
  if (g_error_matches (reason, G_URI_ERROR, G_URI_ERROR_BAD_PORT))
    {
      fail (url, error, "its port is no number between 0 and 65535");
      return NULL;
    }
  if (uri == NULL)
    {
      fail (url, error, "%s", reason->message);
      return NULL;
    }
  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    {
      fail (url, error, "it names no host");
      return NULL;
    }
  if (g_uri_get_fragment (uri) != NULL)
    {
      fail (url, error, "a WebSocket URL has no fragment (RFC 6455, section 3); "
            "remove “#%s” or write “%%23” for “#”", g_uri_get_fragment (uri));
      return NULL;
    }

  return g_steal_pointer (&uri);
}

/* Whether the connection goes over TLS. A redirection may name the schemes of HTTP. */
gboolean
ef_web_socket_url_is_secure (GUri *uri)
{
  const char *scheme = g_uri_get_scheme (uri);

  return strcmp (scheme, "wss") == 0 || strcmp (scheme, "https") == 0;
}

/* The port, that of the scheme if the URL names none. */
guint16
ef_web_socket_url_get_port (GUri *uri)
{
  int port = g_uri_get_port (uri);

  if (port >= 0)
    return (guint16) port;

  return ef_web_socket_url_is_secure (uri) ? 443 : 80;
}
