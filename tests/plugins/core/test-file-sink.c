/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-file-sink.h"
#include "ef-harness.h"
#include "ef-test-clock.h"
#include "ef-test-element.h"
#include "ef-test-files.h"
#include "ef-test-loop.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path;
  EfElement *sink;
  EfTestClock *clock;
  EfHarness *harness;
} Fixture;

static void
fixture_init (Fixture *self)
{
  self->folder = ef_test_folder_new ();
  self->path = g_build_filename (self->folder, "lines", NULL);
  self->sink = g_object_new (EF_TYPE_FILE_SINK, "location", self->path, NULL);
  self->clock = ef_test_clock_new ();
  ef_element_set_clock (self->sink, EF_CLOCK (self->clock));
  self->harness = ef_harness_new (self->sink);
}

static void
fixture_clear (Fixture *self)
{
  ef_harness_free (self->harness);
  g_object_unref (self->clock);
  ef_test_folder_remove (self->folder);
  g_free (self->path);
}

static void
assert_file (Fixture *self, const char *expected)
{
  g_autofree char *text = ef_test_file_read (self->path);

  g_assert_cmpstr (text, ==, expected);
}

static void
push_columns (EfHarness *harness)
{
  g_autoptr (EfSchema) schema = ef_schema_parse ("s STRING, p DOUBLE, j JSON", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);

  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_string (builder, 0, "BTC", -1);
  ef_event_builder_set_double (builder, 1, 1.5);
  ef_event_builder_set_string (builder, 2, "[1,\n2]", -1);
  ef_harness_push_event (harness, ef_event_builder_end (builder));
}

/* Raw messages as they are, others as JSON, whatever is in them on one line; all is there at the
 * stop. */
static void
test_formats (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  ef_harness_start (fixture.harness);
  ef_harness_push_text (fixture.harness, "{\"raw\":1}");
  push_columns (fixture.harness);
  g_object_set (fixture.sink, "format", 0, NULL);
  ef_harness_push_text (fixture.harness, "\"\n");
  ef_harness_stop (fixture.harness);
  assert_file (&fixture, "{\"raw\":1}\n"
                         "{\"s\":\"BTC\",\"p\":1.5,\"j\":[1, 2]}\n"
                         "{\"payload\":\"\\\"\\n\"}\n");

  fixture_clear (&fixture);
}

static void
test_append (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  ef_test_file_write (fixture.path, "old\n");
  g_object_set (fixture.sink, "append", TRUE, NULL);
  ef_harness_start (fixture.harness);
  ef_harness_push_text (fixture.harness, "new");
  ef_harness_stop (fixture.harness);
  assert_file (&fixture, "old\nnew\n");

  g_object_set (fixture.sink, "append", FALSE, NULL);
  ef_harness_start (fixture.harness);
  ef_harness_push_text (fixture.harness, "newer");
  ef_harness_stop (fixture.harness);
  assert_file (&fixture, "newer\n");

  fixture_clear (&fixture);
}

static void
push_numbers (EfHarness *harness, guint first, guint n, GString *expected)
{
  g_autoptr (EfBatch) batch = ef_batch_new ();

  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *text = g_strdup_printf ("line number %u", i);

      ef_batch_append (batch, ef_event_new_text (0, text, -1));
      g_string_append_printf (expected, "%s\n", text);
    }
  ef_harness_push (harness, batch);
}

/* The end of the stream is told when all is in the file. */
static void
test_eos (void)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  Fixture fixture;

  fixture_init (&fixture);
  g_object_set (fixture.sink, "sync", TRUE, NULL);
  ef_harness_start (fixture.harness);
  for (guint i = 0; i < 200; i++)
    push_numbers (fixture.harness, i * 100, 100, expected);
  ef_harness_push_eos (fixture.harness);
  g_assert_null (ef_harness_try_pull_message (fixture.harness, EF_MESSAGE_EOS));
  ef_message_unref (ef_harness_pull_message (fixture.harness, EF_MESSAGE_EOS));
  assert_file (&fixture, expected->str);

  fixture_clear (&fixture);
}

/* Reads what there is. */
static gsize
read_more (int fd, GString *got)
{
  char buffer[4096];
  gssize n;

  while ((n = read (fd, buffer, sizeof buffer)) > 0)
    g_string_append_len (got, buffer, n);

  return got->len;
}

