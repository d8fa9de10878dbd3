/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <glib/gstdio.h>
#include <string.h>

#include "ef-sql-harness.h"
#include "ef-sql.h"

#define TRADES "s STRING, p STRING, q DOUBLE, T LONG"

static void
test_projection (void)
{
  g_auto (EfSqlHarness) harness = { 0 };

  ef_sql_harness_init (&harness, TRADES, "query",
                       "SELECT s AS symbol, CAST(p AS DOUBLE) AS price, q * 2 twice, T FROM Trades "
                       "WHERE CAST(p AS DOUBLE) > 100",
                       NULL);
  ef_sql_harness_put (&harness, 0, "BTCUSDT|50000.5|0.25|9007199254740993");
  ef_sql_harness_put (&harness, 0, "DOGEUSDT|0.1|100|2");
  ef_sql_harness_put (&harness, 0, "ÄÖÜ|101||");
  ef_sql_harness_assert (&harness,
                         "{\"symbol\":\"BTCUSDT\",\"price\":50000.5,\"twice\":0.5,"
                         "\"T\":9007199254740993}\n"
                         "{\"symbol\":\"ÄÖÜ\",\"price\":101.0,\"twice\":null,\"T\":null}");
  ef_sql_harness_end (&harness);
  ef_sql_harness_assert (&harness, "end");
}

