/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-check.h"

#include <string.h>

#include "ef-sql-forever.h"
#include "ef-sql-names.h"

/* What SQLite does not find wrong with a query. */

static const char *const aggregates[] = {
  "count",
  "sum",
  "total",
  "avg",
  "group_concat",
  "json_group_array",
  "json_group_object",
  "distinctcount",
  "first",
  "last",
  "stddev",
  "stddev_pop",
  "stddev_samp",
  "variance",
  "var_pop",
  "var_samp",
  NULL,
};

static gboolean
has_one_argument (const EfSqlText *self, guint open)
{
  guint close = ef_sql_text_get (self, open)->close;

  for (guint i = open + 1; i < close; i++)
    if (ef_sql_text_get (self, i)->depth == ef_sql_text_get (self, open)->depth + 1 &&
        ef_sql_text_is_symbol (self, i, ','))
      return FALSE;

  return TRUE;
}

static gboolean
is_aggregate (const EfSqlText *self, guint index)
{
  guint close;

  if (!ef_sql_text_is_call (self, index))
    return FALSE;

  close = ef_sql_text_get (self, index + 1)->close;
  if (ef_sql_text_is_word (self, close + 1, "OVER"))
    return FALSE;

  for (const char *const *name = aggregates; *name != NULL; name++)
    if (ef_sql_names_is_call (self, index, *name))
      return TRUE;

  return (ef_sql_names_is_call (self, index, "min") || ef_sql_names_is_call (self, index, "max")) &&
         has_one_argument (self, index + 1);
}

/* Whether the outermost query reads from the stream alone. Joined to a table, an event may well
 * have several rows to aggregate. */
static gboolean
reads_stream_alone (const EfSqlText *self, guint select, const char *stream)
{
  guint from = ef_sql_text_find_clause (self, select, "FROM");

  if (ef_sql_text_is_end (self, from) ||
      !ef_sql_token_is_name (&ef_sql_text_get (self, from + 1)->token, self->text, stream))
    return FALSE;

  for (guint i = from + 1;
       !ef_sql_text_is_end (self, i) && !ef_sql_text_is_word (self, i, "WHERE") &&
       !ef_sql_text_is_word (self, i, "GROUP") && !ef_sql_text_is_word (self, i, "ORDER");
       i++)
    if (ef_sql_text_is_word (self, i, "JOIN") || ef_sql_text_is_symbol (self, i, ','))
      return FALSE;

  return TRUE;
}

static gboolean
fail_without_window (const EfSqlText *self,
                     guint index,
                     const char *stream,
                     gsize *error_offset,
                     GError **error)
{
  g_autofree char *name =
    ef_sql_token_dup_value (&ef_sql_text_get (self, index)->token, self->text);
  g_autofree char *message = g_strdup_printf (
    "%s() needs a window: without one the query sees one event at a time; say for instance “FROM "
    "%s WINDOW TUMBLING(1 min)”",
    name, stream);

  return ef_sql_text_fail (self, index, error_offset, error, message);
}

static gboolean
remembers (const EfSqlText *self)
{
  for (guint i = 0; !ef_sql_text_is_end (self, i); i++)
    if (ef_sql_forever_is_call (self, i))
      return TRUE;

  return FALSE;
}

/* Without a window a query sees one event: to aggregate over that is always a mistake, and so is to group
 * it, unless by that it says what minForever() and maxForever() are of. */
static gboolean
check_aggregates (const EfSqlText *self, const char *stream, gsize *error_offset, GError **error)
{
  guint select = ef_sql_text_find_select (self);

  if (!reads_stream_alone (self, select, stream))
    return TRUE;

  for (guint i = select; !ef_sql_text_is_end (self, i); i++)
    {
      if (ef_sql_text_get (self, i)->subquery)
        continue;

      if (is_aggregate (self, i))
        return fail_without_window (self, i, stream, error_offset, error);

      if (ef_sql_text_is_word (self, i, "GROUP") && ef_sql_text_is_word (self, i + 1, "BY") &&
          !remembers (self))
        return ef_sql_text_fail (
          self, i, error_offset, error,
          "GROUP BY needs a window: without one the query sees one event at a time");
    }

  return TRUE;
}

/* Types */

static gboolean
check_cast (const EfSqlText *self, guint open, gsize *error_offset, GError **error)
{
  static const char *const names[] = { "STRING", "INT",   "LONG", "FLOAT", "DOUBLE",
                                       "BOOL",   "BYTES", "JSON", "ANY",   NULL };
  guint as = ef_sql_text_find_within (self, open, "AS");
  g_autofree char *name = NULL;
  g_autofree char *hint = NULL;
  g_autofree char *message = NULL;
  EfColumnType type;

  if (as == 0 || ef_sql_text_get (self, as + 1)->token.kind != EF_SQL_TOKEN_WORD)
    return TRUE;

  name = ef_sql_token_dup_value (&ef_sql_text_get (self, as + 1)->token, self->text);
  if (ef_column_type_from_string (name, &type))
    return TRUE;

  hint = ef_suggest_hint (name, names);
  message = g_strdup_printf ("“%s” is no type%s Types are STRING, INT, LONG, FLOAT, DOUBLE, BOOL, "
                             "BYTES, JSON and ANY",
                             name, *hint != '\0' ? hint : ";");

  return ef_sql_text_fail (self, as + 1, error_offset, error, message);
}

/* A prefix that is not known, or a function that it does not have. */
static gboolean
check_prefix (const EfSqlText *self, guint index, gsize *error_offset, GError **error)
{
  g_autofree char *name =
    ef_sql_token_dup_value (&ef_sql_text_get (self, index)->token, self->text);
  g_autoptr (GPtrArray) names = NULL;
  g_autofree char *hint = NULL;
  g_autofree char *message = NULL;

  if (strchr (name, ':') == NULL || ef_sql_names_find (self, index) != NULL)
    return TRUE;

  names = g_ptr_array_new_with_free_func (g_free);
  ef_sql_names_add (names);
  g_ptr_array_add (names, NULL);
  hint = ef_suggest_hint (name, (const char *const *) names->pdata);
  message = g_strdup_printf ("no such function: %s%s", name,
                             *hint != '\0' ? hint : "; prefixes are “str:” and “math:”");

  return ef_sql_text_fail (self, index, error_offset, error, message);
}

/* Refuses functions with prefixes that there are not. */
gboolean
ef_sql_check_prefixes (const EfSqlText *self, gsize *error_offset, GError **error)
{
  for (guint i = 0; !ef_sql_text_is_end (self, i); i++)
    if (ef_sql_text_is_call (self, i) && !check_prefix (self, i, error_offset, error))
      return FALSE;

  return TRUE;
}

/* Refuses what SQLite would take, though nobody can have meant it. */
gboolean
ef_sql_check_query (const EfSqlText *self,
                    const char *stream,
                    gboolean has_window,
                    gsize *error_offset,
                    GError **error)
{
  if (!ef_sql_check_prefixes (self, error_offset, error))
    return FALSE;

  for (guint i = 0; !ef_sql_text_is_end (self, i); i++)
    {
      if (!ef_sql_text_is_call (self, i))
        continue;

      if (!has_window && (ef_sql_text_is_word (self, i, "window_start") ||
                          ef_sql_text_is_word (self, i, "window_end")))
        return fail_without_window (self, i, stream, error_offset, error);
      if (ef_sql_text_is_word (self, i, "CAST") &&
          !check_cast (self, i + 1, error_offset, error))
        return FALSE;
    }

  return has_window || check_aggregates (self, stream, error_offset, error);
}
