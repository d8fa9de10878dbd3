/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-sql-cursor-private.h"
#include "ef-sql-references-private.h"

#include <string.h>

/* Finds what a query reads: the names where a table may stand, behind FROM, JOIN and the commas
 * between. */

typedef struct
{
  EfSqlApplication *app;
  EfSqlStatement *query;
  GPtrArray *defined; /* names that the query defines itself */
  GArray *in_from;    /* a gboolean for each parenthesis that is open */
} Finder;

static gboolean
is_defined (Finder *self, const char *name)
{
  for (guint i = 0; i < self->defined->len; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (self->defined, i), name) == 0)
      return TRUE;

  return ef_sql_application_find_table (self->app, name) != NULL || g_str_has_prefix (name, "sqlite_") ||
         g_str_has_prefix (name, "pragma_");
}

/* The names of `WITH name AS (…), name (…) AS (…)`. */
static void
find_defined (Finder *self)
{
  EfSqlCursor cursor = { .text = self->query->text };
  gboolean may_define = FALSE;

  ef_sql_cursor_next (&cursor);
  while (cursor.token.kind != EF_SQL_TOKEN_END && cursor.token.kind != EF_SQL_TOKEN_UNFINISHED)
    {
      EfSqlCursor next = cursor;

      ef_sql_cursor_next (&next);
      if (may_define && ef_sql_cursor_is_name (&cursor) &&
          (ef_sql_cursor_is_word (&next, "AS") || ef_sql_cursor_is_symbol (&next, '(')))
        {
          EfSqlCursor behind = next;

          while (ef_sql_cursor_is_symbol (&next, '(') && behind.token.kind != EF_SQL_TOKEN_END &&
                 !ef_sql_cursor_is_symbol (&behind, ')'))
            ef_sql_cursor_next (&behind);
          if (ef_sql_cursor_is_symbol (&behind, ')'))
            ef_sql_cursor_next (&behind);
          if (ef_sql_cursor_skip_word (&behind, "AS") && ef_sql_cursor_is_symbol (&behind, '('))
            g_ptr_array_add (self->defined, ef_sql_token_dup_value (&cursor.token, cursor.text));
        }

      may_define = ef_sql_cursor_is_word (&cursor, "WITH") ||
                   ef_sql_cursor_is_word (&cursor, "RECURSIVE") ||
                   ef_sql_cursor_is_symbol (&cursor, ',');
      cursor = next;
    }
}

static gboolean
add_reference (Finder *self, EfSqlCursor *cursor, GError **error)
{
  g_autofree char *name = ef_sql_token_dup_value (&cursor->token, cursor->text);
  gsize offset = self->query->offset + cursor->token.offset - self->query->lead;
  EfSqlStream *stream = ef_sql_application_find_stream (self->app, name);
  g_autofree char *hint = NULL;

  if (is_defined (self, name))
    return TRUE;

  if (stream == NULL)
    {
      hint = ef_sql_application_dup_hint (self->app, name, TRUE);
      return ef_sql_application_fail (self->app->text, offset, EF_ERROR_UNKNOWN_KEY, error,
                                      "no stream or table has the name “%s”%s", name, hint);
    }

  if (self->query->stream != NULL && g_ascii_strcasecmp (self->query->stream, stream->name) != 0)
    return ef_sql_application_fail (
      self->app->text, offset, EF_ERROR_SYNTAX, error,
      "a query reads one stream, and this one reads “%s” already: have "
      "one of the two keep what is to be joined in a table",
      self->query->stream);

  if (self->query->stream == NULL)
    {
      self->query->stream = g_strdup (stream->name);
      self->query->stream_offset = offset;
    }

  return TRUE;
}

static gboolean
begins_query (EfSqlCursor *cursor)
{
  return ef_sql_cursor_is_word (cursor, "SELECT") || ef_sql_cursor_is_word (cursor, "VALUES") ||
         ef_sql_cursor_is_word (cursor, "WITH");
}

static gboolean
ends_from (EfSqlCursor *cursor)
{
  static const char *const words[] = { "WHERE",  "GROUP",     "HAVING",    "ORDER",  "LIMIT",
                                       "UNION",  "EXCEPT",    "INTERSECT", "SELECT", "SET",
                                       "VALUES", "RETURNING", "ON" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (ef_sql_cursor_is_word (cursor, words[i]))
      return TRUE;

  return FALSE;
}

static gboolean *
get_in_from (Finder *self)
{
  return &g_array_index (self->in_from, gboolean, self->in_from->len - 1);
}

static gboolean
find_references (Finder *self, GError **error)
{
  EfSqlCursor cursor = { .text = self->query->text };
  gboolean expected = FALSE, after_distinct = FALSE, outermost = FALSE;

  g_array_append_val (self->in_from, outermost);
  for (ef_sql_cursor_next (&cursor); cursor.token.kind != EF_SQL_TOKEN_END;
       ef_sql_cursor_next (&cursor))
    {
      EfSqlCursor next = cursor;

      ef_sql_cursor_next (&next);
      if (expected && ef_sql_cursor_is_name (&cursor) && !begins_query (&cursor) &&
          !ef_sql_cursor_is_symbol (&next, '(') &&
          !ef_sql_cursor_is_symbol (&next, '.') && !add_reference (self, &cursor, error))
        return FALSE;

      if (ef_sql_cursor_is_symbol (&cursor, '('))
        {
          /* `FROM (a JOIN b)`: what is within may be a table as well. */
          g_array_append_val (self->in_from, expected);
          continue;
        }
      if (ef_sql_cursor_is_symbol (&cursor, ')') && self->in_from->len > 1)
        g_array_set_size (self->in_from, self->in_from->len - 1);

      expected = FALSE;
      if ((ef_sql_cursor_is_word (&cursor, "FROM") && !after_distinct) ||
          ef_sql_cursor_is_word (&cursor, "JOIN"))
        expected = *get_in_from (self) = TRUE;
      else if (ef_sql_cursor_is_symbol (&cursor, ','))
        expected = *get_in_from (self);
      else if (ends_from (&cursor))
        *get_in_from (self) = FALSE;
      after_distinct = ef_sql_cursor_is_word (&cursor, "DISTINCT");
    }

  return TRUE;
}

/* Finds the stream that a query reads, and sees to it that all names that it reads from are known.
 */
gboolean
ef_sql_find_references (EfSqlApplication *app, EfSqlStatement *query, GError **error)
{
  g_autoptr (GPtrArray) defined = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) in_from = g_array_new (FALSE, FALSE, sizeof (gboolean));
  Finder finder = { app, query, defined, in_from };

  find_defined (&finder);
  if (!find_references (&finder, error))
    return FALSE;

  if (query->stream == NULL)
    return ef_sql_application_fail (app->text, query->offset, EF_ERROR_SYNTAX, error,
                                    "the query reads no stream, so nothing would ever answer it");

  return TRUE;
}
