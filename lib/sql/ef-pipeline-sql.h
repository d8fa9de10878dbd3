/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-context.h"
#include "ef-pipeline-spec.h"
#include "ef-pipeline.h"

G_BEGIN_DECLS

EF_AVAILABLE_IN_1_0
gboolean ef_pipeline_text_is_sql (const char *text);

EF_AVAILABLE_IN_1_0
EfPipelineSpec *
ef_pipeline_spec_new_from_sql (const char *text, EfContext *context, GError **error);

EF_AVAILABLE_IN_1_0
EfPipeline *ef_pipeline_new_from_sql (const char *text, EfContext *context, GError **error);

G_END_DECLS
