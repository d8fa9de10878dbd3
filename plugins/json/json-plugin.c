/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-json-decode.h"
#include "ef-json-encode.h"

static gboolean
json_plugin_init (EfPlugin *plugin, GError **error)
{
  ef_plugin_register_element (plugin, EF_TYPE_JSON_DECODE);
  ef_plugin_register_element (plugin, EF_TYPE_JSON_ENCODE);

  return TRUE;
}

EF_PLUGIN_DEFINE ("json",
                  "Maps JSON messages to events and back",
                  PLUGIN_VERSION,
                  "LGPL-2.1-or-later",
                  json_plugin_init)
