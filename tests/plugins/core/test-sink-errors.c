/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-console-sink.h"
#include "ef-file-sink.h"
#include "ef-harness.h"
#include "ef-test-clock.h"
#include "ef-test-element.h"
#include "ef-test-files.h"
#include "ef-test-loop.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* What becomes of events that filesink and consolesink can not write, by their error policy. The test
 * runs for both: a limit on the sizes of files stands for a disk that is full and later is not. */

typedef struct
{
  gboolean is_console;
  char *folder;
  char *path;
  int fd;
  EfTestClock *clock;
  EfElement *sink;
  EfElement *dead;
  EfHarness *harness;
  struct rlimit saved;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->is_console = data != NULL;
  fixture->folder = ef_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "lines", NULL);
  fixture->fd = -1;
  fixture->clock = ef_test_clock_new ();
  if (fixture->is_console)
    {
      fixture->fd = g_open (fixture->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
      fixture->sink =
        g_object_new (EF_TYPE_CONSOLE_SINK, "fd", fixture->fd, "format", 1, NULL);
    }
  else
    {
      fixture->sink = g_object_new (EF_TYPE_FILE_SINK, "location", fixture->path, NULL);
    }
  ef_element_set_clock (fixture->sink, EF_CLOCK (fixture->clock));
  fixture->harness = ef_harness_new (fixture->sink);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &fixture->saved), ==, 0);
}

static void
set_full (Fixture *fixture, gboolean full)
{
  struct rlimit limit = fixture->saved;

  if (full)
    limit.rlim_cur = 10;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  set_full (fixture, FALSE);
  ef_harness_free (fixture->harness);
  if (fixture->dead != NULL)
    {
      ef_test_stop (fixture->dead);
      g_assert_finalize_object (fixture->dead);
    }
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);
  g_assert_finalize_object (fixture->clock);
  if (fixture->fd >= 0)
    g_close (fixture->fd, NULL);
  ef_test_folder_remove (fixture->folder);
  g_free (fixture->path);
}

static void
start (Fixture *fixture, EfErrorStrategy strategy)
{
  g_object_set (fixture->sink, "error-strategy", strategy, NULL);
  ef_harness_start (fixture->harness);
}

static void
link_dead (Fixture *fixture)
{
  fixture->dead = EF_ELEMENT (ef_app_sink_new ());
  ef_test_link_errors (fixture->sink, fixture->dead);
  ef_test_start (fixture->dead);
}

/* Four messages of four bytes and their newlines, of which two fit. */
static void
push_four (Fixture *fixture)
{
  static const char *const texts[] = { "aaaa", "bbbb", "c\ncc", "dddd" };
  g_autoptr (EfBatch) batch = ef_batch_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    ef_batch_append (batch, ef_event_new_text (0, texts[i], -1));
  ef_harness_push (fixture->harness, batch);
}

static guint64
get_stat (Fixture *fixture, const char *name)
{
  return ef_harness_get_stat (fixture->harness, name);
}

