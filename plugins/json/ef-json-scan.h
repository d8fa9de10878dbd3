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

static inline const char *
ef_json_scan_space (const EfJsonScan *self, const char *p)
{
  while (p < self->end && (guchar) *p <= ' ' && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
    p++;

  return p;
}

/* Whether a byte of a string is part of it as it is. */
static inline gboolean
ef_json_is_plain (char c)
{
  return c != '"' && c != '\\' && (guchar) c >= 0x20;
}

/* From behind the opening quote to the closing one. @escaped is set if there are escapes, and left
 * alone otherwise. */
static inline const char *
ef_json_scan_string (EfJsonScan *self, const char *p, gboolean *escaped)
{
  for (;;)
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
            {
              p += __builtin_ctz (marks);
              break;
            }
          p += 16;
        }
#endif
      while (p < self->end && ef_json_is_plain (*p))
        p++;

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

static inline guint64
ef_json_load8 (const char *p)
{
  guint64 bytes;

  memcpy (&bytes, p, sizeof bytes);

  return GUINT64_FROM_LE (bytes);
}

/* Whether all of eight bytes are digits: 0x30 to 0x39 have a high half of 3, and still do when 6 is
 * added. */
static inline gboolean
ef_json_are_digits (guint64 bytes)
{
  return ((bytes & (bytes + G_GUINT64_CONSTANT (0x0606060606060606)))
          & G_GUINT64_CONSTANT (0xf0f0f0f0f0f0f0f0))
         == G_GUINT64_CONSTANT (0x3030303030303030);
}

static inline const char *
ef_json_scan_digits (const EfJsonScan *self, const char *p)
{
  while (self->end - p >= 8 && ef_json_are_digits (ef_json_load8 (p)))
    p += 8;
  while (p < self->end && ef_json_is_digit (*p))
    p++;

  return p;
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