/* What one row in gives, with the columns a LONG, b DOUBLE, s STRING, f BOOL, j JSON, x BYTES. */
static const struct
{
  const char *query;
  const char *row;
  const char *expected;
} rows[] = {
  { "SELECT * FROM i", "1|1.5|x|true|[1,2]|",
    "{\"a\":1,\"b\":1.5,\"s\":\"x\",\"f\":true,\"j\":[1,2],\"x\":null}" },
  { "SELECT i.* FROM input AS i", "1|||||",
    "{\"a\":1,\"b\":null,\"s\":null,\"f\":null,\"j\":null,\"x\":null}" },
  { "SELECT CASE WHEN a > 1 THEN 'big' ELSE 'small' END AS size FROM i", "2|||||",
    "{\"size\":\"big\"}" },
  { "SELECT j ->> '$.k' AS k, j -> '$.l' AS l FROM i", "||||{\"k\":\"v\",\"l\":[1]}|",
    "{\"k\":\"v\",\"l\":\"[1]\"}" },
  { "SELECT json_object('a', a) AS o FROM i", "7|||||", "{\"o\":{\"a\":7}}" },
  { "SELECT CAST(a AS STRING) AS t, CAST(s AS LONG) AS n, CAST(s AS BOOL) AS y FROM i", "7||12|||",
    "{\"t\":\"7\",\"n\":12,\"y\":true}" },
  { "SELECT CAST('true' AS BOOL) AS t, CAST('false' AS BOOLEAN) AS f FROM i", "1|||||",
    "{\"t\":true,\"f\":false}" },
  { "SELECT CONCAT(s, '-', a) AS c, concat_ws('/', s, NULL, a) AS w FROM i", "7||k|||",
    "{\"c\":\"k-7\",\"w\":\"k/7\"}" },
  { "SELECT event_timestamp() AS t FROM i", "1|||||", "{\"t\":1767225600000}" },
  { "SELECT value AS v FROM i, json_each(i.j) ORDER BY 1 DESC", "||||[1,2,3]|",
    "{\"v\":3}\n{\"v\":2}\n{\"v\":1}" },
  { "SELECT a FROM i UNION ALL SELECT a + 1 FROM i", "1|||||", "{\"a\":1}\n{\"a\":2}" },
  { "WITH x AS (SELECT a * 2 AS d FROM i) SELECT d FROM x", "4|||||", "{\"d\":8}" },
  { "WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 3) SELECT k, a FROM "
    "i, n",
    "9|||||", "{\"k\":1,\"a\":9}\n{\"k\":2,\"a\":9}\n{\"k\":3,\"a\":9}" },
  { "SELECT a -- the number\n /* and no more */ FROM i;", "5|||||", "{\"a\":5}" },
  { "SELECT \"a\", [b], `s` FROM \"i\"", "5|0.5|z|||", "{\"a\":5,\"b\":0.5,\"s\":\"z\"}" },
  { "SELECT a FROM i WHERE s = '007'", "5||007|||", "{\"a\":5}" },
  { "SELECT a FROM i WHERE s = '7'", "5||007|||", "" },
  { "SELECT (SELECT count(*) FROM (VALUES (1), (2))) AS n FROM i", "5|||||", "{\"n\":2}" },
  { "SELECT a FROM i LIMIT 0", "5|||||", "" },
  { "SELECT max(a, b) AS m FROM i", "5|6.5||||", "{\"m\":6.5}" },
  { "SELECT 1 AS one FROM i", "|||||", "{\"one\":1}" },
  { "SELECT if(a > 1, 'x', 'y') AS x, ifThenElse(a > 9, 1, 2) AS y, nvl(s, 'none') AS z FROM i",
    "2|||||", "{\"x\":\"x\",\"y\":2,\"z\":\"none\"}" },
  { "SELECT greatest(a, 3) AS g, least(a, 3) AS l, char_length(s) AS c FROM i", "2||äö|||",
    "{\"g\":3,\"l\":2,\"c\":2}" },
  { "SELECT eventTimestamp() AS t, now() AS n, currentTimeMillis() AS m FROM i", "|||||",
    "{\"t\":1767225600000,\"n\":1767225600000,\"m\":1767225600000}" },
  { "SELECT reverse(s) AS r, repeat(s, 2) AS p, lpad(s, 4, '-+') AS l, rpad(s, 1) AS c FROM i",
    "||äb|||", "{\"r\":\"bä\",\"p\":\"äbäb\",\"l\":\"-+äb\",\"c\":\"ä\"}" },
  { "SELECT position('b' IN s) AS p, position('x' IN reverse(s)) AS n, 'b' IN ('b') AS i FROM i",
    "||äbc|||", "{\"p\":2,\"n\":0,\"i\":1}" },
  { "SELECT starts_with(s, 'ab') AS st, ends_with(s, 'b') AS e, contains(s, 'bc') AS c FROM i",
    "||abc|||", "{\"st\":true,\"e\":false,\"c\":true}" },
  { "SELECT s REGEXP '^a.c$' AS m, s REGEXP 'x' AS n FROM i", "||abc|||", "{\"m\":1,\"n\":0}" },
  { "SELECT convert(s, 'double') AS d, convert(a, 'string') AS t, convert(s, 'bool') AS f FROM i",
    "7||1.5|||", "{\"d\":1.5,\"t\":\"7\",\"f\":1}" },
  { "SELECT instanceOfString(s) AS s, instanceOfLong(b) AS l, is_null(x) AS n, is_not_null(x) AS m "
    "FROM i",
    "|1.5|a|||", "{\"s\":1,\"l\":0,\"n\":true,\"m\":false}" },
  { "SELECT length(uuid()) AS n FROM i", "|||||", "{\"n\":36}" },
  { "SELECT a FROM (SELECT a FROM i) WHERE a > 1", "2|||||", "{\"a\":2}" },
  { "SELECT str:upper(s) AS u, STR:Length(s) AS n, str:concat(s, '-', str:reverse(s)) AS c FROM i",
    "||abc|||", "{\"u\":\"ABC\",\"n\":3,\"c\":\"abc-cba\"}" },
  { "SELECT str:substr(s, 4) AS a, str:substr(s, 1, 2) AS b, str:substr(s, 9) AS c, "
    "str:charAt(s, 1) AS d, str:charAt(s, 5) AS e FROM i",
    "||äöüxy|||", "{\"a\":\"y\",\"b\":\"öü\",\"c\":\"\",\"d\":\"ö\",\"e\":null}" },
  { "SELECT str:equalsIgnoreCase(s, 'ÄB') AS e, str:contains(s, 'x') AS c, str:trim(' x ') AS t, "
    "str:coalesce(x, s) AS o FROM i",
    "||äb|||", "{\"e\":true,\"c\":false,\"t\":\"x\",\"o\":\"äb\"}" },
  { "SELECT math:abs(a) AS a, math:floor(b) AS f, math:ceil(b) AS c, math:power(2, 10) AS p, "
    "math:max(a, 2) AS m, math:sqrt(16) AS q, math:signum(a) AS s FROM i",
    "-3|1.5||||", "{\"a\":3,\"f\":1.0,\"c\":2.0,\"p\":1024.0,\"m\":2,\"q\":4.0,\"s\":-1}" },
  { "SELECT round(math:toDegrees(math:pi()), 6) AS d, CAST(math:round(b) AS LONG) AS r FROM i",
    "|2.5||||", "{\"d\":180.0,\"r\":3}" },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (EfSqlHarness) harness = { 0 };
      g_autofree char *errors = NULL;

      g_test_message ("%s", rows[i].query);
      ef_sql_harness_init (&harness, "a LONG, b DOUBLE, s STRING, f BOOL, j JSON, x BYTES", "query",
                           rows[i].query, NULL);
      ef_sql_harness_put (&harness, 0, rows[i].row);
      errors = ef_sql_harness_take_errors (&harness);
      g_assert_cmpstr (errors, ==, "");
      ef_sql_harness_assert (&harness, rows[i].expected);
    }
}

