/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-located-error-private.h"
#include "ef-sql-application-private.h"
#include "ef-suggest.h"

void
ef_sql_connector_free (EfSqlConnector *self)
{
  g_free (self->type);
  g_free (self->format);
  g_array_unref (self->options);
  g_array_unref (self->mapping);
  g_free (self);
}

static void
stream_free (gpointer data)
{
  EfSqlStream *self = data;

  g_free (self->name);
  g_clear_pointer (&self->schema, ef_schema_unref);
  g_ptr_array_unref (self->connectors);
  g_free (self);
}

static void
statement_free (gpointer data)
{
  EfSqlStatement *self = data;

  g_free (self->text);
  g_free (self->stream);
  g_free (self->window);
  g_free (self->output);
  g_clear_pointer (&self->targets, g_array_unref);
  g_clear_pointer (&self->options, g_array_unref);
  g_free (self);
}

static void
table_free (gpointer data)
{
  EfSqlTable *self = data;

  g_free (self->name);
  g_free (self);
}

EfSqlApplication *
ef_sql_application_new (const char *text)
{
  EfSqlApplication *self = g_new0 (EfSqlApplication, 1);

  self->text = text;
  self->streams = g_ptr_array_new_with_free_func (stream_free);
  self->tables = g_ptr_array_new_with_free_func (table_free);
  self->files = g_ptr_array_new_with_free_func (g_free);
  self->queries = g_ptr_array_new_with_free_func (statement_free);
  self->init = g_string_new (NULL);
  self->origins = g_array_new (FALSE, FALSE, sizeof (EfSqlOrigin));

  return self;
}

void
ef_sql_application_free (EfSqlApplication *self)
{
  g_ptr_array_unref (self->streams);
  g_ptr_array_unref (self->tables);
  g_ptr_array_unref (self->queries);
  g_string_free (self->init, TRUE);
  g_array_unref (self->origins);
  g_ptr_array_unref (self->files);
  g_free (self);
}

/* Finds a stream by its name, or returns %NULL. As in all of SQL, case does not count. */
EfSqlStream *
ef_sql_application_find_stream (EfSqlApplication *self, const char *name)
{
  for (guint i = 0; i < self->streams->len; i++)
    {
      EfSqlStream *stream = g_ptr_array_index (self->streams, i);

      if (g_ascii_strcasecmp (stream->name, name) == 0)
        return stream;
    }

  return NULL;
}

EfSqlStream *
ef_sql_application_add_stream (EfSqlApplication *self, const char *name, gsize offset)
{
  EfSqlStream *stream = g_new0 (EfSqlStream, 1);

  stream->name = g_strdup (name);
  stream->offset = offset;
  stream->connectors = g_ptr_array_new_with_free_func ((GDestroyNotify) ef_sql_connector_free);
  g_ptr_array_add (self->streams, stream);

  return stream;
}

/* Finds a table by its name, or returns %NULL. */
EfSqlTable *
ef_sql_application_find_table (EfSqlApplication *self, const char *name)
{
  for (guint i = 0; i < self->tables->len; i++)
    {
      EfSqlTable *table = g_ptr_array_index (self->tables, i);

      if (g_ascii_strcasecmp (table->name, name) == 0)
        return table;
    }

  return NULL;
}

void
ef_sql_application_add_table (EfSqlApplication *self, const char *name)
{
  EfSqlTable *table;

  if (ef_sql_application_find_table (self, name) != NULL)
    return;

  table = g_new0 (EfSqlTable, 1);
  table->name = g_strdup (name);
  g_ptr_array_add (self->tables, table);
}

EfSqlStatement *
ef_sql_application_add_query (EfSqlApplication *self)
{
  EfSqlStatement *query = g_new0 (EfSqlStatement, 1);

  g_ptr_array_add (self->queries, query);

  return query;
}

/* The end of a message about a name that nobody knows. */
char *
ef_sql_application_dup_hint (EfSqlApplication *self, const char *name, gboolean with_tables)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < self->streams->len; i++)
    g_ptr_array_add (names, ((EfSqlStream *) g_ptr_array_index (self->streams, i))->name);
  for (guint i = 0; with_tables && i < self->tables->len; i++)
    g_ptr_array_add (names, ((EfSqlTable *) g_ptr_array_index (self->tables, i))->name);
  g_ptr_array_add (names, NULL);

  return ef_suggest_hint (name, (const char *const *) names->pdata);
}

gboolean
ef_sql_application_fail (
  const char *text, gsize offset, EfError code, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  EfTextLocation location;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  ef_text_location_init (&location, text, offset);
  ef_set_located_error (error, code, text, &location, "%s", message);

  return FALSE;
}
