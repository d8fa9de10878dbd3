/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-dead-letter.h"
#include "ef-sql-build-private.h"

#include <string.h>

/* Error policies of applications: `error.…` keys of a connection are for all of its elements, and
 * `error.dlq.stream` names a stream that their dead letters go to. */

/* An element whose dead letters go to a stream. */
typedef struct
{
  guint element;
  EfSqlStream *stream;
  gsize offset;
} DeadLetters;

static char *
get_property_name (const EfSqlOption *option)
{
  return g_strdelimit (g_strdup (option->key), "._", '-');
}

/* Whether a key is for a whole connection, not for an element of it. */
static gboolean
is_shared (const EfSqlOption *option)
{
  g_autofree char *name = get_property_name (option);

  return g_str_has_prefix (name, "error-");
}

/* Finds an option that stands for a property of errors, whether or not the element's prefix is
 * before it. */
static const EfSqlOption *
find_option (GArray *options, const char *property)
{
  for (guint i = 0; options != NULL && i < options->len; i++)
    {
      const EfSqlOption *option = &g_array_index (options, EfSqlOption, i);
      g_autofree char *name = get_property_name (option);

      if (g_str_has_suffix (name, property))
        return option;
    }

  return NULL;
}

/* Checks */

static gboolean
check_columns (EfSqlBuilder *self, EfSqlStream *stream, gsize offset, GError **error)
{
  EfSchema *expected = ef_dead_letter_get_schema ();
  guint n_columns = stream->schema != NULL ? ef_schema_get_n_columns (stream->schema) : 0;
  gboolean fits = n_columns == ef_schema_get_n_columns (expected);
  g_autofree char *text = ef_schema_to_string (expected);

  for (guint i = 0; fits && i < n_columns; i++)
    {
      int column = ef_schema_find_column (expected, ef_schema_get_column_name (stream->schema, i));

      fits = column >= 0
             && ef_schema_get_column_type (expected, (guint) column)
                  == ef_schema_get_column_type (stream->schema, i);
    }

  return fits
         || ef_sql_application_fail (self->app->text, offset, EF_ERROR_INVALID_VALUE, error,
                                     "the stream “%s” can not take dead letters: its columns must be "
                                     "“%s”",
                                     stream->name, text);
}

/* Checks that the stream of an `error.dlq.stream` is there and can take dead letters. */
static gboolean
check_stream (EfSqlBuilder *self, const EfSqlOption *option, GError **error)
{
  EfSqlStream *stream = ef_sql_application_find_stream (self->app, option->value);
  g_autofree char *hint = NULL;

  if (stream == NULL || !stream->is_declared)
    {
      hint = ef_sql_application_dup_hint (self->app, option->value, FALSE);
      return ef_sql_application_fail (self->app->text, option->value_offset, EF_ERROR_INVALID_VALUE,
                                      error, "no stream “%s” is defined for dead letters%s",
                                      option->value, stream == NULL ? hint : "");
    }

  stream->gets_dead_letters = TRUE;

  return check_columns (self, stream, option->value_offset, error);
}

/* Who wants dead letters has to say where. */
static gboolean
check_options (EfSqlBuilder *self, GArray *options, GArray *others, GError **error)
{
  static const char *const properties[] = { "error-strategy", "error-retry-exhausted" };
  const EfSqlOption *stream = find_option (options, "error-dlq-stream");

  if (stream != NULL)
    return check_stream (self, stream, error);
  if (find_option (others, "error-dlq-stream") != NULL)
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      const EfSqlOption *option = find_option (options, properties[i]);

      if (option != NULL && g_ascii_strcasecmp (option->value, "dlq") == 0)
        return ef_sql_application_fail (self->app->text, option->value_offset,
                                        EF_ERROR_MISSING_KEY, error,
                                        "“%s='dlq'” needs “error.dlq.stream”, the stream that dead "
                                        "letters go to",
                                        option->key);
    }

  return TRUE;
}

/* What handles dead letters has none of its own: they would come back to it. */
static gboolean
check_own (EfSqlBuilder *self, EfSqlStream *stream, GArray *options, GError **error)
{
  const EfSqlOption *option = find_option (options, "error-dlq-stream");

  if (stream == NULL || !stream->gets_dead_letters || option == NULL)
    return TRUE;

  return ef_sql_application_fail (self->app->text, option->value_offset, EF_ERROR_INVALID_VALUE,
                                  error,
                                  "“%s” takes dead letters, so there is no stream for those of its own",
                                  stream->name);
}

typedef gboolean (*CheckFunc) (EfSqlBuilder *self,
                               EfSqlStream *stream,
                               GArray *options,
                               GArray *others,
                               GError **error);

static gboolean
check_options_of (
  EfSqlBuilder *self, EfSqlStream *stream, GArray *options, GArray *others, GError **error)
{
  return check_options (self, options, others, error);
}

static gboolean
check_own_of (
  EfSqlBuilder *self, EfSqlStream *stream, GArray *options, GArray *others, GError **error)
{
  return check_own (self, stream, options, error);
}

/* Calls a check for the options of each connection, mapping and query. */
static gboolean
check_each (EfSqlBuilder *self, CheckFunc check, GError **error)
{
  for (guint i = 0; i < self->app->streams->len; i++)
    {
      EfSqlStream *stream = g_ptr_array_index (self->app->streams, i);

      for (guint j = 0; j < stream->connectors->len; j++)
        {
          EfSqlConnector *connector = g_ptr_array_index (stream->connectors, j);

          if (!check (self, stream, connector->options, connector->mapping, error)
              || !check (self, stream, connector->mapping, connector->options, error))
            return FALSE;
        }
    }

  for (guint i = 0; i < self->app->queries->len; i++)
    {
      EfSqlStatement *query = ef_sql_builder_get_query (self, i);
      EfSqlStream *stream
        = query->stream != NULL ? ef_sql_application_find_stream (self->app, query->stream) : NULL;

      if (query->options != NULL && !check (self, stream, query->options, NULL, error))
        return FALSE;
    }

  return TRUE;
}