static void
assert_schema (const char *query, const char *expected)
{
  g_autoptr (EfElement) element = g_object_new (
    EF_TYPE_SQL, "query", query, "input-schema", "a INT, b DOUBLE, s STRING, j JSON, T LONG",
    "init-sql", "CREATE TABLE t (k STRING PRIMARY KEY, v DOUBLE, n LONG)", NULL);
  g_autoptr (EfSchema) schema = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  EfQueryPlace place;

  ef_query_check (EF_QUERY (element), &schema, &place, &error);
  g_assert_no_error (error);
  text = schema != NULL ? ef_schema_to_string (schema) : NULL;
  g_assert_cmpstr (text, ==, expected);
}

static void
test_schemas (void)
{
  assert_schema ("SELECT * FROM i", "a INT, b DOUBLE, s STRING, j JSON, T LONG");
  assert_schema ("SELECT s AS symbol, CAST(s AS DOUBLE) AS price FROM i",
                 "symbol STRING, price DOUBLE");
  assert_schema ("SELECT i.s, t.v, n FROM i JOIN t ON t.k = i.s", "s STRING, v DOUBLE, n LONG");
  assert_schema (
    "SELECT upper(s) u, length(s) AS l, event_timestamp() AS e, 'x' AS x, 1 AS o, 1.5 AS h FROM i",
    "u STRING, l LONG, e LONG, x STRING, o LONG, h DOUBLE");
  assert_schema ("SELECT a + 1 AS x, b FROM i", "x ANY, b DOUBLE");
  assert_schema ("SELECT maxForever(a) AS m, minForever(i.s) AS n, str:upper(s) AS u, math:max(a, b) AS x "
                 "FROM i",
                 "m INT, n STRING, u STRING, x ANY");
  assert_schema ("SELECT s FROM (SELECT * FROM i)", "s STRING");
  assert_schema ("INSERT INTO t SELECT s, b, T FROM i", NULL);
  assert_schema ("DELETE FROM t WHERE k IN (SELECT s FROM i) RETURNING k", "k STRING");
}

static void
test_rejects (void)
{
  g_auto (EfSqlHarness) harness = { 0 };
  g_autoptr (EfBatch) batch = ef_batch_new ();
  g_autofree char *errors = NULL;

  ef_sql_harness_init (&harness, "s STRING", "query", "SELECT s FROM i", "schema", "n INT", NULL);
  ef_batch_append (batch, ef_sql_harness_make_row (&harness, 0, "1"));
  ef_batch_append (batch, ef_sql_harness_make_row (&harness, 0, "x1"));
  ef_batch_append (batch, ef_sql_harness_make_row (&harness, 0, "2147483648"));
  ef_batch_append (batch, ef_sql_harness_make_row (&harness, 0, "-3"));
  ef_sql_harness_push (&harness, batch);
  ef_sql_harness_assert (&harness, "{\"n\":1}\n{\"n\":-3}");

  errors = ef_sql_harness_take_errors (&harness);
  g_assert_nonnull (strstr (errors, "the text “x1” does not fit the column “n INT”"));
  g_assert_nonnull (strstr (errors, "the text “2147483648” does not fit"));
  g_assert_cmpuint (ef_sql_harness_get_stat (&harness, "rejected"), ==, 2);
}

