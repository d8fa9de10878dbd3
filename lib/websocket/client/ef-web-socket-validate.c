/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-web-socket-validate-private.h"

/* Tries whether an endpoint takes connections: opens one with all that is configured, and closes
 * it. */

static void
connection_closed (EfWebSocketConnection *connection, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  g_task_return_boolean (task, TRUE);
}

static const EfWebSocketConnectionFuncs funcs = { .closed = connection_closed };

static void
handshake_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (EfWebSocketConnection) connection = NULL;
  GError *error = NULL;

  connection = ef_web_socket_handshake_finish (result, NULL, &error);
  if (connection == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ef_web_socket_connection_set_funcs (connection, &funcs, g_steal_pointer (&task));
  ef_web_socket_connection_close (connection, EF_CLOSE_NORMAL, "");
}

void
ef_web_socket_validate_async (GObject *element,
                              EfWebSocketOptions *options,
                              EfClock *clock,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (element, cancellable, callback, user_data);
  g_autoptr (GPtrArray) targets = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_web_socket_validate_async);

  targets = ef_web_socket_options_make_targets (options, clock, &error);
  if (targets == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ef_web_socket_handshake_async (g_ptr_array_index (targets, 0), cancellable, handshake_done,
                                 g_steal_pointer (&task));
}

gboolean
ef_web_socket_validate_finish (GObject *element, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, element), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
keep_result (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

/* The same, waiting for it: on a context of its own, so that nothing else runs meanwhile. */
gboolean
ef_web_socket_validate (GObject *element,
                        EfWebSocketOptions *options,
                        EfClock *clock,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GAsyncResult) result = NULL;

  g_main_context_push_thread_default (context);
  ef_web_socket_validate_async (element, options, clock, cancellable, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);

  /* What was cancelled or closed may still have to say so. */
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);

  return ef_web_socket_validate_finish (element, result, error);
}
