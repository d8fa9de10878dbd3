/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-database.h"

#include <string.h>

#include "ef-sql-names.h"
#include "ef-sql-rewrite.h"
#include "ef-sql-rows.h"

/* Another process may hold a file for a moment; waiting longer would stall what else the context
 * does. */
#define BUSY_TIMEOUT_MS 50

/* A stream as a table. */
typedef struct
{
  EfSchema *schema;
  int n_users; /* statements that read it */
} Stream;

G_LOCK_DEFINE_STATIC (databases);
static GHashTable *databases;

static void
stream_free (gpointer data)
{
  Stream *stream = data;

  ef_schema_unref (stream->schema);
  g_free (stream);
}

static void
ef_sql_database_free (EfSqlDatabase *self)
{
  sqlite3_finalize (self->is_json);
  sqlite3_close_v2 (self->db);
  g_hash_table_unref (self->scripts);
  g_hash_table_unref (self->attached);
  g_hash_table_unref (self->streams);
  g_mutex_clear (&self->lock);
  g_free (self->key);
  g_free (self);
}

void
ef_sql_database_unref (EfSqlDatabase *self)
{
  gboolean last;

  G_LOCK (databases);
  last = g_atomic_ref_count_dec (&self->ref_count);
  if (last && self->key != NULL)
    g_hash_table_remove (databases, self->key);
  G_UNLOCK (databases);

  if (last)
    ef_sql_database_free (self);
}

static gboolean
set_up (EfSqlDatabase *self, const char *name, GError **error)
{
  if (sqlite3_exec (self->db,
                    "PRAGMA temp_store = MEMORY; PRAGMA journal_mode = WAL;"
                    "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;",
                    NULL, NULL, NULL) != SQLITE_OK)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE, "database “%s”: %s", name,
                   sqlite3_errmsg (self->db));
      return FALSE;
    }

  return TRUE;
}

static EfSqlDatabase *
ef_sql_database_new (const char *name, const char *path, GError **error)
{
  EfSqlDatabase *self = g_new0 (EfSqlDatabase, 1);
  int status;

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->scripts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->attached = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->streams = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, stream_free);

  /* Our own lock is taken once a batch; that of SQLite would be taken several times a row. */
  status = sqlite3_open_v2 (path, &self->db,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
  if (status != SQLITE_OK)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE, "database “%s” can not be opened: %s", name,
                   self->db != NULL ? sqlite3_errmsg (self->db) : sqlite3_errstr (status));
      ef_sql_database_free (self);
      return NULL;
    }

  sqlite3_busy_timeout (self->db, BUSY_TIMEOUT_MS);
  /* So that a misspelt "column" is an error and not a text. */
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  ef_sql_functions_add (self->db, &self->scope);
  if (!set_up (self, name, error))
    {
      ef_sql_database_free (self);
      return NULL;
    }

  return self;
}

/* Opens a database: %NULL for one of its own in memory, `memory:NAME` for one in memory that all
 * who name it and have the same owner share, otherwise a file, shared too. */
EfSqlDatabase *
ef_sql_database_open (const char *name, gpointer owner, GError **error)
{
  g_autofree char *key = NULL;
  EfSqlDatabase *self;
  gboolean in_memory = name == NULL || g_str_has_prefix (name, "memory:");

  if (name == NULL)
    return ef_sql_database_new ("memory", ":memory:", error);

  if (in_memory)
    key = g_strdup_printf ("%p %s", owner, name);
  else
    key = g_canonicalize_filename (name, NULL);

  G_LOCK (databases);
  if (databases == NULL)
    databases = g_hash_table_new (g_str_hash, g_str_equal);

  self = g_hash_table_lookup (databases, key);
  if (self != NULL)
    g_atomic_ref_count_inc (&self->ref_count);
  else
    {
      self = ef_sql_database_new (name, in_memory ? ":memory:" : key, error);
      if (self != NULL)
        {
          self->key = g_steal_pointer (&key);
          g_hash_table_insert (databases, self->key, self);
        }
    }
  G_UNLOCK (databases);

  return self;
}

