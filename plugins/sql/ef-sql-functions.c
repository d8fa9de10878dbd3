/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-functions.h"

#include "ef-sql-aggregates.h"
#include "ef-sql-texts.h"

/* Functions that streams need and SQLite does not have. */

static void
return_window_time (sqlite3_context *context, gboolean has_window, gint64 time)
{
  if (has_window)
    sqlite3_result_int64 (context, time);
  else
    sqlite3_result_null (context);
}

static void
window_start (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  EfSqlScope *scope = sqlite3_user_data (context);

  return_window_time (context, scope->has_window, scope->window_start);
}

static void
window_end (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  EfSqlScope *scope = sqlite3_user_data (context);

  return_window_time (context, scope->has_window, scope->window_end);
}

static void
append_value (GString *text, sqlite3_value *value)
{
  const char *part = (const char *) sqlite3_value_text (value);

  if (part != NULL)
    g_string_append_len (text, part, sqlite3_value_bytes (value));
}

static void
return_string (sqlite3_context *context, GString *text)
{
  gsize length = text->len;

  sqlite3_result_text64 (context, g_string_free (text, FALSE), length, g_free, SQLITE_UTF8);
}

/* concat (a, b, …): the texts one after the other, NULL being none. */
static void
concat (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < n_values; i++)
    append_value (text, values[i]);
  return_string (context, text);
}

/* concat_ws (separator, a, b, …): the same with a separator between those that are not NULL. */
static void
concat_ws (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  GString *text;
  gboolean any = FALSE;

  if (n_values == 0 || sqlite3_value_type (values[0]) == SQLITE_NULL)
    {
      sqlite3_result_null (context);
      return;
    }

  text = g_string_new (NULL);
  for (int i = 1; i < n_values; i++)
    {
      if (sqlite3_value_type (values[i]) == SQLITE_NULL)
        continue;
      if (any)
        append_value (text, values[0]);
      append_value (text, values[i]);
      any = TRUE;
    }
  return_string (context, text);
}

/* What CAST (… AS BOOL) becomes: SQLite's own cast knows the words no more than it knows the type.
 */
static void
to_bool (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *text;

  switch (sqlite3_value_type (values[0]))
    {
    case SQLITE_NULL:
      sqlite3_result_null (context);
      return;
    case SQLITE_INTEGER:
    case SQLITE_FLOAT:
      sqlite3_result_int (context, sqlite3_value_double (values[0]) != 0);
      return;
    default:
      text = (const char *) sqlite3_value_text (values[0]);
    }

  if (text != NULL && g_ascii_strcasecmp (text, "true") == 0)
    sqlite3_result_int (context, 1);
  else
    sqlite3_result_int (context, text != NULL && g_ascii_strtod (text, NULL) != 0);
}

/* Times and types */

static void
now (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  EfSqlScope *scope = sqlite3_user_data (context);

  sqlite3_result_int64 (context, scope->now);
}

static void
uuid (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  sqlite3_result_text (context, g_uuid_string_random (), -1, g_free);
}

/* instanceOfString (x) and the like: the user data is one of SQLite's types. */
static void
instance_of (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  int type = GPOINTER_TO_INT (sqlite3_user_data (context));

  sqlite3_result_int (context, sqlite3_value_type (values[0]) == type);
}

static void
is_null (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  gboolean expected = GPOINTER_TO_INT (sqlite3_user_data (context));

  sqlite3_result_int (context, (sqlite3_value_type (values[0]) == SQLITE_NULL) == expected);
}

/* convert (x, 'type'): what CAST is, with a type that is a value. */
static void
convert (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *name = (const char *) sqlite3_value_text (values[1]);
  EfColumnType type = EF_COLUMN_ANY;

  if (name == NULL || !ef_column_type_from_string (name, &type))
    {
      sqlite3_result_error (context, "convert() needs the name of a type, such as 'double'", -1);
      return;
    }
  if (sqlite3_value_type (values[0]) == SQLITE_NULL)
    return;

  switch (type)
    {
    case EF_COLUMN_INT:
    case EF_COLUMN_LONG:
      sqlite3_result_int64 (context, sqlite3_value_int64 (values[0]));
      break;
    case EF_COLUMN_FLOAT:
    case EF_COLUMN_DOUBLE:
      sqlite3_result_double (context, sqlite3_value_double (values[0]));
      break;
    case EF_COLUMN_STRING:
    case EF_COLUMN_JSON:
      sqlite3_result_text (context, (const char *) sqlite3_value_text (values[0]),
                           sqlite3_value_bytes (values[0]), SQLITE_TRANSIENT);
      break;
    case EF_COLUMN_BOOL:
      to_bool (context, 1, values);
      break;
    case EF_COLUMN_NULL:
    case EF_COLUMN_BYTES:
    case EF_COLUMN_ANY:
    default:
      sqlite3_result_value (context, values[0]);
      break;
    }
}

static const struct
{
  const char *name;
  int n_values;
  void (*function) (sqlite3_context *context, int n_values, sqlite3_value **values);
  int argument; /* what the function gets as user data */
} plain[] = {
  { "concat", -1, concat, 0 },
  { "concat_ws", -1, concat_ws, 0 },
  { "to_bool", 1, to_bool, 0 },
  { "convert", 2, convert, 0 },
  { "is_null", 1, is_null, TRUE },
  { "is_not_null", 1, is_null, FALSE },
  { "instanceOfString", 1, instance_of, SQLITE_TEXT },
  { "instanceOfInteger", 1, instance_of, SQLITE_INTEGER },
  { "instanceOfLong", 1, instance_of, SQLITE_INTEGER },
  { "instanceOfFloat", 1, instance_of, SQLITE_FLOAT },
  { "instanceOfDouble", 1, instance_of, SQLITE_FLOAT },
};

/* Adds the functions to a connection. */
void
ef_sql_functions_add (sqlite3 *db, EfSqlScope *scope)
{
  static const char *const clocks[] = { "now", "currentTimeMillis" };

  sqlite3_create_function_v2 (db, "window_start", 0, SQLITE_UTF8, scope, window_start, NULL, NULL,
                              NULL);
  sqlite3_create_function_v2 (db, "window_end", 0, SQLITE_UTF8, scope, window_end, NULL, NULL,
                              NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (clocks); i++)
    sqlite3_create_function_v2 (db, clocks[i], 0, SQLITE_UTF8, scope, now, NULL, NULL, NULL);
  sqlite3_create_function_v2 (db, "uuid", 0, SQLITE_UTF8, NULL, uuid, NULL, NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    sqlite3_create_function_v2 (db, plain[i].name, plain[i].n_values,
                                SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                GINT_TO_POINTER (plain[i].argument), plain[i].function, NULL, NULL,
                                NULL);

  ef_sql_texts_add (db);
  ef_sql_aggregates_add (db);
}