/* A row for which SQLite fails goes by itself too, with all that it had given. */
static void
test_failing_row (void)
{
  g_auto (EfSqlHarness) harness = { 0 };
  g_autofree char *errors = NULL;

  ef_sql_harness_init (&harness, "j STRING", "query", "SELECT value AS v FROM i, json_each(i.j)",
                       "schema", "v LONG", NULL);
  ef_sql_harness_put (&harness, 0, "[1,2]");
  ef_sql_harness_put (&harness, 0, "[3");
  ef_sql_harness_put (&harness, 0, "[4,\"x\",5]");
  ef_sql_harness_put (&harness, 0, "[6]");
  ef_sql_harness_assert (&harness, "{\"v\":1}\n{\"v\":2}\n{\"v\":6}");
  errors = ef_sql_harness_take_errors (&harness);
  g_assert_nonnull (strstr (errors, "malformed JSON"));
  g_assert_nonnull (strstr (errors, "the text “x” does not fit the column “v LONG”"));
}

/* Columns that change: the query is compiled anew, and fits again. */
static void
test_changing_columns (void)
{
  g_auto (EfSqlHarness) harness = { 0 };
  g_autofree char *errors = NULL;

  ef_sql_harness_init (&harness, "a LONG", "query", "SELECT a FROM i", NULL);
  ef_sql_harness_put (&harness, 0, "1");
  ef_schema_unref (harness.schema);
  harness.schema = ef_schema_parse ("b LONG", NULL);
  ef_sql_harness_put (&harness, 0, "2");
  ef_schema_unref (harness.schema);
  harness.schema = ef_schema_parse ("z STRING, a STRING", NULL);
  ef_sql_harness_put (&harness, 0, "x|3");
  ef_sql_harness_assert (&harness, "{\"a\":1}\n{\"a\":\"3\"}");
  errors = ef_sql_harness_take_errors (&harness);
  g_assert_nonnull (strstr (errors, "no such column: a"));
}

static void
test_tables (void)
{
  g_auto (EfSqlHarness) harness = { 0 };

  ef_sql_harness_init (&harness, "k STRING, n LONG", "query",
                       "SELECT i.k, name, n FROM i JOIN names ON names.k = i.k", "init-sql",
                       "CREATE TABLE names (k STRING PRIMARY KEY, name STRING); "
                       "INSERT INTO names VALUES ('007', 'Bond'), ('7', 'seven')",
                       NULL);
  ef_sql_harness_put (&harness, 0, "007|1");
  ef_sql_harness_put (&harness, 0, "8|1");
  ef_sql_harness_put (&harness, 0, "7|2");
  ef_sql_harness_assert (
    &harness,
    "{\"k\":\"007\",\"name\":\"Bond\",\"n\":1}\n{\"k\":\"7\",\"name\":\"seven\",\"n\":2}");
}

/* However a stream is joined to tables, the results are the same. */
static void
test_joins (void)
{
  static const char one[] = "{\"n\":1,\"name\":\"one\"}";
  static const char both[] = "{\"n\":1,\"name\":\"one\"}\n{\"n\":2,\"name\":null}";
  static const struct
  {
    const char *from;
    const char *expected;
  } joins[] = {
    { "i JOIN names ON names.k = i.k", one },
    { "i INNER JOIN names ON names.k = i.k", one },
    { "i CROSS JOIN names ON names.k = i.k", one },
    { "i, names WHERE names.k = i.k", one },
    { "i AS x JOIN names ON names.k = x.k", one },
    { "\"i\" x, names y WHERE y.k = x.k", one },
    { "i NATURAL JOIN names", one },
    { "i JOIN names USING (k)", one },
    { "names JOIN i ON names.k = i.k", one },
    { "i LEFT JOIN names ON names.k = i.k", both },
    { "i LEFT OUTER JOIN names USING (k)", both },
    { "i x LEFT JOIN names ON names.k = x.k", both },
    { "i JOIN more ON more.k = i.k LEFT JOIN names ON names.k = i.k", both },
    { "i, more LEFT JOIN names ON names.k = i.k WHERE more.k = i.k", both },
    { "(i JOIN names ON names.k = i.k)", one },
    { "names RIGHT JOIN i ON names.k = i.k", both },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (joins); i++)
    {
      g_auto (EfSqlHarness) harness = { 0 };
      g_autofree char *query = g_strconcat ("SELECT n, name FROM ", joins[i].from, NULL);

      g_test_message ("%s", query);
      ef_sql_harness_init (&harness, "k STRING, n LONG", "query", query, "stream", "i", "init-sql",
                           "CREATE TABLE names (k STRING PRIMARY KEY, name STRING);"
                           "CREATE TABLE more (k STRING);"
                           "INSERT INTO names VALUES ('a', 'one'); INSERT INTO more VALUES ('a'), ('b')",
                           NULL);
      ef_sql_harness_put (&harness, 0, "a|1");
      ef_sql_harness_put (&harness, 0, "b|2");
      ef_sql_harness_assert (&harness, joins[i].expected);
    }
}

