/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-sql-cursor-private.h"

#include <string.h>

/* Both forms of saying where a stream is connected:
 *
 *   @source (type='websocket', websocket.url='…', @map (type='json', …))
 *   WITH (type='source', extension='websocket', format='json', "websocket.url"='…')
 *
 * Keys mean the same in both. */

static void
option_clear (gpointer data)
{
  EfSqlOption *option = data;

  g_free (option->key);
  g_free (option->value);
}

GArray *
ef_sql_options_new (void)
{
  GArray *options = g_array_new (FALSE, FALSE, sizeof (EfSqlOption));

  g_array_set_clear_func (options, option_clear);

  return options;
}

static EfSqlConnector *
connector_new (gboolean is_sink, gsize offset)
{
  EfSqlConnector *self = g_new0 (EfSqlConnector, 1);

  self->is_sink = is_sink;
  self->offset = self->type_offset = self->format_offset = offset;
  self->options = ef_sql_options_new ();
  self->mapping = ef_sql_options_new ();

  return self;
}

/* A key: one in quotes, or words with dots and dashes between them, without blanks. */
static char *
read_key (EfSqlCursor *cursor, GError **error)
{
  gsize start = cursor->token.offset, end;

  if (cursor->token.kind == EF_SQL_TOKEN_NAME || cursor->token.kind == EF_SQL_TOKEN_STRING)
    {
      char *key = ef_sql_token_dup_value (&cursor->token, cursor->text);

      ef_sql_cursor_next (cursor);
      return key;
    }

  if (cursor->token.kind != EF_SQL_TOKEN_WORD)
    {
      ef_sql_cursor_fail (cursor, error, "expected a key, as in websocket.url='…'");
      return NULL;
    }

  for (end = start; g_ascii_isalnum (cursor->text[end]) || strchr ("._-", cursor->text[end]); end++)
    if (cursor->text[end] == '\0')
      break;
  cursor->token.length = end - start;
  ef_sql_cursor_next (cursor);

  return g_strndup (cursor->text + start, end - start);
}

static char *
read_value (EfSqlCursor *cursor, GError **error)
{
  gboolean negative = ef_sql_cursor_is_symbol (cursor, '-');
  g_autofree char *value = NULL;

  if (negative)
    ef_sql_cursor_next (cursor);

  switch (cursor->token.kind)
    {
    case EF_SQL_TOKEN_STRING:
    case EF_SQL_TOKEN_NAME:
    case EF_SQL_TOKEN_NUMBER:
    case EF_SQL_TOKEN_WORD:
      value = ef_sql_token_dup_value (&cursor->token, cursor->text);
      ef_sql_cursor_next (cursor);
      return negative ? g_strconcat ("-", value, NULL) : g_steal_pointer (&value);
    case EF_SQL_TOKEN_END:
    case EF_SQL_TOKEN_BLOB:
    case EF_SQL_TOKEN_VARIABLE:
    case EF_SQL_TOKEN_SYMBOL:
    case EF_SQL_TOKEN_UNFINISHED:
    default:
      ef_sql_cursor_fail (cursor, error, "expected a value, as in 'text' or 10");
      return NULL;
    }
}

static gboolean
read_map (EfSqlCursor *cursor, EfSqlConnector *connector, GError **error)
{
  ef_sql_cursor_next (cursor);
  if (connector == NULL || !ef_sql_cursor_is_word (cursor, "map"))
    return ef_sql_cursor_fail (cursor, error, "expected “map” behind “@” here");
  ef_sql_cursor_next (cursor);

  return ef_sql_cursor_expect_symbol (cursor, '(', "behind “@map”", error) &&
         ef_sql_cursor_read_options (cursor, connector->mapping, NULL, error);
}

static gboolean
check_repeated (EfSqlCursor *cursor, GArray *options, const EfSqlOption *option, GError **error)
{
  for (guint i = 0; i < options->len; i++)
    if (g_str_equal (g_array_index (options, EfSqlOption, i).key, option->key))
      return ef_sql_application_fail (cursor->text, option->key_offset, EF_ERROR_INVALID_VALUE,
                                      error, "“%s” is given a second time", option->key);

  return TRUE;
}

static gboolean
read_option (EfSqlCursor *cursor, GArray *options, GError **error)
{
  EfSqlOption option = { .key_offset = cursor->token.offset };

  option.key = read_key (cursor, error);
  if (option.key == NULL)
    return FALSE;

  if (ef_sql_cursor_expect_symbol (cursor, '=', "behind the key", error))
    {
      option.value_offset = cursor->token.offset;
      option.value = read_value (cursor, error);
    }
  if (option.value == NULL || !check_repeated (cursor, options, &option, error))
    {
      option_clear (&option);
      return FALSE;
    }
  g_array_append_val (options, option);

  return TRUE;
}

/* Reads what stands within parentheses, the opening one being behind us. */
gboolean
ef_sql_cursor_read_options (EfSqlCursor *cursor,
                            GArray *options,
                            EfSqlConnector *connector,
                            GError **error)
{
  if (ef_sql_cursor_is_symbol (cursor, ')'))
    {
      ef_sql_cursor_next (cursor);
      return TRUE;
    }

  for (;;)
    {
      if (ef_sql_cursor_is_symbol (cursor, '@') ? !read_map (cursor, connector, error)
                                                : !read_option (cursor, options, error))
        return FALSE;

      if (!ef_sql_cursor_is_symbol (cursor, ','))
        return ef_sql_cursor_expect_symbol (cursor, ')', "or “,” behind the value", error);
      ef_sql_cursor_next (cursor);
    }
}

