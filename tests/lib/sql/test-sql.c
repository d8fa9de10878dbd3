/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <glib/gstdio.h>
#include <string.h>

#include "ef-test-loop.h"

/* Applications against what they amount to, and against their errors: tables in files, a case being
 * an application, a line "=>", and what is expected; a line "----" stands between two. */

static void
set_true (gboolean *flag)
{
  *flag = TRUE;
}

typedef void (*CaseFunc) (const char *application, const char *expected);

static void
run_cases (const char *file, CaseFunc check)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "lib", "sql", file, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) cases = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  cases = g_strsplit (strstr (text, "\n\n") + 2, "\n----\n", -1);
  g_assert_cmpuint (g_strv_length (cases), >, 5);

  for (guint i = 0; cases[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (cases[i], "\n=>\n", 2);

      g_assert_cmpuint (g_strv_length (parts), ==, 2);
      g_strchomp (parts[1]);
      g_test_message ("%s", parts[0]);
      check (parts[0], parts[1]);
    }
}

/* An application is what its description says, and stays that when it is printed and read again. */
static void
check_valid (const char *application, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EfPipelineSpec) spec = ef_pipeline_spec_new_from_sql (application, NULL, &error);
  g_autoptr (EfPipelineSpec) described = NULL;
  g_autoptr (EfPipelineSpec) again = NULL;
  g_autoptr (EfPipeline) pipeline = NULL;
  g_autofree char *text = NULL;
  g_autofree char *expected_text = NULL;

  g_assert_no_error (error);
  g_assert_true (ef_pipeline_text_is_sql (application));
  pipeline = ef_pipeline_new_from_sql (application, NULL, &error);
  g_assert_no_error (error);

  described = ef_pipeline_spec_new_from_description (expected, &error);
  g_assert_no_error (error);
  text = ef_pipeline_spec_to_string (spec);
  expected_text = ef_pipeline_spec_to_string (described);
  g_assert_cmpstr (text, ==, expected_text);

  again = ef_pipeline_spec_new_from_description (text, &error);
  g_assert_no_error (error);
  g_assert_true (ef_pipeline_spec_equal (spec, again));
}

static void
test_valid (void)
{
  run_cases ("valid.txt", check_valid);
}

static void
check_invalid (const char *application, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EfPipeline) pipeline = ef_pipeline_new_from_sql (application, NULL, &error);

  g_assert_null (pipeline);
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, ==, expected);
}

static void
test_invalid (void)
{
  run_cases ("invalid.txt", check_invalid);
}

/* Runs a pipeline until its streams end, and gives the lines that it wrote to a file. */
static char *
run_pipeline (EfPipelineSpec *spec, const char *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EfPipeline) pipeline = ef_pipeline_new_from_spec (spec, NULL, &error);
  gboolean ended = FALSE;
  char *lines = NULL;

  g_assert_no_error (error);
  g_signal_connect_swapped (ef_pipeline_get_bus (pipeline), "message::eos", G_CALLBACK (set_true),
                            &ended);
  ef_pipeline_start (pipeline, &error);
  g_assert_no_error (error);
  ef_test_wait_for (NULL, ended);
  ef_pipeline_stop (pipeline);
  ef_test_wait_for (NULL, ef_pipeline_get_state (pipeline) == EF_STATE_NULL);

  g_file_get_contents (file, &lines, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_remove (file), ==, 0);

  return lines;
}

/* An application runs, and so does the description that it is printed as, with the same results.
 * In @application, FILE stands for the file that it writes. */
