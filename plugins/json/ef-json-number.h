/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-json-scan.h"

G_BEGIN_DECLS

/* A number as it stands in a text: ±digits · 10^exponent, without loss unless `cut` says that there
 * were more digits than 64 bits hold. */
typedef struct
{
  const char *text;
  gsize length;
  guint64 digits;
  gint64 exponent;
  gboolean negative;
  gboolean whole; /* written as an integer */
  gboolean cut;
} EfJsonNumber;

/* What can be wrong with a number. */
#define EF_JSON_OUT_OF_RANGE "is out of range"
#define EF_JSON_NOT_WHOLE "is not a whole number"

const char *ef_json_number_read_long (EfJsonNumber *self, EfJsonScan *scan);

const char *ef_json_number_to_int64 (const EfJsonNumber *self, gint64 *value);

gboolean ef_json_number_to_double_slowly (const EfJsonNumber *self, double *value);

gboolean ef_json_number_to_float (const EfJsonNumber *self, double *value);

/* As many digits as a guint64 always holds. */
#define EF_JSON_DIGITS 19

/* The value of eight digits, a byte each, first digit first: of pairs, of pairs of pairs, and of both
 * halves, each in one multiplication. */
static inline guint64
ef_json_eight_digits (guint64 bytes)
{
  bytes = (bytes * (10 * 256 + 1) >> 8) & G_GUINT64_CONSTANT (0x00ff00ff00ff00ff);
  bytes = (bytes * (100 * 65536 + 1) >> 16) & G_GUINT64_CONSTANT (0x0000ffff0000ffff);

  return bytes * (G_GUINT64_CONSTANT (10000) * 4294967296 + 1) >> 32;
}

/* Adds the digits from @p on and returns where they end. A run of up to eight is taken at once: it is
 * moved to the end of eight bytes, with zeros before it. */
static inline const char *
ef_json_number_read_digits (EfJsonNumber *self, const EfJsonScan *scan, const char *p)
{
  static const guint32 powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000 };
  guint64 digits = self->digits;

  for (;;)
    {
      guint64 zeros = ef_json_load8 (scan, p) ^ G_GUINT64_CONSTANT (0x3030303030303030);
      guint64 marks = ef_json_mark_non_digits (zeros);
      guint n;

      if (marks == 0)
        {
          digits = digits * 100000000 + ef_json_eight_digits (zeros);
          p += 8;
          continue;
        }

      n = (guint) __builtin_ctzll (marks) / 8;
      if (n > 0)
        digits = digits * powers[n] + ef_json_eight_digits (zeros << (64 - 8 * n));
      self->digits = digits;

      return p + n;
    }
}

/* From the first byte of a number to behind it. One of up to 19 digits and without an exponent, which
 * is nearly every one, is read here, all others by ef_json_number_read_long(). */
static inline const char *
ef_json_number_read (EfJsonNumber *self, EfJsonScan *scan, const char *p)
{
  const char *digits;
  gboolean usual;

  self->text = p;
  self->digits = 0;
  self->exponent = 0;
  self->cut = FALSE;
  self->whole = TRUE;
  self->negative = *p == '-';

  digits = p + self->negative;
  p = ef_json_number_read_digits (self, scan, digits);
  usual = p > digits && (*digits != '0' || p == digits + 1);

  if (p < scan->end && *p == '.')
    {
      const char *decimals = p + 1;

      self->whole = FALSE;
      p = ef_json_number_read_digits (self, scan, decimals);
      self->exponent = decimals - p;
      usual = usual && p > decimals;
    }

  if (G_UNLIKELY (!usual || p - digits > EF_JSON_DIGITS || (p < scan->end && (*p | 0x20) == 'e')))
    return ef_json_number_read_long (self, scan);

  self->length = (gsize) (p - self->text);

  return p;
}

/* The nearest double. An integer of up to 53 bits and a power of ten up to 10^22 are exact doubles,
 * so one rounded operation on them gives the right result (W. Clinger, 1990). Returns FALSE if the
 * number is beyond all doubles. */
static inline gboolean
ef_json_number_to_double (const EfJsonNumber *self, double *value)
{
  static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
  double number;

  if (G_UNLIKELY (self->cut || self->digits > G_GUINT64_CONSTANT (1) << 53 || self->exponent < -22
                  || self->exponent > 22))
    return ef_json_number_to_double_slowly (self, value);

  number = (double) self->digits;
  if (self->exponent < 0)
    number /= powers[-self->exponent];
  else
    number *= powers[self->exponent];

  *value = self->negative ? -number : number;

  return TRUE;
}

G_END_DECLS
