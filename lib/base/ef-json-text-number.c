/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Numbers as JSON has them. */

#include "config.h"

#include "ef-json-text.h"

#include <math.h>

#include "ef-decimal-private.h"
#include "ef-json-text-private.h"

/* The eight digits of a number below 10^8, a byte each, the first one in the lowest byte. Halves of four
 * digits, then pairs, then digits are taken apart side by side, where a division a pair of digits would
 * have each wait for the one before. */
static inline guint64
split_digits (guint32 value)
{
  guint64 parts = value / 10000 | (guint64) (value % 10000) << 32;
  guint64 upper = (parts * 10486 >> 20) & G_GUINT64_CONSTANT (0x0000007f0000007f);

  parts = upper | (parts - upper * 100) << 16;
  upper = (parts * 103 >> 10) & G_GUINT64_CONSTANT (0x000f000f000f000f);

  return upper | (parts - upper * 10) << 8;
}

/* Writes what remains of eight digits without the zeros before them. */
static inline char *
write_up_to_eight (char *out, guint32 value)
{
  guint64 digits = split_digits (value);
  int zeros = digits != 0 ? __builtin_ctzll (digits) / 8 : 7;

  ef_json_word_store (out, (digits | EF_JSON_ONES * '0') >> 8 * zeros);

  return out + 8 - zeros;
}

/* Needs room for eight bytes more than there are digits. */
static inline char *
write_uint64 (char *out, guint64 value)
{
  const guint64 group = 100000000;
  guint64 upper = value / group;

  if (upper == 0)
    return write_up_to_eight (out, (guint32) value);

  if (upper < group)
    {
      out = write_up_to_eight (out, (guint32) upper);
    }
  else
    {
      out = write_up_to_eight (out, (guint32) (upper / group));
      ef_json_word_store (out, split_digits ((guint32) (upper % group)) | EF_JSON_ONES * '0');
      out += 8;
    }

  ef_json_word_store (out, split_digits ((guint32) (value % group)) | EF_JSON_ONES * '0');

  return out + 8;
}

/**
 * ef_json_write_int64: (skip)
 * @out: where to write, with room for %EF_JSON_NUMBER_MAX bytes
 * @value: a number
 *
 * Writes an integer as JSON. Nothing terminates it.
 *
 * Returns: the end of what was written
 */
char *
ef_json_write_int64 (char *out, gint64 value)
{
  guint64 magnitude = (guint64) value;

  if (value < 0)
    {
      *out++ = '-';
      magnitude = -magnitude;
    }

  return write_uint64 (out, magnitude);
}

/* The digits of a decimal, the first one in the lowest byte of `head`, and where its point is. The 17
 * that there can be fit into registers, so they are shifted there and stored where they belong: 130
 * instructions a number, where moving text about took 180. */
typedef struct
{
  guint64 head;
  guint64 tail;
  guint8 last; /* the 17th */
  int n_digits; /* without zeros at the end */
  int point; /* how many digits are before it */
} Digits;

/* Drops bytes at the front. */
static inline void
digits_shift (Digits *self, int n_bytes)
{
  if (n_bytes >= 8)
    {
      self->head = n_bytes < 16 ? self->tail >> 8 * (n_bytes - 8) : 0;
      self->tail = 0;
    }
  else if (n_bytes > 0)
    {
      self->head = self->head >> 8 * n_bytes | self->tail << (64 - 8 * n_bytes);
      self->tail >>= 8 * n_bytes;
    }
}

static inline void
digits_init (Digits *self, const EfDecimal *decimal)
{
  const guint64 group = 100000000;
  guint64 upper = decimal->digits / group;
  guint64 first = upper / group;

  self->head = split_digits ((guint32) (upper % group));
  self->tail = split_digits ((guint32) (decimal->digits % group));
  self->last = 0;
  self->point = decimal->exponent;

  if (first != 0)
    {
      self->last = (guint8) (self->tail >> 56);
      self->tail = self->tail << 8 | self->head >> 56;
      self->head = self->head << 8 | first;
      self->point += 17;
    }
  else
    {
      int zeros = self->head != 0 ? __builtin_ctzll (self->head) / 8
                                  : 8 + __builtin_ctzll (self->tail) / 8;

      digits_shift (self, zeros);
      self->point += 16 - zeros;
    }

  if (self->last != 0)
    self->n_digits = 17;
  else if (self->tail != 0)
    self->n_digits = 16 - __builtin_clzll (self->tail) / 8;
  else
    self->n_digits = 8 - __builtin_clzll (self->head) / 8;
}

/* Writes the digits that are left, of which @n_dropped are gone: 17 bytes, with zeros at the end. */
static inline void
digits_write (const Digits *self, int n_dropped, char *out)
{
  ef_json_word_store (out, self->head | EF_JSON_ONES * '0');
  ef_json_word_store (out + 8, self->tail | EF_JSON_ONES * '0');
  out[16 - n_dropped] = (char) ('0' + self->last);
}

