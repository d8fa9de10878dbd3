/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-sql-cursor-private.h"

#include <string.h>

/* The statements of an application. What SQLite can read is left to it; what is parsed here are
 * streams, their connections, and where the results of queries go. */

typedef struct
{
  EfSqlApplication *app;
  EfSqlCursor cursor;
  GPtrArray *connectors; /* annotations that wait for their stream */
} Parser;

static gboolean
fail_at (Parser *self, gsize offset, EfError code, GError **error, const char *message)
{
  return ef_sql_application_fail (self->app->text, offset, code, error, "%s", message);
}

/* Goes past one token, or past all that is within a pair of parentheses. */
static gboolean
skip_piece (EfSqlCursor *cursor, GError **error)
{
  EfSqlCursor start = *cursor;
  guint depth = 0;

  do
    {
      if (ef_sql_cursor_is_symbol (cursor, '('))
        depth++;
      else if (ef_sql_cursor_is_symbol (cursor, ')') && depth-- == 0)
        return ef_sql_application_fail (cursor->text, cursor->token.offset, EF_ERROR_SYNTAX, error,
                                        "this “)” closes nothing");
      else if (cursor->token.kind == EF_SQL_TOKEN_UNFINISHED ||
               (cursor->token.kind == EF_SQL_TOKEN_END && depth > 0))
        return ef_sql_application_fail (cursor->text, start.token.offset, EF_ERROR_SYNTAX, error,
                                        "this is not closed");
      ef_sql_cursor_next (cursor);
    }
  while (depth > 0);

  return TRUE;
}

static gboolean
is_at_end (EfSqlCursor *cursor)
{
  return cursor->token.kind == EF_SQL_TOKEN_END || ef_sql_cursor_is_symbol (cursor, ';');
}

/* Goes to the end of the statement, or to a keyword before it. */
static gboolean
skip_until (EfSqlCursor *cursor, const char *keyword, GError **error)
{
  while (!is_at_end (cursor) && (keyword == NULL || !ef_sql_cursor_is_word (cursor, keyword)))
    if (!skip_piece (cursor, error))
      return FALSE;

  return TRUE;
}

static char *
dup_range (Parser *self, gsize start, gsize end)
{
  while (end > start && g_ascii_isspace (self->app->text[end - 1]))
    end--;

  return g_strndup (self->app->text + start, end - start);
}

static gboolean
check_new_name (Parser *self, const char *name, gsize offset, GError **error)
{
  EfSqlStream *stream = ef_sql_application_find_stream (self->app, name);

  if ((stream == NULL || !stream->is_declared) && !ef_sql_application_has_table (self->app, name))
    return TRUE;

  return ef_sql_application_fail (self->app->text, offset, EF_ERROR_INVALID_VALUE, error,
                                  "“%s” is defined a second time", name);
}

/* Streams */

static gboolean
read_columns (Parser *self, EfSqlStream *stream, GError **error)
{
  gsize start = self->cursor.token.offset;
  g_autofree char *columns = NULL;
  GError *wrong = NULL;

  if (!ef_sql_cursor_is_symbol (&self->cursor, '('))
    return ef_sql_cursor_fail (&self->cursor, error, "expected “(” and the columns of the stream");
  if (!skip_piece (&self->cursor, error))
    return FALSE;

  columns = g_strndup (self->app->text + start + 1, self->cursor.behind - start - 2);

  stream->schema = ef_schema_parse (columns, &wrong);
  if (stream->schema == NULL)
    {
      fail_at (self, start + 1, (EfError) wrong->code, error, wrong->message);
      g_error_free (wrong);
    }

  return stream->schema != NULL;
}

static gboolean
parse_stream (Parser *self, GError **error)
{
  gsize offset = self->cursor.token.offset;
  g_autofree char *name = ef_sql_cursor_read_name (&self->cursor, "the stream", error);
  EfSqlStream *stream;

  if (name == NULL || !check_new_name (self, name, offset, error))
    return FALSE;

  stream = ef_sql_application_find_stream (self->app, name);
  if (stream == NULL)
    stream = ef_sql_application_add_stream (self->app, name, offset);
  stream->is_declared = TRUE;
  stream->offset = offset;
  if (!read_columns (self, stream, error))
    return FALSE;

  while (self->connectors->len > 0)
    g_ptr_array_add (stream->connectors, g_ptr_array_steal_index (self->connectors, 0));

  while (ef_sql_cursor_skip_word (&self->cursor, "WITH"))
    {
      EfSqlConnector *connector = ef_sql_cursor_read_with (&self->cursor, error);

      if (connector == NULL)
        return FALSE;
      g_ptr_array_add (stream->connectors, connector);
    }

  return TRUE;
}

