/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-error.h"
#include "ef-spool-private.h"
#include "ef-test-files.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = ef_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "out.spool", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->path);
  ef_test_folder_remove (fixture->folder);
}

static EfSpool *
open_spool (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  EfSpool *spool = ef_spool_open (fixture->path, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (ef_spool_get_path (spool), ==, fixture->path);

  return spool;
}

static void
close_spool (EfSpool *spool)
{
  g_autoptr (GError) error = NULL;

  ef_spool_close (spool, &error);
  g_assert_no_error (error);
}

/* Appends the words of a text, together. */
static guint64
append (EfSpool *spool, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (EfSpoolMessage));
  g_autoptr (GError) error = NULL;
  guint64 first = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      EfSpoolMessage message = { words[i], strlen (words[i]) };

      g_array_append_val (messages, message);
    }
  ef_spool_append (spool, (const EfSpoolMessage *) (gpointer) messages->data, messages->len, &first,
                   &error);
  g_assert_no_error (error);

  return first;
}

static void
note (guint64 id, gconstpointer data, gsize size, gpointer user_data)
{
  GString *text = user_data;

  g_string_append_printf (text, "%s%" G_GUINT64_FORMAT ":", text->len > 0 ? " " : "", id);
  g_string_append_len (text, data, (gssize) size);
}

static void
expect (EfSpool *spool, guint64 after, guint max_messages, gsize max_bytes, const char *text)
{
  g_autoptr (GString) got = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (ef_spool_read (spool, after, max_messages, max_bytes, note, got, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (got->str, ==, text);
}

static void
expect_all (EfSpool *spool, const char *text)
{
  expect (spool, 0, G_MAXUINT, G_MAXSIZE, text);
}

static void
flush (EfSpool *spool)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (ef_spool_flush (spool, &error));
  g_assert_no_error (error);
}

static void
expect_refused (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ef_spool_open (fixture->path, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_RESOURCE);
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_assert_nonnull (strstr (error->message, text));
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  EfSpool *spool = open_spool (fixture);

  g_assert_cmpuint (append (spool, "one two three"), ==, 1);
  g_assert_cmpuint (append (spool, " five"), ==, 4);
  g_assert_cmpuint (ef_spool_get_n_messages (spool), ==, 5);
  g_assert_cmpuint (ef_spool_get_n_bytes (spool), ==, 15);
  expect_all (spool, "1:one 2:two 3:three 4: 5:five");

  /* In pieces. */
  expect (spool, 1, 2, G_MAXSIZE, "2:two 3:three");
  expect (spool, 0, 10, 4, "1:one 2:two");
  expect (spool, 2, 10, 1, "3:three");
  expect (spool, 5, 10, 10, "");
  close_spool (spool);
}

static void
test_remove (Fixture *fixture, gconstpointer data)
{
  EfSpool *spool = open_spool (fixture);

  append (spool, "one two three four five");
  ef_spool_remove (spool, 1, 3);
  ef_spool_remove (spool, 2, 3);
  ef_spool_remove (spool, 4, 4);
  g_assert_cmpuint (ef_spool_get_n_messages (spool), ==, 2);
  g_assert_cmpuint (ef_spool_get_n_bytes (spool), ==, 9);
  flush (spool);
  expect_all (spool, "3:three 5:five");

  /* Also with what is appended next, and with the end. */
  ef_spool_remove (spool, 3, 5);
  append (spool, "six");
  expect_all (spool, "5:five 6:six");
  ef_spool_remove (spool, 5, 4);
  close_spool (spool);

  spool = open_spool (fixture);
  expect_all (spool, "6:six");
  ef_spool_remove (spool, 6, 3);
  flush (spool);
  expect_all (spool, "");
  close_spool (spool);
}

static void
test_reopen (Fixture *fixture, gconstpointer data)
{
  EfSpool *spool = open_spool (fixture);

  append (spool, "one two");
  ef_spool_remove (spool, 1, 3);
  close_spool (spool);

  spool = open_spool (fixture);
  g_assert_cmpuint (ef_spool_get_n_messages (spool), ==, 1);
  g_assert_cmpuint (ef_spool_get_n_bytes (spool), ==, 3);
  g_assert_cmpuint (append (spool, "three"), ==, 3);
  expect_all (spool, "2:two 3:three");
  close_spool (spool);
}

/* Runs in a process of its own, which then dies. */
static void
die_after (Fixture *fixture, void (*func) (EfSpool *spool))
{
  int status = 0;
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      EfSpool *spool = ef_spool_open (fixture->path, NULL);

      if (spool != NULL)
        func (spool);
      kill (getpid (), SIGKILL);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
}

static void
append_and_remove (EfSpool *spool)
{
  append (spool, "one two three");
  ef_spool_remove (spool, 1, 3);
  append (spool, "four");
  ef_spool_remove (spool, 2, 3);
  ef_spool_flush (spool, NULL);
  ef_spool_remove (spool, 3, 5);
}

/* What was appended is there after the death of the process, what was removed is gone if that was
 * written down. */
static void
test_kill (Fixture *fixture, gconstpointer data)
{
  EfSpool *spool;

  die_after (fixture, append_and_remove);
  spool = open_spool (fixture);
  expect_all (spool, "3:three 4:four");
  close_spool (spool);
}

static void
append_many (EfSpool *spool)
{
  g_autofree char *text = g_strnfill (3000, 'x');

  for (guint i = 0; i < 3000; i++)
    append (spool, text);
}

/* More than the log keeps. */
static void
test_kill_large (Fixture *fixture, gconstpointer data)
{
  EfSpool *spool;

  die_after (fixture, append_many);
  spool = open_spool (fixture);
  g_assert_cmpuint (ef_spool_get_n_messages (spool), ==, 3000);
  g_assert_cmpuint (ef_spool_get_n_bytes (spool), ==, 9000000);
  close_spool (spool);
}

static void
test_bytes (Fixture *fixture, gconstpointer data)
{
  EfSpool *spool = open_spool (fixture);
  g_autofree char *text = g_strnfill (5 * 1000 * 1000, 'x');
  g_autofree char *expected = g_strconcat ("1:", text, NULL);

  append (spool, text);
  close_spool (spool);
  spool = open_spool (fixture);
  expect_all (spool, expected);
  close_spool (spool);
}

static void
test_in_use (Fixture *fixture, gconstpointer data)
{
  EfSpool *spool = open_spool (fixture);
  int status = 0;
  pid_t pid;

  append (spool, "one");
  expect_refused (fixture, "another sink or another process uses it");

  /* It ends as a memory checker takes no offence at: what it shares with this one is not its own. */
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      GError *error = NULL;
      gboolean refused = ef_spool_open (fixture->path, &error) == NULL
                         && strstr (error->message, "another process uses it") != NULL;

      kill (getpid (), refused ? SIGKILL : SIGTERM);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);

  append (spool, "two");
  close_spool (spool);
  spool = open_spool (fixture);
  expect_all (spool, "1:one 2:two");
  close_spool (spool);
}

