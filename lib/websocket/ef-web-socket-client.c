/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-backoff-private.h"
#include "ef-web-socket-client-private.h"
#include "ef-web-socket-error.h"

typedef enum
{
  CLIENT_IDLE,
  CLIENT_CONNECTING,
  CLIENT_WAITING, /* for the next try */
  CLIENT_CONNECTED,
  CLIENT_STOPPING,
} ClientState;

/* One try to connect. It outlives a client that has lost interest. */
typedef struct
{
  EfWebSocketClient *client; /* NULL then */
  GCancellable *cancellable;
} Attempt;

struct _EfWebSocketClient
{
  const EfWebSocketClientFuncs *funcs;
  gpointer user_data;
  ClientState state;

  EfWebSocketTarget *target;
  SoupSession *session;
  gboolean reconnect;
  EfBackoff backoff; /* in microseconds; starts over after a healthy connection */

  GMainContext *context;
  Attempt *attempt;
  GSource *timer;
  gboolean was_connected; /* since the start */

  EfWebSocketConnection *connection;
  gint64 connected_at;
  gboolean got_message;

  /* The connection before, which is over but whose stream is not yet closed. */
  EfWebSocketConnection *lingering;

  GSourceOnceFunc stopped;
  gpointer stopped_data;
};

static void try_to_connect (EfWebSocketClient *self);

EfWebSocketClient *
ef_web_socket_client_new (const EfWebSocketClientFuncs *funcs, gpointer user_data)
{
  EfWebSocketClient *self = g_new0 (EfWebSocketClient, 1);

  self->funcs = funcs;
  self->user_data = user_data;

  return self;
}

