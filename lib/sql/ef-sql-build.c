/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-sql-build-private.h"

/* From an application to a spec. A stream is no element of its own: what brings its events is
 * linked to all that takes them. But where events come back to a stream that they went out of, an
 * element `feedback` stands for it: links may not go in circles. */

/* The two ends of the elements that answer a query. */
typedef struct
{
  guint first;
  guint last;
} Ends;

EfTextLocation
ef_sql_builder_locate (EfSqlBuilder *self, gsize offset)
{
  EfTextLocation location;

  ef_text_location_init (&location, self->app->text, offset);

  return location;
}

void
ef_sql_builder_add_property (
  EfSqlBuilder *self, guint element, const char *key, const char *value, gsize offset)
{
  EfTextLocation location = ef_sql_builder_locate (self, offset);

  ef_pipeline_spec_add_property (self->spec, element, key, value, &location, &location);
}

void
ef_sql_builder_add_link (EfSqlBuilder *self, guint from, guint to, gsize offset)
{
  EfTextLocation location = ef_sql_builder_locate (self, offset);

  ef_pipeline_spec_add_link (self->spec, from, "src", to, "sink", &location);
}

/* Fails with what another one said, at a place of the file. */
gboolean
ef_sql_builder_fail_with (EfSqlBuilder *self, gsize offset, GError *wrong, GError **error)
{
  ef_sql_application_fail (self->app->text, offset, (EfError) wrong->code, error, "%s",
                           wrong->message);
  g_error_free (wrong);

  return FALSE;
}

EfSqlStatement *
ef_sql_builder_get_query (EfSqlBuilder *self, guint index)
{
  return g_ptr_array_index (self->app->queries, index);
}

/* The stream that a query writes, %NULL if it changes a table. */
EfSqlStream *
ef_sql_builder_get_output (EfSqlBuilder *self, EfSqlStatement *query)
{
  return query->output != NULL ? ef_sql_application_find_stream (self->app, query->output) : NULL;
}

static guint
add_element (EfSqlBuilder *self, const char *factory, EfSqlStream *stream)
{
  EfTextLocation location = ef_sql_builder_locate (self, stream->offset);
  guint element = ef_pipeline_spec_add_element (self->spec, factory, NULL, &location);

  ef_sql_builder_add_property (self, element, "stream", stream->name, stream->offset);

  return element;
}

/* Puts an element in the place of the stream, which what comes back goes to as well. */
static void
add_feedback (EfSqlBuilder *self, EfSqlStream *stream, GArray *producers, GArray *returning)
{
  guint hub = add_element (self, "feedback", stream);
  guint sink = add_element (self, "feedbacksink", stream);

  for (guint i = 0; i < producers->len; i++)
    ef_sql_builder_add_link (self, g_array_index (producers, guint, i), hub, stream->offset);
  for (guint i = 0; i < returning->len; i++)
    ef_sql_builder_add_link (self, g_array_index (returning, guint, i), sink, stream->offset);

  g_array_set_size (producers, 0);
  g_array_append_val (producers, hub);
}

static void
link_all (EfSqlBuilder *self, EfSqlStream *stream, GArray *producers, GArray *consumers)
{
  for (guint i = 0; i < producers->len; i++)
    for (guint j = 0; j < consumers->len; j++)
      ef_sql_builder_add_link (self, g_array_index (producers, guint, i),
                               g_array_index (consumers, guint, j), stream->offset);
}

static gboolean
connect_stream (EfSqlBuilder *self,
                EfSqlStream *stream,
                GArray *producers,
                GArray *consumers,
                GError **error)
{
  for (guint i = 0; i < stream->connectors->len; i++)
    {
      EfSqlConnector *connector = g_ptr_array_index (stream->connectors, i);

      if (!(connector->is_sink
              ? ef_sql_builder_add_sink (self, stream, connector, consumers, error)
              : ef_sql_builder_add_source (self, stream, connector, producers, error)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
build_stream (EfSqlBuilder *self, EfSqlStream *stream, const Ends *queries, GError **error)
{
  g_autoptr (GArray) producers = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) returning = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) consumers = g_array_new (FALSE, FALSE, sizeof (guint));
  gboolean gets_dead_letters = stream->gets_dead_letters;
  guint n_sinks;

  if (!connect_stream (self, stream, producers, consumers, error))
    return FALSE;

  n_sinks = consumers->len;
  for (guint i = 0; i < self->app->queries->len; i++)
    {
      EfSqlStatement *query = ef_sql_builder_get_query (self, i);

      if (ef_sql_builder_get_output (self, query) == stream)
        g_array_append_val (query->is_feedback ? returning : producers, queries[i].last);
      if (ef_sql_application_find_stream (self->app, query->stream) == stream)
        g_array_append_val (consumers, queries[i].first);
    }

  /* A sink by itself may wait: what publishes to it can come later. A query can not. */
  if (producers->len == 0 && consumers->len > n_sinks && !gets_dead_letters)
    return ef_sql_application_fail (self->app->text, stream->offset, EF_ERROR_LINK, error,
                                    "nothing brings events into the stream “%s”: it has neither a "
                                    "source nor an INSERT INTO%s",
                                    stream->name,
                                    returning->len > 0 ? " but those that it feeds itself" : "");

  if (returning->len > 0)
    add_feedback (self, stream, producers, returning);
  link_all (self, stream, producers, consumers);
  if (gets_dead_letters)
    g_hash_table_insert (self->consumers, stream, g_steal_pointer (&consumers));

  return TRUE;
}

static gboolean
build (EfSqlBuilder *self, GError **error)
{
  g_autofree Ends *queries = g_new0 (Ends, self->app->queries->len + 1);

  if (!ef_sql_builder_check_queries (self, error) || !ef_sql_builder_check_errors (self, error))
    return FALSE;

  for (guint i = 0; i < self->app->queries->len; i++)
    {
      EfSqlStatement *query = ef_sql_builder_get_query (self, i);

      if (ef_sql_application_find_stream (self->app, query->stream)->schema != NULL &&
          !ef_sql_builder_add_query (self, query, &queries[i].first, &queries[i].last, error))
        return FALSE;
    }

  for (guint i = 0; i < self->app->streams->len; i++)
    if (!build_stream (self, g_ptr_array_index (self->app->streams, i), queries, error))
      return FALSE;

  return ef_sql_builder_resolve_references (self, error)
         && ef_sql_builder_link_dead_letters (self, error);
}

/* Adds to a spec what an application amounts to. */
gboolean
ef_sql_application_build (EfSqlApplication *self,
                          EfContext *context,
                          EfPipelineSpec *spec,
                          GError **error)
{
  EfSqlBuilder builder = { .app = self, .context = context, .spec = spec };
  gboolean built;

  ef_sql_builder_init_errors (&builder);
  ef_sql_builder_init_elements (&builder);
  built = build (&builder, error);
  ef_sql_builder_clear_elements (&builder);
  ef_sql_builder_clear_errors (&builder);

  return built;
}
