/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-functions.h"

#include <math.h>
#include <string.h>

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

/* distinctCount (x) */

typedef struct
{
  GHashTable *seen;
} Distinct;

static GBytes *
make_key (sqlite3_value *value)
{
  g_autoptr (GByteArray) key = g_byte_array_new ();
  guint8 type = (guint8) sqlite3_value_type (value);
  double number;
  gconstpointer data;

  /* 1 and 1.0 are the same, as they are to COUNT (DISTINCT x). */
  if (type == SQLITE_FLOAT && sqlite3_value_double (value) == (double) sqlite3_value_int64 (value))
    type = SQLITE_INTEGER;
  g_byte_array_append (key, &type, 1);

  if (type == SQLITE_INTEGER)
    {
      gint64 integer = sqlite3_value_int64 (value);

      g_byte_array_append (key, (const guint8 *) &integer, sizeof integer);
    }
  else if (type == SQLITE_FLOAT)
    {
      number = sqlite3_value_double (value);
      g_byte_array_append (key, (const guint8 *) &number, sizeof number);
    }
  else
    {
      data = sqlite3_value_blob (value);
      if (data != NULL)
        g_byte_array_append (key, data, (guint) sqlite3_value_bytes (value));
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&key));
}

static void
distinct_step (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  Distinct *self = sqlite3_aggregate_context (context, sizeof *self);

  if (self == NULL)
    {
      sqlite3_result_error_nomem (context);
      return;
    }

  if (sqlite3_value_type (values[0]) == SQLITE_NULL)
    return;

  if (self->seen == NULL)
    self->seen =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  g_hash_table_add (self->seen, make_key (values[0]));
}

static void
distinct_final (sqlite3_context *context)
{
  Distinct *self = sqlite3_aggregate_context (context, 0);

  sqlite3_result_int64 (
    context, self != NULL && self->seen != NULL ? (gint64) g_hash_table_size (self->seen) : 0);
  if (self != NULL)
    g_clear_pointer (&self->seen, g_hash_table_unref);
}

/* Variance and its root, by Welford's method, which does not lose what is small beside the mean. */

typedef struct
{
  gint64 n;
  double mean;
  double squares;
} Spread;

typedef enum
{
  SPREAD_VAR_POP,
  SPREAD_VAR_SAMP,
  SPREAD_STDDEV_POP,
  SPREAD_STDDEV_SAMP,
} SpreadKind;

static void
spread_step (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  Spread *self = sqlite3_aggregate_context (context, sizeof *self);
  double value, delta;

  if (self == NULL)
    {
      sqlite3_result_error_nomem (context);
      return;
    }

  if (sqlite3_value_numeric_type (values[0]) == SQLITE_NULL)
    return;

  value = sqlite3_value_double (values[0]);
  delta = value - self->mean;
  self->n++;
  self->mean += delta / (double) self->n;
  self->squares += delta * (value - self->mean);
}

static void
spread_final (sqlite3_context *context)
{
  Spread *self = sqlite3_aggregate_context (context, 0);
  SpreadKind kind = GPOINTER_TO_INT (sqlite3_user_data (context));
  gboolean sample = kind == SPREAD_VAR_SAMP || kind == SPREAD_STDDEV_SAMP;
  double variance;

  if (self == NULL || self->n < (sample ? 2 : 1))
    {
      sqlite3_result_null (context);
      return;
    }

  variance = self->squares / (double) (sample ? self->n - 1 : self->n);
  sqlite3_result_double (
    context, kind == SPREAD_STDDEV_POP || kind == SPREAD_STDDEV_SAMP ? sqrt (variance) : variance);
}

static void
add_spread (sqlite3 *db, const char *name, SpreadKind kind)
{
  sqlite3_create_function_v2 (db, name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                              GINT_TO_POINTER (kind), NULL, spread_step, spread_final, NULL);
}

/* Adds the functions to a connection. */
void
ef_sql_functions_add (sqlite3 *db, EfSqlScope *scope)
{
  const int pure = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

  sqlite3_create_function_v2 (db, "window_start", 0, SQLITE_UTF8, scope, window_start, NULL, NULL,
                              NULL);
  sqlite3_create_function_v2 (db, "window_end", 0, SQLITE_UTF8, scope, window_end, NULL, NULL,
                              NULL);
  sqlite3_create_function_v2 (db, "concat", -1, pure, NULL, concat, NULL, NULL, NULL);
  sqlite3_create_function_v2 (db, "concat_ws", -1, pure, NULL, concat_ws, NULL, NULL, NULL);
  sqlite3_create_function_v2 (db, "to_bool", 1, pure, NULL, to_bool, NULL, NULL, NULL);
  sqlite3_create_function_v2 (db, "distinctcount", 1, SQLITE_UTF8, NULL, NULL, distinct_step,
                              distinct_final, NULL);
  add_spread (db, "stddev", SPREAD_STDDEV_POP);
  add_spread (db, "stddev_pop", SPREAD_STDDEV_POP);
  add_spread (db, "stddev_samp", SPREAD_STDDEV_SAMP);
  add_spread (db, "variance", SPREAD_VAR_POP);
  add_spread (db, "var_pop", SPREAD_VAR_POP);
  add_spread (db, "var_samp", SPREAD_VAR_SAMP);
}
