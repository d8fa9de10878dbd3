/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-client-outbox-private.h"
#include "ef-enum-types.h"
#include "ef-error.h"
#include "ef-relaxed-private.h"
#include "ef-web-socket-server-private.h"
#include "ef-web-socket-server-sink.h"

/**
 * EfWebSocketServerSink:
 *
 * Sends messages to all WebSocket clients that are connected (RFC 6455).
 *
 * The element, `websocketserversink`, listens from %EF_STATE_PAUSED on. It takes events with one column:
 * a `STRING` or `JSON` becomes a text message, `BYTES` become a binary one. A message is encoded once,
 * whatever the number of clients. What clients send is read and dropped.
 *
 * What waits for a client that does not take it is bounded by
 * [property@EventFlux.WebSocketServerSink:client-buffer-max-bytes], and
 * [property@EventFlux.WebSocketServerSink:slow-client] says what happens then. A client gets the messages
 * that come after it has connected. Those that come while nobody is connected are dropped and counted,
 * or, with [property@EventFlux.WebSocketServerSink:wait-for-client], made to wait.
 *
 * When the sink stops, clients get what waits for them and are then closed with code 1001.
 *
 * A sink lives in the context that was the thread-default one when it was started: its functions are
 * called there and its signals come from there.
 */
struct _EfWebSocketServerSink
{
  EfSink parent_instance;

  EfWebSocketServer server;
  guint64 client_buffer_max_bytes;
  EfSlowClient slow_client;
  gboolean wait_for_client;

  GByteArray *frames; /* being encoded */
  guint n_frames;
  GPtrArray *waiting; /* batches that came before the first client */
  gboolean draining;

  /* Read from any thread. */
  guint64 n_sent;
  guint64 n_dropped;
  guint64 n_unheard;
  guint64 n_slow_clients;
};

typedef enum
{
  PROP_CLIENT_BUFFER_MAX_BYTES = 1,
  PROP_SLOW_CLIENT,
  PROP_WAIT_FOR_CLIENT,
} EfWebSocketServerSinkProperty;

#define N_PROPERTIES (PROP_WAIT_FOR_CLIENT + 1)

/* The properties of the server come behind those of the class. */
#define FIRST_OPTION N_PROPERTIES

#define DEFAULT_CLIENT_BUFFER_MAX_BYTES (16 * 1024 * 1024)

/* Frames are handed to clients by the chunk: large enough to be shared without a copy, and for one
 * write; not so large that dropping one drops a good part of what may wait. */
#define CHUNK_SIZE (64 * 1024)

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (EfWebSocketServerSink, ef_web_socket_server_sink, EF_TYPE_SINK)

/* Slow clients */

static void
warn_of_slow_client (EfWebSocketServerSink *self, EfServerClient *client, const char *outcome)
{
  EfClientOutbox *outbox = client->data;
  g_autoptr (GError) error = NULL;
  g_autofree char *size = NULL;

  if (outbox->lagging)
    return;

  outbox->lagging = TRUE;
  ef_relaxed_add (&self->n_slow_clients, 1);
  size = g_format_size_full (ef_client_outbox_get_size (outbox), G_FORMAT_SIZE_IEC_UNITS);
  g_set_error (&error, EF_ERROR, EF_ERROR_RESOURCE,
               "client %" G_GUINT64_FORMAT " (%s) does not take its messages, %s wait: %s",
               client->id, client->address != NULL ? client->address : "?", size, outcome);
  ef_element_post_warning (EF_ELEMENT (self), error, NULL);
}

static void
disconnect_slow_client (EfWebSocketServerSink *self, EfServerClient *client)
{
  EfClientOutbox *outbox = client->data;

  warn_of_slow_client (self, client, "it is disconnected");
  while (!g_queue_is_empty (&outbox->chunks))
    ef_relaxed_add (&self->n_dropped, ef_client_outbox_drop_oldest (outbox));
  ef_web_socket_connection_close (client->connection, EF_CLOSE_POLICY_VIOLATION, "too slow");
}

static void
bound_outbox (EfWebSocketServerSink *self, EfServerClient *client)
{
  EfClientOutbox *outbox = client->data;

  if (ef_client_outbox_get_size (outbox) <= self->client_buffer_max_bytes)
    return;

  if (self->slow_client == EF_SLOW_CLIENT_DISCONNECT)
    {
      disconnect_slow_client (self, client);
      return;
    }

  warn_of_slow_client (self, client, "the oldest are dropped");
  while (ef_client_outbox_get_size (outbox) > self->client_buffer_max_bytes
         && !g_queue_is_empty (&outbox->chunks))
    ef_relaxed_add (&self->n_dropped, ef_client_outbox_drop_oldest (outbox));
}

