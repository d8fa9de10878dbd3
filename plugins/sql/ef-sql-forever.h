/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-database.h"
#include "ef-sql-text.h"

G_BEGIN_DECLS

/* The calls of minForever (x) and maxForever (x) in a query, with what they have seen so far. */
typedef struct _EfSqlForever EfSqlForever;

EfSqlForever *ef_sql_forever_new (EfSqlDatabase *database,
                                  const EfSqlText *text,
                                  EfSchema *input,
                                  gboolean has_window,
                                  guint max_groups,
                                  gsize *error_offset,
                                  GError **error);

void ef_sql_forever_free (EfSqlForever *self);

gboolean ef_sql_forever_is_call (const EfSqlText *text, guint index);

/* A stretch of the pieces of a text. */
typedef struct
{
  guint first;
  guint end;
} EfSqlStretch;

const char *ef_sql_forever_get_name (const EfSqlForever *self, guint index);

const GArray *ef_sql_forever_get_keys (const EfSqlForever *self, guint close);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSqlForever, ef_sql_forever_free)

G_END_DECLS