/* What a reader of a pipe leaves waiting is bounded, and arrives when it goes on. */
static void
test_hold (void)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GString) got = g_string_new (NULL);
  Fixture fixture;
  guint n = 0;
  int fd;

  fixture_init (&fixture);
  g_object_set (fixture.sink, "buffer-max-bytes", (guint64) 100000, "sync", TRUE, NULL);
  g_assert_cmpint (mkfifo (fixture.path, 0600), ==, 0);
  fd = g_open (fixture.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);

  ef_harness_start (fixture.harness);
  for (; !ef_harness_is_held (fixture.harness); n += 100)
    {
      push_numbers (fixture.harness, n, 100, expected);
      g_assert_cmpuint (expected->len, <, 400000);
    }

  ef_harness_push_eos (fixture.harness);
  ef_test_drain (NULL);
  g_assert_null (ef_harness_try_pull_message (fixture.harness, EF_MESSAGE_EOS));

  ef_test_wait_for (NULL, read_more (fd, got) >= expected->len);
  g_assert_cmpstr (got->str, ==, expected->str);
  ef_test_wait_for (NULL, !ef_harness_is_held (fixture.harness));
  ef_message_unref (ef_harness_pull_message (fixture.harness, EF_MESSAGE_EOS));

  g_close (fd, NULL);
  fixture_clear (&fixture);
}

static void
on_state (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data = ef_element_stop_finish (EF_ELEMENT (object), result, NULL);
}