/* Tables */

static void
add_init (Parser *self, gsize start, gsize end)
{
  EfSqlOrigin origin = { self->app->init->len, start };

  g_array_append_val (self->app->origins, origin);
  g_string_append_len (self->app->init, self->app->text + start, (gssize) (end - start));
}

static gboolean
read_table_options (Parser *self, char **file, GError **error)
{
  g_autoptr (GArray) options = ef_sql_options_new ();

  if (!ef_sql_cursor_expect_symbol (&self->cursor, '(', "behind “WITH”", error) ||
      !ef_sql_cursor_read_options (&self->cursor, options, NULL, error))
    return FALSE;

  for (guint i = 0; i < options->len; i++)
    {
      EfSqlOption *option = &g_array_index (options, EfSqlOption, i);

      if (!g_str_equal (option->key, "sqlite.database"))
        return ef_sql_application_fail (
          self->app->text, option->key_offset, EF_ERROR_UNKNOWN_KEY, error,
          "a table has no key “%s”; its only one is sqlite.database", option->key);
      if (self->app->database != NULL && !g_str_equal (self->app->database, option->value))
        return ef_sql_application_fail (self->app->text, option->value_offset,
                                        EF_ERROR_INVALID_VALUE, error,
                                        "the tables of an application are in one file, which is "
                                        "“%s” already",
                                        self->app->database);
      *file = g_strdup (option->value);
    }

  return TRUE;
}

/* `CREATE TABLE name …`, the cursor being behind TABLE. What is in memory is a temporary table, so
 * that it may stand beside one that is in a file. */
static gboolean
parse_table (Parser *self, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *file = NULL;
  gsize offset, start, end;

  if (ef_sql_cursor_skip_word (&self->cursor, "IF"))
    {
      ef_sql_cursor_skip_word (&self->cursor, "NOT");
      ef_sql_cursor_skip_word (&self->cursor, "EXISTS");
    }

  offset = start = self->cursor.token.offset;
  name = ef_sql_cursor_read_name (&self->cursor, "the table", error);
  if (name == NULL || !check_new_name (self, name, offset, error))
    return FALSE;
  if (ef_sql_application_find_stream (self->app, name) != NULL)
    return ef_sql_application_fail (self->app->text, offset, EF_ERROR_INVALID_VALUE, error,
                                    "“%s” is a stream already", name);

  if (!skip_until (&self->cursor, "WITH", error))
    return FALSE;
  end = self->cursor.token.offset;
  if (ef_sql_cursor_skip_word (&self->cursor, "WITH") && !read_table_options (self, &file, error))
    return FALSE;

  g_string_append (self->app->init, file != NULL ? "CREATE TABLE IF NOT EXISTS main."
                                                 : "CREATE TEMP TABLE IF NOT EXISTS ");
  add_init (self, start, end);
  g_string_append (self->app->init, ";\n");
  g_ptr_array_add (self->app->tables, g_steal_pointer (&name));
  if (self->app->database == NULL)
    self->app->database = g_steal_pointer (&file);

  return TRUE;
}

/* Queries */

typedef struct
{
  gsize start;
  gsize end;
  char *output;
  gsize output_offset;
} Range;

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
take_window (Parser *self, EfSqlStatement *query, EfSqlCursor at, GError **error)
{
  EfSqlCursor cursor = at;
  gsize start = at.token.offset, first, end;

  ef_sql_cursor_next (&cursor);
  first = cursor.token.offset;
  if (ef_sql_cursor_is_name (&cursor))
    ef_sql_cursor_next (&cursor);
  if (!ef_sql_cursor_is_symbol (&cursor, '('))
    return TRUE;

  if (query->window != NULL)
    return fail_at (self, start, EF_ERROR_SYNTAX, error, "a query has one window");
  if (!skip_piece (&cursor, error))
    return FALSE;

  end = cursor.behind;
  query->window = dup_range (self, first, end);
  query->window_offset = first;
  blank (query->text, start - query->offset, end - query->offset);

  return TRUE;
}

