/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-text-elements.h"

static gboolean
text_plugin_init (EfPlugin *plugin, GError **error)
{
  ef_plugin_register_element (plugin, EF_TYPE_TEXT_DECODE);
  ef_plugin_register_element (plugin, EF_TYPE_TEXT_ENCODE);

  return TRUE;
}

EF_PLUGIN_DEFINE ("text",
                  "Maps text messages to events and back",
                  PLUGIN_VERSION,
                  "LGPL-2.1-or-later",
                  text_plugin_init)
