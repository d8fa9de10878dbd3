/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-json-number.h"

#include <eventflux.h>
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

/* A number that has more digits than were kept lies between two that have not. Where these are the same
 * double, so is the number; where not, which is once in many thousands, the C library reads all digits. */
static double
read_all_digits (const EfJsonNumber *self)
{
  g_autofree char *text = g_strndup (self->text, self->length);

  return fabs (g_ascii_strtod (text, NULL));
}

gboolean
ef_json_number_to_double_slowly (const EfJsonNumber *self, double *value)
{
  double number = ef_json_make_double (self->digits, self->exponent);

  if (self->cut && number != ef_json_make_double (self->digits + 1, self->exponent))
    number = read_all_digits (self);

  *value = self->negative ? -number : number;

  return isfinite (number);
}

/* The nearest number of single precision. */
gboolean
ef_json_number_to_float (const EfJsonNumber *self, double *value)
{
  float number = ef_json_make_float (self->digits, self->exponent);

  if (self->cut && number != ef_json_make_float (self->digits + 1, self->exponent))
    number = (float) read_all_digits (self);

  *value = (double) (self->negative ? -number : number);

  return isfinite (number);
}
