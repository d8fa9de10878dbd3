/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

#include "ef-frame-private.h"

G_BEGIN_DECLS

/* Frames to be sent, encoded and coalesced: frames in, bytes out, no I/O. One thread at a time.
 * What it holds is bounded by whoever appends, by means of ef_frame_writer_get_queued(). */
typedef struct _EfFrameWriter EfFrameWriter;

EfFrameWriter *ef_frame_writer_new (EfFrameRole role);

void ef_frame_writer_free (EfFrameWriter *writer);

void ef_frame_writer_append (EfFrameWriter *writer, EfOpcode opcode, gconstpointer data, gsize len);

void
ef_frame_writer_append_frame (EfFrameWriter *writer, guint8 first, gconstpointer data, gsize len);

void ef_frame_writer_append_bytes (EfFrameWriter *writer, EfOpcode opcode, GBytes *payload);

void ef_frame_writer_append_close (EfFrameWriter *writer, guint code, const char *reason);

void ef_frame_writer_append_shared (EfFrameWriter *writer, GBytes *frame);

const guint8 *ef_frame_writer_peek (EfFrameWriter *writer, gsize *len);

guint ef_frame_writer_peek_vectors (EfFrameWriter *writer, GOutputVector *vectors, guint n_vectors);

void ef_frame_writer_consume (EfFrameWriter *writer, gsize len);

gsize ef_frame_writer_get_queued (EfFrameWriter *writer);

gsize ef_frame_writer_get_memory (EfFrameWriter *writer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfFrameWriter, ef_frame_writer_free)

G_END_DECLS
