/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "tool-output.h"

#include <locale.h>
#include <stdio.h>
#include <unistd.h>

/* Output goes to stdout, and everything else to stderr, so that output can be piped on. */

void
tool_output_init (void)
{
  setlocale (LC_ALL, "");
}

/* Colours are for people: a terminal that has them and no wish to the contrary (no-color.org). */
static gboolean
has_colors (FILE *stream)
{
  const char *no_color = g_getenv ("NO_COLOR");

  return isatty (fileno (stream)) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0 &&
         (no_color == NULL || *no_color == '\0');
}

/* What switches @stream to a style. */
const char *
tool_style (FILE *stream, ToolStyle style)
{
  static const char *const codes[] = { "\033[0m", "\033[1m", "\033[32m", "\033[1;31m", "\033[2m" };

  return has_colors (stream) ? codes[style] : "";
}

/* Tells what went wrong, in one piece also if other threads print. */
void
tool_print_error (const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_printerr ("%s%s:%s %s\n", tool_style (stderr, TOOL_BAD), g_get_prgname (),
              tool_style (stderr, TOOL_PLAIN), message);
}

/* Tells what goes on. */
void
tool_print_note (const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_printerr ("%s\n", message);
}
