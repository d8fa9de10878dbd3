/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "fixture-element.h"

FIXTURE_ELEMENT (GoodSource, good_source, EF_TYPE_SOURCE, EfSource, "goodsource", "good")
FIXTURE_ELEMENT (GoodSink, good_sink, EF_TYPE_SINK, EfSink, "goodsink", "good")

static gboolean
good_init (EfPlugin *plugin, GError **error)
{
  ef_plugin_register_element (plugin, good_source_get_type ());
  ef_plugin_register_element (plugin, good_sink_get_type ());

  return TRUE;
}

EF_PLUGIN_DEFINE ("good", "A plugin with nothing wrong", "1.0", "LGPL-2.1-or-later", good_init)
