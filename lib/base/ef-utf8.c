/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-utf8-private.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#if defined(__x86_64__) && defined(__GNUC__)
#define HAVE_AVX2_PATH 1
#include <immintrin.h>
#endif

#define HIGH_BITS G_GUINT64_CONSTANT (0x8080808080808080)

/* Below this, setting up the vector check costs more than it saves. */
#define AVX2_MIN 64

static inline guint64
load64 (const guint8 *p)
{
  guint64 word;

  memcpy (&word, p, sizeof word);
  return word;
}

#if defined(__SSE2__)

static inline __m128i
load128 (const guint8 *p)
{
  return _mm_loadu_si128 ((const __m128i *) (const void *) p);
}

static inline gboolean
is_ascii_64 (const guint8 *p)
{
  __m128i low = _mm_or_si128 (load128 (p), load128 (p + 16));
  __m128i high = _mm_or_si128 (load128 (p + 32), load128 (p + 48));

  return _mm_movemask_epi8 (_mm_or_si128 (low, high)) == 0;
}

static inline gboolean
is_ascii_16 (const guint8 *p)
{
  return _mm_movemask_epi8 (load128 (p)) == 0;
}

#else

static inline gboolean
is_ascii_16 (const guint8 *p)
{
  return ((load64 (p) | load64 (p + 8)) & HIGH_BITS) == 0;
}

static inline gboolean
is_ascii_64 (const guint8 *p)
{
  return is_ascii_16 (p) && is_ascii_16 (p + 16) && is_ascii_16 (p + 32) && is_ascii_16 (p + 48);
}

#endif

/* How many of the first bytes are ASCII for certain; all of them if @len is returned. */
static inline gsize
ascii_run (const guint8 *data, gsize len)
{
  gsize i = 0;

  for (; len - i >= 64; i += 64)
    if (!is_ascii_64 (data + i))
      return i;

  for (; len - i >= 16; i += 16)
    if (!is_ascii_16 (data + i))
      return i;

  if (i == len)
    return len;

  /* The rest overlaps what was seen already: one load in place of up to fifteen. */
  if (len >= 16)
    return is_ascii_16 (data + len - 16) ? len : i;
  if (len >= 8)
    return ((load64 (data) | load64 (data + len - 8)) & HIGH_BITS) == 0 ? len : 0;

  while (i < len && data[i] < 0x80)
    i++;
  return i;
}

/* Takes one byte; FALSE if it can not stand here. */
static inline gboolean
step (EfUtf8 *utf8, guint8 byte)
{
  if (utf8->missing > 0)
    {
      if (byte < utf8->lowest || byte > utf8->highest)
        return FALSE;

      utf8->missing--;
      utf8->lowest = 0x80;
      utf8->highest = 0xbf;
      return TRUE;
    }

  if (byte < 0x80)
    return TRUE;
  if (byte < 0xc2 || byte > 0xf4)
    return FALSE;

  /* The second byte alone decides whether a form is overlong, a surrogate or too large. */
  utf8->missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  utf8->lowest = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
  utf8->highest = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
  return TRUE;
}

#ifdef HAVE_AVX2_PATH

/* The vector check classifies each pair of neighbouring bytes by three table look-ups of four bits
 * each (D. Lemire and J. Keiser, “Validating UTF-8 in less than one instruction per byte”, 2021).
 * A pair is bad when one of these bits is set in all three answers. */
enum
{
  TOO_SHORT = 1 << 0,      /* lead byte, then no continuation */
  TOO_LONG = 1 << 1,       /* ASCII, then a continuation */
  OVERLONG_3 = 1 << 2,     /* e0, then 80..9f */
  TOO_LARGE = 1 << 3,      /* f4, then 90..bf, or f5..ff, then 90..bf */
  SURROGATE = 1 << 4,      /* ed, then a0..bf */
  OVERLONG_2 = 1 << 5,     /* c0 or c1, then a continuation */
  OVERLONG_4 = 1 << 6,     /* f0, then 80..8f */
  TOO_LARGE_1000 = 1 << 6, /* f5..ff, then 80..8f */
  TWO_CONTS = 1 << 7,      /* two continuations: fine only inside longer characters */
  CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS,
};

