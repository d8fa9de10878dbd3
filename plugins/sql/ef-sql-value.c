/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-value.h"

#include <errno.h>
#include <string.h>

/* Values on their way to SQLite and back. What comes back has to fit its column. */

/* How much of a value an error shows. */
#define MAX_SHOWN 40

void
ef_sql_value_bind (sqlite3_stmt *statement, int parameter, const EfValue *value)
{
  switch ((EfColumnType) value->type)
    {
    case EF_COLUMN_INT:
    case EF_COLUMN_LONG:
    case EF_COLUMN_BOOL:
      sqlite3_bind_int64 (statement, parameter, value->v_int);
      break;
    case EF_COLUMN_FLOAT:
    case EF_COLUMN_DOUBLE:
      sqlite3_bind_double (statement, parameter, value->v_double);
      break;
    case EF_COLUMN_STRING:
    case EF_COLUMN_JSON:
      /* The event outlives the row, so nothing is copied. */
      sqlite3_bind_text64 (statement, parameter, value->v_data, value->length, SQLITE_STATIC,
                           SQLITE_UTF8);
      break;
    case EF_COLUMN_BYTES:
      sqlite3_bind_blob64 (statement, parameter, value->v_data, value->length, SQLITE_STATIC);
      break;
    case EF_COLUMN_NULL:
    case EF_COLUMN_ANY:
    default:
      sqlite3_bind_null (statement, parameter);
      break;
    }
}

/* A text that is nothing but an integer. */
static gboolean
parse_integer (const char *text, gint64 *value)
{
  char *end;

  if (text == NULL ||
      !(g_ascii_isdigit (*text) || ((*text == '-' || *text == '+') && g_ascii_isdigit (text[1]))))
    return FALSE;
  errno = 0;
  *value = g_ascii_strtoll (text, &end, 10);

  return errno == 0 && *end == '\0';
}

static gboolean
parse_double (const char *text, double *value)
{
  char *end;

  if (text == NULL || *text == '\0' || strspn (text, "+-.0123456789eE") != strlen (text))
    return FALSE;
  *value = g_ascii_strtod (text, &end);

  return *end == '\0';
}

static gboolean
get_integer (sqlite3_stmt *statement, int result, gint64 *value)
{
  double number;

  switch (sqlite3_column_type (statement, result))
    {
    case SQLITE_INTEGER:
      *value = sqlite3_column_int64 (statement, result);
      return TRUE;
    case SQLITE_FLOAT:
      number = sqlite3_column_double (statement, result);
      if (!(number >= -9223372036854775808.0 && number < 9223372036854775808.0))
        return FALSE;
      *value = (gint64) number;
      return (double) *value == number;
    case SQLITE_TEXT:
      return parse_integer ((const char *) sqlite3_column_text (statement, result), value);
    default:
      return FALSE;
    }
}

static gboolean
get_double (sqlite3_stmt *statement, int result, double *value)
{
  switch (sqlite3_column_type (statement, result))
    {
    case SQLITE_INTEGER:
    case SQLITE_FLOAT:
      *value = sqlite3_column_double (statement, result);
      return TRUE;
    case SQLITE_TEXT:
      return parse_double ((const char *) sqlite3_column_text (statement, result), value);
    default:
      return FALSE;
    }
}

static gboolean
get_boolean (sqlite3_stmt *statement, int result, gboolean *value)
{
  const char *text;

  if (sqlite3_column_type (statement, result) == SQLITE_INTEGER)
    {
      gint64 number = sqlite3_column_int64 (statement, result);

      *value = number == 1;
      return number == 0 || number == 1;
    }

  if (sqlite3_column_type (statement, result) != SQLITE_TEXT)
    return FALSE;
  text = (const char *) sqlite3_column_text (statement, result);
  *value = g_ascii_strcasecmp (text, "true") == 0;

  return *value || g_ascii_strcasecmp (text, "false") == 0;
}

