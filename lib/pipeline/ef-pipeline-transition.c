/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-pipeline-transition-private.h"

#include "ef-pipeline-call-private.h"
#include "ef-pipeline-private.h"

/* Carries out a plan, step after step. The elements of a step change at the same time, each in its
 * own context; the first failure cancels what the others of the step are at. */
struct _EfPipelineTransition
{
  EfPipeline *pipeline;
  GPtrArray *plan;
  EfPipelineTransitionFunc done;
  GCancellable *cancellable;
  GSource *drain_timeout;

  guint next_step;
  guint n_pending; /* of the step that is under way */
  gboolean up;
  gboolean advancing; /* a loop over the steps is on the stack */

  GError *error;
  EfElement *failed;
};

static void advance (EfPipelineTransition *self);

void
ef_pipeline_transition_free (EfPipelineTransition *self)
{
  g_assert (self->drain_timeout == NULL);

  g_clear_error (&self->error);
  g_clear_object (&self->failed);
  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->plan);
  g_object_unref (self->pipeline);
  g_free (self);
}

/* The first failure is the one that is told. What a cancellation brings is none. */
void
ef_pipeline_transition_fail (EfPipelineTransition *self, EfElement *element, const GError *error)
{
  if (self->error != NULL || !self->up || g_cancellable_is_cancelled (self->cancellable))
    return;

  self->error = g_error_copy (error);
  g_set_object (&self->failed, element);
  g_cancellable_cancel (self->cancellable);
}

/* A way up that is no longer wanted ends with %G_IO_ERROR_CANCELLED. May be called from any thread.
 * */
void
ef_pipeline_transition_cancel (EfPipelineTransition *self)
{
  g_cancellable_cancel (self->cancellable);
}

GCancellable *
ef_pipeline_transition_get_cancellable (EfPipelineTransition *self)
{
  return self->cancellable;
}

const GError *
ef_pipeline_transition_get_error (EfPipelineTransition *self, EfElement **failed)
{
  if (failed != NULL)
    *failed = self->failed;

  return self->error;
}

gboolean
ef_pipeline_transition_is_up (EfPipelineTransition *self)
{
  return self->up;
}

static void
one_done (EfPipelineTransition *self, EfElement *element, const GError *error)
{
  if (error != NULL)
    ef_pipeline_transition_fail (self, element, error);

  if (--self->n_pending == 0)
    advance (self);
}

static void
on_state_set (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  ef_element_set_state_finish (EF_ELEMENT (object), result, &error);
  one_done (user_data, EF_ELEMENT (object), error);
}

static void
on_called (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfPipelineTransition *self = user_data;

  ef_pipeline_call_finish (EF_ELEMENT (object), result, NULL);
  one_done (self, EF_ELEMENT (object), NULL);
}

static void
set_state (EfPipelineTransition *self, EfElement *element, EfState state)
{
  EfState present = ef_element_get_state (element);

  if (self->up ? present >= state : present <= state)
    return;

  self->n_pending++;
  ef_element_set_state_async (element, state, self->up ? self->cancellable : NULL, on_state_set,
                              self);
}

static void
call_nothing (EfElement *element, GCancellable *cancellable, EfPipelineCall *call)
{
  ef_pipeline_call_return (call, NULL);
}

static void
on_drained (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!ef_thread_boundary_drain_finish (EF_THREAD_BOUNDARY (object), result, &error))
    g_debug ("%s is not drained: %s", ef_element_get_name (EF_ELEMENT (object)), error->message);

  ef_pipeline_call_return (user_data, NULL);
}

static void
call_drain (EfElement *element, GCancellable *cancellable, EfPipelineCall *call)
{
  ef_thread_boundary_drain_async (EF_THREAD_BOUNDARY (element), cancellable, on_drained, call);
}

static void
start_thread (EfPipelineTransition *self, EfElement *element)
{
  if (g_hash_table_add (self->pipeline->threads, element))
    ef_thread_boundary_start (EF_THREAD_BOUNDARY (element));
}

static void
on_thread_idle (GObject *object, GAsyncResult *result, gpointer user_data)
{
  ef_thread_boundary_stop (EF_THREAD_BOUNDARY (object));
  on_called (object, result, user_data);
}

