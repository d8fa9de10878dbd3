/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-application-private.h"

G_BEGIN_DECLS

/* A place in the text, and the token there. */
typedef struct
{
  const char *text;
  EfSqlToken token;
  gsize behind; /* where the token before ends */
} EfSqlCursor;

void ef_sql_cursor_next (EfSqlCursor *self);

gboolean ef_sql_cursor_is_word (const EfSqlCursor *self, const char *word);

gboolean ef_sql_cursor_is_symbol (const EfSqlCursor *self, char symbol);

gboolean ef_sql_cursor_is_name (const EfSqlCursor *self);

gboolean ef_sql_cursor_skip_word (EfSqlCursor *self, const char *word);

gboolean
ef_sql_cursor_expect_symbol (EfSqlCursor *self, char symbol, const char *where, GError **error);

gboolean ef_sql_cursor_fail (const EfSqlCursor *self, GError **error, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

char *ef_sql_cursor_read_name (EfSqlCursor *self, const char *what, GError **error);

EfSqlConnector *ef_sql_cursor_read_annotation (EfSqlCursor *self, GError **error);

GArray *ef_sql_cursor_read_info (EfSqlCursor *self, GError **error);

EfSqlConnector *ef_sql_cursor_read_with (EfSqlCursor *self, GError **error);

gboolean ef_sql_cursor_read_options (EfSqlCursor *self,
                                     GArray *options,
                                     EfSqlConnector *connector,
                                     GError **error);

GArray *ef_sql_options_new (void);

gboolean
ef_sql_options_steal (GArray *options, const char *key, char **value, gsize *offset);

G_END_DECLS
