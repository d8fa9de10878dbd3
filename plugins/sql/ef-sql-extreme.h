/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* The least or the greatest value of all times, for each group by itself. */
typedef struct _EfSqlExtreme EfSqlExtreme;

EfSqlExtreme *ef_sql_extreme_new (gboolean is_max, guint max_groups);

void ef_sql_extreme_free (EfSqlExtreme *self);

gboolean ef_sql_extreme_add (
  EfSqlExtreme *self, sqlite3 *db, const char *name, guint n_keys, gboolean is_aggregate);

G_END_DECLS
