/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-pipeline-spec.h"

#include "ef-quote-private.h"

/* A description says elements and links in one sequence; a spec has an order of elements and an
 * order of links. The printer merges the two without changing either: a link is told by a `!`
 * between neighbours if its turn comes there, otherwise by references. */
typedef struct
{
  EfPipelineSpec *spec;
  GString *text;
  guint next_link;
  /* The element that was printed last, and which a `!` would continue, or -1. */
  gint64 open;
} Printer;

typedef struct
{
  guint from;
  guint to;
  const char *from_pad;
  const char *to_pad;
} Link;

static gboolean
peek_link (Printer *self, Link *link)
{
  if (self->next_link == ef_pipeline_spec_get_n_links (self->spec))
    return FALSE;

  ef_pipeline_spec_get_link (self->spec, self->next_link, &link->from, &link->from_pad, &link->to,
                             &link->to_pad);

  return TRUE;
}

static void
begin_chain (Printer *self)
{
  if (self->text->len > 0)
    g_string_append_c (self->text, ' ');
}

static void
append_reference (Printer *self, guint element, const char *pad, const char *default_pad)
{
  ef_quote_append_word (self->text, ef_pipeline_spec_get_element_name (self->spec, element));
  g_string_append_c (self->text, '.');
  if (!g_str_equal (pad, default_pad))
    ef_quote_append_word (self->text, pad);
}

static void
append_link_start (Printer *self, const Link *link)
{
  if (self->open != link->from || !g_str_equal (link->from_pad, "src"))
    {
      begin_chain (self);
      append_reference (self, link->from, link->from_pad, "src");
    }
  g_string_append (self->text, " ! ");
}

static void
append_element (Printer *self, guint element)
{
  ef_quote_append_word (self->text, ef_pipeline_spec_get_element_factory (self->spec, element));

  if (ef_pipeline_spec_has_element_name (self->spec, element))
    {
      g_string_append (self->text, " name=");
      ef_quote_append_value (self->text, ef_pipeline_spec_get_element_name (self->spec, element));
    }

  for (guint i = 0; i < ef_pipeline_spec_get_n_properties (self->spec, element); i++)
    {
      const char *value;
      const char *key = ef_pipeline_spec_get_property (self->spec, element, i, &value);

      g_string_append_c (self->text, ' ');
      ef_quote_append_key (self->text, key);
      g_string_append_c (self->text, '=');
      ef_quote_append_value (self->text, value);
    }
}

/* Whether a `!` before the new @element tells the link. */
static gboolean
link_leads_to (const Link *link, guint element)
{
  return link->to == element && link->from < element && g_str_equal (link->to_pad, "sink");
}

/**
 * ef_pipeline_spec_to_string:
 * @self: a spec
 *
 * Prints a spec as a description in the launch language, which parses to an equal spec. It can also
 * be pasted into a shell, as the arguments of `eventflux-launch`.
 *
 * Values are printed as they are: a secret that is written into a spec is in the text too.
 *
 * Returns: (transfer full): the description
 */
char *
ef_pipeline_spec_to_string (EfPipelineSpec *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_autoptr (GString) text = g_string_new (NULL);
  Printer printer = { .spec = self, .text = text, .open = -1 };
  Link link;

  for (guint i = 0; i < ef_pipeline_spec_get_n_elements (self); i++)
    {
      if (peek_link (&printer, &link) && link_leads_to (&link, i))
        {
          append_link_start (&printer, &link);
          printer.next_link++;
        }
      else
        {
          begin_chain (&printer);
        }
      append_element (&printer, i);
      printer.open = i;

      /* Links back to elements that are printed already end the chain. */
      while (peek_link (&printer, &link) && link.from <= i && link.to <= i)
        {
          append_link_start (&printer, &link);
          append_reference (&printer, link.to, link.to_pad, "sink");
          printer.open = -1;
          printer.next_link++;
        }
    }

  for (; peek_link (&printer, &link); printer.next_link++)
    {
      append_link_start (&printer, &link);
      append_reference (&printer, link.to, link.to_pad, "sink");
      printer.open = -1;
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