static gboolean
find_windows (Parser *self, EfSqlStatement *query, gsize end, GError **error)
{
  EfSqlCursor cursor = { .text = self->app->text };

  for (ef_sql_token_next (cursor.text, query->offset, &cursor.token); cursor.token.offset < end;
       ef_sql_cursor_next (&cursor))
    if (ef_sql_cursor_is_word (&cursor, "WINDOW") && !take_window (self, query, cursor, error))
      return FALSE;

  return TRUE;
}

static gboolean
add_query (Parser *self, Range *range, GError **error)
{
  EfSqlStatement *query = g_new0 (EfSqlStatement, 1);

  query->text = dup_range (self, range->start, range->end);
  query->offset = range->start;
  query->output = range->output;
  query->output_offset = range->output_offset;
  g_ptr_array_add (self->app->queries, query);

  if (query->output != NULL && ef_sql_application_find_stream (self->app, query->output) == NULL)
    ef_sql_application_add_stream (self->app, query->output, query->output_offset);

  return find_windows (self, query, range->end, error);
}

/* `SELECT … INSERT INTO name`, or `SELECT …` behind `INSERT INTO name`. */
static gboolean
parse_select (Parser *self, Range *range, GError **error)
{
  range->start = self->cursor.token.offset;
  if (!skip_until (&self->cursor, range->output == NULL ? "INSERT" : NULL, error))
    return FALSE;
  range->end = self->cursor.token.offset;

  if (range->output == NULL)
    {
      if (!ef_sql_cursor_skip_word (&self->cursor, "INSERT") ||
          !ef_sql_cursor_skip_word (&self->cursor, "INTO"))
        return ef_sql_cursor_fail (&self->cursor, error,
                                   "expected “INSERT INTO” and the stream that the results go to");
      range->output_offset = self->cursor.token.offset;
      range->output = ef_sql_cursor_read_name (&self->cursor, "the stream", error);
      if (range->output == NULL)
        return FALSE;
    }

  if (ef_sql_application_has_table (self->app, range->output))
    return ef_sql_application_fail (self->app->text, range->output_offset, EF_ERROR_SYNTAX, error,
                                    "“%s” is a table: say “INSERT INTO %s SELECT …”", range->output,
                                    range->output);

  return add_query (self, range, error);
}

/* Whether anything is read FROM within a statement, which then is answered for each event rather
 * than run once. */
static gboolean
reads_stream (Parser *self, gsize start, gsize end)
{
  EfSqlCursor cursor = { .text = self->app->text };
  gboolean is_source = FALSE;

  for (ef_sql_token_next (cursor.text, start, &cursor.token); cursor.token.offset < end;
       ef_sql_cursor_next (&cursor))
    {
      if (is_source && ef_sql_cursor_is_name (&cursor))
        {
          g_autofree char *name = ef_sql_token_dup_value (&cursor.token, cursor.text);

          if (!ef_sql_application_has_table (self->app, name))
            return TRUE;
        }
      is_source =
        ef_sql_cursor_is_word (&cursor, "FROM") || ef_sql_cursor_is_word (&cursor, "JOIN");
    }

  return FALSE;
}

/* A change of a table, by events or once. */
static gboolean
parse_change (Parser *self, gsize start, GError **error)
{
  Range range = { .start = start };

  if (!skip_until (&self->cursor, NULL, error))
    return FALSE;
  range.end = self->cursor.token.offset;

  if (reads_stream (self, start, range.end))
    return add_query (self, &range, error);

  add_init (self, range.start, range.end);
  g_string_append (self->app->init, ";\n");

  return TRUE;
}

static gboolean
parse_insert (Parser *self, GError **error)
{
  gsize start = self->cursor.token.offset;
  g_autofree char *name = NULL;
  Range range = { 0 };
  EfSqlCursor name_at;

  ef_sql_cursor_next (&self->cursor);
  if (ef_sql_cursor_skip_word (&self->cursor, "OR"))
    ef_sql_cursor_next (&self->cursor);
  if (!ef_sql_cursor_skip_word (&self->cursor, "INTO"))
    return ef_sql_cursor_fail (&self->cursor, error, "expected “INTO”");

  name_at = self->cursor;
  name = ef_sql_cursor_read_name (&self->cursor, "a stream or a table", error);
  if (name == NULL)
    return FALSE;
  if (ef_sql_application_has_table (self->app, name))
    return parse_change (self, start, error);

  if (!ef_sql_cursor_is_word (&self->cursor, "SELECT") &&
      !ef_sql_cursor_is_word (&self->cursor, "WITH"))
    return ef_sql_cursor_fail (
      &self->cursor, error, "expected “SELECT”, whose results the stream “%s” takes in their order",
      name);
  range.output = g_steal_pointer (&name);
  range.output_offset = name_at.token.offset;

  return parse_select (self, &range, error);
}

