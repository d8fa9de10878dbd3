/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-config-key-private.h"
#include "ef-config.h"
#include "ef-error.h"
#include "ef-web-socket-sink-private.h"

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
 * With a [property@EventFlux.WebSocketSink:source] the sink has no connection of its own: it sends on
 * that of the source, to the same session of the server. The source then decides when to connect, and
 * when it stops, the sink is given the time to send what waits.
 *
 * The sink reconnects as [class@EventFlux.WebSocketSource] does. It reads too, for the sake of
 * pings, of the server's Close and of its confirmations; other messages that come are dropped.
 *
 * A sink lives in the context that was the thread-default one when it was started: its functions
 * are called there and its signals come from there.
 */

typedef enum
{
  PROP_SOURCE = 1,
} EfWebSocketSinkProperty;

/* All others are those of the publisher and of the endpoint. */
#define FIRST_PUBLISHER_PROPERTY (PROP_SOURCE + 1)
#define FIRST_OPTION (FIRST_PUBLISHER_PROPERTY + EF_PUBLISHER_N_PROPERTIES)

G_DEFINE_FINAL_TYPE_WITH_CODE (EfWebSocketSink,
                               ef_web_socket_sink,
                               EF_TYPE_SINK,
                               G_IMPLEMENT_INTERFACE (EF_TYPE_VALIDATABLE,
                                                      ef_web_socket_endpoint_validatable_init))

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

/* The end has come before all was sent. Who failed itself has told of it. */
static void
fail_with_end (EfWebSocketSink *self)
{
  ef_element_post_error (EF_ELEMENT (self), self->end, NULL);
  fail_waiting (self, self->end);
}

static void
ef_web_socket_sink_process (EfElement *element, EfBatch *batch)
{
  EfWebSocketSink *self = (EfWebSocketSink *) element;

  ef_publisher_process (&self->publisher, batch);
  if (G_UNLIKELY (self->end != NULL) && ef_web_socket_endpoint_borrows (&self->endpoint)
      && !ef_publisher_is_empty (&self->publisher))
    fail_with_end (self);
}

/* Closes the connection. All that waits goes before the Close, as far as it goes within the close
 * timeout. A connection that is borrowed goes on, and what it was given could not be taken back. */
static void
close_endpoint (EfWebSocketSink *self)
{
  if (!ef_web_socket_endpoint_borrows (&self->endpoint))
    ef_publisher_send_last (&self->publisher);
  ef_web_socket_endpoint_close_async (&self->endpoint, self->closed, self->closed_data);
}

/* All has left that has to before the connection is closed, or the time for it is over. */
static void
end_drain (EfWebSocketSink *self)
{
  ef_clear_source (&self->drain_timeout);
  if (self->closed != NULL)
    {
      close_endpoint (self);
      return;
    }

  ef_publisher_send_last (&self->publisher);
  ef_web_socket_endpoint_give_back (&self->endpoint);
}

static gboolean
drain_timed_out (gpointer user_data)
{
  end_drain (user_data);

  return G_SOURCE_REMOVE;
}

static void
begin_drain (EfWebSocketSink *self, guint timeout_ms)
{
  self->drain_timeout = ef_clock_create_timeout (ef_element_get_clock (EF_ELEMENT (self)),
                                                 timeout_ms * (gint64) 1000);
  g_source_set_static_name (self->drain_timeout, "[EventFlux] WebSocket sink drain timeout");
  g_source_set_callback (self->drain_timeout, drain_timed_out, self, NULL);
  g_source_attach (self->drain_timeout, ef_element_get_context (EF_ELEMENT (self)));
}

static void
check_drained (EfWebSocketSink *self)
{
  if (!ef_publisher_is_empty (&self->publisher))
    return;

  if (self->drain_timeout != NULL)
    end_drain (self);
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

  if (!ef_web_socket_endpoint_borrows (&self->endpoint))
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

static GError *
make_closed_error (EfWebSocketSink *self)
{
  return g_error_new (EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED,
                      "%s: the server closed the connection; “reconnect=true” would open another "
                      "one",
                      ef_web_socket_endpoint_get_url (&self->endpoint));
}

/* What is the end of the stream for a source is a failure for who still has to send. Who sends on the
 * connection of a source may have had nothing more to send. */
static void
endpoint_ended (EfElement *element, const GError *error)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);

  self->accepting = FALSE;
  self->end = error != NULL ? g_error_copy (error) : make_closed_error (self);
  if (error != NULL)
    fail_waiting (self, error);
  else if (!ef_web_socket_endpoint_borrows (&self->endpoint)
           || !ef_publisher_is_empty (&self->publisher))
    fail_with_end (self);

  if (self->drain_timeout != NULL)
    end_drain (self);
  check_drained (self);
}

