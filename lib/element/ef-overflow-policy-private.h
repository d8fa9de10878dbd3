/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-overflow-policy.h"

G_BEGIN_DECLS

gint ef_overflow_policy_look_at_message (EfOverflowPolicy *self,
                                         const char *data,
                                         gsize size,
                                         guint place);

gboolean ef_overflow_policy_has_path (EfOverflowPolicy *self);

G_END_DECLS
