/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-error.h"
#include "ef-publisher-private.h"
#include "ef-web-socket-endpoint-private.h"
#include "ef-web-socket-sink.h"

/**
 * EfWebSocketSink:
 *
 * Connects to a WebSocket endpoint (RFC 6455) and publishes messages to it.
 *
 * Each event is one message: its only column, of type `STRING` or `BYTES`, is what is sent, as
 * [property@EventFlux.WebSocketSink:message-type] says. An event that can not be sent that way is
 * rejected, and the others go on. Used alone, without a pipeline, the sink is given messages with
 * [method@EventFlux.WebSocketSink.publish].
 *
 * Messages leave at once while the connection takes them. What it does not take, and what comes
 * while there is none, waits, within [property@EventFlux.WebSocketSink:buffer-max-messages] and
 * [property@EventFlux.WebSocketSink:buffer-max-bytes]; when that is full, the sink holds its input,
 * or drops what [property@EventFlux.WebSocketSink:overflow] says. While there is a connection it holds
 * its input as soon as 128 KiB wait, since the server is then what is slow. With a
 * [property@EventFlux.WebSocketSink:spool], what waits is in a file and outlasts the process.
 *
 * What has not left for the kernel in full when a connection ends is sent first, in order, on the
 * next one; what has left is not sent again, although nobody knows whether it arrived, unless the
 * server's answers confirm what it got, see [property@EventFlux.WebSocketSink:ack-path].
 *
 * The sink reconnects as [class@EventFlux.WebSocketSource] does. It reads too, for the sake of
 * pings, of the server's Close and of its confirmations; other messages that come are dropped.
 *
 * A sink lives in the context that was the thread-default one when it was started: its functions
 * are called there and its signals come from there.
 */
struct _EfWebSocketSink
{
  EfSink parent_instance;

  EfWebSocketEndpoint endpoint;
  EfPublisher publisher;
  gboolean accepting; /* messages, since it is open or opens */
  gboolean draining;  /* the end of the stream has come */
  gboolean ended;     /* there will be no connection any more */

  /* A stop that waits for what has not left, and what it goes on with. */
  GSource *drain_timeout;
  GAsyncReadyCallback closed;
  gpointer closed_data;
};

/* All properties are those of the publisher and of the endpoint. */
#define FIRST_PUBLISHER_PROPERTY 1
#define FIRST_OPTION (FIRST_PUBLISHER_PROPERTY + EF_PUBLISHER_N_PROPERTIES)

G_DEFINE_FINAL_TYPE_WITH_CODE (EfWebSocketSink,
                               ef_web_socket_sink,
                               EF_TYPE_SINK,
                               G_IMPLEMENT_INTERFACE (EF_TYPE_VALIDATABLE,
                                                      ef_web_socket_endpoint_validatable_init))

static void
ef_web_socket_sink_process (EfElement *element, EfBatch *batch)
{
  ef_publisher_process (&((EfWebSocketSink *) element)->publisher, batch);
}

/* Closes the connection. All that waits goes before the Close, as far as it goes within the close
 * timeout. */
static void
close_endpoint (EfWebSocketSink *self)
{
  ef_clear_source (&self->drain_timeout);
  ef_publisher_send_last (&self->publisher);
  ef_web_socket_endpoint_close_async (&self->endpoint, self->closed, self->closed_data);
}

static void
check_drained (EfWebSocketSink *self)
{
  if (!ef_publisher_is_empty (&self->publisher))
    return;

  if (self->drain_timeout != NULL)
    close_endpoint (self);
  if (!self->draining)
    return;

  self->draining = FALSE;
  ef_sink_drained (EF_SINK (self));
}

static void
publisher_drained (EfElement *element)
{
  check_drained (EF_WEB_SOCKET_SINK (element));
}

static void
ef_web_socket_sink_drain (EfSink *sink)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (sink);

  self->draining = TRUE;
  check_drained (self);
}

/* What comes from the endpoint */

static void
endpoint_connected (EfElement *element, EfWebSocketConnection *connection)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);

  ef_web_socket_connection_set_reading (connection, TRUE);
  ef_publisher_set_connection (&self->publisher, connection);
  check_drained (self);
}

static void
endpoint_received (EfElement *element, EfBatch *batch)
{
  ef_publisher_receive (&EF_WEB_SOCKET_SINK (element)->publisher, batch);
}

static void
endpoint_drained (EfElement *element)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);

  ef_publisher_send_waiting (&self->publisher);
  check_drained (self);
}

static void
endpoint_disconnected (EfElement *element,
                       EfWebSocketConnection *connection,
                       guint code,
                       const char *reason)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);

  ef_publisher_set_connection (&self->publisher, NULL);
  check_drained (self);
}

