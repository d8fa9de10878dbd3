/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The size of the buffers that connections read into and coalesce writes in: a 64 KiB message
 * with its header and a few small ones fit, so that popular size is delivered in place too. */
#define EF_READ_BUFFER_SIZE (68 * 1024)

/* A fresh round of reading wants this much room: smaller reads cost more system calls. */
#define EF_READ_BUFFER_MIN_ROOM (16 * 1024)

/* A refcounted piece of memory that received messages lie in. Any thread may ref and unref. What
 * lies in [0, used) stays as it is while anyone but the thread's cache holds a reference; only
 * the one holder that got it from ef_read_buffer_take() or _new() writes, behind that. */
typedef struct
{
  gint ref_count; /* atomic */
  gsize capacity;
  gsize used;
  guint8 *data;
} EfReadBuffer;

EfReadBuffer *ef_read_buffer_new (gsize capacity);

EfReadBuffer *ef_read_buffer_grow (EfReadBuffer *buffer, gsize capacity);

EfReadBuffer *ef_read_buffer_take (gsize min_room);

void ef_read_buffer_give (EfReadBuffer *buffer, gsize used);

EfReadBuffer *ef_read_buffer_ref (EfReadBuffer *buffer);

void ef_read_buffer_unref (EfReadBuffer *buffer);

/* Whether the caller's reference is the only one. */
static inline gboolean
ef_read_buffer_is_sole (EfReadBuffer *buffer)
{
  return g_atomic_int_get (&buffer->ref_count) == 1;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfReadBuffer, ef_read_buffer_unref)

G_END_DECLS
