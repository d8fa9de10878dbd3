/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-schema-private.h"
#include "ef-sql-parser-private.h"

#include <string.h>

/* The statements of an application. What SQLite can read is left to it; what is parsed here are
 * streams, their connections, and where the results of queries go. */

static gboolean
fail_at (EfSqlParser *self, gsize offset, EfError code, GError **error, const char *message)
{
  return ef_sql_application_fail (self->app->text, offset, code, error, "%s", message);
}

/* Goes past one token, or past all that is within a pair of parentheses. */
gboolean
ef_sql_cursor_skip_piece (EfSqlCursor *cursor, GError **error)
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

gboolean
ef_sql_cursor_is_at_end (const EfSqlCursor *cursor)
{
  return cursor->token.kind == EF_SQL_TOKEN_END || ef_sql_cursor_is_symbol (cursor, ';');
}

/* Goes to the end of the statement, or to a keyword before it. */
gboolean
ef_sql_cursor_skip_until (EfSqlCursor *cursor, const char *keyword, GError **error)
{
  while (!ef_sql_cursor_is_at_end (cursor) && (keyword == NULL || !ef_sql_cursor_is_word (cursor, keyword)))
    if (!ef_sql_cursor_skip_piece (cursor, error))
      return FALSE;

  return TRUE;
}

static gboolean
check_new_name (EfSqlParser *self, const char *name, gsize offset, GError **error)
{
  EfSqlStream *stream = ef_sql_application_find_stream (self->app, name);
  EfSqlTable *table = ef_sql_application_find_table (self->app, name);

  if ((stream == NULL || !stream->is_declared) && (table == NULL || !table->is_defined))
    return TRUE;

  return ef_sql_application_fail (self->app->text, offset, EF_ERROR_INVALID_VALUE, error,
                                  "“%s” is defined a second time", name);
}

/* Streams */

/* What stands within the parentheses from @start to @end, with blanks where comments are. */
static char *
dup_columns (EfSqlParser *self, gsize start, gsize end)
{
  char *columns = g_strnfill (end - start, ' ');
  EfSqlToken token;

  for (ef_sql_token_next (self->app->text, start, &token); token.offset < end;
       ef_sql_token_next (self->app->text, token.offset + token.length, &token))
    memcpy (columns + (token.offset - start), self->app->text + token.offset, token.length);

  return columns;
}

static gboolean
read_columns (EfSqlParser *self, EfSqlStream *stream, GError **error)
{
  gsize start = self->cursor.token.offset + 1, offset;
  g_autofree char *columns = NULL;
  g_autoptr (GError) wrong = NULL;

  if (!ef_sql_cursor_is_symbol (&self->cursor, '('))
    return ef_sql_cursor_fail (&self->cursor, error, "expected “(” and the columns of the stream");
  if (!ef_sql_cursor_skip_piece (&self->cursor, error))
    return FALSE;

  columns = dup_columns (self, start, self->cursor.behind - 1);
  stream->schema = ef_schema_parse_located (columns, &offset, &wrong);

  return stream->schema != NULL ? TRUE
                                : fail_at (self, start + offset, (EfError) wrong->code, error,
                                           wrong->message);
}

static gboolean
parse_stream (EfSqlParser *self, GError **error)
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

void
ef_sql_parser_add_init (EfSqlParser *self, gsize start, gsize end)
{
  EfSqlOrigin origin = { self->app->init->len, start };

  g_array_append_val (self->app->origins, origin);
  g_string_append_len (self->app->init, self->app->text + start, (gssize) (end - start));
}

static gboolean
read_table_options (EfSqlParser *self, char **file, GError **error)
{
  g_autoptr (GArray) options = ef_sql_options_new ();
  gsize offset;

  if (!ef_sql_cursor_expect_symbol (&self->cursor, '(', "behind “WITH”", error) ||
      !ef_sql_cursor_read_options (&self->cursor, options, NULL, error))
    return FALSE;

  ef_sql_options_steal (options, "sqlite.database", file, &offset);
  if (options->len == 0)
    return TRUE;

  return ef_sql_application_fail (
    self->app->text, g_array_index (options, EfSqlOption, 0).key_offset, EF_ERROR_UNKNOWN_KEY,
    error, "a table has no key “%s”; its only one is sqlite.database",
    g_array_index (options, EfSqlOption, 0).key);
}

