/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-sql-cursor-private.h"

void
ef_sql_cursor_next (EfSqlCursor *self)
{
  self->behind = self->token.offset + self->token.length;
  ef_sql_token_next (self->text, self->behind, &self->token);
}

gboolean
ef_sql_cursor_is_word (const EfSqlCursor *self, const char *word)
{
  return ef_sql_token_is_word (&self->token, self->text, word);
}

gboolean
ef_sql_cursor_is_symbol (const EfSqlCursor *self, char symbol)
{
  return ef_sql_token_is_symbol (&self->token, self->text, symbol);
}

gboolean
ef_sql_cursor_is_name (const EfSqlCursor *self)
{
  return self->token.kind == EF_SQL_TOKEN_WORD || self->token.kind == EF_SQL_TOKEN_NAME;
}

/* Goes past a keyword if it is there. */
gboolean
ef_sql_cursor_skip_word (EfSqlCursor *self, const char *word)
{
  if (!ef_sql_cursor_is_word (self, word))
    return FALSE;
  ef_sql_cursor_next (self);

  return TRUE;
}

/* Fails at the cursor, and says what is there instead of what the message says was expected. */
gboolean
ef_sql_cursor_fail (const EfSqlCursor *self, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  g_autofree char *found = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  if (self->token.kind == EF_SQL_TOKEN_UNFINISHED)
    return ef_sql_application_fail (self->text, self->token.offset, EF_ERROR_SYNTAX, error,
                                    "this is not closed");

  found = self->token.kind == EF_SQL_TOKEN_END
            ? g_strdup ("the end")
            : g_strdup_printf ("“%.*s”", (int) MIN (self->token.length, 40),
                               self->text + self->token.offset);

  return ef_sql_application_fail (self->text, self->token.offset, EF_ERROR_SYNTAX, error,
                                  "%s, found %s", message, found);
}

gboolean
ef_sql_cursor_expect_symbol (EfSqlCursor *self, char symbol, const char *where, GError **error)
{
  if (!ef_sql_cursor_is_symbol (self, symbol))
    return ef_sql_cursor_fail (self, error, "expected “%c” %s", symbol, where);
  ef_sql_cursor_next (self);

  return TRUE;
}

char *
ef_sql_cursor_read_name (EfSqlCursor *self, const char *what, GError **error)
{
  char *name;

  if (!ef_sql_cursor_is_name (self))
    {
      ef_sql_cursor_fail (self, error, "expected the name of %s", what);
      return NULL;
    }

  name = ef_sql_token_dup_value (&self->token, self->text);
  ef_sql_cursor_next (self);

  return name;
}
