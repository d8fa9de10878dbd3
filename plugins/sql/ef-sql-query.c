/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-query.h"

#include <string.h>

#include "ef-sql-check.h"
#include "ef-sql-rewrite.h"
#include "ef-sql-value.h"

struct _EfSqlQuery
{
  EfSqlDatabase *database; /* kept alive by the owner */
  sqlite3_stmt *statement;
  EfSqlForever *forever; /* what its minForever() and maxForever() have seen */
  EfEventBuilder *builder; /* NULL if the query has no results */
  EfColumnType *types;     /* of the results */
  guint n_results;
  GPtrArray *made; /* events of the run under way */

  char *read_stream; /* whose table the statement reads, or NULL */
  guint *bound;      /* columns that are bound, to ?1, ?2, … */
  guint n_bound;
  gboolean binds_time; /* behind them */
};

void
ef_sql_query_free (EfSqlQuery *self)
{
  sqlite3_finalize (self->statement);
  g_clear_pointer (&self->forever, ef_sql_forever_free);
  if (self->read_stream != NULL)
    ef_sql_database_use_stream (self->database, self->read_stream, -1);
  g_free (self->read_stream);
  g_clear_pointer (&self->builder, ef_event_builder_unref);
  g_clear_pointer (&self->made, g_ptr_array_unref);
  g_free (self->types);
  g_free (self->bound);
  g_free (self);
}

/* Compiling */

/* The one-row expression that stands for the stream. Only what the query names is bound: each value
 * costs 20 ns. */
static char *
make_expression (EfSqlQuery *self, const EfSqlText *text, const char *stream, EfSchema *input)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) values = g_string_new (NULL);
  char *quoted;

  self->bound = g_new (guint, ef_schema_get_n_columns (input) + 1);
  for (guint i = 0; i < ef_schema_get_n_columns (input); i++)
    {
      if (!ef_sql_text_uses_column (text, ef_schema_get_column_name (input, i)))
        continue;

      quoted = sqlite3_mprintf ("\"%w\"", ef_schema_get_column_name (input, i));
      self->bound[self->n_bound++] = i;
      g_string_append_printf (names, "%s%s", names->len > 0 ? "," : "", quoted);
      g_string_append_printf (values, "%s?%u", values->len > 0 ? "," : "", self->n_bound);
      sqlite3_free (quoted);
    }

  if (self->n_bound == 0)
    {
      g_string_append (names, "\"no column\"");
      g_string_append (values, "NULL");
    }

  quoted = sqlite3_mprintf ("\"%w\"(%s) AS (SELECT %s)", stream, names->str, values->str);

  /* A variable must be ours by g_free(). */
  g_string_assign (names, quoted);
  sqlite3_free (quoted);

  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* Where in a query a name stands that SQLite has said without a place, which may be one such as
 * `table.column`. */
static gsize
find_name (const EfSqlText *text, const char *name)
{
  const char *last = strrchr (name, '.');

  last = last != NULL ? last + 1 : name;
  for (guint i = 0; !ef_sql_text_is_end (text, i); i++)
    {
      const EfSqlToken *token = &ef_sql_text_get (text, i)->token;

      if (ef_sql_token_is_name (token, text->text, last))
        return ef_sql_text_is_symbol (text, i > 0 ? i - 1 : 0, '.') && i > 1
                 ? ef_sql_text_get (text, i - 2)->token.offset
                 : token->offset;
    }

  return 0;
}

