/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-fake-sink.h"
#include "ef-queue.h"

static gboolean
plugin_init (EfPlugin *plugin, GError **error)
{
  ef_plugin_register_element (plugin, EF_TYPE_APP_SINK);
  ef_plugin_register_element (plugin, EF_TYPE_APP_SOURCE);
  ef_plugin_register_element (plugin, EF_TYPE_FAKE_SINK);
  ef_plugin_register_element (plugin, EF_TYPE_QUEUE);

  return TRUE;
}

EF_PLUGIN_DEFINE ("core", "Queues, and the program itself as elements",
                  PLUGIN_VERSION, "LGPL-2.1-or-later", plugin_init)
