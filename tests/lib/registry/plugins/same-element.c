/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "fixture-element.h"

FIXTURE_ELEMENT (SameOther, same_other, EF_TYPE_SOURCE, EfSource, "othersource", "other")
FIXTURE_ELEMENT (SameSource, same_source, EF_TYPE_SOURCE, EfSource, "goodsource", NULL)

/* The second of its elements has a name that is taken, so neither of them may be there. */
static gboolean
same_element_init (EfPlugin *plugin, GError **error)
{
  ef_plugin_register_element (plugin, same_other_get_type ());
  ef_plugin_register_element (plugin, same_source_get_type ());

  return TRUE;
}

EF_PLUGIN_DEFINE ("same-element", "A plugin whose element has the name of another one", "1.0",
                  "LGPL-2.1-or-later", same_element_init)
