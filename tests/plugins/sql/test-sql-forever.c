/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <string.h>

#include "ef-sql-harness.h"

/* minForever() and maxForever(): what they say as events come. */

#define SECOND G_USEC_PER_SEC

/* Rows that are put in one by one, and all that comes of them. */
static const struct
{
  const char *query;
  const char *rows; /* s|p|n, separated by spaces */
  const char *expected;
} cases[] = {
  { "SELECT maxForever(p) AS x, minForever(p) AS n FROM t", "a|2| a|3| a|1| a|2.5|",
    "{\"x\":2.0,\"n\":2.0}\n{\"x\":3.0,\"n\":2.0}\n{\"x\":3.0,\"n\":1.0}\n{\"x\":3.0,\"n\":1.0}" },
  /* NULL says nothing; there is none before the first value. */
  { "SELECT maxForever(n) AS x FROM t", "a|| a||-5 a|| a||-9 a||9007199254740993 a||9007199254740992",
    "{\"x\":null}\n{\"x\":-5}\n{\"x\":-5}\n{\"x\":-5}\n{\"x\":9007199254740993}\n"
    "{\"x\":9007199254740993}" },
  /* An event that WHERE leaves out neither counts nor gives a result. */
  { "SELECT maxForever(p) AS x FROM t WHERE n > 0", "a|1|1 a|9|0 a|2|1",
    "{\"x\":1.0}\n{\"x\":2.0}" },
  { "SELECT s, maxForever(p) AS x FROM t GROUP BY s", "a|2| b|9| a|1| b|10| c|| a|3|",
    "{\"s\":\"a\",\"x\":2.0}\n{\"s\":\"b\",\"x\":9.0}\n{\"s\":\"a\",\"x\":2.0}\n"
    "{\"s\":\"b\",\"x\":10.0}\n{\"s\":\"c\",\"x\":null}\n{\"s\":\"a\",\"x\":3.0}" },
  { "SELECT s, maxForever(p) AS x FROM t WHERE n > 0 GROUP BY s", "a|1|1 a|9|0", "{\"s\":\"a\",\"x\":1.0}" },
  /* By two columns, by an expression with a type of ours, by a name and by a number of a result. */
  { "SELECT maxForever(p) AS x FROM t GROUP BY s, n", "a|1|1 a|2|2 a|0|1 a|0|2",
    "{\"x\":1.0}\n{\"x\":2.0}\n{\"x\":1.0}\n{\"x\":2.0}" },
  { "SELECT minForever(p) AS x FROM t GROUP BY CAST(n AS STRING), s", "a|1|1 a|2|2 a|5|2",
    "{\"x\":1.0}\n{\"x\":2.0}\n{\"x\":2.0}" },
  { "SELECT str:upper(s) AS k, maxForever(p) AS x FROM t GROUP BY k", "a|1| b|5| A|0|",
    "{\"k\":\"A\",\"x\":1.0}\n{\"k\":\"B\",\"x\":5.0}\n{\"k\":\"A\",\"x\":1.0}" },
  { "SELECT lower(s) k, maxForever(p) AS x FROM t GROUP BY 1", "a|1| b|5| A|0|",
    "{\"k\":\"a\",\"x\":1.0}\n{\"k\":\"b\",\"x\":5.0}\n{\"k\":\"a\",\"x\":1.0}" },
  { "SELECT s, maxForever(p) AS x FROM t GROUP BY s HAVING maxForever(p) > 2", "a|1| a|3| b|1| a|0|",
    "{\"s\":\"a\",\"x\":3.0}\n{\"s\":\"a\",\"x\":3.0}" },
  { "SELECT s, p FROM t WHERE p >= maxForever(p)", "a|1| b|0| c|2| d|2| e|1|",
    "{\"s\":\"a\",\"p\":1.0}\n{\"s\":\"c\",\"p\":2.0}\n{\"s\":\"d\",\"p\":2.0}" },
  { "SELECT maxForever(p) - minForever(p) AS spread, MAXFOREVER(s) AS s FROM t", "a|1| c|5| b|3|",
    "{\"spread\":0.0,\"s\":\"a\"}\n{\"spread\":4.0,\"s\":\"c\"}\n{\"spread\":4.0,\"s\":\"c\"}" },
  { "SELECT x FROM (SELECT s, maxForever(p) AS x FROM t GROUP BY s) WHERE x > 1", "a|1| b|2| a|0| b|0|",
    "{\"x\":2.0}\n{\"x\":2.0}" },
  { "SELECT maxForever(abs(n) + (1)) AS x FROM t", "a||-5 a||3", "{\"x\":6}\n{\"x\":6}" },
};

