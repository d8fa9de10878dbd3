/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <string.h>

#include "ef-sql-harness.h"
#include "ef-sql-window-spec.h"

#define MS  1000
#define SEC ((gint64) G_USEC_PER_SEC)

/* Spellings */

static const struct
{
  const char *text;
  EfSqlWindowKind kind;
  gint64 size;
  gint64 slide;
  const char *column;
} spellings[] = {
  { "TUMBLING(1 min)", EF_SQL_WINDOW_HOPPING, 60 * SEC, 60 * SEC, NULL },
  { "WINDOW TUMBLING ( 1 min )", EF_SQL_WINDOW_HOPPING, 60 * SEC, 60 * SEC, NULL },
  { "WINDOW('tumbling', 5 MINUTES)", EF_SQL_WINDOW_HOPPING, 300 * SEC, 300 * SEC, NULL },
  { "('tumbling', INTERVAL '10' SECOND)", EF_SQL_WINDOW_HOPPING, 10 * SEC, 10 * SEC, NULL },
  { "timebatch(100ms)", EF_SQL_WINDOW_HOPPING, 100 * MS, 100 * MS, NULL },
  { "tumbling('1.5s')", EF_SQL_WINDOW_HOPPING, 1500 * MS, 1500 * MS, NULL },
  { "tumbling(1 hour 30 min)", EF_SQL_WINDOW_HOPPING, 5400 * SEC, 5400 * SEC, NULL },
  { "HOPPING(1 min, 10 sec)", EF_SQL_WINDOW_HOPPING, 60 * SEC, 10 * SEC, NULL },
  { "('sliding', INTERVAL 1 DAY, INTERVAL 1 HOUR)", EF_SQL_WINDOW_HOPPING, 86400 * SEC, 3600 * SEC,
    NULL },
  { "SESSION(30 seconds)", EF_SQL_WINDOW_SESSION, 30 * SEC, 30 * SEC, NULL },
  { "length(5)", EF_SQL_WINDOW_LENGTH, 5, 5, NULL },
  { "('lengthBatch', 100)", EF_SQL_WINDOW_LENGTH_BATCH, 100, 100, NULL },
  { "time(2 s)", EF_SQL_WINDOW_TIME, 2 * SEC, 2 * SEC, NULL },
  { "externalTime(Trades.T, 1 sec)", EF_SQL_WINDOW_TIME, SEC, SEC, "T" },
  { "externalTimeBatch(\"my time\", 1 sec)", EF_SQL_WINDOW_HOPPING, SEC, SEC, "my time" },
  { "sort(3, price)", EF_SQL_WINDOW_SORT, 3, 3, "price" },
  { "WINDOW('sort', 3, Trades.price, 'desc')", EF_SQL_WINDOW_SORT, 3, 3, "price" },
  { "DELAY(30 sec)", EF_SQL_WINDOW_DELAY, 30 * SEC, 30 * SEC, NULL },
};

static void
test_spellings (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize offset;
      g_autoptr (EfSqlWindowSpec) spec =
        ef_sql_window_spec_parse (spellings[i].text, &offset, &error);

      g_test_message ("%s", spellings[i].text);
      g_assert_no_error (error);
      g_assert_cmpint (spec->kind, ==, spellings[i].kind);
      g_assert_cmpint (spec->size, ==, spellings[i].size);
      g_assert_cmpint (spec->slide, ==, spellings[i].slide);
      g_assert_cmpstr (spec->column, ==, spellings[i].column);
    }
}