/* Sending */

static void
send_chunk (EfWebSocketServerSink *self, EfFrameChunk *chunk)
{
  GHashTableIter iter;
  EfServerClient *client;

  g_hash_table_iter_init (&iter, self->server.clients);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &client))
    {
      if (!ef_web_socket_connection_is_open (client->connection))
        continue;

      ef_client_outbox_add (client->data, chunk);
      ef_relaxed_add (&self->n_sent, chunk->n_messages);
      if (!ef_client_outbox_send (client->data))
        bound_outbox (self, client);
    }
}

static void
send_frames (EfWebSocketServerSink *self)
{
  EfFrameChunk *chunk;

  if (self->n_frames == 0)
    return;

  chunk = ef_frame_chunk_new (self->frames, self->n_frames);
  self->n_frames = 0;
  send_chunk (self, chunk);
  ef_frame_chunk_unref (chunk);
}

static void
flush_clients (EfWebSocketServerSink *self)
{
  GHashTableIter iter;
  EfServerClient *client;

  g_hash_table_iter_init (&iter, self->server.clients);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &client))
    ef_web_socket_connection_flush_soon (client->connection);
}

static void
send_batch (EfWebSocketServerSink *self, EfBatch *batch)
{
  gsize chunk_size = MIN (CHUNK_SIZE, self->client_buffer_max_bytes / 8);
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  for (guint i = 0; i < n_events; i++)
    {
      g_autoptr (GError) error = NULL;

      if (ef_frame_chunk_encode (self->frames, events[i], &error))
        self->n_frames++;
      else if (!ef_element_reject_event (EF_ELEMENT (self), events[i], error))
        break;
      if (self->frames->len >= chunk_size)
        send_frames (self);
    }

  send_frames (self);
  flush_clients (self);
}

static void
ef_web_socket_server_sink_process (EfElement *element, EfBatch *batch)
{
  EfWebSocketServerSink *self = EF_WEB_SOCKET_SERVER_SINK (element);

  if (ef_web_socket_server_get_n_clients (&self->server) > 0)
    send_batch (self, batch);
  else if (self->wait_for_client)
    g_ptr_array_add (self->waiting, ef_batch_detach (batch));
  else
    ef_relaxed_add (&self->n_unheard, ef_batch_get_n_events (batch));
}

/* The end of the stream is reached when the clients have taken what there was. */
static void
check_drained (EfWebSocketServerSink *self)
{
  GHashTableIter iter;
  EfServerClient *client;

  if (!self->draining || self->waiting->len > 0)
    return;

  g_hash_table_iter_init (&iter, self->server.clients);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &client))
    if (ef_client_outbox_get_size (client->data) > 0)
      return;

  self->draining = FALSE;
  ef_sink_drained (EF_SINK (self));
}

static void
ef_web_socket_server_sink_drain (EfSink *sink)
{
  EfWebSocketServerSink *self = EF_WEB_SOCKET_SERVER_SINK (sink);
  GHashTableIter iter;
  EfServerClient *client;

  self->draining = TRUE;
  g_hash_table_iter_init (&iter, self->server.clients);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &client))
    ef_web_socket_connection_flush (client->connection);
  check_drained (self);
}

/* What comes from the server */

static void
client_connected (EfElement *element, EfServerClient *client)
{
  EfWebSocketServerSink *self = EF_WEB_SOCKET_SERVER_SINK (element);
  g_autoptr (GPtrArray) waiting = NULL;

  client->data = ef_client_outbox_new (client->connection);
  ef_web_socket_connection_set_reading (client->connection, TRUE);
  if (!self->wait_for_client || ef_web_socket_server_get_n_clients (&self->server) > 1)
    return;

  waiting = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) ef_batch_unref);
  for (guint i = 0; i < waiting->len; i++)
    send_batch (self, waiting->pdata[i]);
  ef_element_release_input (element);
  check_drained (self);
}

static void
client_drained (EfElement *element, EfServerClient *client)
{
  EfWebSocketServerSink *self = EF_WEB_SOCKET_SERVER_SINK (element);
  EfClientOutbox *outbox = client->data;

  if (ef_client_outbox_send (outbox) && ef_web_socket_connection_flush (client->connection))
    outbox->lagging = FALSE;
  check_drained (self);
}

static void
client_disconnected (EfElement *element, EfServerClient *client)
{
  EfWebSocketServerSink *self = EF_WEB_SOCKET_SERVER_SINK (element);
  EfClientOutbox *outbox = g_steal_pointer (&client->data);

  ef_relaxed_add (&self->n_dropped, ef_client_outbox_free (outbox));
  if (self->wait_for_client && ef_web_socket_server_get_n_clients (&self->server) == 0)
    ef_element_hold_input (element);
  check_drained (self);
}

