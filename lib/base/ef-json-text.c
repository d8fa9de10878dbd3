/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Texts and bytes as JSON has them. */

#include "config.h"

#include "ef-json-text.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "ef-json-text-private.h"

/* What a byte of a text becomes within quotes: 0 stays as it is, 'u' becomes \u00XX, any other
 * follows a backslash. */
static const char escapes[256] = {
  'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n', 'u', 'f', 'r', 'u', 'u',
  'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
  ['"'] = '"', ['\\'] = '\\',
};

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

static char *
write_slowly (char *out, const char *text, const char *end)
{
  while (text < end)
    {
      if (escapes[(guchar) *text] == 0)
        *out++ = *text++;
      else
        out = write_escape (out, *text++);
    }

  return out;
}

#ifndef __SSE2__
/* Whether any of eight bytes needs an escape. A byte behind one that does may be taken for one too. */
static inline gboolean
has_escapes (guint64 bytes)
{
  guint64 quote = bytes ^ EF_JSON_ONES * '"', backslash = bytes ^ EF_JSON_ONES * '\\';

  return ((((bytes - EF_JSON_ONES * 0x20) & ~bytes) | ((quote - EF_JSON_ONES) & ~quote)
           | ((backslash - EF_JSON_ONES) & ~backslash))
          & EF_JSON_ONES * 0x80)
         != 0;
}
#endif

/* Whether any of the bytes of two words, which are all that a text of up to 16 bytes has, needs an escape.
 * Both are looked at as one vector: 11 instructions, where two words took 28. */
static inline gboolean
have_escapes (guint64 first, guint64 last)
{
#ifdef __SSE2__
  return mark_escapes (_mm_set_epi64x ((gint64) last, (gint64) first)) != 0;
#else
  return has_escapes (first) || has_escapes (last);
#endif
}

/* A text of less than 16 bytes, as most are: its two halves, which overlap, are looked at and copied at
 * once; of three bytes and less, the first one, the one in the middle and the last one. */
static inline char *
write_short (char *out, const char *text, gsize length)
{
  if (length >= 8)
    {
      guint64 first = ef_json_word_load (text), last = ef_json_word_load (text + length - 8);

      if (G_UNLIKELY (have_escapes (first, last)))
        return write_slowly (out, text, text + length);

      ef_json_word_store (out, first);
      ef_json_word_store (out + length - 8, last);
    }
  else if (length >= 4)
    {
      guint32 first, last;

      memcpy (&first, text, 4);
      memcpy (&last, text + length - 4, 4);
      if (G_UNLIKELY (have_escapes (first | (guint64) last << 32, first | (guint64) last << 32)))
        return write_slowly (out, text, text + length);

      memcpy (out, &first, 4);
      memcpy (out + length - 4, &last, 4);
    }
  else if (length > 0)
    {
      char first = text[0], middle = text[length / 2], last = text[length - 1];

      if (G_UNLIKELY ((escapes[(guchar) first] | escapes[(guchar) middle] | escapes[(guchar) last]) != 0))
        return write_slowly (out, text, text + length);

      out[0] = first;
      out[length / 2] = middle;
      out[length - 1] = last;
    }

  return out + length;
}

static char *
write_long (char *out, const char *text, gsize length)
{
#ifdef __SSE2__
  /* Sixteen bytes at a time, stored before they are looked at: the room allows it. */
  while (length >= 16)
    {
      __m128i bytes = _mm_loadu_si128 ((gconstpointer) text);
      guint marks = mark_escapes (bytes);
      guint n_plain = marks != 0 ? (guint) __builtin_ctz (marks) : 16;

      _mm_storeu_si128 ((gpointer) out, bytes);
      out += n_plain;
      text += n_plain;
      length -= n_plain;
      if (marks != 0)
        {
          out = write_escape (out, *text++);
          length--;
        }
    }
#else
  while (length >= 8)
    {
      guint64 bytes = ef_json_word_load (text);

      if (has_escapes (bytes))
        out = write_slowly (out, text, text + 8);
      else
        {
          ef_json_word_store (out, bytes);
          out += 8;
        }
      text += 8;
      length -= 8;
    }
#endif

  return write_short (out, text, length);
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
  *out++ = '"';
  out = G_LIKELY (length < 16) ? write_short (out, text, length) : write_long (out, text, length);
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
