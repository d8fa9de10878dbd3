/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-json-number.h"

#include <math.h>

/* Exponents stop here: no text is long enough for its digits to make up for more. */
#define EXPONENT_LIMIT (G_GINT64_CONSTANT (1) << 40)

/* Below this there is room for a digit more. */
#define DIGITS_LIMIT G_GUINT64_CONSTANT (1000000000000000000)

static gint64
read_exponent (const char *p, const char *end)
{
  gboolean negative = *p == '-';
  gint64 exponent = 0;

  if (*p == '-' || *p == '+')
    p++;

  for (; p < end; p++)
    exponent = MIN (exponent * 10 + (*p - '0'), EXPONENT_LIMIT);

  return negative ? -exponent : exponent;
}

/* Adds a digit behind the others. Zeros wait in the exponent until something follows them, so that
 * 1.000000000000000000000 is as good a 1 as any. */
static void
add_digit (EfJsonNumber *self, int digit)
{
  gint64 places = self->exponent + 1;

  if (digit == 0)
    {
      self->exponent += self->digits != 0;
      return;
    }

  for (; places > 0 && self->digits < DIGITS_LIMIT; places--)
    self->digits *= 10;

  self->exponent = places;
  if (places == 0)
    self->digits += (guint64) digit;
  else
    self->cut = TRUE;
}

/* Reads a number of any form. */
const char *
ef_json_number_read_long (EfJsonNumber *self, EfJsonScan *scan)
{
  const char *end = ef_json_scan_number (scan, self->text);
  gint64 exponent = 0, decimals = 0, dropped = 0;
  gboolean after_point = FALSE;
  const char *p;

  if (end == NULL)
    return NULL;

  self->length = (gsize) (end - self->text);
  self->digits = 0;
  self->exponent = 0;
  self->cut = FALSE;

  for (p = self->text + self->negative; p < end; p++)
    {
      if (*p == '.')
        {
          self->whole = FALSE;
          after_point = TRUE;
          continue;
        }
      if (!ef_json_is_digit (*p))
        {
          self->whole = FALSE;
          exponent = read_exponent (p + 1, end);
          break;
        }

      decimals += after_point;
      if (self->cut)
        dropped++;
      else
        add_digit (self, *p - '0');
    }

  self->exponent += dropped + exponent - decimals;

  return end;
}

/* The number as an integer, if it is one: 100.0 and 1e2 are. Returns what is wrong otherwise. */
const char *
ef_json_number_to_int64 (const EfJsonNumber *self, gint64 *value)
{
  guint64 limit = (guint64) G_MAXINT64 + (guint64) self->negative;
  guint64 digits = self->digits;
  gint64 exponent = self->exponent;

  if (digits == 0)
    exponent = 0;

  for (; exponent > 0; exponent--)
    {
      if (digits > limit / 10)
        return EF_JSON_OUT_OF_RANGE;
      digits *= 10;
    }

  for (; exponent < 0; exponent++)
    {
      if (digits % 10 != 0)
        return EF_JSON_NOT_WHOLE;
      digits /= 10;
    }

  if (digits > limit)
    return EF_JSON_OUT_OF_RANGE;
  if (self->cut)
    return EF_JSON_NOT_WHOLE;

  *value = self->negative ? (gint64) -digits : (gint64) digits;

  return NULL;
}

gboolean
ef_json_number_to_double_slowly (const EfJsonNumber *self, double *value)
{
  char buffer[128];
  g_autofree char *copy = NULL;
  char *text = buffer;

  if (self->length >= sizeof buffer)
    text = copy = g_malloc (self->length + 1);

  memcpy (text, self->text, self->length);
  text[self->length] = '\0';
  *value = g_ascii_strtod (text, NULL);

  return isfinite (*value);
}

/* The number of single precision that is nearest to the nearest double. */
gboolean
ef_json_number_to_float (const EfJsonNumber *self, double *value)
{
  double number;

  if (!ef_json_number_to_double (self, &number))
    return FALSE;

  *value = (double) (float) number;

  return isfinite (*value);
}
