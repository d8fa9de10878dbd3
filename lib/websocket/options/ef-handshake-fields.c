/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-handshake-fields-private.h"

#include <string.h>

static gboolean
fail (GError **error, const char *property, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
fail (GError **error, const char *property, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE, "property “%s”: %s", property, why);
  return FALSE;
}

/* A token of RFC 7230, section 3.2.6: what names of headers and subprotocols are made of. */
static gboolean
is_token (const char *text)
{
  if (*text == '\0')
    return FALSE;

  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("!#$%&'*+-.^_`|~", *p) == NULL)
      return FALSE;

  return TRUE;
}

static const char *const own_headers[] = {
  "Connection",
  "Content-Length",
  "Sec-WebSocket-Accept",
  "Sec-WebSocket-Extensions",
  "Sec-WebSocket-Key",
  "Sec-WebSocket-Protocol",
  "Sec-WebSocket-Version",
  "Transfer-Encoding",
  "Upgrade",
  NULL,
};

/* For errors: what would not be a name had better not be a line of a log either. */
static char *
make_printable (const char *text)
{
  char *printable = g_utf8_make_valid (text, -1);

  for (char *p = printable; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = '?';

  return printable;
}

/* Values are never shown: they tend to be secrets. */
static gboolean
check_header (const char *name, const char *value, GError **error)
{
  if (!is_token (name))
    {
      g_autofree char *shown = make_printable (name);

      return fail (error, "headers", "“%s” can not be the name of a header", shown);
    }

  for (guint i = 0; own_headers[i] != NULL; i++)
    if (g_ascii_strcasecmp (name, own_headers[i]) == 0)
      return fail (error, "headers", "“%s” belongs to the handshake itself%s", name,
                   strcmp (own_headers[i], "Sec-WebSocket-Protocol") == 0
                       ? "; use “subprotocol” for it"
                       : "");

  if (value == NULL)
    return fail (error, "headers", "“%s” has no value", name);

  for (const char *p = value; *p != '\0'; p++)
    if (*p == '\r' || *p == '\n')
      return fail (error, "headers", "the value of “%s” has a line break, which would begin "
                   "another header", name);
    else if (g_ascii_iscntrl (*p) && *p != '\t')
      return fail (error, "headers", "the value of “%s” has a control character", name);

  return TRUE;
}

gboolean
ef_handshake_fields_check_headers (GHashTable *headers, GError **error)
{
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_hash_table_iter_init (&iter, headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (!check_header (name, value, error))
      return FALSE;

  return TRUE;
}

gboolean
ef_handshake_fields_parse_subprotocols (const char *text, char ***subprotocols, GError **error)
{
  g_auto (GStrv) names = NULL;

  if (text == NULL || *text == '\0')
    return TRUE;

  names = g_strsplit (text, ",", -1);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_strstrip (names[i]);
      if (!is_token (names[i]))
        {
          g_autofree char *shown = make_printable (names[i]);

          return fail (error, "subprotocol", "“%s” can not be the name of a subprotocol", shown);
        }
      for (guint j = 0; j < i; j++)
        if (strcmp (names[i], names[j]) == 0)
          return fail (error, "subprotocol", "“%s” is in it twice", names[i]);
    }

  *subprotocols = g_steal_pointer (&names);
  return TRUE;
}
