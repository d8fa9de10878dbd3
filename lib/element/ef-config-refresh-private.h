/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"

G_BEGIN_DECLS

gboolean ef_element_refresh_config (EfElement *self, gboolean *changed, GError **error);

G_END_DECLS
