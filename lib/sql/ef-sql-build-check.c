/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-config.h"
#include "ef-query.h"
#include "ef-sql-build-private.h"
#include "ef-sql-references-private.h"
#include "ef-suggest.h"

#include <string.h>

/* Queries are checked one by one, each against the columns of the stream that it reads. */

/* Where in the file a place in a property of a query comes from. */
static gsize
get_origin (EfSqlBuilder *self, EfSqlStatement *query, const EfQueryPlace *place)
{
  gsize offset = query->offset;

  if (g_strcmp0 (place->property, "query") == 0)
    return place->offset < query->lead
             ? query->output_offset
             : query->offset + MIN (place->offset, strlen (query->text)) - query->lead;
  if (g_strcmp0 (place->property, "window") == 0)
    return query->window_offset + place->offset;

  for (guint i = 0; g_strcmp0 (place->property, "init-sql") == 0 && i < self->app->origins->len;
       i++)
    {
      EfSqlOrigin *origin = &g_array_index (self->app->origins, EfSqlOrigin, i);

      if (i == 0 || origin->start <= place->offset)
        offset =
          origin->offset + (place->offset > origin->start ? place->offset - origin->start : 0);
    }

  return offset;
}

/* Has an element compile what the settings say. */
static gboolean
check_settings (EfSqlBuilder *self,
                EfSqlStatement *query,
                GArray *settings,
                EfSchema **schema,
                GError **error)
{
  g_autoptr (EfElement) element = NULL;
  EfQueryPlace place;
  GError *wrong = NULL;

  element = ef_context_create_element (self->context, "sql", NULL, &wrong);
  if (element == NULL)
    return ef_sql_builder_fail_with (self, query->offset, wrong, error);

  for (guint i = 0; i < settings->len; i++)
    {
      EfSqlSetting *setting = &g_array_index (settings, EfSqlSetting, i);

      if (!ef_element_set_from_string (element, setting->key, setting->value, &wrong))
        return ef_sql_builder_fail_with (self, setting->offset, wrong, error);
    }

  if (!EF_IS_QUERY (element))
    return ef_sql_application_fail (self->app->text, query->offset, EF_ERROR_UNKNOWN_ELEMENT, error,
                                    "the element “sql” of this context answers no queries");
  if (!ef_query_check (EF_QUERY (element), schema, &place, &wrong))
    return ef_sql_builder_fail_with (self, get_origin (self, query, &place), wrong, error);

  return TRUE;
}

/* Columns by name */

static gboolean
check_target (EfSqlBuilder *self, EfSqlStream *output, GArray *targets, guint index, GError **error)
{
  EfSqlTarget *target = &g_array_index (targets, EfSqlTarget, index);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *hint = NULL;
  gboolean found = output->schema == NULL;

  for (guint i = 0; i < index; i++)
    if (g_ascii_strcasecmp (g_array_index (targets, EfSqlTarget, i).name, target->name) == 0)
      return ef_sql_application_fail (self->app->text, target->offset, EF_ERROR_INVALID_VALUE,
                                      error, "“%s” is there a second time", target->name);

  for (guint i = 0; output->schema != NULL && i < ef_schema_get_n_columns (output->schema); i++)
    {
      const char *name = ef_schema_get_column_name (output->schema, i);

      found = found || g_ascii_strcasecmp (name, target->name) == 0;
      g_ptr_array_add (names, (gpointer) name);
    }
  if (found)
    return TRUE;

  g_ptr_array_add (names, NULL);
  hint = ef_suggest_hint (target->name, (const char *const *) names->pdata);

  return ef_sql_application_fail (self->app->text, target->offset, EF_ERROR_UNKNOWN_KEY, error,
                                  "the stream “%s” has no column “%s”%s", output->name,
                                  target->name, hint);
}

static gboolean
check_targets (EfSqlBuilder *self, EfSqlStatement *query, GError **error)
{
  EfSqlStream *output = ef_sql_builder_get_output (self, query);

  for (guint i = 0; query->targets != NULL && i < query->targets->len; i++)
    if (!check_target (self, output, query->targets, i, error))
      return FALSE;

  return TRUE;
}

/* The columns of a stream that was not declared: those of the results, under the names that the
 * query has for them. */
static gboolean
adopt_schema (EfSqlBuilder *self,
              EfSqlStatement *query,
              EfSqlStream *output,
              EfSchema *results,
              GError **error)
{
  g_autofree const char **names = NULL;
  g_autofree EfColumnType *types = NULL;
  guint n_columns = ef_schema_get_n_columns (results);
  GError *wrong = NULL;

  if (query->targets == NULL)
    {
      output->schema = ef_schema_ref (results);
      return TRUE;
    }
  if (query->targets->len != n_columns)
    return ef_sql_application_fail (
      self->app->text, query->output_offset, EF_ERROR_LINK, error,
      "the query has %u results, but here are %u columns for them", n_columns, query->targets->len);

  names = g_new (const char *, n_columns);
  types = g_new (EfColumnType, n_columns);
  for (guint i = 0; i < n_columns; i++)
    {
      names[i] = g_array_index (query->targets, EfSqlTarget, i).name;
      types[i] = ef_schema_get_column_type (results, i);
    }
  output->schema = ef_schema_new (names, types, n_columns, &wrong);

  return output->schema != NULL
           ? TRUE
           : ef_sql_builder_fail_with (self, query->output_offset, wrong, error);
}

