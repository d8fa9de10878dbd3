/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-schema-private.h"

#include "ef-error.h"
#include "ef-suggest-private.h"

#include <string.h>

/* What is left of the text, and the text itself for errors. */
typedef struct
{
  const char *text;
  const char *at;
} Reader;

static void
skip_space (Reader *reader)
{
  while (g_ascii_isspace (*reader->at))
    reader->at++;
}

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_' || (c & 0x80) != 0;
}

static gboolean
G_GNUC_PRINTF (3, 4)
fail (Reader *reader, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error_literal (error, EF_ERROR, EF_ERROR_SYNTAX, message);

  return FALSE;
}

/* A plain word, or for names anything within "…" or `…`, where a doubled quote stands for one. */
static char *
read_word (Reader *reader, gboolean may_be_quoted)
{
  char quote = *reader->at;

  if (may_be_quoted && (quote == '"' || quote == '`'))
    {
      g_autoptr (GString) word = g_string_new (NULL);
      const char *p = reader->at + 1;

      for (; *p != '\0'; p++)
        {
          if (*p == quote && *++p != quote)
            {
              reader->at = p;
              return g_string_free (g_steal_pointer (&word), FALSE);
            }
          g_string_append_c (word, *p);
        }

      return NULL;
    }

  const char *start = reader->at;

  while (is_name_char (*reader->at))
    reader->at++;

  return reader->at > start ? g_strndup (start, (gsize) (reader->at - start)) : NULL;
}

/* SQL lets a type say a length, as VARCHAR(20) does. It says nothing here. */
static gboolean
skip_type_length (Reader *reader, GError **error)
{
  skip_space (reader);
  if (*reader->at != '(')
    return TRUE;

  reader->at += 1 + strspn (reader->at + 1, "0123456789, ");
  if (*reader->at != ')')
    return fail (reader, error, "expected “)” behind the length of the type");
  reader->at++;

  return TRUE;
}

static gboolean
read_type (Reader *reader, EfColumnType *type, GError **error)
{
  static const char *const names[] = { "STRING", "INT", "LONG", "FLOAT", "DOUBLE", "BOOL", "BYTES",
                                       "JSON", "ANY", "VARCHAR", "BIGINT", "INTEGER", "BOOLEAN",
                                       "BLOB", "OBJECT", "TIMESTAMP", NULL };
  Reader start = *reader;
  g_autofree char *word = read_word (reader, FALSE);
  g_autofree char *hint = NULL;

  if (word == NULL)
    return fail (reader, error, "expected a type, such as STRING, LONG or DOUBLE");

  if (ef_column_type_from_string (word, type))
    return skip_type_length (reader, error);

  hint = ef_suggest_hint (word, names);

  reader->at = start.at;

  return fail (reader, error,
               "“%s” is no type%s Types are STRING, INT, LONG, FLOAT, DOUBLE, BOOL, BYTES, JSON "
               "and ANY",
               word, *hint != '\0' ? hint : ";");
}

static gboolean
read_column (Reader *reader, GPtrArray *names, GArray *types, GError **error)
{
  EfColumnType type;
  char *name;

  skip_space (reader);
  name = read_word (reader, TRUE);
  if (name == NULL)
    return fail (reader, error, "expected a column's name, as in “price DOUBLE”");
  g_ptr_array_add (names, name);

  skip_space (reader);
  if (!read_type (reader, &type, error))
    return FALSE;
  g_array_append_val (types, type);

  skip_space (reader);

  return TRUE;
}

/* Parses a schema, and of what is wrong with it tells the place beside the error. */
EfSchema *
ef_schema_parse_located (const char *text, gsize *offset, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) types = g_array_new (FALSE, FALSE, sizeof (EfColumnType));
  Reader reader = { text, text };
  gboolean done;

  do
    done = read_column (&reader, names, types, error);
  while (done && *reader.at == ',' && reader.at++);

  if (done && *reader.at != '\0')
    done = fail (&reader, error, "expected “,” and the next column, or the end");
  *offset = (gsize) (reader.at - text);
  if (!done)
    return NULL;

  *offset = 0;

  return ef_schema_new ((const char *const *) names->pdata,
                        (const EfColumnType *) (gpointer) types->data, names->len, error);
}

/**
 * ef_schema_parse:
 * @text: columns with their types, such as `e STRING, "last price" DOUBLE, T BIGINT`
 * @error: return location for an error
 *
 * Parses a schema. Types are those of [enum@EventFlux.ColumnType] and their SQL aliases, in upper or
 * lower case; names stand as they are or within `"…"` or backticks.
 *
 * Returns: (transfer full): a new schema, or %NULL with %EF_ERROR_SYNTAX or %EF_ERROR_INVALID_VALUE
 */
EfSchema *
ef_schema_parse (const char *text, GError **error)
{
  GError *wrong = NULL;
  EfSchema *schema;
  gsize offset;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error_literal (error, EF_ERROR, EF_ERROR_SYNTAX, "the schema is not UTF-8");
      return NULL;
    }

  schema = ef_schema_parse_located (text, &offset, &wrong);
  if (g_error_matches (wrong, EF_ERROR, EF_ERROR_SYNTAX))
    g_prefix_error (&wrong, "schema “%s”, character %ld: ", text,
                    g_utf8_pointer_to_offset (text, text + offset) + 1);
  if (wrong != NULL)
    g_propagate_error (error, wrong);

  return schema;
}
