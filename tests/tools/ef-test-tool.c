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
  g_assert_true (g_subprocess_get_if_exited (process));
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
