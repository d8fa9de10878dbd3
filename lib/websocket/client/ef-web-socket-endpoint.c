/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-config-refresh-private.h"
#include "ef-marshal.h"
#include "ef-relaxed-private.h"
#include "ef-web-socket-loan-private.h"
#include "ef-web-socket-validate-private.h"

/* By which the endpoint of an element is found. */
static G_DEFINE_QUARK (ef-web-socket-endpoint, ef_web_socket_endpoint)

EfWebSocketEndpoint *
ef_web_socket_endpoint_of (EfElement *element)
{
  return g_object_get_qdata (G_OBJECT (element), ef_web_socket_endpoint_quark ());
}

static const char *const formats[] = { "json", "text", "bytes", NULL };

/* Gives a class the properties, with ids from @first_id on, the signals and the metadata. */
void
ef_web_socket_endpoint_install (EfElementClass *klass, guint first_id)
{
  GType type = G_TYPE_FROM_CLASS (klass);
  guint id;

  ef_web_socket_options_install (G_OBJECT_CLASS (klass), first_id);

  g_signal_new ("connected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  id = g_signal_new ("disconnected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                     _ef_marshal_VOID__UINT_STRING, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
  g_signal_set_va_marshaller (id, type, _ef_marshal_VOID__UINT_STRINGv);
  id = g_signal_new ("reconnecting", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                     _ef_marshal_VOID__UINT_UINT, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  g_signal_set_va_marshaller (id, type, _ef_marshal_VOID__UINT_UINTv);

  ef_element_class_set_extension (klass, "websocket", formats);
  ef_element_class_set_config_prefix (klass, "websocket");
}

/* What to connect to */

static GPtrArray *
make_targets (EfWebSocketEndpoint *self, GError **error)
{
  GPtrArray *targets = ef_web_socket_options_make_targets (
    &self->options, ef_element_get_clock (self->element), error);

  if (targets == NULL)
    g_prefix_error (error, "%s: ", ef_element_get_name (self->element));

  return targets;
}

static void
set_targets (EfWebSocketEndpoint *self, GPtrArray *targets)
{
  g_ptr_array_ref (targets);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  self->targets = targets;
  self->serial = self->options.serial;
}

/* What it connects to, as errors name it. */
const char *
ef_web_socket_endpoint_get_url (EfWebSocketEndpoint *self)
{
  EfWebSocketTarget *target;

  if (self->lender != NULL)
    self = self->lender;

  target = ef_web_socket_client_get_target (self->client);
  if (target == NULL && self->targets == NULL)
    return self->options.url != NULL ? self->options.url : ef_element_get_name (self->element);
  if (target == NULL)
    target = g_ptr_array_index (self->targets, 0);

  return target->name;
}

/* What comes from the client */

/* Ends the opening if one is under way. Takes @error. */
static gboolean
end_opening (EfWebSocketEndpoint *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->opening);

  if (task == NULL)
    return FALSE;

  ef_clear_source (&self->opening_cancelled);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);

  return TRUE;
}

static void
client_connected (EfWebSocketClient *client, const char *subprotocol, gpointer user_data)
{
  EfWebSocketEndpoint *self = user_data;
  g_autoptr (EfElement) element = g_object_ref (self->element);
  EfWebSocketConnection *connection = ef_web_socket_client_get_connection (client);

  ef_relaxed_add (&self->n_connections, 1);
  ef_web_socket_options_set_connected (&self->options, G_OBJECT (element), TRUE, subprotocol);
  ef_element_post_details (element, "connected",
                           g_variant_new_parsed ("{'url': <%s>, 'subprotocol': <%s>}",
                                                 ef_web_socket_endpoint_get_url (self),
                                                 subprotocol != NULL ? subprotocol : ""));
  g_signal_emit_by_name (element, "connected", subprotocol);

  /* Whoever was told may have stopped the element. */
  if (ef_web_socket_client_get_connection (client) != connection
      || !ef_web_socket_connection_is_open (connection))
    return;

  if (self->heartbeat != NULL)
    ef_heartbeat_start (self->heartbeat, connection, ef_element_get_clock (element));
  self->funcs->connected (element, connection);
  ef_web_socket_loan_connected (self, subprotocol);
  end_opening (self, NULL);
}

static void
receive_filtered (EfWebSocketEndpoint *self, EfBatch *batch)
{
  g_autoptr (EfBatch) others = ef_heartbeat_filter (self->heartbeat, batch);

  if (others != NULL)
    self->funcs->received (self->element, others);
}

