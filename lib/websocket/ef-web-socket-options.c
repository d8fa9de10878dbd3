/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element.h"
#include "ef-error.h"
#include "ef-web-socket-options-private.h"
#include "ef-web-socket-url-private.h"

#include <string.h>

#define DEFAULT_RECONNECT_DELAY_MS 1000
#define DEFAULT_RECONNECT_MAX_DELAY_MS 30000
#define DEFAULT_CONNECT_TIMEOUT_MS 10000
#define DEFAULT_CLOSE_TIMEOUT_MS 5000
#define DEFAULT_MAX_MESSAGE_SIZE (16 * 1024 * 1024)

#define SETTABLE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define READABLE (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static GParamSpec *
make_property (EfWebSocketOption option)
{
  switch (option)
    {
    case EF_WEB_SOCKET_OPTION_URL:
      return g_param_spec_string ("url", NULL, "The endpoint to connect to, ws:// or wss://.", NULL,
                                  SETTABLE | EF_PARAM_REQUIRED);
    case EF_WEB_SOCKET_OPTION_RECONNECT:
      return g_param_spec_boolean ("reconnect", NULL,
                                   "Whether to connect again after a failure or a close.", TRUE,
                                   SETTABLE);
    case EF_WEB_SOCKET_OPTION_RECONNECT_DELAY_MS:
      return g_param_spec_uint ("reconnect-delay-ms", NULL,
                                "The wait before the first try to reconnect, in milliseconds; it "
                                "doubles with each try that fails.",
                                0, G_MAXINT32, DEFAULT_RECONNECT_DELAY_MS,
                                SETTABLE | EF_PARAM_MILLISECONDS);
    case EF_WEB_SOCKET_OPTION_RECONNECT_MAX_DELAY_MS:
      return g_param_spec_uint ("reconnect-max-delay-ms", NULL,
                                "The longest wait between two tries, in milliseconds.", 0,
                                G_MAXINT32, DEFAULT_RECONNECT_MAX_DELAY_MS,
                                SETTABLE | EF_PARAM_MILLISECONDS);
    case EF_WEB_SOCKET_OPTION_RECONNECT_MAX_ATTEMPTS:
      return g_param_spec_int ("reconnect-max-attempts", NULL,
                               "How many tries in a row follow a failure, -1 for no limit.", -1,
                               G_MAXINT32, -1, SETTABLE);
    case EF_WEB_SOCKET_OPTION_HEADERS:
      return g_param_spec_boxed ("headers", NULL,
                                 "Headers of the handshake's request, by name.", G_TYPE_HASH_TABLE,
                                 SETTABLE | EF_PARAM_SECRET);
    case EF_WEB_SOCKET_OPTION_SUBPROTOCOL:
      return g_param_spec_string ("subprotocol", NULL,
                                  "The subprotocol to ask for; several are separated by commas.",
                                  NULL, SETTABLE);
    case EF_WEB_SOCKET_OPTION_CONNECT_TIMEOUT_MS:
      return g_param_spec_uint ("connect-timeout-ms", NULL,
                                "How long connecting may take with its handshake, in milliseconds.",
                                1, G_MAXINT32, DEFAULT_CONNECT_TIMEOUT_MS,
                                SETTABLE | EF_PARAM_MILLISECONDS);
    case EF_WEB_SOCKET_OPTION_CLOSE_TIMEOUT_MS:
      return g_param_spec_uint ("close-timeout-ms", NULL,
                                "How long to wait for the answer to a close, in milliseconds.",
                                0, G_MAXINT32, DEFAULT_CLOSE_TIMEOUT_MS,
                                SETTABLE | EF_PARAM_MILLISECONDS);
    case EF_WEB_SOCKET_OPTION_MAX_MESSAGE_SIZE:
      return g_param_spec_uint64 ("max-message-size", NULL,
                                  "The largest message that is accepted, in bytes.", 1, G_MAXUINT32,
                                  DEFAULT_MAX_MESSAGE_SIZE, SETTABLE);
    case EF_WEB_SOCKET_OPTION_TLS_CA_FILE:
      return g_param_spec_string ("tls-ca-file", NULL,
                                  "A PEM file of certificates to trust beyond the system's.",
                                  NULL, SETTABLE);
    case EF_WEB_SOCKET_OPTION_CONNECTED:
      return g_param_spec_boolean ("connected", NULL, "Whether there is a connection.", FALSE,
                                   READABLE);
    case EF_WEB_SOCKET_OPTION_NEGOTIATED_SUBPROTOCOL:
      return g_param_spec_string ("negotiated-subprotocol", NULL,
                                  "The subprotocol that the server chose.", NULL, READABLE);
    default:
      g_return_val_if_reached (NULL);
    }
}

