/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-sql-build-private.h"

#include <string.h>

/* The elements that answer a query, and what they are told. */

static void
setting_clear (gpointer data)
{
  g_free (((EfSqlSetting *) data)->value);
}

static void
add_setting (GArray *settings, const char *key, char *value, gsize offset)
{
  EfSqlSetting setting = { key, value, offset };

  if (value != NULL)
    g_array_append_val (settings, setting);
}

static gint
find_column (EfSchema *schema, const char *name)
{
  for (guint i = 0; i < ef_schema_get_n_columns (schema); i++)
    if (g_ascii_strcasecmp (ef_schema_get_column_name (schema, i), name) == 0)
      return (gint) i;

  return -1;
}

/* The columns that the results of a query fill, in the order of the results. */
static EfSchema *
make_target_schema (EfSqlStatement *query, EfSchema *schema)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree EfColumnType *types = NULL;

  if (query->targets == NULL)
    return ef_schema_ref (schema);

  types = g_new (EfColumnType, query->targets->len);
  for (guint i = 0; i < query->targets->len; i++)
    {
      guint column =
        (guint) find_column (schema, g_array_index (query->targets, EfSqlTarget, i).name);

      g_ptr_array_add (names, (gpointer) ef_schema_get_column_name (schema, column));
      types[i] = ef_schema_get_column_type (schema, column);
    }

  return ef_schema_new ((const char *const *) names->pdata, types, names->len, NULL);
}

static void
add_table_settings (EfSqlBuilder *self, GArray *settings, gsize offset)
{
  GPtrArray *files = self->app->files;
  g_autoptr (GString) others = g_string_new (NULL);

  if (self->app->init->len == 0)
    return;

  add_setting (settings, "database",
               g_strdup (files->len > 0 ? g_ptr_array_index (files, 0) : "memory:tables"), offset);
  for (guint i = 1; i < files->len; i++)
    g_string_append_printf (others, "%s%s", i > 1 ? "\n" : "",
                            (const char *) g_ptr_array_index (files, i));
  if (others->len > 0)
    add_setting (settings, "attach", g_strdup (others->str), offset);
  add_setting (settings, "init-sql", g_strdup (self->app->init->str), offset);
}

/* The properties of the element that answers a query. */
GArray *
ef_sql_builder_list_settings (EfSqlBuilder *self, EfSqlStatement *query)
{
  GArray *settings = g_array_new (FALSE, FALSE, sizeof (EfSqlSetting));
  EfSqlStream *input =
    query->stream != NULL ? ef_sql_application_find_stream (self->app, query->stream) : NULL;
  EfSqlStream *output = ef_sql_builder_get_output (self, query);

  g_array_set_clear_func (settings, setting_clear);
  add_setting (settings, "query", g_strdup (query->text), query->offset);
  add_setting (settings, "stream", g_strdup (query->stream), query->stream_offset);
  add_setting (settings, "input-schema",
               input != NULL ? ef_schema_to_string (input->schema) : NULL, query->stream_offset);
  if (output != NULL && output->schema != NULL)
    {
      g_autoptr (EfSchema) schema = make_target_schema (query, output->schema);

      add_setting (settings, "schema", ef_schema_to_string (schema), query->output_offset);
    }
  add_setting (settings, "window", g_strdup (query->window), query->window_offset);
  add_table_settings (self, settings, query->offset);

  return settings;
}

/* Adding */

static guint
add_element (EfSqlBuilder *self, EfSqlStatement *query, const char *name)
{
  g_autoptr (GArray) settings = ef_sql_builder_list_settings (self, query);
  EfTextLocation location = ef_sql_builder_locate (self, query->offset);
  guint element = ef_pipeline_spec_add_element (self->spec, "sql", name, &location);

  for (guint i = 0; i < settings->len; i++)
    {
      EfSqlSetting *setting = &g_array_index (settings, EfSqlSetting, i);

      ef_sql_builder_add_property (self, element, setting->key, setting->value, setting->offset);
    }

  return element;
}

