/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "ef-sql-harness.h"

/* What becomes of events when a database is locked or full, or when a row does not fit a table. */

#define LOG "PRAGMA busy_timeout = 0; CREATE TABLE IF NOT EXISTS log (n LONG PRIMARY KEY, s STRING)"
#define RETRY_DELAY (100 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  char *folder;
  char *file;
  sqlite3 *db; /* another program */
} Database;

static void
database_init (Database *self)
{
  self->folder = g_dir_make_tmp ("ef-sql-XXXXXX", NULL);
  self->file = g_build_filename (self->folder, "log.db", NULL);
  g_assert_cmpint (sqlite3_open (self->file, &self->db), ==, SQLITE_OK);
}

static void
database_clear (Database *self)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  g_assert_cmpint (sqlite3_close (self->db), ==, SQLITE_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (self->file, suffixes[i], NULL);

      g_remove (path);
    }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->file);
}

static void
run (Database *self, const char *sql)
{
  char *message = NULL;

  sqlite3_exec (self->db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
}

static char *
get_numbers (Database *self)
{
  sqlite3_stmt *statement = NULL;
  char *numbers;

  g_assert_cmpint (sqlite3_prepare_v2 (self->db, "SELECT group_concat(n, ' ') FROM (SELECT n FROM log ORDER BY n)",
                                       -1, &statement, NULL),
                   ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  numbers = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);

  return numbers;
}

/* Pushes rows `n|s`, separated by spaces, in one batch. */
static void
put_batch (EfSqlHarness *harness, const char *rows)
{
  g_auto (GStrv) parts = g_strsplit (rows, " ", -1);
  g_autoptr (EfBatch) batch = ef_batch_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    ef_batch_append (batch, ef_sql_harness_make_row (harness, i, parts[i]));
  ef_sql_harness_push (harness, batch);
}

static guint
count_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  return *text != '\0' ? g_strv_length (lines) : 0;
}

#define INSERT "INSERT INTO log SELECT n, s FROM t RETURNING n"

/* Another program writes: the events wait for it, and each is there once, in order. */
static void
test_locked_retry (void)
{
  Database database;

  database_init (&database);
  {
    g_auto (EfSqlHarness) harness = { 0 };
    g_autofree char *numbers = NULL;
    g_autofree char *errors = NULL;

    ef_sql_harness_init (&harness, "n LONG, s STRING", "database", database.file, "init-sql", LOG,
                         "query", INSERT, "error-strategy", "retry", "error-retry-backoff", "fixed",
                         NULL);
    run (&database, "BEGIN IMMEDIATE; INSERT INTO log VALUES (0, 'other')");
    put_batch (&harness, "1|a 2|b 3|c");
    ef_sql_harness_assert (&harness, "");
    ef_sql_harness_advance (&harness, RETRY_DELAY);
    ef_sql_harness_assert (&harness, "");
    g_assert_cmpuint (ef_sql_harness_get_stat (&harness, "errors-retried"), ==, 2);

    run (&database, "COMMIT");
    ef_sql_harness_advance (&harness, RETRY_DELAY);
    ef_sql_harness_assert (&harness, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}");
    numbers = get_numbers (&database);
    g_assert_cmpstr (numbers, ==, "0 1 2 3");
    errors = ef_sql_harness_take_errors (&harness);
    g_assert_cmpstr (errors, ==, "");
    g_assert_cmpuint (ef_sql_harness_get_stat (&harness, "errors-recovered"), ==, 1);
  }
  database_clear (&database);
}

/* Without a retry each is a dead letter, of a kind that says that the event is not at fault. */
static void
test_locked_dlq (void)
{
  Database database;

  database_init (&database);
  {
    g_auto (EfSqlHarness) harness = { 0 };
    g_autofree char *errors = NULL;

    ef_sql_harness_init (&harness, "n LONG, s STRING", "database", database.file, "init-sql", LOG,
                         "query", INSERT, "error-strategy", "dlq", NULL);
    run (&database, "BEGIN IMMEDIATE");
    put_batch (&harness, "1|a 2|b");
    run (&database, "COMMIT");
    put_batch (&harness, "3|c");
    ef_sql_harness_assert (&harness, "{\"n\":3}");
    errors = ef_sql_harness_take_errors (&harness);
    g_assert_cmpuint (count_lines (errors), ==, 2);
    g_assert_nonnull (strstr (errors, "database is locked"));
    g_assert_nonnull (strstr (errors, "ef-error/resource"));
    g_assert_null (strstr (errors, "ef-error/data"));
  }
  database_clear (&database);
}

