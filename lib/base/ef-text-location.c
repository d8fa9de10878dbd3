/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-text-location.h"

#include <string.h>

/**
 * ef_text_location_init: (skip)
 * @location: the location to set
 * @text: a text, UTF-8
 * @offset: a byte offset into @text, at most its length
 *
 * Computes line and column of a byte offset.
 */
void
ef_text_location_init (EfTextLocation *location, const char *text, gsize offset)
{
  g_return_if_fail (location != NULL);
  g_return_if_fail (text != NULL);

  const char *end = text + MIN (offset, strlen (text));
  const char *line_start = text;
  guint line = 1;

  for (const char *p = text; p < end; p++)
    if (*p == '\n')
      {
        line++;
        line_start = p + 1;
      }

  location->line = line;
  location->column = 1;
  location->offset = (gsize) (end - text);

  /* Every byte that does not continue a UTF-8 sequence starts a character: this holds for bad UTF-8
   * too, where g_utf8_strlen() would run away. */
  for (const char *p = line_start; p < end; p++)
    if (((guchar) *p & 0xc0) != 0x80)
      location->column++;
}

/**
 * ef_text_location_format: (skip)
 * @location: a place in @text
 * @text: the text
 * @message: what is to be said about the place
 *
 * Prints a message in the form of compilers: line and column, the message, the line itself, and a
 * caret under the place.
 *
 * Returns: (transfer full): the text, without a newline at its end
 */
char *
ef_text_location_format (const EfTextLocation *location, const char *text, const char *message)
{
  g_return_val_if_fail (location != NULL, NULL);
  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (message != NULL, NULL);

  const char *at = text + MIN (location->offset, strlen (text));
  const char *line_start = at;
  const char *line_end = at + strcspn (at, "\n");
  g_autoptr (GString) result = g_string_new (NULL);

  while (line_start > text && line_start[-1] != '\n')
    line_start--;

  g_string_append_printf (result, "%u:%u: %s\n  ", location->line, location->column, message);
  g_string_append_len (result, line_start, line_end - line_start);
  g_string_append (result, "\n  ");

  /* Tabs are kept, so that the caret stands under its place whatever the tab stops are. */
  for (const char *p = line_start; p < at; p++)
    if (((guchar) *p & 0xc0) != 0x80)
      g_string_append_c (result, *p == '\t' ? '\t' : ' ');
  g_string_append_c (result, '^');

  return g_string_free (g_steal_pointer (&result), FALSE);
}
