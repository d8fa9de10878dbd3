/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-json-path.h"
#include "ef-reply-template-private.h"

#include <string.h>

/* Text, and what comes behind it. */
typedef struct
{
  char *text;
  EfJsonPath *path; /* NULL at the end */
} Part;

struct _EfReplyTemplate
{
  GArray *parts;
};

static void
part_clear (gpointer data)
{
  Part *part = data;

  g_free (part->text);
  g_clear_pointer (&part->path, ef_json_path_free);
}

/* The path of a place. */
static EfJsonPath *
parse_place (const char *start, const char *end, GError **error)
{
  g_autofree char *text = g_strndup (start, (gsize) (end - start));

  return ef_json_path_parse (text, error);
}

/* Only “{$” begins a place: all other braces are those of the JSON that a reply tends to be. */
EfReplyTemplate *
ef_reply_template_new (const char *text, GError **error)
{
  g_autoptr (EfReplyTemplate) self = g_new0 (EfReplyTemplate, 1);

  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (self->parts, part_clear);

  for (;;)
    {
      const char *place = strstr (text, "{$");
      const char *end = place != NULL ? strchr (place, '}') : NULL;
      Part part = { 0 };

      if (place != NULL && end == NULL)
        {
          g_set_error (error, EF_ERROR, EF_ERROR_SYNTAX, "“%s” has no closing brace", place);
          return NULL;
        }

      part.text = place != NULL ? g_strndup (text, (gsize) (place - text)) : g_strdup (text);
      if (place != NULL)
        part.path = parse_place (place + 1, end, error);
      g_array_append_val (self->parts, part);

      if (place == NULL)
        return g_steal_pointer (&self);
      if (part.path == NULL)
        return NULL;
      text = end + 1;
    }
}

void
ef_reply_template_free (EfReplyTemplate *self)
{
  g_array_unref (self->parts);
  g_free (self);
}

/* Appends the text with the JSON of the values in their places. Returns FALSE if the message lacks one
 * of them. */
gboolean
ef_reply_template_fill (EfReplyTemplate *self, const char *message, gsize length, GString *reply)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      const Part *part = &g_array_index (self->parts, Part, i);
      const char *value;
      gsize value_length;

      g_string_append (reply, part->text);
      if (part->path == NULL)
        continue;
      value = ef_json_path_find (part->path, message, length, &value_length);
      if (value == NULL)
        return FALSE;
      g_string_append_len (reply, value, (gssize) value_length);
    }

  return TRUE;
}