static void
check_run (const char *application, const char *expected)
{
  g_autofree char *folder = g_dir_make_tmp ("ef-sql-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "out.jsonl", NULL);
  g_autoptr (GString) text = g_string_new (application);
  g_autoptr (GError) error = NULL;
  g_autoptr (EfPipelineSpec) spec = NULL;
  g_autoptr (EfPipelineSpec) described = NULL;
  g_autofree char *description = NULL;
  g_autofree char *lines = NULL;
  g_autofree char *described_lines = NULL;

  g_string_replace (text, "FILE", file, 0);
  spec = ef_pipeline_spec_new_from_sql (text->str, NULL, &error);
  g_assert_no_error (error);
  lines = run_pipeline (spec, file);
  g_assert_cmpstr (lines, ==, expected);

  description = ef_pipeline_spec_to_string (spec);
  described = ef_pipeline_spec_new_from_description (description, &error);
  g_assert_no_error (error);
  described_lines = run_pipeline (described, file);
  g_assert_cmpstr (described_lines, ==, lines);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_run (void)
{
  check_run ("@source(type='timer', count=6, interval.ms=1)\n"
             "CREATE STREAM Ticks (n LONG, at LONG);\n"
             "CREATE TABLE names (parity INT PRIMARY KEY, name STRING);\n"
             "INSERT INTO names VALUES (0, 'even'), (1, 'odd');\n"
             "SELECT name, n * 10 AS n FROM Ticks JOIN names ON parity = n % 2 INSERT INTO Named;\n"
             "SELECT name, sum(n) AS total FROM Named WINDOW LENGTHBATCH(4) GROUP BY name ORDER BY "
             "name\n"
             "INSERT INTO Totals;\n"
             "@sink(type='file', location='FILE', @map(type='json'))\n"
             "CREATE STREAM Totals (name STRING, total INT);\n",
             "{\"name\":\"even\",\"total\":20}\n{\"name\":\"odd\",\"total\":40}\n"
             "{\"name\":\"even\",\"total\":40}\n{\"name\":\"odd\",\"total\":50}\n");
}

/* What comes back to a stream goes on from there, to its sinks too, until nothing comes any more. */
static void
test_feedback (void)
{
  check_run ("@source(type='timer', count=1, interval.ms=1)\n"
             "CREATE STREAM Ticks (n LONG, at LONG);\n"
             "@sink(type='file', location='FILE', @map(type='json'))\n"
             "CREATE STREAM Numbers (n LONG);\n"
             "INSERT INTO Numbers SELECT n FROM Ticks;\n"
             "SELECT n + 1 AS n FROM Numbers WINDOW LENGTHBATCH(1) WHERE n < 4 INSERT INTO More;\n"
             "INSERT INTO Numbers SELECT n FROM More;\n",
             "{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n");
}

/* What does not fit a stream goes to the stream of dead letters, whatever order its columns have, and
 * queries take it from there. */
static void
test_dead_letters (void)
{
  check_run ("@source(type='timer', count=3, interval.ms=1, template='{\"a\":\"{{sequence}}x\"}',\n"
             "        error.strategy='dlq', error.dlq.stream='Dead', @map(type='json'))\n"
             "CREATE STREAM Raw (a INT);\n"
             "CREATE STREAM Dead (streamName STRING, timestamp LONG, attemptCount INT,\n"
             "  originalEvent STRING, errorMessage STRING, errorType STRING);\n"
             "SELECT originalEvent AS o, streamName AS s, errorType AS t, attemptCount AS n FROM Dead\n"
             "INSERT INTO Out;\n"
             "@sink(type='file', location='FILE', @map(type='json'))\n"
             "CREATE STREAM Out (o STRING, s STRING, t STRING, n INT);\n",
             "{\"o\":\"{\\\"a\\\":\\\"0x\\\"}\",\"s\":\"Raw\",\"t\":\"ef-error/data\",\"n\":1}\n"
             "{\"o\":\"{\\\"a\\\":\\\"1x\\\"}\",\"s\":\"Raw\",\"t\":\"ef-error/data\",\"n\":1}\n"
             "{\"o\":\"{\\\"a\\\":\\\"2x\\\"}\",\"s\":\"Raw\",\"t\":\"ef-error/data\",\"n\":1}\n");
}

/* Results that are given for columns by name, and a table that is filled by the trailing form. */
static void
test_names (void)
{
  check_run ("@source(type='timer', count=2, interval.ms=1)\n"
             "CREATE STREAM Ticks (n LONG, at LONG);\n"
             "SELECT n, n * 2 FROM Ticks INSERT INTO doubles (k, v);\n"
             "SELECT 'x', v FROM Ticks JOIN doubles ON k = n INSERT INTO Out (name, value);\n"
             "CREATE TABLE doubles (k LONG, v LONG);\n"
             "@sink(type='file', location='FILE', format='json')\n"
             "CREATE STREAM Out (value DOUBLE, other INT, name STRING);\n",
             "{\"value\":0.0,\"other\":null,\"name\":\"x\"}\n"
             "{\"value\":2.0,\"other\":null,\"name\":\"x\"}\n");
}

/* Tables in two files and in memory; those in files are there again for another run. */
static void
test_files (void)
{
  g_autofree char *folder = g_dir_make_tmp ("ef-sql-XXXXXX", NULL);
  g_autofree char *first = g_build_filename (folder, "first.db", NULL);
  g_autofree char *second = g_build_filename (folder, "second.db", NULL);
  g_autofree char *file = g_build_filename (folder, "out.jsonl", NULL);
  g_autofree char *application = g_strdup_printf (
    "@source(type='timer', count=1, interval.ms=1)\n"
    "CREATE STREAM Ticks (n LONG, at LONG);\n"
    "CREATE TABLE a (n LONG) WITH (\"sqlite.database\"='%s');\n"
    "CREATE TABLE b (n LONG) WITH (\"sqlite.database\"='%s');\n"
    "CREATE TABLE c (n LONG);\n"
    "INSERT INTO a SELECT n FROM Ticks;\n"
    "INSERT INTO b SELECT n FROM Ticks;\n"
    "INSERT INTO c SELECT n FROM Ticks;\n"
    "INSERT INTO Counts SELECT (SELECT count(*) FROM a) AS a, (SELECT count(*) FROM b) AS b, "
    "(SELECT count(*) FROM c) AS c FROM Ticks;\n"
    "@sink(type='file', location='%s', format='json')\n"
    "CREATE STREAM Counts (a LONG, b LONG, c LONG);\n",
    first, second, file);

  for (guint i = 1; i <= 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (EfPipelineSpec) spec = ef_pipeline_spec_new_from_sql (application, NULL, &error);
      g_autofree char *expected = g_strdup_printf ("{\"a\":%u,\"b\":%u,\"c\":1}\n", i, i);
      g_autofree char *lines = NULL;

      /* To be checked, nothing was opened. */
      g_assert_no_error (error);
      g_assert_cmpint (g_file_test (second, G_FILE_TEST_EXISTS), ==, i > 1);
      lines = run_pipeline (spec, file);
      g_assert_cmpstr (lines, ==, expected);
    }

  g_assert_cmpint (g_remove (first), ==, 0);
  g_assert_cmpint (g_remove (second), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_is_sql (void)
{
  static const char *const sql[] = { "CREATE STREAM a (b INT);", "-- words\n@source(type='x')",
                                     "/* a */ select a from b insert into c",
                                     "define table x (a)" };
  static const char *const launch[] = {
    "timersource ! fakesink",    "# words\ntimersource", "create ! sink", "select name=x ! y", "",
    "websocketsource url=ws://x"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sql); i++)
    g_assert_true (ef_pipeline_text_is_sql (sql[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (launch); i++)
    g_assert_false (ef_pipeline_text_is_sql (launch[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sql/valid", test_valid);
  g_test_add_func ("/sql/invalid", test_invalid);
  g_test_add_func ("/sql/run", test_run);
  g_test_add_func ("/sql/feedback", test_feedback);
  g_test_add_func ("/sql/dead-letters", test_dead_letters);
  g_test_add_func ("/sql/names", test_names);
  g_test_add_func ("/sql/files", test_files);
  g_test_add_func ("/sql/is-sql", test_is_sql);

  return g_test_run ();
}
