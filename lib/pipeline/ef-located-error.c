/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-located-error-private.h"

/* Sets an error whose message shows the place in @text with a caret under it. Without a text, or
 * without a place, the message is all there is: a spec that a program made has neither. */
void
ef_set_located_error (GError **error,
                      EfError code,
                      const char *text,
                      const EfTextLocation *location,
                      const char *format,
                      ...)
{
  g_autofree char *message = NULL;
  g_autofree char *printable = NULL;
  va_list args;

  if (error == NULL)
    return;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  if (text == NULL || location == NULL || location->line == 0)
    {
      g_set_error_literal (error, EF_ERROR, (int) code, message);
      return;
    }

  /* Error messages are UTF-8. Bytes that are not become U+FFFD; those before the place are good, as
   * the first bad one is where reading stops, so the place stays where it is. */
  printable = g_utf8_make_valid (text, -1);
  g_autofree char *shown = ef_text_location_format (location, printable, message);
  g_set_error_literal (error, EF_ERROR, (int) code, shown);
}
