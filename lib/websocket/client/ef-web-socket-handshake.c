/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-connect-turn-private.h"
#include "ef-proxy-resolver-private.h"
#include "ef-web-socket-error.h"
#include "ef-web-socket-handshake-private.h"
#include "ef-web-socket-url-private.h"

#include <string.h>

typedef struct
{
  EfWebSocketTarget *target;
  GMainContext *context;
  EfConnectTurn *turn; /* NULL once it is over */
  GTask *waiting;      /* for it; NULL after */
  SoupSession *session;
  SoupMessage *message;
  GUri *asked;           /* where the message was to go at first */
  GCancellable *attempt; /* stops this attempt, for the caller or for the timeout */
  GSource *timeout;
  GSource *caller_cancelled;
  gboolean timed_out;
  gboolean sent_to_plain; /* a redirection would have left TLS */
  char *subprotocol;
} Handshake;

static void
handshake_free (gpointer data)
{
  Handshake *self = data;

  ef_clear_source (&self->timeout);
  ef_clear_source (&self->caller_cancelled);
  g_clear_pointer (&self->turn, ef_connect_turn_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->attempt);
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
  g_clear_pointer (&self->asked, g_uri_unref);
  g_clear_object (&self->session);
  g_clear_pointer (&self->target, ef_web_socket_target_unref);
  g_free (self->subprotocol);
  g_free (self);
}

/* One session a handshake. It is not needed once there is a connection, and weighs more than that.
 * Nor is anything of it, such as credentials that libsoup keeps in it, there for another element or
 * another try. */
static SoupSession *
make_session (void)
{
  g_autoptr (GProxyResolver) proxies = ef_proxy_resolver_new ();

  return soup_session_new_with_options ("user-agent", "EventFlux/" EF_VERSION_STRING,
                                        "proxy-resolver", proxies, NULL);
}

/* The certificate does not please the system's authorities; perhaps the user's own. */
static gboolean
accept_certificate (SoupMessage *message,
                    GTlsCertificate *certificate,
                    GTlsCertificateFlags errors,
                    gpointer user_data)
{
  EfWebSocketTarget *target = ((Handshake *) user_data)->target;
  g_autoptr (GSocketConnectable) identity = NULL;
  GUri *uri = soup_message_get_uri (message);

  if (target->tls_database == NULL || errors != G_TLS_CERTIFICATE_UNKNOWN_CA)
    return FALSE;

  identity = g_network_address_new (g_uri_get_host (uri), ef_web_socket_url_get_port (uri));

  return g_tls_database_verify_chain (target->tls_database, certificate,
                                      G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
                                      G_TLS_DATABASE_VERIFY_NONE, NULL, NULL)
         == 0;
}

static gboolean
is_same_origin (GUri *a, GUri *b)
{
  return ef_web_socket_url_is_secure (a) == ef_web_socket_url_is_secure (b)
         && g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0
         && ef_web_socket_url_get_port (a) == ef_web_socket_url_get_port (b);
}

/* Headers tend to be credentials, which are meant for the host that the user named. */
static void
drop_headers (SoupMessage *message, EfWebSocketTarget *target)
{
  GHashTableIter iter;
  const char *name;

  g_hash_table_iter_init (&iter, target->headers);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, NULL))
    soup_message_headers_remove (soup_message_get_request_headers (message), name);
  soup_message_headers_remove (soup_message_get_request_headers (message), "Authorization");
}

/* Credentials in the URL are sent with the first request: not every server that wants them asks for
 * them first. One that asks for another scheme than Basic is answered by libsoup. */
static void
add_authorization (SoupMessageHeaders *headers, GUri *uri)
{
  const char *user = g_uri_get_user (uri);
  const char *password = g_uri_get_password (uri);
  g_autofree char *plain = NULL;
  g_autofree char *encoded = NULL;
  g_autofree char *value = NULL;

  if (user == NULL)
    return;

  plain = g_strconcat (user, ":", password != NULL ? password : "", NULL);
  encoded = g_base64_encode ((const guchar *) plain, strlen (plain));
  value = g_strconcat ("Basic ", encoded, NULL);
  soup_message_headers_replace (headers, "Authorization", value);
}

/* libsoup sends the message once more, perhaps to where the server has redirected it. */
static void
message_restarted (SoupMessage *message, gpointer user_data)
{
  Handshake *self = user_data;
  GUri *uri = soup_message_get_uri (message);

  if (ef_web_socket_url_is_secure (self->target->uri) && !ef_web_socket_url_is_secure (uri))
    {
      self->sent_to_plain = TRUE;
      g_cancellable_cancel (self->attempt);
    }
  else if (!is_same_origin (uri, self->target->uri))
    drop_headers (message, self->target);
}

