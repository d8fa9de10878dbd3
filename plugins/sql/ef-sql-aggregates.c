/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-aggregates.h"

#include <math.h>
#include <string.h>

/* Aggregates that streams need and SQLite does not have. */

/* distinctCount (x) */

typedef struct
{
  GHashTable *seen;
} Distinct;

/* Adds a value to a key: equal values are equal bytes, and no two values are those of another one. */
void
ef_sql_aggregates_append_key (GByteArray *key, sqlite3_value *value)
{
  guint8 type = (guint8) sqlite3_value_type (value);

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
      double number = sqlite3_value_double (value);

      g_byte_array_append (key, (const guint8 *) &number, sizeof number);
    }
  else
    {
      gconstpointer data = sqlite3_value_blob (value);
      guint length = (guint) sqlite3_value_bytes (value);

      g_byte_array_append (key, (const guint8 *) &length, sizeof length);
      if (data != NULL)
        g_byte_array_append (key, data, length);
    }
}

static GBytes *
make_key (sqlite3_value *value)
{
  GByteArray *key = g_byte_array_new ();

  ef_sql_aggregates_append_key (key, value);

  return g_byte_array_free_to_bytes (key);
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

/* first (x) and last (x): rows come in the order of their arrival. */

static void
keep_value (sqlite3_context *context, sqlite3_value *value, gboolean replaces)
{
  sqlite3_value **kept = sqlite3_aggregate_context (context, sizeof *kept);

  if (kept == NULL)
    {
      sqlite3_result_error_nomem (context);
      return;
    }

  if (*kept != NULL && !replaces)
    return;
  sqlite3_value_free (*kept);
  *kept = sqlite3_value_dup (value);
}

static void
first_step (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  keep_value (context, values[0], FALSE);
}

static void
last_step (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  keep_value (context, values[0], TRUE);
}

static void
kept_final (sqlite3_context *context)
{
  sqlite3_value **kept = sqlite3_aggregate_context (context, 0);

  if (kept == NULL || *kept == NULL)
    return;
  sqlite3_result_value (context, *kept);
  g_clear_pointer (kept, sqlite3_value_free);
}

/* Adds the aggregates to a connection. */
void
ef_sql_aggregates_add (sqlite3 *db)
{
  sqlite3_create_function_v2 (db, "distinctCount", 1, SQLITE_UTF8, NULL, NULL, distinct_step,
                              distinct_final, NULL);
  sqlite3_create_function_v2 (db, "first", 1, SQLITE_UTF8, NULL, NULL, first_step, kept_final,
                              NULL);
  sqlite3_create_function_v2 (db, "last", 1, SQLITE_UTF8, NULL, NULL, last_step, kept_final, NULL);
  add_spread (db, "stddev", SPREAD_STDDEV_POP);
  add_spread (db, "stddev_pop", SPREAD_STDDEV_POP);
  add_spread (db, "stddev_samp", SPREAD_STDDEV_SAMP);
  add_spread (db, "variance", SPREAD_VAR_POP);
  add_spread (db, "var_pop", SPREAD_VAR_POP);
  add_spread (db, "var_samp", SPREAD_VAR_SAMP);
}
