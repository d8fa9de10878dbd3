/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-message.h"

G_BEGIN_DECLS

#define EF_TYPE_BUS (ef_bus_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (EfBus, ef_bus, EF, BUS, GObject)

EF_AVAILABLE_IN_1_0
EfBus *ef_bus_new (void);

EF_AVAILABLE_IN_1_0
void ef_bus_post (EfBus *self, EfMessage *message);

G_END_DECLS
