/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <sqlite3.h>

#include "ef-sql-harness.h"

/* Each kind of window against SQL over all the rows at once: random rows go into a plain table, and
 * a query says for each of them which windows it is in. The two know nothing of each other. */

#define N_ROUNDS 6
#define N_ROWS   150
#define EPOCH_MS "1767225600000"

/* The queries for the oracle read rows (id, t, k, v), with t in milliseconds since 1970, and make
 * rows (w, s, e, id): windows in the order in which they close, with start and end, and the rows in
 * them. */
static const struct
{
  const char *name;
  const char *window;
  gboolean column;   /* the time is that of the column, in any order */
  gboolean by_clock; /* it may close by the clock as well */
  const char *members;
} kinds[] = {
  { "tumbling", "TUMBLING(100 ms)", FALSE, TRUE,
    "SELECT t / 100 AS w, t / 100 * 100 AS s, t / 100 * 100 + 100 AS e, id FROM rows" },
  { "hopping", "HOPPING(100 ms, 30 ms)", FALSE, TRUE,
    "SELECT b AS w, b * 30 - 100 AS s, b * 30 AS e, id FROM rows, boundaries "
    "WHERE t >= b * 30 - 100 AND t < b * 30" },
  { "session", "SESSION(20 ms)", FALSE, TRUE,
    "SELECT w, min(t) OVER (PARTITION BY w) AS s, max(t) OVER (PARTITION BY w) + 20 AS e, id FROM ("
    "SELECT id, t, sum(begins) OVER (ORDER BY id) AS w FROM ("
    "SELECT id, t, t - lag(t, 1, 0) OVER (ORDER BY id) >= 20 AS begins FROM rows))" },
  { "length", "LENGTH(7)", FALSE, FALSE,
    "SELECT last.id AS w, first_value(r.t) OVER (PARTITION BY last.id ORDER BY r.id) AS s, last.t "
    "AS e, r.id "
    "FROM rows last JOIN rows r ON r.id BETWEEN last.id - 6 AND last.id" },
  { "lengthBatch", "LENGTHBATCH(7)", FALSE, FALSE,
    "SELECT (id - 1) / 7 AS w, min(t) OVER (PARTITION BY (id - 1) / 7) AS s, "
    "max(t) OVER (PARTITION BY (id - 1) / 7) AS e, id FROM rows" },
  { "time", "TIME(50 ms)", FALSE, FALSE,
    "SELECT last.id AS w, last.t - 50 AS s, last.t AS e, r.id "
    "FROM rows last JOIN rows r ON r.id <= last.id AND r.t > last.t - 50" },
  { "externalTimeBatch", "EXTERNALTIMEBATCH(t, 100 ms)", TRUE, FALSE,
    "SELECT t / 100 AS w, t / 100 * 100 AS s, t / 100 * 100 + 100 AS e, id FROM ("
    "SELECT *, max(t / 100) OVER (ORDER BY id) AS open FROM rows) WHERE t / 100 = open" },
  { "externalTime", "EXTERNALTIME(t, 50 ms)", TRUE, FALSE,
    "SELECT last.id AS w, last.m - 50 AS s, last.m AS e, r.id FROM"
    " (SELECT * FROM timed WHERE t > m - 50) last JOIN (SELECT * FROM timed WHERE t > m - 50) r"
    " ON r.id <= last.id AND r.t > last.m - 50" },
  { "sort", "SORT(7, v, 'desc')", FALSE, FALSE,
    "SELECT w, s, s AS e, id FROM (SELECT last.id AS w, last.t AS s, r.id,"
    " row_number() OVER (PARTITION BY last.id ORDER BY r.v DESC, r.id) AS place"
    " FROM rows last JOIN rows r ON r.id <= last.id) WHERE place <= 7" },
  { "sort-ascending", "SORT(5, k)", FALSE, FALSE,
    "SELECT w, s, s AS e, id FROM (SELECT last.id AS w, last.t AS s, r.id,"
    " row_number() OVER (PARTITION BY last.id ORDER BY r.k, r.id) AS place"
    " FROM rows last JOIN rows r ON r.id <= last.id) WHERE place <= 5" },
  { "delay", "DELAY(40 ms)", FALSE, TRUE, "SELECT id AS w, t AS s, t + 40 AS e, id FROM rows" },
};

