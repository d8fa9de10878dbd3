/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-pipeline-plan-private.h"

/* The order in which a pipeline takes its elements up and down, as data: the steps to do one after
 * the other.
 *
 * Up: all elements are READY, with their configuration checked, before the first one connects. What
 * takes events is up before what brings them.
 *
 * Down: sources cease first, so that what is under way can drain, then what stands behind them, one
 * rank after the other, so that an element that sends on what it still has finds the next one open.
 *
 * Elements behind a boundary change state in its thread, which therefore runs from before the first
 * of them is READY until the last one is NULL. */

typedef gboolean (*NodeFilter) (const EfPipelineNode *node, guint number);

static gboolean
is_source (const EfPipelineNode *node, guint number)
{
  return !node->has_inputs;
}

static gboolean
is_no_source (const EfPipelineNode *node, guint number)
{
  return node->has_inputs;
}

static gboolean
is_sink (const EfPipelineNode *node, guint number)
{
  return node->has_inputs && !node->has_outputs;
}

static gboolean
is_transform_of_rank (const EfPipelineNode *node, guint rank)
{
  return node->has_inputs && node->has_outputs && node->rank == rank;
}

static gboolean
is_at_depth (const EfPipelineNode *node, guint depth)
{
  return node->depth == depth;
}

static gboolean
is_boundary_at_depth (const EfPipelineNode *node, guint depth)
{
  return node->depth == depth && EF_IS_THREAD_BOUNDARY (node->element);
}

static void
step_free (gpointer data)
{
  EfPipelineStep *step = data;

  g_ptr_array_unref (step->elements);
  g_free (step);
}

static EfPipelineStep *
add_step (GPtrArray *plan, EfPipelineAction action, EfState state)
{
  EfPipelineStep *step = g_new0 (EfPipelineStep, 1);

  step->action = action;
  step->state = state;
  step->elements = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (plan, step);

  return step;
}

static void
add_elements (GPtrArray *plan,
              EfPipelineGraph *graph,
              EfPipelineAction action,
              EfState state,
              NodeFilter filter,
              guint number)
{
  EfPipelineStep *step = add_step (plan, action, state);

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      EfPipelineNode *node = ef_pipeline_graph_get_node (graph, i);

      if (filter (node, number))
        g_ptr_array_add (step->elements, g_object_ref (node->element));
    }

  if (step->elements->len == 0)
    g_ptr_array_remove_index (plan, plan->len - 1);
}

static void
plan_ready (GPtrArray *plan, EfPipelineGraph *graph)
{
  for (guint depth = 0; depth < graph->n_depths; depth++)
    {
      add_elements (plan, graph, EF_PIPELINE_START_THREADS, EF_STATE_READY, is_boundary_at_depth,
                    depth);
      add_elements (plan, graph, EF_PIPELINE_SET_STATE, EF_STATE_READY, is_at_depth, depth);
    }
}

static void
plan_null (GPtrArray *plan, EfPipelineGraph *graph)
{
  for (guint depth = graph->n_depths; depth-- > 0;)
    {
      add_elements (plan, graph, EF_PIPELINE_SET_STATE, EF_STATE_NULL, is_at_depth, depth);
      add_elements (plan, graph, EF_PIPELINE_STOP_THREADS, EF_STATE_NULL, is_boundary_at_depth,
                    depth);
    }
}

static void
plan_paused (GPtrArray *plan, EfPipelineGraph *graph)
{
  add_elements (plan, graph, EF_PIPELINE_SET_STATE, EF_STATE_PAUSED, is_no_source, 0);
  add_elements (plan, graph, EF_PIPELINE_SET_STATE, EF_STATE_PAUSED, is_source, 0);
}

static void
plan_playing (GPtrArray *plan, EfPipelineGraph *graph)
{
  add_elements (plan, graph, EF_PIPELINE_SET_STATE, EF_STATE_PLAYING, is_sink, 0);
  for (guint rank = graph->n_ranks; rank-- > 0;)
    add_elements (plan, graph, EF_PIPELINE_SET_STATE, EF_STATE_PLAYING, is_transform_of_rank, rank);
  add_elements (plan, graph, EF_PIPELINE_SET_STATE, EF_STATE_PLAYING, is_source, 0);
}

/* Takes all from PLAYING or PAUSED to PAUSED or READY. */
static void
plan_cease (GPtrArray *plan, EfPipelineGraph *graph, EfState state, gboolean drain)
{
  add_elements (plan, graph, EF_PIPELINE_SET_STATE, state, is_source, 0);
  for (guint depth = 0; drain && depth < graph->n_depths; depth++)
    add_elements (plan, graph, EF_PIPELINE_DRAIN, state, is_boundary_at_depth, depth);
  for (guint rank = 0; rank < graph->n_ranks; rank++)
    add_elements (plan, graph, EF_PIPELINE_SET_STATE, state, is_transform_of_rank, rank);
  add_elements (plan, graph, EF_PIPELINE_SET_STATE, state, is_sink, 0);
}

/* The steps that have all threads run. */
GPtrArray *
ef_pipeline_plan_threads (EfPipelineGraph *graph)
{
  GPtrArray *plan = g_ptr_array_new_with_free_func (step_free);

  for (guint depth = 0; depth < graph->n_depths; depth++)
    add_elements (plan, graph, EF_PIPELINE_START_THREADS, EF_STATE_NULL, is_boundary_at_depth,
                  depth);

  return plan;
}

/* The steps from a lower state to a higher one. */
GPtrArray *
ef_pipeline_plan_up (EfPipelineGraph *graph, EfState from, EfState to)
{
  GPtrArray *plan = g_ptr_array_new_with_free_func (step_free);

  for (EfState state = from + 1; state <= to; state++)
    {
      switch (state)
        {
        case EF_STATE_READY:
          plan_ready (plan, graph);
          break;
        case EF_STATE_PAUSED:
          plan_paused (plan, graph);
          break;
        case EF_STATE_PLAYING:
          plan_playing (plan, graph);
          break;
        case EF_STATE_NULL:
        default:
          g_assert_not_reached ();
        }
      add_step (plan, EF_PIPELINE_ARRIVE, state);
    }

  return plan;
}

/* The steps from a higher state to a lower one. Elements that are down further than a step asks for
 * stay there, so a plan fits also after the way up was left in the middle. What has failed goes
 * down first, and nothing is drained: nobody is there to take it. */
GPtrArray *
ef_pipeline_plan_down (EfPipelineGraph *graph, EfState from, EfState to, EfElement *failed)
{
  GPtrArray *plan = g_ptr_array_new_with_free_func (step_free);

  if (failed != NULL && from > EF_STATE_READY)
    {
      EfPipelineStep *step = add_step (plan, EF_PIPELINE_SET_STATE, MAX (to, EF_STATE_READY));

      g_ptr_array_add (step->elements, g_object_ref (failed));
    }

  if (from > EF_STATE_READY && to <= EF_STATE_PAUSED)
    {
      EfState state = MAX (to, EF_STATE_READY);

      plan_cease (plan, graph, state,
                  from == EF_STATE_PLAYING && to < EF_STATE_PAUSED && failed == NULL);
      add_step (plan, EF_PIPELINE_ARRIVE, state);
    }

  if (to == EF_STATE_NULL)
    {
      plan_null (plan, graph);
      add_step (plan, EF_PIPELINE_ARRIVE, EF_STATE_NULL);
    }

  return plan;
}
