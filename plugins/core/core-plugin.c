/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-console-sink.h"
#include "ef-dead-letter-decode.h"
#include "ef-fake-sink.h"
#include "ef-fault.h"
#include "ef-file-sink.h"
#include "ef-file-source.h"
#include "ef-queue.h"
#include "ef-timer-source.h"

static gboolean
plugin_init (EfPlugin *plugin, GError **error)
{
  ef_plugin_register_element (plugin, EF_TYPE_APP_SINK);
  ef_plugin_register_element (plugin, EF_TYPE_APP_SOURCE);
  ef_plugin_register_element (plugin, EF_TYPE_CONSOLE_SINK);
  ef_plugin_register_element (plugin, EF_TYPE_DEAD_LETTER_DECODE);
  ef_plugin_register_element (plugin, EF_TYPE_FAKE_SINK);
  ef_plugin_register_element (plugin, EF_TYPE_FAULT);
  ef_plugin_register_element (plugin, EF_TYPE_FILE_SINK);
  ef_plugin_register_element (plugin, EF_TYPE_FILE_SOURCE);
  ef_plugin_register_element (plugin, EF_TYPE_QUEUE);
  ef_plugin_register_element (plugin, EF_TYPE_TIMER_SOURCE);

  return TRUE;
}

EF_PLUGIN_DEFINE ("core", "Queues, files, timers, and the program itself as elements",
                  PLUGIN_VERSION, "LGPL-2.1-or-later", plugin_init)
