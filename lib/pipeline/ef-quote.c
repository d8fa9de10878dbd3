/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-quote-private.h"

#include <string.h>

/* What these write means the same to the launch language and to a POSIX shell, so that a printed
 * description can be pasted after the name of the command. */

static gboolean
is_plain (const char *text, const char *punctuation)
{
  if (*text == '\0')
    return FALSE;

  for (; *text != '\0'; text++)
    if (!g_ascii_isalnum (*text) && strchr (punctuation, *text) == NULL)
      return FALSE;

  return TRUE;
}

static void
append_quoted (GString *string, const char *text)
{
  if (strchr (text, '\'') == NULL)
    {
      g_string_append_printf (string, "'%s'", text);
      return;
    }

  g_string_append_c (string, '"');
  for (; *text != '\0'; text++)
    {
      if (strchr ("\"\\$`", *text) != NULL)
        g_string_append_c (string, '\\');
      g_string_append_c (string, *text);
    }
  g_string_append_c (string, '"');
}

/* Appends the name of an element or a pad, with quotes if it needs them. A dot in quotes does not
 * make a name a reference. */
void
ef_quote_append_word (GString *string, const char *word)
{
  if (is_plain (word, "_-"))
    g_string_append (string, word);
  else
    append_quoted (string, word);
}

/* Appends what stands before a `=`, with quotes if it needs them. */
void
ef_quote_append_key (GString *string, const char *key)
{
  if (is_plain (key, "_-."))
    g_string_append (string, key);
  else
    append_quoted (string, key);
}

/* Appends what follows a `=`, with quotes if it needs them. */
void
ef_quote_append_value (GString *string, const char *value)
{
  if (is_plain (value, "_-.,:/+@%="))
    g_string_append (string, value);
  else
    append_quoted (string, value);
}
