/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-bus.h"

G_BEGIN_DECLS

gboolean ef_bus_is_heard (EfBus *self, EfMessage *message);

G_END_DECLS