/* Attaches a file under its own name, unless it is. */
gboolean
ef_sql_database_attach (EfSqlDatabase *self, const char *file, gboolean in_memory, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (file, NULL);
  char *sql;
  gboolean done;

  if (g_hash_table_contains (self->attached, file))
    return TRUE;

  sql = sqlite3_mprintf ("ATTACH %Q AS \"%w\"", in_memory ? ":memory:" : path, file);
  done = sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK;
  sqlite3_free (sql);
  if (done && !in_memory)
    {
      sql = sqlite3_mprintf ("PRAGMA \"%w\".journal_mode = WAL", file);
      sqlite3_exec (self->db, sql, NULL, NULL, NULL);
      sqlite3_free (sql);
    }
  if (done)
    g_hash_table_add (self->attached, g_strdup (file));
  else
    g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE, "database “%s” can not be opened: %s", file,
                 sqlite3_errmsg (self->db));

  return done;
}

static gboolean
run_statements (EfSqlDatabase *self,
                const EfSqlRewrite *script,
                gsize *error_offset,
                GError **error)
{
  const char *next = script->sql->str;
  gsize done;
  int at;

  while (*next != '\0')
    {
      sqlite3_stmt *statement = NULL;
      const char *start = next;
      int status = sqlite3_prepare_v2 (self->db, start, -1, &statement, &next);

      at = sqlite3_error_offset (self->db);
      if (status == SQLITE_OK && statement != NULL)
        {
          while ((status = sqlite3_step (statement)) == SQLITE_ROW)
            ;
          status = status == SQLITE_DONE ? SQLITE_OK : status;
        }
      sqlite3_finalize (statement);

      if (status != SQLITE_OK)
        {
          g_autofree char *message = g_strdup (sqlite3_errmsg (self->db));
          g_autofree char *hint = ef_sql_database_dup_hint (self, NULL, message);

          done = (gsize) (start - script->sql->str) + (gsize) MAX (at, 0);
          done += at < 0 ? strspn (start, " \t\r\n") : 0;
          *error_offset = ef_sql_rewrite_get_origin (script, done);
          g_set_error (error, EF_ERROR, EF_ERROR_SYNTAX, "%s%s", message, hint);
          return FALSE;
        }
    }

  return TRUE;
}

/* Runs statements that set tables up, unless they were run here before: all or none of them. */
gboolean
ef_sql_database_run_script (EfSqlDatabase *self,
                            const char *script,
                            gsize *error_offset,
                            GError **error)
{
  g_autoptr (EfSqlText) text = NULL;
  g_autoptr (EfSqlRewrite) rewrite = NULL;

  if (g_hash_table_contains (self->scripts, script))
    return TRUE;

  text = ef_sql_text_new (script, error_offset, error);
  if (text == NULL)
    return FALSE;

  rewrite = ef_sql_rewrite_script (text);
  sqlite3_exec (self->db, "SAVEPOINT script", NULL, NULL, NULL);
  if (!run_statements (self, rewrite, error_offset, error))
    {
      sqlite3_exec (self->db, "ROLLBACK TO script; RELEASE script", NULL, NULL, NULL);
      return FALSE;
    }
  sqlite3_exec (self->db, "RELEASE script", NULL, NULL, NULL);
  g_hash_table_add (self->scripts, g_strdup (script));

  return TRUE;
}

/* Makes the rows of a window a table under the stream's name. */
gboolean
ef_sql_database_add_stream (EfSqlDatabase *self, const char *name, EfSchema *schema, GError **error)
{
  g_autofree char *key = g_ascii_strdown (name, -1);
  Stream *stream = g_hash_table_lookup (self->streams, key);

  if (stream != NULL && ef_schema_equal (stream->schema, schema))
    return TRUE;

  if (stream != NULL && stream->n_users > 0)
    {
      g_autofree char *columns = ef_schema_to_string (stream->schema);

      g_set_error (error, EF_ERROR, EF_ERROR_LINK,
                   "the stream “%s” has other columns in another query on the same database: %s",
                   name, columns);
      return FALSE;
    }

  if (!ef_sql_rows_register (self, name, schema))
    {
      g_set_error (error, EF_ERROR, EF_ERROR_FAILED, "the stream “%s”: %s", name,
                   sqlite3_errmsg (self->db));
      return FALSE;
    }

  stream = g_new0 (Stream, 1);
  stream->schema = ef_schema_ref (schema);
  g_hash_table_replace (self->streams, g_steal_pointer (&key), stream);

  return TRUE;
}

