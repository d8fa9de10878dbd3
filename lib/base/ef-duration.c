/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-duration.h"

#include "ef-error.h"

#include <string.h>

static const struct
{
  const char *name;
  gint64 microseconds;
} units[] = {
  { "us", 1 },
  { "ms", 1000 },
  { "s", G_USEC_PER_SEC },
  { "sec", G_USEC_PER_SEC },
  { "second", G_USEC_PER_SEC },
  { "seconds", G_USEC_PER_SEC },
  { "m", 60 * (gint64) G_USEC_PER_SEC },
  { "min", 60 * (gint64) G_USEC_PER_SEC },
  { "minute", 60 * (gint64) G_USEC_PER_SEC },
  { "minutes", 60 * (gint64) G_USEC_PER_SEC },
  { "h", 3600 * (gint64) G_USEC_PER_SEC },
  { "hour", 3600 * (gint64) G_USEC_PER_SEC },
  { "hours", 3600 * (gint64) G_USEC_PER_SEC },
  { "d", 86400 * (gint64) G_USEC_PER_SEC },
  { "day", 86400 * (gint64) G_USEC_PER_SEC },
  { "days", 86400 * (gint64) G_USEC_PER_SEC },
};

static gint64
unit_microseconds (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_ascii_strcasecmp (units[i].name, name) == 0)
      return units[i].microseconds;

  return 0;
}

/**
 * ef_duration_parse:
 * @text: a number and a unit, such as `250ms`, `1.5 s` or `5 minutes`
 * @duration: (out): return location for the duration in microseconds
 * @error: return location for an error
 *
 * Parses a duration. Units are `us`, `ms`, `s`, `m`, `h` and `d`, and their English names
 * (`sec`, `min`, `seconds`, …) in upper or lower case.
 *
 * Returns: %TRUE if @duration was set, %FALSE with %EF_ERROR_SYNTAX if @text is no duration
 */
gboolean
ef_duration_parse (const char *text, gint64 *duration, GError **error)
{
  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (duration != NULL, FALSE);

  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  char *end = NULL;
  double number = g_ascii_strtod (trimmed, &end);

  /* Plain digits alone: strtod() also takes signs, exponents, hexadecimals and “inf”. */
  if (end > trimmed && strspn (trimmed, "0123456789.") == (gsize) (end - trimmed))
    {
      gint64 unit = unit_microseconds (g_strchug (end));

      /* 2^63 as a double: the first value that a gint64 does not hold. */
      if (unit > 0 && number * (double) unit < 9223372036854775808.0)
        {
          *duration = (gint64) (number * (double) unit + 0.5);
          return TRUE;
        }
    }

  g_set_error (error, EF_ERROR, EF_ERROR_SYNTAX,
               "“%s” is no duration: write a number and one of us, ms, s, m, h, d, as in “250ms”",
               text);
  return FALSE;
}

/**
 * ef_duration_format:
 * @duration: a duration in microseconds
 *
 * Prints a duration so that [func@EventFlux.duration_parse] reads the same value back, in the
 * largest unit that needs no fraction.
 *
 * Returns: (transfer full): the text, such as `1500ms`
 */
char *
ef_duration_format (gint64 duration)
{
  static const struct
  {
    const char *name;
    gint64 microseconds;
  } printed[] = {
    { "h", 3600 * (gint64) G_USEC_PER_SEC }, { "m", 60 * (gint64) G_USEC_PER_SEC },
    { "s", G_USEC_PER_SEC },                 { "ms", 1000 },
  };

  for (gsize i = 0; duration != 0 && i < G_N_ELEMENTS (printed); i++)
    if (duration % printed[i].microseconds == 0)
      return g_strdup_printf ("%" G_GINT64_FORMAT "%s", duration / printed[i].microseconds,
                              printed[i].name);

  return g_strdup_printf ("%" G_GINT64_FORMAT "us", duration);
}