#define REPEAT_16(...)                                                                             \
  {                                                                                                \
    __VA_ARGS__, __VA_ARGS__                                                                       \
  }

static const gint8 first_high[32] = REPEAT_16 (TOO_LONG,
                                               TOO_LONG,
                                               TOO_LONG,
                                               TOO_LONG,
                                               TOO_LONG,
                                               TOO_LONG,
                                               TOO_LONG,
                                               TOO_LONG,
                                               (gint8) TWO_CONTS,
                                               (gint8) TWO_CONTS,
                                               (gint8) TWO_CONTS,
                                               (gint8) TWO_CONTS,
                                               TOO_SHORT | OVERLONG_2,
                                               TOO_SHORT,
                                               TOO_SHORT | OVERLONG_3 | SURROGATE,
                                               TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4);

#define LOW_LARGE (gint8) (CARRY | TOO_LARGE | TOO_LARGE_1000)

static const gint8 first_low[32] =
  REPEAT_16 ((gint8) (CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4),
             (gint8) (CARRY | OVERLONG_2),
             (gint8) CARRY,
             (gint8) CARRY,
             (gint8) (CARRY | TOO_LARGE),
             LOW_LARGE,
             LOW_LARGE,
             LOW_LARGE,
             LOW_LARGE,
             LOW_LARGE,
             LOW_LARGE,
             LOW_LARGE,
             LOW_LARGE,
             (gint8) (CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE),
             LOW_LARGE,
             LOW_LARGE);

#define CONT_COMMON (TOO_LONG | OVERLONG_2 | TWO_CONTS)

static const gint8 second_high[32] =
  REPEAT_16 (TOO_SHORT,
             TOO_SHORT,
             TOO_SHORT,
             TOO_SHORT,
             TOO_SHORT,
             TOO_SHORT,
             TOO_SHORT,
             TOO_SHORT,
             (gint8) (CONT_COMMON | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4),
             (gint8) (CONT_COMMON | OVERLONG_3 | TOO_LARGE),
             (gint8) (CONT_COMMON | SURROGATE | TOO_LARGE),
             (gint8) (CONT_COMMON | SURROGATE | TOO_LARGE),
             TOO_SHORT,
             TOO_SHORT,
             TOO_SHORT,
             TOO_SHORT);

/* The bytes of @current, moved up by @n, with the last @n of @previous before them. */
#define SHIFT_IN(current, previous, n)                                                             \
  _mm256_alignr_epi8 (current, _mm256_permute2x128_si256 (previous, current, 0x21), 16 - (n))

__attribute__ ((target ("avx2"))) static inline __m256i
find_errors (__m256i current, __m256i previous)
{
  const __m256i nibble = _mm256_set1_epi8 (0x0f);
  const __m256i table_1h = _mm256_loadu_si256 ((const __m256i *) (const void *) first_high);
  const __m256i table_1l = _mm256_loadu_si256 ((const __m256i *) (const void *) first_low);
  const __m256i table_2h = _mm256_loadu_si256 ((const __m256i *) (const void *) second_high);

  __m256i first = SHIFT_IN (current, previous, 1);
  __m256i first_4 = _mm256_and_si256 (_mm256_srli_epi16 (first, 4), nibble);
  __m256i second_4 = _mm256_and_si256 (_mm256_srli_epi16 (current, 4), nibble);
  __m256i special = _mm256_and_si256 (
    _mm256_and_si256 (_mm256_shuffle_epi8 (table_1h, first_4),
                      _mm256_shuffle_epi8 (table_1l, _mm256_and_si256 (first, nibble))),
    _mm256_shuffle_epi8 (table_2h, second_4));

  /* Bit 7 where the byte must be the third or fourth of a character: there, and only there, two
   * continuations in a row are right. */
  __m256i third = _mm256_subs_epu8 (SHIFT_IN (current, previous, 2), _mm256_set1_epi8 (0x60));
  __m256i fourth = _mm256_subs_epu8 (SHIFT_IN (current, previous, 3), _mm256_set1_epi8 (0x70));
  __m256i must_continue =
    _mm256_and_si256 (_mm256_or_si256 (third, fourth), _mm256_set1_epi8 ((gint8) 0x80));

  return _mm256_xor_si256 (must_continue, special);
}

