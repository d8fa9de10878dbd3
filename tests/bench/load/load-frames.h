/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <bench-frame.h>

/* Whole frames laid end to end, ready for one large write, which are sent over and over. */
typedef struct
{
  GByteArray *bytes;
  GArray *ends; /* gsize: where each frame ends */
  guint payload_size;
  guint64 next_sequence;
} LoadFrames;

LoadFrames *load_frames_new_filled (guint payload_size, gboolean masked);
LoadFrames *load_frames_new_from_lines (const char *path, gboolean masked);
void load_frames_free (LoadFrames *frames);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LoadFrames, load_frames_free)

void load_frames_number (LoadFrames *frames);
gsize load_frames_size_of (LoadFrames *frames, guint64 n_messages, guint *taken);
