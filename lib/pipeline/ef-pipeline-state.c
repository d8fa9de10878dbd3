/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-pipeline-private.h"

#include "ef-error.h"

/* Who asks for a state, and what becomes of it. One request is carried out at a time. A request to
 * stop ends those before it that lead up; every other one waits for its turn. */
struct _EfPipelineRequest
{
  EfState target;
  GTask *task; /* NULL if nobody waits */
  gulong cancelled_id;
  GError *error; /* why the request failed; all is taken down before that is told */
};

static void on_transition_done (EfPipelineTransition *transition, EfPipeline *self);

static void
set_state (EfPipeline *self, EfState state)
{
  EfState old_state = self->state;
  g_autoptr (EfMessage) message = NULL;

  self->state = state;
  if (state == EF_STATE_NULL)
    g_clear_pointer (&self->graph, ef_pipeline_graph_free);

  message = ef_message_new_state_changed (G_OBJECT (self), old_state, state);
  ef_pipeline_post (self, message);
  ef_pipeline_notify_state (self);
}

/* The ends of the pipeline: its sources, and the elements that something leads into and nothing out
 * of. When each of them has told of the end, there is nothing left to come. */
static void
expect_ends (EfPipeline *self)
{
  g_hash_table_remove_all (self->unended);

  for (guint i = 0; i < self->graph->nodes->len; i++)
    {
      EfPipelineNode *node = ef_pipeline_graph_get_node (self->graph, i);

      if (!node->has_inputs || (!node->has_outputs && node->reached_from != NULL))
        g_hash_table_add (self->unended, node->element);
    }

  self->awaits_eos = g_hash_table_size (self->unended) > 0;
}

/* A short stream may be over before the pipeline is up. */
static void
tell_eos_if_ended (EfPipeline *self)
{
  g_autoptr (EfMessage) eos = NULL;

  if (!self->awaits_eos || g_hash_table_size (self->unended) > 0 || self->state != EF_STATE_PLAYING)
    return;

  self->awaits_eos = FALSE;
  eos = ef_message_new_eos (G_OBJECT (self));
  ef_pipeline_post (self, eos);
  ef_pipeline_emit_eos (self);
}

/* A plan has brought all elements to @state. */
void
ef_pipeline_arrive (EfPipeline *self, EfState state, gboolean up)
{
  if (up && state == EF_STATE_PAUSED)
    expect_ends (self);

  if (up ? state > self->state : state < self->state)
    set_state (self, state);
  else if (state == EF_STATE_NULL)
    g_clear_pointer (&self->graph, ef_pipeline_graph_free);

  tell_eos_if_ended (self);
}

/* Links may have changed since the last start. */
gboolean
ef_pipeline_look_at_links (EfPipeline *self, GError **error)
{
  EfPipelineGraph *graph = ef_pipeline_graph_new (self->elements, NULL, error);

  if (graph == NULL)
    return FALSE;

  g_clear_pointer (&self->graph, ef_pipeline_graph_free);
  self->graph = graph;
  ef_pipeline_graph_set_contexts (graph, self->context);

  return TRUE;
}

static void
request_finish (EfPipelineRequest *request, const GError *error)
{
  if (request->task != NULL)
    {
      GCancellable *cancellable = g_task_get_cancellable (request->task);

      if (request->cancelled_id != 0)
        g_cancellable_disconnect (cancellable, request->cancelled_id);

      if (error != NULL)
        g_task_return_error (request->task, g_error_copy (error));
      else
        g_task_return_boolean (request->task, TRUE);
      g_object_unref (request->task);
    }

  g_clear_error (&request->error);
  g_free (request);
}

/* Ends the request that was carried out, and takes the next one. */
static void
finish (EfPipeline *self)
{
  EfPipelineRequest *request = g_steal_pointer (&self->request);

  self->failing = FALSE;
  request_finish (request, request->error);
  ef_pipeline_next_request (self);
}

static void
go_down (EfPipeline *self, EfState target, EfElement *failed)
{
  /* After a failure elements may be in any state. */
  EfState from = self->failing ? EF_STATE_PLAYING : self->state;
  GPtrArray *plan;

  self->awaits_eos = FALSE;
  plan = ef_pipeline_plan_down (self->graph, from, target, failed);
  self->transition = ef_pipeline_transition_start (self, plan, FALSE, on_transition_done);
}

static void
tell_error (EfPipeline *self, EfMessage *message)
{
  g_autofree char *name = g_strdup (ef_message_get_source_name (message));

  ef_pipeline_post (self, message);
  ef_pipeline_emit_error (self, name, ef_message_get_error (message));
}

/* Errors of elements name them where the text alone would not, and the place that they are about if there
 * is one. */
