/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-pipeline-private.h"

#include "ef-error.h"
#include "ef-pipeline-call-private.h"
#include "ef-validatable.h"

/* A check of all elements: each is taken to READY, which checks its configuration; those whose
 * endpoint can be tried do so, all at the same time; then all go down again. */
typedef struct
{
  EfPipeline *pipeline;
  GTask *task;
  guint n_pending;
  GPtrArray *errors; /* of GError, or NULL, for each element */
} Validation;

typedef struct
{
  Validation *validation;
  guint index;
  gboolean connectivity;
} Check;

static void
error_free (gpointer error)
{
  if (error != NULL)
    g_error_free (error);
}

static void
validation_free (gpointer data)
{
  Validation *self = data;

  g_ptr_array_unref (self->errors);
  g_free (self);
}

static EfElement *
check_get_element (Check *check)
{
  return g_ptr_array_index (check->validation->pipeline->elements, check->index);
}

/* All elements are down: tells of the first thing that is wrong, in the order of the elements. */
static void
on_down (EfPipelineTransition *transition, EfPipeline *pipeline)
{
  Validation *self = g_steal_pointer (&pipeline->validation);
  g_autoptr (GTask) task = self->task;

  pipeline->transition = NULL;

  for (guint i = 0; i < self->errors->len; i++)
    if (self->errors->pdata[i] != NULL)
      {
        g_task_return_error (task, g_steal_pointer (&self->errors->pdata[i]));
        break;
      }

  if (!g_task_had_error (task))
    g_task_return_boolean (task, TRUE);

  ef_pipeline_next_request (pipeline);
  ef_pipeline_transition_free (transition);
}

static void
one_done (Validation *self)
{
  EfPipeline *pipeline = self->pipeline;
  GPtrArray *plan;

  if (--self->n_pending > 0)
    return;

  plan = ef_pipeline_plan_down (pipeline->graph, EF_STATE_READY, EF_STATE_NULL, NULL);
  pipeline->transition = ef_pipeline_transition_start (pipeline, plan, FALSE, on_down);
}

static void
check_end (Check *check, const GError *error)
{
  Validation *self = check->validation;
  EfElement *element = check_get_element (check);
  g_autoptr (GError) located = NULL;

  if (error != NULL)
    {
      located = ef_pipeline_locate_error (self->pipeline, element, error);
      self->errors->pdata[check->index] = ef_pipeline_name_error (self->pipeline, element, error);
    }
  ef_pipeline_emit_validated (self->pipeline, element, check->connectivity,
                              located != NULL ? located : error);

  g_free (check);
  one_done (self);
}

static void
on_validated (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  ef_validatable_validate_connectivity_finish (EF_VALIDATABLE (object), result, &error);
  ef_pipeline_call_return (user_data, error);
}

static void
call_validate (EfElement *element, GCancellable *cancellable, EfPipelineCall *call)
{
  ef_validatable_validate_connectivity_async (EF_VALIDATABLE (element), cancellable, on_validated,
                                              call);
}

static void
on_called (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  ef_pipeline_call_finish (EF_ELEMENT (object), result, &error);
  check_end (user_data, error);
}

static void
on_ready (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfElement *element = EF_ELEMENT (object);
  Check *check = user_data;
  GTask *task = check->validation->task;
  GMainContext *context = check->validation->pipeline->context;
  g_autoptr (GError) error = NULL;

  if (!ef_element_set_state_finish (element, result, &error) || !EF_IS_VALIDATABLE (element))
    {
      check_end (check, error);
      return;
    }

  check->connectivity = TRUE;
  g_main_context_push_thread_default (context);
  ef_pipeline_call_async (element, ef_element_get_context (element), call_validate,
                          g_task_get_cancellable (task), on_called, check);
  g_main_context_pop_thread_default (context);
}

static void
on_threads_started (EfPipelineTransition *transition, EfPipeline *pipeline)
{
  Validation *self = pipeline->validation;

  pipeline->transition = NULL;
  g_main_context_push_thread_default (pipeline->context);

  self->n_pending = 1;
  for (guint i = 0; i < pipeline->elements->len; i++)
    {
      Check *check = g_new0 (Check, 1);

      check->validation = self;
      check->index = i;
      self->n_pending++;
      ef_element_set_state_async (check_get_element (check), EF_STATE_READY,
                                  g_task_get_cancellable (self->task), on_ready, check);
    }
  one_done (self);

  g_main_context_pop_thread_default (pipeline->context);
  ef_pipeline_transition_free (transition);
}

/**
 * ef_pipeline_validate_async:
 * @self: a pipeline in %EF_STATE_NULL
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when all elements are checked, and down again
 * @user_data: data for @callback
 *
 * Checks all elements without starting the pipeline: their configuration, and for those that are
 * [iface@EventFlux.Validatable] whether their endpoint is there. Each result is told by
 * [signal@EventFlux.Pipeline::validated].
 *
 * Calls that change the state wait for the end of the check.
 */
void
ef_pipeline_validate_async (EfPipeline *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Validation *validation;

  g_return_if_fail (EF_IS_PIPELINE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_pipeline_validate_async);
  g_task_set_check_cancellable (task, FALSE);

  if (self->state != EF_STATE_NULL || self->request != NULL || self->validation != NULL)
    {
      g_task_return_new_error (task, EF_ERROR, EF_ERROR_STATE,
                               "only a pipeline that is stopped can be checked");
      return;
    }

  if (!ef_pipeline_look_at_links (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  validation = g_new0 (Validation, 1);
  validation->pipeline = self;
  validation->errors = g_ptr_array_new_with_free_func (error_free);
  g_ptr_array_set_size (validation->errors, (int) self->elements->len);
  g_task_set_task_data (task, validation, validation_free);
  validation->task = g_steal_pointer (&task);

  self->validation = validation;
  self->transition = ef_pipeline_transition_start (self, ef_pipeline_plan_threads (self->graph),
                                                   TRUE, on_threads_started);
}

/**
 * ef_pipeline_validate_finish:
 * @self: a pipeline
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends [method@EventFlux.Pipeline.validate_async].
 *
 * Errors: %EF_ERROR_STATE if the pipeline is not stopped, %EF_ERROR_LINK as for
 * [method@EventFlux.Pipeline.start], or what is wrong with the first element that is not well, in
 * the order of the elements.
 *
 * Returns: %TRUE if nothing is wrong
 */
gboolean
ef_pipeline_validate_finish (EfPipeline *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (EF_IS_PIPELINE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (
    g_async_result_is_tagged (result, G_GNUC_EXTENSION (gpointer) ef_pipeline_validate_async),
    FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
