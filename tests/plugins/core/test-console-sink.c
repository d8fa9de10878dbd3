/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-console-sink.h"
#include "ef-harness.h"
#include "ef-test-clock.h"
#include "ef-test-element.h"
#include "ef-test-loop.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct
{
  int reader;
  int writer;
  EfElement *sink;
  EfTestClock *clock;
  EfHarness *harness;
  GString *expected;
} Fixture;

static void
fixture_init_fds (Fixture *self, int reader, int writer)
{
  self->reader = reader;
  self->writer = writer;
  self->sink = g_object_new (EF_TYPE_CONSOLE_SINK, "fd", writer, NULL);
  self->clock = ef_test_clock_new ();
  ef_element_set_clock (self->sink, EF_CLOCK (self->clock));
  self->harness = ef_harness_new (self->sink);
  self->expected = g_string_new (NULL);
}

static void
fixture_init (Fixture *self)
{
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  g_assert_cmpint (fcntl (fds[0], F_SETFL, O_NONBLOCK), ==, 0);
  fixture_init_fds (self, fds[0], fds[1]);
}

static void
fixture_clear (Fixture *self)
{
  ef_harness_free (self->harness);
  g_object_unref (self->clock);
  g_string_free (self->expected, TRUE);
  if (self->reader >= 0)
    g_close (self->reader, NULL);
  if (self->writer >= 0)
    g_close (self->writer, NULL);
}

/* Reads what there is. */
static void
read_more (Fixture *self, GString *got)
{
  char buffer[4096];
  gssize n;

  while ((n = read (self->reader, buffer, sizeof buffer)) > 0)
    g_string_append_len (got, buffer, n);
}

static void
assert_printed (Fixture *self, const char *expected)
{
  g_autoptr (GString) got = g_string_new (NULL);

  ef_test_wait_for (NULL, (read_more (self, got), got->len >= strlen (expected)));
  g_assert_cmpstr (got->str, ==, expected);
}

