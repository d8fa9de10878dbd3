/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-database.h"

G_BEGIN_DECLS

gboolean ef_sql_rows_register (EfSqlDatabase *database, const char *name, EfSchema *schema);

G_END_DECLS