GError *
ef_pipeline_name_error (EfPipeline *self, EfElement *element, const GError *error)
{
  GError *named = ef_pipeline_locate_error (self, element, error);
  const char *name = ef_element_get_name (element);

  if (named != NULL)
    return named;

  named = g_error_copy (error);

  if (!g_str_has_prefix (error->message, name))
    g_prefix_error (&named, "%s: ", name);

  return named;
}

static void
fail_going_up (EfPipeline *self, EfPipelineTransition *transition)
{
  EfElement *failed;
  const GError *error = ef_pipeline_transition_get_error (transition, &failed);

  self->failing = TRUE;
  self->request->error =
    failed != NULL ? ef_pipeline_name_error (self, failed, error) : g_error_copy (error);
  if (failed != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autoptr (GError) located = ef_pipeline_locate_error (self, failed, error);
      g_autoptr (EfMessage) message =
        ef_message_new_error (G_OBJECT (failed), located != NULL ? located : error, NULL);

      tell_error (self, message);
    }

  go_down (self, EF_STATE_NULL, failed);
}

static void
on_transition_done (EfPipelineTransition *transition, EfPipeline *self)
{
  g_assert (self->transition == transition);

  self->transition = NULL;
  if (ef_pipeline_transition_get_error (transition, NULL) != NULL)
    fail_going_up (self, transition);
  else
    finish (self);

  ef_pipeline_transition_free (transition);
}

static void
on_request_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
go_up (EfPipeline *self, EfPipelineRequest *request)
{
  GPtrArray *plan = ef_pipeline_plan_up (self->graph, self->state, request->target);
  GCancellable *cancellable = NULL;
  GCancellable *inner;

  self->transition = ef_pipeline_transition_start (self, plan, TRUE, on_transition_done);
  inner = ef_pipeline_transition_get_cancellable (self->transition);

  if (request->task != NULL)
    cancellable = g_task_get_cancellable (request->task);
  if (cancellable != NULL)
    request->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (on_request_cancelled),
                                                   g_object_ref (inner), g_object_unref);
}

static void
begin (EfPipeline *self, EfPipelineRequest *request)
{
  g_autoptr (GError) error = NULL;

  self->request = request;

  if (request->target < self->state)
    {
      go_down (self, request->target, NULL);
    }
  else if (request->target == self->state)
    {
      finish (self);
    }
  else if (self->state == EF_STATE_NULL && !ef_pipeline_look_at_links (self, &error))
    {
      g_autoptr (EfMessage) message = ef_message_new_error (G_OBJECT (self), error, NULL);

      request->error = g_error_copy (error);
      tell_error (self, message);
      finish (self);
    }
  else
    {
      go_up (self, request);
    }
}

void
ef_pipeline_next_request (EfPipeline *self)
{
  if (self->request == NULL && self->validation == NULL && !g_queue_is_empty (&self->requests))
    begin (self, g_queue_pop_head (&self->requests));
}

/* A stop makes all that waits and leads up pointless. */
static void
cancel_requests (EfPipeline *self)
{
  GQueue waiting = self->requests;

  g_queue_init (&self->requests);
  if (self->request != NULL && self->transition != NULL &&
      ef_pipeline_transition_is_up (self->transition))
    ef_pipeline_transition_cancel (self->transition);

  while (!g_queue_is_empty (&waiting))
    {
      EfPipelineRequest *request = g_queue_pop_head (&waiting);

      if (request->target > EF_STATE_NULL)
        {
          g_autoptr (GError) error = NULL;

          error = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               "the pipeline was stopped before it was %s",
                               ef_state_to_string (request->target));
          request_finish (request, error);
        }
      else
        {
          g_queue_push_tail (&self->requests, request);
        }
    }
}

static void
request_state (EfPipeline *self, EfState target, GTask *task)
{
  EfPipelineRequest *request = g_new0 (EfPipelineRequest, 1);

  request->target = target;
  request->task = task;

  if (target == EF_STATE_NULL)
    cancel_requests (self);

  g_queue_push_tail (&self->requests, request);
  ef_pipeline_next_request (self);
}

/* An element has failed for good. What follows from the first failure is not told. */
void
ef_pipeline_handle_error (EfPipeline *self, EfMessage *message)
{
  GObject *source = ef_message_get_source (message);
  EfElement *element = source != NULL ? EF_ELEMENT (source) : NULL;

  if (self->failing || self->validation != NULL)
    {
      g_autofree char *text = ef_message_to_string (message);

      g_debug ("on the way down: %s", text);
      return;
    }

  if (self->transition != NULL && ef_pipeline_transition_is_up (self->transition))
    {
      ef_pipeline_transition_fail (self->transition, element, ef_message_get_error (message));
      return;
    }

  tell_error (self, message);
  if (self->transition != NULL || self->state == EF_STATE_NULL)
    return;

  self->failing = TRUE;
  self->request = g_new0 (EfPipelineRequest, 1);
  go_down (self, EF_STATE_NULL, element);
}

