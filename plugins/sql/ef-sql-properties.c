/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-settings.h"

/* The settings as properties of an element. */

typedef enum
{
  PROP_QUERY = 1,
  PROP_STREAM,
  PROP_INPUT_SCHEMA,
  PROP_SCHEMA,
  PROP_DATABASE,
  PROP_ATTACH,
  PROP_INIT_SQL,
  PROP_WINDOW,
  PROP_WINDOW_MAX_ROWS,
} EfSqlProperty;

#define N_PROPERTIES (PROP_WINDOW_MAX_ROWS + 1)

#define DEFAULT_WINDOW_MAX_ROWS 1000000

static char **
get_field (EfSqlSettings *self, guint id)
{
  switch ((EfSqlProperty) id)
    {
    case PROP_QUERY:
      return &self->query;
    case PROP_STREAM:
      return &self->stream;
    case PROP_INPUT_SCHEMA:
      return &self->input_schema;
    case PROP_SCHEMA:
      return &self->schema;
    case PROP_DATABASE:
      return &self->database;
    case PROP_ATTACH:
      return &self->attach;
    case PROP_INIT_SQL:
      return &self->init_sql;
    case PROP_WINDOW:
      return &self->window;
    case PROP_WINDOW_MAX_ROWS:
    default:
      return NULL;
    }
}

void
ef_sql_settings_init (EfSqlSettings *self)
{
  self->window_max_rows = DEFAULT_WINDOW_MAX_ROWS;
}

/* Returns %FALSE if there is no such property. */
gboolean
ef_sql_settings_get (EfSqlSettings *self, guint id, GValue *value)
{
  char **field;

  if (id == PROP_WINDOW_MAX_ROWS)
    {
      g_value_set_uint (value, self->window_max_rows);
      return TRUE;
    }

  field = get_field (self, id);
  if (field != NULL)
    g_value_set_string (value, *field);

  return field != NULL;
}

/* Returns whether the setting has changed. */
gboolean
ef_sql_settings_set (EfSqlSettings *self, guint id, const GValue *value)
{
  char **field;

  if (id == PROP_WINDOW_MAX_ROWS)
    {
      if (self->window_max_rows == g_value_get_uint (value))
        return FALSE;
      self->window_max_rows = g_value_get_uint (value);
      return TRUE;
    }

  field = get_field (self, id);
  if (field == NULL || g_strcmp0 (*field, g_value_get_string (value)) == 0)
    return FALSE;
  g_free (*field);
  *field = g_value_dup_string (value);

  return TRUE;
}

static void
make_string (
  GParamSpec **properties, EfSqlProperty id, const char *name, const char *blurb, GParamFlags flags)
{
  properties[id] = g_param_spec_string (name, NULL, blurb, NULL,
                                        flags | G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                          G_PARAM_EXPLICIT_NOTIFY);
}

/* Installs the properties that settings are. */
void
ef_sql_settings_install (GObjectClass *klass)
{
  GParamSpec *properties[N_PROPERTIES] = { NULL };

  make_string (
    properties, PROP_QUERY, "query",
    "The statement: a SELECT from the stream, or an INSERT, UPDATE or DELETE on a table.",
    EF_PARAM_REQUIRED);
  make_string (properties, PROP_STREAM, "stream",
               "The name that the input has in the query, by default the first one behind FROM.",
               0);
  make_string (properties, PROP_INPUT_SCHEMA, "input-schema",
               "The columns to expect, so that the query is checked before events come.", 0);
  make_string (properties, PROP_SCHEMA, "schema",
               "The columns to make, in the order of the results; by default those of the results.",
               0);
  make_string (
    properties, PROP_DATABASE, "database",
    "Where the tables are: a file, or memory:NAME for tables that the elements of a pipeline "
    "share; by default a memory of its own.",
    0);
  make_string (properties, PROP_ATTACH, "attach",
               "More files with tables, a file a line; each is attached under its own name.", 0);
  make_string (properties, PROP_INIT_SQL, "init-sql",
               "Statements that set the tables up, run once a database.", 0);
  make_string (
    properties, PROP_WINDOW, "window",
    "The rows to see together, such as TUMBLING(1 min); by default each event by itself.", 0);
  properties[PROP_WINDOW_MAX_ROWS] = g_param_spec_uint (
    "window-max-rows", NULL, "How many rows a window keeps, and how many groups minForever() and "
    "maxForever() remember; events beyond are rejected.", 1, G_MAXINT32, DEFAULT_WINDOW_MAX_ROWS,
    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (klass, N_PROPERTIES, properties);
}