/* Checks blocks of 32 bytes from a character's start on. Returns how many bytes are good; that
 * count ends where a character ends, and the byte at fault, if any, is left to the caller. */
__attribute__ ((target ("avx2"))) static gsize
avx2_run (const guint8 *data, gsize len)
{
  __m256i previous = _mm256_setzero_si256 ();
  gsize i = 0;

  for (; len - i >= 32; i += 32)
    {
      __m256i current = _mm256_loadu_si256 ((const __m256i *) (const void *) (data + i));
      __m256i errors = find_errors (current, previous);

      if (!_mm256_testz_si256 (errors, errors))
        break;
      previous = current;
    }

  /* A character may reach over the end of the last good block: step back to its first byte. */
  for (gsize back = 1; back <= 3 && back <= i; back++)
    if (data[i - back] >= 0xc0)
      {
        guint8 lead = data[i - back];
        gsize size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

        return size > back ? i - back : i;
      }

  return i;
}

#endif

/* Byte by byte from wherever @utf8 is; eight at a time over ASCII in between. */
static gsize
scalar_run (EfUtf8 *utf8, const guint8 *data, gsize len)
{
  EfUtf8 state = *utf8; /* in registers: twice as fast */
  gsize i = 0;

  while (i < len)
    {
      if (state.missing == 0 && len - i >= 8 && (load64 (data + i) & HIGH_BITS) == 0)
        i += 8;
      else if (step (&state, data[i]))
        i++;
      else
        break;
    }

  *utf8 = state;
  return i;
}

/* Checks the next piece of the text. Returns @len if it is good so far, else the offset of the
 * first byte that can not be there; no more must be fed then. */
gsize
ef_utf8_feed (EfUtf8 *utf8, const guint8 *data, gsize len)
{
  gsize i = 0;

  while (utf8->missing > 0 && i < len)
    {
      if (!step (utf8, data[i]))
        return i;
      i++;
    }

  i += ascii_run (data + i, len - i);
  if (i == len)
    return len;

#ifdef HAVE_AVX2_PATH
  if (len - i >= AVX2_MIN && __builtin_cpu_supports ("avx2"))
    i += avx2_run (data + i, len - i);
#endif

  return i + scalar_run (utf8, data + i, len - i);
}

/* Whether @data is a whole text of valid UTF-8. */
gboolean
ef_utf8_is_valid (const guint8 *data, gsize len)
{
  EfUtf8 utf8 = EF_UTF8_INIT;

  return ascii_run (data, len) == len ||
         (ef_utf8_feed (&utf8, data, len) == len && ef_utf8_is_complete (&utf8));
}

/**
 * ef_utf8_validate:
 * @data: (array length=length) (element-type guint8): a text
 * @length: its length in bytes
 * @bad_at: (out) (optional): return location for where it is wrong: the first byte that can not stand
 *   where it does, or @length if the text ends within a character
 *
 * Tells whether a text is UTF-8 (RFC 3629). Unlike [func@GLib.utf8_validate] it takes nul for the
 * character that it is.
 *
 * Returns: %TRUE if it is, in which case @bad_at is not set
 */
gboolean
ef_utf8_validate (gconstpointer data, gsize length, gsize *bad_at)
{
  EfUtf8 utf8 = EF_UTF8_INIT;

  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  if (ef_utf8_is_valid (data, length))
    return TRUE;

  if (bad_at != NULL)
    *bad_at = ef_utf8_feed (&utf8, data, length);

  return FALSE;
}