static void
put_all (EfSqlHarness *harness, const char *rows)
{
  g_auto (GStrv) parts = g_strsplit (rows, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    ef_sql_harness_put (harness, i, parts[i]);
}

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (EfSqlHarness) harness = { 0 };
      g_autofree char *errors = NULL;

      g_test_message ("%s", cases[i].query);
      ef_sql_harness_init (&harness, "s STRING, p DOUBLE, n LONG", "query", cases[i].query, NULL);
      put_all (&harness, cases[i].rows);
      errors = ef_sql_harness_take_errors (&harness);
      g_assert_cmpstr (errors, ==, "");
      ef_sql_harness_assert (&harness, cases[i].expected);
    }
}

/* Over all that any window has had, though the rows themselves are gone. */
static void
test_window (void)
{
  g_auto (EfSqlHarness) harness = { 0 };

  ef_sql_harness_init (&harness, "s STRING, p DOUBLE", "window", "LENGTHBATCH(3)", "query",
                       "SELECT s, max(p) AS now, maxForever(p) AS ever, count(*) AS n FROM t "
                       "GROUP BY s ORDER BY s",
                       NULL);
  put_all (&harness, "a|5 b|1 a|2");
  ef_sql_harness_assert (&harness, "{\"s\":\"a\",\"now\":5.0,\"ever\":5.0,\"n\":2}\n"
                                   "{\"s\":\"b\",\"now\":1.0,\"ever\":1.0,\"n\":1}");
  put_all (&harness, "a|1 c|7 a|4");
  ef_sql_harness_assert (&harness, "{\"s\":\"a\",\"now\":4.0,\"ever\":5.0,\"n\":2}\n"
                                   "{\"s\":\"c\",\"now\":7.0,\"ever\":7.0,\"n\":1}");
  put_all (&harness, "b|0 b| b|0.5");
  ef_sql_harness_assert (&harness, "{\"s\":\"b\",\"now\":0.5,\"ever\":1.0,\"n\":3}");
}

static void
test_window_by_time (void)
{
  g_auto (EfSqlHarness) harness = { 0 };

  ef_sql_harness_init (&harness, "p DOUBLE", "window", "TUMBLING(1 s)", "query",
                       "SELECT minForever(p) AS ever, count(*) AS n FROM t WHERE p < 10", NULL);
  ef_sql_harness_put (&harness, 0, "3");
  ef_sql_harness_put (&harness, 1, "4");
  ef_sql_harness_advance (&harness, SECOND);
  ef_sql_harness_assert (&harness, "{\"ever\":3.0,\"n\":2}");

  /* Not one row of this window is left. */
  ef_sql_harness_put (&harness, SECOND + 1, "20");
  ef_sql_harness_advance (&harness, SECOND);
  ef_sql_harness_assert (&harness, "{\"ever\":3.0,\"n\":0}");
}

/* As many groups as may be: events of others are rejected, those of known ones are not. */
static void
test_bound (void)
{
  g_auto (EfSqlHarness) harness = { 0 };
  g_autofree char *errors = NULL;

  ef_sql_harness_init (&harness, "s STRING, p DOUBLE", "window-max-rows", "2", "query",
                       "SELECT s, maxForever(p) AS x FROM t GROUP BY s", NULL);
  put_all (&harness, "a|1 b|2 c|3 a|4");
  ef_sql_harness_assert (
    &harness, "{\"s\":\"a\",\"x\":1.0}\n{\"s\":\"b\",\"x\":2.0}\n{\"s\":\"a\",\"x\":4.0}");
  errors = ef_sql_harness_take_errors (&harness);
  g_assert_nonnull (
    strstr (errors, "maxForever() remembers no more than 2 groups, as window-max-rows says"));
}

/* Two queries on one database remember each for itself, and anew when they start again. */
static void
test_queries_apart (void)
{
  for (int run = 0; run < 2; run++)
    {
      g_auto (EfSqlHarness) one = { 0 };
      g_auto (EfSqlHarness) other = { 0 };

      ef_sql_harness_init (&one, "p LONG", "database", "memory:shared", "query",
                           "SELECT maxForever(p) AS x FROM t", NULL);
      ef_sql_harness_init (&other, "p LONG", "database", "memory:shared", "query",
                           "SELECT maxForever(p) AS x FROM t", NULL);
      ef_sql_harness_put (&one, 0, "5");
      ef_sql_harness_put (&other, 0, "3");
      ef_sql_harness_put (&one, 0, "4");
      ef_sql_harness_assert (&one, "{\"x\":5}\n{\"x\":5}");
      ef_sql_harness_assert (&other, "{\"x\":3}");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sql/forever/cases", test_cases);
  g_test_add_func ("/sql/forever/window", test_window);
  g_test_add_func ("/sql/forever/window-by-time", test_window_by_time);
  g_test_add_func ("/sql/forever/bound", test_bound);
  g_test_add_func ("/sql/forever/queries-apart", test_queries_apart);

  return g_test_run ();
}
