/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-read-pace-private.h"

void
ef_read_pace_init (EfReadPace *self, EfSocketIo *io, GMainContext *context)
{
  *self = (EfReadPace){ .io = io, .context = context };
}

void
ef_read_pace_clear (EfReadPace *self)
{
  ef_clear_source (&self->breath);
  self->io = NULL;
}

/* To be called when there is something to read: whoever was waiting has had the turn. */
void
ef_read_pace_end_breath (EfReadPace *self)
{
  if (G_LIKELY (self->breath == NULL))
    return;

  ef_clear_source (&self->breath);
  ef_socket_io_set_priority (self->io, G_PRIORITY_DEFAULT);
}

/* A program that keeps itself busy at a low priority must not starve the connection in turn. */
static gboolean
breath_timed_out (gpointer user_data)
{
  ef_read_pace_end_breath (user_data);

  return G_SOURCE_REMOVE;
}

static void
begin_breath (EfReadPace *self)
{
  self->breath = g_timeout_source_new (EF_READ_PACE_BREATH / 1000);
  g_source_set_static_name (self->breath, "[EventFlux] WebSocket breath");
  g_source_set_callback (self->breath, breath_timed_out, self, NULL);
  g_source_attach (self->breath, self->context);

  ef_socket_io_set_priority (self->io, G_PRIORITY_LOW);
}

/* Accounts for a round of reading, from @start to @end in monotonic microseconds. */
void
ef_read_pace_add (EfReadPace *self, gint64 start, gint64 end)
{
  self->busy += end - start;
  if (G_LIKELY (self->busy < EF_READ_PACE_BUSY))
    return;

  /* Spread over a long time it was no flood. */
  if (end - self->window_start < 2 * EF_READ_PACE_BUSY && self->breath == NULL)
    begin_breath (self);

  self->window_start = end;
  self->busy = 0;
}
