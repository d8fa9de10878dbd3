/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-element.h"

G_BEGIN_DECLS

/**
 * EfFactoryKind:
 * @EF_FACTORY_SOURCE: brings events from outside
 * @EF_FACTORY_TRANSFORM: makes events from events
 * @EF_FACTORY_SINK: takes events to the outside
 *
 * What the elements of a factory are for.
 */
typedef enum
{
  EF_FACTORY_SOURCE,
  EF_FACTORY_TRANSFORM,
  EF_FACTORY_SINK,
} EfFactoryKind;

#define EF_TYPE_ELEMENT_FACTORY (ef_element_factory_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (EfElementFactory, ef_element_factory, EF, ELEMENT_FACTORY, GObject)

EF_AVAILABLE_IN_1_0
EfElementFactory *ef_element_factory_new (GType element_type);

EF_AVAILABLE_IN_1_0
const char *ef_element_factory_get_name (EfElementFactory *self);

EF_AVAILABLE_IN_1_0
const char *ef_element_factory_get_extension_name (EfElementFactory *self);

EF_AVAILABLE_IN_1_0
EfFactoryKind ef_element_factory_get_kind (EfElementFactory *self);

EF_AVAILABLE_IN_1_0
const char *ef_element_factory_get_description (EfElementFactory *self);

EF_AVAILABLE_IN_1_0
const char *ef_element_factory_get_example (EfElementFactory *self);

EF_AVAILABLE_IN_1_0
GType ef_element_factory_get_element_type (EfElementFactory *self);

EF_AVAILABLE_IN_1_0
const char *ef_element_factory_get_plugin_name (EfElementFactory *self);

EF_AVAILABLE_IN_1_0
const char *const *ef_element_factory_get_supported_formats (EfElementFactory *self);

EF_AVAILABLE_IN_1_0
const char *const *ef_element_factory_get_required_parameters (EfElementFactory *self);

EF_AVAILABLE_IN_1_0
const char *const *ef_element_factory_get_optional_parameters (EfElementFactory *self);

EF_AVAILABLE_IN_1_0
EfPadContent ef_element_factory_get_sink_content (EfElementFactory *self);

EF_AVAILABLE_IN_1_0
EfPadContent ef_element_factory_get_src_content (EfElementFactory *self);

EF_AVAILABLE_IN_1_0
gboolean ef_element_factory_check_key (EfElementFactory *self, const char *key, GError **error);

EF_AVAILABLE_IN_1_0
char *ef_element_factory_dup_config_key (EfElementFactory *self, const char *property_name);

EF_AVAILABLE_IN_1_0
EfElement *ef_element_factory_create (EfElementFactory *self, const char *name);

EF_AVAILABLE_IN_1_0
EfElement *ef_element_factory_create_initialized (EfElementFactory *self,
                                                  GHashTable *config,
                                                  GError **error);

G_END_DECLS
