/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-redact-private.h"

#include <string.h>

/* Whether what has this name, a header or a part of a query, is better not printed. */
gboolean
ef_redact_is_secret_name (const char *name)
{
  static const char *const whole[] = { "authorization", "proxy-authorization", "cookie", "set-cookie",
                                       "auth", "key", "sig", NULL };
  static const char *const parts[] = { "token", "secret", "passw", "signature", "credential",
                                       "api-key", "api_key", "apikey", "-key", "_key", NULL };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  if (g_strv_contains (whole, lower))
    return TRUE;
  for (guint i = 0; parts[i] != NULL; i++)
    if (strstr (lower, parts[i]) != NULL)
      return TRUE;

  return FALSE;
}

/* Appends the user and host of a URI, less the password. */
static void
append_authority (GString *masked, const char *authority, gsize length)
{
  const char *at = g_strrstr_len (authority, (gssize) length, "@");
  const char *colon = at != NULL ? memchr (authority, ':', (gsize) (at - authority)) : NULL;

  if (colon == NULL)
    {
      g_string_append_len (masked, authority, (gssize) length);
      return;
    }

  g_string_append_len (masked, authority, colon - authority);
  g_string_append (masked, ":" EF_REDACTED);
  g_string_append_len (masked, at, authority + length - at);
}

static void
append_query (GString *masked, const char *query, gsize length)
{
  g_autofree char *text = g_strndup (query, length);
  g_auto (GStrv) parts = g_strsplit (text, "&", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');

      if (equals != NULL)
        *equals = '\0';
      if (i > 0)
        g_string_append_c (masked, '&');
      g_string_append (masked, parts[i]);
      if (equals != NULL)
        g_string_append_printf (masked, "=%s",
                                ef_redact_is_secret_name (parts[i]) ? EF_REDACTED : equals + 1);
    }
}

/* The text with what is secret in it masked, if it is a URI: a password, and parts of the query that
 * are named like secrets. Any other text comes back as it is. */
char *
ef_redact_uri (const char *text)
{
  const char *authority = strstr (text, "://");
  g_autoptr (GString) masked = NULL;
  const char *rest;
  gsize length;

  if (authority == NULL)
    return g_strdup (text);

  authority += strlen ("://");
  length = strcspn (authority, "/?#");
  rest = authority + length;

  masked = g_string_new_len (text, authority - text);
  append_authority (masked, authority, length);

  length = strcspn (rest, "?#");
  g_string_append_len (masked, rest, (gssize) length);
  rest += length;
  if (*rest == '?')
    {
      length = strcspn (rest + 1, "#");
      g_string_append_c (masked, '?');
      append_query (masked, rest + 1, length);
      rest += 1 + length;
    }
  g_string_append (masked, rest);

  return g_string_free (g_steal_pointer (&masked), FALSE);
}
