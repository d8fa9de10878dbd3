/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-settings.h"

#include <string.h>

#include "ef-sql-check.h"
#include "ef-sql-rewrite.h"

void
ef_sql_settings_clear (EfSqlSettings *self)
{
  g_free (self->query);
  g_free (self->stream);
  g_free (self->input_schema);
  g_free (self->schema);
  g_free (self->database);
  g_free (self->attach);
  g_free (self->init_sql);
  g_free (self->window);
}

static const char *
get_text (const EfSqlSettings *self, const char *property)
{
  if (g_str_equal (property, "query"))
    return self->query;

  return g_str_equal (property, "window") ? self->window : self->init_sql;
}

/* Puts the place in front of an error's message, with the line and a caret behind it. */
void
ef_sql_settings_locate_error (const EfSqlSettings *self, const EfQueryPlace *place, GError **error)
{
  EfTextLocation location;
  g_autofree char *message = NULL;
  const char *text;

  if (error == NULL || *error == NULL || place->property == NULL)
    return;

  text = get_text (self, place->property);
  ef_text_location_init (&location, text, place->offset);
  message = ef_text_location_format (&location, text, (*error)->message);
  g_free ((*error)->message);
  (*error)->message = g_strdup_printf ("property “%s”, %s", place->property, message);
}

static gboolean
parse_schema (const char *property, const char *text, EfSchema **schema, GError **error)
{
  if (text == NULL)
    return TRUE;

  *schema = ef_schema_parse (text, error);
  if (*schema == NULL)
    g_prefix_error (error, "property “%s”: ", property);

  return *schema != NULL;
}

static gboolean
parse_window (EfSqlSetup *self, const EfSqlSettings *settings, EfQueryPlace *place, GError **error)
{
  EfSqlWindowSpec *window;

  place->property = "window";
  window = self->window = ef_sql_window_spec_parse (settings->window, &place->offset, error);
  if (window == NULL)
    return FALSE;

  if ((window->kind == EF_SQL_WINDOW_LENGTH || window->kind == EF_SQL_WINDOW_LENGTH_BATCH ||
       window->kind == EF_SQL_WINDOW_SORT) &&
      window->size > settings->window_max_rows)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                   "the window has %" G_GINT64_FORMAT " rows, but window-max-rows is %u",
                   window->size, settings->window_max_rows);
      return FALSE;
    }

  place->property = NULL;

  return TRUE;
}

/* Opens the database and what is attached to it: to check a query, in memory. */
static gboolean
open_database (
  EfSqlSetup *self, const EfSqlSettings *settings, gboolean for_check, gpointer owner, GError **error)
{
  g_auto (GStrv) files = g_strsplit (settings->attach != NULL ? settings->attach : "", "\n", -1);
  gboolean done = TRUE;

  self->database = ef_sql_database_open (for_check ? NULL : settings->database, owner, error);
  if (self->database == NULL)
    return FALSE;

  g_mutex_lock (&self->database->lock);
  for (guint i = 0; done && files[i] != NULL; i++)
    done = ef_sql_database_attach (self->database, files[i], for_check, error);
  g_mutex_unlock (&self->database->lock);

  return done;
}

/* Reads the settings, and opens the database unless they are only to be checked. */
gboolean
ef_sql_setup_init (EfSqlSetup *self,
                   const EfSqlSettings *settings,
                   gboolean for_check,
                   gpointer owner,
                   EfQueryPlace *place,
                   GError **error)
{
  gboolean done = TRUE;

  if (!parse_schema ("input-schema", settings->input_schema, &self->input, error) ||
      !parse_schema ("schema", settings->schema, &self->output, error))
    return FALSE;

  if (settings->window != NULL && !parse_window (self, settings, place, error))
    return FALSE;

  if (!open_database (self, settings, for_check, owner, error))
    return FALSE;

  if (settings->init_sql != NULL)
    {
      g_mutex_lock (&self->database->lock);
      done = ef_sql_database_run_script (self->database, settings->init_sql, &place->offset, error);
      g_mutex_unlock (&self->database->lock);
      place->property = done ? NULL : "init-sql";
    }

  return done;
}

void
ef_sql_setup_clear (EfSqlSetup *self)
{
  g_clear_pointer (&self->input, ef_schema_unref);
  g_clear_pointer (&self->output, ef_schema_unref);
  g_clear_pointer (&self->window, ef_sql_window_spec_free);
  g_clear_pointer (&self->database, ef_sql_database_unref);
}

static gboolean
is_time (EfColumnType type)
{
  return type == EF_COLUMN_LONG || type == EF_COLUMN_DOUBLE || type == EF_COLUMN_ANY;
}

