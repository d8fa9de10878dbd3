/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element-factory.h"
#include "ef-plugin.h"

G_BEGIN_DECLS

EfPlugin *ef_plugin_new (const char *filename);

gboolean ef_plugin_open (EfPlugin *self, GError **error);

gboolean ef_plugin_init_elements (EfPlugin *self, GError **error);

void ef_plugin_take_error (EfPlugin *self, GError *error);

GPtrArray *ef_plugin_get_factories (EfPlugin *self);

G_END_DECLS