static void
client_received (EfWebSocketClient *client, EfBatch *batch, gpointer user_data)
{
  EfWebSocketEndpoint *self = user_data;

  ef_relaxed_add (&self->n_messages, ef_batch_get_n_events (batch));
  if (G_UNLIKELY (self->heartbeat != NULL))
    receive_filtered (self, batch);
  else
    self->funcs->received (self->element, batch);
}

static void
client_drained (EfWebSocketClient *client, gpointer user_data)
{
  EfWebSocketEndpoint *self = user_data;

  if (self->funcs->drained != NULL)
    self->funcs->drained (self->element);
  else
    ef_web_socket_loan_drained (self);
}

static void
client_rtt_measured (EfWebSocketClient *client, gint64 rtt, gpointer user_data)
{
  EfWebSocketEndpoint *self = user_data;

  ef_keepalive_options_set_rtt (&self->options.keepalive, G_OBJECT (self->element), rtt);
}

static void
client_disconnected (EfWebSocketClient *client,
                     EfWebSocketConnection *connection,
                     guint code,
                     const char *reason,
                     gpointer user_data)
{
  EfWebSocketEndpoint *self = user_data;
  g_autoptr (EfElement) element = g_object_ref (self->element);

  ef_relaxed_add (&self->bytes_read, ef_web_socket_connection_get_read (connection));
  ef_relaxed_add (&self->bytes_written, ef_web_socket_connection_get_written (connection));
  if (self->heartbeat != NULL)
    ef_heartbeat_stop (self->heartbeat);
  self->funcs->disconnected (element, connection, code, reason);
  ef_web_socket_loan_disconnected (self, connection, code, reason);

  ef_web_socket_options_set_connected (&self->options, G_OBJECT (element), FALSE, NULL);
  ef_element_post_details (element, "disconnected",
                           g_variant_new_parsed ("{'code': <%u>, 'reason': <%s>}", code, reason));
  g_signal_emit_by_name (element, "disconnected", code, reason);
}

static void
client_reconnecting (EfWebSocketClient *client,
                     guint attempt,
                     guint delay,
                     const GError *error,
                     gpointer user_data)
{
  EfWebSocketEndpoint *self = user_data;
  g_autoptr (EfElement) element = g_object_ref (self->element);

  ef_relaxed_add (&self->n_reconnects, 1);
  ef_element_post_warning (element, error, NULL);
  ef_element_post_details (element, "reconnecting",
                           g_variant_new_parsed ("{'attempt': <%u>, 'delay-ms': <%u>, "
                                                 "'error': <%s>, 'url': <%s>}",
                                                 attempt, delay, error->message,
                                                 ef_web_socket_endpoint_get_url (self)));
  g_signal_emit_by_name (element, "reconnecting", attempt, delay);
  ef_web_socket_loan_reconnecting (self, attempt, delay);
}

static void
client_ended (EfWebSocketClient *client, const GError *error, gpointer user_data)
{
  EfWebSocketEndpoint *self = user_data;
  g_autoptr (EfElement) element = g_object_ref (self->element);

  self->is_open = FALSE;
  self->has_ended = TRUE;

  /* Opening ends with the first connection, so there is an error if it has not. */
  if (self->opening != NULL)
    {
      end_opening (self, g_error_copy (error));
      return;
    }

  if (error != NULL)
    ef_element_post_error (element, error, NULL);
  self->funcs->ended (element, error);
  ef_web_socket_loan_ended (self, error);
}

/* What was set since the targets were made counts from the next try on. A change that can not be used
 * is told of, and changes nothing. */
static EfWebSocketRefresh
client_refresh (EfWebSocketClient *client, gboolean credentials, gpointer user_data)
{
  EfWebSocketEndpoint *self = user_data;
  g_autoptr (GPtrArray) targets = NULL;
  g_autoptr (GError) error = NULL;
  gboolean has_source = FALSE;
  gboolean changed;

  if (credentials)
    has_source = ef_element_refresh_config (self->element, &changed, &error) || error != NULL;

  if (error == NULL && self->options.serial == self->serial)
    return has_source ? EF_WEB_SOCKET_REFRESH_SAME : EF_WEB_SOCKET_REFRESH_NONE;

  if (error == NULL)
    targets = make_targets (self, &error);
  if (targets == NULL)
    {
      ef_element_post_warning (self->element, error, NULL);
      return EF_WEB_SOCKET_REFRESH_SAME;
    }

  set_targets (self, targets);
  ef_web_socket_client_set_targets (client, targets);

  return EF_WEB_SOCKET_REFRESH_CHANGED;
}

