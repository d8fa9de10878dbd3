/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-enum-types.h"
#include "ef-gaps-private.h"
#include "ef-marshal.h"
#include "ef-web-socket-endpoint-private.h"
#include "ef-web-socket-source.h"

/**
 * EfWebSocketSource:
 *
 * Connects to a WebSocket endpoint (RFC 6455) and delivers the messages that come from it.
 *
 * Each message becomes an event with the one column `payload`: a `STRING` for a text message,
 * `BYTES` for a binary one. Used alone, without a pipeline, it also gives them out as the signal
 * [signal@EventFlux.WebSocketSource::message].
 *
 * When the connection is lost, or closed by the server, the source connects again: after
 * [property@EventFlux.WebSocketSource:reconnect-delay-ms], then after twice as long, and so on.
 * Delays and attempts start over after a connection that brought a message or lasted for ten
 * seconds, unless it ended because either side broke or refused what the other sent. What is done
 * about which failure is up to [property@EventFlux.WebSocketSource:reconnect-policy]: by default,
 * what the source can not expect to change, such as a path that is not found, ends it at once the
 * first time, and refused credentials always do unless there are others. Between the events before
 * and after the loss comes a marker of the kind %EF_MARKER_GAP.
 *
 * If it does not reconnect, a connection that the server closes in order (codes 1000, 1001 and
 * none) is the end of the stream; any other end is an error.
 *
 * While its output is held, or it is paused, the source reads nothing, and so makes the server
 * wait.
 *
 * A source lives in the context that was the thread-default one when it was started: its functions
 * are called there and its signals come from there.
 */
struct _EfWebSocketSource
{
  EfSource parent_instance;

  EfWebSocketEndpoint endpoint;
  gboolean playing;
  EfGaps gaps;
  gboolean ended; /* not pushed yet, as the source was not playing */
  GSource *catch_up;
};

/* All properties are those of the gaps and of the endpoint. */
#define FIRST_GAPS_PROPERTY 1
#define FIRST_OPTION (FIRST_GAPS_PROPERTY + EF_GAPS_N_PROPERTIES)

static guint message_signal;

G_DEFINE_FINAL_TYPE_WITH_CODE (EfWebSocketSource,
                               ef_web_socket_source,
                               EF_TYPE_SOURCE,
                               G_IMPLEMENT_INTERFACE (EF_TYPE_VALIDATABLE,
                                                      ef_web_socket_endpoint_validatable_init))

static void
update_reading (EfWebSocketSource *self)
{
  EfWebSocketConnection *connection = ef_web_socket_endpoint_get_connection (&self->endpoint);

  if (connection != NULL)
    ef_web_socket_connection_set_reading (connection,
                                          self->playing && self->gaps.marker == NULL
                                              && !ef_element_is_output_held (EF_ELEMENT (self)));
}

/* What comes from the endpoint */

/* Signals cost more than all the rest of the way of a message, so they are made for those who
 * listen. */
static void
emit_messages (EfWebSocketSource *self, EfBatch *batch)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  for (guint i = 0; i < n_events && self->playing; i++)
    {
      g_autoptr (GBytes) bytes = ef_event_get_bytes (events[i], 0);
      gboolean text = ef_event_get_value_type (events[i], 0) == EF_COLUMN_STRING;

      g_signal_emit (self, message_signal, 0, bytes,
                     text ? EF_WEB_SOCKET_MESSAGE_TEXT : EF_WEB_SOCKET_MESSAGE_BINARY);
    }
}

static void
endpoint_received (EfElement *element, EfBatch *batch)
{
  EfWebSocketSource *self = (EfWebSocketSource *) element;

  /* To ask whether somebody listens costs more than one emission to nobody: 940 instructions against
   * 450, a twentieth of what a lone message takes. */
  if (ef_batch_get_n_events (batch) == 1
      || G_UNLIKELY (g_signal_has_handler_pending (self, message_signal, 0, TRUE)))
    {
      g_autoptr (EfWebSocketSource) alive = g_object_ref (self);

      emit_messages (alive, batch);
      if (alive->playing)
        ef_gaps_push (&self->gaps, batch);
      return;
    }

  ef_gaps_push (&self->gaps, batch);
}

