/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-mask-source-private.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

/* The kernel's random bytes cost 10 ns a key here, a third of what sending a short message does,
 * and 450 ns a call. So it is asked for a seed, a new one for each thousand keys, and ChaCha20
 * (RFC 8439) makes the keys of it, four blocks at once: 5 ns a key in all. */

#define LANES  4 /* blocks made at once */
#define ROUNDS 20

/* One word of each of the four blocks. */
typedef guint32 Words __attribute__ ((vector_size (4 * LANES)));

#define POOL_KEYS 1024

G_STATIC_ASSERT (POOL_KEYS % (16 * LANES) == 0);

typedef struct
{
  guint left;
  guint32 keys[POOL_KEYS];
} Pool;

static inline Words
rotate (Words words, int bits)
{
  return (words << bits) | (words >> (32 - bits));
}

#define QUARTER_ROUND(a, b, c, d)                                                                  \
  G_STMT_START                                                                                     \
  {                                                                                                \
    a += b;                                                                                        \
    d = rotate (d ^ a, 16);                                                                        \
    c += d;                                                                                        \
    b = rotate (b ^ c, 12);                                                                        \
    a += b;                                                                                        \
    d = rotate (d ^ a, 8);                                                                         \
    c += d;                                                                                        \
    b = rotate (b ^ c, 7);                                                                         \
  }                                                                                                \
  G_STMT_END

static void
make_blocks (const Words *input, guint32 *out)
{
  Words x[16];

  memcpy (x, input, sizeof x);

  for (int round = 0; round < ROUNDS; round += 2)
    {
      QUARTER_ROUND (x[0], x[4], x[8], x[12]);
      QUARTER_ROUND (x[1], x[5], x[9], x[13]);
      QUARTER_ROUND (x[2], x[6], x[10], x[14]);
      QUARTER_ROUND (x[3], x[7], x[11], x[15]);
      QUARTER_ROUND (x[0], x[5], x[10], x[15]);
      QUARTER_ROUND (x[1], x[6], x[11], x[12]);
      QUARTER_ROUND (x[2], x[7], x[8], x[13]);
      QUARTER_ROUND (x[3], x[4], x[9], x[14]);
    }

  for (guint word = 0; word < 16; word++)
    x[word] += input[word];
  memcpy (out, x, sizeof x);
}

/* Fills @out with the key stream of @seed, for a nonce of zeros and from block 0 on: first words
 * of four blocks, second words of those, and so on, as sorting them by block would double the
 * cost. @n_words is a multiple of 64. */
void
ef_chacha20_expand (const guint8 *seed, guint32 *out, gsize n_words)
{
  static const guint32 constants[4] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
  Words input[16] = { 0 };

  for (guint word = 0; word < 12; word++)
    {
      guint32 value = constants[word & 3];

      if (word >= 4)
        {
          memcpy (&value, seed + (word - 4) * 4, sizeof value);
          value = GUINT32_FROM_LE (value);
        }
      input[word] += value;
    }

  for (guint lane = 0; lane < LANES; lane++)
    input[12][lane] = lane;

  for (gsize i = 0; i < n_words; i += 16 * LANES)
    {
      make_blocks (input, out + i);
      input[12] += LANES;
    }
}

static void
pool_refill (Pool *pool)
{
  guint8 seed[EF_CHACHA_SEED_SIZE];

  /* So few bytes come whole, or not at all if a signal came while the kernel had not gathered
   * randomness yet. A kernel without getrandom() is older than any that GLib 2.74 runs on. */
  while (getrandom (seed, sizeof seed, 0) != sizeof seed)
    if (errno != EINTR)
      g_error ("No random bytes for masking keys: %s", g_strerror (errno));

  ef_chacha20_expand (seed, pool->keys, POOL_KEYS);
  pool->left = POOL_KEYS;
}

/* The thread's own pool: 4 KiB a thread in place of 4 KiB a connection. */
static Pool *
get_pool (void)
{
  static GPrivate thread_pool = G_PRIVATE_INIT (g_free);
  Pool *pool = g_private_get (&thread_pool);

  if (G_UNLIKELY (pool == NULL))
    {
      pool = g_new0 (Pool, 1);
      g_private_set (&thread_pool, pool);
    }

  return pool;
}

void
ef_mask_source_refill (EfMaskSource *source)
{
  Pool *pool = get_pool ();

  if (pool->left < EF_MASK_SOURCE_KEYS)
    pool_refill (pool);

  pool->left -= EF_MASK_SOURCE_KEYS;
  memcpy (source->keys, pool->keys + pool->left, sizeof source->keys);
  source->left = EF_MASK_SOURCE_KEYS;
}
