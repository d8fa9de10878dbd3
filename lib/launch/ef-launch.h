/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-pipeline.h"

G_BEGIN_DECLS

EF_AVAILABLE_IN_1_0
EfPipelineSpec *ef_pipeline_spec_new_from_description (const char *description, GError **error);

EF_AVAILABLE_IN_1_0
EfPipeline *ef_pipeline_new_from_description (const char *description,
                                              EfContext *context,
                                              GError **error);

EF_AVAILABLE_IN_1_0
char *ef_pipeline_description_join (const char *const *words);

G_END_DECLS