static const EfWebSocketClientFuncs client_funcs = {
  .connected = client_connected,
  .received = client_received,
  .drained = client_drained,
  .rtt_measured = client_rtt_measured,
  .disconnected = client_disconnected,
  .reconnecting = client_reconnecting,
  .refresh = client_refresh,
  .ended = client_ended,
};

void
ef_web_socket_endpoint_init (EfWebSocketEndpoint *self,
                             EfElement *element,
                             const EfWebSocketEndpointFuncs *funcs)
{
  self->element = element;
  self->funcs = funcs;
  ef_web_socket_options_init (&self->options);
  self->client = ef_web_socket_client_new (&client_funcs, self);
  g_object_set_qdata (G_OBJECT (element), ef_web_socket_endpoint_quark (), self);
}

void
ef_web_socket_endpoint_clear (EfWebSocketEndpoint *self)
{
  g_clear_pointer (&self->client, ef_web_socket_client_free);
  ef_web_socket_endpoint_unprepare (self);
  g_clear_pointer (&self->borrowers, g_ptr_array_unref);
  g_clear_weak_pointer (&self->source);
  ef_web_socket_options_clear (&self->options);
}

void
ef_web_socket_endpoint_get_property (EfWebSocketEndpoint *self,
                                     EfWebSocketOption option,
                                     GValue *value)
{
  ef_web_socket_options_get_property (&self->options, option, value);
}

void
ef_web_socket_endpoint_set_property (EfWebSocketEndpoint *self,
                                     EfWebSocketOption option,
                                     const GValue *value,
                                     GParamSpec *pspec)
{
  if (ef_web_socket_options_set_property (&self->options, option, value))
    g_object_notify_by_pspec (G_OBJECT (self->element), pspec);
}

/* The connection of its own that there is, or NULL. */
EfWebSocketConnection *
ef_web_socket_endpoint_get_connection (EfWebSocketEndpoint *self)
{
  return ef_web_socket_client_get_connection (self->client);
}

/* States */

static gboolean
make_heartbeat (EfWebSocketEndpoint *self, GError **error)
{
  const EfHeartbeatConfig config = {
    .message = self->options.heartbeat_message,
    .interval = self->options.heartbeat_interval_ms * G_TIME_SPAN_MILLISECOND,
    .match = self->options.heartbeat_match,
    .reply = self->options.heartbeat_reply,
  };

  if (config.message == NULL && config.match == NULL && config.reply == NULL)
    return TRUE;

  self->heartbeat = ef_heartbeat_new (&config, &self->heartbeats, error);

  return self->heartbeat != NULL;
}

gboolean
ef_web_socket_endpoint_prepare (EfWebSocketEndpoint *self, GError **error)
{
  g_autoptr (GPtrArray) targets = make_targets (self, error);

  if (targets == NULL)
    return FALSE;

  self->policy = ef_reconnect_policy_new (self->options.reconnect_policy, error);
  if (self->policy == NULL || !make_heartbeat (self, error))
    {
      g_prefix_error (error, "%s: ", ef_element_get_name (self->element));
      ef_web_socket_endpoint_unprepare (self);
      return FALSE;
    }

  set_targets (self, targets);
  return TRUE;
}

void
ef_web_socket_endpoint_unprepare (EfWebSocketEndpoint *self)
{
  ef_web_socket_loan_end (self);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_clear_pointer (&self->policy, ef_reconnect_policy_unref);
  g_clear_pointer (&self->heartbeat, ef_heartbeat_free);
}

static void
opening_stopped (gpointer user_data)
{
  EfWebSocketEndpoint *self = user_data;

  end_opening (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                          "Connecting was cancelled"));
}

static gboolean
cancel_opening (GCancellable *cancellable, gpointer user_data)
{
  EfWebSocketEndpoint *self = user_data;

  ef_clear_source (&self->opening_cancelled);
  ef_web_socket_client_stop (self->client, opening_stopped, self);

  return G_SOURCE_REMOVE;
}