/* Finds the column that a window takes its time from, or its order. */
static gboolean
find_time_column (const EfSqlSetup *self,
                  const EfSqlSettings *settings,
                  EfSchema *input,
                  gint *column,
                  EfQueryPlace *place,
                  GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *hint = NULL;
  const char *at;

  *column = -1;
  if (self->window == NULL || self->window->column == NULL)
    return TRUE;

  for (guint i = 0; i < ef_schema_get_n_columns (input); i++)
    {
      if (g_ascii_strcasecmp (ef_schema_get_column_name (input, i), self->window->column) == 0)
        *column = (gint) i;
      g_ptr_array_add (names, (gpointer) ef_schema_get_column_name (input, i));
    }
  g_ptr_array_add (names, NULL);

  if (*column >= 0 && self->window->kind == EF_SQL_WINDOW_SORT)
    return TRUE;
  if (*column >= 0 && is_time (ef_schema_get_column_type (input, (guint) *column)))
    return TRUE;

  at = strstr (settings->window, self->window->column);
  *place = (EfQueryPlace){ "window", at != NULL ? (gsize) (at - settings->window) : 0 };
  hint = ef_suggest_hint (self->window->column, (const char *const *) names->pdata);
  if (*column < 0)
    g_set_error (error, EF_ERROR, EF_ERROR_SYNTAX, "no such column: %s%s", self->window->column,
                 hint);
  else
    g_set_error (error, EF_ERROR, EF_ERROR_SYNTAX,
                 "the column “%s” is no time: a LONG is, in milliseconds since 1970",
                 self->window->column);

  return FALSE;
}

/* Compiles the query for input of some columns. The database is locked by the caller. */
EfSqlQuery *
ef_sql_setup_compile (const EfSqlSetup *self,
                      const EfSqlSettings *settings,
                      EfSchema *input,
                      gint *time_column,
                      EfQueryPlace *place,
                      GError **error)
{
  EfSqlQueryInit init = {
    .query = settings->query,
    .stream = settings->stream,
    .input = input,
    .output = self->output,
    .has_window = self->window != NULL,
    .max_groups = settings->window_max_rows,
  };
  EfSqlQuery *query;

  if (!find_time_column (self, settings, input, time_column, place, error))
    return NULL;

  query = ef_sql_query_new (self->database, &init, &place->offset, error);
  place->property = query == NULL ? "query" : NULL;

  return query;
}

/* Checks what can be checked of a query whose input is not known: SQLite parses it before it asks
 * for names. */
gboolean
ef_sql_setup_check_syntax (const EfSqlSetup *self,
                           const EfSqlSettings *settings,
                           EfQueryPlace *place,
                           GError **error)
{
  g_autoptr (EfSqlText) text = ef_sql_text_new (settings->query, &place->offset, error);
  g_autoptr (EfSqlRewrite) sql = NULL;
  sqlite3_stmt *statement = NULL;
  const char *message;
  gboolean done;
  int at;

  place->property = "query";
  if (text == NULL || !ef_sql_check_prefixes (text, &place->offset, error))
    return FALSE;

  sql = ef_sql_rewrite_query (text, NULL, NULL, NULL, "0");
  done = sqlite3_prepare_v2 (self->database->db, sql->sql->str, -1, &statement, NULL) == SQLITE_OK;
  message = sqlite3_errmsg (self->database->db);
  if (!done && !g_str_has_prefix (message, "near ") && !g_str_has_prefix (message, "incomplete") &&
      !g_str_has_prefix (message, "unrecognized"))
    done = TRUE;

  if (!done)
    {
      at = sqlite3_error_offset (self->database->db);
      place->offset =
        at >= 0 ? ef_sql_rewrite_get_origin (sql, (gsize) at) : strlen (settings->query);
      g_set_error (error, EF_ERROR, EF_ERROR_SYNTAX, "%s", message);
    }
  else
    place->property = NULL;
  sqlite3_finalize (statement);

  return done;
}

/* Checks the query in a database of its own, so that nothing is opened that could be seen. */
gboolean
ef_sql_settings_check (const EfSqlSettings *self,
                       EfSchema **schema,
                       EfQueryPlace *place,
                       GError **error)
{
  EfSqlSetup setup = { 0 };
  g_autoptr (EfSqlQuery) compiled = NULL;
  gint time_column;
  gboolean done;

  if (ef_sql_setup_init (&setup, self, TRUE, NULL, place, error))
    {
      if (setup.input != NULL)
        compiled = ef_sql_setup_compile (&setup, self, setup.input, &time_column, place, error);
      else
        g_set_error_literal (error, EF_ERROR, EF_ERROR_MISSING_KEY,
                             "to check a query its “input-schema” is needed");
    }

  done = compiled != NULL;
  if (done && ef_sql_query_get_schema (compiled) != NULL)
    *schema = ef_schema_ref (ef_sql_query_get_schema (compiled));
  g_clear_pointer (&compiled, ef_sql_query_free);
  ef_sql_setup_clear (&setup);

  return done;
}