/* Where a table is made. What is in memory is a temporary table, so that it may stand beside those
 * that are in files, of which the first is SQLite's “main” and others are attached by their name. */
static void
append_place (EfSqlParser *self, const char *file)
{
  GString *init = self->app->init;

  if (file == NULL)
    {
      g_string_append (init, "CREATE TEMP TABLE IF NOT EXISTS ");
      return;
    }

  if (!g_ptr_array_find_with_equal_func (self->app->files, file, g_str_equal, NULL))
    g_ptr_array_add (self->app->files, g_strdup (file));
  if (g_str_equal (g_ptr_array_index (self->app->files, 0), file))
    {
      g_string_append (init, "CREATE TABLE IF NOT EXISTS main.");
      return;
    }

  g_string_append (init, "CREATE TABLE IF NOT EXISTS \"");
  for (; *file != '\0'; file++)
    g_string_append_printf (init, *file == '"' ? "\"\"" : "%c", *file);
  g_string_append (init, "\".");
}

static void
skip_if_not_exists (EfSqlCursor *cursor)
{
  if (ef_sql_cursor_skip_word (cursor, "IF"))
    {
      ef_sql_cursor_skip_word (cursor, "NOT");
      ef_sql_cursor_skip_word (cursor, "EXISTS");
    }
}

/* `CREATE TABLE name …`, the cursor being behind TABLE. */
static gboolean
parse_table (EfSqlParser *self, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *file = NULL;
  gsize start, end;

  skip_if_not_exists (&self->cursor);
  start = self->cursor.token.offset;
  name = ef_sql_cursor_read_name (&self->cursor, "the table", error);
  if (name == NULL || !check_new_name (self, name, start, error) ||
      !ef_sql_cursor_skip_until (&self->cursor, "WITH", error))
    return FALSE;

  end = self->cursor.token.offset;
  if (ef_sql_cursor_skip_word (&self->cursor, "WITH") && !read_table_options (self, &file, error))
    return FALSE;

  append_place (self, file);
  ef_sql_parser_add_init (self, start, end);
  g_string_append (self->app->init, ";\n");
  ef_sql_application_find_table (self->app, name)->is_defined = TRUE;

  return TRUE;
}

/* Finds the names of all tables, so that they may be used before they are defined. */
static void
find_tables (EfSqlParser *self)
{
  EfSqlCursor cursor = { .text = self->app->text };
  gboolean begins = TRUE;

  ef_sql_cursor_next (&cursor);
  while (cursor.token.kind != EF_SQL_TOKEN_END && cursor.token.kind != EF_SQL_TOKEN_UNFINISHED)
    {
      if (begins && (ef_sql_cursor_skip_word (&cursor, "CREATE") ||
                     ef_sql_cursor_skip_word (&cursor, "DEFINE")))
        {
          begins = FALSE;
          if (!ef_sql_cursor_skip_word (&cursor, "TABLE"))
            continue;
          skip_if_not_exists (&cursor);
          if (ef_sql_cursor_is_name (&cursor))
            {
              g_autofree char *name = ef_sql_token_dup_value (&cursor.token, cursor.text);

              ef_sql_application_add_table (self->app, name);
            }
          continue;
        }

      begins = ef_sql_cursor_is_symbol (&cursor, ';');
      ef_sql_cursor_next (&cursor);
    }
}

/* Statements */

static gboolean
parse_create (EfSqlParser *self, GError **error)
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
    return ef_sql_parser_read_change (self, start, error);

  return ef_sql_cursor_fail (&self->cursor, error, "expected “STREAM”, “TABLE” or “INDEX”");
}

