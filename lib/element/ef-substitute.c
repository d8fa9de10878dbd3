/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-substitute-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

/* More than any token or key, and little enough to be read at once. */
#define MAX_FILE_SIZE (64 * 1024)

static char *
take_variable (const char *name, GError **error)
{
  gboolean well_named = g_ascii_isalpha (*name) || *name == '_';
  const char *value;

  for (const char *c = name; *c != '\0'; c++)
    well_named = well_named && (g_ascii_isalnum (*c) || *c == '_');

  if (!well_named)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                   "“${%s}” names no environment variable and no file: write ${NAME}, "
                   "${file:PATH}, or $${ for the characters themselves",
                   name);
      return NULL;
    }

  value = g_getenv (name);
  if (value == NULL)
    g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                 "the environment variable “%s” is not set", name);

  return g_strdup (value);
}

/* Reads up to one byte more than a file may have. Returns -1 with errno. */
static gssize
read_small_file (const char *path, char *buffer)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  gssize total = 0, n = 0;

  if (fd < 0)
    return -1;

  do
    {
      n = read (fd, buffer + total, (gsize) (MAX_FILE_SIZE + 1 - total));
      if (n > 0)
        total += n;
    }
  while ((n > 0 && total <= MAX_FILE_SIZE) || (n < 0 && errno == EINTR));

  {
    int saved_errno = errno;

    close (fd);
    errno = saved_errno;
  }

  return n < 0 ? -1 : total;
}

/* The text of a file, less the line break that editors end it with. */
static char *
take_file (const char *path, GError **error)
{
  g_autofree char *text = g_malloc (MAX_FILE_SIZE + 1);
  gssize length = read_small_file (path, text);

  if (length < 0)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE, "the file “%s” can not be read: %s",
                   path, g_strerror (errno));
      return NULL;
    }

  if (length > MAX_FILE_SIZE)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                   "the file “%s” is too large for a value: more than %d bytes", path,
                   MAX_FILE_SIZE);
      return NULL;
    }

  if (!g_utf8_validate_len (text, (gsize) length, NULL))
    {
      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE, "the file “%s” is not UTF-8 text", path);
      return NULL;
    }

  text[length] = '\0';
  if (length > 0 && text[length - 1] == '\n')
    text[--length] = '\0';
  if (length > 0 && text[length - 1] == '\r')
    text[--length] = '\0';

  return g_steal_pointer (&text);
}

/* Puts values in the places of ${NAME} and ${file:PATH}; $${ stands for ${ itself. What is put in is
 * not looked at again. @substituted tells whether there was any, as it is then not to be printed. */
char *
ef_substitute (const char *text, gboolean *substituted, GError **error)
{
  g_autoptr (GString) result = g_string_new (NULL);

  *substituted = FALSE;
  while (*text != '\0')
    {
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;
      const char *end;

      if (g_str_has_prefix (text, "$${"))
        {
          g_string_append (result, "${");
          text += strlen ("$${");
          continue;
        }

      if (!g_str_has_prefix (text, "${"))
        {
          g_string_append_c (result, *text++);
          continue;
        }

      end = strchr (text, '}');
      if (end == NULL)
        {
          g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                       "“%s” has no closing brace; write $${ for the characters themselves", text);
          return NULL;
        }

      name = g_strndup (text + strlen ("${"), (gsize) (end - text) - strlen ("${"));
      if (g_str_has_prefix (name, "file:"))
        value = take_file (name + strlen ("file:"), error);
      else
        value = take_variable (name, error);
      if (value == NULL)
        return NULL;

      g_string_append (result, value);
      *substituted = TRUE;
      text = end + 1;
    }

  return g_string_free (g_steal_pointer (&result), FALSE);
}
