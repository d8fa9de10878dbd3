/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-event.h"

G_BEGIN_DECLS

/* Messages as a server sends them, encoded once for all clients. */
typedef struct
{
  int ref_count;
  guint n_messages;
  GBytes *frames;
} EfFrameChunk;

gboolean ef_frame_chunk_encode (GByteArray *frames, EfEvent *event, GError **error);

EfFrameChunk *ef_frame_chunk_new (GByteArray *frames, guint n_messages);

void ef_frame_chunk_unref (EfFrameChunk *self);

G_END_DECLS
