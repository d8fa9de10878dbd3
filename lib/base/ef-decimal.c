/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-decimal-private.h"

#include <string.h>

#include "ef-powers-of-ten.h"

/* The shortest decimal of a binary number, after R. Giulietti, “The Schubfach way to render
 * doubles” (2021). A search with printf and strtod takes 1.5 µs, this takes 20 ns.
 *
 * All reals between the halfway points to the neighbours of v = c·2^q read back as v. Let k be the
 * largest exponent for which 10^k is no wider than that interval: a multiple of 10^k then lies in
 * it, and at most one multiple of 10^(k+1) can be nearer to fewer digits. So it suffices to look at
 * the two multiples of each around v. For that v and the ends of the interval are computed in
 * quarters of 10^k, rounded to odd, which keeps their order. */

/* floor (log10 (2^q)), and floor (log10 (3/4·2^q)) for an interval that is narrower below. */
static inline int
floor_log10_pow2 (int q, gboolean narrow)
{
  return (q * 1262611 - (narrow ? 524031 : 0)) >> 22;
}

/* floor (log2 (10^e)) */
static inline int
floor_log2_pow10 (int e)
{
  return (e * 1741647) >> 19;
}

/* The lower half of a product, and in @high the upper one. */
static inline guint64
multiply (guint64 a, guint64 b, guint64 *high)
{
#ifdef __SIZEOF_INT128__
  __extension__ unsigned __int128 product = (unsigned __int128) a * b;

  *high = (guint64) (product >> 64);

  return (guint64) product;
#else
  guint64 a_low = a & G_MAXUINT32, a_high = a >> 32;
  guint64 b_low = b & G_MAXUINT32, b_high = b >> 32;
  guint64 low = a_low * b_low;
  guint64 middle = a_high * b_low + (low >> 32);
  guint64 other = a_low * b_high + (middle & G_MAXUINT32);

  *high = a_high * b_high + (middle >> 32) + (other >> 32);

  return other << 32 | (low & G_MAXUINT32);
#endif
}

/* floor (power · factor / 2^128), with its last bit set if anything was cut off. */
static inline guint64
multiply_to_odd (int exponent, guint64 factor)
{
  guint index = (guint) (exponent - FIRST_POWER);
  guint64 carry, high;
  guint64 middle = multiply (powers[index].high, factor, &high);

  multiply (powers[index].low, factor, &carry);
  middle += carry;
  high += middle < carry;

  return high | (middle > 1);
}

/* @narrow: @c is the least of its binade, and the neighbour below is only half as far away. */
static void
init_binary (EfDecimal *self, guint64 c, int q, gboolean narrow)
{
  int k = floor_log10_pow2 (q, narrow);
  int h = q + floor_log2_pow10 (-k) + 1;
  guint64 at = multiply_to_odd (-k, 4 * c << h);
  guint64 open = c & 1; /* an odd number does not own the ends of its interval */
  guint64 low = multiply_to_odd (-k, (4 * c - (narrow ? 1 : 2)) << h) + open;
  guint64 high = multiply_to_odd (-k, (4 * c + 2) << h) - open;
  guint64 below = at / 4;
  guint64 shorter = below / 10;
  gboolean below_fits = low <= 40 * shorter;
  gboolean above_fits = 40 * shorter + 40 <= high;

  if (below_fits != above_fits)
    {
      self->digits = shorter + (above_fits ? 1 : 0);
      self->exponent = k + 1;
      return;
    }

  below_fits = low <= 4 * below;
  above_fits = 4 * below + 4 <= high;
  if (below_fits == above_fits)
    above_fits = at > 4 * below + 2 || (at == 4 * below + 2 && (below & 1));

  self->digits = below + (above_fits ? 1 : 0);
  self->exponent = k;
}

/* @value is finite and above zero. */
void
ef_decimal_init_double (EfDecimal *self, double value)
{
  guint64 bits;

  /* A whole number that a double counts without gaps is its own decimal. */
  if (value < 9007199254740992.0 && value == (double) (guint64) value)
    {
      self->digits = (guint64) value;
      self->exponent = 0;
      return;
    }

  memcpy (&bits, &value, sizeof bits);

  guint64 fraction = bits & ((G_GUINT64_CONSTANT (1) << 52) - 1);
  int exponent = (int) (bits >> 52);

  if (exponent == 0)
    init_binary (self, fraction, -1074, FALSE);
  else
    init_binary (self, fraction | G_GUINT64_CONSTANT (1) << 52, exponent - 1075,
                 fraction == 0 && exponent > 1);
}

