/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-mask-private.h"
#include "ef-mask-source-private.h"

#include <string.h>

static void
mask_slowly (guint8 *dst, const guint8 *src, gsize len, guint32 key, gsize phase)
{
  guint8 bytes[4];

  memcpy (bytes, &key, sizeof bytes);
  for (gsize i = 0; i < len; i++)
    dst[i] = src[i] ^ bytes[(phase + i) % 4];
}

/* All lengths and alignments around the widths of the loops, in all phases, with the bytes next
 * to the range untouched. */
static void
test_ranges (void)
{
  enum
  {
    MARGIN = 32,
    MOST = 200,
    SIZE = MOST + 2 * MARGIN,
  };
  const guint32 key = 0x9c27f1e3;
  guint8 src[SIZE];
  guint8 dst[SIZE];
  guint8 expected[SIZE];

  for (gsize len = 0; len <= MOST; len++)
    for (gsize align = 0; align < 16; align++)
      for (gsize phase = 0; phase < 4; phase++)
        {
          for (gsize i = 0; i < SIZE; i++)
            src[i] = (guint8) (i * 131 + len);

          memset (dst, 0xee, SIZE);
          memset (expected, 0xee, SIZE);
          mask_slowly (expected + align, src + MARGIN - align, len, key, phase);
          ef_mask_copy (dst + align, src + MARGIN - align, len, key, phase);
          g_assert_cmpmem (dst, SIZE, expected, SIZE);

          memcpy (expected, src, SIZE);
          mask_slowly (expected + align, src + align, len, key, phase);
          ef_mask_in_place (src + align, len, key, phase);
          g_assert_cmpmem (src, SIZE, expected, SIZE);
        }
}

/* A payload masked in pieces is the payload masked at once. */
static void
test_pieces (void)
{
  guint8 whole[1000];
  guint8 pieces[1000];

  for (guint round = 0; round < 500; round++)
    {
      guint32 key = (guint32) g_test_rand_int ();

      for (gsize i = 0; i < sizeof whole; i++)
        whole[i] = pieces[i] = (guint8) g_test_rand_int ();

      ef_mask_in_place (whole, sizeof whole, key, 0);
      for (gsize i = 0, n; i < sizeof pieces; i += n)
        {
          n = (gsize) g_test_rand_int_range (0, 130);
          n = MIN (n, sizeof pieces - i);
          ef_mask_in_place (pieces + i, n, key, i);
        }
      g_assert_cmpmem (pieces, sizeof pieces, whole, sizeof whole);
    }
}

static guint8
key_stream_byte (const guint32 *words, guint block, guint i)
{
  guint32 word = words[block / 4 * 64 + i / 4 * 4 + block % 4];

  return (guint8) (word >> (i % 4 * 8));
}

/* The key stream of RFC 8439, appendix A.1, test vectors 1, 2 and 3. */
static void
test_chacha20 (void)
{
  static const struct
  {
    guint8 last_of_seed;
    guint block;
    guint8 start[16];
  } cases[] = {
    { 0,
      0,
      { 0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd,
        0x28 } },
    { 0,
      1,
      { 0x9f, 0x07, 0xe7, 0xbe, 0x55, 0x51, 0x38, 0x7a, 0x98, 0xba, 0x97, 0x7c, 0x73, 0x2d, 0x08,
        0x0d } },
    { 1,
      1,
      { 0x3a, 0xeb, 0x52, 0x24, 0xec, 0xf8, 0x49, 0x92, 0x9b, 0x9d, 0x82, 0x8d, 0xb1, 0xce, 0xd4,
        0xdd } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 seed[EF_CHACHA_SEED_SIZE] = { 0 };
      guint32 words[128];

      seed[31] = cases[i].last_of_seed;
      ef_chacha20_expand (seed, words, G_N_ELEMENTS (words));
      for (guint j = 0; j < sizeof cases[i].start; j++)
        g_assert_cmphex (key_stream_byte (words, cases[i].block, j), ==, cases[i].start[j]);

      /* Blocks after the first four are others. */
      for (guint block = 0; block < 4; block++)
        g_assert_cmpuint (words[block], !=, words[64 + block]);
    }
}

/* Keys differ, over refills of the pool too, and each of their bits takes both values. */
static void
test_source (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  EfMaskSource source = { 0 };
  const guint n_keys = 5000;
  guint ones[32] = { 0 };

  for (guint i = 0; i < n_keys; i++)
    {
      guint32 key = ef_mask_source_next (&source);

      g_hash_table_add (seen, GUINT_TO_POINTER (key));
      for (guint bit = 0; bit < 32; bit++)
        ones[bit] += (key >> bit) & 1;
    }

  g_assert_cmpuint (g_hash_table_size (seen), >, n_keys - 16);
  for (guint bit = 0; bit < 32; bit++)
    {
      g_assert_cmpuint (ones[bit], >, n_keys / 4);
      g_assert_cmpuint (ones[bit], <, n_keys / 4 * 3);
    }
}

static gpointer
first_key (gpointer data)
{
  EfMaskSource source = { 0 };

  return GUINT_TO_POINTER (ef_mask_source_next (&source));
}

/* Threads have pools of their own. Three equal keys in three draws do not happen by chance. */
static void
test_threads (void)
{
  gpointer keys[3];

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    keys[i] = g_thread_join (g_thread_new ("keys", first_key, NULL));

  g_assert_false (keys[0] == keys[1] && keys[1] == keys[2]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mask/ranges", test_ranges);
  g_test_add_func ("/mask/pieces", test_pieces);
  g_test_add_func ("/mask/chacha20", test_chacha20);
  g_test_add_func ("/mask/source", test_source);
  g_test_add_func ("/mask/threads", test_threads);

  return g_test_run ();
}
