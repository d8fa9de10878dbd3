/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

static gboolean
same_name_init (EfPlugin *plugin, GError **error)
{
  g_assert_not_reached ();
}

EF_PLUGIN_DEFINE ("good", "A plugin that has the name of another one", "2.0", "LGPL-2.1-or-later",
                  same_name_init)
