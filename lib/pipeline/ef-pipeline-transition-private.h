/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-pipeline-plan-private.h"
#include "ef-pipeline.h"

G_BEGIN_DECLS

typedef struct _EfPipelineTransition EfPipelineTransition;

/* Called when the last step is done, or none is under way any more after one has failed. */
typedef void (*EfPipelineTransitionFunc) (EfPipelineTransition *transition, EfPipeline *pipeline);

EfPipelineTransition *ef_pipeline_transition_start (EfPipeline *pipeline,
                                                    GPtrArray *plan,
                                                    gboolean up,
                                                    EfPipelineTransitionFunc done);

void ef_pipeline_transition_free (EfPipelineTransition *self);

void ef_pipeline_transition_cancel (EfPipelineTransition *self);

void ef_pipeline_transition_fail (EfPipelineTransition *self,
                                  EfElement *element,
                                  const GError *error);

GCancellable *ef_pipeline_transition_get_cancellable (EfPipelineTransition *self);

const GError *ef_pipeline_transition_get_error (EfPipelineTransition *self, EfElement **failed);

gboolean ef_pipeline_transition_is_up (EfPipelineTransition *self);

G_END_DECLS