static void
test_foreign_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;

  ef_test_file_write (fixture->path, "Dear diary, this is long enough to be looked at closely.\n");
  expect_refused (fixture, "it is a file of another kind");
  text = ef_test_file_read (fixture->path);
  g_assert_true (g_str_has_prefix (text, "Dear diary"));
}

static void
test_foreign_database (Fixture *fixture, gconstpointer data)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "CREATE TABLE message (diary TEXT)", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  sqlite3_close (db);
  expect_refused (fixture, "it is a file of another kind");
}

/* Pages in the middle of the file are overwritten. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  EfSpool *spool = open_spool (fixture);
  g_autofree char *text = g_strnfill (500, 'x');
  g_autofree char *noise = g_malloc0 (8192);
  FILE *file;

  memset (noise, 0xa5, 8192);
  for (guint i = 0; i < 100; i++)
    append (spool, text);
  close_spool (spool);

  file = g_fopen (fixture->path, "r+");
  g_assert_nonnull (file);
  g_assert_cmpint (fseek (file, 4096, SEEK_SET), ==, 0);
  g_assert_cmpint (fwrite (noise, 8192, 1, file), ==, 1);
  g_assert_cmpint (fclose (file), ==, 0);
  expect_refused (fixture, "it is damaged");
}

static void
test_no_permission (Fixture *fixture, gconstpointer data)
{
  close_spool (open_spool (fixture));
  ef_test_drop_privileges ();
  expect_refused (fixture, "Permission denied");
  ef_test_regain_privileges ();
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "none", "out.spool", NULL);

  g_free (fixture->path);
  fixture->path = g_steal_pointer (&path);
  expect_refused (fixture, "No such file or directory");
}

static void
test_private (Fixture *fixture, gconstpointer data)
{
  EfSpool *spool = open_spool (fixture);
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  GStatBuf info;

  append (spool, "one");
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (log, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  close_spool (spool);
}

/* A file that can not grow, as on a full disk: nothing of what is there gets lost, what does not fit
 * is refused as a whole, and it goes on when there is room again. */
static void
test_full (Fixture *fixture, gconstpointer data)
{
  EfSpool *spool = open_spool (fixture);
  g_autofree char *text = g_strnfill (100000, 'x');
  EfSpoolMessage messages[] = { { "two", 3 }, { text, 100000 } };
  g_autoptr (GError) error = NULL;
  struct rlimit limit, old;
  guint64 first = 0;

  append (spool, "one zero");
  ef_spool_remove (spool, 2, 4);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  limit = old;
  limit.rlim_cur = 60000;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);

  g_assert_false (ef_spool_append (spool, messages, 2, &first, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_RESOURCE);
  g_assert_nonnull (strstr (error->message, "can not be written"));
  g_assert_cmpuint (ef_spool_get_n_messages (spool), ==, 1);
  g_clear_error (&error);

  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_true (ef_spool_append (spool, messages, 1, &first, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (first, ==, 3);
  expect_all (spool, "1:one 3:two");
  close_spool (spool);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/spool/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("order", test_order);
  ADD ("remove", test_remove);
  ADD ("reopen", test_reopen);
  ADD ("kill", test_kill);
  ADD ("kill-large", test_kill_large);
  ADD ("bytes", test_bytes);
  ADD ("in-use", test_in_use);
  ADD ("foreign-file", test_foreign_file);
  ADD ("foreign-database", test_foreign_database);
  ADD ("damaged", test_damaged);
  ADD ("no-permission", test_no_permission);
  ADD ("no-folder", test_no_folder);
  ADD ("private", test_private);
  ADD ("full", test_full);
#undef ADD

  return g_test_run ();
}