/* Nothing of what waits will be sent, this time. */
static void
fail_waiting (EfWebSocketSink *self, const GError *error)
{
  EfPublisher *publisher = &self->publisher;

  if (publisher->spool != NULL && !ef_publisher_is_empty (publisher))
    ef_element_post_details (EF_ELEMENT (self), "spooled",
                             g_variant_new_parsed ("{'messages': <%t>, 'bytes': <%t>}",
                                                   ef_spool_get_n_messages (publisher->spool),
                                                   ef_spool_get_n_bytes (publisher->spool)));
  ef_publisher_fail (publisher, error);
}

static void
endpoint_ended (EfElement *element, const GError *error)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);
  g_autoptr (GError) closed = NULL;

  /* What is the end of the stream for a source is a failure for who still has to send. */
  if (error == NULL)
    {
      closed = g_error_new (EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED,
                            "%s: the server closed the connection; “reconnect=true” would open "
                            "another one",
                            ef_web_socket_endpoint_get_url (&self->endpoint));
      ef_element_post_error (element, closed, NULL);
    }

  self->accepting = FALSE;
  self->ended = TRUE;
  fail_waiting (self, error != NULL ? error : closed);
  check_drained (self);
  if (self->drain_timeout != NULL)
    close_endpoint (self);
}

static const EfWebSocketEndpointFuncs endpoint_funcs = {
  .connected = endpoint_connected,
  .received = endpoint_received,
  .drained = endpoint_drained,
  .disconnected = endpoint_disconnected,
  .ended = endpoint_ended,
};

/* States */

static gboolean
ef_web_socket_sink_prepare (EfElement *element, GError **error)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);

  if (!ef_web_socket_endpoint_prepare (&self->endpoint, error))
    return FALSE;

  if (ef_publisher_prepare (&self->publisher, error))
    return TRUE;

  ef_web_socket_endpoint_unprepare (&self->endpoint);

  return FALSE;
}

static void
ef_web_socket_sink_unprepare (EfElement *element)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);

  ef_publisher_unprepare (&self->publisher);
  ef_web_socket_endpoint_unprepare (&self->endpoint);
}

static void
ef_web_socket_sink_open_async (EfElement *element,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);

  self->accepting = TRUE;
  self->draining = FALSE;
  self->ended = FALSE;
  ef_web_socket_endpoint_open_async (&self->endpoint, cancellable, callback, user_data);
}

static gboolean
ef_web_socket_sink_open_finish (EfElement *element, GAsyncResult *result, GError **error)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);
  g_autoptr (GError) reason = NULL;

  if (ef_web_socket_endpoint_open_finish (element, result, &reason))
    return TRUE;

  self->accepting = FALSE;
  fail_waiting (self, reason);
  g_propagate_error (error, g_steal_pointer (&reason));

  return FALSE;
}

static gboolean
drain_timed_out (gpointer user_data)
{
  close_endpoint (user_data);

  return G_SOURCE_REMOVE;
}

static void
ef_web_socket_sink_close_async (EfElement *element,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);
  gint64 timeout = self->publisher.drain_timeout_ms * (gint64) 1000;

  self->accepting = FALSE;
  self->closed = callback;
  self->closed_data = user_data;
  if (timeout == 0 || self->ended || ef_publisher_is_empty (&self->publisher))
    {
      close_endpoint (self);
      return;
    }

  self->drain_timeout = ef_clock_create_timeout (ef_element_get_clock (element), timeout);
  g_source_set_static_name (self->drain_timeout, "[EventFlux] WebSocket sink drain timeout");
  g_source_set_callback (self->drain_timeout, drain_timed_out, self, NULL);
  g_source_attach (self->drain_timeout, ef_element_get_context (element));
}

static void
ef_web_socket_sink_close_finish (EfElement *element, GAsyncResult *result)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);
  EfPublisher *publisher = &self->publisher;
  g_autoptr (GError) error = NULL;

  ef_web_socket_endpoint_close_finish (element, result);
  self->draining = FALSE;
  if (ef_publisher_is_empty (publisher))
    return;

  error = g_error_new (EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED,
                       "%s: stopped before %" G_GUINT64_FORMAT " messages with %" G_GUINT64_FORMAT
                       " bytes could be %s%s",
                       ef_web_socket_endpoint_get_url (&self->endpoint),
                       ef_publisher_get_n_waiting (publisher),
                       publisher->spool != NULL ? ef_spool_get_n_bytes (publisher->spool)
                                                : publisher->outbox.n_bytes,
                       publisher->outbox.confirms ? "confirmed" : "sent",
                       publisher->spool != NULL ? "; they stay in the spool" : "");
  if (publisher->spool == NULL)
    ef_element_post_warning (element, error, NULL);
  fail_waiting (self, error);
}

static void
ef_web_socket_sink_add_stats (EfElement *element, GVariantDict *stats)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);

  ef_web_socket_endpoint_add_stats (&self->endpoint, stats);
  ef_publisher_add_stats (&self->publisher, stats);
}