static void
clear_timer (EfWebSocketClient *self)
{
  if (self->timer == NULL)
    return;

  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
drop_connection (EfWebSocketConnection **connection)
{
  if (*connection == NULL)
    return;

  ef_web_socket_connection_set_funcs (*connection, NULL, NULL);
  ef_web_socket_connection_abort (*connection);
  g_clear_pointer (connection, ef_web_socket_connection_unref);
}

static void
cancel_attempt (EfWebSocketClient *self)
{
  Attempt *attempt = g_steal_pointer (&self->attempt);

  if (attempt == NULL)
    return;

  attempt->client = NULL;
  g_cancellable_cancel (attempt->cancellable);
}

/* Goes back to where nothing is under way. */
static void
reset (EfWebSocketClient *self)
{
  clear_timer (self);
  cancel_attempt (self);
  drop_connection (&self->connection);
  drop_connection (&self->lingering);
  g_clear_object (&self->session);
  g_clear_pointer (&self->target, ef_web_socket_target_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  self->state = CLIENT_IDLE;
}

void
ef_web_socket_client_free (EfWebSocketClient *self)
{
  reset (self);
  g_free (self);
}

/* The connection there is, or NULL. */
EfWebSocketConnection *
ef_web_socket_client_get_connection (EfWebSocketClient *self)
{
  return self->connection;
}

/* Giving up, and trying again */

static void
give_up (EfWebSocketClient *self, const GError *error)
{
  self->state = CLIENT_IDLE;
  self->funcs->ended (self, error, self->user_data);
}

static gboolean
wait_is_over (gpointer user_data)
{
  EfWebSocketClient *self = user_data;

  clear_timer (self);
  try_to_connect (self);

  return G_SOURCE_REMOVE;
}

static void
try_again (EfWebSocketClient *self, const GError *error)
{
  guint attempts = ef_backoff_get_attempts (&self->backoff);
  gint64 delay;

  if (!ef_backoff_next (&self->backoff, &delay))
    {
      g_autoptr (GError) last
          = g_error_new (error->domain, error->code, "%s (given up after %u tries to reconnect)",
                         error->message, attempts);

      give_up (self, attempts > 0 ? last : error);
      return;
    }

  self->state = CLIENT_WAITING;
  self->timer = ef_clock_create_timeout (self->target->clock, delay);
  g_source_set_static_name (self->timer, "[EventFlux] WebSocket reconnect");
  g_source_set_callback (self->timer, wait_is_over, self, NULL);
  g_source_attach (self->timer, self->context);

  self->funcs->reconnecting (self, attempts + 1, (guint) (delay / 1000), error, self->user_data);
}

/* The connection */

static void
received (EfWebSocketConnection *connection, EfBatch *batch, gpointer user_data)
{
  EfWebSocketClient *self = user_data;

  self->got_message = TRUE;
  self->funcs->received (self, batch, self->user_data);
}

static void
drained (EfWebSocketConnection *connection, gpointer user_data)
{
  EfWebSocketClient *self = user_data;

  self->funcs->drained (self, self->user_data);
}

static void
rtt_measured (EfWebSocketConnection *connection, gint64 rtt, gpointer user_data)
{
  EfWebSocketClient *self = user_data;

  self->funcs->rtt_measured (self, rtt, self->user_data);
}

/* Codes by which a server says that it can not do with what this client is or sends: to come back
 * the same can not be expected to help, so such a connection never counts as healthy. */
static gboolean
is_rejection (guint code)
{
  switch (code)
    {
    case EF_CLOSE_PROTOCOL_ERROR:
    case EF_CLOSE_UNSUPPORTED_DATA:
    case EF_CLOSE_INVALID_DATA:
    case 1008: /* policy violation */
    case EF_CLOSE_TOO_BIG:
    case 1010: /* mandatory extension */
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
was_healthy (EfWebSocketClient *self, guint code)
{
  gint64 lasted = ef_clock_get_time (self->target->clock) - self->connected_at;

  return !is_rejection (code) && (self->got_message || lasted >= EF_WEB_SOCKET_HEALTHY_AFTER);
}

static gboolean
is_orderly (guint code)
{
  return code == EF_CLOSE_NORMAL || code == EF_CLOSE_GOING_AWAY || code == EF_CLOSE_NO_STATUS;
}

static GError *
make_closed_error (EfWebSocketClient *self, guint code, const char *reason)
{
  if (code == EF_CLOSE_NO_STATUS)
    return g_error_new (EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED,
                        "%s: the server closed the connection", self->target->name);

  return g_error_new (EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED,
                      "%s: the server closed the connection with code %u%s%s", self->target->name,
                      code, *reason != '\0' ? ": " : "", reason);
}

static void
ended (EfWebSocketConnection *connection,
       guint code,
       const char *reason,
       const GError *error,
       gpointer user_data)
{
  EfWebSocketClient *self = user_data;
  g_autoptr (GError) why = error != NULL ? g_error_copy (error)
                                         : make_closed_error (self, code, reason);

  if (was_healthy (self, code))
    ef_backoff_reset (&self->backoff);

  /* The stream may need the close timeout to go. That holds up nothing but a stop. */
  drop_connection (&self->lingering);
  self->lingering = g_steal_pointer (&self->connection);
  self->funcs->disconnected (self, connection, code, reason, self->user_data);

  if (self->state != CLIENT_CONNECTED)
    return;
  if (self->reconnect)
    try_again (self, why);
  else
    give_up (self, error == NULL && is_orderly (code) ? NULL : why);
}

static void
finish_stop (EfWebSocketClient *self)
{
  GSourceOnceFunc stopped = self->stopped;

  self->stopped = NULL;
  reset (self);
  stopped (self->stopped_data);
}

static void
closed (EfWebSocketConnection *connection, gpointer user_data)
{
  EfWebSocketClient *self = user_data;

  if (self->lingering == connection)
    g_clear_pointer (&self->lingering, ef_web_socket_connection_unref);

  if (self->state == CLIENT_STOPPING && self->connection == NULL && self->lingering == NULL)
    finish_stop (self);
}

static const EfWebSocketConnectionFuncs connection_funcs = {
  .received = received,
  .drained = drained,
  .rtt_measured = rtt_measured,
  .ended = ended,
  .closed = closed,
};

static void
attempt_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Attempt *attempt = user_data;
  EfWebSocketClient *self = attempt->client;
  g_autofree char *subprotocol = NULL;
  g_autoptr (GError) error = NULL;
  EfWebSocketConnection *connection;

  connection = ef_web_socket_handshake_finish (result, &subprotocol, &error);
  g_object_unref (attempt->cancellable);
  g_free (attempt);

  if (self == NULL)
    {
      drop_connection (&connection);
      return;
    }

  self->attempt = NULL;
  if (connection == NULL)
    {
      /* What once worked with this configuration may well work again; credentials that are refused
       * will not come back to life. */
      if (self->reconnect
          && !(ef_web_socket_failure_is_permanent (error)
               && (!self->was_connected
                   || g_error_matches (error, EF_WEB_SOCKET_ERROR,
                                       EF_WEB_SOCKET_ERROR_UNAUTHORIZED))))
        try_again (self, error);
      else
        give_up (self, error);
      return;
    }

  self->state = CLIENT_CONNECTED;
  self->was_connected = TRUE;
  self->connected_at = ef_clock_get_time (self->target->clock);
  self->got_message = FALSE;
  self->connection = connection;
  ef_web_socket_connection_set_funcs (connection, &connection_funcs, self);
  self->funcs->connected (self, subprotocol, self->user_data);
}

static void
try_to_connect (EfWebSocketClient *self)
{
  self->state = CLIENT_CONNECTING;
  self->attempt = g_new0 (Attempt, 1);
  self->attempt->client = self;
  self->attempt->cancellable = g_cancellable_new ();

  /* The timer of a wait runs without it. */
  g_main_context_push_thread_default (self->context);
  ef_web_socket_handshake_async (self->target, self->session, self->attempt->cancellable,
                                 attempt_done, self->attempt);
  g_main_context_pop_thread_default (self->context);
}

/* Begins to keep up a connection, as the options say now. */
void
ef_web_socket_client_start (EfWebSocketClient *self,
                            EfWebSocketTarget *target,
                            const EfWebSocketOptions *options)
{
  g_return_if_fail (self->state == CLIENT_IDLE);

  reset (self);
  self->target = ef_web_socket_target_ref (target);
  self->reconnect = options->reconnect;
  ef_backoff_init (&self->backoff, options->reconnect_delay_ms * G_GINT64_CONSTANT (1000),
                   options->reconnect_max_delay_ms * G_GINT64_CONSTANT (1000),
                   options->reconnect_max_attempts);
  self->was_connected = FALSE;
  self->context = g_main_context_ref_thread_default ();
  self->session = ef_web_socket_session_new ();

  try_to_connect (self);
}

/* Ends whatever is under way, at once but for a connection, which is closed in order. Calls
 * @stopped when nothing is left, possibly before it returns. */
void
ef_web_socket_client_stop (EfWebSocketClient *self, GSourceOnceFunc stopped, gpointer user_data)
{
  g_return_if_fail (self->stopped == NULL);

  clear_timer (self);
  cancel_attempt (self);
  self->state = CLIENT_STOPPING;
  self->stopped = stopped;
  self->stopped_data = user_data;

  if (self->lingering != NULL)
    ef_web_socket_connection_abort (self->lingering);
  if (self->connection != NULL)
    ef_web_socket_connection_close (self->connection, EF_CLOSE_NORMAL, "");

  if (self->connection == NULL && self->lingering == NULL)
    finish_stop (self);
}
