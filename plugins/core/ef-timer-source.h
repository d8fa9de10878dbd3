/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_TIMER_SOURCE (ef_timer_source_get_type ())

G_DECLARE_FINAL_TYPE (EfTimerSource, ef_timer_source, EF, TIMER_SOURCE, EfSource)

G_END_DECLS
