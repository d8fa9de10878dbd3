/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-element.h"

G_BEGIN_DECLS

EF_AVAILABLE_IN_1_0
gboolean ef_element_configure (EfElement *self, GHashTable *config, GError **error);

EF_AVAILABLE_IN_1_0
gboolean ef_element_set_from_string (EfElement *self,
                                     const char *key,
                                     const char *value,
                                     GError **error);

EF_AVAILABLE_IN_1_0
char *ef_element_dup_printable_property (EfElement *self, const char *property_name);

EF_AVAILABLE_IN_1_0
gboolean ef_element_is_property_default (EfElement *self, const char *property_name);

EF_AVAILABLE_IN_1_0
char **ef_element_class_dup_config_keys (EfElementClass *klass, gboolean required);

EF_AVAILABLE_IN_1_0
gboolean ef_element_class_check_key (EfElementClass *klass, const char *key, GError **error);

G_END_DECLS
