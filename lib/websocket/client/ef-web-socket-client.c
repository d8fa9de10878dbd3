/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-backoff-private.h"
#include "ef-clear-source-private.h"
#include "ef-relaxed-private.h"
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

  GPtrArray *targets; /* of EfWebSocketTarget */
  guint index;        /* which of them it is at */
  guint n_moves;      /* from one to the next since the last wait */
  EfClock *clock; /* of the element, which outlives this */
  gboolean reconnect;
  EfReconnectPolicy *policy;
  EfBackoff backoff; /* in microseconds */
  int max_attempts;
  guint n_attempts;    /* like the backoff, since the last healthy connection */
  GError *refused;     /* the credentials were, and none other are known */

  GMainContext *context;
  Attempt *attempt;
  GSource *timer;
  gboolean was_connected; /* since the start */

  EfWebSocketConnection *connection;
  gint64 connected_at;
  gboolean got_message;

  guint64 n_flaps; /* read from any thread */

  /* The connection before, which is over but whose stream is not yet closed. */
  EfWebSocketConnection *lingering;

  GSourceOnceFunc stopped;
  gpointer stopped_data;
};

static void try_to_connect (EfWebSocketClient *self);
static void try_again (EfWebSocketClient *self,
                       const GError *error,
                       EfReconnectAction action,
                       gint64 retry_after);

EfWebSocketClient *
ef_web_socket_client_new (const EfWebSocketClientFuncs *funcs, gpointer user_data)
{
  EfWebSocketClient *self = g_new0 (EfWebSocketClient, 1);

  self->funcs = funcs;
  self->user_data = user_data;

  return self;
}

/* Where the client is, or tries to be; NULL if it is idle. */
EfWebSocketTarget *
ef_web_socket_client_get_target (EfWebSocketClient *self)
{
  if (self->targets == NULL)
    return NULL;

  return g_ptr_array_index (self->targets, self->index);
}

/* Changes where it goes, from the next try on. */
void
ef_web_socket_client_set_targets (EfWebSocketClient *self, GPtrArray *targets)
{
  g_return_if_fail (targets->len > 0);

  g_ptr_array_ref (targets);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  self->targets = targets;
  self->index = MIN (self->index, targets->len - 1);
}

/* How many connections ended before they counted as healthy. May be called from any thread. */
guint64
ef_web_socket_client_get_n_flaps (EfWebSocketClient *self)
{
  return ef_relaxed_get (&self->n_flaps);
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
  ef_clear_source (&self->timer);
  cancel_attempt (self);
  drop_connection (&self->connection);
  drop_connection (&self->lingering);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_clear_pointer (&self->policy, ef_reconnect_policy_unref);
  g_clear_error (&self->refused);
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
  EfWebSocketRefresh refresh;
  g_autoptr (GError) refused = g_steal_pointer (&self->refused);

  ef_clear_source (&self->timer);
  refresh = self->funcs->refresh (self, refused != NULL, self->user_data);

  /* To come with what was refused would only make it worse. */
  if (refused != NULL && refresh == EF_WEB_SOCKET_REFRESH_SAME)
    {
      self->refused = g_error_copy (refused);
      try_again (self, refused, EF_RECONNECT_REFRESH_CREDENTIALS, 0);
    }
  else
    try_to_connect (self);

  return G_SOURCE_REMOVE;
}

/* Decides where to go next, and after how long. Without a wait it goes round the URLs once: the next
 * one has done nothing yet that it should have to wait for. */
static gint64
plan_next (EfWebSocketClient *self, EfReconnectAction action, gint64 retry_after)
{
  gint64 delay = 0;

  if (action == EF_RECONNECT_NEXT_URL)
    {
      self->index = (self->index + 1) % self->targets->len;
      if (++self->n_moves < self->targets->len)
        return 0;
    }

  self->n_moves = 0;
  ef_backoff_next (&self->backoff, &delay);
  if (action == EF_RECONNECT_SLOW_DOWN)
    delay = MAX (delay, self->backoff.max);

  return MAX (delay, retry_after);
}

static void
try_again (EfWebSocketClient *self,
           const GError *error,
           EfReconnectAction action,
           gint64 retry_after)
{
  gint64 delay;

  if (self->max_attempts >= 0 && self->n_attempts >= (guint) self->max_attempts)
    {
      g_autoptr (GError) last
          = g_error_new (error->domain, error->code, "%s (given up after %u tries to reconnect)",
                         error->message, self->n_attempts);

      give_up (self, self->n_attempts > 0 ? last : error);
      return;
    }

  delay = plan_next (self, action, retry_after);
  self->n_attempts++;
  self->state = CLIENT_WAITING;
  self->timer = ef_clock_create_timeout (self->clock, delay);
  g_source_set_static_name (self->timer, "[EventFlux] WebSocket reconnect");
  g_source_set_callback (self->timer, wait_is_over, self, NULL);
  g_source_attach (self->timer, self->context);

  self->funcs->reconnecting (self, self->n_attempts, (guint) (delay / 1000), error,
                             self->user_data);
}