/* Installs the properties, with ids from @first_id on. */
void
ef_web_socket_options_install (GObjectClass *klass, guint first_id)
{
  for (guint i = 0; i < EF_WEB_SOCKET_N_OPTIONS; i++)
    g_object_class_install_property (klass, first_id + i, make_property ((EfWebSocketOption) i));
}

static GHashTable *
make_headers (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
ef_web_socket_options_init (EfWebSocketOptions *self)
{
  *self = (EfWebSocketOptions){
    .reconnect = TRUE,
    .reconnect_delay_ms = DEFAULT_RECONNECT_DELAY_MS,
    .reconnect_max_delay_ms = DEFAULT_RECONNECT_MAX_DELAY_MS,
    .reconnect_max_attempts = -1,
    .headers = make_headers (),
    .connect_timeout_ms = DEFAULT_CONNECT_TIMEOUT_MS,
    .close_timeout_ms = DEFAULT_CLOSE_TIMEOUT_MS,
    .max_message_size = DEFAULT_MAX_MESSAGE_SIZE,
  };
}

void
ef_web_socket_options_clear (EfWebSocketOptions *self)
{
  g_free (self->url);
  g_hash_table_unref (self->headers);
  g_free (self->subprotocol);
  g_free (self->tls_ca_file);
  g_free (self->negotiated_subprotocol);
}

void
ef_web_socket_options_get_property (EfWebSocketOptions *self,
                                    EfWebSocketOption option,
                                    GValue *value)
{
  switch (option)
    {
    case EF_WEB_SOCKET_OPTION_URL:
      g_value_set_string (value, self->url);
      break;
    case EF_WEB_SOCKET_OPTION_RECONNECT:
      g_value_set_boolean (value, self->reconnect);
      break;
    case EF_WEB_SOCKET_OPTION_RECONNECT_DELAY_MS:
      g_value_set_uint (value, self->reconnect_delay_ms);
      break;
    case EF_WEB_SOCKET_OPTION_RECONNECT_MAX_DELAY_MS:
      g_value_set_uint (value, self->reconnect_max_delay_ms);
      break;
    case EF_WEB_SOCKET_OPTION_RECONNECT_MAX_ATTEMPTS:
      g_value_set_int (value, self->reconnect_max_attempts);
      break;
    case EF_WEB_SOCKET_OPTION_HEADERS:
      g_value_set_boxed (value, self->headers);
      break;
    case EF_WEB_SOCKET_OPTION_SUBPROTOCOL:
      g_value_set_string (value, self->subprotocol);
      break;
    case EF_WEB_SOCKET_OPTION_CONNECT_TIMEOUT_MS:
      g_value_set_uint (value, self->connect_timeout_ms);
      break;
    case EF_WEB_SOCKET_OPTION_CLOSE_TIMEOUT_MS:
      g_value_set_uint (value, self->close_timeout_ms);
      break;
    case EF_WEB_SOCKET_OPTION_MAX_MESSAGE_SIZE:
      g_value_set_uint64 (value, self->max_message_size);
      break;
    case EF_WEB_SOCKET_OPTION_TLS_CA_FILE:
      g_value_set_string (value, self->tls_ca_file);
      break;
    case EF_WEB_SOCKET_OPTION_CONNECTED:
      g_value_set_boolean (value, self->connected);
      break;
    case EF_WEB_SOCKET_OPTION_NEGOTIATED_SUBPROTOCOL:
      g_value_set_string (value, self->negotiated_subprotocol);
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
set_string (char **place, const char *value)
{
  if (g_strcmp0 (*place, value) == 0)
    return FALSE;

  g_free (*place);
  *place = g_strdup (value);
  return TRUE;
}

/* Also for booleans, which are plain integers. */
static gboolean
set_int (int *place, int value)
{
  gboolean changed = *place != value;

  *place = value;
  return changed;
}

static gboolean
set_uint (guint *place, guint value)
{
  gboolean changed = *place != value;

  *place = value;
  return changed;
}

static gboolean
set_headers (EfWebSocketOptions *self, GHashTable *headers)
{
  GHashTable *copy = make_headers ();
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  /* A copy: what the caller does to its table later is no change of the property. */
  if (headers != NULL)
    {
      g_hash_table_iter_init (&iter, headers);
      while (g_hash_table_iter_next (&iter, &name, &value))
        g_hash_table_insert (copy, g_strdup (name), g_strdup (value));
    }

  g_hash_table_unref (self->headers);
  self->headers = copy;
  return TRUE;
}

/* Returns whether that is a change, of which the caller notifies. */
gboolean
ef_web_socket_options_set_property (EfWebSocketOptions *self,
                                    EfWebSocketOption option,
                                    const GValue *value)
{
  gboolean changed;

  switch (option)
    {
    case EF_WEB_SOCKET_OPTION_URL:
      return set_string (&self->url, g_value_get_string (value));
    case EF_WEB_SOCKET_OPTION_RECONNECT:
      return set_int (&self->reconnect, g_value_get_boolean (value));
    case EF_WEB_SOCKET_OPTION_RECONNECT_DELAY_MS:
      return set_uint (&self->reconnect_delay_ms, g_value_get_uint (value));
    case EF_WEB_SOCKET_OPTION_RECONNECT_MAX_DELAY_MS:
      return set_uint (&self->reconnect_max_delay_ms, g_value_get_uint (value));
    case EF_WEB_SOCKET_OPTION_RECONNECT_MAX_ATTEMPTS:
      return set_int (&self->reconnect_max_attempts, g_value_get_int (value));
    case EF_WEB_SOCKET_OPTION_HEADERS:
      return set_headers (self, g_value_get_boxed (value));
    case EF_WEB_SOCKET_OPTION_SUBPROTOCOL:
      return set_string (&self->subprotocol, g_value_get_string (value));
    case EF_WEB_SOCKET_OPTION_CONNECT_TIMEOUT_MS:
      return set_uint (&self->connect_timeout_ms, g_value_get_uint (value));
    case EF_WEB_SOCKET_OPTION_CLOSE_TIMEOUT_MS:
      return set_uint (&self->close_timeout_ms, g_value_get_uint (value));
    case EF_WEB_SOCKET_OPTION_MAX_MESSAGE_SIZE:
      changed = self->max_message_size != g_value_get_uint64 (value);
      self->max_message_size = g_value_get_uint64 (value);
      return changed;
    case EF_WEB_SOCKET_OPTION_TLS_CA_FILE:
      return set_string (&self->tls_ca_file, g_value_get_string (value));
    case EF_WEB_SOCKET_OPTION_CONNECTED:
    case EF_WEB_SOCKET_OPTION_NEGOTIATED_SUBPROTOCOL:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/* Notes that @object got or lost its connection. */
void
ef_web_socket_options_set_connected (EfWebSocketOptions *self,
                                     GObject *object,
                                     gboolean connected,
                                     const char *subprotocol)
{
  g_object_freeze_notify (object);
  if (set_int (&self->connected, connected))
    g_object_notify (object, "connected");
  if (set_string (&self->negotiated_subprotocol, subprotocol))
    g_object_notify (object, "negotiated-subprotocol");
  g_object_thaw_notify (object);
}

/* Checking */

static gboolean
fail (GError **error, const char *property, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
fail (GError **error, const char *property, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE, "property “%s”: %s", property, why);
  return FALSE;
}

/* A token of RFC 7230, section 3.2.6: what names of headers and subprotocols are made of. */
static gboolean
is_token (const char *text)
{
  if (*text == '\0')
    return FALSE;

  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("!#$%&'*+-.^_`|~", *p) == NULL)
      return FALSE;

  return TRUE;
}

static const char *const own_headers[] = {
  "Connection",
  "Content-Length",
  "Sec-WebSocket-Accept",
  "Sec-WebSocket-Extensions",
  "Sec-WebSocket-Key",
  "Sec-WebSocket-Protocol",
  "Sec-WebSocket-Version",
  "Transfer-Encoding",
  "Upgrade",
  NULL,
};

/* Values are never shown: they tend to be secrets. */
static gboolean
check_header (const char *name, const char *value, GError **error)
{
  if (!is_token (name))
    return fail (error, "headers", "“%s” can not be the name of a header", name);

  for (guint i = 0; own_headers[i] != NULL; i++)
    if (g_ascii_strcasecmp (name, own_headers[i]) == 0)
      return fail (error, "headers", "“%s” belongs to the handshake itself%s", name,
                   strcmp (own_headers[i], "Sec-WebSocket-Protocol") == 0
                       ? "; use “subprotocol” for it"
                       : "");

  if (value == NULL)
    return fail (error, "headers", "“%s” has no value", name);

  for (const char *p = value; *p != '\0'; p++)
    if (*p == '\r' || *p == '\n')
      return fail (error, "headers", "the value of “%s” has a line break, which would begin "
                   "another header", name);
    else if (g_ascii_iscntrl (*p) && *p != '\t')
      return fail (error, "headers", "the value of “%s” has a control character", name);

  return TRUE;
}

static gboolean
check_headers (GHashTable *headers, GError **error)
{
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_hash_table_iter_init (&iter, headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (!check_header (name, value, error))
      return FALSE;

  return TRUE;
}

static gboolean
parse_subprotocols (const char *text, GStrv *subprotocols, GError **error)
{
  g_auto (GStrv) names = NULL;

  if (text == NULL || *text == '\0')
    return TRUE;

  names = g_strsplit (text, ",", -1);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_strstrip (names[i]);
      if (!is_token (names[i]))
        return fail (error, "subprotocol", "“%s” can not be the name of a subprotocol", names[i]);
      for (guint j = 0; j < i; j++)
        if (strcmp (names[i], names[j]) == 0)
          return fail (error, "subprotocol", "“%s” is in it twice", names[i]);
    }

  *subprotocols = g_steal_pointer (&names);
  return TRUE;
}

static gboolean
load_tls_database (const char *path, GTlsDatabase **database, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *absolute = NULL;

  if (path == NULL || *path == '\0')
    return TRUE;

  absolute = g_canonicalize_filename (path, NULL);
  *database = g_tls_file_database_new (absolute, &reason);
  if (*database == NULL)
    return fail (error, "tls-ca-file", "“%s” can not be used: %s", path, reason->message);

  return TRUE;
}

/* Checks what is configured and makes of it what can be connected to. */
EfWebSocketTarget *
ef_web_socket_options_make_target (EfWebSocketOptions *self, EfClock *clock, GError **error)
{
  g_autoptr (EfWebSocketTarget) target = g_new0 (EfWebSocketTarget, 1);

  target->ref_count = 1;
  if (self->url == NULL)
    {
      g_set_error_literal (error, EF_ERROR, EF_ERROR_MISSING_KEY,
                           "property “url” is not set; give one such as “ws://host:port/path”");
      return NULL;
    }

  target->uri = ef_web_socket_url_parse (self->url, error);
  if (target->uri == NULL)
    {
      g_prefix_error (error, "property “url”: ");
      return NULL;
    }

  if (!check_headers (self->headers, error)
      || !parse_subprotocols (self->subprotocol, &target->subprotocols, error)
      || !load_tls_database (self->tls_ca_file, &target->tls_database, error))
    return NULL;

  target->name = ef_web_socket_url_redact (self->url);
  target->headers = g_hash_table_ref (self->headers);
  target->connect_timeout = self->connect_timeout_ms * G_GINT64_CONSTANT (1000);
  target->close_timeout = self->close_timeout_ms * G_GINT64_CONSTANT (1000);
  target->max_message_size = self->max_message_size;
  target->clock = g_object_ref (clock);

  return g_steal_pointer (&target);
}