/* `@source (…)` and `@sink (…)` are for the stream behind them, `@info (…)` for the query. */
static gboolean
parse_annotation (EfSqlParser *self, GError **error)
{
  EfSqlCursor *cursor = &self->cursor;
  gsize offset = cursor->token.offset;
  EfSqlConnector *connector;

  ef_sql_cursor_next (cursor);
  if (ef_sql_cursor_is_word (cursor, "info"))
    {
      if (self->info != NULL)
        return ef_sql_cursor_fail (cursor, error, "expected the query that “@info” belongs to");
      self->info = ef_sql_cursor_read_info (cursor, error);
      self->info_offset = offset;
      return self->info != NULL;
    }

  connector = ef_sql_cursor_read_annotation (cursor, error);
  if (connector != NULL)
    g_ptr_array_add (self->connectors, connector);

  return connector != NULL;
}

static gboolean
parse_query (EfSqlParser *self, GError **error)
{
  EfSqlCursor *cursor = &self->cursor;

  if (ef_sql_cursor_is_word (cursor, "INSERT"))
    return ef_sql_parser_read_insert (self, error);
  if (ef_sql_cursor_is_word (cursor, "SELECT") || ef_sql_cursor_is_word (cursor, "WITH"))
    return ef_sql_parser_read_select (self, error);
  if (ef_sql_cursor_is_word (cursor, "UPDATE") || ef_sql_cursor_is_word (cursor, "DELETE") ||
      ef_sql_cursor_is_word (cursor, "REPLACE"))
    return ef_sql_parser_read_change (self, cursor->token.offset, error);

  return ef_sql_cursor_fail (cursor, error,
                             "expected a statement: CREATE STREAM, CREATE TABLE, INSERT, SELECT, "
                             "UPDATE or DELETE");
}

static gboolean
parse_statement (EfSqlParser *self, GError **error)
{
  EfSqlCursor *cursor = &self->cursor;

  if (ef_sql_cursor_is_symbol (cursor, '@'))
    return parse_annotation (self, error);

  if (ef_sql_cursor_is_word (cursor, "CREATE") || ef_sql_cursor_is_word (cursor, "DEFINE"))
    {
      if (!parse_create (self, error))
        return FALSE;
    }
  else if (self->connectors->len > 0)
    return ef_sql_cursor_fail (cursor, error, "expected “CREATE STREAM” behind the annotations");
  else if (!parse_query (self, error))
    return FALSE;

  if (self->info != NULL)
    return fail_at (self, self->info_offset, EF_ERROR_SYNTAX, error,
                    "expected a query behind “@info”, which this is for");

  return TRUE;
}

static gboolean
parse (EfSqlParser *self, GError **error)
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
      if (!is_annotation && !ef_sql_cursor_is_at_end (&self->cursor))
        return ef_sql_cursor_fail (&self->cursor, error, "expected “;” behind the statement");
    }

  if (self->connectors->len > 0)
    return ef_sql_cursor_fail (&self->cursor, error,
                               "expected “CREATE STREAM” behind the annotations");
  if (self->info != NULL)
    return fail_at (self, self->info_offset, EF_ERROR_SYNTAX, error,
                    "expected a query behind “@info”, which this is for");
  if (self->app->queries->len == 0 && self->app->streams->len == 0)
    return ef_sql_cursor_fail (&self->cursor, error, "expected a stream or a query");

  return TRUE;
}

/* Parses an application. No name is looked up yet but those of tables. */
EfSqlApplication *
ef_sql_application_parse (const char *text, GError **error)
{
  g_autoptr (EfSqlApplication) app = ef_sql_application_new (text);
  g_autoptr (GPtrArray) connectors =
    g_ptr_array_new_with_free_func ((GDestroyNotify) ef_sql_connector_free);
  EfSqlParser parser = { .app = app, .cursor = { .text = text }, .connectors = connectors };
  const char *bad;
  gboolean done;

  if (!g_utf8_validate (text, -1, &bad))
    {
      ef_sql_application_fail (text, (gsize) (bad - text), EF_ERROR_SYNTAX, error,
                               "the application is not UTF-8 here");
      return NULL;
    }

  find_tables (&parser);
  done = parse (&parser, error);
  g_clear_pointer (&parser.info, g_array_unref);

  return done ? g_steal_pointer (&app) : NULL;
}
