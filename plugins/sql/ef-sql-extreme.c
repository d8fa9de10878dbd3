/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-extreme.h"

#include <string.h>

#include "ef-sql-aggregates.h"

/* A function of SQLite that remembers. Its first argument is the value, the others are what rows are
 * grouped by. */
struct _EfSqlExtreme
{
  gboolean is_max;
  guint max_groups;
  GHashTable *groups; /* GByteArray -> Extreme */
  GByteArray *key;    /* of the row at hand */
};

typedef struct
{
  sqlite3_value *value; /* NULL while there was none */
} Extreme;

static void
extreme_free (gpointer data)
{
  Extreme *extreme = data;

  sqlite3_value_free (extreme->value);
  g_free (extreme);
}

static guint
hash_key (gconstpointer data)
{
  const GByteArray *key = data;
  guint hash = 5381;

  for (guint i = 0; i < key->len; i++)
    hash = hash * 33 + key->data[i];

  return hash;
}

static gboolean
equal_keys (gconstpointer a, gconstpointer b)
{
  const GByteArray *one = a, *other = b;

  return one->len == other->len && (one->len == 0 || memcmp (one->data, other->data, one->len) == 0);
}

EfSqlExtreme *
ef_sql_extreme_new (gboolean is_max, guint max_groups)
{
  EfSqlExtreme *self = g_new0 (EfSqlExtreme, 1);

  self->is_max = is_max;
  self->max_groups = max_groups;
  self->key = g_byte_array_new ();
  self->groups = g_hash_table_new_full (hash_key, equal_keys, (GDestroyNotify) g_byte_array_unref,
                                        extreme_free);

  return self;
}

void
ef_sql_extreme_free (EfSqlExtreme *self)
{
  g_hash_table_unref (self->groups);
  g_byte_array_unref (self->key);
  g_free (self);
}

/* Numbers stand before texts, and texts before bytes, as in SQLite. */
static int
compare (sqlite3_value *a, sqlite3_value *b)
{
  int a_type = sqlite3_value_type (a), b_type = sqlite3_value_type (b);
  gboolean a_is_number = a_type == SQLITE_INTEGER || a_type == SQLITE_FLOAT;
  gboolean b_is_number = b_type == SQLITE_INTEGER || b_type == SQLITE_FLOAT;
  int a_length, b_length, order;

  if (a_type == SQLITE_INTEGER && b_type == SQLITE_INTEGER)
    {
      gint64 x = sqlite3_value_int64 (a), y = sqlite3_value_int64 (b);

      return (x > y) - (x < y);
    }
  if (a_is_number && b_is_number)
    {
      double x = sqlite3_value_double (a), y = sqlite3_value_double (b);

      return (x > y) - (x < y);
    }
  if (a_is_number || b_is_number)
    return a_is_number ? -1 : 1;
  if (a_type != b_type)
    return a_type == SQLITE_TEXT ? -1 : 1;

  a_length = sqlite3_value_bytes (a);
  b_length = sqlite3_value_bytes (b);
  order = memcmp (sqlite3_value_blob (a) != NULL ? sqlite3_value_blob (a) : "",
                  sqlite3_value_blob (b) != NULL ? sqlite3_value_blob (b) : "",
                  (gsize) MIN (a_length, b_length));

  return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

/* The group that a row belongs to, a new one if need be. */
static Extreme *
find_group (EfSqlExtreme *self, sqlite3_context *context, int n_values, sqlite3_value **values)
{
  GByteArray *key;
  Extreme *extreme;

  g_byte_array_set_size (self->key, 0);
  for (int i = 1; i < n_values; i++)
    ef_sql_aggregates_append_key (self->key, values[i]);

  extreme = g_hash_table_lookup (self->groups, self->key);
  if (extreme != NULL)
    return extreme;

  if (g_hash_table_size (self->groups) >= self->max_groups)
    {
      g_autofree char *message =
        g_strdup_printf ("%s() remembers no more than %u groups, as window-max-rows says",
                         self->is_max ? "maxForever" : "minForever", self->max_groups);

      sqlite3_result_error (context, message, -1);
      return NULL;
    }

  key = g_byte_array_sized_new (self->key->len);
  g_byte_array_append (key, self->key->data, self->key->len);
  extreme = g_new0 (Extreme, 1);
  g_hash_table_insert (self->groups, key, extreme);

  return extreme;
}

/* Takes a row and gives its group, or %NULL if it said that something is wrong. */
static Extreme *
take (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  EfSqlExtreme *self = sqlite3_user_data (context);
  Extreme *extreme = find_group (self, context, n_values, values);
  int order;

  if (extreme == NULL || sqlite3_value_type (values[0]) == SQLITE_NULL)
    return extreme;

  order = extreme->value != NULL ? compare (values[0], extreme->value) : 0;
  if (extreme->value == NULL || (self->is_max ? order > 0 : order < 0))
    {
      sqlite3_value_free (extreme->value);
      extreme->value = sqlite3_value_dup (values[0]);
    }

  return extreme;
}

static void
return_extreme (sqlite3_context *context, const Extreme *extreme)
{
  if (extreme != NULL && extreme->value != NULL)
    sqlite3_result_value (context, extreme->value);
}

/* Without a window the stream is one row, so the function is a plain one: an aggregate would give a
 * result for an event that WHERE leaves out. */
static void
extreme_of_event (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  return_extreme (context, take (context, n_values, values));
}

static void
extreme_step (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  Extreme **extreme = sqlite3_aggregate_context (context, sizeof *extreme);

  if (extreme == NULL)
    sqlite3_result_error_nomem (context);
  else
    *extreme = take (context, n_values, values);
}

static void
extreme_final (sqlite3_context *context)
{
  EfSqlExtreme *self = sqlite3_user_data (context);
  Extreme **extreme = sqlite3_aggregate_context (context, 0);

  /* WHERE left out all rows of a window that is not grouped: what was known remains. */
  if (extreme == NULL)
    {
      g_byte_array_set_size (self->key, 0);
      return_extreme (context, g_hash_table_lookup (self->groups, self->key));
      return;
    }

  return_extreme (context, *extreme);
}

static void
extreme_destroy (void *data)
{
  ef_sql_extreme_free (data);
}

/* Makes it a function of a connection, to which it belongs from here on. */
gboolean
ef_sql_extreme_add (
  EfSqlExtreme *self, sqlite3 *db, const char *name, guint n_keys, gboolean is_aggregate)
{
  int n_values = (int) n_keys + 1;

  if (is_aggregate)
    return sqlite3_create_function_v2 (db, name, n_values, SQLITE_UTF8, self, NULL, extreme_step,
                                       extreme_final, extreme_destroy) == SQLITE_OK;

  return sqlite3_create_function_v2 (db, name, n_values, SQLITE_UTF8, self, extreme_of_event, NULL,
                                     NULL, extreme_destroy) == SQLITE_OK;
}
