/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-config.h"
#include "ef-query.h"
#include "ef-sql-build-private.h"
#include "ef-sql-references-private.h"
#include "ef-suggest.h"

#include <string.h>

/* From an application to a spec. A stream is no element of its own: what brings its events is
 * linked to all that takes them. */

typedef struct
{
  EfSqlApplication *app;
  EfContext *context;
  EfPipelineSpec *spec;
} Builder;

static EfTextLocation
locate (Builder *self, gsize offset)
{
  EfTextLocation location;

  ef_text_location_init (&location, self->app->text, offset);

  return location;
}

static void
add_property (Builder *self, guint element, const char *key, const char *value, gsize offset)
{
  EfTextLocation location = locate (self, offset);

  ef_pipeline_spec_add_property (self->spec, element, key, value, &location, &location);
}

/* Fails with what another one said, at a place of the file. */
static gboolean
fail_with (Builder *self, gsize offset, GError *wrong, GError **error)
{
  ef_sql_application_fail (self->app->text, offset, (EfError) wrong->code, error, "%s",
                           wrong->message);
  g_error_free (wrong);

  return FALSE;
}

/* Checking queries */

static EfSqlStatement *
get_query (Builder *self, guint index)
{
  return g_ptr_array_index (self->app->queries, index);
}

/* Where in the file a place in a property of a query comes from. */
static gsize
get_origin (Builder *self, EfSqlStatement *query, const EfQueryPlace *place)
{
  gsize offset = query->offset;

  if (g_strcmp0 (place->property, "query") == 0)
    return query->offset + MIN (place->offset, strlen (query->text));
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

typedef struct
{
  const char *key;
  char *value;
  gsize offset;
} Setting;

static void
setting_clear (gpointer data)
{
  g_free (((Setting *) data)->value);
}

static void
add_setting (GArray *settings, const char *key, char *value, gsize offset)
{
  Setting setting = { key, value, offset };

  if (value != NULL)
    g_array_append_val (settings, setting);
}

/* The properties of the element that answers a query. */
static GArray *
list_settings (Builder *self, EfSqlStatement *query)
{
  GArray *settings = g_array_new (FALSE, FALSE, sizeof (Setting));
  EfSqlStream *input = ef_sql_application_find_stream (self->app, query->stream);
  EfSqlStream *output =
    query->output != NULL ? ef_sql_application_find_stream (self->app, query->output) : NULL;

  g_array_set_clear_func (settings, setting_clear);
  add_setting (settings, "query", g_strdup (query->text), query->offset);
  add_setting (settings, "stream", g_strdup (query->stream), query->stream_offset);
  add_setting (settings, "input-schema", ef_schema_to_string (input->schema), query->stream_offset);
  if (output != NULL && output->schema != NULL)
    add_setting (settings, "schema", ef_schema_to_string (output->schema), query->output_offset);
  add_setting (settings, "window", g_strdup (query->window), query->window_offset);
  if (self->app->init->len > 0)
    {
      add_setting (settings, "database",
                   g_strdup (self->app->database != NULL ? self->app->database : "memory:tables"),
                   query->offset);
      add_setting (settings, "init-sql", g_strdup (self->app->init->str), query->offset);
    }

  return settings;
}

/* Has the query compiled, and takes over the columns that it makes. */
static gboolean
check_query (Builder *self, EfSqlStatement *query, GError **error)
{
  g_autoptr (GArray) settings = list_settings (self, query);
  g_autoptr (EfElement) element = NULL;
  g_autoptr (EfSchema) schema = NULL;
  EfSqlStream *output;
  EfQueryPlace place;
  GError *wrong = NULL;

  element = ef_context_create_element (self->context, "sql", NULL, &wrong);
  if (element == NULL)
    return fail_with (self, query->offset, wrong, error);

  for (guint i = 0; i < settings->len; i++)
    {
      Setting *setting = &g_array_index (settings, Setting, i);

      if (!ef_element_set_from_string (element, setting->key, setting->value, &wrong))
        return fail_with (self, setting->offset, wrong, error);
    }

  if (!EF_IS_QUERY (element))
    return ef_sql_application_fail (self->app->text, query->offset, EF_ERROR_UNKNOWN_ELEMENT, error,
                                    "the element “sql” of this context answers no queries");
  if (!ef_query_check (EF_QUERY (element), &schema, &place, &wrong))
    return fail_with (self, get_origin (self, query, &place), wrong, error);

  output = query->output != NULL ? ef_sql_application_find_stream (self->app, query->output) : NULL;
  if (output != NULL && output->schema == NULL)
    output->schema = g_steal_pointer (&schema);

  return TRUE;
}

/* Whether what a stream holds comes back to it. */
static gboolean
reaches (Builder *self, const char *from, const char *to, guint depth)
{
  if (depth > self->app->queries->len)
    return FALSE;

  for (guint i = 0; i < self->app->queries->len; i++)
    {
      EfSqlStatement *query = get_query (self, i);

      if (query->output == NULL || g_ascii_strcasecmp (query->stream, from) != 0)
        continue;
      if (g_ascii_strcasecmp (query->output, to) == 0 ||
          reaches (self, query->output, to, depth + 1))
        return TRUE;
    }

  return FALSE;
}

static gboolean
check_cycles (Builder *self, GError **error)
{
  for (guint i = 0; i < self->app->queries->len; i++)
    {
      EfSqlStatement *query = get_query (self, i);

      if (query->output != NULL && (g_ascii_strcasecmp (query->output, query->stream) == 0 ||
                                    reaches (self, query->output, query->stream, 0)))
        return ef_sql_application_fail (self->app->text, query->output_offset, EF_ERROR_LINK, error,
                                        "what goes to “%s” comes from there: streams may not feed "
                                        "themselves",
                                        query->output);
    }

  return TRUE;
}

/* Checks the queries, each one after those that make its columns. */
static gboolean
check_queries (Builder *self, GError **error)
{
  g_autofree gboolean *done = g_new0 (gboolean, self->app->queries->len + 1);
  guint n_done = 0, n_before;

  for (guint i = 0; i < self->app->queries->len; i++)
    if (!ef_sql_find_references (self->app, get_query (self, i), error))
      return FALSE;
  if (!check_cycles (self, error))
    return FALSE;

  do
    {
      n_before = n_done;
      for (guint i = 0; i < self->app->queries->len; i++)
        {
          EfSqlStatement *query = get_query (self, i);

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

/* Connections */

static gboolean
check_options (
  Builder *self, EfElementFactory *factory, GArray *options, gsize offset, GError **error)
{
  const char *const *required = ef_element_factory_get_required_parameters (factory);
  GError *wrong = NULL;

  for (guint i = 0; i < options->len; i++)
    {
      EfSqlOption *option = &g_array_index (options, EfSqlOption, i);

      if (!ef_element_factory_check_key (factory, option->key, &wrong))
        return fail_with (self, option->key_offset, wrong, error);
    }

  for (; required != NULL && *required != NULL; required++)
    {
      gboolean found = g_str_has_suffix (*required, "schema");

      for (guint i = 0; i < options->len && !found; i++)
        {
          const char *key = g_array_index (options, EfSqlOption, i).key;

          found = g_str_equal (key, *required) || g_str_has_suffix (*required, key);
        }
      if (!found)
        return ef_sql_application_fail (self->app->text, offset, EF_ERROR_MISSING_KEY, error,
                                        "“%s” is missing", *required);
    }

  return TRUE;
}

static gboolean
add_element (Builder *self,
             EfElementFactory *factory,
             GArray *options,
             gsize offset,
             guint *element,
             GError **error)
{
  EfTextLocation location = locate (self, offset);

  if (!check_options (self, factory, options, offset, error))
    return FALSE;

  *element = ef_pipeline_spec_add_element (self->spec, ef_element_factory_get_name (factory), NULL,
                                           &location);
  for (guint i = 0; i < options->len; i++)
    {
      EfSqlOption *option = &g_array_index (options, EfSqlOption, i);
      EfTextLocation key = locate (self, option->key_offset);
      EfTextLocation value = locate (self, option->value_offset);

      ef_pipeline_spec_add_property (self->spec, *element, option->key, option->value, &key,
                                     &value);
    }

  return TRUE;
}

/* The encoder or decoder of a connection, %NULL if it needs none. */
static gboolean
find_mapper (Builder *self,
             EfSqlConnector *connector,
             EfElementFactory *end_point,
             EfElementFactory **mapper,
             GError **error)
{
  const char *const *formats = ef_element_factory_get_supported_formats (end_point);
  gboolean has_formats = formats != NULL && formats[0] != NULL;
  const char *format = connector->format;
  g_autofree char *name = NULL;
  GError *wrong = NULL;

  *mapper = NULL;
  if (format == NULL && !has_formats)
    return TRUE;
  if (format == NULL)
    format = g_strv_contains (formats, "json") ? "json" : formats[0];

  if (has_formats && !g_strv_contains (formats, format))
    {
      g_autofree char *all = g_strjoinv (", ", (char **) formats);
      g_autofree char *hint = ef_suggest_hint (format, formats);

      return ef_sql_application_fail (self->app->text, connector->format_offset,
                                      EF_ERROR_INVALID_VALUE, error,
                                      "“%s” is no format of “%s”%s%s it has %s", format,
                                      connector->type, hint, *hint != '\0' ? "" : ";", all);
    }

  name = g_strconcat (format, connector->is_sink ? "encode" : "decode", NULL);
  *mapper = ef_context_find_factory (self->context, name, &wrong);

  return *mapper != NULL ? TRUE : fail_with (self, connector->format_offset, wrong, error);
}

/* The kind of element at the end of a connection: an extension's name, such as `websocket`, or what
 * the element is called less its `source` or `sink`. */
static EfElementFactory *
find_end_point (Builder *self, EfSqlConnector *connector, GError **error)
{
  g_autofree char *name =
    g_strconcat (connector->type, connector->is_sink ? "sink" : "source", NULL);
  GError *wrong = NULL;
  EfElementFactory *factory =
    connector->is_sink ? ef_context_find_sink_factory (self->context, connector->type, &wrong)
                       : ef_context_find_source_factory (self->context, connector->type, &wrong);

  if (factory == NULL)
    factory = ef_context_find_factory (self->context, name, NULL);
  if (factory == NULL)
    fail_with (self, connector->type_offset, wrong, error);
  else
    g_clear_error (&wrong);

  return factory;
}

/* A query that has what comes fit the columns of its stream. */
static guint
add_coercion (Builder *self, EfSqlStream *stream, gsize offset)
{
  EfTextLocation location = locate (self, offset);
  guint element = ef_pipeline_spec_add_element (self->spec, "sql", NULL, &location);
  g_autofree char *schema = ef_schema_to_string (stream->schema);

  add_property (self, element, "query", "SELECT * FROM input", offset);
  add_property (self, element, "schema", schema, offset);

  return element;
}

static void
add_link (Builder *self, guint from, guint to, gsize offset)
{
  EfTextLocation location = locate (self, offset);

  ef_pipeline_spec_add_link (self->spec, from, "src", to, "sink", &location);
}

static gboolean
add_source (
  Builder *self, EfSqlStream *stream, EfSqlConnector *connector, GArray *producers, GError **error)
{
  EfElementFactory *end_point = find_end_point (self, connector, error);
  EfElementFactory *mapper;
  guint element, next;

  if (end_point == NULL || !find_mapper (self, connector, end_point, &mapper, error) ||
      !add_element (self, end_point, connector->options, connector->offset, &element, error))
    return FALSE;

  if (mapper != NULL)
    {
      if (!add_element (self, mapper, connector->mapping, connector->format_offset, &next, error))
        return FALSE;
      add_link (self, element, next, connector->offset);
      element = next;
    }

  if (mapper != NULL && g_str_equal (ef_element_factory_get_name (mapper), "jsondecode"))
    {
      g_autofree char *schema = ef_schema_to_string (stream->schema);

      add_property (self, element, "schema", schema, stream->offset);
    }
  else
    {
      next = add_coercion (self, stream, stream->offset);
      add_link (self, element, next, connector->offset);
      element = next;
    }
  g_array_append_val (producers, element);

  return TRUE;
}

static gboolean
add_sink (Builder *self, EfSqlConnector *connector, GArray *consumers, GError **error)
{
  EfElementFactory *end_point = find_end_point (self, connector, error);
  EfElementFactory *mapper;
  guint element, first;

  if (end_point == NULL || !find_mapper (self, connector, end_point, &mapper, error))
    return FALSE;

  if (mapper != NULL &&
      !add_element (self, mapper, connector->mapping, connector->format_offset, &first, error))
    return FALSE;
  if (!add_element (self, end_point, connector->options, connector->offset, &element, error))
    return FALSE;

  if (mapper != NULL)
    add_link (self, first, element, connector->offset);
  else
    first = element;
  g_array_append_val (consumers, first);

  return TRUE;
}

static guint
add_query (Builder *self, EfSqlStatement *query)
{
  g_autoptr (GArray) settings = list_settings (self, query);
  EfTextLocation location = locate (self, query->offset);
  guint element = ef_pipeline_spec_add_element (self->spec, "sql", NULL, &location);

  for (guint i = 0; i < settings->len; i++)
    {
      Setting *setting = &g_array_index (settings, Setting, i);

      add_property (self, element, setting->key, setting->value, setting->offset);
    }

  return element;
}

static gboolean
build_stream (Builder *self, EfSqlStream *stream, const guint *queries, GError **error)
{
  g_autoptr (GArray) producers = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) consumers = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n_sinks;

  for (guint i = 0; i < stream->connectors->len; i++)
    {
      EfSqlConnector *connector = g_ptr_array_index (stream->connectors, i);

      if (connector->is_sink ? !add_sink (self, connector, consumers, error)
                             : !add_source (self, stream, connector, producers, error))
        return FALSE;
    }

  n_sinks = consumers->len;
  for (guint i = 0; i < self->app->queries->len; i++)
    {
      EfSqlStatement *query = get_query (self, i);

      if (query->output != NULL && g_ascii_strcasecmp (query->output, stream->name) == 0)
        g_array_append_val (producers, queries[i]);
      if (g_ascii_strcasecmp (query->stream, stream->name) == 0)
        g_array_append_val (consumers, queries[i]);
    }

  /* A sink by itself may wait: what publishes to it can come later. A query can not. */
  if (producers->len == 0 && consumers->len > n_sinks)
    return ef_sql_application_fail (self->app->text, stream->offset, EF_ERROR_LINK, error,
                                    "nothing brings events into the stream “%s”: it has neither a "
                                    "source nor an INSERT INTO",
                                    stream->name);

  for (guint i = 0; i < producers->len; i++)
    for (guint j = 0; j < consumers->len; j++)
      add_link (self, g_array_index (producers, guint, i), g_array_index (consumers, guint, j),
                stream->offset);

  return TRUE;
}

static gboolean
build (Builder *self, GError **error)
{
  g_autofree guint *queries = g_new0 (guint, self->app->queries->len + 1);

  if (!check_queries (self, error))
    return FALSE;

  for (guint i = 0; i < self->app->queries->len; i++)
    if (ef_sql_application_find_stream (self->app, get_query (self, i)->stream)->schema != NULL)
      queries[i] = add_query (self, get_query (self, i));

  for (guint i = 0; i < self->app->streams->len; i++)
    if (!build_stream (self, g_ptr_array_index (self->app->streams, i), queries, error))
      return FALSE;

  return TRUE;
}

/* Adds to a spec what an application amounts to. */
gboolean
ef_sql_application_build (EfSqlApplication *self,
                          EfContext *context,
                          EfPipelineSpec *spec,
                          GError **error)
{
  Builder builder = { self, context, spec };

  return build (&builder, error);
}
