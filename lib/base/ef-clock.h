/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <glib-object.h>

#include "ef-version.h"

G_BEGIN_DECLS

#define EF_TYPE_CLOCK (ef_clock_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (EfClock, ef_clock, EF, CLOCK, GObject)

/**
 * EfClockClass:
 * @parent_class: the parent class
 * @get_time: the monotonic time in microseconds
 * @get_real_time: the wall-clock time in microseconds since the epoch
 * @create_deadline: a new, unattached source that becomes ready once @get_time reaches the deadline
 *
 * The class of clocks. Each function may be called from any thread.
 */
struct _EfClockClass
{
  GObjectClass parent_class;

  gint64 (*get_time) (EfClock *self);
  gint64 (*get_real_time) (EfClock *self);
  GSource *(*create_deadline) (EfClock *self, gint64 deadline);

  /*< private >*/
  gpointer padding[4];
};

EF_AVAILABLE_IN_1_0
EfClock *ef_clock_get_default (void);

EF_AVAILABLE_IN_1_0
gint64 ef_clock_get_time (EfClock *self);

EF_AVAILABLE_IN_1_0
gint64 ef_clock_get_real_time (EfClock *self);

EF_AVAILABLE_IN_1_0
GSource *ef_clock_create_timeout (EfClock *self, gint64 delay);

G_END_DECLS