static void
endpoint_connected (EfElement *element, EfWebSocketConnection *connection)
{
  EfWebSocketSource *self = EF_WEB_SOCKET_SOURCE (element);

  ef_gaps_end (&self->gaps);
  if (self->playing && self->gaps.marker != NULL)
    {
      g_autoptr (EfMarker) gap = ef_gaps_take_marker (&self->gaps);

      ef_element_push_marker (element, gap);
    }

  update_reading (self);
}

static void
endpoint_disconnected (EfElement *element,
                       EfWebSocketConnection *connection,
                       guint code,
                       const char *reason)
{
  ef_gaps_lose (&EF_WEB_SOCKET_SOURCE (element)->gaps, code, reason);
}

static void
endpoint_ended (EfElement *element, const GError *error)
{
  EfWebSocketSource *self = EF_WEB_SOCKET_SOURCE (element);

  if (error != NULL)
    return;

  if (self->playing)
    ef_source_end (EF_SOURCE (self));
  else
    self->ended = TRUE;
}

static const EfWebSocketEndpointFuncs endpoint_funcs = {
  .connected = endpoint_connected,
  .received = endpoint_received,
  .disconnected = endpoint_disconnected,
  .ended = endpoint_ended,
};

/* States */

static gboolean
ef_web_socket_source_prepare (EfElement *element, GError **error)
{
  EfWebSocketSource *self = EF_WEB_SOCKET_SOURCE (element);

  if (!ef_gaps_prepare (&self->gaps, error))
    return FALSE;
  if (ef_web_socket_endpoint_prepare (&self->endpoint, error))
    return TRUE;

  ef_gaps_unprepare (&self->gaps);
  return FALSE;
}

static void
ef_web_socket_source_unprepare (EfElement *element)
{
  EfWebSocketSource *self = EF_WEB_SOCKET_SOURCE (element);

  ef_web_socket_endpoint_unprepare (&self->endpoint);
  ef_gaps_unprepare (&self->gaps);
}

static void
ef_web_socket_source_open_async (EfElement *element,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  EfWebSocketSource *self = EF_WEB_SOCKET_SOURCE (element);

  ef_gaps_open (&self->gaps);
  self->ended = FALSE;
  ef_web_socket_endpoint_open_async (&self->endpoint, cancellable, callback, user_data);
}

/* What happened while the source was not playing. */
static gboolean
catch_up (gpointer user_data)
{
  g_autoptr (EfWebSocketSource) self = g_object_ref (user_data);
  g_autoptr (EfMarker) gap = ef_gaps_take_marker (&self->gaps);

  ef_clear_source (&self->catch_up);
  if (gap != NULL)
    ef_element_push_marker (EF_ELEMENT (self), gap);
  if (self->ended && self->playing)
    {
      self->ended = FALSE;
      ef_source_end (EF_SOURCE (self));
    }
  update_reading (self);

  return G_SOURCE_REMOVE;
}

static void
ef_web_socket_source_play (EfElement *element)
{
  EfWebSocketSource *self = EF_WEB_SOCKET_SOURCE (element);

  self->playing = TRUE;
  if (self->gaps.marker == NULL && !self->ended)
    {
      update_reading (self);
      return;
    }

  self->catch_up = g_idle_source_new ();
  g_source_set_priority (self->catch_up, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->catch_up, "[EventFlux] WebSocketSource catch up");
  g_source_set_callback (self->catch_up, catch_up, self, NULL);
  g_source_attach (self->catch_up, g_main_context_get_thread_default ());
}

static void
ef_web_socket_source_pause (EfElement *element)
{
  EfWebSocketSource *self = EF_WEB_SOCKET_SOURCE (element);

  self->playing = FALSE;
  ef_clear_source (&self->catch_up);
  update_reading (self);
}

static void
ef_web_socket_source_close_async (EfElement *element,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  EfWebSocketSource *self = EF_WEB_SOCKET_SOURCE (element);

  ef_web_socket_endpoint_close_async (&self->endpoint, callback, user_data);
}

