/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-tool.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

/* eventflux-launch as a person at a shell meets it. */

#define LAUNCH ef_test_tool_get_launch ()

static void
test_end_of_stream (void)
{
  g_auto (EfTestTool) tool = { 0 };
  g_auto (EfTestTool) quiet = { 0 };

  ef_test_tool_run (&tool, LAUNCH, "testsource", "count=5", "!", "testsink", NULL);
  g_assert_cmpstr (tool.err, ==, "playing\nend of stream\n");
  g_assert_cmpstr (tool.out, ==, "");
  g_assert_cmpint (tool.status, ==, 0);

  ef_test_tool_run (&quiet, LAUNCH, "-q", "testsource count=5 ! testqueue ! testsink", NULL);
  g_assert_cmpstr (quiet.err, ==, "");
  g_assert_cmpint (quiet.status, ==, 0);
}

/* The error shows the place in what the person typed, as it was put together again. */
static void
test_description_errors (void)
{
  g_auto (EfTestTool) value = { 0 };
  g_auto (EfTestTool) element = { 0 };

  ef_test_tool_run (&value, LAUNCH, "testsource", "secret=a b", "count=many", "!", "testsink",
                    NULL);
  g_assert_cmpstr (
    value.err, ==,
    "eventflux-launch: description:1:31: testsource0: property “count”: “many” is no "
    "whole number\n"
    "  testsource secret='a b' count=many ! testsink\n"
    "                                ^\n");
  g_assert_cmpint (value.status, ==, 2);

  ef_test_tool_run (&element, LAUNCH, "testsource", "!", "testsnk", NULL);
  ef_test_assert_has (element.err, "no element is called “testsnk”; did you mean “testsink”?");
  g_assert_cmpint (element.status, ==, 2);
}

static char *
write_file (const char *folder, const char *name, const char *contents)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);

  return path;
}

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("eventflux-XXXXXX", NULL);
  g_autofree char *good =
    write_file (folder, "good.eventflux", "# counts\ntestsource\n  count=3\n  ! testsink\n");
  g_autofree char *bad = write_file (folder, "bad.eventflux", "testsource\n  ! testsnk\n");
  g_autofree char *expected = g_strdup_printf ("%s:2:5: no element", bad);
  g_auto (EfTestTool) one = { 0 };
  g_auto (EfTestTool) two = { 0 };
  g_auto (EfTestTool) three = { 0 };

  ef_test_tool_run (&one, LAUNCH, good, NULL);
  g_assert_cmpint (one.status, ==, 0);

  ef_test_tool_run (&two, LAUNCH, bad, NULL);
  ef_test_assert_has (two.err, expected);
  g_assert_cmpint (two.status, ==, 2);

  ef_test_tool_run (&three, LAUNCH, "/nowhere/x.eventflux", NULL);
  ef_test_assert_has (three.err, "/nowhere/x.eventflux");
  g_assert_cmpint (three.status, ==, 2);

  g_unlink (good);
  g_unlink (bad);
  g_rmdir (folder);
}

static void
test_usage (void)
{
  g_auto (EfTestTool) nothing = { 0 };
  g_auto (EfTestTool) option = { 0 };
  g_auto (EfTestTool) stats = { 0 };
  g_auto (EfTestTool) version = { 0 };
  g_auto (EfTestTool) help = { 0 };

  ef_test_tool_run (&nothing, LAUNCH, NULL);
  ef_test_assert_has (nothing.err, "expected a description");
  g_assert_cmpint (nothing.status, ==, 2);

  ef_test_tool_run (&option, LAUNCH, "--nonsense", "testsource", NULL);
  g_assert_cmpint (option.status, ==, 2);

  ef_test_tool_run (&stats, LAUNCH, "--stats=soon", "testsource", NULL);
  ef_test_assert_has (stats.err, "“soon” is no number of seconds");
  g_assert_cmpint (stats.status, ==, 2);

  ef_test_tool_run (&version, LAUNCH, "--version", NULL);
  g_assert_true (
    g_regex_match_simple ("^eventflux-launch \\d+\\.\\d+\\.\\d+\n$", version.out, 0, 0));
  g_assert_cmpint (version.status, ==, 0);

  ef_test_tool_run (&help, LAUNCH, "--help", NULL);
  ef_test_assert_has (help.out, "--eos-on-interrupt");
  g_assert_cmpint (help.status, ==, 0);
}