static SoupMessage *
make_message (Handshake *self)
{
  EfWebSocketTarget *target = self->target;
  SoupMessage *message = soup_message_new_from_uri (SOUP_METHOD_GET, target->uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  GHashTableIter iter;
  const char *name;
  const char *value;

  add_authorization (headers, target->uri);
  g_hash_table_iter_init (&iter, target->headers);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
    soup_message_headers_replace (headers, name, value);

  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate), self);
  g_signal_connect (message, "restarted", G_CALLBACK (message_restarted), self);
  ef_web_socket_failure_watch (message);

  return message;
}

/* libsoup has begun to read frames by itself: that is stopped, before it gets to read any, by
 * taking its source away. The stream is ours then, but libsoup's connection closes it when it goes,
 * and so has to stay as long as the stream does. */
static EfWebSocketConnection *
take_over (EfWebSocketTarget *target, SoupWebsocketConnection *soup, GError **error)
{
  GMainContext *context = g_main_context_get_thread_default ();
  GSource *source = g_main_context_find_source_by_user_data (context, soup);
  EfWebSocketConnectionConfig config = {
    .role = EF_FRAME_ROLE_CLIENT,
    .max_message_size = target->max_message_size,
    .close_timeout = target->close_timeout,
    .keepalive = target->keepalive,
    .clock = target->clock,
    .name = target->name,
  };

  if (source == NULL)
    {
      g_set_error (error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_FAILED,
                   "%s: this version of libsoup, %u.%u.%u, does not let go of its connections",
                   target->name, soup_get_major_version (), soup_get_minor_version (),
                   soup_get_micro_version ());
      return NULL;
    }
  g_source_destroy (source);

  return ef_web_socket_connection_new (soup_websocket_connection_get_io_stream (soup),
                                       G_OBJECT (soup), &config);
}

/* A server may ignore what it was asked for. Whoever asks needs it, so that is an error here as it
 * is in a browser, and not a connection that speaks another language. */
static gboolean
check_subprotocol (EfWebSocketTarget *target, SoupWebsocketConnection *soup, GError **error)
{
  g_autofree char *asked = NULL;

  if (target->subprotocols == NULL || soup_websocket_connection_get_protocol (soup) != NULL)
    return TRUE;

  asked = g_strjoinv (", ", target->subprotocols);
  g_set_error (error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_SUBPROTOCOL,
               "%s: the server does not offer the subprotocol “%s”; ask for one that it knows, or "
               "set no “subprotocol”", target->name, asked);
  return FALSE;
}

static GError *
failure_of (Handshake *self, const GError *error)
{
  if (self->timed_out)
    return g_error_new (EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_TIMED_OUT,
                        "%s: no connection within %" G_GINT64_FORMAT
                        " ms; “connect-timeout-ms” allows more",
                        self->target->name, self->target->connect_timeout / 1000);

  if (self->sent_to_plain)
    return g_error_new (EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_HANDSHAKE,
                        "%s: the server redirects to an address without TLS, which is not "
                        "followed; connect to that one if it is the right one",
                        self->target->name);

  return ef_web_socket_failure_new (self->target, self->message, error);
}

/* What failed elsewhere than at the URL that was asked for says so. */
static void
return_failure (GTask *task, const GError *error)
{
  Handshake *self = g_task_get_task_data (task);
  GUri *uri = soup_message_get_uri (self->message);
  g_autoptr (GError) failure = failure_of (self, error);
  g_autofree char *asked = g_uri_to_string_partial (self->asked, G_URI_HIDE_USERINFO);
  g_autofree char *url = g_uri_to_string_partial (uri, G_URI_HIDE_USERINFO);
  g_autofree char *shown = NULL;

  /* libsoup takes credentials out of the URL when it has used them. */
  if (strcmp (url, asked) == 0)
    {
      g_task_return_error (task, g_steal_pointer (&failure));
      return;
    }

  shown = ef_web_socket_url_redact (url);
  g_task_return_new_error (task, failure->domain, failure->code, "%s (redirected to %s)",
                           failure->message, shown);
}

static void
discard_connection (gpointer data)
{
  ef_web_socket_connection_abort (data);
  ef_web_socket_connection_unref (data);
}

