/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Masking keys that a peer can not predict (RFC 6455, 5.3). A source is a handful of keys, as many
 * as fill a cache line with the count, out of a pool that belongs to the thread: taking them one by
 * one out of the pool would cost more than making them. Starts zeroed. */
#define EF_MASK_SOURCE_KEYS 15

typedef struct
{
  guint left; /* keys not used yet */
  guint32 keys[EF_MASK_SOURCE_KEYS];
} EfMaskSource;

void ef_mask_source_refill (EfMaskSource *source);

static inline guint32
ef_mask_source_next (EfMaskSource *source)
{
  if (G_UNLIKELY (source->left == 0))
    ef_mask_source_refill (source);

  return source->keys[--source->left];
}

#define EF_CHACHA_SEED_SIZE 32

void ef_chacha20_expand (const guint8 *seed, guint32 *out, gsize n_words);

G_END_DECLS
