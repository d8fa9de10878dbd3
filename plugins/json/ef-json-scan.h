/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

G_BEGIN_DECLS

/* How deep arrays and objects may nest. */
#define EF_JSON_MAX_DEPTH 512

/* Goes over JSON (RFC 8259, strictly) in place. The functions take where to begin and return where
 * they ended, or NULL once something is wrong, which `problem` and `at` then tell. The text is UTF-8
 * already and has no terminator. */
typedef struct
{
  const char *start;
  const char *end;
  const char *problem;
  const char *at;
} EfJsonScan;

const char *ef_json_scan_fail (EfJsonScan *self, const char *at, const char *problem);

const char *ef_json_scan_escape (EfJsonScan *self, const char *backslash);

const char *ef_json_scan_value (EfJsonScan *self, const char *p, guint depth);

const char *ef_json_scan_spaces (const EfJsonScan *self, const char *p);

static inline const char *
ef_json_scan_space (const EfJsonScan *self, const char *p)
{
  if (G_LIKELY (p < self->end && (guchar) *p > ' '))
    return p;

  return ef_json_scan_spaces (self, p);
}

/* The bytes from @p on, as a little-endian number, with zeros for those behind the end. No byte behind
 * the end is touched: near it, the last eight bytes are loaded and those before @p shifted out. */
static inline guint64
ef_json_load8 (const EfJsonScan *self, const char *p)
{
  gsize left = (gsize) (self->end - p);
  guint64 bytes = 0;

  if (G_LIKELY (left >= 8))
    {
      memcpy (&bytes, p, 8);
      return GUINT64_FROM_LE (bytes);
    }

  if (G_LIKELY (self->end - self->start >= 8 && left > 0))
    {
      memcpy (&bytes, self->end - 8, 8);
      return GUINT64_FROM_LE (bytes) >> 8 * (8 - left);
    }

  for (gsize i = 0; i < left; i++)
    bytes |= (guint64) (guchar) p[i] << 8 * i;

  return bytes;
}

/* Marks bytes of a string that are not part of it as they are: the first of them for sure, those
 * behind it perhaps wrongly. */
static inline guint64
ef_json_mark_special (guint64 bytes)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  guint64 quote = bytes ^ ones * '"', backslash = bytes ^ ones * '\\';

  return (((bytes - ones * 0x20) & ~bytes) | ((quote - ones) & ~quote)
          | ((backslash - ones) & ~backslash))
         & ones * 0x80;
}

/* From within a string to the first byte that is not part of it as it is, or to the end. */
static inline const char *
ef_json_scan_plain (const EfJsonScan *self, const char *p)
{
#ifdef __SSE2__
  /* Most strings end within these 16 bytes: a third of the time that single bytes take. */
  while (self->end - p >= 16)
    {
      __m128i bytes = _mm_loadu_si128 ((gconstpointer) p);
      __m128i control = _mm_cmpeq_epi8 (_mm_min_epu8 (bytes, _mm_set1_epi8 (0x1f)), bytes);
      __m128i quote = _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('"'));
      __m128i backslash = _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('\\'));
      guint marks
        = (guint) _mm_movemask_epi8 (_mm_or_si128 (control, _mm_or_si128 (quote, backslash)));

      if (marks != 0)
        return p + __builtin_ctz (marks);
      p += 16;
    }
#endif
  for (;;)
    {
      /* What is behind the end is zero, which is special. */
      guint64 marks = ef_json_mark_special (ef_json_load8 (self, p));

      if (marks != 0)
        return p + __builtin_ctzll (marks) / 8;
      p += 8;
    }
}

/* From behind the opening quote to the closing one. @escaped is set if there are escapes, and left
 * alone otherwise. */
static inline const char *
ef_json_scan_string (EfJsonScan *self, const char *p, gboolean *escaped)
{
  for (;;)
    {
      p = ef_json_scan_plain (self, p);

      if (G_UNLIKELY (p == self->end))
        return ef_json_scan_fail (self, p, "a string without its closing quote");
      if (G_LIKELY (*p == '"'))
        return p;
      if (G_UNLIKELY (*p != '\\'))
        return ef_json_scan_fail (self, p, "a control character within a string");

      *escaped = TRUE;
      p = ef_json_scan_escape (self, p);
      if (p == NULL)
        return NULL;
    }
}

static inline gboolean
ef_json_is_digit (char c)
{
  return (guchar) (c - '0') < 10;
}

/* Whatever is behind the 8 bytes of digits: 0 if nothing is, or a bit in the first byte that is no
 * digit, and perhaps in some behind it. @zeros is the bytes less '0' each. */
static inline guint64
ef_json_mark_non_digits (guint64 zeros)
{
  return ((zeros + G_GUINT64_CONSTANT (0x7676767676767676)) | zeros)
         & G_GUINT64_CONSTANT (0x8080808080808080);
}

/* From a digit, or what may be one, to behind the last. */
static inline const char *
ef_json_scan_digits (const EfJsonScan *self, const char *p)
{
  for (;;)
    {
      guint64 marks
        = ef_json_mark_non_digits (ef_json_load8 (self, p) ^ G_GUINT64_CONSTANT (0x3030303030303030));

      if (marks != 0)
        return p + __builtin_ctzll (marks) / 8;
      p += 8;
    }
}

/* A number that nobody asked for: only its form is looked at. */
static inline const char *
ef_json_scan_number (EfJsonScan *self, const char *p)
{
  const char *digits;

  if (*p == '-')
    p++;

  digits = p;
  p = ef_json_scan_digits (self, p);
  if (G_UNLIKELY (p == digits))
    return ef_json_scan_fail (self, p, "a number without digits");
  if (G_UNLIKELY (*digits == '0' && p - digits > 1))
    return ef_json_scan_fail (self, digits, "a number that begins with a zero too many");

  if (p < self->end && *p == '.')
    {
      digits = ++p;
      p = ef_json_scan_digits (self, p);
      if (G_UNLIKELY (p == digits))
        return ef_json_scan_fail (self, p, "a number without digits behind its point");
    }

  if (p < self->end && (*p | 0x20) == 'e')
    {
      p++;
      if (p < self->end && (*p == '+' || *p == '-'))
        p++;
      digits = p;
      p = ef_json_scan_digits (self, p);
      if (G_UNLIKELY (p == digits))
        return ef_json_scan_fail (self, p, "a number without digits in its exponent");
    }

  return p;
}

/* true, false and null, which is one comparison when the word is right. */
static inline const char *
ef_json_scan_word (EfJsonScan *self, const char *p)
{
  gsize left = (gsize) (self->end - p);

  if (left >= 4 && (memcmp (p, "true", 4) == 0 || memcmp (p, "null", 4) == 0))
    return p + 4;
  if (left >= 5 && memcmp (p, "false", 5) == 0)
    return p + 5;

  return ef_json_scan_fail (self, p, "what is no JSON value");
}

G_END_DECLS
