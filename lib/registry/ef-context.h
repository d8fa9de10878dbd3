/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-element-factory.h"
#include "ef-plugin.h"

G_BEGIN_DECLS

#define EF_TYPE_CONTEXT (ef_context_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (EfContext, ef_context, EF, CONTEXT, GObject)

EF_AVAILABLE_IN_1_0
EfContext *ef_context_new (void);

EF_AVAILABLE_IN_1_0
EfContext *ef_context_get_default (void);

EF_AVAILABLE_IN_1_0
gboolean ef_context_load_plugin_file (EfContext *self, const char *filename, GError **error);

EF_AVAILABLE_IN_1_0
guint ef_context_load_plugin_path (EfContext *self, const char *path);

EF_AVAILABLE_IN_1_0
gboolean ef_context_add_element_factory (EfContext *self,
                                         EfElementFactory *factory,
                                         GError **error);

EF_AVAILABLE_IN_1_0
gboolean ef_context_add_source_factory (EfContext *self,
                                        const char *name,
                                        EfElementFactory *factory,
                                        GError **error);

EF_AVAILABLE_IN_1_0
gboolean ef_context_add_sink_factory (EfContext *self,
                                      const char *name,
                                      EfElementFactory *factory,
                                      GError **error);

EF_AVAILABLE_IN_1_0
EfElementFactory *ef_context_find_factory (EfContext *self, const char *name, GError **error);

EF_AVAILABLE_IN_1_0
EfElementFactory *ef_context_find_source_factory (EfContext *self,
                                                  const char *name,
                                                  GError **error);

EF_AVAILABLE_IN_1_0
EfElementFactory *ef_context_find_sink_factory (EfContext *self,
                                                const char *name,
                                                GError **error);

EF_AVAILABLE_IN_1_0
GPtrArray *ef_context_list_factories (EfContext *self);

EF_AVAILABLE_IN_1_0
GPtrArray *ef_context_list_plugins (EfContext *self);

EF_AVAILABLE_IN_1_0
EfElement *ef_context_create_element (EfContext *self,
                                      const char *factory_name,
                                      const char *name,
                                      GError **error);

G_END_DECLS
