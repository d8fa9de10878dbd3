/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A masking key is held as its four bytes lie on the wire (RFC 6455, 5.3). The phase is the
 * number of payload bytes that came before @src. @dst and @src are the same or do not overlap. */
void ef_mask_copy (guint8 *dst, const guint8 *src, gsize len, guint32 key, gsize phase);

static inline void
ef_mask_in_place (guint8 *data, gsize len, guint32 key, gsize phase)
{
  ef_mask_copy (data, data, len, key, phase);
}

/* Keys that a peer can not predict, drawn from the kernel in bulk. */
#define EF_MASK_SOURCE_KEYS 1024

typedef struct
{
  guint left; /* keys not used yet; starts at 0 */
  guint32 keys[EF_MASK_SOURCE_KEYS];
} EfMaskSource;

void ef_mask_source_refill (EfMaskSource *source);

EfMaskSource *ef_mask_source_get_for_thread (void);

static inline guint32
ef_mask_source_next (EfMaskSource *source)
{
  if (G_UNLIKELY (source->left == 0))
    ef_mask_source_refill (source);

  return source->keys[--source->left];
}

G_END_DECLS
