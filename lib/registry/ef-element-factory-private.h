/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element-factory.h"

G_BEGIN_DECLS

gboolean ef_element_factory_does_for (EfElementFactory *self, const char *key, const char *required);

gboolean ef_element_factory_is_element_key (EfElementFactory *self, const char *key);

void ef_element_factory_set_plugin_name (EfElementFactory *self, const char *plugin_name);

G_END_DECLS