static gboolean
store_text (EfSqlDatabase *database,
            sqlite3_stmt *statement,
            int result,
            EfEventBuilder *builder,
            EfColumnType type)
{
  gboolean is_blob = sqlite3_column_type (statement, result) == SQLITE_BLOB;
  const char *text = (const char *) sqlite3_column_text (statement, result);
  gsize length = (gsize) sqlite3_column_bytes (statement, result);

  if (text == NULL || (is_blob && !g_utf8_validate_len (text, length, NULL)))
    return FALSE;
  if (type == EF_COLUMN_JSON && !ef_sql_database_is_json (database, text, length))
    return FALSE;

  ef_event_builder_set_data (builder, (guint) result, type, text, length);

  return TRUE;
}

static void
store_bytes (sqlite3_stmt *statement, int result, EfEventBuilder *builder)
{
  gconstpointer data = sqlite3_column_blob (statement, result);

  ef_event_builder_set_data (builder, (guint) result, EF_COLUMN_BYTES, data,
                             (gsize) sqlite3_column_bytes (statement, result));
}

/* A value in a column that takes any. */
static gboolean
store_any (sqlite3_stmt *statement, int result, EfEventBuilder *builder)
{
  switch (sqlite3_column_type (statement, result))
    {
    case SQLITE_INTEGER:
      ef_event_builder_set_int64 (builder, (guint) result,
                                  sqlite3_column_int64 (statement, result));
      break;
    case SQLITE_FLOAT:
      ef_event_builder_set_double (builder, (guint) result,
                                   sqlite3_column_double (statement, result));
      break;
    case SQLITE_BLOB:
      store_bytes (statement, result, builder);
      break;
    default:
      ef_event_builder_set_data (builder, (guint) result, EF_COLUMN_STRING,
                                 sqlite3_column_text (statement, result),
                                 (gsize) sqlite3_column_bytes (statement, result));
      break;
    }

  return TRUE;
}

/* Stores a result as a value of @type. Returns %FALSE if it does not fit. */
gboolean
ef_sql_value_store (EfSqlDatabase *database,
                    sqlite3_stmt *statement,
                    int result,
                    EfEventBuilder *builder,
                    EfColumnType type)
{
  guint column = (guint) result;
  gboolean boolean;
  gint64 integer;
  double number;

  /* The builder begins with all columns NULL. */
  if (sqlite3_column_type (statement, result) == SQLITE_NULL)
    return TRUE;

  switch (type)
    {
    case EF_COLUMN_STRING:
    case EF_COLUMN_JSON:
      return store_text (database, statement, result, builder, type);
    case EF_COLUMN_INT:
    case EF_COLUMN_LONG:
      if (!get_integer (statement, result, &integer) ||
          (type == EF_COLUMN_INT && (integer < G_MININT32 || integer > G_MAXINT32)))
        return FALSE;
      ef_event_builder_set_int64 (builder, column, integer);
      return TRUE;
    case EF_COLUMN_FLOAT:
    case EF_COLUMN_DOUBLE:
      if (!get_double (statement, result, &number))
        return FALSE;
      ef_event_builder_set_double (builder, column, number);
      return TRUE;
    case EF_COLUMN_BOOL:
      if (!get_boolean (statement, result, &boolean))
        return FALSE;
      ef_event_builder_set_boolean (builder, column, boolean);
      return TRUE;
    case EF_COLUMN_BYTES:
      if (sqlite3_column_type (statement, result) != SQLITE_BLOB &&
          sqlite3_column_type (statement, result) != SQLITE_TEXT)
        return FALSE;
      store_bytes (statement, result, builder);
      return TRUE;
    case EF_COLUMN_ANY:
      return store_any (statement, result, builder);
    case EF_COLUMN_NULL:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/* Says which value does not fit its column. */
void
ef_sql_value_set_error (sqlite3_stmt *statement, int result, EfSchema *schema, GError **error)
{
  static const char *const kinds[] = { "", "the integer ", "the number ", "the text ",
                                       "the bytes " };
  int kind = sqlite3_column_type (statement, result);
  const char *text = (const char *) sqlite3_column_text (statement, result);
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  g_autofree char *shown = g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), MAX_SHOWN));

  g_set_error (error, EF_ERROR, EF_ERROR_DATA, "%s“%s%s” does not fit the column “%s %s”",
               kind >= 1 && kind <= 4 ? kinds[kind] : "", shown,
               strlen (shown) < strlen (valid) ? "…" : "",
               ef_schema_get_column_name (schema, (guint) result),
               ef_column_type_to_string (ef_schema_get_column_type (schema, (guint) result)));
}