static void
ef_web_socket_source_output_held (EfElement *element, gboolean held)
{
  update_reading (EF_WEB_SOCKET_SOURCE (element));
}

static void
ef_web_socket_source_add_stats (EfElement *element, GVariantDict *stats)
{
  EfWebSocketSource *self = EF_WEB_SOCKET_SOURCE (element);

  ef_web_socket_endpoint_add_stats (&self->endpoint, stats);
  ef_gaps_add_stats (&self->gaps, stats);
}

/* The class */

/* The signal is declared to copy the message, since a script may keep it beyond its handler. A
 * handler in C takes a reference if it wants one, and the copy, with its look at the type, would be
 * an eighth of the cost of a message. Only C closures come this way. */
static void
marshal_message (GClosure *closure,
                 GValue *return_value,
                 gpointer instance,
                 va_list args,
                 gpointer marshal_data,
                 int n_params,
                 GType *param_types)
{
  GType lent[] = { param_types[0] | G_SIGNAL_TYPE_STATIC_SCOPE, param_types[1] };

  _ef_marshal_VOID__BOXED_ENUMv (closure, return_value, instance, args, marshal_data, n_params,
                                 lent);
}

static void
ef_web_socket_source_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfWebSocketSource *self = EF_WEB_SOCKET_SOURCE (object);

  if (id < FIRST_OPTION)
    ef_gaps_get_property (&self->gaps, (EfGapsProperty) (id - FIRST_GAPS_PROPERTY), value);
  else
    ef_web_socket_endpoint_get_property (&self->endpoint, (EfWebSocketOption) (id - FIRST_OPTION),
                                         value);
}

static void
ef_web_socket_source_set_property (GObject *object,
                                   guint id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  EfWebSocketSource *self = EF_WEB_SOCKET_SOURCE (object);

  if (id >= FIRST_OPTION)
    ef_web_socket_endpoint_set_property (&self->endpoint, (EfWebSocketOption) (id - FIRST_OPTION),
                                         value, pspec);
  else if (ef_gaps_set_property (&self->gaps, (EfGapsProperty) (id - FIRST_GAPS_PROPERTY), value))
    g_object_notify_by_pspec (object, pspec);
}

static void
ef_web_socket_source_finalize (GObject *object)
{
  EfWebSocketSource *self = EF_WEB_SOCKET_SOURCE (object);

  ef_clear_source (&self->catch_up);
  ef_web_socket_endpoint_clear (&self->endpoint);
  ef_gaps_clear (&self->gaps);

  G_OBJECT_CLASS (ef_web_socket_source_parent_class)->finalize (object);
}

static void
install_options (EfElementClass *element_class)
{
  /**
   * EfWebSocketSource::connected:
   * @self: the source
   * @subprotocol: (nullable): the subprotocol that the server chose
   *
   * There is a connection.
   */

  /**
   * EfWebSocketSource::disconnected:
   * @self: the source
   * @code: the close code (RFC 6455, section 7.4), 1006 if the connection broke
   * @reason: the reason given with it, which may be empty
   *
   * The connection has ended.
   */

  /**
   * EfWebSocketSource::reconnecting:
   * @self: the source
   * @attempt: which try in a row comes next, counted from 1
   * @delay: the milliseconds until then
   *
   * The source is going to try again.
   */
  ef_web_socket_endpoint_install (element_class, FIRST_OPTION);

  /**
   * EfWebSocketSource:sequence-path:
   *
   * Where in a JSON message its number is, such as `$.seq`: a whole number, or a string of one, that
   * goes up by one from message to message. Numbers that are left out are known to be missing: they
   * are counted, told of by a message `gap`, and marked by a marker of the kind %EF_MARKER_GAP.
   */

  /**
   * EfWebSocketSource:sequence-key-path:
   *
   * Where in a JSON message it says whose number that is, such as `$.symbol`, if each counts for
   * itself.
   */

  /**
   * EfWebSocketSource:sequence-max-keys:
   *
   * Of how many keys the last number is remembered. Of more, those that were not seen for the longest
   * time are forgotten: their next number tells of nothing that is missing.
   */
  ef_gaps_install (G_OBJECT_CLASS (element_class), FIRST_GAPS_PROPERTY);
}