static const struct
{
  const char *text;
  gsize offset;
  const char *expected;
} misspellings[] = {
  { "", 0, "“” is no window" },
  { "HOPING(1 min, 1 sec)", 0, "did you mean “hopping”?" },
  { "TUMBLING", 8, "expected “(”" },
  { "TUMBLING()", 9, "expected a number and a unit" },
  { "TUMBLING(1)", 10, "expected a unit of time" },
  { "TUMBLING(1 mim)", 11, "expected a unit of time" },
  { "TUMBLING(0 min)", 9, "is no length of time" },
  { "TUMBLING(1 min", 14, "expected “)”" },
  { "TUMBLING(1 min) x", 16, "expected the end" },
  { "TUMBLING(1 min, 2 min)", 14, "written as “TUMBLING(1 min)”" },
  { "TUMBLING(400 days)", 9, "from 1 ms to 366 days" },
  { "HOPPING(1 min)", 13, "expected “,”" },
  { "HOPPING(1 sec, 2 sec)", 8, "slides by more than its size" },
  { "LENGTH(0)", 7, "expected a number of rows" },
  { "LENGTH(1.5)", 7, "expected a number of rows" },
  { "('tumbling' 1 min)", 12, "expected “,”" },
  { "EXTERNALTIMEBATCH(1 min)", 18, "expected a column" },
  { "SORT(3, price, down)", 15, "expected 'asc' or 'desc'" },
  { "SORT(3)", 6, "expected “,”" },
  { "SORT(3, price, 'asc', 2)", 20, "written as “SORT(10, price, 'desc')”" },
};

static void
test_misspellings (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (misspellings); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize offset;
      g_autoptr (EfSqlWindowSpec) spec =
        ef_sql_window_spec_parse (misspellings[i].text, &offset, &error);

      g_test_message ("%s", misspellings[i].text);
      g_assert_null (spec);
      g_assert_error (error, EF_ERROR, EF_ERROR_SYNTAX);
      g_assert_nonnull (strstr (error->message, misspellings[i].expected));
      g_assert_cmpuint (offset, ==, misspellings[i].offset);
    }
}

/* Time */

#define COUNT                                                                                      \
  "SELECT window_start() - 1767225600000 AS s, window_end() - 1767225600000 AS e, "                \
  "count(*) AS n, sum(v) AS v FROM i"

/* A window closes when the clock says so. */
static void
test_clock_closes (void)
{
  g_auto (EfSqlHarness) harness = { 0 };

  ef_sql_harness_init (&harness, "v LONG", "query", COUNT, "window", "TUMBLING(1 sec)", NULL);
  ef_sql_harness_put (&harness, 100 * MS, "1");
  ef_sql_harness_advance (&harness, 999 * MS);
  ef_sql_harness_assert (&harness, "");
  ef_sql_harness_put (&harness, 999 * MS, "2");
  ef_sql_harness_advance (&harness, MS);
  ef_sql_harness_assert (&harness, "{\"s\":0,\"e\":1000,\"n\":2,\"v\":3}");

  /* Nothing came, so nothing is told. */
  ef_sql_harness_advance (&harness, 3 * SEC);
  ef_sql_harness_assert (&harness, "");

  /* A row that was under way when its window closed is in the next one. */
  ef_sql_harness_put (&harness, 4100 * MS, "4");
  ef_sql_harness_advance (&harness, 1000 * MS);
  ef_sql_harness_assert (&harness, "{\"s\":4000,\"e\":5000,\"n\":1,\"v\":4}");
  ef_sql_harness_put (&harness, 4999 * MS, "5");
  ef_sql_harness_put (&harness, 4998 * MS, "6");
  ef_sql_harness_advance (&harness, 1000 * MS);
  ef_sql_harness_assert (&harness, "{\"s\":5000,\"e\":6000,\"n\":2,\"v\":11}");
  g_assert_cmpuint (ef_sql_harness_get_stat (&harness, "late-rows"), ==, 1);

  /* The end closes what is open. */
  ef_sql_harness_put (&harness, 6000 * MS, "7");
  ef_sql_harness_end (&harness);
  ef_sql_harness_assert (&harness, "{\"s\":6000,\"e\":7000,\"n\":1,\"v\":7}\nend");
}

static void
test_session_closes (void)
{
  g_auto (EfSqlHarness) harness = { 0 };

  ef_sql_harness_init (&harness, "v LONG", "query", COUNT, "window", "SESSION(1 sec)", NULL);
  ef_sql_harness_put (&harness, 0, "1");
  ef_sql_harness_advance (&harness, 900 * MS);
  ef_sql_harness_put (&harness, 900 * MS, "2");
  ef_sql_harness_advance (&harness, 999 * MS);
  ef_sql_harness_assert (&harness, "");
  ef_sql_harness_advance (&harness, MS);
  ef_sql_harness_assert (&harness, "{\"s\":0,\"e\":1900,\"n\":2,\"v\":3}");
}

