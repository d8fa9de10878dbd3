/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-suggest.h"

G_BEGIN_DECLS

const char *ef_suggest_nearest (const char *word, const char *const *candidates);

G_END_DECLS
