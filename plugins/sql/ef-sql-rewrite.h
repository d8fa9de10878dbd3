/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-forever.h"

G_BEGIN_DECLS

/* The column of a window's rows that has an event's time. */
#define EF_SQL_TIMESTAMP_COLUMN "_event_timestamp"

/* SQL as SQLite takes it, made of SQL as it was written. */
typedef struct
{
  GString *sql;
  GArray *steps; /* where the two run apart */
} EfSqlRewrite;

EfSqlRewrite *
ef_sql_rewrite_query (const EfSqlText *text,
                      const EfSqlForever *forever,
                      const char *stream,
                      const char *expression,
                      const char *timestamp);

EfSqlRewrite *ef_sql_rewrite_script (const EfSqlText *text);

gsize ef_sql_rewrite_get_origin (const EfSqlRewrite *self, gsize offset);

const char *ef_sql_rewrite_get_declared_type (EfColumnType type);

void ef_sql_rewrite_free (EfSqlRewrite *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSqlRewrite, ef_sql_rewrite_free)

G_END_DECLS
