/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-file-source.h"
#include "ef-harness.h"
#include "ef-test-files.h"
#include "ef-test-loop.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path;
  EfHarness *harness;
} Fixture;

static void
fixture_init (Fixture *self, const char *text)
{
  self->folder = ef_test_folder_new ();
  self->path = g_build_filename (self->folder, "lines", NULL);
  if (text != NULL)
    ef_test_file_write (self->path, text);
  self->harness = ef_harness_new (g_object_new (EF_TYPE_FILE_SOURCE, "location", self->path, NULL));
}

static void
fixture_clear (Fixture *self)
{
  ef_harness_free (self->harness);
  ef_test_folder_remove (self->folder);
  g_free (self->path);
}

static void
assert_pull_text (EfHarness *harness, const char *expected)
{
  g_autofree char *text = ef_harness_pull_text (harness);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_lines (void)
{
  Fixture fixture;

  fixture_init (&fixture, "one\n\nthree");
  for (guint times = 0; times < 2; times++)
    {
      ef_harness_start (fixture.harness);
      assert_pull_text (fixture.harness, "one");
      assert_pull_text (fixture.harness, "");
      assert_pull_text (fixture.harness, "three");
      ef_harness_pull_eos (fixture.harness);
      ef_message_unref (ef_harness_pull_message (fixture.harness, EF_MESSAGE_EOS));
      ef_harness_stop (fixture.harness);
    }

  fixture_clear (&fixture);
}

static void
test_empty (void)
{
  Fixture fixture;

  fixture_init (&fixture, "");
  ef_harness_start (fixture.harness);
  ef_harness_pull_eos (fixture.harness);

  fixture_clear (&fixture);
}

/* Many reads, with holds and pauses in between: nothing is lost and nothing comes twice. */
static void
test_large (void)
{
  const guint n_lines = 40000;
  g_autoptr (GString) text = g_string_new (NULL);
  Fixture fixture;

  for (guint i = 0; i < n_lines; i++)
    g_string_append_printf (text, "line %u with some more text\n", i);
  fixture_init (&fixture, text->str);
  ef_harness_start (fixture.harness);

  for (guint i = 0; i < n_lines; i++)
    {
      g_autofree char *expected = g_strdup_printf ("line %u with some more text", i);

      if (i % 3000 == 0)
        {
          ef_harness_hold (fixture.harness);
          ef_test_drain (NULL);
          ef_harness_release (fixture.harness);
        }
      if (i % 5000 == 0)
        {
          ef_harness_set_state (fixture.harness, EF_STATE_PAUSED);
          ef_test_drain (NULL);
          ef_harness_start (fixture.harness);
        }
      assert_pull_text (fixture.harness, expected);
    }
  ef_harness_pull_eos (fixture.harness);
  g_assert_cmpuint (ef_harness_get_n_batches (fixture.harness), >, text->len / 65536);
  g_assert_cmpuint (ef_harness_get_stat (fixture.harness, "dropped"), ==, 0);

  fixture_clear (&fixture);
}

/* A held source has read at most once. */
static void
test_hold (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Fixture fixture;

  for (guint i = 0; i < 100000; i++)
    g_string_append (text, "0123456789\n");
  fixture_init (&fixture, text->str);
  ef_harness_set_state (fixture.harness, EF_STATE_PAUSED);
  ef_harness_hold (fixture.harness);
  ef_harness_start (fixture.harness);
  ef_test_drain (NULL);
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture.harness), ==, 0);

  ef_harness_take_batches (fixture.harness, 1);
  assert_pull_text (fixture.harness, "0123456789");
  ef_test_drain (NULL);
  g_assert_cmpuint (ef_harness_get_n_batches (fixture.harness), ==, 1);

  /* And may be stopped so. */
  fixture_clear (&fixture);
}

static void
test_overlong (void)
{
  Fixture fixture;

  fixture_init (&fixture, "short\nmuch too long\nshort\n");
  g_object_set (ef_harness_get_element (fixture.harness), "max-line-bytes", (guint64) 5, NULL);
  ef_harness_start (fixture.harness);
  assert_pull_text (fixture.harness, "short");
  ef_harness_pull_error (fixture.harness, EF_ERROR, EF_ERROR_DATA, "line 2 of");
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture.harness), ==, 0);

  fixture_clear (&fixture);
}

