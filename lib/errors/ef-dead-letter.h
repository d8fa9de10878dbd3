/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-event.h"
#include "ef-schema.h"

G_BEGIN_DECLS

EF_AVAILABLE_IN_1_0
EfSchema *ef_dead_letter_get_schema (void);

EF_AVAILABLE_IN_1_0
EfEvent *ef_dead_letter_get_original (EfEvent *letter, GError **error);

G_END_DECLS
