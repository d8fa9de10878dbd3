/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-suggest-private.h"

#include <string.h>

/* Names longer than this are not compared: the cost is the product of the lengths, and nobody
 * misspells a name of that length by a letter. */
#define MAX_NAME 64

/* So many letters make the beginning of a name telling. */
#define MIN_PREFIX 3

static guint
min3 (guint a, guint b, guint c)
{
  return MIN (MIN (a, b), c);
}

/* Optimal string alignment: insertions, deletions, substitutions and swapped neighbours. Case and
 * the choice among '-', '_' and '.' do not count. */
static guint
distance (const char *a, const char *b)
{
  guint rows[3][MAX_NAME + 1];
  gsize a_len = strlen (a), b_len = strlen (b);

  if (a_len > MAX_NAME || b_len > MAX_NAME)
    return G_MAXUINT;

  for (guint j = 0; j <= b_len; j++)
    rows[0][j] = j;

  for (guint i = 1; i <= a_len; i++)
    {
      guint *now = rows[i % 3], *last = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];

      now[0] = i;
      for (guint j = 1; j <= b_len; j++)
        {
          char ca = g_ascii_tolower (a[i - 1]), cb = g_ascii_tolower (b[j - 1]);
          gboolean same = ca == cb || (strchr ("-_.", ca) && strchr ("-_.", cb));

          now[j] = min3 (last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            now[j] = MIN (now[j], before[j - 2] + 1);
        }
    }

  return rows[a_len % 3][b_len];
}

/* Of the candidates that go on where @word ends, the shortest. */
static const char *
find_longer (const char *word, const char *const *candidates)
{
  gsize length = strlen (word);
  const char *shortest = NULL;

  if (length < MIN_PREFIX)
    return NULL;

  for (; candidates != NULL && *candidates != NULL; candidates++)
    if (g_ascii_strncasecmp (*candidates, word, length) == 0
        && (shortest == NULL || strlen (*candidates) < strlen (shortest)))
      shortest = *candidates;

  return shortest;
}

/* The candidate that @word was probably meant to be, or %NULL if none is near: a third of the
 * letters may differ, at least two, or its end may be missing. */
const char *
ef_suggest_nearest (const char *word, const char *const *candidates)
{
  const char *nearest = NULL;
  guint best = (guint) MAX (2, strlen (word) / 3) + 1;
  const char *longer = find_longer (word, candidates);

  for (; candidates != NULL && *candidates != NULL; candidates++)
    {
      guint d = distance (word, *candidates);

      if (d < best && d < strlen (*candidates))
        {
          best = d;
          nearest = *candidates;
        }
    }

  return nearest != NULL ? nearest : longer;
}

/**
 * ef_suggest_hint: (skip)
 * @word: a name that nobody knows
 * @candidates: (array zero-terminated=1): the names that there are
 *
 * The end of an error message about a misspelt name: `; did you mean “…”?`, with the candidate that
 * is near enough to have been meant, or nothing.
 *
 * Returns: (transfer full): a text to print right behind the message
 */
char *
ef_suggest_hint (const char *word, const char *const *candidates)
{
  const char *nearest = ef_suggest_nearest (word, candidates);

  return nearest != NULL ? g_strdup_printf ("; did you mean “%s”?", nearest) : g_strdup ("");
}