/* Publishing */

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
 * Tries, with a connection of its own, whether the endpoint can be reached and agrees to the
 * handshake; see [method@EventFlux.WebSocketSource.validate_connectivity].
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

/* The class */

static void
ef_web_socket_sink_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (object);

  if (id < FIRST_OPTION)
    ef_publisher_get_property (&self->publisher,
                               (EfPublisherProperty) (id - FIRST_PUBLISHER_PROPERTY), value);
  else
    ef_web_socket_endpoint_get_property (&self->endpoint, (EfWebSocketOption) (id - FIRST_OPTION),
                                         value);
}

static void
ef_web_socket_sink_set_property (GObject *object,
                                 guint id,
                                 const GValue *value,
                                 GParamSpec *pspec)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (object);

  if (id < FIRST_OPTION)
    ef_publisher_set_property (&self->publisher,
                               (EfPublisherProperty) (id - FIRST_PUBLISHER_PROPERTY), value,
                               pspec);
  else
    ef_web_socket_endpoint_set_property (&self->endpoint, (EfWebSocketOption) (id - FIRST_OPTION),
                                         value, pspec);
}

static void
ef_web_socket_sink_finalize (GObject *object)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (object);

  ef_web_socket_endpoint_clear (&self->endpoint);
  ef_publisher_clear (&self->publisher);

  G_OBJECT_CLASS (ef_web_socket_sink_parent_class)->finalize (object);
}

static void
ef_web_socket_sink_class_init (EfWebSocketSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_web_socket_sink_get_property;
  object_class->set_property = ef_web_socket_sink_set_property;
  object_class->finalize = ef_web_socket_sink_finalize;

  element_class->prepare = ef_web_socket_sink_prepare;
  element_class->open_async = ef_web_socket_sink_open_async;
  element_class->open_finish = ef_web_socket_sink_open_finish;
  element_class->close_async = ef_web_socket_sink_close_async;
  element_class->close_finish = ef_web_socket_sink_close_finish;
  element_class->unprepare = ef_web_socket_sink_unprepare;
  element_class->process = ef_web_socket_sink_process;
  element_class->add_stats = ef_web_socket_sink_add_stats;
  EF_SINK_CLASS (klass)->drain = ef_web_socket_sink_drain;

  ef_publisher_install (object_class, FIRST_PUBLISHER_PROPERTY);

  /**
   * EfWebSocketSink:url:
   *
   * The endpoint to connect to, such as `wss://host:port/path?query`. If there are
   * [property@EventFlux.WebSocketSink:urls], it may be left out.
   */

  /**
   * EfWebSocketSink::connected:
   * @self: the sink
   * @subprotocol: (nullable): the subprotocol that the server chose
   *
   * There is a connection.
   */

  /**
   * EfWebSocketSink::disconnected:
   * @self: the sink
   * @code: the close code (RFC 6455, section 7.4), 1006 if the connection broke
   * @reason: the reason given with it, which may be empty
   *
   * The connection has ended.
   */

  /**
   * EfWebSocketSink::reconnecting:
   * @self: the sink
   * @attempt: which try in a row comes next, counted from 1
   * @delay: the milliseconds until then
   *
   * The sink is going to try again.
   */
  ef_web_socket_endpoint_install (element_class, FIRST_OPTION);

  ef_element_class_set_metadata (element_class, "websocketsink",
                                 "Publishes messages to a WebSocket endpoint.",
                                 "filesource location=lines.txt ! websocketsink "
                                 "url=ws://localhost:8080/");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_PAYLOAD, EF_PAD_CONTENT_ANY);
}

static void
ef_web_socket_sink_init (EfWebSocketSink *self)
{
  ef_publisher_init (&self->publisher, EF_ELEMENT (self), publisher_drained);
  ef_web_socket_endpoint_init (&self->endpoint, EF_ELEMENT (self), &endpoint_funcs);
}

/**
 * ef_web_socket_sink_new:
 *
 * Makes a sink. It needs a [property@EventFlux.WebSocketSink:url].
 *
 * Returns: (transfer full): a new sink
 */
EfWebSocketSink *
ef_web_socket_sink_new (void)
{
  return g_object_new (EF_TYPE_WEB_SOCKET_SINK, NULL);
}

/**
 * ef_web_socket_sink_clone:
 * @self: a sink
 *
 * Makes a sink with the same configuration and nothing else of @self: neither its name and links
 * nor its state, connection and waiting messages.
 *
 * Returns: (transfer full): a new sink
 */
EfWebSocketSink *
ef_web_socket_sink_clone (EfWebSocketSink *self)
{
  g_return_val_if_fail (EF_IS_WEB_SOCKET_SINK (self), NULL);

  return EF_WEB_SOCKET_SINK (ef_web_socket_endpoint_clone (EF_ELEMENT (self)));
}
