/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-enum-types.h"
#include "ef-marshal.h"
#include "ef-web-socket-server-private.h"
#include "ef-web-socket-server-source.h"

/**
 * EfWebSocketServerSource:
 *
 * Receives messages from any number of WebSocket clients (RFC 6455).
 *
 * The element, `websocketserversource`, listens from %EF_STATE_PAUSED on and pushes the messages of all
 * clients, each client's in order, as events with the one column `payload`: `STRING` for a text message,
 * `BYTES` for a binary one. The signals tell clients apart.
 *
 * While its output is held, or it is paused, the source reads from no client, and so makes all of them
 * wait. It comes to no end by itself. When it stops, clients are closed with code 1001.
 *
 * A source lives in the context that was the thread-default one when it was started: its functions are
 * called there and its signals come from there.
 */
struct _EfWebSocketServerSource
{
  EfSource parent_instance;

  EfWebSocketServer server;
  gboolean playing;
};

/* All properties are those of the server. */
#define FIRST_OPTION 1

static guint message_signal;

G_DEFINE_FINAL_TYPE (EfWebSocketServerSource, ef_web_socket_server_source, EF_TYPE_SOURCE)

static gboolean
may_read (EfWebSocketServerSource *self)
{
  return self->playing && !ef_element_is_output_held (EF_ELEMENT (self));
}

static void
update_reading (EfWebSocketServerSource *self)
{
  GHashTableIter iter;
  EfServerClient *client;

  g_hash_table_iter_init (&iter, self->server.clients);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &client))
    ef_web_socket_connection_set_reading (client->connection, may_read (self));
}

/* What comes from the server */

static void
client_connected (EfElement *element, EfServerClient *client)
{
  ef_web_socket_connection_set_reading (client->connection,
                                        may_read (EF_WEB_SOCKET_SERVER_SOURCE (element)));
}

static void
emit_messages (EfWebSocketServerSource *self, guint64 client, EfBatch *batch)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  for (guint i = 0; i < n_events && self->playing; i++)
    {
      g_autoptr (GBytes) bytes = ef_event_get_bytes (events[i], 0);
      gboolean text = ef_event_get_value_type (events[i], 0) == EF_COLUMN_STRING;

      g_signal_emit (self, message_signal, 0, bytes,
                     text ? EF_WEB_SOCKET_MESSAGE_TEXT : EF_WEB_SOCKET_MESSAGE_BINARY, client);
    }
}

static void
client_received (EfElement *element, EfServerClient *client, EfBatch *batch)
{
  EfWebSocketServerSource *self = (EfWebSocketServerSource *) element;

  if (G_UNLIKELY (g_signal_has_handler_pending (self, message_signal, 0, TRUE)))
    emit_messages (self, client->id, batch);
  ef_element_push (element, batch);
}

static void
client_drained (EfElement *element, EfServerClient *client)
{
}

static void
client_disconnected (EfElement *element, EfServerClient *client)
{
}

static const EfWebSocketServerFuncs server_funcs = {
  .connected = client_connected,
  .received = client_received,
  .drained = client_drained,
  .disconnected = client_disconnected,
};

/* States */

static gboolean
ef_web_socket_server_source_prepare (EfElement *element, GError **error)
{
  return ef_web_socket_server_prepare (&EF_WEB_SOCKET_SERVER_SOURCE (element)->server, error);
}

static void
ef_web_socket_server_source_open_async (EfElement *element,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  ef_web_socket_server_open_async (&EF_WEB_SOCKET_SERVER_SOURCE (element)->server, cancellable,
                                   callback, user_data);
}

static void
ef_web_socket_server_source_play (EfElement *element)
{
  EfWebSocketServerSource *self = EF_WEB_SOCKET_SERVER_SOURCE (element);

  self->playing = TRUE;
  update_reading (self);
}

static void
ef_web_socket_server_source_pause (EfElement *element)
{
  EfWebSocketServerSource *self = EF_WEB_SOCKET_SERVER_SOURCE (element);

  self->playing = FALSE;
  update_reading (self);
}

static void
ef_web_socket_server_source_close_async (EfElement *element,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  ef_web_socket_server_close_async (&EF_WEB_SOCKET_SERVER_SOURCE (element)->server, callback,
                                    user_data);
}

static void
ef_web_socket_server_source_unprepare (EfElement *element)
{
  ef_web_socket_server_unprepare (&EF_WEB_SOCKET_SERVER_SOURCE (element)->server);
}

static void
ef_web_socket_server_source_output_held (EfElement *element, gboolean held)
{
  update_reading (EF_WEB_SOCKET_SERVER_SOURCE (element));
}

