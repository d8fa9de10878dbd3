/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-database.h"

G_BEGIN_DECLS

/* What to compile. */
typedef struct
{
  const char *query;
  const char *stream; /* NULL: the first name behind FROM */
  EfSchema *input;
  EfSchema *output; /* NULL: as the query has it */
  gboolean has_window;
  guint max_groups; /* that minForever() and maxForever() remember */
} EfSqlQueryInit;

/* A query that is compiled for input of one schema. All calls are made with the database locked. */
typedef struct _EfSqlQuery EfSqlQuery;

EfSqlQuery *ef_sql_query_new (EfSqlDatabase *database,
                              const EfSqlQueryInit *init,
                              gsize *error_offset,
                              GError **error);

void ef_sql_query_free (EfSqlQuery *self);

EfSchema *ef_sql_query_get_schema (EfSqlQuery *self);

gboolean ef_sql_query_is_writing (EfSqlQuery *self);

gboolean ef_sql_query_run_event (EfSqlQuery *self, EfEvent *event, EfBatch *out, GError **error);

gboolean ef_sql_query_run_rows (EfSqlQuery *self,
                                EfEvent *const *rows,
                                guint n_rows,
                                gint64 start,
                                gint64 end,
                                EfBatch *out,
                                GError **error);

void ef_sql_query_flush (EfSqlQuery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSqlQuery, ef_sql_query_free)

G_END_DECLS