void
ef_pipeline_handle_eos (EfPipeline *self, EfMessage *message)
{
  g_hash_table_remove (self->unended, ef_message_get_source (message));
  tell_eos_if_ended (self);
}

/**
 * ef_pipeline_start:
 * @self: a pipeline
 * @error: return location for an error
 *
 * Starts the pipeline: takes it to %EF_STATE_PLAYING and does not wait for it. What goes wrong on
 * the way comes as [signal@EventFlux.Pipeline::error] and as a message on the bus.
 *
 * Errors: %EF_ERROR_LINK if an element is linked to one outside of the pipeline, or would run in
 * two threads.
 *
 * Returns: %TRUE if the pipeline is on its way
 */
gboolean
ef_pipeline_start (EfPipeline *self, GError **error)
{
  g_return_val_if_fail (EF_IS_PIPELINE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (self->request == NULL && self->validation == NULL && self->state == EF_STATE_NULL &&
      !ef_pipeline_look_at_links (self, error))
    return FALSE;

  request_state (self, EF_STATE_PLAYING, NULL);

  return TRUE;
}

/**
 * ef_pipeline_stop:
 * @self: a pipeline
 *
 * Stops the pipeline: takes it to %EF_STATE_NULL and does not wait for it.
 */
void
ef_pipeline_stop (EfPipeline *self)
{
  g_return_if_fail (EF_IS_PIPELINE (self));

  request_state (self, EF_STATE_NULL, NULL);
}

/**
 * ef_pipeline_set_state_async:
 * @self: a pipeline
 * @state: the state to go to
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the pipeline is there, or is down again
 * @user_data: data for @callback
 *
 * Takes the pipeline to a state, through those between. See [class@EventFlux.Pipeline] for the
 * order in which its elements go.
 *
 * If an element fails on the way up, or if the call is cancelled, all elements are taken down to
 * %EF_STATE_NULL before @callback is called. On the way down nothing fails, and cancelling has no
 * effect.
 *
 * Calls are carried out one after the other; but one that goes to %EF_STATE_NULL ends those before
 * it that lead up, with %G_IO_ERROR_CANCELLED.
 */
void
ef_pipeline_set_state_async (EfPipeline *self,
                             EfState state,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task;

  g_return_if_fail (EF_IS_PIPELINE (self));
  g_return_if_fail (state <= EF_STATE_PLAYING);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_pipeline_set_state_async);
  /* What became of the pipeline counts, also if the call is cancelled at the same time. */
  g_task_set_check_cancellable (task, FALSE);
  request_state (self, state, task);
}

/**
 * ef_pipeline_set_state_finish:
 * @self: a pipeline
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends [method@EventFlux.Pipeline.set_state_async].
 *
 * Errors: that of the element that failed, with the name of the element in the message; it has been
 * told on the bus too.
 *
 * Returns: %TRUE if the pipeline reached the state
 */
gboolean
ef_pipeline_set_state_finish (EfPipeline *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (EF_IS_PIPELINE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (
    g_async_result_is_tagged (result, G_GNUC_EXTENSION (gpointer) ef_pipeline_set_state_async),
    FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ef_pipeline_start_async:
 * @self: a pipeline
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the pipeline plays, or is down again
 * @user_data: data for @callback
 *
 * Takes the pipeline to %EF_STATE_PLAYING; see [method@EventFlux.Pipeline.set_state_async].
 */
void
ef_pipeline_start_async (EfPipeline *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  ef_pipeline_set_state_async (self, EF_STATE_PLAYING, cancellable, callback, user_data);
}

/**
 * ef_pipeline_start_finish:
 * @self: a pipeline
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends [method@EventFlux.Pipeline.start_async].
 *
 * Returns: %TRUE if the pipeline plays
 */
gboolean
ef_pipeline_start_finish (EfPipeline *self, GAsyncResult *result, GError **error)
{
  return ef_pipeline_set_state_finish (self, result, error);
}

/**
 * ef_pipeline_stop_async:
 * @self: a pipeline
 * @cancellable: (nullable): a cancellable, which has no effect
 * @callback: (scope async): called when the pipeline is down
 * @user_data: data for @callback
 *
 * Takes the pipeline to %EF_STATE_NULL; see [method@EventFlux.Pipeline.set_state_async].
 */
void
ef_pipeline_stop_async (EfPipeline *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  ef_pipeline_set_state_async (self, EF_STATE_NULL, cancellable, callback, user_data);
}

/**
 * ef_pipeline_stop_finish:
 * @self: a pipeline
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends [method@EventFlux.Pipeline.stop_async].
 *
 * Returns: %TRUE if the pipeline is down
 */
gboolean
ef_pipeline_stop_finish (EfPipeline *self, GAsyncResult *result, GError **error)
{
  return ef_pipeline_set_state_finish (self, result, error);
}