static void
install_message_signal (GType type)
{
  /**
   * EfWebSocketSource::message:
   * @self: the source
   * @message: the message's bytes
   * @type: whether it is text or binary
   *
   * A message came. While nobody has connected to this signal it is not emitted and costs nothing.
   */
  message_signal = g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 _ef_marshal_VOID__BOXED_ENUM, G_TYPE_NONE, 2, G_TYPE_BYTES,
                                 EF_TYPE_WEB_SOCKET_MESSAGE_TYPE);
  g_signal_set_va_marshaller (message_signal, type, marshal_message);
}

static void
ef_web_socket_source_class_init (EfWebSocketSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_web_socket_source_get_property;
  object_class->set_property = ef_web_socket_source_set_property;
  object_class->finalize = ef_web_socket_source_finalize;

  element_class->prepare = ef_web_socket_source_prepare;
  element_class->open_async = ef_web_socket_source_open_async;
  element_class->open_finish = ef_web_socket_endpoint_open_finish;
  element_class->play = ef_web_socket_source_play;
  element_class->pause = ef_web_socket_source_pause;
  element_class->close_async = ef_web_socket_source_close_async;
  element_class->close_finish = ef_web_socket_endpoint_close_finish;
  element_class->unprepare = ef_web_socket_source_unprepare;
  element_class->output_held = ef_web_socket_source_output_held;
  element_class->add_stats = ef_web_socket_source_add_stats;

  install_options (element_class);
  install_message_signal (EF_TYPE_WEB_SOCKET_SOURCE);

  ef_element_class_set_metadata (element_class, "websocketsource",
                                 "Receives messages from a WebSocket endpoint.",
                                 "websocketsource url=wss://stream.binance.com:9443/ws/"
                                 "btcusdt@trade ! consolesink");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_ANY, EF_PAD_CONTENT_PAYLOAD);
}

static void
ef_web_socket_source_init (EfWebSocketSource *self)
{
  ef_gaps_init (&self->gaps, EF_ELEMENT (self));
  ef_web_socket_endpoint_init (&self->endpoint, EF_ELEMENT (self), &endpoint_funcs);
}

/**
 * ef_web_socket_source_new:
 *
 * Makes a source. It needs a [property@EventFlux.WebSocketSource:url].
 *
 * Returns: (transfer full): a new source
 */
EfWebSocketSource *
ef_web_socket_source_new (void)
{
  return g_object_new (EF_TYPE_WEB_SOCKET_SOURCE, NULL);
}

/**
 * ef_web_socket_source_clone:
 * @self: a source
 *
 * Makes a source with the same configuration and nothing else of @self: neither its name and links
 * nor its state and connection.
 *
 * Returns: (transfer full): a new source
 */
EfWebSocketSource *
ef_web_socket_source_clone (EfWebSocketSource *self)
{
  g_return_val_if_fail (EF_IS_WEB_SOCKET_SOURCE (self), NULL);

  return EF_WEB_SOCKET_SOURCE (ef_element_clone (EF_ELEMENT (self)));
}

/**
 * ef_web_socket_source_validate_connectivity:
 * @self: a source
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Tries, with a connection of its own, whether the endpoint can be reached and agrees to the
 * handshake. It waits for the outcome, [property@EventFlux.WebSocketSource:connect-timeout-ms] at
 * most, and lets nothing else run in the calling thread meanwhile; see
 * [method@EventFlux.Validatable.validate_connectivity_async] for the form that does not wait.
 *
 * Errors: those of [error@EventFlux.WebSocketError] and, if a property is wrong,
 * [error@EventFlux.Error].
 *
 * Returns: %TRUE if the endpoint is there and answers as it should
 */
gboolean
ef_web_socket_source_validate_connectivity (EfWebSocketSource *self,
                                            GCancellable *cancellable,
                                            GError **error)
{
  g_return_val_if_fail (EF_IS_WEB_SOCKET_SOURCE (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return ef_web_socket_endpoint_validate (&self->endpoint, cancellable, error);
}