static const EfWebSocketServerFuncs server_funcs = {
  .connected = client_connected,
  .drained = client_drained,
  .disconnected = client_disconnected,
};

/* States */

static gboolean
ef_web_socket_server_sink_prepare (EfElement *element, GError **error)
{
  return ef_web_socket_server_prepare (&EF_WEB_SOCKET_SERVER_SINK (element)->server, error);
}

static void
ef_web_socket_server_sink_open_async (EfElement *element,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  EfWebSocketServerSink *self = EF_WEB_SOCKET_SERVER_SINK (element);

  self->draining = FALSE;
  if (self->wait_for_client)
    ef_element_hold_input (element);
  ef_web_socket_server_open_async (&self->server, cancellable, callback, user_data);
}

static void
ef_web_socket_server_sink_close_async (EfElement *element,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  EfWebSocketServerSink *self = EF_WEB_SOCKET_SERVER_SINK (element);
  GHashTableIter iter;
  EfServerClient *client;

  g_hash_table_iter_init (&iter, self->server.clients);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &client))
    ef_client_outbox_send_all (client->data);

  for (guint i = 0; i < self->waiting->len; i++)
    ef_relaxed_add (&self->n_unheard, ef_batch_get_n_events (self->waiting->pdata[i]));
  g_ptr_array_set_size (self->waiting, 0);

  ef_web_socket_server_close_async (&self->server, callback, user_data);
}

static void
ef_web_socket_server_sink_unprepare (EfElement *element)
{
  ef_web_socket_server_unprepare (&EF_WEB_SOCKET_SERVER_SINK (element)->server);
}

static void
ef_web_socket_server_sink_add_stats (EfElement *element, GVariantDict *stats)
{
  EfWebSocketServerSink *self = EF_WEB_SOCKET_SERVER_SINK (element);

  ef_web_socket_server_add_stats (&self->server, stats);
  g_variant_dict_insert (stats, "messages-sent", "t", ef_relaxed_get (&self->n_sent));
  g_variant_dict_insert (stats, "messages-dropped", "t", ef_relaxed_get (&self->n_dropped));
  g_variant_dict_insert (stats, "messages-unheard", "t", ef_relaxed_get (&self->n_unheard));
  g_variant_dict_insert (stats, "slow-clients", "t", ef_relaxed_get (&self->n_slow_clients));
}

/* The class */

