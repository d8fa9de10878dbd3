/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-json-path.h"

#include <string.h>

static void
step_clear (gpointer data)
{
  EfJsonStep *step = data;

  g_free (step->key);
}

static EfJsonPath *
path_new (gboolean from_item)
{
  EfJsonPath *self = g_new (EfJsonPath, 1);

  self->from_item = from_item;
  self->steps = g_array_new (FALSE, FALSE, sizeof (EfJsonStep));
  g_array_set_clear_func (self->steps, step_clear);

  return self;
}

/**
 * ef_json_path_free: (skip)
 * @self: (transfer full): a path
 *
 * Lets go of a path.
 *
 * Since: 1.0
 */
void
ef_json_path_free (EfJsonPath *self)
{
  g_array_unref (self->steps);
  g_free (self);
}

static void
add_step (EfJsonPath *self, char *key, guint index)
{
  EfJsonStep step = { .key = key, .index = index };

  g_array_append_val (self->steps, step);
}

/**
 * ef_json_path_new_item_key: (skip)
 * @key: a name
 *
 * Makes the path of a column that no mapping names: the member of that name.
 *
 * Returns: (transfer full): a path
 *
 * Since: 1.0
 */
EfJsonPath *
ef_json_path_new_item_key (const char *key)
{
  EfJsonPath *self = path_new (TRUE);

  add_step (self, g_strdup (key), 0);

  return self;
}

/* Each of these takes a step apart and returns where it ends, or NULL with @problem set and *@at at
 * the place of it. */

/* Behind a dot. */
static const char *
parse_name (EfJsonPath *self, const char *p, const char **at, const char **problem)
{
  gsize length = strcspn (p, ".[]\"' \t");

  *at = p;
  if (length == 0)
    {
      *problem = *p == '.' ? "“..” looks everywhere, which is not supported: name each step"
                           : "a name belongs behind “.”; one with other characters than letters and "
                             "digits is written ['…']";
      return NULL;
    }

  add_step (self, g_strndup (p, length), 0);

  return p + length;
}

/* Behind the bracket and a quote. */
static const char *
parse_quoted (EfJsonPath *self, const char *p, const char **at, const char **problem)
{
  g_autoptr (GString) name = g_string_new (NULL);
  char quote = p[-1];

  for (; *p != '\0' && *p != quote; p++)
    {
      if (*p == '\\' && (p[1] == quote || p[1] == '\\'))
        p++;
      g_string_append_c (name, *p);
    }

  *at = p;
  if (*p == '\0' || p[1] != ']')
    {
      *problem = *p == '\0' ? "the closing quote is missing" : "“]” belongs here";
      return NULL;
    }

  add_step (self, g_string_free (g_steal_pointer (&name), FALSE), 0);

  return p + 2;
}

/* Behind the bracket. */
static const char *
parse_index (EfJsonPath *self, const char *p, const char **at, const char **problem)
{
  guint64 index = 0;
  const char *digits = p;

  for (; g_ascii_isdigit (*p) && index <= G_MAXINT; p++)
    index = index * 10 + (guint64) g_ascii_digit_value (*p);

  *at = p;
  if (p == digits)
    {
      *problem = *p == '-' ? "an index counts from 0; from the end is not supported"
                           : "an index such as [0] or a name such as ['a'] belongs in brackets";
      return NULL;
    }
  if (index > G_MAXINT || *p != ']')
    {
      *problem = *p == ']' ? "the index is too big" : "“]” belongs here";
      return NULL;
    }

  add_step (self, NULL, (guint) index);

  return p + 1;
}

/**
 * ef_json_path_parse: (skip)
 * @text: a path
 * @error: return location for an error
 *
 * Parses a path: `$` or `@`, then steps such as `.name`, `['any name']` and `[0]`.
 *
 * Returns: (transfer full): a path, or %NULL with an error that names what is wrong and where
 *
 * Since: 1.0
 */
EfJsonPath *
ef_json_path_parse (const char *text, GError **error)
{
  g_autoptr (EfJsonPath) self = path_new (*text == '@');
  const char *problem = NULL, *at = text;
  const char *p = text + 1;

  if (*text != '$' && *text != '@')
    {
      g_set_error (error, EF_ERROR, EF_ERROR_SYNTAX,
                   "path “%s”: it begins with “$”, the message, as in “$.data.price”", text);
      return NULL;
    }

  while (p != NULL && *p != '\0')
    {
      if (*p == '.')
        p = parse_name (self, p + 1, &at, &problem);
      else if (*p == '[' && (p[1] == '\'' || p[1] == '"'))
        p = parse_quoted (self, p + 2, &at, &problem);
      else if (*p == '[')
        p = parse_index (self, p + 1, &at, &problem);
      else
        {
          problem = "a step begins with “.” or “[”";
          at = p;
          p = NULL;
        }
    }

  if (problem != NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_SYNTAX, "path “%s”, at character %ld: %s", text,
                   g_utf8_pointer_to_offset (text, at) + 1, problem);
      return NULL;
    }

  return g_steal_pointer (&self);
}
