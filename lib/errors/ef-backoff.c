/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-backoff-private.h"

/* A @max below @initial is taken as @initial: it can only be a mistake, and the shorter wait would be
 * the ruder one. */
void
ef_backoff_init (EfBackoff *self, gint64 initial, gint64 max, int max_attempts)
{
  g_return_if_fail (initial >= 0);

  self->initial = initial;
  self->max = MAX (initial, max);
  self->max_attempts = max_attempts;
  self->attempts = 0;
}

/* Doubled by steps, as a shift would overflow after a day of failures. */
static gint64
compute_delay (const EfBackoff *self)
{
  gint64 delay = self->initial;

  for (guint i = 0; i < self->attempts && delay < self->max && delay > 0; i++)
    delay = delay > self->max / 2 ? self->max : delay * 2;

  return delay;
}

/* Sets how long to wait before the next try. %FALSE if there have been enough. */
gboolean
ef_backoff_next (EfBackoff *self, gint64 *delay)
{
  if (self->max_attempts >= 0 && self->attempts >= (guint) self->max_attempts)
    return FALSE;

  *delay = compute_delay (self);
  if (self->attempts < G_MAXUINT)
    self->attempts++;

  return TRUE;
}

/* How many tries there have been since the last reset, the one that was last granted included. */
guint
ef_backoff_get_attempts (const EfBackoff *self)
{
  return self->attempts;
}

/* It works again: the next failure begins with the first wait. */
void
ef_backoff_reset (EfBackoff *self)
{
  self->attempts = 0;
}
