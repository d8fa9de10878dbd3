/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-pipeline-graph-private.h"

G_BEGIN_DECLS

/**
 * EfPipelineAction:
 * @EF_PIPELINE_SET_STATE: the elements go to the state of the step
 * @EF_PIPELINE_START_THREADS: the boundaries start their threads
 * @EF_PIPELINE_STOP_THREADS: the boundaries let their threads end
 * @EF_PIPELINE_DRAIN: what the boundaries keep goes on
 * @EF_PIPELINE_ARRIVE: the pipeline is in the state of the step
 *
 * What a step of a plan does.
 */
typedef enum
{
  EF_PIPELINE_SET_STATE,
  EF_PIPELINE_START_THREADS,
  EF_PIPELINE_STOP_THREADS,
  EF_PIPELINE_DRAIN,
  EF_PIPELINE_ARRIVE,
} EfPipelineAction;

/* What is done to several elements at the same time. The next step waits for all of them. */
typedef struct
{
  EfPipelineAction action;
  EfState state;
  GPtrArray *elements;
} EfPipelineStep;

GPtrArray *ef_pipeline_plan_up (EfPipelineGraph *graph, EfState from, EfState to);

GPtrArray *ef_pipeline_plan_down (EfPipelineGraph *graph,
                                  EfState from,
                                  EfState to,
                                  EfElement *failed);

GPtrArray *ef_pipeline_plan_threads (EfPipelineGraph *graph);

G_END_DECLS
