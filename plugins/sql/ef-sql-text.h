/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* A token with its surroundings. */
typedef struct
{
  EfSqlToken token;
  guint
    depth; /* of parentheses around it; both parentheses of a pair have that of what is outside */
  guint close;       /* of an opening parenthesis, where its partner is */
  gboolean subquery; /* stands in a query within the query */
} EfSqlPiece;

/* A text of SQL in its tokens, the last one being the end. */
typedef struct
{
  const char *text;
  GArray *pieces;
} EfSqlText;

EfSqlText *ef_sql_text_new (const char *text, gsize *error_offset, GError **error);

gboolean ef_sql_text_fail (
  const EfSqlText *self, guint index, gsize *error_offset, GError **error, const char *message);

void ef_sql_text_free (EfSqlText *self);

const EfSqlPiece *ef_sql_text_get (const EfSqlText *self, guint index);

gboolean ef_sql_text_is_word (const EfSqlText *self, guint index, const char *word);

gboolean ef_sql_text_is_symbol (const EfSqlText *self, guint index, char symbol);

gboolean ef_sql_text_is_end (const EfSqlText *self, guint index);

gboolean ef_sql_text_is_call (const EfSqlText *self, guint index);

guint ef_sql_text_find_within (const EfSqlText *self, guint open, const char *word);

guint ef_sql_text_find_select (const EfSqlText *self);

guint ef_sql_text_find_clause (const EfSqlText *self, guint select, const char *keyword);

char *ef_sql_text_dup_stream (const EfSqlText *self);

gboolean ef_sql_text_uses_column (const EfSqlText *self, const char *column);

void ef_sql_text_infer_types (const EfSqlText *self,
                              EfSchema *input,
                              EfColumnType *types,
                              guint n_columns);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSqlText, ef_sql_text_free)

G_END_DECLS
