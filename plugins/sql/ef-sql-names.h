/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-text.h"

G_BEGIN_DECLS

const char *ef_sql_names_find (const EfSqlText *text, guint index);

gboolean ef_sql_names_is_call (const EfSqlText *text, guint index, const char *name);

void ef_sql_names_add (GPtrArray *names);

G_END_DECLS
