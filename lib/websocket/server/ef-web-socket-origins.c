/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-web-socket-origins-private.h"

#include <string.h>

/* Which web pages may connect to a server. A browser lets any page of any site open a WebSocket, to a
 * server on its user's own machine too, and only says in `Origin` whose page it was (RFC 6455, 10.2). */

static gboolean
is_origin (GUri *uri)
{
  const char *host = g_uri_get_host (uri);

  return host != NULL && *host != '\0' && *g_uri_get_path (uri) == '\0'
         && g_uri_get_query (uri) == NULL && g_uri_get_fragment (uri) == NULL
         && g_uri_get_userinfo (uri) == NULL;
}

/* The parts of an origin, NULL if it is none. */
static GUri *
parse_origin (const char *text)
{
  g_autoptr (GUri) uri = NULL;

  /* GUri takes spaces for a part of the host. */
  if (strpbrk (text, " \t\r\n") == NULL)
    uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && is_origin (uri) ? g_steal_pointer (&uri) : NULL;
}

/* Checks what a user gives; @origins may be NULL. */
gboolean
ef_web_socket_origins_check (const char *const *origins, GError **error)
{
  for (guint i = 0; origins != NULL && origins[i] != NULL; i++)
    {
      g_autoptr (GUri) uri = NULL;

      if (strcmp (origins[i], "*") == 0)
        continue;

      uri = parse_origin (origins[i]);
      if (uri != NULL)
        continue;

      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                   "property “allowed-origins”: “%s” is no origin: write a scheme, a host and "
                   "perhaps a port, such as “https://app.example.com”, or “*” for any",
                   origins[i]);
      return FALSE;
    }

  return TRUE;
}

static int
get_port (GUri *uri, gboolean secure)
{
  int port = g_uri_get_port (uri);

  if (port >= 0)
    return port;

  return secure ? 443 : 80;
}

static gboolean
is_secure (GUri *uri)
{
  return strcmp (g_uri_get_scheme (uri), "https") == 0;
}

static gboolean
is_same (GUri *a, GUri *b)
{
  return strcmp (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0
         && g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0
         && get_port (a, is_secure (a)) == get_port (b, is_secure (b));
}

/* Whether the page comes from the host and port that it connects to. Its scheme may differ, as TLS may
 * end before this server. */
static gboolean
is_own (GUri *origin, const char *host, gboolean secure)
{
  g_autofree char *text = g_strconcat ("http://", host != NULL ? host : "", NULL);
  g_autoptr (GUri) own = parse_origin (text);

  return own != NULL && g_ascii_strcasecmp (g_uri_get_host (own), g_uri_get_host (origin)) == 0
         && (get_port (own, secure) == get_port (origin, is_secure (origin))
             || get_port (own, is_secure (origin)) == get_port (origin, is_secure (origin)));
}

/* Whether who asks is welcome: @origin and @host are the headers of that name. Programs send no Origin,
 * and could send any: this is about browsers. */
gboolean
ef_web_socket_origins_allow (const char *const *origins,
                             const char *origin,
                             const char *host,
                             gboolean secure)
{
  g_autoptr (GUri) uri = NULL;

  if (origin == NULL || (origins != NULL && g_strv_contains (origins, "*")))
    return TRUE;

  uri = parse_origin (origin);
  if (uri == NULL)
    return FALSE;

  for (guint i = 0; origins != NULL && origins[i] != NULL; i++)
    {
      g_autoptr (GUri) allowed = parse_origin (origins[i]);

      if (allowed != NULL && is_same (uri, allowed))
        return TRUE;
    }

  return is_own (uri, host, secure);
}
