/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element-private.h"

/* Who asks for a state, from whatever thread, and who waits for it. */

/* Someone who waits until the target is reached. */
typedef struct
{
  EfElement *element;    /* unowned: the task owns it */
  GTask *task;
  GSource *cancelled;    /* NULL if it can not be cancelled */
} Waiter;

typedef struct
{
  EfElement *element;
  EfState target;
  GTask *task;           /* NULL if nobody waits */
  GError **error;        /* where the caller wants the error of what is done at once */
} Request;

static void
waiter_free (Waiter *self)
{
  if (self->cancelled != NULL)
    {
      g_source_destroy (self->cancelled);
      g_source_unref (self->cancelled);
    }
  g_object_unref (self->task);
  g_free (self);
}

static void
waiter_disarm (Waiter *self)
{
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
}

/* Ends the waits with a copy of @error, or well. The callbacks may run from here, and do anything. */
static void
end_waits (GQueue *waiters, const GError *error)
{
  g_queue_foreach (waiters, (GFunc) waiter_disarm, NULL);

  while (!g_queue_is_empty (waiters))
    {
      Waiter *waiter = g_queue_pop_head (waiters);

      if (error != NULL)
        g_task_return_error (waiter->task, g_error_copy (error));
      else
        g_task_return_boolean (waiter->task, TRUE);
      waiter_free (waiter);
    }
}

static GQueue
steal_waiters (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  GQueue waiters = priv->waiters;

  g_queue_init (&priv->waiters);
  priv->unattended = FALSE;

  return waiters;
}

void
ef_element_end_waits (EfElement *self, const GError *error)
{
  GQueue waiters = steal_waiters (self);

  end_waits (&waiters, error);
}

/* When nobody is left who wants the element up, it goes no further. On the way down it goes on: what
 * was given up is only the waiting. */
static gboolean
on_waiter_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Waiter *waiter = user_data;
  g_autoptr (EfElement) self = g_object_ref (waiter->element);
  EfElementPrivate *priv = ef_element_get_private (self);

  g_queue_remove (&priv->waiters, waiter);
  waiter_disarm (waiter);
  if (g_queue_is_empty (&priv->waiters) && !priv->unattended && priv->target > priv->state)
    ef_element_rest (self);

  g_task_return_error_if_cancelled (waiter->task);
  waiter_free (waiter);

  return G_SOURCE_REMOVE;
}

static void
add_waiter (EfElement *self, GTask *task)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  GCancellable *cancellable = g_task_get_cancellable (task);
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->element = self;
  waiter->task = g_object_ref (task);
  g_queue_push_tail (&priv->waiters, waiter);

  if (cancellable == NULL)
    return;

  waiter->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_static_name (waiter->cancelled, "[EventFlux] wait for a state cancelled");
  g_source_set_callback (waiter->cancelled, G_SOURCE_FUNC (on_waiter_cancelled), waiter, NULL);
  g_source_attach (waiter->cancelled, priv->context);
}

static void
request_free (Request *self)
{
  g_clear_object (&self->task);
  g_object_unref (self->element);
  g_free (self);
}

/* In the element's context. Those who waited for another target are told last, as their callbacks may
 * make the next request. */
static void
request_run (Request *request)
{
  EfElement *self = request->element;
  EfElementPrivate *priv = ef_element_get_private (self);
  GError **outer_error = priv->start_error;
  GQueue superseded = G_QUEUE_INIT;
  g_autoptr (GError) error = NULL;

  if (request->target != priv->target)
    {
      superseded = steal_waiters (self);
      error = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                           "%s was asked to become %s before it was %s", priv->name,
                           ef_state_to_string (request->target), ef_state_to_string (priv->target));
    }

  priv->target = request->target;
  if (request->task != NULL)
    add_waiter (self, request->task);
  else
    priv->unattended = TRUE;

  ef_element_cancel_open (self);
  priv->start_error = request->error;
  ef_element_advance (self);
  priv->start_error = outer_error;

  end_waits (&superseded, error);
}

/* The context of the element. If nobody has set one, it is that of whoever asks first. */
static GMainContext *
settle_context (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  GMainContext *context;

  g_mutex_lock (&priv->context_lock);
  if (priv->context == NULL)
    {
      priv->context = g_main_context_ref_thread_default ();
      priv->context_is_adopted = TRUE;
    }
  context = g_main_context_ref (priv->context);
  g_mutex_unlock (&priv->context_lock);

  return context;
}

static gboolean on_request (gpointer user_data);

static void
request_attach (Request *request, GMainContext *context)
{
  GSource *source = g_idle_source_new ();

  request->error = NULL; /* the caller will be gone */
  g_source_set_static_name (source, "[EventFlux] change of state");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_request, request, NULL);
  g_source_attach (source, context);
  g_source_unref (source);
}

/* Whether this thread may run what belongs to the context: it iterates it, or it would, as before the
 * start of a main loop. Then the context is acquired.
 *
 * A thread without a context of its own has the global one for its default, as the main thread has, and
 * at a moment when nobody iterates that one it could be taken for the main thread. So an element goes
 * on where it was before. */
static gboolean
enter_context (EfElement *self, GMainContext *context)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  gboolean entered = FALSE;

  g_mutex_lock (&priv->context_lock);
  if (g_main_context_is_owner (context))
    {
      entered = g_main_context_acquire (context);
    }
  else if (priv->thread == NULL || priv->thread == g_thread_self ())
    {
      g_autoptr (GMainContext) own = g_main_context_ref_thread_default ();

      entered = own == context && g_main_context_acquire (context);
    }

  if (entered)
    priv->thread = g_thread_self ();
  g_mutex_unlock (&priv->context_lock);

  return entered;
}