/* Counts statements that read a stream's table, which must stay as it is for them. */
void
ef_sql_database_use_stream (EfSqlDatabase *self, const char *name, int n_users)
{
  g_autofree char *key = g_ascii_strdown (name, -1);
  Stream *stream = g_hash_table_lookup (self->streams, key);

  if (stream != NULL)
    stream->n_users += n_users;
}

gboolean
ef_sql_database_is_json (EfSqlDatabase *self, const char *text, gsize length)
{
  gboolean valid;

  if (self->is_json == NULL &&
      sqlite3_prepare_v3 (self->db, "SELECT json_valid (?1)", -1, SQLITE_PREPARE_PERSISTENT,
                          &self->is_json, NULL) != SQLITE_OK)
    return FALSE;

  sqlite3_bind_text64 (self->is_json, 1, text, length, SQLITE_STATIC, SQLITE_UTF8);
  valid = sqlite3_step (self->is_json) == SQLITE_ROW && sqlite3_column_int (self->is_json, 0) != 0;
  sqlite3_reset (self->is_json);
  sqlite3_clear_bindings (self->is_json);

  return valid;
}

static void
add_names (EfSqlDatabase *self, GPtrArray *names, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) == SQLITE_OK)
    while (sqlite3_step (statement) == SQLITE_ROW)
      g_ptr_array_add (names, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
  sqlite3_finalize (statement);
}

/* Behind one of SQLite's messages about a name that it does not know: which one was probably meant.
 */
char *
ef_sql_database_dup_hint (EfSqlDatabase *self, EfSchema *input, const char *message)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = g_strdup (message);
  const char *name = strrchr (text, ' ');

  if (name == NULL || !g_str_has_prefix (text, "no such "))
    return g_strdup ("");
  name = strchr (name, '.') != NULL ? strrchr (name, '.') + 1 : name + 1;

  if (g_str_has_prefix (text, "no such function"))
    {
      add_names (self, names,
                 "SELECT DISTINCT name FROM pragma_function_list WHERE name GLOB '[a-z]*'");
      ef_sql_names_add (names);
    }
  else if (g_str_has_prefix (text, "no such table"))
    add_names (self, names,
               "SELECT name FROM sqlite_schema UNION SELECT name FROM sqlite_temp_schema");
  else
    {
      for (guint i = 0; input != NULL && i < ef_schema_get_n_columns (input); i++)
        g_ptr_array_add (names, g_strdup (ef_schema_get_column_name (input, i)));
      add_names (self, names,
                 "SELECT c.name FROM (SELECT name FROM sqlite_schema WHERE type = 'table' UNION"
                 " SELECT name FROM sqlite_temp_schema WHERE type = 'table') t,"
                 " pragma_table_info (t.name) c");
    }
  g_ptr_array_add (names, NULL);

  return ef_suggest_hint (name, (const char *const *) names->pdata);
}

/* Begins a transaction around the changes of a batch: one commit rather than one a row. */
gboolean
ef_sql_database_begin (EfSqlDatabase *self)
{
  return sqlite3_exec (self->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK;
}

/* What an error of SQLite is about: the database, be it locked, full or broken, so that another try may
 * help; or else the event. */
EfError
ef_sql_database_get_error_code (EfSqlDatabase *self)
{
  switch (sqlite3_errcode (self->db) & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_NOMEM:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_NOLFS:
      return EF_ERROR_RESOURCE;
    default:
      return EF_ERROR_DATA;
    }
}

/* Ends the transaction. SQLite has rolled some back by itself when a statement failed in it, because of
 * @reason: then nothing of it is kept, either. */
gboolean
ef_sql_database_commit (EfSqlDatabase *self, const GError *reason, GError **error)
{
  const char *format = "the changes of a batch could not be kept: %s";

  if (sqlite3_get_autocommit (self->db))
    {
      g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE, format,
                   reason != NULL ? reason->message : "the transaction was rolled back");
      return FALSE;
    }
  if (sqlite3_exec (self->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  g_set_error (error, EF_ERROR, (int) ef_sql_database_get_error_code (self), format,
               sqlite3_errmsg (self->db));
  sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);

  return FALSE;
}
