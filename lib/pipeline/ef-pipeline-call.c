/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-pipeline-call-private.h"

/* An element is touched in its own context alone, which may be iterated by another thread. A call
 * goes there and comes back, and takes its references with it both ways: when it is back, none is
 * left in the other thread that could become the last one there. */
struct _EfPipelineCall
{
  GTask *task;
  EfElement *element;
  GMainContext *context;
  GMainContext *home;
  EfPipelineCallFunc func;
  GError *error;
};

static void
attach (EfPipelineCall *self, GMainContext *context, GSourceFunc func)
{
  GSource *source = g_idle_source_new ();

  g_source_set_static_name (source, "[EventFlux] call of the pipeline");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, context);
  g_source_unref (source);
}

static gboolean
on_call (gpointer user_data)
{
  EfPipelineCall *self = user_data;
  g_autoptr (GMainContext) context = g_main_context_ref (self->context);

  /* What the function begins has to come back to this context. */
  g_main_context_push_thread_default (context);
  self->func (self->element, g_task_get_cancellable (self->task), self);
  g_main_context_pop_thread_default (context);

  return G_SOURCE_REMOVE;
}

static gboolean
on_return (gpointer user_data)
{
  EfPipelineCall *self = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  GError *error = g_steal_pointer (&self->error);

  g_object_unref (self->element);
  g_main_context_unref (self->context);
  g_main_context_unref (self->home);
  g_free (self);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);

  return G_SOURCE_REMOVE;
}

/* Calls @func in @context, and @callback in the thread-default context of the caller when the call
 * has come back. */
void
ef_pipeline_call_async (EfElement *element,
                        GMainContext *context,
                        EfPipelineCallFunc func,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  EfPipelineCall *self = g_new0 (EfPipelineCall, 1);

  self->task = g_task_new (element, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, G_GNUC_EXTENSION (gpointer) ef_pipeline_call_async);
  g_task_set_check_cancellable (self->task, FALSE);
  self->element = g_object_ref (element);
  self->context = g_main_context_ref (context);
  self->home = g_main_context_ref_thread_default ();
  self->func = func;

  attach (self, context, on_call);
}

/* Ends a call in its context, well or with @error, which it takes. */
void
ef_pipeline_call_return (EfPipelineCall *self, GError *error)
{
  self->error = error;
  attach (self, self->home, on_return);
}

gboolean
ef_pipeline_call_finish (EfElement *element, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, element), FALSE);
  g_return_val_if_fail (
    g_async_result_is_tagged (result, G_GNUC_EXTENSION (gpointer) ef_pipeline_call_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
