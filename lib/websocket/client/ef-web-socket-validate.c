/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element.h"
#include "ef-web-socket-validate-private.h"

/* Tries whether one of the endpoints takes connections: opens one with all that is configured, and
 * closes it. */

typedef struct
{
  GPtrArray *targets; /* of EfWebSocketTarget */
  guint index;        /* of the one that is tried */
  GError *first;      /* what went wrong with the first */
  GString *others;    /* … and with those after it */
} Validation;

static void
validation_free (gpointer data)
{
  Validation *self = data;

  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_clear_error (&self->first);
  g_string_free (self->others, TRUE);
  g_free (self);
}

static EfWebSocketTarget *
get_target (Validation *self)
{
  return g_ptr_array_index (self->targets, self->index);
}

static void
connection_closed (EfWebSocketConnection *connection, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Validation *self = g_task_get_task_data (task);

  ef_element_post_details (g_task_get_source_object (task), "validated",
                           g_variant_new_parsed ("{'url': <%s>}", get_target (self)->name));
  g_task_return_boolean (task, TRUE);
}

static const EfWebSocketConnectionFuncs funcs = { .closed = connection_closed };

/* None has answered. */
static GError *
describe_all (Validation *self)
{
  if (self->targets->len == 1)
    return g_steal_pointer (&self->first);

  return g_error_new (self->first->domain, self->first->code, "none of %u servers answers: %s%s",
                      self->targets->len, self->first->message, self->others->str);
}

static void
note_failure (Validation *self, GError *error)
{
  if (self->first == NULL)
    {
      self->first = error;
      return;
    }

  g_string_append_printf (self->others, "; %s", error->message);
  g_error_free (error);
}

static void try_next (GTask *task);

static void
handshake_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (EfWebSocketConnection) connection = NULL;
  Validation *self = g_task_get_task_data (task);
  GError *error = NULL;

  connection = ef_web_socket_handshake_finish (result, NULL, &error);
  if (connection != NULL)
    {
      ef_web_socket_connection_set_funcs (connection, &funcs, g_steal_pointer (&task));
      ef_web_socket_connection_close (connection, EF_CLOSE_NORMAL, "");
      return;
    }

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      g_task_return_error (task, error);
      return;
    }

  note_failure (self, error);
  if (++self->index < self->targets->len)
    try_next (g_steal_pointer (&task));
  else
    g_task_return_error (task, describe_all (self));
}

/* Takes @task. */
static void
try_next (GTask *task)
{
  /* What comes from a source runs without it. */
  g_main_context_push_thread_default (g_task_get_context (task));
  ef_web_socket_handshake_async (get_target (g_task_get_task_data (task)),
                                 g_task_get_cancellable (task), handshake_done, task);
  g_main_context_pop_thread_default (g_task_get_context (task));
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
  Validation *self;
  GError *error = NULL;

  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_web_socket_validate_async);

  targets = ef_web_socket_options_make_targets (options, clock, &error);
  if (targets == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self = g_new0 (Validation, 1);
  self->targets = g_steal_pointer (&targets);
  self->others = g_string_new (NULL);
  g_task_set_task_data (task, self, validation_free);
  try_next (g_steal_pointer (&task));
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
