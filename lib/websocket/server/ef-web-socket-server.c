/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-handshake-fields-private.h"
#include "ef-marshal.h"
#include "ef-relaxed-private.h"
#include "ef-web-socket-server-private.h"
#include "ef-web-socket-url-private.h"

/* Connections that have not done their handshake, at most. */
#define MAX_NEWCOMERS 1024

static const char *const formats[] = { "json", "text", "bytes", NULL };

/* Gives a class the signals and the metadata, and the properties with ids from @first_id on. */
void
ef_web_socket_server_install (EfElementClass *klass, guint first_id)
{
  GType type = G_TYPE_FROM_CLASS (klass);
  guint id;

  ef_web_socket_server_install_properties (G_OBJECT_CLASS (klass), first_id);

  id = g_signal_new ("client-connected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                     _ef_marshal_VOID__UINT64_STRING, G_TYPE_NONE, 2, G_TYPE_UINT64, G_TYPE_STRING);
  g_signal_set_va_marshaller (id, type, _ef_marshal_VOID__UINT64_STRINGv);
  id = g_signal_new ("client-disconnected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                     _ef_marshal_VOID__UINT64_UINT_STRING, G_TYPE_NONE, 3, G_TYPE_UINT64,
                     G_TYPE_UINT, G_TYPE_STRING);
  g_signal_set_va_marshaller (id, type, _ef_marshal_VOID__UINT64_UINT_STRINGv);

  ef_element_class_set_extension (klass, "websocket-server", formats);
  ef_element_class_set_config_prefix (klass, "websocket");
}

static void
server_client_free (gpointer data)
{
  EfServerClient *client = data;

  ef_web_socket_connection_set_funcs (client->connection, NULL, NULL);
  ef_web_socket_connection_unref (client->connection);
  g_free (client->address);
  g_free (client);
}

void
ef_web_socket_server_init (EfWebSocketServer *self,
                           EfElement *element,
                           const EfWebSocketServerFuncs *funcs)
{
  self->element = element;
  self->funcs = funcs;
  self->clients = g_hash_table_new (g_int64_hash, g_int64_equal);
  ef_web_socket_server_init_options (self);
}

void
ef_web_socket_server_clear (EfWebSocketServer *self)
{
  g_assert (self->listener == NULL);
  g_assert (g_hash_table_size (self->clients) == 0);

  g_hash_table_unref (self->clients);
  ef_web_socket_server_clear_options (self);
}

guint
ef_web_socket_server_get_n_clients (EfWebSocketServer *self)
{
  return g_hash_table_size (self->clients);
}

static void
update_n_clients (EfWebSocketServer *self)
{
  ef_relaxed_set (&self->n_clients, g_hash_table_size (self->clients));
  g_object_notify (G_OBJECT (self->element), "n-clients");
}

/* What comes from the connections */

static void
connection_received (EfWebSocketConnection *connection, EfBatch *batch, gpointer user_data)
{
  EfServerClient *client = user_data;
  EfWebSocketServer *self = client->server;

  ef_relaxed_add (&self->n_messages, ef_batch_get_n_events (batch));
  if (self->funcs->received != NULL)
    self->funcs->received (self->element, client, batch);
}

static void
connection_drained (EfWebSocketConnection *connection, gpointer user_data)
{
  EfServerClient *client = user_data;

  client->server->funcs->drained (client->server->element, client);
}

static void
connection_rtt_measured (EfWebSocketConnection *connection, gint64 rtt, gpointer user_data)
{
  EfServerClient *client = user_data;
  EfWebSocketServer *self = client->server;

  ef_keepalive_options_set_rtt (&self->keepalive, G_OBJECT (self->element), rtt);
}

static void
connection_ended (EfWebSocketConnection *connection,
                  guint code,
                  const char *reason,
                  const GError *error,
                  gpointer user_data)
{
  EfServerClient *client = user_data;
  EfWebSocketServer *self = client->server;
  g_autoptr (EfElement) element = g_object_ref (self->element);

  g_hash_table_remove (self->clients, &client->id);
  self->funcs->disconnected (element, client);
  update_n_clients (self);

  if (error != NULL)
    ef_element_post_warning (element, error, NULL);
  ef_element_post_details (element, "client-disconnected",
                           g_variant_new_parsed ("{'client': <%t>, 'code': <%u>, 'reason': <%s>}",
                                                 client->id, code, reason));
  g_signal_emit_by_name (element, "client-disconnected", client->id, code, reason);
}

static void
connection_closed (EfWebSocketConnection *connection, gpointer user_data)
{
  EfServerClient *client = user_data;
  EfWebSocketServer *self = client->server;

  /* A connection that was aborted tells of no end. */
  if (g_hash_table_contains (self->clients, &client->id))
    connection_ended (connection, EF_CLOSE_ABNORMAL, "", NULL, client);

  server_client_free (client);
  self->n_connected--;
  if (self->n_connected > 0 || self->closing == NULL)
    return;

  g_autoptr (GTask) task = g_steal_pointer (&self->closing);

  g_task_return_boolean (task, TRUE);
}

static const EfWebSocketConnectionFuncs connection_funcs = {
  .received = connection_received,
  .drained = connection_drained,
  .rtt_measured = connection_rtt_measured,
  .ended = connection_ended,
  .closed = connection_closed,
};

/* What comes from the listener */

static gboolean
may_accept (gpointer user_data)
{
  EfWebSocketServer *self = user_data;

  return self->n_connected < self->max_clients;
}

static EfServerClient *
add_client (EfWebSocketServer *self, GIOStream *stream)
{
  EfServerClient *client = g_new0 (EfServerClient, 1);
  g_autofree char *name = NULL;
  EfWebSocketConnectionConfig config = {
    .role = EF_FRAME_ROLE_SERVER,
    .max_message_size = self->max_message_size,
    .close_timeout = self->close_timeout_ms * G_TIME_SPAN_MILLISECOND,
    .keepalive = ef_keepalive_options_make_config (&self->keepalive),
    .clock = ef_element_get_clock (self->element),
  };

  client->server = self;
  client->id = ++self->last_id;
  name = g_strdup_printf ("client %" G_GUINT64_FORMAT, client->id);
  config.name = name;
  client->connection = ef_web_socket_connection_new (stream, NULL, &config);
  client->address = ef_web_socket_connection_dup_remote_address (client->connection);
  ef_web_socket_connection_set_funcs (client->connection, &connection_funcs, client);

  g_hash_table_insert (self->clients, &client->id, client);
  self->n_connected++;
  ef_relaxed_add (&self->n_connections, 1);

  return client;
}

static void
accepted (GIOStream *stream, const char *subprotocol, gpointer user_data)
{
  EfWebSocketServer *self = user_data;
  g_autoptr (EfElement) element = g_object_ref (self->element);
  EfServerClient *client = add_client (self, stream);
  const char *address = client->address != NULL ? client->address : "";

  ef_element_post_details (element, "client-connected",
                           g_variant_new_parsed ("{'client': <%t>, 'address': <%s>, "
                                                 "'subprotocol': <%s>}",
                                                 client->id, address,
                                                 subprotocol != NULL ? subprotocol : ""));
  /* Handlers of the signal may look at the number of clients; a client that is greeted before the
   * element knows of it could be missed by what they publish. */
  self->funcs->connected (element, client);
  update_n_clients (self);
  g_signal_emit_by_name (element, "client-connected", client->id, address);
}

static void
listener_failed (const GError *error, gpointer user_data)
{
  EfWebSocketServer *self = user_data;
  g_autoptr (GError) warning = NULL;

  g_set_error (&warning, EF_ERROR, EF_ERROR_RESOURCE,
               "nobody can connect for now: %s; it is tried again in a second. Each client needs a "
               "file descriptor: “ulimit -n” tells how many there may be, “max-clients” keeps "
               "below that",
               error->message);
  ef_element_post_warning (self->element, warning, NULL);
}

/* States */

gboolean
ef_web_socket_server_prepare (EfWebSocketServer *self, GError **error)
{
  self->uri = ef_web_socket_url_parse (self->url, error);
  if (self->uri == NULL)
    return FALSE;

  if (ef_web_socket_server_check_options (self, error)
      && ef_web_socket_server_load_certificate (self, error))
    return TRUE;

  g_clear_pointer (&self->uri, g_uri_unref);
  return FALSE;
}

void
ef_web_socket_server_unprepare (EfWebSocketServer *self)
{
  g_clear_pointer (&self->uri, g_uri_unref);
  g_clear_object (&self->certificate);
}

static void
set_port (EfWebSocketServer *self, guint16 port)
{
  self->port = port;
  g_object_notify (G_OBJECT (self->element), "port");
}

/* Listens. It takes no time; clients come from here on. */
void
ef_web_socket_server_open_async (EfWebSocketServer *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self->element, cancellable, callback, user_data);
  g_auto (GStrv) subprotocols = NULL;
  GError *error = NULL;
  EfWebSocketListenerConfig config = {
    .uri = self->uri,
    .certificate = self->certificate,
    .clock = ef_element_get_clock (self->element),
    .handshake_timeout = self->handshake_timeout_ms * G_TIME_SPAN_MILLISECOND,
    .max_newcomers = MIN (self->max_clients, MAX_NEWCOMERS),
    .may_accept = may_accept,
    .accepted = accepted,
    .failed = listener_failed,
  };

  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_web_socket_server_open_async);
  /* What was opened is said to be open, also if that is not wished any more. */
  g_task_set_check_cancellable (task, FALSE);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (!ef_handshake_fields_parse_subprotocols (self->subprotocol, &subprotocols, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  config.subprotocols = subprotocols;
  config.origins = self->allowed_origins;
  self->listener = ef_web_socket_listener_new (&config, self, &error);
  if (self->listener == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  set_port (self, ef_web_socket_listener_get_port (self->listener));
  g_task_return_boolean (task, TRUE);
}

gboolean
ef_web_socket_server_open_finish (EfElement *element, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, element), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Listens no more, and closes the connections behind what was sent on them. It ends with the last of
 * them, after the close timeout at most. */
void
ef_web_socket_server_close_async (EfWebSocketServer *self,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self->element, NULL, callback, user_data);
  g_autoptr (GList) clients = g_hash_table_get_values (self->clients);

  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_web_socket_server_close_async);
  g_clear_pointer (&self->listener, ef_web_socket_listener_free);
  set_port (self, 0);

  if (self->n_connected == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  self->closing = g_steal_pointer (&task);
  for (GList *l = clients; l != NULL; l = l->next)
    {
      EfServerClient *client = l->data;

      ef_web_socket_connection_close (client->connection, EF_CLOSE_GOING_AWAY, "the server stops");
    }
}

void
ef_web_socket_server_close_finish (EfElement *element, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, element));
}

/* May be called from any thread. */
void
ef_web_socket_server_add_stats (EfWebSocketServer *self, GVariantDict *stats)
{
  g_variant_dict_insert (stats, "clients", "t", ef_relaxed_get (&self->n_clients));
  g_variant_dict_insert (stats, "connections", "t", ef_relaxed_get (&self->n_connections));
  g_variant_dict_insert (stats, "messages-received", "t", ef_relaxed_get (&self->n_messages));
  ef_keepalive_options_add_stats (&self->keepalive, stats);
}