static void
assert_file (Fixture *fixture, const char *expected)
{
  g_autofree char *text = ef_test_file_read (fixture->path);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_letter (Fixture *fixture, const char *original, gint64 n_attempts)
{
  g_autoptr (EfEvent) letter = NULL;
  g_autofree char *text = NULL;

  ef_test_wait_for (NULL, (letter = ef_app_sink_try_pull (EF_APP_SINK (fixture->dead))) != NULL);
  text = ef_event_dup_string (letter, 0);
  g_assert_cmpstr (text, ==, original);
  g_assert_cmpint (ef_event_get_int64 (letter, 5), ==, n_attempts);
}

/* Those that fit are there, the others are dropped, and those that come are written again. */
static void
test_drop (Fixture *fixture, gconstpointer data)
{
  start (fixture, EF_ERROR_STRATEGY_DROP);
  set_full (fixture, TRUE);
  push_four (fixture);
  ef_test_wait_for (NULL, get_stat (fixture, "errors-dropped") == 2);
  set_full (fixture, FALSE);
  g_assert_false (ef_harness_is_held (fixture->harness));
  ef_harness_push_text (fixture->harness, "eeee");
  ef_harness_stop (fixture->harness);
  assert_file (fixture, "aaaa\nbbbb\neeee\n");
}

static void
test_dlq (Fixture *fixture, gconstpointer data)
{
  link_dead (fixture);
  start (fixture, EF_ERROR_STRATEGY_DLQ);
  set_full (fixture, TRUE);
  push_four (fixture);
  assert_letter (fixture, "c\ncc", 1);
  assert_letter (fixture, "dddd", 1);
  g_assert_cmpuint (get_stat (fixture, "errors-dead-lettered"), ==, 2);
  ef_harness_stop (fixture->harness);
  assert_file (fixture, "aaaa\nbbbb\n");
}

/* The write goes on where it was cut off once the disk has room, and the end waits for it. */
static void
test_retry (Fixture *fixture, gconstpointer data)
{
  start (fixture, EF_ERROR_STRATEGY_RETRY);
  set_full (fixture, TRUE);
  push_four (fixture);
  ef_test_wait_for (NULL, get_stat (fixture, "errors-retried") == 1);
  g_assert_true (ef_harness_is_held (fixture->harness));
  ef_harness_push_text (fixture->harness, "eeee");
  ef_harness_push_eos (fixture->harness);
  ef_test_clock_advance (fixture->clock, 100 * 1000);
  ef_test_wait_for (NULL, get_stat (fixture, "errors-retried") == 2);
  set_full (fixture, FALSE);
  g_assert_null (ef_harness_try_pull_message (fixture->harness, EF_MESSAGE_EOS));
  ef_test_clock_advance (fixture->clock, 200 * 1000);
  ef_message_unref (ef_harness_pull_message (fixture->harness, EF_MESSAGE_EOS));
  g_assert_cmpuint (get_stat (fixture, "errors-recovered"), ==, 1);
  g_assert_cmpuint (get_stat (fixture, "rejected"), ==, 0);
  g_assert_false (ef_harness_is_held (fixture->harness));
  ef_harness_stop (fixture->harness);
  assert_file (fixture, "aaaa\nbbbb\nc\ncc\ndddd\neeee\n");
}

/* Three tries, and then nobody has said that the events may be lost: it is the end. */
static void
test_retry_exhausted (Fixture *fixture, gconstpointer data)
{
  start (fixture, EF_ERROR_STRATEGY_RETRY);
  set_full (fixture, TRUE);
  push_four (fixture);
  for (guint i = 1; i <= 3; i++)
    {
      ef_test_wait_for (NULL, get_stat (fixture, "errors-retried") == i);
      ef_test_clock_advance (fixture->clock, 400 * 1000);
    }
  ef_harness_pull_error (fixture->harness, EF_ERROR, EF_ERROR_RESOURCE, "File too large");
  g_assert_true (ef_harness_is_held (fixture->harness));
}

static void
test_retry_dlq (Fixture *fixture, gconstpointer data)
{
  link_dead (fixture);
  g_object_set (fixture->sink, "error-retry-max-attempts", 1, NULL);
  start (fixture, EF_ERROR_STRATEGY_RETRY);
  set_full (fixture, TRUE);
  push_four (fixture);
  ef_test_wait_for (NULL, get_stat (fixture, "errors-retried") == 1);
  ef_test_clock_advance (fixture->clock, 100 * 1000);
  assert_letter (fixture, "c\ncc", 2);
  assert_letter (fixture, "dddd", 2);
  set_full (fixture, FALSE);
  ef_harness_push_text (fixture->harness, "eeee");
  ef_harness_stop (fixture->harness);
  assert_file (fixture, "aaaa\nbbbb\neeee\n");
}

/* A stop does not wait for the next try, but makes it. */
static void
test_retry_stop (Fixture *fixture, gconstpointer data)
{
  start (fixture, EF_ERROR_STRATEGY_RETRY);
  set_full (fixture, TRUE);
  push_four (fixture);
  ef_test_wait_for (NULL, get_stat (fixture, "errors-retried") == 1);
  set_full (fixture, FALSE);
  ef_harness_stop (fixture->harness);
  assert_file (fixture, "aaaa\nbbbb\nc\ncc\ndddd\n");
}

static void
test_fail (Fixture *fixture, gconstpointer data)
{
  link_dead (fixture);
  start (fixture, EF_ERROR_STRATEGY_FAIL);
  set_full (fixture, TRUE);
  push_four (fixture);
  ef_harness_pull_error (fixture->harness, EF_ERROR, EF_ERROR_RESOURCE, "File too large");
  g_assert_null (ef_app_sink_try_pull (EF_APP_SINK (fixture->dead)));
}

/* Lines that do not come loose until the stop are dead letters too. */
static void
test_stuck (void)
{
  Fixture fixture = { .folder = ef_test_folder_new (), .fd = -1, .is_console = TRUE };
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean is_down = FALSE;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  fixture.clock = ef_test_clock_new ();
  fixture.sink = g_object_new (EF_TYPE_CONSOLE_SINK, "fd", fds[1], "format", 1, NULL);
  ef_element_set_clock (fixture.sink, EF_CLOCK (fixture.clock));
  fixture.harness = ef_harness_new (fixture.sink);
  link_dead (&fixture);
  start (&fixture, EF_ERROR_STRATEGY_DLQ);
  for (int i = 0; i < 1024 * 1024; i++)
    g_string_append_c (text, 'x');
  ef_harness_push_text (fixture.harness, text->str);
  ef_element_stop (fixture.sink);
  ef_test_wait_for (NULL, ef_test_clock_get_n_timeouts (fixture.clock) == 1);
  ef_test_clock_advance (fixture.clock, G_USEC_PER_SEC);
  ef_test_wait_for (NULL, (is_down = ef_element_get_state (fixture.sink) == EF_STATE_NULL));
  assert_letter (&fixture, text->str, 1);

  ef_harness_stop (fixture.harness);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &fixture.saved), ==, 0);
  g_close (fds[0], NULL);
  g_close (fds[1], NULL);
  tear_down (&fixture, NULL);
}

static void
add (const char *name, void (*func) (Fixture *, gconstpointer))
{
  g_autofree char *file = g_strconcat ("/core/sink-errors/filesink/", name, NULL);
  g_autofree char *console = g_strconcat ("/core/sink-errors/consolesink/", name, NULL);

  g_test_add (file, Fixture, NULL, set_up, func, tear_down);
  g_test_add (console, Fixture, "console", set_up, func, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGXFSZ, SIG_IGN);

  add ("drop", test_drop);
  add ("dlq", test_dlq);
  add ("retry", test_retry);
  add ("retry-exhausted", test_retry_exhausted);
  add ("retry-dlq", test_retry_dlq);
  add ("retry-stop", test_retry_stop);
  add ("fail", test_fail);
  g_test_add_func ("/core/sink-errors/stuck", test_stuck);

  return g_test_run ();
}
