/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-thread-boundary.h"

/**
 * EfThreadBoundary:
 *
 * An element whose source pad is in another thread than its sink pad, such as `queue`.
 *
 * The element itself lives on the context of whoever started it, as any other: batches reach its
 * sink pad there, and it holds its input there. What it pushes leaves from a second context, that
 * of [method@EventFlux.ThreadBoundary.get_context]: there the elements behind it live, up to the
 * next boundary, and there they hold their input.
 *
 * A pipeline sees to all of it. Who links elements by hand does as a pipeline does:
 *
 * 1. Hand the context to each element behind the boundary with
 *    [method@EventFlux.Element.set_context].
 * 2. Call [method@EventFlux.ThreadBoundary.start] before the first of them changes its state, so
 *    that there is a thread to do it in.
 * 3. Call [method@EventFlux.ThreadBoundary.stop] once the last of them is down.
 *
 * Before the elements behind the boundary are stopped, what it still keeps can be waited for with
 * [method@EventFlux.ThreadBoundary.drain_async].
 *
 * The boundary counts itself too: its thread runs at least while it is not %EF_STATE_NULL.
 */

G_DEFINE_INTERFACE (EfThreadBoundary, ef_thread_boundary, EF_TYPE_ELEMENT)

/* How many want the thread of a boundary to run. Starts are rare: one lock for all does. */
static GQuark users_quark;
static GMutex users_lock;

static void
ef_thread_boundary_default_init (EfThreadBoundaryInterface *iface)
{
  users_quark = g_quark_from_static_string ("ef-thread-boundary-users");
}

/**
 * ef_thread_boundary_get_context:
 * @self: a boundary
 *
 * The main context that the elements behind the boundary live on. It is the same one for as long as
 * the boundary lives. It may be called from any thread.
 *
 * Returns: (transfer none): the context
 */
GMainContext *
ef_thread_boundary_get_context (EfThreadBoundary *self)
{
  g_return_val_if_fail (EF_IS_THREAD_BOUNDARY (self), NULL);

  return EF_THREAD_BOUNDARY_GET_IFACE (self)->get_context (self);
}

static guint
get_users (EfThreadBoundary *self)
{
  return GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (self), users_quark));
}

static void
set_users (EfThreadBoundary *self, guint n_users)
{
  g_object_set_qdata (G_OBJECT (self), users_quark, GUINT_TO_POINTER (n_users));
}

/**
 * ef_thread_boundary_start:
 * @self: a boundary
 *
 * Has a thread iterate the context behind the boundary. Calls are counted: each one is undone by one
 * of [method@EventFlux.ThreadBoundary.stop]. It may be called from any thread.
 */
void
ef_thread_boundary_start (EfThreadBoundary *self)
{
  guint n_users;

  g_return_if_fail (EF_IS_THREAD_BOUNDARY (self));

  g_mutex_lock (&users_lock);
  n_users = get_users (self);
  set_users (self, n_users + 1);
  if (n_users == 0)
    EF_THREAD_BOUNDARY_GET_IFACE (self)->start (self);
  g_mutex_unlock (&users_lock);
}

/**
 * ef_thread_boundary_stop:
 * @self: a boundary
 *
 * Takes back one call of [method@EventFlux.ThreadBoundary.start]. With the last one the thread ends,
 * as soon as it has returned from what it is doing; the call does not wait for that. It may be called
 * from any thread.
 */
void
ef_thread_boundary_stop (EfThreadBoundary *self)
{
  guint n_users;

  g_return_if_fail (EF_IS_THREAD_BOUNDARY (self));

  g_mutex_lock (&users_lock);
  n_users = get_users (self);
  if (n_users > 0)
    set_users (self, n_users - 1);
  if (n_users == 1)
    EF_THREAD_BOUNDARY_GET_IFACE (self)->stop (self);
  g_mutex_unlock (&users_lock);

  g_return_if_fail (n_users > 0);
}

/**
 * ef_thread_boundary_drain_async:
 * @self: a boundary
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when nothing is left, or the wait was cancelled
 * @user_data: data for @callback
 *
 * Waits until all that was pushed to the boundary so far has been pushed on, in the thread behind it.
 * What stands before the boundary has ceased to push, and what stands behind it still plays. It is
 * called in the element's own context.
 */
void
ef_thread_boundary_drain_async (EfThreadBoundary *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  EfThreadBoundaryInterface *iface;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (EF_IS_THREAD_BOUNDARY (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  iface = EF_THREAD_BOUNDARY_GET_IFACE (self);
  if (iface->drain_async != NULL)
    {
      iface->drain_async (self, cancellable, callback, user_data);
      return;
    }

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_thread_boundary_drain_async);
  g_task_return_boolean (task, TRUE);
}

/**
 * ef_thread_boundary_drain_finish:
 * @self: a boundary
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends [method@EventFlux.ThreadBoundary.drain_async].
 *
 * Returns: %TRUE if nothing is left
 */
gboolean
ef_thread_boundary_drain_finish (EfThreadBoundary *self, GAsyncResult *result, GError **error)
{
  EfThreadBoundaryInterface *iface;

  g_return_val_if_fail (EF_IS_THREAD_BOUNDARY (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  iface = EF_THREAD_BOUNDARY_GET_IFACE (self);
  if (iface->drain_async != NULL)
    return iface->drain_finish (self, result, error);

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (
    g_async_result_is_tagged (result, G_GNUC_EXTENSION (gpointer) ef_thread_boundary_drain_async),
    FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
