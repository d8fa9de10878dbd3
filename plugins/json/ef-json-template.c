/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-json-template.h"

#include <eventflux.h>

#include "ef-json-scan.h"

static void
stretch_clear (gpointer data)
{
  EfJsonStretch *stretch = data;

  g_free (stretch->text);
  g_free (stretch->column);
}

/* Whether the end of a text is within a JSON string, if its beginning was (or was not). */
static gboolean
ends_in_string (const char *text, gboolean in_string)
{
  for (; *text != '\0'; text++)
    {
      if (in_string && *text == '\\' && text[1] != '\0')
        text++;
      else if (*text == '"')
        in_string = !in_string;
    }

  return in_string;
}

/* A template must be JSON whatever the values are. So it is read with the simplest there are: 0, and
 * nothing within strings. */
static gboolean
check_form (GArray *stretches, GError **error)
{
  g_autoptr (GString) sample = g_string_new (NULL);
  g_autofree char *left = NULL;
  EfJsonScan scan = { 0 };
  const char *p;

  for (guint i = 0; i < stretches->len; i++)
    {
      EfJsonStretch *stretch = &g_array_index (stretches, EfJsonStretch, i);

      g_string_append (sample, stretch->text);
      if (stretch->column != NULL && !stretch->in_string)
        g_string_append_c (sample, '0');
    }

  scan.start = sample->str;
  scan.end = sample->str + sample->len;
  p = ef_json_scan_value (&scan, ef_json_scan_space (&scan, scan.start), 0);
  if (p != NULL)
    {
      p = ef_json_scan_space (&scan, p);
      if (p == scan.end)
        return TRUE;
      ef_json_scan_fail (&scan, p, "something behind the value");
    }

  left = g_utf8_substring (scan.at, 0, MIN (20, g_utf8_strlen (scan.at, -1)));
  g_set_error (error, EF_ERROR, EF_ERROR_SYNTAX,
               "property “template”: with 0 for each value it is no JSON, but has %s%s%s",
               scan.problem, *left != '\0' ? ", at " : "", left);

  return FALSE;
}

/* Takes a template apart: JSON in which `{{column}}` stands for the value of a column. */
GArray *
ef_json_template_parse (const char *text, GError **error)
{
  g_autoptr (GArray) stretches = g_array_new (FALSE, FALSE, sizeof (EfJsonStretch));
  gboolean in_string = FALSE;

  g_array_set_clear_func (stretches, stretch_clear);

  for (;;)
    {
      EfJsonStretch stretch = { 0 };
      const char *open = strstr (text, "{{");
      const char *close = open != NULL ? strstr (open + 2, "}}") : NULL;

      if (open != NULL && close == NULL)
        {
          g_set_error (error, EF_ERROR, EF_ERROR_SYNTAX,
                       "property “template”: “%s” has no “}}” that ends the name of the column", open);
          return NULL;
        }

      stretch.text = open != NULL ? g_strndup (text, (gsize) (open - text)) : g_strdup (text);
      stretch.in_string = in_string = ends_in_string (stretch.text, in_string);
      if (open != NULL)
        stretch.column = g_strstrip (g_strndup (open + 2, (gsize) (close - open - 2)));
      g_array_append_val (stretches, stretch);

      if (open == NULL)
        break;
      text = close + 2;
    }

  return check_form (stretches, error) ? g_steal_pointer (&stretches) : NULL;
}