/* A stop does not wait for ever for a reader that takes nothing, and tells what it cost. */
static void
test_stop_while_stuck (void)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (EfMessage) warning = NULL;
  gboolean stopped = FALSE;
  Fixture fixture;
  int fd;

  fixture_init (&fixture);
  g_assert_cmpint (mkfifo (fixture.path, 0600), ==, 0);
  fd = g_open (fixture.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
  ef_harness_start (fixture.harness);
  for (guint i = 0; i < 100; i++)
    push_numbers (fixture.harness, i * 100, 100, expected);

  ef_element_stop_async (fixture.sink, NULL, on_state, &stopped);
  ef_test_wait_for (NULL, ef_test_clock_get_n_timeouts (fixture.clock) == 1);
  ef_test_drain (NULL);
  g_assert_false (stopped);
  ef_test_clock_advance (fixture.clock, 5 * G_USEC_PER_SEC);
  ef_test_wait_for (NULL, stopped);
  warning = ef_harness_pull_message (fixture.harness, EF_MESSAGE_WARNING);
  g_assert_error (ef_message_get_error (warning), G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_pointer (&warning, ef_message_unref);

  g_close (fd, NULL);
  fixture_clear (&fixture);
}

static void
assert_open_fails (Fixture *self, const char *location, const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_object_set (self->sink, "location", location, NULL);
  g_assert_false (ef_harness_try_set_state (self->harness, EF_STATE_PAUSED, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_RESOURCE);
  if (strstr (error->message, location) == NULL || strstr (error->message, reason) == NULL)
    g_error ("“%s” and “%s” are not both named: %s", location, reason, error->message);
}

static void
test_open_errors (void)
{
  Fixture fixture;
  g_autofree char *nowhere = NULL;
  g_autofree char *pipe_path = NULL;

  fixture_init (&fixture);
  nowhere = g_build_filename (fixture.folder, "no", "such", "folder", NULL);
  pipe_path = g_build_filename (fixture.folder, "pipe", NULL);
  assert_open_fails (&fixture, nowhere, "No such file or directory");
  assert_open_fails (&fixture, fixture.folder, "Is a directory");

  ef_test_file_write (fixture.path, "kept\n");
  g_assert_cmpint (g_chmod (fixture.path, 0444), ==, 0);
  ef_test_drop_privileges ();
  assert_open_fails (&fixture, fixture.path, "Permission denied");
  ef_test_regain_privileges ();
  assert_file (&fixture, "kept\n");

  /* A pipe that nobody reads is not waited for. */
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  assert_open_fails (&fixture, pipe_path, "No such device");

  fixture_clear (&fixture);
}

static void
push_with_receipt (EfHarness *harness, GError **settled)
{
  g_autoptr (EfBatch) batch = ef_batch_new ();
  g_autoptr (EfReceipt) receipt = ef_receipt_new (ef_test_note_settled, settled, NULL);

  ef_batch_append (batch, ef_event_new_text (0, "a line", -1));
  ef_batch_set_receipt (batch, receipt);
  ef_harness_push (harness, batch);
}

/* A full disk is the end: the file and the reason are named, nothing more is taken, and those who
 * gave receipts are told. */
static void
test_disk_full (void)
{
  Fixture fixture;
  GError *settled[2] = { NULL, NULL };

  fixture_init (&fixture);
  g_object_set (fixture.sink, "location", "/dev/full", NULL);
  ef_harness_start (fixture.harness);
  push_with_receipt (fixture.harness, &settled[0]);
  ef_harness_pull_error (fixture.harness, EF_ERROR, EF_ERROR_RESOURCE,
                         "“/dev/full”: No space left on device");
  g_assert_error (settled[0], EF_ERROR, EF_ERROR_RESOURCE);
  g_assert_true (ef_harness_is_held (fixture.harness));

  /* What was under way is not taken for written either, and the end is not waited for in vain. */
  push_with_receipt (fixture.harness, &settled[1]);
  g_assert_error (settled[1], EF_ERROR, EF_ERROR_RESOURCE);
  ef_harness_push_eos (fixture.harness);
  ef_message_unref (ef_harness_pull_message (fixture.harness, EF_MESSAGE_EOS));

  g_clear_error (&settled[0]);
  g_clear_error (&settled[1]);
  fixture_clear (&fixture);
}

static void
test_receipts (void)
{
  Fixture fixture;
  g_autoptr (GError) settled = NULL;

  fixture_init (&fixture);
  ef_harness_start (fixture.harness);
  push_with_receipt (fixture.harness, &settled);
  g_assert_null (settled);
  ef_test_wait_for (NULL, settled != NULL);
  g_assert_cmpstr (settled->message, ==, "accepted");
  assert_file (&fixture, "a line\n");

  fixture_clear (&fixture);
}

/* The limit on file sizes stands for the full disk: a write is cut off in the middle of a line. */
static void
test_partial_line (void)
{
  struct rlimit saved, limit;
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autofree char *text = NULL;
  Fixture fixture;

  fixture_init (&fixture);
  ef_test_file_write (fixture.path, "old\n");
  g_object_set (fixture.sink, "append", TRUE, NULL);
  ef_harness_start (fixture.harness);

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &saved), ==, 0);
  limit = saved;
  limit.rlim_cur = 1000;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  push_numbers (fixture.harness, 1000, 200, expected);
  ef_harness_pull_error (fixture.harness, EF_ERROR, EF_ERROR_RESOURCE, "File too large");
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &saved), ==, 0);

  /* 17 bytes a line, 4 before them: 58 lines fit whole. */
  text = ef_test_file_read (fixture.path);
  g_assert_cmpuint (strlen (text), ==, 4 + 58 * 17);
  g_assert_true (g_str_has_suffix (text, "\nline number 1057\n"));

  fixture_clear (&fixture);
}

/* What is written is what filesource reads. Values in a launch line are words. */
static void
test_configure (void)
{
  g_autoptr (EfElement) sink = g_object_new (EF_TYPE_FILE_SINK, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *format = NULL;

  g_assert_true (ef_element_set_from_string (sink, "file.format", "json", &error));
  g_assert_no_error (error);
  format = ef_element_dup_printable_property (sink, "format");
  g_assert_cmpstr (format, ==, "json");

  g_assert_false (ef_element_set_from_string (sink, "format", "xml", &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_assert_nonnull (strstr (error->message, "xml"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/filesink/formats", test_formats);
  g_test_add_func ("/core/filesink/append", test_append);
  g_test_add_func ("/core/filesink/eos", test_eos);
  g_test_add_func ("/core/filesink/hold", test_hold);
  g_test_add_func ("/core/filesink/stop-while-stuck", test_stop_while_stuck);
  g_test_add_func ("/core/filesink/open-errors", test_open_errors);
  g_test_add_func ("/core/filesink/disk-full", test_disk_full);
  g_test_add_func ("/core/filesink/receipts", test_receipts);
  g_test_add_func ("/core/filesink/partial-line", test_partial_line);
  g_test_add_func ("/core/filesink/configure", test_configure);

  return g_test_run ();
}
