/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-json-path.h"

#include <string.h>

/* Finds the value that a path names, off the text. What is on the way is stepped over, not checked:
 * of a text that is not JSON, something or nothing is found. Each function takes where to begin and
 * returns where it ended, or NULL if the text ends before. */

typedef struct
{
  const char *end;
} Text;

static const char *
skip_space (const Text *self, const char *p)
{
  while (p < self->end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
    p++;

  return p;
}

/* From an opening quote to behind the closing one. */
static const char *
skip_string (const Text *self, const char *p)
{
  for (p++; p < self->end; p++)
    {
      if (*p == '"')
        return p + 1;
      if (*p == '\\' && ++p == self->end)
        return NULL;
    }

  return NULL;
}

/* From an opening bracket to behind the closing one. */
static const char *
skip_nested (const Text *self, const char *p)
{
  guint depth = 0;

  while (p != NULL && p < self->end)
    switch (*p)
      {
      case '"':
        p = skip_string (self, p);
        break;
      case '{':
      case '[':
        depth++;
        p++;
        break;
      case '}':
      case ']':
        p++;
        if (--depth == 0)
          return p;
        break;
      default:
        p++;
      }

  return NULL;
}

static const char *
skip_value (const Text *self, const char *p)
{
  const char *start = p;

  if (p == self->end)
    return NULL;
  if (*p == '"')
    return skip_string (self, p);
  if (*p == '{' || *p == '[')
    return skip_nested (self, p);

  while (p < self->end && strchr (",]} \n\t\r:\"[{", *p) == NULL)
    p++;

  return p > start ? p : NULL;
}

/* Whether the string from @p to @end, with its quotes, is the key as it is. One that is written with
 * escapes is none. */
static gboolean
is_key (const char *p, const char *end, const char *key)
{
  gsize length = strlen (key);

  return (gsize) (end - p) == length + 2 && memcmp (p + 1, key, length) == 0;
}

/* From behind the brace to the value of the member. */
static const char *
find_member (const Text *self, const char *p, const char *key)
{
  for (;;)
    {
      const char *name = skip_space (self, p);
      gboolean found;

      if (name == self->end || *name != '"')
        return NULL;

      p = skip_string (self, name);
      if (p == NULL)
        return NULL;

      found = is_key (name, p, key);
      p = skip_space (self, p);
      if (p == self->end || *p != ':')
        return NULL;

      p = skip_space (self, p + 1);
      if (found)
        return p;

      p = skip_value (self, p);
      if (p == NULL)
        return NULL;

      p = skip_space (self, p);
      if (p == self->end || *p != ',')
        return NULL;
      p++;
    }
}

/* From behind the bracket to the item. */
static const char *
find_item (const Text *self, const char *p, guint index)
{
  p = skip_space (self, p);

  for (; index > 0; index--)
    {
      p = skip_value (self, p);
      if (p == NULL)
        return NULL;

      p = skip_space (self, p);
      if (p == self->end || *p != ',')
        return NULL;
      p = skip_space (self, p + 1);
    }

  return p;
}

/**
 * ef_json_path_find: (skip)
 * @self: a path from the message, `$`
 * @text: a message
 * @length: how many bytes it has
 * @found_length: (out): return location for the length of the value
 *
 * Finds the value that a path names, as it is written: a string with its quotes. For those who want to
 * know one thing about a message, such as a number that identifies it, and nothing else: the rest is
 * stepped over, and not checked.
 *
 * Returns: (transfer none) (nullable): where the value begins in @text, %NULL if there is none
 *
 * Since: 1.0
 */
const char *
ef_json_path_find (const EfJsonPath *self, const char *text, gsize length, gsize *found_length)
{
  const Text scan = { text + length };
  const char *p = skip_space (&scan, text);
  const char *end;

  for (guint i = 0; i < self->steps->len && p != NULL; i++)
    {
      const EfJsonStep *step = &g_array_index (self->steps, EfJsonStep, i);

      if (p == scan.end || *p != (step->key != NULL ? '{' : '['))
        return NULL;

      p = step->key != NULL ? find_member (&scan, p + 1, step->key)
                            : find_item (&scan, p + 1, step->index);
    }

  end = p != NULL ? skip_value (&scan, p) : NULL;
  if (end == NULL)
    return NULL;

  *found_length = (gsize) (end - p);

  return p;
}
