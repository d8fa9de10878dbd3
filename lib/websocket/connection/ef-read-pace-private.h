/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-socket-io-private.h"

G_BEGIN_DECLS

/* Keeps a flood of messages from starving what has a lower priority on the same context, such as a
 * user interface that is to be drawn.
 *
 * Reading has the default priority, and while there is always more to read, nothing below that ever
 * gets its turn. So when most of the time went into reading for a while, the connection steps back
 * behind everything else once, for no longer than EF_READ_PACE_BREATH. */
typedef struct
{
  gint64 window_start;
  gint64 busy;
  GSource *breath;
  EfSocketIo *io;
  GMainContext *context;
} EfReadPace;

/* Microseconds of reading after which a breath is due, and how long that lasts at most. */
#define EF_READ_PACE_BUSY 8000
#define EF_READ_PACE_BREATH 2000

/* How often, and for how many microseconds, one dispatch goes on while each read fills its buffer.
 * A turn of the main loop with its poll costs an eighth of what reading 64 KiB of small messages
 * does. */
#define EF_READ_PACE_READS 4
#define EF_READ_PACE_TURN 1000

void ef_read_pace_init (EfReadPace *self, EfSocketIo *io, GMainContext *context);

void ef_read_pace_clear (EfReadPace *self);

void ef_read_pace_end_breath (EfReadPace *self);

/* Whether a dispatch that began at @start and has read so often may read again. */
static inline gboolean
ef_read_pace_allows (guint n_reads, gint64 start)
{
  return n_reads < EF_READ_PACE_READS && g_get_monotonic_time () - start < EF_READ_PACE_TURN;
}

void ef_read_pace_add (EfReadPace *self, gint64 start, gint64 end);

G_END_DECLS
