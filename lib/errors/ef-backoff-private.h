/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The waits between tries: the first one, twice as long, four times as long, and so on to the longest,
 * for a number of tries after the first failure. Times are in the unit that the caller chose. */
typedef struct
{
  gint64 initial;
  gint64 max;
  int max_attempts;  /* negative: without end */
  guint attempts;    /* taken since the last reset */
} EfBackoff;

void ef_backoff_init (EfBackoff *self, gint64 initial, gint64 max, int max_attempts);

gboolean ef_backoff_next (EfBackoff *self, gint64 *delay);

guint ef_backoff_get_attempts (const EfBackoff *self);

void ef_backoff_reset (EfBackoff *self);

G_END_DECLS
