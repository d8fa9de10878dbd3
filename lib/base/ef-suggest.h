/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <glib.h>

#include "ef-version.h"

G_BEGIN_DECLS

EF_AVAILABLE_IN_1_0
char *ef_suggest_hint (const char *word, const char *const *candidates);

G_END_DECLS
