/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-launch.h"

#include "ef-quote-private.h"

#include <string.h>

/* `key=` at the start of a word of the command line, as one writes it. A word such as
 * `jsondecode schema=…`, which the person quoted as a whole, has none. */
static gsize
key_length (const char *word)
{
  gsize length = 0;

  while (word[length] != '\0' && strchr (" \t\r\n!=\"'\\#", word[length]) == NULL)
    length++;

  return length > 0 && word[length] == '=' ? length : 0;
}

/**
 * ef_pipeline_description_join:
 * @words: (array zero-terminated=1): the arguments of a command
 *
 * Joins the arguments of a command to a description in the launch language.
 *
 * The shell has taken quotes and backslashes away already, so the value of an argument `key=value`
 * counts as it is, with all its blanks and quotes: it is quoted anew. All other arguments are parts
 * of the description as they are, and so is an argument that stands alone: it is a whole
 * description that the person quoted.
 *
 * Returns: (transfer full): the description
 */
char *
ef_pipeline_description_join (const char *const *words)
{
  g_return_val_if_fail (words != NULL, NULL);

  g_autoptr (GString) text = g_string_new (NULL);

  if (words[0] != NULL && words[1] == NULL)
    return g_strdup (words[0]);

  for (guint i = 0; words[i] != NULL; i++)
    {
      gsize length = key_length (words[i]);

      if (i > 0)
        g_string_append_c (text, ' ');

      if (length > 0)
        {
          g_string_append_len (text, words[i], (gssize) length + 1);
          if (words[i][length + 1] != '\0')
            ef_quote_append_value (text, words[i] + length + 1);
        }
      else
        {
          g_string_append (text, words[i]);
        }
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
