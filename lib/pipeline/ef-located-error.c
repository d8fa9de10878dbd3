/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-located-error-private.h"

/* Has the message of an error show the place in @text with a caret under it. Without a text, or
 * without a place, the message stays as it is: a spec that a program made has neither. */
void
ef_locate_error (GError *error, const char *text, const EfTextLocation *location)
{
  g_autofree char *printable = NULL;
  g_autofree char *message = NULL;

  if (text == NULL || location == NULL || location->line == 0)
    return;

  /* Error messages are UTF-8. Bytes that are not become U+FFFD; those before the place are good, as
   * the first bad one is where reading stops, so the place stays where it is. */
  printable = g_utf8_make_valid (text, -1);
  message = g_steal_pointer (&error->message);
  error->message = ef_text_location_format (location, printable, message);
}

void
ef_set_located_error (GError **error,
                      EfError code,
                      const char *text,
                      const EfTextLocation *location,
                      const char *format,
                      ...)
{
  GError *located;
  va_list args;

  va_start (args, format);
  located = g_error_new_valist (EF_ERROR, (int) code, format, args);
  va_end (args);

  ef_locate_error (located, text, location);
  g_propagate_error (error, located);
}