static void
ef_web_socket_server_sink_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfWebSocketServerSink *self = EF_WEB_SOCKET_SERVER_SINK (object);

  if (id >= FIRST_OPTION)
    {
      ef_web_socket_server_get_property (&self->server,
                                         (EfWebSocketServerOption) (id - FIRST_OPTION), value);
      return;
    }

  switch ((EfWebSocketServerSinkProperty) id)
    {
    case PROP_CLIENT_BUFFER_MAX_BYTES:
      g_value_set_uint64 (value, self->client_buffer_max_bytes);
      break;
    case PROP_SLOW_CLIENT:
      g_value_set_enum (value, self->slow_client);
      break;
    case PROP_WAIT_FOR_CLIENT:
      g_value_set_boolean (value, self->wait_for_client);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static gboolean
set_own_property (EfWebSocketServerSink *self, EfWebSocketServerSinkProperty id, const GValue *value)
{
  guint64 max_bytes = self->client_buffer_max_bytes;
  EfSlowClient slow_client = self->slow_client;
  gboolean wait_for_client = self->wait_for_client;

  switch (id)
    {
    case PROP_CLIENT_BUFFER_MAX_BYTES:
      self->client_buffer_max_bytes = g_value_get_uint64 (value);
      return self->client_buffer_max_bytes != max_bytes;
    case PROP_SLOW_CLIENT:
      self->slow_client = (EfSlowClient) g_value_get_enum (value);
      return self->slow_client != slow_client;
    case PROP_WAIT_FOR_CLIENT:
      self->wait_for_client = g_value_get_boolean (value);
      return self->wait_for_client != wait_for_client;
    default:
      g_return_val_if_reached (FALSE);
    }
}

static void
ef_web_socket_server_sink_set_property (GObject *object,
                                        guint id,
                                        const GValue *value,
                                        GParamSpec *pspec)
{
  EfWebSocketServerSink *self = EF_WEB_SOCKET_SERVER_SINK (object);

  if (id >= FIRST_OPTION)
    ef_web_socket_server_set_property (&self->server, (EfWebSocketServerOption) (id - FIRST_OPTION),
                                       value, pspec);
  else if (set_own_property (self, (EfWebSocketServerSinkProperty) id, value))
    g_object_notify_by_pspec (object, pspec);
}

static void
ef_web_socket_server_sink_finalize (GObject *object)
{
  EfWebSocketServerSink *self = EF_WEB_SOCKET_SERVER_SINK (object);

  ef_web_socket_server_clear (&self->server);
  g_byte_array_unref (self->frames);
  g_ptr_array_unref (self->waiting);

  G_OBJECT_CLASS (ef_web_socket_server_sink_parent_class)->finalize (object);
}

static void
install_own_properties (GObjectClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  /**
   * EfWebSocketServerSink:client-buffer-max-bytes:
   *
   * How many bytes may wait for one client, beyond what the kernel holds.
   */
  properties[PROP_CLIENT_BUFFER_MAX_BYTES] =
    g_param_spec_uint64 ("client-buffer-max-bytes", NULL, "How many bytes may wait for one client.",
                         1, G_MAXUINT32, DEFAULT_CLIENT_BUFFER_MAX_BYTES, flags);

  /**
   * EfWebSocketServerSink:slow-client:
   *
   * What becomes of a client for which more waits than that.
   */
  properties[PROP_SLOW_CLIENT] =
    g_param_spec_enum ("slow-client", NULL, "What becomes of a client for which more waits.",
                       EF_TYPE_SLOW_CLIENT, EF_SLOW_CLIENT_DISCONNECT, flags);

  /**
   * EfWebSocketServerSink:wait-for-client:
   *
   * Whether to hold the input while no client is connected, before the first one and after the last one.
   */
  properties[PROP_WAIT_FOR_CLIENT] =
    g_param_spec_boolean ("wait-for-client", NULL,
                          "Whether to hold the input while no client is connected.", FALSE, flags);

  g_object_class_install_properties (klass, N_PROPERTIES, properties);
}

static void
ef_web_socket_server_sink_class_init (EfWebSocketServerSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_web_socket_server_sink_get_property;
  object_class->set_property = ef_web_socket_server_sink_set_property;
  object_class->finalize = ef_web_socket_server_sink_finalize;

  element_class->prepare = ef_web_socket_server_sink_prepare;
  element_class->open_async = ef_web_socket_server_sink_open_async;
  element_class->open_finish = ef_web_socket_server_open_finish;
  element_class->close_async = ef_web_socket_server_sink_close_async;
  element_class->close_finish = ef_web_socket_server_close_finish;
  element_class->unprepare = ef_web_socket_server_sink_unprepare;
  element_class->process = ef_web_socket_server_sink_process;
  element_class->add_stats = ef_web_socket_server_sink_add_stats;
  EF_SINK_CLASS (klass)->drain = ef_web_socket_server_sink_drain;

  install_own_properties (object_class);

  /**
   * EfWebSocketServerSink:url:
   *
   * Where to listen: `ws://HOST:PORT/PATH`, or `wss://` for TLS. The host is an address of this machine,
   * `127.0.0.1` to serve this machine alone. Port 0 takes a free one, which
   * [property@EventFlux.WebSocketServerSink:port] then tells. Requests for other paths are answered with 404.
   */

  /**
   * EfWebSocketServerSink::client-connected:
   * @self: the element
   * @client: the client's number, counted from 1
   * @address: the client's address and port
   *
   * A client has connected.
   */

  /**
   * EfWebSocketServerSink::client-disconnected:
   * @self: the element
   * @client: the client's number
   * @code: the close code (RFC 6455, section 7.4), 1006 if the connection broke
   * @reason: the reason given with it, which may be empty
   *
   * The connection of a client has ended.
   */
  ef_web_socket_server_install (element_class, FIRST_OPTION);

  ef_element_class_set_metadata (element_class, "websocketserversink",
                                 "Sends messages to WebSocket clients.",
                                 "timersource interval-ms=100 ! jsonencode ! websocketserversink "
                                 "url=ws://127.0.0.1:8080/feed");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_PAYLOAD, EF_PAD_CONTENT_ANY);
}

static void
ef_web_socket_server_sink_init (EfWebSocketServerSink *self)
{
  self->client_buffer_max_bytes = DEFAULT_CLIENT_BUFFER_MAX_BYTES;
  self->frames = g_byte_array_new ();
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) ef_batch_unref);
  ef_web_socket_server_init (&self->server, EF_ELEMENT (self), &server_funcs);
}

/**
 * ef_web_socket_server_sink_new:
 *
 * Makes a sink. It needs a [property@EventFlux.WebSocketServerSink:url].
 *
 * Returns: (transfer full): a new sink
 */
EfWebSocketServerSink *
ef_web_socket_server_sink_new (void)
{
  return g_object_new (EF_TYPE_WEB_SOCKET_SERVER_SINK, NULL);
}
