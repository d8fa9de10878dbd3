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

G_END_DECLS