static void
ef_web_socket_server_source_add_stats (EfElement *element, GVariantDict *stats)
{
  ef_web_socket_server_add_stats (&EF_WEB_SOCKET_SERVER_SOURCE (element)->server, stats);
}

/* The class */

static void
ef_web_socket_server_source_get_property (GObject *object,
                                          guint id,
                                          GValue *value,
                                          GParamSpec *pspec)
{
  ef_web_socket_server_get_property (&EF_WEB_SOCKET_SERVER_SOURCE (object)->server,
                                     (EfWebSocketServerOption) (id - FIRST_OPTION), value);
}

static void
ef_web_socket_server_source_set_property (GObject *object,
                                          guint id,
                                          const GValue *value,
                                          GParamSpec *pspec)
{
  ef_web_socket_server_set_property (&EF_WEB_SOCKET_SERVER_SOURCE (object)->server,
                                     (EfWebSocketServerOption) (id - FIRST_OPTION), value, pspec);
}

static void
ef_web_socket_server_source_finalize (GObject *object)
{
  ef_web_socket_server_clear (&EF_WEB_SOCKET_SERVER_SOURCE (object)->server);

  G_OBJECT_CLASS (ef_web_socket_server_source_parent_class)->finalize (object);
}

/* As in WebSocketSource: the signal is declared to copy the message for the sake of scripts, and a
 * handler in C is lent it. Only C closures come this way. */
static void
marshal_message (GClosure *closure,
                 GValue *return_value,
                 gpointer instance,
                 va_list args,
                 gpointer marshal_data,
                 int n_params,
                 GType *param_types)
{
  GType lent[] = { param_types[0] | G_SIGNAL_TYPE_STATIC_SCOPE, param_types[1], param_types[2] };

  _ef_marshal_VOID__BOXED_ENUM_UINT64v (closure, return_value, instance, args, marshal_data,
                                        n_params, lent);
}

static void
ef_web_socket_server_source_class_init (EfWebSocketServerSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_web_socket_server_source_get_property;
  object_class->set_property = ef_web_socket_server_source_set_property;
  object_class->finalize = ef_web_socket_server_source_finalize;

  element_class->prepare = ef_web_socket_server_source_prepare;
  element_class->open_async = ef_web_socket_server_source_open_async;
  element_class->open_finish = ef_web_socket_server_open_finish;
  element_class->play = ef_web_socket_server_source_play;
  element_class->pause = ef_web_socket_server_source_pause;
  element_class->close_async = ef_web_socket_server_source_close_async;
  element_class->close_finish = ef_web_socket_server_close_finish;
  element_class->unprepare = ef_web_socket_server_source_unprepare;
  element_class->output_held = ef_web_socket_server_source_output_held;
  element_class->add_stats = ef_web_socket_server_source_add_stats;

  /**
   * EfWebSocketServerSource::client-connected:
   * @self: the element
   * @client: the client's number, counted from 1
   * @address: the client's address and port
   *
   * A client has connected.
   */

  /**
   * EfWebSocketServerSource::client-disconnected:
   * @self: the element
   * @client: the client's number
   * @code: the close code (RFC 6455, section 7.4), 1006 if the connection broke
   * @reason: the reason given with it, which may be empty
   *
   * The connection of a client has ended.
   */
  ef_web_socket_server_install (element_class, FIRST_OPTION);

  /**
   * EfWebSocketServerSource::message:
   * @self: the source
   * @message: the message's bytes
   * @type: whether it is text or binary
   * @client: the number of the client that sent it
   *
   * A message came. While nobody has connected to this signal it is not emitted and costs nothing.
   */
  message_signal = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, _ef_marshal_VOID__BOXED_ENUM_UINT64, G_TYPE_NONE, 3,
                                 G_TYPE_BYTES,
                                 EF_TYPE_WEB_SOCKET_MESSAGE_TYPE, G_TYPE_UINT64);
  g_signal_set_va_marshaller (message_signal, G_TYPE_FROM_CLASS (klass), marshal_message);

  ef_element_class_set_metadata (element_class, "websocketserversource",
                                 "Receives messages from WebSocket clients.",
                                 "websocketserversource url=ws://127.0.0.1:8080/ingest ! consolesink");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_ANY, EF_PAD_CONTENT_PAYLOAD);
}

static void
ef_web_socket_server_source_init (EfWebSocketServerSource *self)
{
  ef_web_socket_server_init (&self->server, EF_ELEMENT (self), &server_funcs);
}

/**
 * ef_web_socket_server_source_new:
 *
 * Makes a source. It needs a [property@EventFlux.WebSocketServerSource:url].
 *
 * Returns: (transfer full): a new source
 */
EfWebSocketServerSource *
ef_web_socket_server_source_new (void)
{
  return g_object_new (EF_TYPE_WEB_SOCKET_SERVER_SOURCE, NULL);
}
