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
  self->kind = EF_BACKOFF_EXPONENTIAL;
  self->jitter = 0;
  self->attempts = 0;
}

void
ef_backoff_set_kind (EfBackoff *self, EfBackoffKind kind)
{
  self->kind = kind;
}

/* So that many who failed together do not all come back together. */
void
ef_backoff_set_jitter (EfBackoff *self, double jitter)
{
  g_return_if_fail (jitter >= 0 && jitter <= 1);

  self->jitter = jitter;
}

/* Doubled by steps, as a shift would overflow after a day of failures. */
static gint64
compute_exponential (const EfBackoff *self)
{
  gint64 delay = self->initial;

  for (guint i = 0; i < self->attempts && delay < self->max && delay > 0; i++)
    delay = delay > self->max / 2 ? self->max : delay * 2;

  return delay;
}

static gint64
compute_linear (const EfBackoff *self)
{
  gint64 n = (gint64) self->attempts + 1;

  return self->initial > self->max / n ? self->max : self->initial * n;
}

static gint64
compute_delay (const EfBackoff *self)
{
  switch (self->kind)
    {
    case EF_BACKOFF_LINEAR:
      return compute_linear (self);
    case EF_BACKOFF_FIXED:
      return self->initial;
    case EF_BACKOFF_EXPONENTIAL:
    default:
      return compute_exponential (self);
    }
}

/* The longest wait stays the longest. */
static gint64
apply_jitter (const EfBackoff *self, gint64 delay)
{
  double varied;

  if (self->jitter <= 0)
    return delay;

  varied = (double) delay * g_random_double_range (1 - self->jitter, 1 + self->jitter);

  return varied >= (double) self->max ? self->max : (gint64) varied;
}

/* Sets how long to wait before the next try. %FALSE if there have been enough. */
gboolean
ef_backoff_next (EfBackoff *self, gint64 *delay)
{
  if (self->max_attempts >= 0 && self->attempts >= (guint) self->max_attempts)
    return FALSE;

  *delay = apply_jitter (self, compute_delay (self));
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
