/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-bytes-elements.h"

static gboolean
bytes_plugin_init (EfPlugin *plugin, GError **error)
{
  ef_plugin_register_element (plugin, EF_TYPE_BYTES_DECODE);
  ef_plugin_register_element (plugin, EF_TYPE_BYTES_ENCODE);

  return TRUE;
}

EF_PLUGIN_DEFINE ("bytes",
                  "Maps binary messages to events and back",
                  PLUGIN_VERSION,
                  "LGPL-2.1-or-later",
                  bytes_plugin_init)