/* Lays a number out as JavaScript does, but leaves a whole one its “.0”, so that it stays a
 * floating-point number for those who read it. */
static char *
write_decimal (char *out, const EfDecimal *decimal)
{
  Digits digits;
  int n_digits, point;

  digits_init (&digits, decimal);
  n_digits = digits.n_digits;
  point = digits.point;

  if (G_LIKELY (point > 0 && point < n_digits))
    {
      digits_write (&digits, 0, out);
      digits_shift (&digits, point);
      digits_write (&digits, point, out + point + 1);
      out[point] = '.';
      return out + n_digits + 1;
    }

  if (point >= n_digits && point <= 21)
    {
      ef_json_word_store (out + 16, EF_JSON_ONES * '0');
      digits_write (&digits, 0, out);
      memcpy (out + point, ".0", 2);
      return out + point + 2;
    }

  if (point <= 0 && point >= -5)
    {
      memcpy (out, "0.000000", 8);
      digits_write (&digits, 0, out + 2 - point);
      return out + 2 - point + n_digits;
    }

  *out++ = (char) ('0' + (digits.head & 0xff));
  if (n_digits > 1)
    {
      digits_shift (&digits, 1);
      digits_write (&digits, 1, out + 1);
      *out = '.';
      out += n_digits;
    }
  *out++ = 'e';

  return ef_json_write_int64 (out, point - 1);
}

/* Most numbers have few decimals: prices, quantities, measurements. One that is a whole number of 10^-8
 * and has no more than 15 digits is found by one multiplication, and proven by the division that reading
 * it back comes down to. It is the shortest, as no two decimals of 15 digits are the same double. This
 * takes 22 ns where the search for the shortest decimal takes 37.
 *
 * Returns NULL if @value, which is above zero, is no such number. */
static inline char *
write_few_decimals (char *out, double value)
{
  const double scale = 1e8;
  guint64 scaled, digits;
  guint32 decimals;

  if (!(value >= 1e-6 && value < 1e7))
    return NULL;

  scaled = (guint64) (value * scale + 0.5);
  if ((double) scaled / scale != value)
    return NULL;

  out = write_up_to_eight (out, (guint32) (scaled / 100000000));
  decimals = (guint32) (scaled % 100000000);
  digits = split_digits (decimals);
  *out++ = '.';
  ef_json_word_store (out, digits | EF_JSON_ONES * '0');

  return out + (decimals != 0 ? 8 - __builtin_clzll (digits) / 8 : 1);
}

static inline char *
copy (char *out, const char *text, gsize n)
{
  memcpy (out, text, n);
  return out + n;
}

/**
 * ef_json_write_double: (skip)
 * @out: where to write, with room for %EF_JSON_NUMBER_MAX bytes
 * @value: a number
 *
 * Writes a number as JSON, with the fewest digits that read back as the same number. A whole number
 * keeps a `.0`, so that it stays a floating-point number. JSON has no word for infinities and for
 * what is no number: they become `null`. Nothing terminates what is written.
 *
 * Returns: the end of what was written
 */
char *
ef_json_write_double (char *out, double value)
{
  EfDecimal decimal;
  char *end;

  if (!isfinite (value))
    return copy (out, "null", 4);

  if (signbit (value))
    *out++ = '-';

  end = write_few_decimals (out, fabs (value));
  if (end != NULL)
    return end;

  if (value == 0)
    return copy (out, "0.0", 3);

  ef_decimal_init_double (&decimal, fabs (value));
  return write_decimal (out, &decimal);
}

/**
 * ef_json_write_float: (skip)
 * @out: where to write, with room for %EF_JSON_NUMBER_MAX bytes
 * @value: a number
 *
 * Writes a number of single precision as JSON, with the fewest digits that read back as the same
 * number of single precision: `0.1`, where its double would need `0.10000000149011612`. In all else
 * it is like [func@EventFlux.json_write_double].
 *
 * Returns: the end of what was written
 */
char *
ef_json_write_float (char *out, float value)
{
  EfDecimal decimal;

  if (!isfinite (value))
    return copy (out, "null", 4);

  if (signbit (value))
    *out++ = '-';

  if (value == 0)
    return copy (out, "0.0", 3);

  ef_decimal_init_float (&decimal, fabsf (value));
  return write_decimal (out, &decimal);
}

/**
 * ef_json_make_double: (skip)
 * @digits: digits of a number
 * @exponent: a power of ten
 *
 * Makes a number of what was read of it: the double nearest to @digits · 10^@exponent, which is infinite
 * beyond all of them.
 *
 * Returns: the number
 */
double
ef_json_make_double (guint64 digits, gint64 exponent)
{
  return ef_decimal_to_double (digits, exponent);
}

/**
 * ef_json_make_float: (skip)
 * @digits: digits of a number
 * @exponent: a power of ten
 *
 * Makes a number of single precision like [func@EventFlux.json_make_double], rounding once.
 *
 * Returns: the number
 */
float
ef_json_make_float (guint64 digits, gint64 exponent)
{
  return ef_decimal_to_float (digits, exponent);
}