static gboolean
parse_create (Parser *self, GError **error)
{
  gsize start = self->cursor.token.offset;

  ef_sql_cursor_next (&self->cursor);
  if (ef_sql_cursor_skip_word (&self->cursor, "STREAM"))
    return parse_stream (self, error);
  if (self->connectors->len > 0)
    return ef_sql_cursor_fail (&self->cursor, error,
                               "expected “STREAM”: the annotations before belong to one");
  if (ef_sql_cursor_skip_word (&self->cursor, "TABLE"))
    return parse_table (self, error);
  if (ef_sql_cursor_is_word (&self->cursor, "INDEX") ||
      ef_sql_cursor_is_word (&self->cursor, "UNIQUE"))
    return parse_change (self, start, error);

  return ef_sql_cursor_fail (&self->cursor, error, "expected “STREAM”, “TABLE” or “INDEX”");
}

static gboolean
parse_statement (Parser *self, GError **error)
{
  EfSqlCursor *cursor = &self->cursor;

  if (ef_sql_cursor_is_symbol (cursor, '@'))
    {
      EfSqlConnector *connector = ef_sql_cursor_read_annotation (cursor, error);

      if (connector != NULL)
        g_ptr_array_add (self->connectors, connector);
      return connector != NULL;
    }

  if (ef_sql_cursor_is_word (cursor, "CREATE") || ef_sql_cursor_is_word (cursor, "DEFINE"))
    return parse_create (self, error);

  if (self->connectors->len > 0)
    return ef_sql_cursor_fail (cursor, error, "expected “CREATE STREAM” behind the annotations");

  if (ef_sql_cursor_is_word (cursor, "INSERT"))
    return parse_insert (self, error);
  if (ef_sql_cursor_is_word (cursor, "SELECT") || ef_sql_cursor_is_word (cursor, "WITH"))
    {
      Range range = { 0 };

      return parse_select (self, &range, error);
    }
  if (ef_sql_cursor_is_word (cursor, "UPDATE") || ef_sql_cursor_is_word (cursor, "DELETE") ||
      ef_sql_cursor_is_word (cursor, "REPLACE"))
    return parse_change (self, cursor->token.offset, error);

  return ef_sql_cursor_fail (cursor, error,
                             "expected a statement: CREATE STREAM, CREATE TABLE, INSERT, SELECT, "
                             "UPDATE or DELETE");
}

static gboolean
parse (Parser *self, GError **error)
{
  ef_sql_cursor_next (&self->cursor);

  while (self->cursor.token.kind != EF_SQL_TOKEN_END)
    {
      gboolean is_annotation = ef_sql_cursor_is_symbol (&self->cursor, '@');

      if (ef_sql_cursor_is_symbol (&self->cursor, ';'))
        {
          ef_sql_cursor_next (&self->cursor);
          continue;
        }

      if (!parse_statement (self, error))
        return FALSE;
      if (!is_annotation && !is_at_end (&self->cursor))
        return ef_sql_cursor_fail (&self->cursor, error, "expected “;” behind the statement");
    }

  if (self->connectors->len > 0)
    return ef_sql_cursor_fail (&self->cursor, error,
                               "expected “CREATE STREAM” behind the annotations");
  if (self->app->queries->len == 0 && self->app->streams->len == 0)
    return ef_sql_cursor_fail (&self->cursor, error, "expected a stream or a query");

  return TRUE;
}

/* Parses an application. No name is looked up yet but those of tables, which stand before their
 * use. */
EfSqlApplication *
ef_sql_application_parse (const char *text, GError **error)
{
  g_autoptr (EfSqlApplication) app = ef_sql_application_new (text);
  g_autoptr (GPtrArray) connectors =
    g_ptr_array_new_with_free_func ((GDestroyNotify) ef_sql_connector_free);
  Parser parser = { .app = app, .cursor = { .text = text }, .connectors = connectors };
  const char *bad;

  if (!g_utf8_validate (text, -1, &bad))
    {
      ef_sql_application_fail (text, (gsize) (bad - text), EF_ERROR_SYNTAX, error,
                               "the application is not UTF-8 here");
      return NULL;
    }

  return parse (&parser, error) ? g_steal_pointer (&app) : NULL;
}
