/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element-factory-private.h"
#include "ef-sql-build-private.h"
#include "ef-suggest.h"

#include <string.h>

/* Where streams are connected: from the end points and formats that an application names to
 * elements. */

gboolean
ef_sql_builder_check_keys (EfSqlBuilder *self,
                           EfElementFactory *factory,
                           GArray *options,
                           GError **error)
{
  for (guint i = 0; i < options->len; i++)
    {
      EfSqlOption *option = &g_array_index (options, EfSqlOption, i);
      GError *wrong = NULL;

      if (!ef_element_factory_check_key (factory, option->key, &wrong))
        return ef_sql_builder_fail_with (self, option->key_offset, wrong, error);
    }

  return TRUE;
}

static gboolean
check_options (
  EfSqlBuilder *self, EfElementFactory *factory, GArray *options, gsize offset, GError **error)
{
  const char *const *required = ef_element_factory_get_required_parameters (factory);

  if (!ef_sql_builder_check_keys (self, factory, options, error))
    return FALSE;

  for (; required != NULL && *required != NULL; required++)
    {
      gboolean found = g_str_has_suffix (*required, "schema");

      for (guint i = 0; i < options->len && !found; i++)
        found = ef_element_factory_does_for (
          factory, g_array_index (options, EfSqlOption, i).key, *required);
      if (!found)
        return ef_sql_application_fail (self->app->text, offset, EF_ERROR_MISSING_KEY, error,
                                        "“%s” is missing", *required);
    }

  return TRUE;
}

static gboolean
add_element (EfSqlBuilder *self,
             EfElementFactory *factory,
             GArray *options,
             gsize offset,
             guint *element,
             GError **error)
{
  EfTextLocation location = ef_sql_builder_locate (self, offset);

  if (!check_options (self, factory, options, offset, error))
    return FALSE;

  *element = ef_pipeline_spec_add_element (self->spec, ef_element_factory_get_name (factory), NULL,
                                           &location);
  for (guint i = 0; i < options->len; i++)
    {
      EfSqlOption *option = &g_array_index (options, EfSqlOption, i);
      EfTextLocation key = ef_sql_builder_locate (self, option->key_offset);
      EfTextLocation value = ef_sql_builder_locate (self, option->value_offset);

      if (ef_element_factory_is_element_key (factory, option->key))
        ef_sql_builder_note_reference (self, *element, option);
      else
        ef_pipeline_spec_add_property (self->spec, *element, option->key, option->value, &key,
                                       &value);
    }

  return TRUE;
}

/* Whether a sink writes events itself, in the format that it is told. */
static gboolean
writes_events (EfSqlConnector *connector, EfElementFactory *end_point)
{
  return connector->is_sink && connector->mapping->len == 0 &&
         (g_str_equal (connector->format, "json") || g_str_equal (connector->format, "text")) &&
         ef_element_factory_check_key (end_point, "format", NULL);
}

/* The encoder or decoder of a connection, %NULL if it needs none. */
static gboolean
find_mapper (EfSqlBuilder *self,
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
  if (!has_formats && (format == NULL || writes_events (connector, end_point)))
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

  return *mapper != NULL ? TRUE : ef_sql_builder_fail_with (self, connector->format_offset, wrong, error);
}

/* The kind of element at the end of a connection: an extension's name, such as `websocket`, or what
 * the element is called less its `source` or `sink`. */
static EfElementFactory *
find_end_point (EfSqlBuilder *self, EfSqlConnector *connector, GError **error)
{
  /* EventFlux's other engine calls it so. */
  const char *type =
    connector->is_sink && g_str_equal (connector->type, "log") ? "console" : connector->type;
  g_autofree char *name = g_strconcat (type, connector->is_sink ? "sink" : "source", NULL);
  GError *wrong = NULL;
  EfElementFactory *factory =
    connector->is_sink ? ef_context_find_sink_factory (self->context, type, &wrong)
                       : ef_context_find_source_factory (self->context, type, &wrong);

  if (factory == NULL)
    factory = ef_context_find_factory (self->context, name, NULL);
  if (factory == NULL)
    ef_sql_builder_fail_with (self, connector->type_offset, wrong, error);
  else
    g_clear_error (&wrong);

  return factory;
}

/* A query that has what comes fit the columns of its stream. */
static guint
add_coercion (EfSqlBuilder *self, EfSqlStream *stream, gsize offset)
{
  EfTextLocation location = ef_sql_builder_locate (self, offset);
  guint element = ef_pipeline_spec_add_element (self->spec, "sql", NULL, &location);
  g_autofree char *schema = ef_schema_to_string (stream->schema);

  ef_sql_builder_add_property (self, element, "query", "SELECT * FROM input", offset);
  ef_sql_builder_add_property (self, element, "schema", schema, offset);

  return element;
}

/* Adds what brings events into a stream. */
gboolean
ef_sql_builder_add_source (EfSqlBuilder *self,
                           EfSqlStream *stream,
                           EfSqlConnector *connector,
                           GArray *producers,
                           GError **error)
{
  EfElementFactory *end_point = find_end_point (self, connector, error);
  EfElementFactory *mapper;
  guint element, next;

  if (end_point == NULL || !find_mapper (self, connector, end_point, &mapper, error) ||
      !add_element (self, end_point, connector->options, connector->offset, &element, error))
    return FALSE;
  ef_sql_builder_note_source (self, stream, element);
  ef_sql_builder_add_errors (self, element, stream->name, NULL, connector->options);

  if (mapper != NULL)
    {
      if (!add_element (self, mapper, connector->mapping, connector->format_offset, &next, error))
        return FALSE;
      ef_sql_builder_add_errors (self, next, stream->name, connector->options, connector->mapping);
      ef_sql_builder_add_link (self, element, next, connector->offset);
      element = next;
    }

  if (mapper != NULL && g_str_equal (ef_element_factory_get_name (mapper), "jsondecode"))
    {
      g_autofree char *schema = ef_schema_to_string (stream->schema);

      ef_sql_builder_add_property (self, element, "schema", schema, stream->offset);
    }
  else
    {
      next = add_coercion (self, stream, stream->offset);
      ef_sql_builder_add_errors (self, next, stream->name, connector->options, NULL);
      ef_sql_builder_add_link (self, element, next, connector->offset);
      element = next;
    }
  g_array_append_val (producers, element);

  return TRUE;
}

/* Adds what takes events out of a stream. */
gboolean
ef_sql_builder_add_sink (EfSqlBuilder *self,
                         EfSqlStream *stream,
                         EfSqlConnector *connector,
                         GArray *consumers,
                         GError **error)
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

  ef_sql_builder_add_errors (self, element, stream->name, NULL, connector->options);
  if (mapper != NULL)
    {
      ef_sql_builder_add_errors (self, first, stream->name, connector->options,
                                 connector->mapping);
      ef_sql_builder_add_link (self, first, element, connector->offset);
    }
  else
    {
      first = element;
    }
  if (mapper == NULL && connector->format != NULL)
    ef_sql_builder_add_property (self, element, "format", connector->format,
                                 connector->format_offset);
  g_array_append_val (consumers, first);

  return TRUE;
}