static void
test_formats (void)
{
  g_autoptr (EfSchema) schema = ef_schema_parse ("n LONG", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  Fixture fixture;

  fixture_init (&fixture);
  ef_harness_start (fixture.harness);
  ef_harness_push_text (fixture.harness, "{\"a\":1}");
  assert_printed (&fixture, "{\"payload\":\"{\\\"a\\\":1}\"}\n");

  g_object_set (fixture.sink, "format", 1, NULL);
  ef_harness_push_text (fixture.harness, "{\"a\":1}");
  assert_printed (&fixture, "{\"a\":1}\n");

  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_int64 (builder, 0, 5);
  ef_harness_push_event (fixture.harness, ef_event_builder_end (builder));
  assert_printed (&fixture, "{\"n\":5}\n");

  ef_harness_push_eos (fixture.harness);
  ef_message_unref (ef_harness_pull_message (fixture.harness, EF_MESSAGE_EOS));

  fixture_clear (&fixture);
}

/* Pushes lines until the reader's slowness is felt. */
static void
fill (Fixture *self)
{
  for (guint i = 0; !ef_harness_is_held (self->harness); i++)
    {
      g_autofree char *text = g_strdup_printf ("%0500u", i);

      ef_harness_push_text (self->harness, text);
      g_string_append_printf (self->expected, "%s\n", text);
      g_assert_cmpuint (self->expected->len, <, 16 * 1024 * 1024);
    }
}

/* A reader that takes nothing holds the input and blocks nobody; when it goes on, all comes. */
static void
check_slow_reader (Fixture *self)
{
  g_object_set (self->sink, "format", 1, NULL);
  ef_harness_start (self->harness);
  fill (self);
  ef_harness_push_text (self->harness, "one more");
  g_string_append (self->expected, "one more\n");
  ef_harness_push_eos (self->harness);
  ef_test_drain (NULL);
  g_assert_null (ef_harness_try_pull_message (self->harness, EF_MESSAGE_EOS));

  assert_printed (self, self->expected->str);
  ef_test_wait_for (NULL, !ef_harness_is_held (self->harness));
  ef_message_unref (ef_harness_pull_message (self->harness, EF_MESSAGE_EOS));

  fixture_clear (self);
}

static void
test_slow_pipe (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  check_slow_reader (&fixture);
}

/* A socket can not be opened again: here short writes do. */
static void
test_slow_socket (void)
{
  Fixture fixture;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  g_assert_cmpint (fcntl (fds[0], F_SETFL, O_NONBLOCK), ==, 0);
  fixture_init_fds (&fixture, fds[0], fds[1]);
  check_slow_reader (&fixture);
}

/* Whether writes block is a matter of the open file, which others share: it is left as it was. */
static void
test_flags_are_kept (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  ef_harness_start (fixture.harness);
  ef_harness_push_text (fixture.harness, "a");
  g_assert_cmpint (fcntl (fixture.writer, F_GETFL) & O_NONBLOCK, ==, 0);
  ef_harness_stop (fixture.harness);
  g_assert_cmpint (fcntl (fixture.writer, F_GETFL) & O_NONBLOCK, ==, 0);

  fixture_clear (&fixture);
}

static void
test_reader_gone (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  ef_harness_start (fixture.harness);
  g_close (fixture.reader, NULL);
  fixture.reader = -1;
  ef_harness_push_text (fixture.harness, "to nobody");
  ef_harness_pull_error (fixture.harness, EF_ERROR, EF_ERROR_RESOURCE, "Broken pipe");
  g_assert_true (ef_harness_is_held (fixture.harness));

  /* And while it waits. */
  fixture_clear (&fixture);
  fixture_init (&fixture);
  ef_harness_start (fixture.harness);
  fill (&fixture);
  g_close (fixture.reader, NULL);
  fixture.reader = -1;
  ef_harness_pull_error (fixture.harness, EF_ERROR, EF_ERROR_RESOURCE, "Broken pipe");

  fixture_clear (&fixture);
}

static void
test_disk_full (void)
{
  g_autoptr (EfBatch) batch = ef_batch_new ();
  g_autoptr (EfReceipt) receipt = NULL;
  g_autoptr (GError) settled = NULL;
  Fixture fixture;

  fixture_init_fds (&fixture, -1, g_open ("/dev/full", O_WRONLY | O_CLOEXEC, 0));
  ef_harness_start (fixture.harness);
  receipt = ef_receipt_new (ef_test_note_settled, &settled, NULL);
  ef_batch_append (batch, ef_event_new_text (0, "a line", -1));
  ef_batch_set_receipt (batch, receipt);
  ef_harness_push (fixture.harness, batch);
  ef_harness_pull_error (fixture.harness, EF_ERROR, EF_ERROR_RESOURCE, "No space left on device");
  g_clear_pointer (&batch, ef_batch_unref);
  g_clear_pointer (&receipt, ef_receipt_unref);
  g_assert_error (settled, EF_ERROR, EF_ERROR_RESOURCE);

  fixture_clear (&fixture);
}

static void
test_closed_descriptor (void)
{
  g_autoptr (EfHarness) harness = ef_harness_new (
    g_object_new (EF_TYPE_CONSOLE_SINK, "fd", 9999, NULL));
  g_autoptr (GError) error = NULL;

  g_assert_false (ef_harness_try_set_state (harness, EF_STATE_READY, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_RESOURCE);
  g_assert_nonnull (strstr (error->message, "9999"));
}

static void
on_state (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data = ef_element_stop_finish (EF_ELEMENT (object), result, NULL);
}

/* A stop waits a second for a reader that takes nothing, and tells what it cost. */
static void
test_stop_while_stuck (void)
{
  g_autoptr (EfMessage) warning = NULL;
  gboolean stopped = FALSE;
  Fixture fixture;

  fixture_init (&fixture);
  ef_harness_start (fixture.harness);
  fill (&fixture);
  ef_element_stop_async (fixture.sink, NULL, on_state, &stopped);
  ef_test_wait_for (NULL, ef_test_clock_get_n_timeouts (fixture.clock) == 1);
  ef_test_drain (NULL);
  g_assert_false (stopped);
  ef_test_clock_advance (fixture.clock, G_USEC_PER_SEC);
  ef_test_wait_for (NULL, stopped);
  warning = ef_harness_pull_message (fixture.harness, EF_MESSAGE_WARNING);
  g_assert_error (ef_message_get_error (warning), G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_pointer (&warning, ef_message_unref);

  fixture_clear (&fixture);
}

/* What waits when the stop comes is still printed if the reader goes on. */
static void
test_stop_flushes (void)
{
  gboolean stopped = FALSE;
  Fixture fixture;

  fixture_init (&fixture);
  g_object_set (fixture.sink, "format", 1, NULL);
  ef_harness_start (fixture.harness);
  fill (&fixture);
  ef_element_stop_async (fixture.sink, NULL, on_state, &stopped);
  assert_printed (&fixture, fixture.expected->str);
  ef_test_wait_for (NULL, stopped);

  fixture_clear (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  /* As in a program that uses sockets. */
  signal (SIGPIPE, SIG_IGN);

  g_test_add_func ("/core/consolesink/formats", test_formats);
  g_test_add_func ("/core/consolesink/slow-pipe", test_slow_pipe);
  g_test_add_func ("/core/consolesink/slow-socket", test_slow_socket);
  g_test_add_func ("/core/consolesink/flags-are-kept", test_flags_are_kept);
  g_test_add_func ("/core/consolesink/reader-gone", test_reader_gone);
  g_test_add_func ("/core/consolesink/disk-full", test_disk_full);
  g_test_add_func ("/core/consolesink/closed-descriptor", test_closed_descriptor);
  g_test_add_func ("/core/consolesink/stop-while-stuck", test_stop_while_stuck);
  g_test_add_func ("/core/consolesink/stop-flushes", test_stop_flushes);

  return g_test_run ();
}