/* The source is about to close the connection. */
static gboolean
endpoint_called_back (EfElement *element)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);
  EfPublisher *publisher = &self->publisher;

  if (self->drain_timeout != NULL)
    return TRUE;

  if (publisher->drain_timeout_ms == 0 || ef_publisher_is_empty (publisher))
    {
      ef_publisher_send_last (publisher);
      return FALSE;
    }

  begin_drain (self, publisher->drain_timeout_ms);
  return TRUE;
}

static const EfWebSocketEndpointFuncs endpoint_funcs = {
  .connected = endpoint_connected,
  .received = endpoint_received,
  .drained = endpoint_drained,
  .disconnected = endpoint_disconnected,
  .ended = endpoint_ended,
  .called_back = endpoint_called_back,
};

/* States */

/* Confirmations come as messages, and of these the source has the say: it may be held by this very
 * sink, which waits for them. */
static gboolean
prepare_loan (EfWebSocketSink *self, GError **error)
{
  if (self->publisher.ack_path_text != NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                   "%s: “ack-path” does not go with “source”: confirmations need a connection of the "
                   "sink's own",
                   ef_element_get_name (EF_ELEMENT (self)));
      return FALSE;
    }

  return ef_web_socket_endpoint_prepare_loan (&self->endpoint, error);
}

static gboolean
ef_web_socket_sink_prepare (EfElement *element, GError **error)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);

  if (!(self->endpoint.source != NULL ? prepare_loan (self, error)
                             : ef_web_socket_endpoint_prepare (&self->endpoint, error)))
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
  g_clear_error (&self->end);
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

/* A connection of its own takes all that waits before its Close, and closes within its close timeout.
 * On one that goes on it is the sink that has to wait. */
static guint
get_drain_timeout (EfWebSocketSink *self)
{
  guint timeout_ms = self->publisher.drain_timeout_ms;

  if (timeout_ms == 0 && ef_web_socket_endpoint_borrows (&self->endpoint))
    timeout_ms = self->endpoint.lender->options.close_timeout_ms;

  return timeout_ms;
}

/* Whether some of what waits may yet leave, by a connection that there is or may come to be. */
static gboolean
is_worth_a_wait (EfWebSocketSink *self)
{
  return get_drain_timeout (self) > 0 && self->end == NULL && !ef_publisher_is_empty (&self->publisher)
         && ef_web_socket_endpoint_is_open (&self->endpoint);
}

static void
ef_web_socket_sink_close_async (EfElement *element,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);

  self->accepting = FALSE;
  self->closed = callback;
  self->closed_data = user_data;
  if (!is_worth_a_wait (self))
    end_drain (self);
  else if (self->drain_timeout == NULL)
    begin_drain (self, get_drain_timeout (self));
}

static void
ef_web_socket_sink_close_finish (EfElement *element, GAsyncResult *result)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (element);
  EfPublisher *publisher = &self->publisher;
  g_autoptr (GError) error = NULL;

  ef_web_socket_endpoint_close_finish (element, result);
  self->closed = NULL;
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

/* The class */

static void
ef_web_socket_sink_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfWebSocketSink *self = EF_WEB_SOCKET_SINK (object);

  if (id == PROP_SOURCE)
    g_value_set_object (value, self->endpoint.source);
  else if (id < FIRST_OPTION)
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

  if (id == PROP_SOURCE)
    {
      /* Not owned, for a source owns what it is linked to, and so mostly this sink. */
      if (g_set_weak_pointer (&self->endpoint.source, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
    }
  else if (id < FIRST_OPTION)
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
  g_clear_error (&self->end);

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

  /**
   * EfWebSocketSink:source:
   *
   * The source on whose connection to send, instead of on one of the sink's own: the server then
   * takes what comes in and what goes out for one client. What a server has to be told before it
   * sends anything is sent this way, and so is what answers its messages. How to connect is set with
   * the source. Both live in the same context. In the description of a pipeline it is the source's
   * name. It counts from the next start.
   *
   * The sink does not keep the source while it is down: it is %NULL again when nobody else does.
   */
  g_object_class_install_property (
    object_class, PROP_SOURCE,
    g_param_spec_object ("source", NULL,
                         "The websocketsource on whose connection to send, instead of one of its own.",
                         EF_TYPE_WEB_SOCKET_SOURCE,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));

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
  ef_config_key_set_alternative (g_object_class_find_property (object_class, "urls"), "source");

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
 * Makes a sink. It needs a [property@EventFlux.WebSocketSink:url] or a
 * [property@EventFlux.WebSocketSink:source].
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

  return EF_WEB_SOCKET_SINK (ef_element_clone (EF_ELEMENT (self)));
}