/* The thread behind has let go of the elements that lived in it once it comes to a call. Only then
 * it is stopped: who frees the elements later is alone with them. */
static void
stop_thread (EfPipelineTransition *self, EfElement *element)
{
  GMainContext *behind = ef_thread_boundary_get_context (EF_THREAD_BOUNDARY (element));

  if (!g_hash_table_remove (self->pipeline->threads, element))
    return;

  self->n_pending++;
  ef_pipeline_call_async (element, behind, call_nothing, NULL, on_thread_idle, self);
}

static gboolean
on_drain_timeout (gpointer user_data)
{
  EfPipelineTransition *self = user_data;

  g_clear_pointer (&self->drain_timeout, g_source_unref);
  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

/* All boundaries together have the time. */
static void
drain (EfPipelineTransition *self, EfElement *element)
{
  if (ef_element_get_state (element) != EF_STATE_PLAYING ||
      g_cancellable_is_cancelled (self->cancellable))
    return;

  if (self->drain_timeout == NULL)
    {
      self->drain_timeout = g_timeout_source_new (self->pipeline->drain_timeout_ms);
      g_source_set_static_name (self->drain_timeout, "[EventFlux] drain timeout");
      g_source_set_callback (self->drain_timeout, on_drain_timeout, self, NULL);
      g_source_attach (self->drain_timeout, self->pipeline->context);
    }

  self->n_pending++;
  ef_pipeline_call_async (element, ef_element_get_context (element), call_drain, self->cancellable,
                          on_called, self);
}

static void
run_step (EfPipelineTransition *self, EfPipelineStep *step)
{
  if (step->action == EF_PIPELINE_ARRIVE)
    ef_pipeline_arrive (self->pipeline, step->state, self->up);

  for (guint i = 0; i < step->elements->len; i++)
    {
      EfElement *element = g_ptr_array_index (step->elements, i);

      switch (step->action)
        {
        case EF_PIPELINE_SET_STATE:
          set_state (self, element, step->state);
          break;
        case EF_PIPELINE_START_THREADS:
          start_thread (self, element);
          break;
        case EF_PIPELINE_STOP_THREADS:
          stop_thread (self, element);
          break;
        case EF_PIPELINE_DRAIN:
          drain (self, element);
          break;
        case EF_PIPELINE_ARRIVE:
        default:
          g_assert_not_reached ();
        }
    }
}

static gboolean
is_over (EfPipelineTransition *self)
{
  if (self->up && self->error == NULL && g_cancellable_is_cancelled (self->cancellable))
    self->error =
      g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "the pipeline was stopped on its way up");

  return self->error != NULL || self->next_step == self->plan->len;
}

/* Takes steps until one has to wait. A step whose parts all end at once is no step of recursion. */
static void
advance (EfPipelineTransition *self)
{
  GMainContext *context = self->pipeline->context;

  if (self->advancing)
    return;

  /* What begins here has to come back here, also if who iterates the context has another default.
   * */
  g_main_context_push_thread_default (context);
  self->advancing = TRUE;
  while (self->n_pending == 0 && !is_over (self))
    {
      self->n_pending = 1;
      run_step (self, g_ptr_array_index (self->plan, self->next_step++));
      self->n_pending--;
    }
  self->advancing = FALSE;
  g_main_context_pop_thread_default (context);

  if (self->n_pending > 0)
    return;

  ef_clear_source (&self->drain_timeout);
  self->done (self, self->pipeline);
}

static gboolean
on_start (gpointer user_data)
{
  advance (user_data);

  return G_SOURCE_REMOVE;
}

/* Begins to carry out @plan, which it takes, from a dispatch of the pipeline's context. @done frees
 * the transition. */
EfPipelineTransition *
ef_pipeline_transition_start (EfPipeline *pipeline,
                              GPtrArray *plan,
                              gboolean up,
                              EfPipelineTransitionFunc done)
{
  EfPipelineTransition *self = g_new0 (EfPipelineTransition, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  self->pipeline = g_object_ref (pipeline);
  self->plan = plan;
  self->up = up;
  self->done = done;
  self->cancellable = g_cancellable_new ();

  g_source_set_static_name (source, "[EventFlux] change of a pipeline's state");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_start, self, NULL);
  g_source_attach (source, pipeline->context);

  return self;
}