/* What shows only when the changes of a batch are to be kept: none of them is, and no result of them. */
static void
test_commit (void)
{
  Database database;

  database_init (&database);
  {
    g_auto (EfSqlHarness) harness = { 0 };
    g_autofree char *numbers = NULL;
    g_autofree char *errors = NULL;

    ef_sql_harness_init (&harness, "n LONG, s STRING", "database", database.file, "init-sql",
                         "CREATE TABLE known (s STRING PRIMARY KEY); INSERT INTO known VALUES ('a');"
                         "CREATE TABLE log (n LONG, s STRING REFERENCES known DEFERRABLE INITIALLY DEFERRED)",
                         "query", INSERT, NULL);
    put_batch (&harness, "1|a 2|b 3|a");
    ef_sql_harness_assert (&harness, "");
    errors = ef_sql_harness_take_errors (&harness);
    g_assert_cmpuint (count_lines (errors), ==, 3);
    g_assert_nonnull (
      strstr (errors, "the changes of a batch could not be kept: FOREIGN KEY constraint failed"));
    g_assert_nonnull (strstr (errors, "ef-error/data"));

    put_batch (&harness, "4|a 5|a");
    ef_sql_harness_assert (&harness, "{\"n\":4}\n{\"n\":5}");
    numbers = get_numbers (&database);
    g_assert_cmpstr (numbers, ==, "4 5");
  }
  database_clear (&database);
}

/* One row among others that a table does not take: those before and behind it are kept. */
static void
test_constraint (void)
{
  Database database;

  database_init (&database);
  {
    g_auto (EfSqlHarness) harness = { 0 };
    g_autofree char *numbers = NULL;
    g_autofree char *errors = NULL;

    ef_sql_harness_init (&harness, "n LONG, s STRING", "database", database.file, "init-sql", LOG,
                         "query", INSERT, "error-strategy", "retry", NULL);
    put_batch (&harness, "1|a 2|b 1|c 3|d 2|e 4|f");
    ef_sql_harness_assert (&harness, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}");
    numbers = get_numbers (&database);
    g_assert_cmpstr (numbers, ==, "1 2 3 4");
    errors = ef_sql_harness_take_errors (&harness);
    g_assert_cmpuint (count_lines (errors), ==, 2);
    g_assert_nonnull (strstr (errors, "UNIQUE constraint failed: log.n"));
    g_assert_nonnull (strstr (errors, "ef-error/data"));
    g_assert_cmpuint (ef_sql_harness_get_stat (&harness, "errors-retried"), ==, 0);
  }
  database_clear (&database);
}

static char *
make_rows (guint n_rows)
{
  g_autofree char *filler = g_strnfill (3000, 'x');
  g_autoptr (GString) rows = g_string_new (NULL);

  for (guint i = 0; i < n_rows; i++)
    g_string_append_printf (rows, "%s%u|%s", i > 0 ? " " : "", i, filler);

  return g_string_free (g_steal_pointer (&rows), FALSE);
}

/* A database that is full: whatever gave a result is there, and nothing else is; what went wrong goes on
 * when there is room again. */
static void
test_full (void)
{
  Database database;

  database_init (&database);
  {
    g_auto (EfSqlHarness) harness = { 0 };
    g_auto (EfSqlHarness) remover = { 0 };
    g_autofree char *rows = make_rows (30);
    g_autofree char *out = NULL, *errors = NULL, *numbers = NULL;
    g_autoptr (GString) expected = g_string_new (NULL);

    ef_sql_harness_init (&harness, "n LONG, s STRING", "database", database.file, "init-sql",
                         LOG "; PRAGMA max_page_count = 20", "query", INSERT, "error-strategy",
                         "retry", "error-retry-backoff", "fixed", NULL);
    ef_sql_harness_init (&remover, "n LONG", "database", database.file, "query",
                         "DELETE FROM log WHERE n < (SELECT n FROM t)", NULL);
    put_batch (&harness, rows);
    g_assert_cmpuint (ef_sql_harness_get_stat (&harness, "errors-retried"), ==, 1);
    out = ef_sql_harness_take (&harness);
    g_assert_cmpuint (count_lines (out), >, 5);
    g_assert_cmpuint (count_lines (out), <, 20);
    numbers = get_numbers (&database);
    for (guint i = 0; i < count_lines (out); i++)
      g_string_append_printf (expected, "%s%u", i > 0 ? " " : "", i);
    g_assert_cmpstr (numbers, ==, expected->str);

    /* Room for the rest, twice, as not all of it fits at once. */
    ef_sql_harness_put (&remover, 0, "100");
    ef_sql_harness_advance (&harness, RETRY_DELAY);
    ef_sql_harness_put (&remover, 0, "100");
    ef_sql_harness_advance (&harness, RETRY_DELAY);
    g_string_assign (expected, out);
    for (guint i = count_lines (out); i < 30; i++)
      g_string_append_printf (expected, "\n{\"n\":%u}", i);
    {
      g_autofree char *rest = ef_sql_harness_take (&harness);
      g_autofree char *all = g_strconcat (out, "\n", rest, NULL);

      g_assert_cmpstr (all, ==, expected->str);
    }
    errors = ef_sql_harness_take_errors (&harness);
    g_assert_cmpstr (errors, ==, "");
  }
  database_clear (&database);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sql/errors/locked-retry", test_locked_retry);
  g_test_add_func ("/sql/errors/locked-dlq", test_locked_dlq);
  g_test_add_func ("/sql/errors/commit", test_commit);
  g_test_add_func ("/sql/errors/constraint", test_constraint);
  g_test_add_func ("/sql/errors/full", test_full);

  return g_test_run ();
}
