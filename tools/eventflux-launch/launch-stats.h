/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* Prints the figures of a pipeline. */
typedef struct _LaunchStats LaunchStats;

LaunchStats *launch_stats_new (EfPipeline *pipeline, double seconds);

void launch_stats_free (LaunchStats *self);

void launch_stats_begin (LaunchStats *self);

void launch_stats_end (LaunchStats *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LaunchStats, launch_stats_free)

G_END_DECLS