static gboolean
fail_to_compile (EfSqlQuery *self,
                 const EfSqlQueryInit *init,
                 const EfSqlText *text,
                 const EfSqlRewrite *sql,
                 gsize *error_offset,
                 GError **error)
{
  /* To look for a hint asks SQLite again, so what it said is copied first. */
  g_autofree char *message = g_strdup (sqlite3_errmsg (self->database->db));
  int at = sqlite3_error_offset (self->database->db);
  g_autofree char *hint = ef_sql_database_dup_hint (self->database, init->input, message);
  const char *name = strrchr (message, ' ');

  if (at >= 0)
    *error_offset = ef_sql_rewrite_get_origin (sql, (gsize) at);
  else if (g_str_has_prefix (message, "incomplete"))
    *error_offset = strlen (text->text);
  else
    *error_offset = name != NULL ? find_name (text, name + 1) : 0;

  g_set_error (error, EF_ERROR, EF_ERROR_SYNTAX, "%s%s", message, hint);

  return FALSE;
}

static gboolean
prepare (EfSqlQuery *self,
         const EfSqlQueryInit *init,
         const EfSqlText *text,
         const EfSqlRewrite *sql,
         sqlite3_stmt **statement,
         gsize *error_offset,
         GError **error)
{
  const char *rest = NULL;
  int status = sqlite3_prepare_v3 (self->database->db, sql->sql->str, -1, SQLITE_PREPARE_PERSISTENT,
                                   statement, &rest);

  if (status != SQLITE_OK)
    return fail_to_compile (self, init, text, sql, error_offset, error);

  if (*statement == NULL || rest[strspn (rest, " \t\r\n;")] != '\0')
    {
      *error_offset =
        *statement == NULL ? 0 : ef_sql_rewrite_get_origin (sql, (gsize) (rest - sql->sql->str));
      g_set_error_literal (error, EF_ERROR, EF_ERROR_SYNTAX,
                           *statement == NULL ? "the query is empty"
                                              : "a query is one statement: expected the end here");
      g_clear_pointer (statement, sqlite3_finalize);
      return FALSE;
    }

  return TRUE;
}

/* The type that the first word of a column's declaration names. */
static EfColumnType
get_declared_type (const char *declaration)
{
  g_autofree char *word = NULL;
  EfColumnType type = EF_COLUMN_ANY;

  if (declaration == NULL)
    return EF_COLUMN_ANY;
  word = g_strndup (declaration, strcspn (declaration, " ("));

  return ef_column_type_from_string (word, &type) ? type : EF_COLUMN_ANY;
}

/* The columns that the results make, from a statement that knows where they come from. */
static EfSchema *
derive_schema (EfSqlQuery *self,
               const EfSqlQueryInit *init,
               const EfSqlText *text,
               sqlite3_stmt *described,
               GError **error)
{
  guint n_columns = (guint) sqlite3_column_count (described);
  g_autofree const char **names = g_new (const char *, n_columns);
  g_autofree EfColumnType *types = g_new (EfColumnType, n_columns);

  for (guint i = 0; i < n_columns; i++)
    {
      names[i] = sqlite3_column_name (described, (int) i);
      types[i] = get_declared_type (sqlite3_column_decltype (described, (int) i));
    }
  ef_sql_text_infer_types (text, init->input, types, n_columns);

  return ef_schema_new (names, types, n_columns, error);
}

static gboolean
set_results (EfSqlQuery *self,
             const EfSqlQueryInit *init,
             const EfSqlText *text,
             sqlite3_stmt *described,
             gsize *error_offset,
             GError **error)
{
  g_autoptr (EfSchema) schema = NULL;
  guint select = ef_sql_text_find_select (text);

  self->n_results = (guint) sqlite3_column_count (described);
  if (self->n_results == 0)
    return TRUE;

  *error_offset = ef_sql_text_get (text, select)->token.offset;
  if (init->output != NULL && ef_schema_get_n_columns (init->output) != self->n_results)
    {
      g_autofree char *columns = ef_schema_to_string (init->output);

      g_set_error (error, EF_ERROR, EF_ERROR_LINK,
                   "the query has %u results, but what it makes has %u columns: %s",
                   self->n_results, ef_schema_get_n_columns (init->output), columns);
      return FALSE;
    }

  schema = init->output != NULL ? ef_schema_ref (init->output)
                                : derive_schema (self, init, text, described, error);
  if (schema == NULL)
    return FALSE;

  self->builder = ef_event_builder_new (schema);
  self->types = g_new (EfColumnType, self->n_results);
  for (guint i = 0; i < self->n_results; i++)
    self->types[i] = ef_schema_get_column_type (schema, i);

  return TRUE;
}