/* A failure is told once; whether it is the configuration's or the world's shows in the status. */
static void
test_failures (void)
{
  g_auto (EfTestTool) open = { 0 };
  g_auto (EfTestTool) prepare = { 0 };
  g_auto (EfTestTool) playing = { 0 };

  ef_test_tool_run (&open, LAUNCH, "testsource", "fail-at=open", "!", "testsink", NULL);
  g_assert_cmpstr (open.err, ==, "eventflux-launch: testsource0: nobody is there\n");
  g_assert_cmpint (open.status, ==, 1);

  ef_test_tool_run (&prepare, LAUNCH, "testsource", "fail-at=prepare", "!", "testsink", NULL);
  g_assert_cmpstr (prepare.err, ==, "eventflux-launch: testsource0: told to fail\n");
  g_assert_cmpint (prepare.status, ==, 2);

  ef_test_tool_run (&playing, LAUNCH, "testsource", "fail-at=events", "count=2", "!", "testqueue",
                    "!", "testsink", NULL);
  g_assert_cmpuint (ef_test_count (playing.err, "the peer is gone"), ==, 1);
  ef_test_assert_has_not (playing.err, "end of stream");
  g_assert_cmpint (playing.status, ==, 1);
}

static void
test_dot (void)
{
  g_autofree char *folder = g_dir_make_tmp ("eventflux-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "graph.dot", NULL);
  g_autofree char *option = g_strconcat ("--dot=", path, NULL);
  g_autofree char *dot = NULL;
  g_autofree char *failed = NULL;
  g_auto (EfTestTool) one = { 0 };
  g_auto (EfTestTool) two = { 0 };
  g_auto (EfTestTool) three = { 0 };

  ef_test_tool_run (&one, LAUNCH, option, "testsource", "count=5", "secret=sesame", "!", "testsink",
                    NULL);
  g_assert_cmpint (one.status, ==, 0);
  g_assert_true (g_file_get_contents (path, &dot, NULL, NULL));
  ef_test_assert_has (dot, "testsource, playing");
  ef_test_assert_has (dot, "\"testsource0\" -> \"testsink0\"");
  ef_test_assert_has_not (dot, "sesame");

  ef_test_tool_run (&two, LAUNCH, option, "testsource", "fail-at=open", "!", "testsink", NULL);
  g_assert_cmpint (two.status, ==, 1);
  g_assert_true (g_file_get_contents (path, &failed, NULL, NULL));
  ef_test_assert_has (failed, "testsource, ready");

  ef_test_tool_run (&three, LAUNCH, "--dot=/nowhere/graph.dot", "testsource", "!", "testsink",
                    NULL);
  ef_test_assert_has (three.err, "/nowhere/graph.dot");
  g_assert_cmpint (three.status, ==, 1);

  g_unlink (path);
  g_rmdir (folder);
}

static void
test_verbose (void)
{
  g_auto (EfTestTool) verbose = { 0 };
  g_auto (EfTestTool) messages = { 0 };

  ef_test_tool_run (&verbose, LAUNCH, "-v", "testsource", "count=5", "secret=sesame", "!",
                    "testsink", NULL);
  ef_test_assert_has (verbose.err, "testsource0: count = 5\n");
  ef_test_assert_has (verbose.err, "testsource0: secret = ");
  ef_test_assert_has_not (verbose.err, "sesame");
  ef_test_assert_has (verbose.err, "testsink0: state-changed old=null new=ready\n");
  ef_test_assert_has (verbose.err, "pipeline: state-changed");

  ef_test_tool_run (&messages, LAUNCH, "-q", "-m", "testsource", "count=5", "!", "testsink", NULL);
  ef_test_assert_has (messages.err, "pipeline: eos\n");
  ef_test_assert_has_not (messages.err, "testsink0: eos");
}

static void
test_validate (void)
{
  g_auto (EfTestTool) well = { 0 };
  g_auto (EfTestTool) gone = { 0 };
  g_auto (EfTestTool) wrong = { 0 };

  ef_test_tool_run (&well, LAUNCH, "--validate", "testsource", "!", "testqueue", "!", "testsink",
                    NULL);
  ef_test_assert_has (well.out, "testsource0: well, the endpoint answers\n");
  ef_test_assert_has (well.out, "testsink0: well\n");
  ef_test_assert_has_not (well.err, "playing");
  g_assert_cmpint (well.status, ==, 0);

  ef_test_tool_run (&gone, LAUNCH, "--validate", "testsource", "fail-at=validate", "!", "testsink",
                    NULL);
  ef_test_assert_has (gone.out, "testsource0: nobody is there\n");
  ef_test_assert_has (gone.out, "testsink0: well\n");
  g_assert_cmpint (gone.status, ==, 1);

  ef_test_tool_run (&wrong, LAUNCH, "--validate", "testsource", "fail-at=prepare", "!", "testsink",
                    NULL);
  ef_test_assert_has (wrong.out, "testsource0: told to fail\n");
  g_assert_cmpint (wrong.status, ==, 2);
}

static void
test_interrupt (void)
{
  const char *words[] = { "testsource", "!", "testqueue", "!", "testsink", NULL };
  const int signals[] = { SIGINT, SIGTERM };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      EfTestRun run = ef_test_run_start (words);

      g_free (ef_test_run_wait_for_line (&run, "playing"));
      g_subprocess_send_signal (run.process, signals[i]);
      g_free (ef_test_run_wait_for_line (&run, "interrupted: stopping"));
      g_assert_cmpint (ef_test_run_end (&run), ==, 0);
    }
}

