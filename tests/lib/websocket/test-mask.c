/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-mask-private.h"

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

/* Keys differ, over a refill too, and each of their bits takes both values. */
static void
test_source (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  EfMaskSource *source = ef_mask_source_get_for_thread ();
  const guint n_keys = EF_MASK_SOURCE_KEYS * 3;
  guint ones[32] = { 0 };

  g_assert_true (source == ef_mask_source_get_for_thread ());

  for (guint i = 0; i < n_keys; i++)
    {
      guint32 key = ef_mask_source_next (source);

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
  return GUINT_TO_POINTER (ef_mask_source_next (ef_mask_source_get_for_thread ()));
}

/* Threads have sources of their own. Three equal keys in three draws do not happen by chance. */
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
  g_test_add_func ("/mask/source", test_source);
  g_test_add_func ("/mask/threads", test_threads);

  return g_test_run ();
}
