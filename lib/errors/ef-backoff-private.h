/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-error-policy.h"

G_BEGIN_DECLS

/* The waits between tries, for a number of tries after the first failure. Unless told otherwise each is
 * twice as long as the one before it, up to the longest. Times are in the unit that the caller chose. */
typedef struct
{
  gint64 initial;
  gint64 max;
  int max_attempts;  /* negative: without end */
  EfBackoffKind kind;
  double jitter;     /* the share of a wait, from 0 to 1, by which chance makes it longer or shorter */
  guint attempts;    /* taken since the last reset */
} EfBackoff;

void ef_backoff_init (EfBackoff *self, gint64 initial, gint64 max, int max_attempts);

void ef_backoff_set_kind (EfBackoff *self, EfBackoffKind kind);

void ef_backoff_set_jitter (EfBackoff *self, double jitter);

gboolean ef_backoff_next (EfBackoff *self, gint64 *delay);

guint ef_backoff_get_attempts (const EfBackoff *self);

void ef_backoff_reset (EfBackoff *self);

G_END_DECLS