/* @value is finite and above zero. */
void
ef_decimal_init_float (EfDecimal *self, float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);

  guint32 fraction = bits & ((1u << 23) - 1);
  int exponent = (int) (bits >> 23);

  if (exponent == 0)
    init_binary (self, fraction, -149, FALSE);
  else
    init_binary (self, fraction | 1u << 23, exponent - 150, fraction == 0 && exponent > 1);
}

/* The nearest binary number of a decimal, after D. Lemire, “Number parsing at a gigabyte per second”
 * (2021), in some 10 ns where strtod() takes 60: the digits times the leading 128 bits of
 * the power of ten have all the bits of the result, and enough behind them to round it. That the power
 * itself is rounded never makes a difference, as N. Mushtak and D. Lemire proved (2023); where it is
 * near to, the second half of the product is looked at too. */
typedef struct
{
  int fraction_bits;
  int bias;
  int infinite;                 /* the exponent, as it is stored, of what is beyond all numbers */
  int least_power, greatest_power; /* of ten: what is beyond is 0, or infinite, whatever the digits */
  int least_tie, greatest_tie;  /* of the powers with which a decimal can be just between two numbers */
} Format;

static const Format double_format = { 52, 1023, 0x7ff, -342, 308, -4, 23 };
static const Format float_format = { 23, 127, 0xff, -65, 38, -17, 10 };

/* The leading bits of digits · 10^exponent: the highest 64 in @high. The table has powers rounded up;
 * from all that are not exact, except those whose error the proof allows for, this is taken back. */
static inline guint64
multiply_leading (guint64 digits, int exponent, int n_bits, guint64 *high)
{
  guint index = (guint) (exponent - FIRST_POWER);
  gboolean cut = exponent < -27 || exponent > 55;
  guint64 power_low = powers[index].low - cut;
  guint64 power_high = powers[index].high - (cut && powers[index].low == 0);
  guint64 low = multiply (digits, power_high, high);
  guint64 carry;

  if ((*high & (G_MAXUINT64 >> n_bits)) == G_MAXUINT64 >> n_bits)
    {
      multiply (digits, power_low, &carry);
      low += carry;
      *high += low < carry;
    }

  return low;
}

/* The bits of a number that is nearly too small: shifted to where the others have theirs. */
static guint64
round_subnormal (guint64 mantissa, int exponent)
{
  if (1 - exponent >= 64)
    return 0;

  mantissa >>= 1 - exponent;

  /* One that is rounded up to the least normal number has its bits as well. */
  return (mantissa + (mantissa & 1)) >> 1;
}

static guint64
to_binary (const Format *format, guint64 digits, gint64 power)
{
  guint64 infinite = (guint64) format->infinite << format->fraction_bits;
  int zeros, top, shift, exponent;
  guint64 high, low, mantissa;

  if (digits == 0 || power < format->least_power)
    return 0;
  if (power > format->greatest_power)
    return infinite;

  zeros = __builtin_clzll (digits);
  low = multiply_leading (digits << zeros, (int) power, format->fraction_bits + 3, &high);
  top = (int) (high >> 63);
  shift = top + 64 - format->fraction_bits - 3;
  mantissa = high >> shift;
  exponent = floor_log2_pow10 ((int) power) + 63 + top - zeros + format->bias;

  if (exponent <= 0)
    return round_subnormal (mantissa, exponent);

  /* Just between two numbers, so that the even one is nearest. */
  if (low <= 1 && power >= format->least_tie && power <= format->greatest_tie && (mantissa & 3) == 1
      && mantissa << shift == high)
    mantissa &= ~(guint64) 1;

  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >> (format->fraction_bits + 1) != 0)
    exponent++;
  if (exponent >= format->infinite)
    return infinite;

  mantissa &= (G_GUINT64_CONSTANT (1) << format->fraction_bits) - 1;

  return (guint64) exponent << format->fraction_bits | mantissa;
}

/* The nearest double, which is infinite beyond all of them. */
double
ef_decimal_to_double (guint64 digits, gint64 exponent)
{
  guint64 bits = to_binary (&double_format, digits, exponent);
  double value;

  memcpy (&value, &bits, sizeof value);

  return value;
}

/* The nearest number of single precision. */
float
ef_decimal_to_float (guint64 digits, gint64 exponent)
{
  guint32 bits = (guint32) to_binary (&float_format, digits, exponent);
  float value;

  memcpy (&value, &bits, sizeof value);

  return value;
}
