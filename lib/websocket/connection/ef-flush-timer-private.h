/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Decides when what was appended to a connection is written: the first of an iteration of the
 * context at once, so that a lone message does not wait, the others when the iteration is over,
 * together. */
typedef struct
{
  GMainContext *context;
  GSourceFunc func;
  gpointer user_data;
  GSource *source; /* made when it is wanted first */
  gint64 iteration;
} EfFlushTimer;

void ef_flush_timer_init (EfFlushTimer *self,
                          GMainContext *context,
                          GSourceFunc func,
                          gpointer user_data);

void ef_flush_timer_clear (EfFlushTimer *self);

gboolean ef_flush_timer_is_due (EfFlushTimer *self);

G_END_DECLS