/* Once more with the stream as one row of parameters, which takes half the time of reading the one
 * row from a virtual table. */
static gboolean
prepare_for_events (EfSqlQuery *self,
                    const EfSqlQueryInit *init,
                    const EfSqlText *text,
                    const char *stream,
                    gsize *error_offset,
                    GError **error)
{
  g_autofree char *expression = make_expression (self, text, stream, init->input);
  g_autofree char *time = g_strdup_printf ("?%u", self->n_bound + 1);
  g_autoptr (EfSqlRewrite) sql = ef_sql_rewrite_query (text, self->forever, stream, expression, time);

  if (!prepare (self, init, text, sql, &self->statement, error_offset, error))
    return FALSE;
  self->binds_time = sqlite3_bind_parameter_count (self->statement) > (int) self->n_bound;

  return TRUE;
}

/* A FROM that is misspelt is not the only thing wrong with the query: SQLite says where. */
static gboolean
fail_without_stream (EfSqlQuery *self,
                     const EfSqlQueryInit *init,
                     const EfSqlText *text,
                     gsize *error_offset,
                     GError **error)
{
  g_autoptr (EfSqlRewrite) sql = ef_sql_rewrite_query (text, NULL, NULL, NULL, EF_SQL_TIMESTAMP_COLUMN);
  sqlite3_stmt *statement = NULL;
  gboolean done = prepare (self, init, text, sql, &statement, error_offset, error);

  sqlite3_finalize (statement);
  if (done)
    g_set_error_literal (error, EF_ERROR, EF_ERROR_SYNTAX,
                         "no stream to read from: expected “FROM” and a name");

  return FALSE;
}

static gboolean
compile (EfSqlQuery *self, const EfSqlQueryInit *init, gsize *error_offset, GError **error)
{
  g_autoptr (EfSqlText) text = ef_sql_text_new (init->query, error_offset, error);
  g_autoptr (EfSqlRewrite) sql = NULL;
  g_autofree char *stream = NULL;
  sqlite3_stmt *described = NULL;
  gboolean done;

  if (text == NULL)
    return FALSE;

  stream = init->stream != NULL ? g_strdup (init->stream) : ef_sql_text_dup_stream (text);
  if (stream == NULL)
    return fail_without_stream (self, init, text, error_offset, error);

  if (!ef_sql_check_query (text, stream, init->has_window, error_offset, error))
    return FALSE;
  if (!ef_sql_database_add_stream (self->database, stream, init->input, error))
    return FALSE;

  self->database->expects_many = init->has_window;
  self->forever = ef_sql_forever_new (self->database, text, init->input, init->has_window,
                                      init->max_groups, error_offset, error);
  if (self->forever == NULL)
    return FALSE;

  sql = ef_sql_rewrite_query (text, self->forever, NULL, NULL, EF_SQL_TIMESTAMP_COLUMN);
  if (!prepare (self, init, text, sql, &described, error_offset, error))
    return FALSE;

  done = set_results (self, init, text, described, error_offset, error);
  if (done && init->has_window)
    {
      self->statement = g_steal_pointer (&described);
      self->read_stream = g_strdup (stream);
      ef_sql_database_use_stream (self->database, stream, 1);
    }
  else if (done)
    done = prepare_for_events (self, init, text, stream, error_offset, error);
  sqlite3_finalize (described);

  return done;
}