/* Whether there are, or may come to be, other credentials than those that were refused. */
static gboolean
may_refresh (EfWebSocketClient *self, const GError *error)
{
  switch (self->funcs->refresh (self, TRUE, self->user_data))
    {
    case EF_WEB_SOCKET_REFRESH_CHANGED:
      return TRUE;
    case EF_WEB_SOCKET_REFRESH_SAME:
      self->refused = g_error_copy (error);
      return self->was_connected;
    case EF_WEB_SOCKET_REFRESH_NONE:
    default:
      return FALSE;
    }
}

/* The server's own word does not tell that there would have been another try. */
static void
give_up_by_policy (EfWebSocketClient *self, const EfReconnectFailure *failure)
{
  g_autoptr (GError) error = NULL;

  if (failure->close_code == 0)
    {
      give_up (self, failure->error);
      return;
    }

  error = g_error_new (failure->error->domain, failure->error->code,
                       "%s (not tried again, as that would end the same; “reconnect-policy” can "
                       "say otherwise)", failure->error->message);
  give_up (self, error);
}

/* Does what the policy says about a failure. A connection that the server has closed @orderly is the
 * end, and no error, if there is to be no other. */
static void
handle_failure (EfWebSocketClient *self,
                const EfReconnectFailure *failure,
                gboolean was_healthy,
                gboolean orderly)
{
  EfReconnectAction action
      = ef_reconnect_policy_choose (self->policy, failure, self->was_connected);

  if (!self->reconnect || (orderly && action == EF_RECONNECT_GIVE_UP))
    {
      give_up (self, orderly ? NULL : failure->error);
      return;
    }

  if (action == EF_RECONNECT_GIVE_UP
      || (action == EF_RECONNECT_REFRESH_CREDENTIALS && !may_refresh (self, failure->error)))
    {
      give_up_by_policy (self, failure);
      return;
    }

  if (was_healthy && action != EF_RECONNECT_NEXT_URL)
    self->index = 0;
  try_again (self, failure->error, action, failure->retry_after);
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
  gint64 lasted = ef_clock_get_time (self->clock) - self->connected_at;

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
  const char *name = ef_web_socket_client_get_target (self)->name;

  if (code == EF_CLOSE_NO_STATUS)
    return g_error_new (EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED,
                        "%s: the server closed the connection", name);

  return g_error_new (EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED,
                      "%s: the server closed the connection with code %u%s%s", name, code, *reason != '\0' ? ": " : "", reason);
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
  const EfReconnectFailure failure = { .error = why, .close_code = code };
  gboolean healthy = was_healthy (self, code);

  if (healthy)
    {
      ef_backoff_reset (&self->backoff);
      self->n_attempts = 0;
      self->n_moves = 0;
    }
  else
    ef_relaxed_add (&self->n_flaps, 1);

  /* The stream may need the close timeout to go. That holds up nothing but a stop. */
  drop_connection (&self->lingering);
  self->lingering = g_steal_pointer (&self->connection);
  self->funcs->disconnected (self, connection, code, reason, self->user_data);

  if (self->state == CLIENT_CONNECTED)
    handle_failure (self, &failure, healthy, error == NULL && is_orderly (code));
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
  EfReconnectFailure failure = { 0 };
  EfWebSocketConnection *connection;

  connection = ef_web_socket_handshake_finish (result, &subprotocol, &error);
  if (connection == NULL)
    ef_web_socket_handshake_describe_failure (result, &failure);
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
      failure.error = error;
      handle_failure (self, &failure, FALSE, FALSE);
      return;
    }

  self->state = CLIENT_CONNECTED;
  self->was_connected = TRUE;
  self->connected_at = ef_clock_get_time (self->clock);
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
  ef_web_socket_handshake_async (ef_web_socket_client_get_target (self), self->attempt->cancellable,
                                 attempt_done, self->attempt);
  g_main_context_pop_thread_default (self->context);
}

/* Begins to keep up a connection to the first of @targets that takes one, as the options say now. */
void
ef_web_socket_client_start (EfWebSocketClient *self,
                            GPtrArray *targets,
                            EfReconnectPolicy *policy,
                            const EfWebSocketOptions *options)
{
  g_return_if_fail (self->state == CLIENT_IDLE);

  reset (self);
  self->index = 0;
  self->n_moves = 0;
  self->n_attempts = 0;
  ef_web_socket_client_set_targets (self, targets);
  self->clock = ef_web_socket_client_get_target (self)->clock;
  self->policy = ef_reconnect_policy_ref (policy);
  self->reconnect = options->reconnect;
  self->max_attempts = options->reconnect_max_attempts;
  ef_backoff_init (&self->backoff, options->reconnect_delay_ms * G_GINT64_CONSTANT (1000),
                   options->reconnect_max_delay_ms * G_GINT64_CONSTANT (1000), -1);
  ef_backoff_set_jitter (&self->backoff, options->reconnect_jitter);
  self->was_connected = FALSE;
  self->context = g_main_context_ref_thread_default ();

  try_to_connect (self);
}

/* Ends whatever is under way, at once but for a connection, which is closed in order. Calls
 * @stopped when nothing is left, possibly before it returns. */
void
ef_web_socket_client_stop (EfWebSocketClient *self, GSourceOnceFunc stopped, gpointer user_data)
{
  g_return_if_fail (self->stopped == NULL);

  ef_clear_source (&self->timer);
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
