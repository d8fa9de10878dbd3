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

void ef_read_pace_init (EfReadPace *self, EfSocketIo *io, GMainContext *context);

void ef_read_pace_clear (EfReadPace *self);

void ef_read_pace_end_breath (EfReadPace *self);

void ef_read_pace_add (EfReadPace *self, gint64 start, gint64 end);

G_END_DECLS