static void
handshake_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Handshake *self = g_task_get_task_data (task);
  g_autoptr (SoupWebsocketConnection) soup = NULL;
  g_autoptr (EfWebSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  soup = soup_session_websocket_connect_finish (SOUP_SESSION (object), result, &error);
  ef_clear_source (&self->timeout);
  ef_clear_source (&self->caller_cancelled);
  g_clear_pointer (&self->turn, ef_connect_turn_free);

  if (soup == NULL)
    {
      if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
        g_task_return_error_if_cancelled (task);
      else
        return_failure (task, error);
      return;
    }

  connection = take_over (self->target, soup, &error);
  if (connection == NULL || !check_subprotocol (self->target, soup, &error)
      || g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error))
    {
      if (connection != NULL)
        ef_web_socket_connection_close (connection, EF_CLOSE_NORMAL, "");
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->subprotocol = g_strdup (soup_websocket_connection_get_protocol (soup));
  g_task_return_pointer (task, g_steal_pointer (&connection), discard_connection);
}

static gboolean
connect_timed_out (gpointer user_data)
{
  Handshake *self = user_data;

  self->timed_out = TRUE;
  g_cancellable_cancel (self->attempt);

  return G_SOURCE_REMOVE;
}

static gboolean
caller_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Handshake *self = user_data;
  g_autoptr (GTask) waiting = g_steal_pointer (&self->waiting);

  g_cancellable_cancel (self->attempt);
  if (waiting == NULL)
    return G_SOURCE_REMOVE;

  /* It was not its turn yet, so there is nobody else to say so. */
  g_clear_pointer (&self->turn, ef_connect_turn_free);
  g_task_return_error_if_cancelled (waiting);

  return G_SOURCE_REMOVE;
}

static void
watch_caller (Handshake *self, GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;

  self->caller_cancelled = g_cancellable_source_new (cancellable);
  g_source_set_static_name (self->caller_cancelled, "[EventFlux] WebSocket connect cancelled");
  g_source_set_callback (self->caller_cancelled, G_SOURCE_FUNC (caller_cancelled), self, NULL);
  g_source_attach (self->caller_cancelled, self->context);
}

/* The time to connect begins here: to wait for others is no fault of the server. */
static void
begin (gpointer user_data)
{
  Handshake *self = user_data;

  self->session = make_session ();
  self->message = make_message (self);
  self->asked = g_uri_ref (soup_message_get_uri (self->message));
  self->timeout = ef_clock_create_timeout (self->target->clock, self->target->connect_timeout);
  g_source_set_static_name (self->timeout, "[EventFlux] WebSocket connect timeout");
  g_source_set_callback (self->timeout, connect_timed_out, self, NULL);
  g_source_attach (self->timeout, self->context);

  /* A source runs without it. */
  g_main_context_push_thread_default (self->context);
  soup_session_websocket_connect_async (self->session, self->message, NULL,
                                        self->target->subprotocols, G_PRIORITY_DEFAULT,
                                        self->attempt, handshake_done,
                                        g_steal_pointer (&self->waiting));
  g_main_context_pop_thread_default (self->context);
}

/* Connects when it is its turn, and does the handshake (RFC 6455, section 4.1): libsoup resolves, goes
 * through proxies, does TLS, authentication, redirects and the upgrade. */
void
ef_web_socket_handshake_async (EfWebSocketTarget *target,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Handshake *self = g_new0 (Handshake, 1);

  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_web_socket_handshake_async);
  g_task_set_task_data (task, self, handshake_free);
  /* A connection must not get lost because someone cancelled after it was made. */
  g_task_set_check_cancellable (task, FALSE);

  self->target = ef_web_socket_target_ref (target);
  self->context = g_main_context_ref_thread_default ();
  self->attempt = g_cancellable_new ();
  self->waiting = task;
  watch_caller (self, cancellable);
  self->turn = ef_connect_turn_new (g_uri_get_host (target->uri),
                                    ef_web_socket_url_get_port (target->uri), self->context, begin,
                                    self);
}

/* The connection is open, reads nothing yet, and belongs to the caller. @subprotocol may be NULL
 * and is set to NULL if none was agreed on. */
EfWebSocketConnection *
ef_web_socket_handshake_finish (GAsyncResult *result, char **subprotocol, GError **error)
{
  EfWebSocketConnection *connection = g_task_propagate_pointer (G_TASK (result), error);
  Handshake *self = g_task_get_task_data (G_TASK (result));

  if (subprotocol != NULL)
    *subprotocol = connection != NULL ? g_steal_pointer (&self->subprotocol) : NULL;

  return connection;
}

/* What the server answered to a handshake that failed. */
void
ef_web_socket_handshake_describe_failure (GAsyncResult *result, EfReconnectFailure *failure)
{
  Handshake *self = g_task_get_task_data (G_TASK (result));

  /* It may have been cancelled before it was its turn. */
  if (self->message == NULL)
    return;

  failure->status = soup_message_get_status (self->message);
  failure->retry_after
      = ef_web_socket_failure_get_retry_after (self->message, self->target->clock);
}