/* A time of its own: late rows are given back, and rows without time. */
static void
test_external_late (void)
{
  g_auto (EfSqlHarness) harness = { 0 };
  g_autofree char *errors = NULL;

  ef_sql_harness_init (&harness, "t LONG, v LONG", "query",
                       "SELECT window_start() AS s, count(*) AS n, sum(v) AS v FROM i", "window",
                       "EXTERNALTIMEBATCH(t, 1 sec)", NULL);
  ef_sql_harness_put (&harness, 0, "100|1");
  ef_sql_harness_put (&harness, 0, "900|2");
  ef_sql_harness_put (&harness, 0, "800|4");
  ef_sql_harness_advance (&harness, 60 * SEC);
  ef_sql_harness_assert (&harness, "");
  ef_sql_harness_put (&harness, 0, "1000|8");
  ef_sql_harness_assert (&harness, "{\"s\":0,\"n\":3,\"v\":7}");
  ef_sql_harness_put (&harness, 0, "999|16");
  ef_sql_harness_put (&harness, 0, "|16");
  ef_sql_harness_end (&harness);
  ef_sql_harness_assert (&harness, "{\"s\":1000,\"n\":1,\"v\":8}\nend");

  errors = ef_sql_harness_take_errors (&harness);
  g_assert_nonnull (strstr (errors, "the row is late: the window of its “t” is closed"));
  g_assert_nonnull (strstr (errors, "the row has no time"));
  g_assert_cmpuint (ef_sql_harness_get_stat (&harness, "late-rows"), ==, 2);
  g_assert_cmpuint (ef_sql_harness_get_stat (&harness, "rejected"), ==, 2);
}

static void
test_full (void)
{
  g_auto (EfSqlHarness) harness = { 0 };
  g_autofree char *errors = NULL;

  ef_sql_harness_init (&harness, "v LONG", "query", "SELECT sum(v) AS v FROM i", "window",
                       "TUMBLING(1 sec)", "window-max-rows", "2", NULL);
  ef_sql_harness_put (&harness, 0, "1");
  ef_sql_harness_put (&harness, 0, "2");
  g_assert_cmpuint (ef_sql_harness_get_stat (&harness, "window-rows"), ==, 2);
  ef_sql_harness_put (&harness, 0, "4");
  ef_sql_harness_put (&harness, SEC, "8");
  ef_sql_harness_end (&harness);
  ef_sql_harness_assert (&harness, "{\"v\":3}\n{\"v\":8}\nend");
  errors = ef_sql_harness_take_errors (&harness);
  g_assert_nonnull (strstr (errors, "the window is full: window-max-rows is 2"));
}

/* Rows leave one by one, each when its time is over. */
static void
test_delay (void)
{
  g_auto (EfSqlHarness) harness = { 0 };

  ef_sql_harness_init (&harness, "v LONG", "query", "SELECT v, window_end() - 1767225600000 AS e FROM i",
                       "window", "DELAY(1 sec)", NULL);
  ef_sql_harness_put (&harness, 0, "1");
  ef_sql_harness_advance (&harness, 400 * MS);
  ef_sql_harness_put (&harness, 400 * MS, "2");
  ef_sql_harness_assert (&harness, "");
  ef_sql_harness_advance (&harness, 600 * MS);
  ef_sql_harness_assert (&harness, "{\"v\":1,\"e\":1000}");
  ef_sql_harness_advance (&harness, 399 * MS);
  ef_sql_harness_assert (&harness, "");
  ef_sql_harness_put (&harness, 1399 * MS, "3");
  ef_sql_harness_advance (&harness, MS);
  ef_sql_harness_assert (&harness, "{\"v\":2,\"e\":1400}");
  ef_sql_harness_end (&harness);
  ef_sql_harness_assert (&harness, "{\"v\":3,\"e\":2399}\nend");
}

