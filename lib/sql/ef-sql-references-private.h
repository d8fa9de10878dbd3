/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-application-private.h"

G_BEGIN_DECLS

gboolean ef_sql_find_references (EfSqlApplication *app, EfSqlStatement *query, GError **error);

G_END_DECLS
