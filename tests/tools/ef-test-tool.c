/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-tool.h"

#include <string.h>

const char *
ef_test_tool_get_launch (void)
{
  return g_getenv ("EF_TEST_LAUNCH");
}

const char *
ef_test_tool_get_inspect (void)
{
  return g_getenv ("EF_TEST_INSPECT");
}

void
ef_test_tool_runv (EfTestTool *self, char **words)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  process =
    g_subprocess_newv ((const char *const *) words,
                       G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &self->out, &self->err, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_if_exited (process))
    g_error ("killed by signal %d: %s", g_subprocess_get_term_sig (process), self->err);
  self->status = g_subprocess_get_exit_status (process);
}

void
ef_test_tool_run (EfTestTool *self, const char *command, ...)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  va_list args;

  g_ptr_array_add (words, (gpointer) command);
  va_start (args, command);
  do
    g_ptr_array_add (words, va_arg (args, char *));
  while (g_ptr_array_index (words, words->len - 1) != NULL);
  va_end (args);

  ef_test_tool_runv (self, (char **) words->pdata);
}

void
ef_test_tool_clear (EfTestTool *self)
{
  g_clear_pointer (&self->out, g_free);
  g_clear_pointer (&self->err, g_free);
}

void
ef_test_assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in “%s”", part, text);
}

void
ef_test_assert_has_not (const char *text, const char *part)
{
  if (strstr (text, part) != NULL)
    g_error ("“%s” is in “%s”", part, text);
}

guint
ef_test_count (const char *text, const char *part)
{
  guint n_found = 0;

  for (text = strstr (text, part); text != NULL; text = strstr (text + 1, part))
    n_found++;

  return n_found;
}

EfTestRun
ef_test_run_start (const char *const *words)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  EfTestRun self;

  g_ptr_array_add (all, (gpointer) ef_test_tool_get_launch ());
  for (; *words != NULL; words++)
    g_ptr_array_add (all, (gpointer) *words);
  g_ptr_array_add (all, NULL);

  self.process =
    g_subprocess_newv ((const char *const *) all->pdata, G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  self.err = g_data_input_stream_new (g_subprocess_get_stderr_pipe (self.process));

  return self;
}

/* Reads until a line begins as told, and returns what follows. A run that ends before fails the
 * test. */
char *
ef_test_run_wait_for_line (EfTestRun *self, const char *begin)
{
  while (TRUE)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *line = g_data_input_stream_read_line_utf8 (self->err, NULL, NULL, &error);

      g_assert_no_error (error);
      if (line == NULL)
        g_error ("ended before “%s”", begin);
      if (g_str_has_prefix (line, begin))
        return g_strdup (line + strlen (begin));
    }
}

/* Waits for the end, and returns the status. */
int
ef_test_run_end (EfTestRun *self)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_subprocess_wait (self->process, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (self->process));
  status = g_subprocess_get_exit_status (self->process);
  g_clear_object (&self->err);
  g_clear_object (&self->process);

  return status;
}