/* The order is that of SQLite: NULL before numbers, numbers before texts; of equals the first stay. */
static void
test_sort (void)
{
  g_auto (EfSqlHarness) harness = { 0 };

  ef_sql_harness_init (&harness, "k STRING, v DOUBLE", "query",
                       "SELECT group_concat(k) AS k FROM i", "window", "SORT(3, v)", NULL);
  ef_sql_harness_put (&harness, 0, "a|2.5");
  ef_sql_harness_put (&harness, 0, "b|-1");
  ef_sql_harness_put (&harness, 0, "c|2.5");
  ef_sql_harness_put (&harness, 0, "d|2.5");
  ef_sql_harness_put (&harness, 0, "e|");
  ef_sql_harness_put (&harness, 0, "f|9");
  ef_sql_harness_assert (&harness, "{\"k\":\"a\"}\n{\"k\":\"b,a\"}\n{\"k\":\"b,a,c\"}\n"
                                   "{\"k\":\"b,a,c\"}\n{\"k\":\"e,b,a\"}\n{\"k\":\"e,b,a\"}");
}

/* No window keeps more rows than it may. */
static void
test_max_rows (void)
{
  g_autofree char *message = ef_sql_harness_fail ("query", "SELECT count(*) AS n FROM i", "window",
                                                  "LENGTH(11)", "window-max-rows", "10", NULL);

  g_assert_nonnull (strstr (message, "the window has 11 rows, but window-max-rows is 10"));
}

/* Functions over the rows of a window. */
static void
test_functions (void)
{
  g_auto (EfSqlHarness) harness = { 0 };

  ef_sql_harness_init (
    &harness, "k STRING, v DOUBLE", "query",
    "SELECT distinctCount(k) AS d, stddev(v) AS sd, stddev_samp(v) AS ss, variance(v) AS va, "
    "max(event_timestamp()) - min(event_timestamp()) AS span, group_concat(k) AS ks, "
    "first(k) AS f, last(k) AS l, last(v) AS lv FROM i",
    "window", "LENGTHBATCH(4)", NULL);
  ef_sql_harness_put (&harness, 0, "a|2");
  ef_sql_harness_put (&harness, 5 * MS, "b|4");
  ef_sql_harness_put (&harness, 7 * MS, "a|4");
  ef_sql_harness_put (&harness, 9 * MS, "|6");
  ef_sql_harness_assert (&harness,
                         "{\"d\":2,\"sd\":1.4142135623730951,\"ss\":1.632993161855452,\"va\":2.0,"
                         "\"span\":9,\"ks\":\"a,b,a\",\"f\":\"a\",\"l\":null,\"lv\":6.0}");
}

/* A group's aggregate joined to a table. */
static void
test_join (void)
{
  g_auto (EfSqlHarness) harness = { 0 };

  ef_sql_harness_init (
    &harness, "k STRING, v LONG", "init-sql",
    "CREATE TABLE names (k STRING PRIMARY KEY, name STRING);"
    "INSERT INTO names VALUES ('a', 'Anna'), ('b', 'Bob')",
    "query",
    "SELECT name, sum(v) AS total FROM i LEFT JOIN names ON names.k = i.k GROUP BY i.k "
    "HAVING sum(v) > 2 ORDER BY total DESC LIMIT 2",
    "window", "('lengthBatch', 5)", NULL);
  ef_sql_harness_put (&harness, 0, "a|1");
  ef_sql_harness_put (&harness, 0, "b|5");
  ef_sql_harness_put (&harness, 0, "a|2");
  ef_sql_harness_put (&harness, 0, "c|9");
  ef_sql_harness_put (&harness, 0, "d|1");
  ef_sql_harness_assert (&harness, "{\"name\":null,\"total\":9}\n{\"name\":\"Bob\",\"total\":5}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sql/window/spellings", test_spellings);
  g_test_add_func ("/sql/window/misspellings", test_misspellings);
  g_test_add_func ("/sql/window/clock-closes", test_clock_closes);
  g_test_add_func ("/sql/window/session-closes", test_session_closes);
  g_test_add_func ("/sql/window/external-late", test_external_late);
  g_test_add_func ("/sql/window/full", test_full);
  g_test_add_func ("/sql/window/delay", test_delay);
  g_test_add_func ("/sql/window/sort", test_sort);
  g_test_add_func ("/sql/window/max-rows", test_max_rows);
  g_test_add_func ("/sql/window/functions", test_functions);
  g_test_add_func ("/sql/window/join", test_join);

  return g_test_run ();
}
