/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

static gboolean
failing_init (EfPlugin *plugin, GError **error)
{
  g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE, "the hardware is out of order");

  return FALSE;
}

EF_PLUGIN_DEFINE ("failing-init", "A plugin that does not come up", "1.0", "LGPL-2.1-or-later",
                  failing_init)
