/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-tool.h"

#include <glib/gstdio.h>
#include <string.h>

/* What a person at a shell sees of error policies, and eventflux-replay. */

#define LAUNCH ef_test_tool_get_launch ()
#define REPLAY g_getenv ("EF_TEST_REPLAY")

typedef struct
{
  char *folder;
  char *feed;
  char *dead;
  char *feed_location; /* as properties */
  char *dead_location;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const char feed[] = "{\"a\":1}\n{\"a\":\"x\"}\nnone\n\xff\xfe\n{\"a\":2}\n";

  fixture->folder = g_dir_make_tmp ("eventflux-XXXXXX", NULL);
  fixture->feed = g_build_filename (fixture->folder, "feed", NULL);
  fixture->dead = g_build_filename (fixture->folder, "dead.jsonl", NULL);
  fixture->feed_location = g_strconcat ("location=", fixture->feed, NULL);
  fixture->dead_location = g_strconcat ("location=", fixture->dead, NULL);
  g_assert_true (g_file_set_contents (fixture->feed, feed, sizeof feed - 1, NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_remove (fixture->feed);
  g_remove (fixture->dead);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->feed);
  g_free (fixture->dead);
  g_free (fixture->feed_location);
  g_free (fixture->dead_location);
}

/* What came before the event that is the end arrives, nothing else, and the status tells. */
static void
test_fail (Fixture *fixture, gconstpointer data)
{
  g_auto (EfTestTool) tool = { 0 };

  ef_test_tool_run (&tool, LAUNCH, "filesource", fixture->feed_location, "!", "jsondecode",
                    "schema=a INT", "error.strategy=fail", "!", "consolesink", NULL);
  g_assert_cmpint (tool.status, ==, 1);
  g_assert_cmpstr (tool.out, ==, "{\"a\":1}\n");
  ef_test_assert_has (tool.err, "eventflux-launch: jsondecode0: ");
}

static void
write_dead_letters (Fixture *fixture)
{
  g_auto (EfTestTool) tool = { 0 };

  ef_test_tool_run (&tool, LAUNCH, "--stats=60", "filesource", fixture->feed_location, "!",
                    "jsondecode", "schema=a INT", "error-strategy=dlq", "error-dlq-stream=dead",
                    "error-stream-name=Feed", "!", "consolesink", "filesink", "name=dead",
                    fixture->dead_location, "format=json", NULL);
  g_assert_cmpint (tool.status, ==, 0);
  g_assert_cmpstr (tool.out, ==, "{\"a\":1}\n{\"a\":2}\n");
  ef_test_assert_has (tool.err, "rejected 3  dropped 0  errors-dead-lettered 3\n");
  ef_test_assert_has_not (tool.err, "errors-failed");
}

/* The six columns of the file, and then the messages again. */
static void
test_replay (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autofree char *replayed = NULL;
  gsize length;
  g_auto (EfTestTool) written = { 0 };
  g_auto (EfTestTool) plain = { 0 };
  g_auto (EfTestTool) other = { 0 };
  g_auto (EfTestTool) piped = { 0 };

  write_dead_letters (fixture);
  g_assert_true (g_file_get_contents (fixture->dead, &text, NULL, NULL));
  ef_test_assert_has (text, "{\"originalEvent\":\"{\\\"a\\\":\\\"x\\\"}\",\"errorMessage\":\"");
  ef_test_assert_has (text, "\"errorType\":\"ef-error/data\",\"streamName\":\"Feed\",\"timestamp\":");
  ef_test_assert_has (text, ",\"attemptCount\":1}\n");
  ef_test_assert_has (text, "\"originalEvent\":\"//4=\"");

  ef_test_tool_run (&written, REPLAY, "-q", fixture->dead, "!", "filesink", fixture->feed_location,
                    NULL);
  g_assert_cmpstr (written.err, ==, "");
  g_assert_cmpint (written.status, ==, 0);
  g_assert_true (g_file_get_contents (fixture->feed, &replayed, &length, NULL));
  g_assert_cmpmem (replayed, length, "{\"a\":\"x\"}\nnone\n\xff\xfe\n", 18);

  ef_test_tool_run (&plain, REPLAY, "--quiet", "--type=ef-error/*", "--stream=Feed", fixture->dead,
                    "consolesink", NULL);
  g_assert_cmpstr (plain.out, ==,
                   "{\"payload\":\"{\\\"a\\\":\\\"x\\\"}\"}\n{\"payload\":\"none\"}\n"
                   "{\"payload\":\"//4=\"}\n");

  ef_test_tool_run (&other, REPLAY, "-s", "Other", fixture->dead, NULL);
  g_assert_cmpstr (other.out, ==, "");
  g_assert_cmpstr (other.err, ==, "playing\nend of stream\n");
  g_assert_cmpint (other.status, ==, 0);

  ef_test_tool_run (&piped, REPLAY, "-q", fixture->dead, "jsondecode", "schema=a STRING",
                    "error-log-level=debug", "!", "consolesink", NULL);
  g_assert_cmpstr (piped.out, ==, "{\"a\":\"x\"}\n");
  g_assert_cmpint (piped.status, ==, 0);
}

static void
test_replay_wrong (Fixture *fixture, gconstpointer data)
{
  g_auto (EfTestTool) nothing = { 0 };
  g_auto (EfTestTool) missing = { 0 };
  g_auto (EfTestTool) element = { 0 };
  g_auto (EfTestTool) no_letters = { 0 };
  g_auto (EfTestTool) version = { 0 };

  ef_test_tool_run (&nothing, REPLAY, NULL);
  g_assert_cmpint (nothing.status, ==, 2);
  ef_test_assert_has (nothing.err, "expected a file of dead letters");

  ef_test_tool_run (&missing, REPLAY, fixture->dead, NULL);
  g_assert_cmpint (missing.status, ==, 1);
  ef_test_assert_has (missing.err, "dead.jsonl”: No such file or directory");

  ef_test_tool_run (&element, REPLAY, fixture->feed, "consolesnk", NULL);
  g_assert_cmpint (element.status, ==, 2);
  ef_test_assert_has (element.err, "did you mean “consolesink”?");

  /* A file of something else: each line is told of. */
  ef_test_tool_run (&no_letters, REPLAY, fixture->feed, NULL);
  g_assert_cmpint (no_letters.status, ==, 0);
  ef_test_assert_has (no_letters.err, "the dead letter has no “originalEvent”");

  ef_test_tool_run (&version, REPLAY, "--version", NULL);
  ef_test_assert_has (version.out, "eventflux-replay ");
}

/* Every second event fails, and yet all arrive, in order. */
static void
test_retry (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  g_auto (EfTestTool) tool = { 0 };

  for (int i = 0; i < 10; i++)
    g_string_append_printf (expected, "%d\n", i);
  ef_test_tool_run (&tool, LAUNCH, "--stats=60", "timersource", "interval-ms=0", "batch=4",
                    "count=10", "template={{sequence}}", "!", "fault", "every=2", "times=3",
                    "error-strategy=retry", "error-retry-initial-delay=1ms", "!", "consolesink",
                    "format=text", NULL);
  g_assert_cmpint (tool.status, ==, 0);
  g_assert_cmpstr (tool.out, ==, expected->str);
  ef_test_assert_has (tool.err, "errors-recovered 5  errors-retried 15\n");
  ef_test_assert_has (tool.err, "event 2 fails on purpose; to be tried again in 1 ms, try 1 of 3");
}

/* What is told aloud is printed in any case. */
static void
test_log_level (Fixture *fixture, gconstpointer data)
{
  g_auto (EfTestTool) loud = { 0 };
  g_auto (EfTestTool) quiet = { 0 };

  ef_test_tool_run (&loud, LAUNCH, "-q", "filesource", fixture->feed_location, "!", "jsondecode",
                    "schema=a INT", "error-log-level=error", "!", "fakesink", NULL);
  g_assert_cmpuint (ef_test_count (loud.err, "jsondecode0: "), ==, 3);

  ef_test_tool_run (&quiet, LAUNCH, "-q", "filesource", fixture->feed_location, "!", "jsondecode",
                    "schema=a INT", "!", "fakesink", NULL);
  g_assert_cmpstr (quiet.err, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/errors/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("fail", test_fail);
  ADD ("replay", test_replay);
  ADD ("replay-wrong", test_replay_wrong);
  ADD ("retry", test_retry);
  ADD ("log-level", test_log_level);
#undef ADD

  return g_test_run ();
}