/* Has the query compiled, and takes over the columns that it makes. */
static gboolean
check_query (EfSqlBuilder *self, EfSqlStatement *query, GError **error)
{
  g_autoptr (GArray) settings = NULL;
  g_autoptr (EfSchema) schema = NULL;
  EfSqlStream *output = ef_sql_builder_get_output (self, query);

  if (!check_targets (self, query, error))
    return FALSE;

  settings = ef_sql_builder_list_settings (self, query);
  if (!check_settings (self, query, settings, &schema, error))
    return FALSE;

  return output == NULL || output->schema != NULL || schema == NULL ||
         adopt_schema (self, query, output, schema, error);
}

/* Statements that set tables up are checked with the queries; without any, by one that was made up.
 */
static gboolean
check_tables (EfSqlBuilder *self, GError **error)
{
  g_autoptr (EfSchema) schema = NULL;
  g_autofree char *text = g_strdup ("SELECT 1 FROM input");
  EfSqlStatement query = { .text = text };
  g_autoptr (GArray) settings = ef_sql_builder_list_settings (self, &query);
  EfSqlSetting input = { "input-schema", g_strdup ("x ANY"), 0 };

  g_array_append_val (settings, input);

  return check_settings (self, &query, settings, &schema, error);
}

/* Circles */

/* Whether what a stream holds comes to another one by queries without windows. */
static gboolean
reaches (EfSqlBuilder *self, EfSqlStream *from, EfSqlStream *to, GHashTable *visited)
{
  if (from == to)
    return TRUE;
  if (from == NULL || !g_hash_table_add (visited, from))
    return FALSE;

  for (guint i = 0; i < self->app->queries->len; i++)
    {
      EfSqlStatement *query = ef_sql_builder_get_query (self, i);

      if (query->window == NULL &&
          ef_sql_application_find_stream (self->app, query->stream) == from &&
          reaches (self, ef_sql_builder_get_output (self, query), to, visited))
        return TRUE;
    }

  return FALSE;
}

/* Finds what comes back to a stream that it went out of. */
static void
find_feedback (EfSqlBuilder *self, EfSqlStream *stream, GHashTable *visited, GHashTable *open)
{
  if (!g_hash_table_add (visited, stream))
    return;

  g_hash_table_add (open, stream);
  for (guint i = 0; i < self->app->queries->len; i++)
    {
      EfSqlStatement *query = ef_sql_builder_get_query (self, i);
      EfSqlStream *output = ef_sql_builder_get_output (self, query);

      if (output == NULL || ef_sql_application_find_stream (self->app, query->stream) != stream)
        continue;
      query->is_feedback = g_hash_table_contains (open, output);
      find_feedback (self, output, visited, open);
    }
  g_hash_table_remove (open, stream);
}

static gboolean
has_source (EfSqlStream *stream)
{
  for (guint i = 0; i < stream->connectors->len; i++)
    if (!((EfSqlConnector *) g_ptr_array_index (stream->connectors, i))->is_sink)
      return TRUE;

  return FALSE;
}

/* Streams may feed themselves, as long as a window stands between: it takes time to close. */
static gboolean
check_cycles (EfSqlBuilder *self, GError **error)
{
  g_autoptr (GHashTable) visited = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) open = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->app->queries->len; i++)
    {
      EfSqlStatement *query = ef_sql_builder_get_query (self, i);
      EfSqlStream *input = ef_sql_application_find_stream (self->app, query->stream);
      g_autoptr (GHashTable) passed = g_hash_table_new (NULL, NULL);

      if (query->window == NULL &&
          reaches (self, ef_sql_builder_get_output (self, query), input, passed))
        return ef_sql_application_fail (self->app->text, query->output_offset, EF_ERROR_LINK, error,
                                        "what goes to “%s” comes from there: streams may feed "
                                        "themselves by way of a window alone",
                                        query->output);
    }

  /* From where events come in, so that what comes back is what is cut. */
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < self->app->streams->len; i++)
      {
        EfSqlStream *stream = g_ptr_array_index (self->app->streams, i);

        if (pass == 1 || has_source (stream))
          find_feedback (self, stream, visited, open);
      }

  return TRUE;
}

/* Checks the queries, each one after those that make its columns. */
gboolean
ef_sql_builder_check_queries (EfSqlBuilder *self, GError **error)
{
  g_autofree gboolean *done = g_new0 (gboolean, self->app->queries->len + 1);
  guint n_done = 0, n_before;

  for (guint i = 0; i < self->app->queries->len; i++)
    if (!ef_sql_find_references (self->app, ef_sql_builder_get_query (self, i), error))
      return FALSE;
  if (!check_cycles (self, error))
    return FALSE;
  if (self->app->queries->len == 0 && self->app->init->len > 0)
    return check_tables (self, error);

  do
    {
      n_before = n_done;
      for (guint i = 0; i < self->app->queries->len; i++)
        {
          EfSqlStatement *query = ef_sql_builder_get_query (self, i);

          if (done[i] || ef_sql_application_find_stream (self->app, query->stream)->schema == NULL)
            continue;
          if (!check_query (self, query, error))
            return FALSE;
          done[i] = TRUE;
          n_done++;
        }
    }
  while (n_done > n_before);

  return TRUE;
}