static void
run (sqlite3 *db, const char *sql)
{
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

static char *
ask (sqlite3 *db, const char *members)
{
  g_autofree char *sql = g_strconcat (
    "WITH RECURSIVE boundaries (b) AS (SELECT (SELECT min(t) FROM rows) / 30 UNION ALL SELECT b + "
    "1 FROM "
    "boundaries WHERE b * 30 <= (SELECT max(t) FROM rows) + 100),"
    "timed AS (SELECT *, max(t) OVER (ORDER BY id) AS m FROM rows), members AS (",
    members,
    ") "
    "SELECT json_object('s', s, 'e', e, 'k', k, 'n', count(*), 'v', sum(v), 'lo', min(v), 'hi', "
    "max(v), "
    "'d', count(DISTINCT v % 5)) FROM members JOIN rows USING (id) GROUP BY w, k ORDER BY w, k",
    NULL);
  g_autoptr (GString) lines = g_string_new (NULL);
  sqlite3_stmt *statement;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (db));
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_string_append_printf (lines, "%s\n", sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  g_string_append (lines, "end");

  return g_string_free (g_steal_pointer (&lines), FALSE);
}

/* Times go on by steps, some of them long; or anywhere near where they were. */
static gint64
choose_time (gint64 last, gboolean any_order)
{
  int choice = g_test_rand_int_range (0, 10);

  if (any_order)
    return MAX (last + g_test_rand_int_range (-60, 80), 0);

  return last + (choice < 6   ? g_test_rand_int_range (0, 8)
                 : choice < 9 ? g_test_rand_int_range (0, 40)
                              : g_test_rand_int_range (0, 500));
}

static void
check_round (gsize kind, gboolean by_clock)
{
  g_auto (EfSqlHarness) harness = { 0 };
  g_autofree char *expected = NULL;
  g_autoptr (EfBatch) batch = ef_batch_new ();
  sqlite3 *db;
  gint64 t = 0, now = 0;

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  run (db, "CREATE TABLE rows (id INTEGER PRIMARY KEY, t INTEGER, k TEXT, v INTEGER); BEGIN");
  ef_sql_harness_init (
    &harness, "t LONG, k STRING, v LONG", "query",
    "SELECT window_start() AS s, window_end() AS e, k, count(*) AS n, sum(v) AS v, "
    "min(v) AS lo, max(v) AS hi, distinctCount(v % 5) AS d FROM i GROUP BY k ORDER BY k",
    "window", kinds[kind].window, NULL);

  for (guint i = 1; i <= N_ROWS; i++)
    {
      g_autofree char *sql = NULL;
      g_autofree char *row = NULL;
      int k = g_test_rand_int_range (0, 3), v = g_test_rand_int_range (-50, 50);

      t = choose_time (t, kinds[kind].column);
      sql = g_strdup_printf (
        "INSERT INTO rows VALUES (%u, " EPOCH_MS " + %" G_GINT64_FORMAT ", 'k%d', %d)", i, t, k, v);
      row = g_strdup_printf ("%" G_GINT64_FORMAT "|k%d|%d", G_GINT64_CONSTANT (1767225600000) + t,
                             k, v);
      run (db, sql);

      /* Rows come alone or several together. */
      if (by_clock && t > now)
        {
          ef_sql_harness_push (&harness, batch);
          ef_batch_unref (batch);
          batch = ef_batch_new ();
          ef_sql_harness_advance (&harness, (t - now) * 1000);
          now = t;
        }
      ef_batch_append (
        batch, ef_sql_harness_make_row (&harness, EF_TEST_CLOCK_REAL_START + t * 1000, row));
      if (g_test_rand_int_range (0, 4) == 0)
        {
          ef_sql_harness_push (&harness, batch);
          ef_batch_unref (batch);
          batch = ef_batch_new ();
        }
    }

  ef_sql_harness_push (&harness, batch);
  ef_sql_harness_end (&harness);
  run (db, "COMMIT");
  expected = ask (db, kinds[kind].members);
  ef_sql_harness_assert (&harness, expected);
  sqlite3_close (db);
}

static void
test_kind (gconstpointer data)
{
  gsize kind = GPOINTER_TO_SIZE (data);

  for (guint i = 0; i < N_ROUNDS; i++)
    check_round (kind, kinds[kind].by_clock && i % 2 == 1);
}

/* A query without a window, over each of the rows, against one over all of them. */
static void
test_windowless (void)
{
  g_auto (EfSqlHarness) harness = { 0 };
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autofree char *taken = NULL;
  const char *query =
    "SELECT t, upper(k) || v AS name, CASE WHEN v < 0 THEN -v ELSE v * 2 END AS c "
    "FROM rows WHERE v % 3 <> 0 AND k LIKE 'k%'";
  sqlite3_stmt *statement;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  run (db, "CREATE TABLE rows (t INTEGER, k TEXT, v INTEGER)");
  ef_sql_harness_init (&harness, "t LONG, k STRING, v LONG", "query", query, NULL);
  for (gint64 i = 0; i < N_ROWS; i++)
    {
      int k = g_test_rand_int_range (0, 30), v = g_test_rand_int ();
      g_autofree char *row =
        g_strdup_printf ("%" G_GINT64_FORMAT "|%s%d|%d", i, k % 2 ? "k" : "j", k, v);
      g_autofree char *sql = g_strdup_printf (
        "INSERT INTO rows VALUES (%" G_GINT64_FORMAT ", '%s%d', %d)", i, k % 2 ? "k" : "j", k, v);

      ef_sql_harness_put (&harness, 0, row);
      run (db, sql);
    }

  g_assert_cmpint (sqlite3_prepare_v2 (db, query, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_string_append_printf (expected, "%s{\"t\":%s,\"name\":\"%s\",\"c\":%s}",
                            expected->len > 0 ? "\n" : "", sqlite3_column_text (statement, 0),
                            sqlite3_column_text (statement, 1), sqlite3_column_text (statement, 2));
  sqlite3_finalize (statement);
  sqlite3_close (db);

  taken = ef_sql_harness_take (&harness);
  g_assert_cmpstr (taken, ==, expected->str);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sql/oracle/windowless", test_windowless);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sql/oracle/%s", kinds[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_kind);
    }

  return g_test_run ();
}