static void
test_interrupt_with_eos (void)
{
  const char *words[] = { "-e", "testsource", "!", "testqueue", "!", "testsink", NULL };
  EfTestRun run = ef_test_run_start (words);

  g_free (ef_test_run_wait_for_line (&run, "playing"));
  g_subprocess_send_signal (run.process, SIGINT);
  g_free (ef_test_run_wait_for_line (&run, "interrupted: ending the stream"));
  g_free (ef_test_run_wait_for_line (&run, "end of stream"));
  g_assert_cmpint (ef_test_run_end (&run), ==, 0);
}

/* The second interrupt does not wait for what hangs; nor does the first one in a start that hangs.
 */
static void
test_interrupt_twice (void)
{
  const char *close[] = { "testsource", "hang-at=close", "!", "testsink", NULL };
  const char *open[] = { "-v", "testsource", "hang-at=open", "!", "testsink", NULL };
  EfTestRun run = ef_test_run_start (close);

  g_free (ef_test_run_wait_for_line (&run, "playing"));
  g_subprocess_send_signal (run.process, SIGINT);
  g_free (ef_test_run_wait_for_line (&run, "interrupted: stopping"));
  g_subprocess_send_signal (run.process, SIGINT);
  g_assert_cmpint (ef_test_run_end (&run), ==, 0);

  run = ef_test_run_start (open);
  g_free (ef_test_run_wait_for_line (&run, "pipeline: state-changed"));
  g_subprocess_send_signal (run.process, SIGINT);
  g_free (ef_test_run_wait_for_line (&run, "interrupted: stopping"));
  g_assert_cmpint (ef_test_run_end (&run), ==, 0);
}

static void
test_stats (void)
{
  const char *words[] = { "--stats=0.05", "testsource", "count=100000", "!", "testsink", NULL };
  EfTestRun run = ef_test_run_start (words);

  g_free (ef_test_run_wait_for_line (&run, "testsource0  out "));
  g_free (ef_test_run_wait_for_line (&run, "testsink0    in "));
  g_subprocess_send_signal (run.process, SIGTERM);
  g_free (ef_test_run_wait_for_line (&run, "figures of "));
  g_free (ef_test_run_wait_for_line (&run, "testsource0  out "));
  g_assert_cmpint (ef_test_run_end (&run), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/launch/end-of-stream", test_end_of_stream);
  g_test_add_func ("/launch/description-errors", test_description_errors);
  g_test_add_func ("/launch/file", test_file);
  g_test_add_func ("/launch/usage", test_usage);
  g_test_add_func ("/launch/failures", test_failures);
  g_test_add_func ("/launch/dot", test_dot);
  g_test_add_func ("/launch/verbose", test_verbose);
  g_test_add_func ("/launch/validate", test_validate);
  g_test_add_func ("/launch/interrupt", test_interrupt);
  g_test_add_func ("/launch/interrupt-with-eos", test_interrupt_with_eos);
  g_test_add_func ("/launch/interrupt-twice", test_interrupt_twice);
  g_test_add_func ("/launch/stats", test_stats);

  return g_test_run ();
}
