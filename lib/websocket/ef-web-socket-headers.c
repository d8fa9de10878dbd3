/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-web-socket-sink.h"
#include "ef-web-socket-source.h"

/* The property `headers` one entry at a time: what C finds handier than a table, and what languages
 * need whose bindings can not put a table into a property. */

static void
copy_entry (gpointer name, gpointer value, gpointer copy)
{
  g_hash_table_insert (copy, g_strdup (name), g_strdup (value));
}

static GHashTable *
dup_headers (gpointer element)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) headers = NULL;

  g_object_get (element, "headers", &headers, NULL);
  g_hash_table_foreach (headers, copy_entry, copy);

  return copy;
}

static gboolean
is_name (gpointer entry, gpointer value, gpointer name)
{
  return g_ascii_strcasecmp (entry, name) == 0;
}

/* Without a value the header goes. */
static void
replace_header (gpointer element, const char *name, const char *value)
{
  g_autoptr (GHashTable) headers = dup_headers (element);

  g_hash_table_foreach_remove (headers, is_name, (gpointer) name);
  if (value != NULL)
    g_hash_table_insert (headers, g_strdup (name), g_strdup (value));
  g_object_set (element, "headers", headers, NULL);
}

/**
 * ef_web_socket_source_set_header:
 * @self: a source
 * @name: the name of a header, in which case does not count
 * @value: what it is to be
 *
 * Sets one header of the handshake's request, in place of one of that name; see
 * [property@EventFlux.WebSocketSource:headers]. What can not be a header is an error of the start.
 *
 * Since: 1.0
 */
void
ef_web_socket_source_set_header (EfWebSocketSource *self, const char *name, const char *value)
{
  g_return_if_fail (EF_IS_WEB_SOCKET_SOURCE (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  replace_header (self, name, value);
}

/**
 * ef_web_socket_source_remove_header:
 * @self: a source
 * @name: the name of a header, in which case does not count
 *
 * Removes a header that was set. One that is not there is no error.
 *
 * Since: 1.0
 */
void
ef_web_socket_source_remove_header (EfWebSocketSource *self, const char *name)
{
  g_return_if_fail (EF_IS_WEB_SOCKET_SOURCE (self));
  g_return_if_fail (name != NULL);

  replace_header (self, name, NULL);
}

/**
 * ef_web_socket_source_dup_headers:
 * @self: a source
 *
 * Copies the headers that are set.
 *
 * Returns: (transfer full) (element-type utf8 utf8): the values by names
 *
 * Since: 1.0
 */
GHashTable *
ef_web_socket_source_dup_headers (EfWebSocketSource *self)
{
  g_return_val_if_fail (EF_IS_WEB_SOCKET_SOURCE (self), NULL);

  return dup_headers (self);
}

/**
 * ef_web_socket_sink_set_header:
 * @self: a sink
 * @name: the name of a header, in which case does not count
 * @value: what it is to be
 *
 * Sets one header of the handshake's request, in place of one of that name; see
 * [property@EventFlux.WebSocketSink:headers]. What can not be a header is an error of the start.
 *
 * Since: 1.0
 */
void
ef_web_socket_sink_set_header (EfWebSocketSink *self, const char *name, const char *value)
{
  g_return_if_fail (EF_IS_WEB_SOCKET_SINK (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  replace_header (self, name, value);
}

/**
 * ef_web_socket_sink_remove_header:
 * @self: a sink
 * @name: the name of a header, in which case does not count
 *
 * Removes a header that was set. One that is not there is no error.
 *
 * Since: 1.0
 */
void
ef_web_socket_sink_remove_header (EfWebSocketSink *self, const char *name)
{
  g_return_if_fail (EF_IS_WEB_SOCKET_SINK (self));
  g_return_if_fail (name != NULL);

  replace_header (self, name, NULL);
}

/**
 * ef_web_socket_sink_dup_headers:
 * @self: a sink
 *
 * Copies the headers that are set.
 *
 * Returns: (transfer full) (element-type utf8 utf8): the values by names
 *
 * Since: 1.0
 */
GHashTable *
ef_web_socket_sink_dup_headers (EfWebSocketSink *self)
{
  g_return_val_if_fail (EF_IS_WEB_SOCKET_SINK (self), NULL);

  return dup_headers (self);
}