static void
request_submit (Request *request)
{
  g_autoptr (GMainContext) context = settle_context (request->element);

  if (!enter_context (request->element, context))
    {
      request_attach (request, context);
      return;
    }

  request_run (request);
  request_free (request);
  g_main_context_release (context);
}

/* The element may have taken another context since, after a stop: then the request moves there. */
static gboolean
on_request (gpointer user_data)
{
  request_submit (user_data);

  return G_SOURCE_REMOVE;
}

static void
request_state (EfElement *self, EfState target, GTask *task, GError **error)
{
  Request *request = g_new0 (Request, 1);

  request->element = g_object_ref (self);
  request->target = target;
  request->task = task;
  request->error = error;
  request_submit (request);
}

/**
 * ef_element_set_state_async:
 * @self: an element
 * @state: the state to go to
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the element is there, or will not come there
 * @user_data: data for @callback
 *
 * Takes the element to a state, through those between, in its own context. It may be called from any
 * thread; @callback is called in the thread-default context of the caller.
 *
 * A new target replaces the one before it, whose waits end with %G_IO_ERROR_CANCELLED; a connection
 * that is being opened is given up if it is no longer wanted. A failure on the way up leaves the element
 * in the state that it had reached, and ends the wait with the error. On the way down nothing fails.
 *
 * Cancelling ends the wait. Of a way up it also ends the way, unless somebody else waits for it too.
 *
 * An element that is not %EF_STATE_NULL keeps itself alive until it is stopped.
 */
void
ef_element_set_state_async (EfElement *self,
                            EfState state,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;

  g_return_if_fail (EF_IS_ELEMENT (self));
  g_return_if_fail (state <= EF_STATE_PLAYING);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_element_set_state_async);
  /* What became of the element counts, also if the wait is cancelled at the same time. */
  g_task_set_check_cancellable (task, FALSE);
  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  request_state (self, state, task, NULL);
}

/**
 * ef_element_set_state_finish:
 * @self: an element
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends [method@EventFlux.Element.set_state_async].
 *
 * Returns: %TRUE if the element reached the state
 */
gboolean
ef_element_set_state_finish (EfElement *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (EF_IS_ELEMENT (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, G_GNUC_EXTENSION (gpointer) ef_element_set_state_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ef_element_start:
 * @self: an element
 * @error: return location for an error
 *
 * Starts the element: takes it to %EF_STATE_PLAYING and does not wait for it. Called in the element's
 * context, or in a thread whose default context the element is to take, it goes to %EF_STATE_READY at
 * once: so what is wrong with the configuration is returned here. What fails later, such as a
 * connection, comes as [signal@EventFlux.Element::error] and as a message on the bus.
 *
 * Returns: %TRUE if the element is on its way, %FALSE with an error if its configuration is wrong
 */
gboolean
ef_element_start (EfElement *self, GError **error)
{
  GError *start_error = NULL;

  g_return_val_if_fail (EF_IS_ELEMENT (self), FALSE);

  request_state (self, EF_STATE_PLAYING, NULL, &start_error);
  if (start_error == NULL)
    return TRUE;

  g_propagate_error (error, start_error);
  return FALSE;
}

/**
 * ef_element_stop:
 * @self: an element
 *
 * Stops the element: takes it to %EF_STATE_NULL and does not wait for it. Whatever the element waits
 * for ends. It may be called from any thread, in any state, and from a handler of any of the element's
 * signals.
 */
void
ef_element_stop (EfElement *self)
{
  g_return_if_fail (EF_IS_ELEMENT (self));

  request_state (self, EF_STATE_NULL, NULL, NULL);
}

/**
 * ef_element_start_async:
 * @self: an element
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the element plays, or will not
 * @user_data: data for @callback
 *
 * Takes the element to %EF_STATE_PLAYING; see [method@EventFlux.Element.set_state_async].
 */
void
ef_element_start_async (EfElement *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  ef_element_set_state_async (self, EF_STATE_PLAYING, cancellable, callback, user_data);
}

/**
 * ef_element_start_finish:
 * @self: an element
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends [method@EventFlux.Element.start_async].
 *
 * Returns: %TRUE if the element plays
 */
gboolean
ef_element_start_finish (EfElement *self, GAsyncResult *result, GError **error)
{
  return ef_element_set_state_finish (self, result, error);
}

/**
 * ef_element_stop_async:
 * @self: an element
 * @cancellable: (nullable): a cancellable, which ends only the waiting
 * @callback: (scope async): called when the element is down
 * @user_data: data for @callback
 *
 * Takes the element to %EF_STATE_NULL; see [method@EventFlux.Element.set_state_async].
 */
void
ef_element_stop_async (EfElement *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  ef_element_set_state_async (self, EF_STATE_NULL, cancellable, callback, user_data);
}

/**
 * ef_element_stop_finish:
 * @self: an element
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends [method@EventFlux.Element.stop_async].
 *
 * Returns: %TRUE if the element is down
 */
gboolean
ef_element_stop_finish (EfElement *self, GAsyncResult *result, GError **error)
{
  return ef_element_set_state_finish (self, result, error);
}
