/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-web-socket-server-private.h"
#include "ef-web-socket-url-private.h"

#define DEFAULT_MAX_CLIENTS 10000
#define DEFAULT_MAX_MESSAGE_SIZE (16 * 1024 * 1024)
#define DEFAULT_CLOSE_TIMEOUT_MS 5000

#define SETTABLE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define READABLE (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static GParamSpec *
make_property (EfWebSocketServerOption option)
{
  switch (option)
    {
    case EF_WEB_SOCKET_SERVER_OPTION_URL:
      return g_param_spec_string ("url", NULL,
                                  "Where to listen, such as ws://127.0.0.1:8080/feed; port 0 takes "
                                  "a free one.",
                                  NULL, SETTABLE | EF_PARAM_REQUIRED);
    case EF_WEB_SOCKET_SERVER_OPTION_SUBPROTOCOL:
      return g_param_spec_string ("subprotocol", NULL,
                                  "The subprotocol to agree to; several are separated by commas.",
                                  NULL, SETTABLE);
    case EF_WEB_SOCKET_SERVER_OPTION_TLS_CERTIFICATE_FILE:
      return g_param_spec_string ("tls-certificate-file", NULL,
                                  "A PEM file with the server's certificate, for wss://.", NULL,
                                  SETTABLE);
    case EF_WEB_SOCKET_SERVER_OPTION_TLS_KEY_FILE:
      return g_param_spec_string ("tls-key-file", NULL,
                                  "A PEM file with the certificate's private key, if it is not in "
                                  "the same file.",
                                  NULL, SETTABLE);
    case EF_WEB_SOCKET_SERVER_OPTION_MAX_CLIENTS:
      return g_param_spec_uint ("max-clients", NULL, "How many clients may be connected at a time.",
                                1, G_MAXINT32, DEFAULT_MAX_CLIENTS, SETTABLE);
    case EF_WEB_SOCKET_SERVER_OPTION_MAX_MESSAGE_SIZE:
      return g_param_spec_uint64 ("max-message-size", NULL,
                                  "The largest message that is accepted, in bytes.", 1, G_MAXUINT32,
                                  DEFAULT_MAX_MESSAGE_SIZE, SETTABLE);
    case EF_WEB_SOCKET_SERVER_OPTION_CLOSE_TIMEOUT_MS:
      return g_param_spec_uint ("close-timeout-ms", NULL,
                                "How long to wait for clients when stopping, in milliseconds.", 0,
                                G_MAXINT32, DEFAULT_CLOSE_TIMEOUT_MS,
                                SETTABLE | EF_PARAM_MILLISECONDS);
    case EF_WEB_SOCKET_SERVER_OPTION_PORT:
      return g_param_spec_uint ("port", NULL, "The port that is listened at, 0 while there is none.",
                                0, G_MAXUINT16, 0, READABLE);
    case EF_WEB_SOCKET_SERVER_OPTION_N_CLIENTS:
      return g_param_spec_uint ("n-clients", NULL, "How many clients are connected.", 0, G_MAXUINT,
                                0, READABLE);
    default:
      g_return_val_if_reached (NULL);
    }
}

void
ef_web_socket_server_install_properties (GObjectClass *klass, guint first_id)
{
  for (guint i = 0; i < EF_WEB_SOCKET_SERVER_N_OPTIONS; i++)
    g_object_class_install_property (klass, first_id + i,
                                     make_property ((EfWebSocketServerOption) i));
}

void
ef_web_socket_server_init_options (EfWebSocketServer *self)
{
  self->max_clients = DEFAULT_MAX_CLIENTS;
  self->max_message_size = DEFAULT_MAX_MESSAGE_SIZE;
  self->close_timeout_ms = DEFAULT_CLOSE_TIMEOUT_MS;
}

void
ef_web_socket_server_clear_options (EfWebSocketServer *self)
{
  g_free (self->url);
  g_free (self->subprotocol);
  g_free (self->tls_certificate_file);
  g_free (self->tls_key_file);
}

