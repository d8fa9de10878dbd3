/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-template.h"

#include <string.h>

typedef enum
{
  LITERAL,
  SEQUENCE,
  TIMESTAMP,
  MILLISECONDS,
  RANDOM,
  PICK,
} Kind;

typedef struct
{
  Kind kind;
  char *literal;   /* of LITERAL */
  char **choices;  /* of PICK */
  gint32 low;      /* of RANDOM */
  gint32 high;
} Part;

struct _EfTemplate
{
  GArray *parts;   /* of Part */
};

static void
part_clear (gpointer data)
{
  Part *part = data;

  g_clear_pointer (&part->literal, g_free);
  g_clear_pointer (&part->choices, g_strfreev);
}

void
ef_template_free (EfTemplate *self)
{
  g_array_unref (self->parts);
  g_free (self);
}

static void
add_literal (EfTemplate *self, const char *text, gsize length)
{
  if (length > 0)
    {
      Part part = { .kind = LITERAL, .literal = g_strndup (text, length) };

      g_array_append_val (self->parts, part);
    }
}

static gboolean
parse_int32 (const char *text, gint32 *value)
{
  gint64 number;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, G_MININT32, G_MAXINT32, &number, NULL))
    return FALSE;

  *value = (gint32) number;

  return TRUE;
}

/* random:LOW:HIGH */
static gboolean
parse_range (Part *part, const char *argument)
{
  g_auto (GStrv) ends = argument != NULL ? g_strsplit (argument, ":", -1) : NULL;

  return ends != NULL && g_strv_length (ends) == 2 && parse_int32 (ends[0], &part->low)
         && parse_int32 (ends[1], &part->high) && part->low <= part->high
         && part->high < G_MAXINT32;
}

static gboolean
parse_part (Part *part, const char *word, const char *argument)
{
  static const char *const plain[] = { "sequence", "timestamp", "milliseconds" };

  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    if (strcmp (word, plain[i]) == 0)
      {
        part->kind = SEQUENCE + i;
        return argument == NULL;
      }

  if (strcmp (word, "random") == 0)
    {
      part->kind = RANDOM;
      return parse_range (part, argument);
    }

  if (strcmp (word, "pick") == 0 && argument != NULL)
    {
      part->kind = PICK;
      part->choices = g_strsplit (argument, "|", -1);
      return part->choices[0] != NULL;
    }

  return FALSE;
}

/* @text is what stands between the braces. */
static gboolean
add_placeholder (EfTemplate *self, const char *text, gsize length, GError **error)
{
  g_autofree char *word = g_strndup (text, length);
  char *argument = strchr (word, ':');
  Part part = { .kind = LITERAL };

  if (argument != NULL)
    *argument++ = '\0';

  if (!parse_part (&part, word, argument))
    {
      part_clear (&part);
      g_set_error (error, EF_ERROR, EF_ERROR_SYNTAX,
                   "the template has “{{%.*s}}”, which is none of {{sequence}}, {{timestamp}}, "
                   "{{milliseconds}}, {{random:LOW:HIGH}} and {{pick:A|B}}",
                   (int) length, text);
      return FALSE;
    }

  g_array_append_val (self->parts, part);

  return TRUE;
}

EfTemplate *
ef_template_new (const char *text, GError **error)
{
  g_autoptr (EfTemplate) self = g_new0 (EfTemplate, 1);
  const char *open;

  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (self->parts, part_clear);

  while ((open = strstr (text, "{{")) != NULL)
    {
      const char *close = strstr (open, "}}");

      if (close == NULL)
        {
          g_set_error (error, EF_ERROR, EF_ERROR_SYNTAX,
                       "the template has “{{” without “}}”: “%s”", open);
          return NULL;
        }

      add_literal (self, text, (gsize) (open - text));
      if (!add_placeholder (self, open + 2, (gsize) (close - open - 2), error))
        return NULL;
      text = close + 2;
    }

  add_literal (self, text, strlen (text));

  return g_steal_pointer (&self);
}

static void
append_number (GString *out, gint64 number)
{
  char digits[EF_JSON_NUMBER_MAX];

  g_string_append_len (out, digits, ef_json_write_int64 (digits, number) - digits);
}

void
ef_template_expand (EfTemplate *self,
                    gint64 sequence,
                    gint64 timestamp,
                    GRand *random,
                    GString *out)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      const Part *part = &g_array_index (self->parts, Part, i);

      switch (part->kind)
        {
        case LITERAL:
          g_string_append (out, part->literal);
          break;
        case SEQUENCE:
          append_number (out, sequence);
          break;
        case TIMESTAMP:
          append_number (out, timestamp);
          break;
        case MILLISECONDS:
          append_number (out, timestamp / 1000);
          break;
        case RANDOM:
          append_number (out, g_rand_int_range (random, part->low, part->high + 1));
          break;
        case PICK:
          g_string_append (out, part->choices[g_rand_int_range (
                                  random, 0, (gint32) g_strv_length (part->choices))]);
          break;
        default:
          g_assert_not_reached ();
        }
    }
}
