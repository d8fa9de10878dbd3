/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

/* The elements themselves live in the library, where bindings find them. */
static gboolean
websocket_plugin_init (EfPlugin *plugin, GError **error)
{
  ef_plugin_register_element (plugin, EF_TYPE_WEB_SOCKET_SINK);
  ef_plugin_register_element (plugin, EF_TYPE_WEB_SOCKET_SOURCE);
  ef_plugin_register_element (plugin, EF_TYPE_WEB_SOCKET_SERVER_SOURCE);
  ef_plugin_register_element (plugin, EF_TYPE_WEB_SOCKET_SERVER_SINK);

  return TRUE;
}

EF_PLUGIN_DEFINE ("websocket",
                  "Receives and publishes messages over WebSocket",
                  PLUGIN_VERSION,
                  "LGPL-2.1-or-later",
                  websocket_plugin_init)
