/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-web-socket-sink-private.h"

/* What a program asks of a sink itself, without a pipeline. */

static gboolean
publish (EfWebSocketSink *self, GBytes *message, GTask *task, GError **error)
{
  if (!self->accepting)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_STATE, "%s is not started: it takes no messages",
                   ef_element_get_name (EF_ELEMENT (self)));
      return FALSE;
    }

  return ef_publisher_publish (&self->publisher, message, task, error);
}

/**
 * ef_web_socket_sink_publish:
 * @self: a sink that was started
 * @message: the message
 * @error: return location for an error
 *
 * Gives a message to be sent, behind all that were given before, and does not wait for it. It may
 * be called as soon as the start was asked for.
 *
 * Errors: %G_IO_ERROR_WOULD_BLOCK if the buffer is full, %EF_WEB_SOCKET_ERROR_INVALID_UTF8 if the
 * message should be text and is not, %EF_ERROR_STATE if the sink was not started or has failed.
 *
 * Returns: %TRUE if the sink took the message
 */
gboolean
ef_web_socket_sink_publish (EfWebSocketSink *self, GBytes *message, GError **error)
{
  g_return_val_if_fail (EF_IS_WEB_SOCKET_SINK (self), FALSE);
  g_return_val_if_fail (message != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return publish (self, message, NULL, error);
}

/**
 * ef_web_socket_sink_publish_async:
 * @self: a sink that was started
 * @message: the message
 * @cancellable: (nullable): a cancellable, which takes back a message that has not begun to leave
 * @callback: (nullable) (scope async): called when the message has left, or will not
 * @user_data: data for @callback
 *
 * Gives a message to be sent, as [method@EventFlux.WebSocketSink.publish] does, and waits until the
 * last of its bytes has left for the kernel.
 */
void
ef_web_socket_sink_publish_async (EfWebSocketSink *self,
                                  GBytes *message,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (EF_IS_WEB_SOCKET_SINK (self));
  g_return_if_fail (message != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_web_socket_sink_publish_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  ef_publisher_watch_cancellable (&self->publisher, task);
  if (!publish (self, message, task, &error))
    g_task_return_error (task, error);
}

/**
 * ef_web_socket_sink_publish_finish:
 * @self: a sink
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends [method@EventFlux.WebSocketSink.publish_async].
 *
 * Errors: those of [method@EventFlux.WebSocketSink.publish], and what kept a message from leaving
 * after the sink took it.
 *
 * Returns: %TRUE if the message has left
 */
gboolean
ef_web_socket_sink_publish_finish (EfWebSocketSink *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (EF_IS_WEB_SOCKET_SINK (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ef_web_socket_sink_validate_connectivity:
 * @self: a sink
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Tries, with a connection of its own, whether the endpoint, or that of its
 * [property@EventFlux.WebSocketSink:source], can be reached and agrees to the handshake; see [method@EventFlux.WebSocketSource.validate_connectivity].
 *
 * Returns: %TRUE if the endpoint is there and answers as it should
 */
gboolean
ef_web_socket_sink_validate_connectivity (EfWebSocketSink *self,
                                          GCancellable *cancellable,
                                          GError **error)
{
  g_return_val_if_fail (EF_IS_WEB_SOCKET_SINK (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return ef_web_socket_endpoint_validate (&self->endpoint, cancellable, error);
}
