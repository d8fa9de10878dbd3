/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"

G_BEGIN_DECLS

void ef_element_hold_for_output (EfElement *self, gboolean held);

G_END_DECLS
