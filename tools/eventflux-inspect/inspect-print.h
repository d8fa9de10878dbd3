/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* inspect-text.c */

void inspect_print_all (EfContext *context);

void inspect_print_plugin (EfContext *context, EfPlugin *plugin);

void inspect_print_element (EfElementFactory *factory);

/* inspect-json.c */

void inspect_print_all_json (EfContext *context);

void inspect_print_plugin_json (EfContext *context, EfPlugin *plugin);

void inspect_print_element_json (EfElementFactory *factory);

G_END_DECLS
