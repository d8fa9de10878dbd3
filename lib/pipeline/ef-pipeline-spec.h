/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <glib-object.h>

#include "ef-text-location.h"

G_BEGIN_DECLS

#define EF_TYPE_PIPELINE_SPEC (ef_pipeline_spec_get_type ())

/**
 * EfPipelineSpec:
 *
 * What a pipeline is to be made of: elements with their properties, and the links between them.
 *
 * A spec is data: no element exists yet, no name has been looked up, and no value has been resolved,
 * so a spec holds no secret but those that its author wrote into it. The languages that describe
 * pipelines are parsed to a spec, which [ctor@EventFlux.Pipeline.new_from_spec] makes live. The
 * places in the source text go with it, for error messages.
 *
 * Elements, properties and links are counted from 0 in the order in which they were added. A spec
 * may be read from any thread once nothing is added any more.
 */
typedef struct _EfPipelineSpec EfPipelineSpec;

EF_AVAILABLE_IN_1_0
GType ef_pipeline_spec_get_type (void) G_GNUC_CONST;

EF_AVAILABLE_IN_1_0
EfPipelineSpec *ef_pipeline_spec_new (const char *text);

EF_AVAILABLE_IN_1_0
EfPipelineSpec *ef_pipeline_spec_ref (EfPipelineSpec *self);

EF_AVAILABLE_IN_1_0
void ef_pipeline_spec_unref (EfPipelineSpec *self);

EF_AVAILABLE_IN_1_0
const char *ef_pipeline_spec_get_text (EfPipelineSpec *self);

EF_AVAILABLE_IN_1_0
guint ef_pipeline_spec_add_element (EfPipelineSpec *self,
                                    const char *factory,
                                    const char *name,
                                    const EfTextLocation *location);

EF_AVAILABLE_IN_1_0
void ef_pipeline_spec_set_element_name (EfPipelineSpec *self, guint element, const char *name);

EF_AVAILABLE_IN_1_0
void ef_pipeline_spec_add_property (EfPipelineSpec *self,
                                    guint element,
                                    const char *key,
                                    const char *value,
                                    const EfTextLocation *key_location,
                                    const EfTextLocation *value_location);

EF_AVAILABLE_IN_1_0
void ef_pipeline_spec_add_link (EfPipelineSpec *self,
                                guint from,
                                const char *from_pad,
                                guint to,
                                const char *to_pad,
                                const EfTextLocation *location);

EF_AVAILABLE_IN_1_0
guint ef_pipeline_spec_get_n_elements (EfPipelineSpec *self);

EF_AVAILABLE_IN_1_0
const char *ef_pipeline_spec_get_element_factory (EfPipelineSpec *self, guint element);

EF_AVAILABLE_IN_1_0
const char *ef_pipeline_spec_get_element_name (EfPipelineSpec *self, guint element);

EF_AVAILABLE_IN_1_0
gboolean ef_pipeline_spec_has_element_name (EfPipelineSpec *self, guint element);

EF_AVAILABLE_IN_1_0
gboolean ef_pipeline_spec_find_element (EfPipelineSpec *self, const char *name, guint *element);

EF_AVAILABLE_IN_1_0
const EfTextLocation *ef_pipeline_spec_get_element_location (EfPipelineSpec *self, guint element);

EF_AVAILABLE_IN_1_0
guint ef_pipeline_spec_get_n_properties (EfPipelineSpec *self, guint element);

EF_AVAILABLE_IN_1_0
const char *ef_pipeline_spec_get_property (EfPipelineSpec *self,
                                           guint element,
                                           guint property,
                                           const char **value);

EF_AVAILABLE_IN_1_0
const EfTextLocation *ef_pipeline_spec_get_property_location (EfPipelineSpec *self,
                                                              guint element,
                                                              guint property,
                                                              const EfTextLocation **value);

EF_AVAILABLE_IN_1_0
guint ef_pipeline_spec_get_n_links (EfPipelineSpec *self);

EF_AVAILABLE_IN_1_0
void ef_pipeline_spec_get_link (EfPipelineSpec *self,
                                guint link,
                                guint *from,
                                const char **from_pad,
                                guint *to,
                                const char **to_pad);

EF_AVAILABLE_IN_1_0
const EfTextLocation *ef_pipeline_spec_get_link_location (EfPipelineSpec *self, guint link);

EF_AVAILABLE_IN_1_0
gboolean ef_pipeline_spec_equal (EfPipelineSpec *self, EfPipelineSpec *other);

EF_AVAILABLE_IN_1_0
char *ef_pipeline_spec_to_string (EfPipelineSpec *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfPipelineSpec, ef_pipeline_spec_unref)

G_END_DECLS