#define COUNTS "CREATE TABLE IF NOT EXISTS counts (k STRING PRIMARY KEY, n LONG)"

static void
count (const char *database, const char *row)
{
  g_auto (EfSqlHarness) harness = { 0 };
  g_autofree char *errors = NULL;

  ef_sql_harness_init (&harness, "k STRING", "database", database, "init-sql", COUNTS, "query",
                       "INSERT INTO counts SELECT k, 1 FROM i WHERE true "
                       "ON CONFLICT (k) DO UPDATE SET n = n + 1",
                       NULL);
  ef_sql_harness_put (&harness, 0, row);
  ef_sql_harness_assert (&harness, "");
  errors = ef_sql_harness_take_errors (&harness);
  g_assert_cmpstr (errors, ==, "");
}

/* Elements that name the same database see the same tables, at once. */
static void
test_shared_tables (void)
{
  g_auto (EfSqlHarness) reader = { 0 };

  ef_sql_harness_init (&reader, "x STRING", "database", "memory:counts", "init-sql", COUNTS,
                       "query", "SELECT k, n FROM i, counts ORDER BY k", NULL);
  count ("memory:counts", "a");
  count ("memory:counts", "b");
  count ("memory:counts", "a");
  count ("memory:other", "a");
  ef_sql_harness_put (&reader, 0, "x");
  ef_sql_harness_assert (&reader, "{\"k\":\"a\",\"n\":2}\n{\"k\":\"b\",\"n\":1}");
}

