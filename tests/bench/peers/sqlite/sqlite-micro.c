/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* sqlite-micro: SQLite alone, as a program would use it for these queries. Arguments: QUERY COUNT. A
 * window's rows are inserted into a table, which the query reads when the window is over. */

#include "config.h"

#include <bench-job.h>
#include <bench-query.h>
#include <bench-report.h>
#include <bench-stream.h>

#include <sqlite3.h>

static void
run (sqlite3 *db, const char *sql)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    bench_fail ("%s", sqlite3_errmsg (db));
}

static sqlite3_stmt *
prepare (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement;

  if (sqlite3_prepare_v3 (db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
    bench_fail ("%s", sqlite3_errmsg (db));

  return statement;
}

static void
bind (const BenchQuery *query, sqlite3_stmt *statement, guint64 row, char *symbol)
{
  sqlite3_bind_text (statement, 1, symbol, BENCH_SYMBOL_SIZE - 1, SQLITE_STATIC);
  sqlite3_bind_double (statement, 2, bench_row_get_price (row));
  sqlite3_bind_double (statement, 3, bench_row_get_quantity (row));
}

/* Runs a statement and reads what it gives, into numbers that somebody might look at. */
static guint64
step (sqlite3 *db, sqlite3_stmt *statement, guint64 *bytes, double *sum)
{
  int n_columns = sqlite3_column_count (statement);
  guint64 n_results = 0;
  int status;

  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      if (sqlite3_column_text (statement, 0) != NULL)
        *bytes += (guint64) sqlite3_column_bytes (statement, 0);
      for (int i = 1; i < n_columns; i++)
        *sum += sqlite3_column_double (statement, i);
      n_results++;
    }
  if (status != SQLITE_DONE)
    bench_fail ("%s", sqlite3_errmsg (db));
  sqlite3_reset (statement);

  return n_results;
}

/* Symbols are there before the clock runs, as the events are that EventFlux gets. */
static char *
make_symbols (const BenchQuery *query, guint64 n_rows)
{
  char *symbols = g_malloc (n_rows * BENCH_SYMBOL_SIZE);

  for (guint64 i = 0; i < n_rows; i++)
    bench_row_get_symbol (query, i, symbols + i * BENCH_SYMBOL_SIZE);

  return symbols;
}

static void
measure_rows (sqlite3 *db, const BenchQuery *query, guint64 count)
{
  g_autofree char *sql = g_strdup_printf ("WITH i (s, p, q) AS (SELECT ?1, ?2, ?3) %s", query->query);
  g_autofree char *symbols = make_symbols (query, 1000);
  sqlite3_stmt *statement = prepare (db, sql);
  guint64 bytes = 0;
  double sum = 0;
  BenchClock clock;

  bench_clock_start (&clock);
  for (guint64 i = 0; i < count; i++)
    {
      bind (query, statement, i, symbols + i % 1000 * BENCH_SYMBOL_SIZE);
      step (db, statement, &bytes, &sum);
    }
  bench_report (count, bytes, &clock);
  sqlite3_finalize (statement);
}

static void
measure_windows (sqlite3 *db, const BenchQuery *query, guint64 count)
{
  g_autofree char *symbols = make_symbols (query, query->rows_a_window);
  guint64 n_windows = MAX (count / query->rows_a_window, 1), bytes = 0;
  sqlite3_stmt *insert, *select;
  double sum = 0;
  BenchClock clock;

  run (db, "CREATE TABLE i (s TEXT, p REAL, q REAL)");
  insert = prepare (db, "INSERT INTO i VALUES (?1, ?2, ?3)");
  select = prepare (db, query->query);

  bench_clock_start (&clock);
  for (guint64 i = 0; i < n_windows; i++)
    {
      run (db, "BEGIN");
      for (guint row = 0; row < query->rows_a_window; row++)
        {
          bind (query, insert, row, symbols + row * BENCH_SYMBOL_SIZE);
          step (db, insert, &bytes, &sum);
        }
      if (step (db, select, &bytes, &sum) != query->n_groups)
        bench_fail ("the window has other groups");
      run (db, "DELETE FROM i; COMMIT");
    }
  bench_report (n_windows * query->rows_a_window, bytes, &clock);
  sqlite3_finalize (insert);
  sqlite3_finalize (select);
}

int
main (int argc, char **argv)
{
  const BenchQuery *query = argc >= 3 ? bench_query_find (argv[1]) : NULL;
  sqlite3 *db;

  if (query == NULL)
    bench_fail ("usage: QUERY COUNT");
  if (sqlite3_open (":memory:", &db) != SQLITE_OK)
    bench_fail ("%s", sqlite3_errmsg (db));
  if (query->init != NULL)
    run (db, query->init);

  if (query->rows_a_window == 0)
    measure_rows (db, query, bench_parse_count (argv[2]));
  else
    measure_windows (db, query, bench_parse_count (argv[2]));
  sqlite3_close (db);

  return 0;
}