void
ef_web_socket_server_get_property (EfWebSocketServer *self,
                                   EfWebSocketServerOption option,
                                   GValue *value)
{
  switch (option)
    {
    case EF_WEB_SOCKET_SERVER_OPTION_URL:
      g_value_set_string (value, self->url);
      break;
    case EF_WEB_SOCKET_SERVER_OPTION_SUBPROTOCOL:
      g_value_set_string (value, self->subprotocol);
      break;
    case EF_WEB_SOCKET_SERVER_OPTION_TLS_CERTIFICATE_FILE:
      g_value_set_string (value, self->tls_certificate_file);
      break;
    case EF_WEB_SOCKET_SERVER_OPTION_TLS_KEY_FILE:
      g_value_set_string (value, self->tls_key_file);
      break;
    case EF_WEB_SOCKET_SERVER_OPTION_MAX_CLIENTS:
      g_value_set_uint (value, self->max_clients);
      break;
    case EF_WEB_SOCKET_SERVER_OPTION_MAX_MESSAGE_SIZE:
      g_value_set_uint64 (value, self->max_message_size);
      break;
    case EF_WEB_SOCKET_SERVER_OPTION_CLOSE_TIMEOUT_MS:
      g_value_set_uint (value, self->close_timeout_ms);
      break;
    case EF_WEB_SOCKET_SERVER_OPTION_PORT:
      g_value_set_uint (value, self->port);
      break;
    case EF_WEB_SOCKET_SERVER_OPTION_N_CLIENTS:
      g_value_set_uint (value, ef_web_socket_server_get_n_clients (self));
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
set_text (char **text, const GValue *value)
{
  const char *next = g_value_get_string (value);

  if (g_strcmp0 (*text, next) == 0)
    return FALSE;

  g_free (*text);
  *text = g_strdup (next);

  return TRUE;
}

static gboolean
set_number (guint *number, const GValue *value)
{
  guint next = g_value_get_uint (value);
  gboolean changed = *number != next;

  *number = next;

  return changed;
}

/* Whether the value changed. */
static gboolean
set_option (EfWebSocketServer *self, EfWebSocketServerOption option, const GValue *value)
{
  guint64 size = self->max_message_size;

  switch (option)
    {
    case EF_WEB_SOCKET_SERVER_OPTION_URL:
      return set_text (&self->url, value);
    case EF_WEB_SOCKET_SERVER_OPTION_SUBPROTOCOL:
      return set_text (&self->subprotocol, value);
    case EF_WEB_SOCKET_SERVER_OPTION_TLS_CERTIFICATE_FILE:
      return set_text (&self->tls_certificate_file, value);
    case EF_WEB_SOCKET_SERVER_OPTION_TLS_KEY_FILE:
      return set_text (&self->tls_key_file, value);
    case EF_WEB_SOCKET_SERVER_OPTION_MAX_CLIENTS:
      return set_number (&self->max_clients, value);
    case EF_WEB_SOCKET_SERVER_OPTION_MAX_MESSAGE_SIZE:
      self->max_message_size = g_value_get_uint64 (value);
      return self->max_message_size != size;
    case EF_WEB_SOCKET_SERVER_OPTION_CLOSE_TIMEOUT_MS:
      return set_number (&self->close_timeout_ms, value);
    case EF_WEB_SOCKET_SERVER_OPTION_PORT:
    case EF_WEB_SOCKET_SERVER_OPTION_N_CLIENTS:
    default:
      g_assert_not_reached ();
    }
}

void
ef_web_socket_server_set_property (EfWebSocketServer *self,
                                   EfWebSocketServerOption option,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  if (set_option (self, option, value))
    g_object_notify_by_pspec (G_OBJECT (self->element), pspec);
}

/* The subprotocols to agree to, or NULL if none is asked for. */
char **
ef_web_socket_server_split_subprotocols (EfWebSocketServer *self)
{
  char **names = NULL;

  if (self->subprotocol == NULL || *self->subprotocol == '\0')
    return NULL;

  names = g_strsplit (self->subprotocol, ",", -1);
  for (guint i = 0; names[i] != NULL; i++)
    g_strstrip (names[i]);

  return names;
}

/* Gets what wss:// needs, and refuses what ws:// would not use. */
gboolean
ef_web_socket_server_load_certificate (EfWebSocketServer *self, GError **error)
{
  gboolean secure = ef_web_socket_url_is_secure (self->uri);
  const char *key_file = self->tls_key_file != NULL ? self->tls_key_file : self->tls_certificate_file;
  g_autoptr (GError) reason = NULL;

  if (!secure && self->tls_certificate_file != NULL)
    {
      g_set_error_literal (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                           "“tls-certificate-file” is set, but the scheme of “url” is “ws”; use "
                           "“wss” to serve over TLS");
      return FALSE;
    }
  if (!secure)
    return TRUE;

  if (self->tls_certificate_file == NULL)
    {
      g_set_error_literal (error, EF_ERROR, EF_ERROR_MISSING_KEY,
                           "a “wss” server needs “tls-certificate-file” (config key "
                           "“websocket.tls.certificate.file”)");
      return FALSE;
    }

  self->certificate = g_tls_certificate_new_from_files (self->tls_certificate_file, key_file, &reason);
  if (self->certificate == NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE,
                   "can not load the certificate “%s” with the key “%s”: %s",
                   self->tls_certificate_file, key_file, reason->message);
      return FALSE;
    }

  return TRUE;
}