/* Whether a key is for what the query itself says. */
static gboolean
is_taken (const char *key)
{
  static const char *const taken[] = { "query",    "stream", "input-schema", "schema",
                                       "database", "attach", "init-sql",     "window" };
  g_autofree char *name =
    g_strdelimit (g_strdup (g_str_has_prefix (key, "sql.") ? key + strlen ("sql.") : key), ".", '-');

  for (gsize i = 0; i < G_N_ELEMENTS (taken); i++)
    if (g_str_equal (name, taken[i]))
      return TRUE;

  return FALSE;
}

/* What `@info` says besides the name are properties. */
static gboolean
add_options (EfSqlBuilder *self, GArray *options, guint element, GError **error)
{
  GError *wrong = NULL;
  EfElementFactory *factory = ef_context_find_factory (self->context, "sql", &wrong);

  if (factory == NULL)
    return ef_sql_builder_fail_with (self, g_array_index (options, EfSqlOption, 0).key_offset,
                                     wrong, error);
  if (!ef_sql_builder_check_keys (self, factory, options, error))
    return FALSE;

  for (guint i = 0; i < options->len; i++)
    {
      EfSqlOption *option = &g_array_index (options, EfSqlOption, i);
      EfTextLocation key = ef_sql_builder_locate (self, option->key_offset);
      EfTextLocation value = ef_sql_builder_locate (self, option->value_offset);

      if (is_taken (option->key))
        return ef_sql_application_fail (self->app->text, option->key_offset,
                                        EF_ERROR_INVALID_VALUE, error,
                                        "“%s” is for the query itself to say", option->key);
      ef_pipeline_spec_add_property (self->spec, element, option->key, option->value, &key,
                                     &value);
    }

  return TRUE;
}

static void
append_quoted (GString *text, const char *name)
{
  g_string_append_c (text, '"');
  for (; *name != '\0'; name++)
    g_string_append_printf (text, *name == '"' ? "\"\"" : "%c", *name);
  g_string_append_c (text, '"');
}

/* Has columns that results were given for by name take their places, and others be NULL. */
static guint
add_arrangement (EfSqlBuilder *self, EfSqlStatement *query, EfSchema *schema, EfSchema *targets)
{
  EfTextLocation location = ef_sql_builder_locate (self, query->output_offset);
  guint element = ef_pipeline_spec_add_element (self->spec, "sql", NULL, &location);
  g_autoptr (GString) text = g_string_new ("SELECT ");
  g_autofree char *input = ef_schema_to_string (targets);
  g_autofree char *output = ef_schema_to_string (schema);

  for (guint i = 0; i < ef_schema_get_n_columns (schema); i++)
    {
      const char *name = ef_schema_get_column_name (schema, i);

      g_string_append (text, i > 0 ? ", " : "");
      if (find_column (targets, name) >= 0)
        append_quoted (text, name);
      else
        g_string_append (text, "NULL");
    }
  g_string_append (text, " FROM input");

  ef_sql_builder_add_property (self, element, "query", text->str, query->output_offset);
  ef_sql_builder_add_property (self, element, "input-schema", input, query->output_offset);
  ef_sql_builder_add_property (self, element, "schema", output, query->output_offset);

  return element;
}

/* Adds what answers a query: the first element takes the events, the last one gives the results. */
gboolean
ef_sql_builder_add_query (
  EfSqlBuilder *self, EfSqlStatement *query, guint *first, guint *last, GError **error)
{
  EfSqlStream *output = ef_sql_builder_get_output (self, query);
  g_autofree char *name = NULL;
  gsize offset;

  if (query->options != NULL)
    ef_sql_options_steal (query->options, "name", &name, &offset);
  if (name != NULL && *name == '\0')
    return ef_sql_application_fail (self->app->text, offset, EF_ERROR_INVALID_VALUE, error,
                                    "the name of the query is empty");

  *first = *last = add_element (self, query, name);
  if (query->options != NULL && query->options->len > 0 &&
      !add_options (self, query->options, *first, error))
    return FALSE;
  ef_sql_builder_add_errors (self, *first, query->stream, NULL, query->options);

  if (query->targets != NULL)
    {
      g_autoptr (EfSchema) targets = make_target_schema (query, output->schema);

      if (ef_schema_equal (targets, output->schema))
        return TRUE;
      *last = add_arrangement (self, query, output->schema, targets);
      ef_sql_builder_add_errors (self, *last, query->stream, query->options, NULL);
      ef_sql_builder_add_link (self, *first, *last, query->output_offset);
    }

  return TRUE;
}