/* Connects, and tries again if that is what is configured: it ends with the first connection. */
void
ef_web_socket_endpoint_open_async (EfWebSocketEndpoint *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GError *error = NULL;

  if (self->lender != NULL)
    {
      ef_web_socket_loan_open_async (self, cancellable, callback, user_data);
      return;
    }

  self->opening = g_task_new (self->element, cancellable, callback, user_data);
  g_task_set_source_tag (self->opening,
                         G_GNUC_EXTENSION (gpointer) ef_web_socket_endpoint_open_async);
  g_task_set_check_cancellable (self->opening, FALSE);
  if (!ef_web_socket_loan_check_context (self, &error))
    {
      end_opening (self, error);
      return;
    }

  if (cancellable != NULL)
    {
      self->opening_cancelled = g_cancellable_source_new (cancellable);
      g_source_set_static_name (self->opening_cancelled, "[EventFlux] WebSocket open cancelled");
      g_source_set_callback (self->opening_cancelled, G_SOURCE_FUNC (cancel_opening), self, NULL);
      g_source_attach (self->opening_cancelled, g_main_context_get_thread_default ());
    }

  self->is_open = TRUE;
  self->has_ended = FALSE;
  ef_web_socket_client_start (self->client, self->targets, self->policy, &self->options);
}

gboolean
ef_web_socket_endpoint_open_finish (EfElement *element, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, element), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
client_stopped (gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  g_task_return_boolean (task, TRUE);
}

/* Those who borrow the connection have sent on it what they had. */
void
ef_web_socket_endpoint_go_on_closing (EfWebSocketEndpoint *self)
{
  self->is_open = FALSE;
  self->has_ended = FALSE;
  ef_web_socket_client_stop (self->client, client_stopped, g_steal_pointer (&self->closing));
}

/* Disconnects: sends a Close and waits for the peer's, up to the close timeout. */
void
ef_web_socket_endpoint_close_async (EfWebSocketEndpoint *self,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  if (self->lender != NULL)
    {
      ef_web_socket_loan_close_async (self, callback, user_data);
      return;
    }

  self->closing = g_task_new (self->element, NULL, callback, user_data);
  g_task_set_source_tag (self->closing,
                         G_GNUC_EXTENSION (gpointer) ef_web_socket_endpoint_close_async);
  if (!ef_web_socket_loan_call_back (self))
    ef_web_socket_endpoint_go_on_closing (self);
}

void
ef_web_socket_endpoint_close_finish (EfElement *element, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, element));
}

/* May be called from any thread. What a connection that lasts has carried is counted when it ends.
 * */
void
ef_web_socket_endpoint_add_stats (EfWebSocketEndpoint *self, GVariantDict *stats)
{
  /* What a borrowed connection carries its lender counts. */
  if (g_atomic_pointer_get (&self->lender) != NULL)
    return;

  g_variant_dict_insert (stats, "connections", "t", ef_relaxed_get (&self->n_connections));
  g_variant_dict_insert (stats, "reconnects", "t", ef_relaxed_get (&self->n_reconnects));
  g_variant_dict_insert (stats, "flaps", "t", ef_web_socket_client_get_n_flaps (self->client));
  g_variant_dict_insert (stats, "messages-received", "t", ef_relaxed_get (&self->n_messages));
  g_variant_dict_insert (stats, "bytes-read", "t", ef_relaxed_get (&self->bytes_read));
  g_variant_dict_insert (stats, "bytes-written", "t", ef_relaxed_get (&self->bytes_written));
  ef_keepalive_options_add_stats (&self->options.keepalive, stats);
  g_variant_dict_insert (stats, "heartbeats-sent", "t", ef_relaxed_get (&self->heartbeats.n_sent));
  g_variant_dict_insert (stats, "heartbeats-received", "t",
                         ef_relaxed_get (&self->heartbeats.n_received));
}

/* Validation */

/* How to connect is what the source says, if there is one. */
static EfWebSocketOptions *
get_used_options (EfWebSocketEndpoint *self)
{
  return self->source != NULL ? &ef_web_socket_endpoint_of (self->source)->options : &self->options;
}

static void
validate_async (EfValidatable *validatable,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  EfWebSocketEndpoint *self = ef_web_socket_endpoint_of (EF_ELEMENT (validatable));

  ef_web_socket_validate_async (G_OBJECT (self->element), get_used_options (self),
                                ef_element_get_clock (self->element), cancellable, callback,
                                user_data);
}

static gboolean
validate_finish (EfValidatable *validatable, GAsyncResult *result, GError **error)
{
  return ef_web_socket_validate_finish (G_OBJECT (validatable), result, error);
}

void
ef_web_socket_endpoint_validatable_init (EfValidatableInterface *iface)
{
  iface->validate_connectivity_async = validate_async;
  iface->validate_connectivity_finish = validate_finish;
}

gboolean
ef_web_socket_endpoint_validate (EfWebSocketEndpoint *self,
                                 GCancellable *cancellable,
                                 GError **error)
{
  return ef_web_socket_validate (G_OBJECT (self->element), get_used_options (self),
                                 ef_element_get_clock (self->element), cancellable, error);
}
