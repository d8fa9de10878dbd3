/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* What the functions look at while a query runs. */
typedef struct
{
  gint64 window_start; /* in milliseconds since the epoch */
  gint64 window_end;
  gboolean has_window;
  gint64 now;
} EfSqlScope;

void ef_sql_functions_add (sqlite3 *db, EfSqlScope *scope);

G_END_DECLS
