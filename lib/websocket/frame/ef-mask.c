/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-mask-private.h"

#include <string.h>

/* Sixteen bytes that the compiler keeps in one vector register, whatever the machine. */
typedef guint64 Vector __attribute__ ((vector_size (16)));

static inline Vector
load_vector (const guint8 *p)
{
  Vector vector;

  memcpy (&vector, p, sizeof vector);
  return vector;
}

static inline void
store_vector (guint8 *p, Vector vector)
{
  memcpy (p, &vector, sizeof vector);
}

static inline guint64
load64 (const guint8 *p)
{
  guint64 word;

  memcpy (&word, p, sizeof word);
  return word;
}

static inline guint32
load32 (const guint8 *p)
{
  guint32 word;

  memcpy (&word, p, sizeof word);
  return word;
}

/* The key as it lies on the wire from its byte @phase on. */
static inline guint32
rotate_key (guint32 key, gsize phase)
{
  guint bits = 8 * (guint) (phase & 3);

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  return bits == 0 ? key : (key >> bits) | (key << (32 - bits));
#else
  return bits == 0 ? key : (key << bits) | (key >> (32 - bits));
#endif
}

static inline guint64
widen (guint32 key)
{
  return (guint64) key << 32 | key;
}

/* At most 15 bytes: two words that overlap, read before either is written. */
static inline void
mask_short (guint8 *dst, const guint8 *src, gsize len, guint32 key)
{
  if (len >= 8)
    {
      guint64 first = load64 (src) ^ widen (key);
      guint64 last = load64 (src + len - 8) ^ widen (rotate_key (key, len));

      memcpy (dst, &first, sizeof first);
      memcpy (dst + len - 8, &last, sizeof last);
    }
  else if (len >= 4)
    {
      guint32 first = load32 (src) ^ key;
      guint32 last = load32 (src + len - 4) ^ rotate_key (key, len);

      memcpy (dst, &first, sizeof first);
      memcpy (dst + len - 4, &last, sizeof last);
    }
  else
    {
      guint8 bytes[4];

      memcpy (bytes, &key, sizeof bytes);
      for (gsize i = 0; i < len; i++)
        dst[i] = src[i] ^ bytes[i];
    }
}

void
ef_mask_copy (guint8 *dst, const guint8 *src, gsize len, guint32 key, gsize phase)
{
  key = rotate_key (key, phase);

  if (len < 16)
    {
      mask_short (dst, src, len, key);
      return;
    }

  Vector mask = { widen (key), widen (key) };
  guint64 tail_key = widen (rotate_key (key, len));
  Vector tail_mask = { tail_key, tail_key };

  /* The last sixteen bytes overlap the loop's. They are read before it, as it may overwrite
   * them, and written after it: no loop over single bytes, whatever the length. */
  Vector tail = load_vector (src + len - 16) ^ tail_mask;
  gsize i = 0;

  for (; len - i >= 64; i += 64)
    {
      Vector a = load_vector (src + i) ^ mask;
      Vector b = load_vector (src + i + 16) ^ mask;
      Vector c = load_vector (src + i + 32) ^ mask;
      Vector d = load_vector (src + i + 48) ^ mask;

      store_vector (dst + i, a);
      store_vector (dst + i + 16, b);
      store_vector (dst + i + 32, c);
      store_vector (dst + i + 48, d);
    }

  for (; len - i >= 16; i += 16)
    store_vector (dst + i, load_vector (src + i) ^ mask);

  store_vector (dst + len - 16, tail);
}
