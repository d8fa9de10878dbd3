/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-cursor-private.h"

G_BEGIN_DECLS

typedef struct
{
  EfSqlApplication *app;
  EfSqlCursor cursor;
  GPtrArray *connectors; /* annotations that wait for their stream */
  GArray *info;          /* one that waits for its query, or NULL */
  gsize info_offset;
} EfSqlParser;

gboolean ef_sql_cursor_skip_piece (EfSqlCursor *cursor, GError **error);

gboolean ef_sql_cursor_is_at_end (const EfSqlCursor *cursor);

gboolean ef_sql_cursor_skip_until (EfSqlCursor *cursor, const char *keyword, GError **error);

void ef_sql_parser_add_init (EfSqlParser *self, gsize start, gsize end);

gboolean ef_sql_parser_read_select (EfSqlParser *self, GError **error);

gboolean ef_sql_parser_read_insert (EfSqlParser *self, GError **error);

gboolean ef_sql_parser_read_change (EfSqlParser *self, gsize start, GError **error);

G_END_DECLS