/* Takes an option out of a list. */
gboolean
ef_sql_options_steal (GArray *options, const char *key, char **value, gsize *offset)
{
  for (guint i = 0; i < options->len; i++)
    {
      EfSqlOption *option = &g_array_index (options, EfSqlOption, i);

      if (g_ascii_strcasecmp (option->key, key) != 0)
        continue;

      g_free (*value);
      *value = g_steal_pointer (&option->value);
      *offset = option->value_offset;
      g_array_remove_index (options, i);
      return TRUE;
    }

  return FALSE;
}

/* Reads `@info (…)`, which is for the query behind it; the cursor is at the word. */
GArray *
ef_sql_cursor_read_info (EfSqlCursor *cursor, GError **error)
{
  g_autoptr (GArray) options = ef_sql_options_new ();

  ef_sql_cursor_next (cursor);
  if (!ef_sql_cursor_expect_symbol (cursor, '(', "behind “@info”", error) ||
      !ef_sql_cursor_read_options (cursor, options, NULL, error))
    return NULL;

  return g_steal_pointer (&options);
}

/* Reads `@source (…)` or `@sink (…)`, the `@` being behind us. */
EfSqlConnector *
ef_sql_cursor_read_annotation (EfSqlCursor *cursor, GError **error)
{
  g_autoptr (EfSqlConnector) self = NULL;
  gsize offset = cursor->behind - 1;
  gboolean is_sink;

  is_sink = ef_sql_cursor_is_word (cursor, "sink");
  if (!is_sink && !ef_sql_cursor_is_word (cursor, "source"))
    {
      ef_sql_cursor_fail (cursor, error, "expected “source”, “sink” or “info” behind “@”");
      return NULL;
    }
  ef_sql_cursor_next (cursor);

  self = connector_new (is_sink, offset);
  if (!ef_sql_cursor_expect_symbol (cursor, '(', is_sink ? "behind “@sink”" : "behind “@source”",
                                    error) ||
      !ef_sql_cursor_read_options (cursor, self->options, self, error))
    return NULL;

  if (!ef_sql_options_steal (self->options, "type", &self->type, &self->type_offset))
    {
      ef_sql_application_fail (cursor->text, offset, EF_ERROR_MISSING_KEY, error,
                               "“type” is missing: say for instance type='websocket'");
      return NULL;
    }

  if (self->mapping->len > 0 &&
      !ef_sql_options_steal (self->mapping, "type", &self->format, &self->format_offset))
    {
      ef_sql_application_fail (cursor->text,
                               g_array_index (self->mapping, EfSqlOption, 0).key_offset,
                               EF_ERROR_MISSING_KEY, error,
                               "“type” is missing in @map: say for instance @map(type='json')");
      return NULL;
    }

  return g_steal_pointer (&self);
}

/* Keys that begin with the format's name are for the encoder or decoder. */
static void
sort_options (EfSqlConnector *self)
{
  g_autofree char *prefix = g_strconcat (self->format != NULL ? self->format : "json", ".", NULL);

  for (guint i = 0; i < self->options->len;)
    {
      EfSqlOption option = g_array_index (self->options, EfSqlOption, i);

      if (!g_str_has_prefix (option.key, prefix))
        {
          i++;
          continue;
        }

      g_array_append_val (self->mapping, option);
      g_array_index (self->options, EfSqlOption, i) = (EfSqlOption){ 0 };
      g_array_remove_index (self->options, i);
    }
}

/* Reads `WITH (…)`, the word itself being behind us. */
EfSqlConnector *
ef_sql_cursor_read_with (EfSqlCursor *cursor, GError **error)
{
  g_autoptr (EfSqlConnector) self = connector_new (FALSE, cursor->token.offset);
  g_autofree char *role = NULL;
  gsize offset = cursor->token.offset;

  if (!ef_sql_cursor_expect_symbol (cursor, '(', "behind “WITH”", error) ||
      !ef_sql_cursor_read_options (cursor, self->options, NULL, error))
    return NULL;

  if (!ef_sql_options_steal (self->options, "type", &role, &offset) ||
      (g_ascii_strcasecmp (role, "source") != 0 && g_ascii_strcasecmp (role, "sink") != 0))
    {
      ef_sql_application_fail (cursor->text, offset, EF_ERROR_MISSING_KEY, error,
                               "expected type='source' or type='sink' in the WITH of a stream");
      return NULL;
    }

  self->is_sink = g_ascii_strcasecmp (role, "sink") == 0;
  if (!ef_sql_options_steal (self->options, "extension", &self->type, &self->type_offset))
    {
      ef_sql_application_fail (cursor->text, self->offset, EF_ERROR_MISSING_KEY, error,
                               "“extension” is missing: say for instance extension='websocket'");
      return NULL;
    }
  ef_sql_options_steal (self->options, "format", &self->format, &self->format_offset);
  sort_options (self);

  return g_steal_pointer (&self);
}
