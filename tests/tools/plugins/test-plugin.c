/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-elements.h"

static gboolean
test_plugin_init (EfPlugin *plugin, GError **error)
{
  ef_plugin_register_element (plugin, EF_TYPE_TEST_SOURCE);
  ef_plugin_register_element (plugin, EF_TYPE_TEST_TRANSFORM);
  ef_plugin_register_element (plugin, EF_TYPE_TEST_SINK);
  ef_plugin_register_element (plugin, EF_TYPE_TEST_QUEUE);

  return TRUE;
}

EF_PLUGIN_DEFINE ("test", "Elements for tests", "1.2.3", "LGPL-2.1-or-later", test_plugin_init)
