/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-database.h"

G_BEGIN_DECLS

void ef_sql_value_bind (sqlite3_stmt *statement, int parameter, const EfValue *value);

gboolean ef_sql_value_store (EfSqlDatabase *database,
                             sqlite3_stmt *statement,
                             int result,
                             EfEventBuilder *builder,
                             EfColumnType type);

void ef_sql_value_set_error (sqlite3_stmt *statement, int result, EfSchema *schema, GError **error);

G_END_DECLS
