/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-feedback-sink.h"
#include "ef-sql-feedback.h"
#include "ef-sql.h"

static gboolean
sql_plugin_init (EfPlugin *plugin, GError **error)
{
  ef_plugin_register_element (plugin, EF_TYPE_SQL);
  ef_plugin_register_element (plugin, EF_TYPE_SQL_FEEDBACK);
  ef_plugin_register_element (plugin, EF_TYPE_SQL_FEEDBACK_SINK);

  return TRUE;
}

EF_PLUGIN_DEFINE ("sql",
                  "Answers queries in SQL over streams, with SQLite",
                  PLUGIN_VERSION,
                  "LGPL-2.1-or-later",
                  sql_plugin_init)