static void
assert_open_fails (EfHarness *harness, const char *named, const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ef_harness_try_set_state (harness, EF_STATE_PAUSED, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_RESOURCE);
  g_assert_cmpint (ef_element_get_state (ef_harness_get_element (harness)), ==, EF_STATE_READY);
  if (strstr (error->message, named) == NULL || strstr (error->message, reason) == NULL)
    g_error ("“%s” and “%s” are not both named: %s", named, reason, error->message);
}

static void
test_missing (void)
{
  Fixture fixture;

  fixture_init (&fixture, NULL);
  assert_open_fails (fixture.harness, fixture.path, "No such file");

  /* It may be there when it is tried again. */
  ef_test_file_write (fixture.path, "now\n");
  ef_harness_start (fixture.harness);
  assert_pull_text (fixture.harness, "now");

  fixture_clear (&fixture);
}

static void
test_directory (void)
{
  Fixture fixture;

  fixture_init (&fixture, NULL);
  g_object_set (ef_harness_get_element (fixture.harness), "location", fixture.folder, NULL);
  assert_open_fails (fixture.harness, fixture.folder, "directory");

  fixture_clear (&fixture);
}

static void
test_permission (void)
{
  Fixture fixture;

  fixture_init (&fixture, "secret\n");
  g_assert_cmpint (g_chmod (fixture.path, 0), ==, 0);
  ef_test_drop_privileges ();
  assert_open_fails (fixture.harness, fixture.path, "Permission denied");
  ef_test_regain_privileges ();

  fixture_clear (&fixture);
}

static void
test_no_location (void)
{
  g_autoptr (EfHarness) harness = ef_harness_new (g_object_new (EF_TYPE_FILE_SOURCE, NULL));
  g_autoptr (GError) error = NULL;

  g_assert_false (ef_harness_try_set_state (harness, EF_STATE_READY, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_MISSING_KEY);
  g_assert_nonnull (strstr (error->message, "location"));
}

static void
write_all (int fd, const char *text)
{
  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
}

/* A pipe is read as lines come, waited for without blocking, and ends when its writer goes. */
static void
test_pipe (void)
{
  Fixture fixture;
  int fd;

  fixture_init (&fixture, NULL);
  g_assert_cmpint (mkfifo (fixture.path, 0600), ==, 0);
  ef_harness_start (fixture.harness);

  /* A stop while nobody writes. */
  ef_harness_stop (fixture.harness);
  ef_harness_start (fixture.harness);

  fd = g_open (fixture.path, O_WRONLY | O_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  write_all (fd, "one\ntw");
  assert_pull_text (fixture.harness, "one");
  write_all (fd, "o\nthree");
  assert_pull_text (fixture.harness, "two");
  g_close (fd, NULL);
  assert_pull_text (fixture.harness, "three");
  ef_harness_pull_eos (fixture.harness);

  fixture_clear (&fixture);
}

static void
test_standard_input (void)
{
  g_autoptr (EfHarness) harness = ef_harness_new (
    g_object_new (EF_TYPE_FILE_SOURCE, "location", "-", NULL));
  int fds[2], saved = dup (STDIN_FILENO);

  g_assert_cmpint (pipe (fds), ==, 0);
  g_assert_cmpint (dup2 (fds[0], STDIN_FILENO), ==, STDIN_FILENO);
  ef_harness_start (harness);
  write_all (fds[1], "from a pipe\n");
  assert_pull_text (harness, "from a pipe");
  ef_harness_stop (harness);

  /* It is not ours to close. */
  g_assert_cmpint (fcntl (STDIN_FILENO, F_GETFD), >=, 0);
  g_assert_cmpint (dup2 (saved, STDIN_FILENO), ==, STDIN_FILENO);
  g_close (saved, NULL);
  g_close (fds[0], NULL);
  g_close (fds[1], NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/filesource/lines", test_lines);
  g_test_add_func ("/core/filesource/empty", test_empty);
  g_test_add_func ("/core/filesource/large", test_large);
  g_test_add_func ("/core/filesource/hold", test_hold);
  g_test_add_func ("/core/filesource/overlong", test_overlong);
  g_test_add_func ("/core/filesource/missing", test_missing);
  g_test_add_func ("/core/filesource/directory", test_directory);
  g_test_add_func ("/core/filesource/permission", test_permission);
  g_test_add_func ("/core/filesource/no-location", test_no_location);
  g_test_add_func ("/core/filesource/pipe", test_pipe);
  g_test_add_func ("/core/filesource/standard-input", test_standard_input);

  return g_test_run ();
}
