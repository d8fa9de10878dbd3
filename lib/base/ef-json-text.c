/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-json-text.h"

#include <math.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "ef-decimal-private.h"

/* What a byte of a text becomes within quotes: 0 stays as it is, 'u' becomes \u00XX, any other
 * follows a backslash. */
static const char escapes[256] = {
  'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n', 'u', 'f', 'r', 'u', 'u',
  'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
  ['"'] = '"', ['\\'] = '\\',
};

static const char digit_pairs[] = "00010203040506070809101112131415161718192021222324"
                                  "25262728293031323334353637383940414243444546474849"
                                  "50515253545556575859606162636465666768697071727374"
                                  "75767778798081828384858687888990919293949596979899";

/* The longest run of digits: those of 2^64. */
#define DIGITS_MAX 20

/* Writes the digits of a number so that they end before @end, two at a time: a division a pair
 * takes half as long as one a digit. Returns the first. */
static inline char *
write_digits_before (char *end, guint64 value)
{
  while (value >= 100)
    {
      end -= 2;
      memcpy (end, digit_pairs + value % 100 * 2, 2);
      value /= 100;
    }

  if (value >= 10)
    {
      end -= 2;
      memcpy (end, digit_pairs + value * 2, 2);
    }
  else
    {
      *--end = (char) ('0' + value);
    }

  return end;
}

static inline char *
write_uint64 (char *out, guint64 value)
{
  char digits[DIGITS_MAX];
  char *end = digits + sizeof digits;
  char *start = write_digits_before (end, value);
  gsize length = (gsize) (end - start);

  memcpy (out, start, length);
  return out + length;
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

static char *
fill (char *out, char c, int n)
{
  memset (out, c, (gsize) n);
  return out + n;
}

static char *
copy (char *out, const char *text, int n)
{
  memcpy (out, text, (gsize) n);
  return out + n;
}

/* Lays a number out as JavaScript does, but leaves a whole one its “.0”, so that it stays a
 * floating-point number for those who read it. */
static char *
write_decimal (char *out, const EfDecimal *decimal)
{
  char buffer[DIGITS_MAX];
  const char *digits = write_digits_before (buffer + sizeof buffer, decimal->digits);
  int n_digits = (int) (buffer + sizeof buffer - digits);
  int point = n_digits + decimal->exponent; /* how many digits are before the point */

  if (point > 21 || point < -5)
    {
      *out++ = digits[0];
      if (n_digits > 1)
        {
          *out++ = '.';
          out = copy (out, digits + 1, n_digits - 1);
        }
      *out++ = 'e';
      return ef_json_write_int64 (out, point - 1);
    }

  if (point <= 0)
    {
      out = copy (out, "0.", 2);
      out = fill (out, '0', -point);
      return copy (out, digits, n_digits);
    }

  if (point < n_digits)
    {
      out = copy (out, digits, point);
      *out++ = '.';
      return copy (out, digits + point, n_digits - point);
    }

  out = copy (out, digits, n_digits);
  out = fill (out, '0', point - n_digits);
  return copy (out, ".0", 2);
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

  if (!isfinite (value))
    return copy (out, "null", 4);

  if (signbit (value))
    *out++ = '-';

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

#ifdef __SSE2__
/* Marks those of 16 bytes that need an escape. */
static inline guint
mark_escapes (__m128i bytes)
{
  __m128i control = _mm_cmpeq_epi8 (_mm_min_epu8 (bytes, _mm_set1_epi8 (0x1f)), bytes);
  __m128i quote = _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('"'));
  __m128i backslash = _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('\\'));

  return (guint) _mm_movemask_epi8 (_mm_or_si128 (control, _mm_or_si128 (quote, backslash)));
}
#endif

/**
 * ef_json_string_room: (skip)
 * @text: (array length=length): UTF-8 text
 * @length: its length in bytes
 *
 * Tells how much room [func@EventFlux.json_write_string] asks for with this text. For a short one
 * %EF_JSON_STRING_MAX is quicker to have.
 *
 * Returns: the room in bytes, somewhat more than what will be written
 */
gsize
ef_json_string_room (const char *text, gsize length)
{
  gsize room = EF_JSON_STRING_MAX (0) + length;

  for (gsize i = 0; i < length; i++)
    {
#ifdef __SSE2__
      while (i + 16 <= length
             && mark_escapes (_mm_loadu_si128 ((gconstpointer) (text + i))) == 0)
        i += 16;
      if (i == length)
        break;
#endif
      char escape = escapes[(guchar) text[i]];

      if (escape != 0)
        room += escape == 'u' ? 5 : 1;
    }

  return room;
}

static char *
write_escape (char *out, char c)
{
  char escape = escapes[(guchar) c];

  *out++ = '\\';
  *out++ = escape;
  if (escape == 'u')
    {
      *out++ = '0';
      *out++ = '0';
      *out++ = (char) ('0' + (c >> 4));
      *out++ = "0123456789abcdef"[c & 0xf];
    }

  return out;
}

/**
 * ef_json_write_string: (skip)
 * @out: where to write, with room for %EF_JSON_STRING_MAX bytes
 * @text: (array length=length): UTF-8 text, which may hold zeros
 * @length: its length in bytes
 *
 * Writes a text as a JSON string, quotes included. Quotes, backslashes and control characters are
 * escaped, all others stay as they are. Nothing terminates it.
 *
 * Returns: the end of what was written
 */
char *
ef_json_write_string (char *out, const char *text, gsize length)
{
  const char *end = text + length;

  *out++ = '"';
  while (text < end)
    {
#ifdef __SSE2__
      /* Sixteen bytes at a time, stored before they are looked at: the room allows it. */
      if (end - text >= 16)
        {
          __m128i bytes = _mm_loadu_si128 ((gconstpointer) text);
          guint marks = mark_escapes (bytes);
          int n_plain = marks != 0 ? __builtin_ctz (marks) : 16;

          _mm_storeu_si128 ((gpointer) out, bytes);
          text += n_plain;
          out += n_plain;
          if (marks == 0)
            continue;
        }
#endif
      if (escapes[(guchar) *text] == 0)
        *out++ = *text++;
      else
        out = write_escape (out, *text++);
    }
  *out++ = '"';

  return out;
}

/**
 * ef_json_write_base64: (skip)
 * @out: where to write, with room for %EF_JSON_BASE64_MAX bytes
 * @data: (array length=length) (element-type guint8): bytes of any kind
 * @length: how many
 *
 * Writes bytes as a JSON string in base64 (RFC 4648, with padding), quotes included. Nothing
 * terminates it.
 *
 * Returns: the end of what was written
 */
char *
ef_json_write_base64 (char *out, gconstpointer data, gsize length)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const guint8 *bytes = data;
  gsize rest = length % 3;

  *out++ = '"';
  for (gsize i = 0; i + 3 <= length; i += 3)
    {
      guint group = (guint) bytes[i] << 16 | (guint) bytes[i + 1] << 8 | bytes[i + 2];

      *out++ = alphabet[group >> 18];
      *out++ = alphabet[group >> 12 & 63];
      *out++ = alphabet[group >> 6 & 63];
      *out++ = alphabet[group & 63];
    }

  if (rest != 0)
    {
      const guint8 *last = bytes + length - rest;
      guint group = (guint) last[0] << 16 | (rest == 2 ? (guint) last[1] << 8 : 0);

      *out++ = alphabet[group >> 18];
      *out++ = alphabet[group >> 12 & 63];
      *out++ = rest == 2 ? alphabet[group >> 6 & 63] : '=';
      *out++ = '=';
    }
  *out++ = '"';

  return out;
}
