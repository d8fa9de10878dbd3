/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-handshake-fields-private.h"
#include "ef-web-socket-options-private.h"
#include "ef-web-socket-url-private.h"

#include <string.h>

/* Makes of the properties what can be connected to, and refuses what can not. */

EfWebSocketTarget *
ef_web_socket_target_ref (EfWebSocketTarget *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
ef_web_socket_target_unref (EfWebSocketTarget *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_free (self->name);
  g_clear_pointer (&self->uri, g_uri_unref);
  g_strfreev (self->subprotocols);
  g_clear_pointer (&self->headers, g_hash_table_unref);
  g_clear_object (&self->tls_database);
  g_clear_object (&self->clock);
  g_free (self);
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
    g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                 "property “tls-ca-file”: “%s” can not be used: %s", path, reason->message);

  return *database != NULL;
}

static EfWebSocketTarget *
make_target (EfWebSocketOptions *self,
             const char *property,
             const char *url,
             EfClock *clock,
             GError **error)
{
  g_autoptr (EfWebSocketTarget) target = g_new0 (EfWebSocketTarget, 1);

  target->ref_count = 1;
  target->uri = ef_web_socket_url_parse (url, error);
  if (target->uri == NULL)
    {
      g_prefix_error (error, "property “%s”: ", property);
      return NULL;
    }

  if (!ef_handshake_fields_parse_subprotocols (self->subprotocol, &target->subprotocols, error))
    return NULL;

  target->name = ef_web_socket_url_redact (url);
  target->headers = g_hash_table_ref (self->headers);
  target->connect_timeout = self->connect_timeout_ms * G_GINT64_CONSTANT (1000);
  target->close_timeout = self->close_timeout_ms * G_GINT64_CONSTANT (1000);
  target->max_message_size = self->max_message_size;
  target->keepalive = ef_keepalive_options_make_config (&self->keepalive);
  target->clock = g_object_ref (clock);

  return g_steal_pointer (&target);
}

static gboolean
add_target (EfWebSocketOptions *self,
            GPtrArray *targets,
            const char *property,
            const char *url,
            EfClock *clock,
            GError **error)
{
  EfWebSocketTarget *target = make_target (self, property, url, clock, error);

  if (target == NULL)
    return FALSE;

  g_ptr_array_add (targets, target);
  return TRUE;
}

/* Checks what is configured and makes of it what can be connected to: a target for `url`, and one for
 * each of `urls` behind it. */
GPtrArray *
ef_web_socket_options_make_targets (EfWebSocketOptions *self, EfClock *clock, GError **error)
{
  g_autoptr (GPtrArray) targets
      = g_ptr_array_new_with_free_func ((GDestroyNotify) ef_web_socket_target_unref);
  g_autoptr (GTlsDatabase) database = NULL;
  gboolean has_url = self->url != NULL && *self->url != '\0';

  if (has_url && !add_target (self, targets, "url", self->url, clock, error))
    return NULL;
  for (guint i = 0; self->urls != NULL && self->urls[i] != NULL; i++)
    if (g_strcmp0 (self->urls[i], self->url) != 0
        && !add_target (self, targets, "urls", self->urls[i], clock, error))
      return NULL;

  if (targets->len == 0)
    {
      g_set_error_literal (error, EF_ERROR, EF_ERROR_MISSING_KEY,
                           "neither property “url” nor “urls” is set; give an endpoint such as "
                           "“ws://host:port/path”");
      return NULL;
    }

  if (!ef_handshake_fields_check_headers (self->headers, error)
      || !load_tls_database (self->tls_ca_file, &database, error))
    return NULL;

  for (guint i = 0; database != NULL && i < targets->len; i++)
    ((EfWebSocketTarget *) g_ptr_array_index (targets, i))->tls_database = g_object_ref (database);

  return g_steal_pointer (&targets);
}
