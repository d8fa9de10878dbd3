/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

static gboolean
wrong_abi_init (EfPlugin *plugin, GError **error)
{
  g_assert_not_reached ();
}

_EF_EXTERN const EfPluginDescriptor ef_plugin_descriptor;

const EfPluginDescriptor ef_plugin_descriptor = {
  .magic = EF_PLUGIN_MAGIC,
  .abi = EF_PLUGIN_ABI + 41,
  .size = sizeof (EfPluginDescriptor),
  .name = "wrong-abi",
  .description = "A plugin of the future",
  .version = "1.0",
  .license = "LGPL-2.1-or-later",
  .init = wrong_abi_init,
};
