/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-sql-parser-private.h"

#include <string.h>

/* Statements that are queries: where their results go and which window they have is parsed here, the
 * rest is SQLite's. */

typedef struct
{
  gsize start;
  gsize end;
  char *output;
  gsize output_offset;
  GArray *targets;
} Range;

static void
range_clear (Range *range)
{
  g_clear_pointer (&range->output, g_free);
  g_clear_pointer (&range->targets, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Range, range_clear)

static char *
dup_range (EfSqlParser *self, gsize start, gsize end)
{
  while (end > start && g_ascii_isspace (self->app->text[end - 1]))
    end--;

  return g_strndup (self->app->text + start, end - start);
}

/* Windows */

static void
blank (char *text, gsize start, gsize end)
{
  for (gsize i = start; i < end; i++)
    if (text[i] != '\n')
      text[i] = ' ';
}

/* Takes the window out of a query's text: `WINDOW kind (…)` or `WINDOW (…)`, but not SQLite's own
 * `WINDOW name AS (…)`. */
static gboolean
take_window (EfSqlParser *self, EfSqlStatement *query, EfSqlCursor at, GError **error)
{
  EfSqlCursor cursor = at;
  gsize start = at.token.offset, first, end;

  ef_sql_cursor_next (&cursor);
  first = cursor.token.offset;
  if (ef_sql_cursor_is_name (&cursor))
    ef_sql_cursor_next (&cursor);
  if (cursor.token.kind == EF_SQL_TOKEN_NUMBER)
    return ef_sql_cursor_fail (&cursor, error,
                               "expected “(”: a window is written as in WINDOW LENGTH(100)");
  if (!ef_sql_cursor_is_symbol (&cursor, '('))
    return TRUE;

  if (query->window != NULL)
    return ef_sql_application_fail (self->app->text, start, EF_ERROR_SYNTAX, error,
                                    "a query has one window");
  if (!ef_sql_cursor_skip_piece (&cursor, error))
    return FALSE;

  end = cursor.behind;
  query->window = dup_range (self, first, end);
  query->window_offset = first;
  blank (query->text + query->lead, start - query->offset, end - query->offset);

  return TRUE;
}

static gboolean
find_windows (EfSqlParser *self, EfSqlStatement *query, gsize end, GError **error)
{
  EfSqlCursor cursor = { .text = self->app->text };

  for (ef_sql_token_next (cursor.text, query->offset, &cursor.token); cursor.token.offset < end;
       ef_sql_cursor_next (&cursor))
    if (ef_sql_cursor_is_word (&cursor, "WINDOW") && !take_window (self, query, cursor, error))
      return FALSE;

  return TRUE;
}

/* Queries */

static gboolean
add_query (EfSqlParser *self, Range *range, GError **error)
{
  EfSqlStatement *query = ef_sql_application_add_query (self->app);

  query->text = dup_range (self, range->start, range->end);
  query->offset = range->start;
  query->output = g_steal_pointer (&range->output);
  query->output_offset = range->output_offset;
  query->targets = g_steal_pointer (&range->targets);
  query->options = g_steal_pointer (&self->info);

  if (query->output != NULL && ef_sql_application_find_stream (self->app, query->output) == NULL)
    ef_sql_application_add_stream (self->app, query->output, query->output_offset);

  return find_windows (self, query, range->end, error);
}

/* `SELECT … INSERT INTO table`: to SQLite the table comes first. */
static gboolean
add_change_of_table (EfSqlParser *self, Range *range, gsize end, GError **error)
{
  g_autofree char *select = NULL;
  EfSqlStatement *query;
  char *text;
  gsize lead;

  g_clear_pointer (&range->output, g_free);
  if (!add_query (self, range, error))
    return FALSE;

  query = g_ptr_array_index (self->app->queries, self->app->queries->len - 1);
  select = query->text;
  text = g_strdup_printf ("INSERT INTO %.*s ", (int) (end - range->output_offset),
                          self->app->text + range->output_offset);
  lead = strlen (text);
  query->text = g_strconcat (text, select, NULL);
  query->lead = lead;
  g_free (text);

  return TRUE;
}

static void
target_clear (gpointer data)
{
  g_free (((EfSqlTarget *) data)->name);
}

/* `(column, …)` behind the name of a stream. */
static gboolean
read_targets (EfSqlParser *self, GArray **targets, GError **error)
{
  EfSqlCursor *cursor = &self->cursor;

  *targets = g_array_new (FALSE, FALSE, sizeof (EfSqlTarget));
  g_array_set_clear_func (*targets, target_clear);

  do
    {
      EfSqlTarget target;

      ef_sql_cursor_next (cursor);
      target.offset = cursor->token.offset;
      target.name = ef_sql_cursor_read_name (cursor, "a column", error);
      if (target.name == NULL)
        return FALSE;
      g_array_append_val (*targets, target);
    }
  while (ef_sql_cursor_is_symbol (cursor, ','));

  return ef_sql_cursor_expect_symbol (cursor, ')', "or “,” behind the column", error);
}

/* `name` or `name (column, …)`, which results go to. */
static gboolean
read_output (EfSqlParser *self, Range *range, GError **error)
{
  range->output_offset = self->cursor.token.offset;
  range->output = ef_sql_cursor_read_name (&self->cursor, "a stream or a table", error);

  return range->output != NULL && (!ef_sql_cursor_is_symbol (&self->cursor, '(') ||
                                   read_targets (self, &range->targets, error));
}

/* Reads `SELECT … INSERT INTO name`. */
gboolean
ef_sql_parser_read_select (EfSqlParser *self, GError **error)
{
  g_auto (Range) range = { .start = self->cursor.token.offset };

  if (!ef_sql_cursor_skip_until (&self->cursor, "INSERT", error))
    return FALSE;
  range.end = self->cursor.token.offset;

  if (!ef_sql_cursor_skip_word (&self->cursor, "INSERT") ||
      !ef_sql_cursor_skip_word (&self->cursor, "INTO"))
    return ef_sql_cursor_fail (&self->cursor, error,
                               "expected “INSERT INTO” and the stream that the results go to");
  if (!read_output (self, &range, error))
    return FALSE;

  if (ef_sql_application_find_table (self->app, range.output) == NULL)
    return add_query (self, &range, error);

  g_clear_pointer (&range.targets, g_array_unref);

  return add_change_of_table (self, &range, self->cursor.behind, error);
}

/* Changes of tables */

/* Whether anything is read FROM within a statement, which then is answered for each event rather
 * than run once. */
static gboolean
reads_stream (EfSqlParser *self, gsize start, gsize end)
{
  EfSqlCursor cursor = { .text = self->app->text };
  gboolean is_source = FALSE;

  for (ef_sql_token_next (cursor.text, start, &cursor.token); cursor.token.offset < end;
       ef_sql_cursor_next (&cursor))
    {
      if (is_source && ef_sql_cursor_is_name (&cursor))
        {
          g_autofree char *name = ef_sql_token_dup_value (&cursor.token, cursor.text);

          if (ef_sql_application_find_table (self->app, name) == NULL)
            return TRUE;
        }
      is_source =
        ef_sql_cursor_is_word (&cursor, "FROM") || ef_sql_cursor_is_word (&cursor, "JOIN");
    }

  return FALSE;
}

/* Reads a change of a table, by events or once. */
gboolean
ef_sql_parser_read_change (EfSqlParser *self, gsize start, GError **error)
{
  g_auto (Range) range = { .start = start };

  if (!ef_sql_cursor_skip_until (&self->cursor, NULL, error))
    return FALSE;
  range.end = self->cursor.token.offset;

  if (reads_stream (self, start, range.end))
    return add_query (self, &range, error);

  ef_sql_parser_add_init (self, range.start, range.end);
  g_string_append (self->app->init, ";\n");

  return TRUE;
}

/* Reads `INSERT INTO name SELECT …`, or what INSERT does to a table. */
gboolean
ef_sql_parser_read_insert (EfSqlParser *self, GError **error)
{
  gsize start = self->cursor.token.offset;
  g_auto (Range) range = { 0 };

  ef_sql_cursor_next (&self->cursor);
  if (ef_sql_cursor_skip_word (&self->cursor, "OR"))
    ef_sql_cursor_next (&self->cursor);
  if (!ef_sql_cursor_skip_word (&self->cursor, "INTO"))
    return ef_sql_cursor_fail (&self->cursor, error, "expected “INTO”");
  if (!read_output (self, &range, error))
    return FALSE;
  if (ef_sql_application_find_table (self->app, range.output) != NULL)
    return ef_sql_parser_read_change (self, start, error);

  if (!ef_sql_cursor_is_word (&self->cursor, "SELECT") &&
      !ef_sql_cursor_is_word (&self->cursor, "WITH"))
    return ef_sql_cursor_fail (
      &self->cursor, error, "expected “SELECT”, whose results the stream “%s” takes in their order",
      range.output);

  range.start = self->cursor.token.offset;
  if (!ef_sql_cursor_skip_until (&self->cursor, NULL, error))
    return FALSE;
  range.end = self->cursor.token.offset;

  return add_query (self, &range, error);
}
