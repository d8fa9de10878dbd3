/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-frame-reader-private.h"

G_BEGIN_DECLS

/* How many bytes to feed at once next, at most; 0 is taken as 1. */
typedef gsize (*EfFrameSplit) (gpointer user_data);

char *ef_frame_trace (
  EfFrameReader *reader, const guint8 *data, gsize len, EfFrameSplit split, gpointer user_data);

GByteArray *ef_frame_parse_hex (const char *hex);

gsize ef_frame_split_random (gpointer user_data);

gsize ef_frame_split_fixed (gpointer user_data);

G_END_DECLS