/* Checks what an application says of dead letters, and finds the streams that get some. */
gboolean
ef_sql_builder_check_errors (EfSqlBuilder *self, GError **error)
{
  return check_each (self, check_options_of, error) && check_each (self, check_own_of, error);
}

/* Building */

/* Gives an element the policy of its connection, as far as @own, what was said for it alone, leaves it
 * open, and the name of the stream. */
void
ef_sql_builder_add_errors (
  EfSqlBuilder *self, guint element, const char *stream, GArray *shared, GArray *own)
{
  const EfSqlOption *dlq = find_option (own, "error-dlq-stream");
  gboolean has_policy = FALSE;

  for (guint i = 0; own != NULL && i < own->len; i++)
    has_policy |= is_shared (&g_array_index (own, EfSqlOption, i));

  for (guint i = 0; shared != NULL && shared != own && i < shared->len; i++)
    {
      const EfSqlOption *option = &g_array_index (shared, EfSqlOption, i);
      g_autofree char *name = get_property_name (option);
      EfTextLocation key = ef_sql_builder_locate (self, option->key_offset);
      EfTextLocation value = ef_sql_builder_locate (self, option->value_offset);

      if (!is_shared (option) || find_option (own, name) != NULL)
        continue;

      has_policy = TRUE;
      ef_pipeline_spec_add_property (self->spec, element, option->key, option->value, &key, &value);
      if (g_str_equal (name, "error-dlq-stream"))
        dlq = option;
    }

  if (has_policy && stream != NULL && find_option (shared, "error-stream-name") == NULL
      && find_option (own, "error-stream-name") == NULL)
    ef_sql_builder_add_property (self, element, "error.stream-name", stream,
                                 dlq != NULL ? dlq->key_offset : 0);

  if (dlq != NULL)
    {
      DeadLetters letters = { element, ef_sql_application_find_stream (self->app, dlq->value),
                              dlq->value_offset };

      g_array_append_val (self->dead_letters, letters);
    }
}

/* Brings dead letters, which come with the columns in their own order, to a stream that was defined
 * with another one. */
static guint
add_arrangement (EfSqlBuilder *self, const DeadLetters *letters)
{
  EfTextLocation location = ef_sql_builder_locate (self, letters->offset);
  guint element = ef_pipeline_spec_add_element (self->spec, "sql", NULL, &location);
  g_autoptr (GString) text = g_string_new ("SELECT ");
  g_autofree char *input = ef_schema_to_string (ef_dead_letter_get_schema ());
  g_autofree char *output = ef_schema_to_string (letters->stream->schema);

  for (guint i = 0; i < ef_schema_get_n_columns (letters->stream->schema); i++)
    g_string_append_printf (text, "%s\"%s\"", i > 0 ? ", " : "",
                            ef_schema_get_column_name (letters->stream->schema, i));
  g_string_append (text, " FROM input");

  ef_sql_builder_add_property (self, element, "query", text->str, letters->offset);
  ef_sql_builder_add_property (self, element, "input-schema", input, letters->offset);
  ef_sql_builder_add_property (self, element, "schema", output, letters->offset);

  return element;
}

static gboolean
link_letters (EfSqlBuilder *self, const DeadLetters *letters, GError **error)
{
  EfTextLocation location = ef_sql_builder_locate (self, letters->offset);
  GArray *consumers = g_hash_table_lookup (self->consumers, letters->stream);
  gboolean as_they_are = ef_schema_equal (letters->stream->schema, ef_dead_letter_get_schema ());
  guint arrangement = 0;

  if (consumers == NULL || consumers->len == 0)
    return ef_sql_application_fail (self->app->text, letters->offset, EF_ERROR_LINK, error,
                                    "nothing takes the dead letters out of “%s”: it has neither a sink "
                                    "nor a query",
                                    letters->stream->name);

  if (!as_they_are)
    {
      arrangement = add_arrangement (self, letters);
      ef_pipeline_spec_add_link (self->spec, letters->element, "errors", arrangement, "sink",
                                 &location);
    }

  for (guint i = 0; i < consumers->len; i++)
    ef_pipeline_spec_add_link (self->spec, as_they_are ? letters->element : arrangement,
                               as_they_are ? "errors" : "src", g_array_index (consumers, guint, i),
                               "sink", &location);

  return TRUE;
}

/* Links the dead letters of all elements to what takes them, once everything is there. */
gboolean
ef_sql_builder_link_dead_letters (EfSqlBuilder *self, GError **error)
{
  for (guint i = 0; i < self->dead_letters->len; i++)
    if (!link_letters (self, &g_array_index (self->dead_letters, DeadLetters, i), error))
      return FALSE;

  return TRUE;
}

void
ef_sql_builder_init_errors (EfSqlBuilder *self)
{
  self->dead_letters = g_array_new (FALSE, FALSE, sizeof (DeadLetters));
  self->consumers
    = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
}

void
ef_sql_builder_clear_errors (EfSqlBuilder *self)
{
  g_array_unref (self->dead_letters);
  g_hash_table_unref (self->consumers);
}