/* What is in a file is there the next time. */
static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("ef-sql-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "counts.db", NULL);
  g_autofree char *command = NULL;

  count (file, "a");
  count (file, "a");
  {
    g_auto (EfSqlHarness) reader = { 0 };

    ef_sql_harness_init (&reader, "x STRING", "database", file, "init-sql", COUNTS, "query",
                         "SELECT k, n FROM i, counts", NULL);
    ef_sql_harness_put (&reader, 0, "x");
    ef_sql_harness_assert (&reader, "{\"k\":\"a\",\"n\":2}");
  }

  g_assert_cmpint (g_remove (file), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_update (void)
{
  g_auto (EfSqlHarness) harness = { 0 };

  ef_sql_harness_init (&harness, "k STRING, n LONG", "init-sql",
                       "CREATE TABLE t (k STRING, n LONG); INSERT INTO t VALUES ('a', 1), ('b', 2)",
                       "query", "UPDATE t SET n = t.n + i.n FROM i WHERE t.k = i.k RETURNING k, n",
                       NULL);
  ef_sql_harness_put (&harness, 0, "a|10");
  ef_sql_harness_put (&harness, 0, "c|10");
  ef_sql_harness_put (&harness, 0, "a|10");
  ef_sql_harness_assert (&harness, "{\"k\":\"a\",\"n\":11}\n{\"k\":\"a\",\"n\":21}");
}

/* What is wrong is found before the first event, and shown. */
static const struct
{
  const char *key;
  const char *value;
  const char *expected;
} wrong[] = {
  { "query", "SELECT a FRO i",
    "property “query”, 1:14: near \"i\": syntax error\n  SELECT a FRO i\n               ^" },
  { "query", "SELECT a,\n  pricee\nFROM i",
    "property “query”, 2:3: no such column: pricee; did you mean “price”?\n    pricee\n    ^" },
  { "query", "SELECT CAST(a AS STRING), prize FROM i",
    "1:27: no such column: prize; did you mean “price”?" },
  { "query", "SELECT lenght(s) FROM i", "1:8: no such function: lenght; did you mean “length”?" },
  { "query", "SELECT a FROM i JOIN tabel ON true",
    "1:22: no such table: tabel; did you mean “table1”?" },
  { "query", "SELECT sum(a) FROM i", "1:8: sum() needs a window" },
  { "query", "SELECT math:max(a) FROM i", "1:8: math:max() needs a window" },
  { "query", "SELECT str:uper(s) FROM i",
    "1:8: no such function: str:uper; did you mean “str:upper”?" },
  { "query", "SELECT time:now() FROM i", "1:8: no such function: time:now; prefixes are" },
  { "query", "SELECT str :upper(s) FROM i", "1:12: there is nothing to bind to a parameter here" },
  { "query", "SELECT maxForver(a) FROM i",
    "1:8: no such function: maxForver; did you mean “maxForever”?" },
  { "query", "SELECT maxForever() FROM i", "1:8: maxForever() takes one value" },
  { "query", "SELECT 1, minForever(a, s) FROM i", "1:11: minForever() takes one value" },
  { "query", "SELECT maxForever(a) OVER () FROM i", "1:8: maxForever() has no OVER" },
  { "query", "SELECT a FROM i GROUP BY maxForever(a)", "1:26: maxForever() is what a group gives" },
  { "query", "SELECT maxForever(aa) FROM i GROUP BY s", "1:19: no such column: aa" },
  { "query", "SELECT s, sum(a), maxForever(a) FROM i GROUP BY s", "1:11: sum() needs a window" },
  { "query", "SELECT a FROM i GROUP BY a", "1:17: GROUP BY needs a window" },
  { "query", "SELECT a FROM i; SELECT a FROM i", "1:17: a query is one statement" },
  { "query", "SELECT a, FROM i", "1:11: near \"FROM\": syntax error" },
  { "query", "SELECT 'a FROM i", "1:8: this is not closed" },
  { "query", "SELECT (a FROM i", "1:8: this “(” is not closed" },
  { "query", "SELECT ?1 FROM i", "1:8: there is nothing to bind" },
  { "query", "SELECT \"nix\" FROM i", "1:8: no such column: nix" },
  { "query", "SELECT 1", "no stream to read from" },
  { "query", "SELECT a, a FROM i", "a" },
  { "schema", "x LONG, y LONG", "the query has 1 results, but what it makes has 2 columns" },
  { "schema", "x LONK",
    "property “schema”: schema “x LONK”, character 3: “LONK” is no type; did you mean “LONG”?" },
  { "window", "TUMBLNG(1 min)",
    "property “window”, 1:1: “TUMBLNG” is no window; did you mean “tumbling”?" },
  { "window", "EXTERNALTIMEBATCH(aa, 1 min)", "property “window”, 1:19: no such column: aa" },
  { "init-sql", "CREATE TABLE x (a LONG); INSERT INTO xx VALUES (1)",
    "property “init-sql”, 1:26: no such table: xx" },
};

static void
test_wrong (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *message =
        ef_sql_harness_fail ("input-schema", "a LONG, s STRING, price DOUBLE", "init-sql",
                             "CREATE TABLE table1 (x LONG)", "query", "SELECT a FROM i",
                             wrong[i].key, wrong[i].value, NULL);

      g_test_message ("%s=%s: %s", wrong[i].key, wrong[i].value, message);
      g_assert_nonnull (strstr (message, wrong[i].expected));
    }
}

/* Without input-schema too, as far as that goes. */
static void
test_wrong_syntax (void)
{
  g_autofree char *message = ef_sql_harness_fail ("query", "SELECT a FORM i", NULL);

  g_assert_nonnull (strstr (message, "1:"));
  g_assert_nonnull (strstr (message, "syntax error"));
  g_free (message);

  message = ef_sql_harness_fail ("query", "SELECT math:sqr(a) FROM i", NULL);
  g_assert_nonnull (strstr (message, "1:8: no such function: math:sqr; did you mean “math:sqrt”?"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sql/query/projection", test_projection);
  g_test_add_func ("/sql/query/rows", test_rows);
  g_test_add_func ("/sql/query/schemas", test_schemas);
  g_test_add_func ("/sql/query/rejects", test_rejects);
  g_test_add_func ("/sql/query/failing-row", test_failing_row);
  g_test_add_func ("/sql/query/changing-columns", test_changing_columns);
  g_test_add_func ("/sql/query/tables", test_tables);
  g_test_add_func ("/sql/query/joins", test_joins);
  g_test_add_func ("/sql/query/shared-tables", test_shared_tables);
  g_test_add_func ("/sql/query/file", test_file);
  g_test_add_func ("/sql/query/update", test_update);
  g_test_add_func ("/sql/query/wrong", test_wrong);
  g_test_add_func ("/sql/query/wrong-syntax", test_wrong_syntax);

  return g_test_run ();
}