/* Compiles a query. Where in its text an error lies is told beside the error. */
EfSqlQuery *
ef_sql_query_new (EfSqlDatabase *database,
                  const EfSqlQueryInit *init,
                  gsize *error_offset,
                  GError **error)
{
  g_autoptr (EfSqlQuery) self = g_new0 (EfSqlQuery, 1);

  *error_offset = 0;
  self->database = database;
  self->made = g_ptr_array_new ();

  return compile (self, init, error_offset, error) ? g_steal_pointer (&self) : NULL;
}

/* The columns of the results, or %NULL if there are none. */
EfSchema *
ef_sql_query_get_schema (EfSqlQuery *self)
{
  return self->builder != NULL ? ef_event_builder_get_schema (self->builder) : NULL;
}

/* Whether it changes tables. */
gboolean
ef_sql_query_is_writing (EfSqlQuery *self)
{
  return !sqlite3_stmt_readonly (self->statement);
}

/* Running */

static gboolean
make_event (EfSqlQuery *self, gint64 timestamp, GError **error)
{
  ef_event_builder_begin (self->builder, timestamp);

  for (guint i = 0; i < self->n_results; i++)
    if (G_UNLIKELY (!ef_sql_value_store (self->database, self->statement, (int) i, self->builder,
                                         self->types[i])))
      {
        ef_event_builder_abandon (self->builder);
        ef_sql_value_set_error (self->statement, (int) i,
                                ef_event_builder_get_schema (self->builder), error);
        return FALSE;
      }

  g_ptr_array_add (self->made, ef_event_builder_end (self->builder));

  return TRUE;
}

/* Runs the statement. What it makes goes out all together, or not at all. */
static gboolean
run (EfSqlQuery *self, gint64 timestamp, EfBatch *out, GError **error)
{
  gboolean done = TRUE;
  int status;

  while ((status = sqlite3_step (self->statement)) == SQLITE_ROW && done)
    if (self->builder != NULL)
      done = make_event (self, timestamp, error);

  if (done && status != SQLITE_DONE)
    {
      g_set_error (error, EF_ERROR, (int) ef_sql_database_get_error_code (self->database), "%s",
                   sqlite3_errmsg (self->database->db));
      done = FALSE;
    }
  sqlite3_reset (self->statement);

  for (guint i = 0; i < self->made->len; i++)
    {
      if (done)
        ef_batch_append (out, g_ptr_array_index (self->made, i));
      else
        ef_event_unref (g_ptr_array_index (self->made, i));
    }
  g_ptr_array_set_size (self->made, 0);

  return done;
}

/* Answers the query for one event, which stands for the stream. */
gboolean
ef_sql_query_run_event (EfSqlQuery *self, EfEvent *event, EfBatch *out, GError **error)
{
  const EfValue *values = ef_event_peek_values (event);
  gint64 timestamp = ef_event_get_timestamp (event);

  for (guint i = 0; i < self->n_bound; i++)
    ef_sql_value_bind (self->statement, (int) i + 1, &values[self->bound[i]]);
  if (self->binds_time)
    sqlite3_bind_int64 (self->statement, (int) self->n_bound + 1, timestamp / 1000);

  return run (self, timestamp, out, error);
}

/* Answers the query over the rows of a window. Times are in microseconds. */
gboolean
ef_sql_query_run_rows (EfSqlQuery *self,
                       EfEvent *const *rows,
                       guint n_rows,
                       gint64 start,
                       gint64 end,
                       EfBatch *out,
                       GError **error)
{
  gboolean done;

  self->database->rows = rows;
  self->database->n_rows = n_rows;
  self->database->scope = (EfSqlScope){ start / 1000, end / 1000, TRUE };
  done = run (self, end, out, error);
  self->database->rows = NULL;
  self->database->n_rows = 0;
  self->database->scope.has_window = FALSE;

  return done;
}

/* To be called when a batch is done. */
void
ef_sql_query_flush (EfSqlQuery *self)
{
  if (self->builder != NULL)
    ef_event_builder_flush (self->builder);
}
