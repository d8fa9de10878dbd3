/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-pipeline-private.h"

#include "ef-config.h"

#include <string.h>

/* Longer values are cut: a picture is for the structure. */
#define MAX_VALUE_CHARS 60

static void
append_escaped (GString *dot, const char *text)
{
  for (; *text != '\0'; text++)
    switch (*text)
      {
      case '"':
      case '\\':
        g_string_append_c (dot, '\\');
        g_string_append_c (dot, *text);
        break;
      case '\n':
        g_string_append (dot, "\\n");
        break;
      default:
        g_string_append_c (dot, *text);
      }
}

static void
append_id (GString *dot, EfElement *element)
{
  g_string_append_c (dot, '"');
  append_escaped (dot, ef_element_get_name (element));
  g_string_append_c (dot, '"');
}

static void
append_property (GString *dot, EfElement *element, GParamSpec *pspec)
{
  g_autofree char *value = ef_element_dup_printable_property (element, pspec->name);

  /* An empty table prints as nothing. */
  if (value == NULL || *value == '\0')
    return;

  if (g_utf8_strlen (value, -1) > MAX_VALUE_CHARS)
    {
      g_autofree char *cut = g_utf8_substring (value, 0, MAX_VALUE_CHARS);

      g_free (value);
      value = g_strconcat (cut, "…", NULL);
    }

  g_string_append (dot, pspec->name);
  g_string_append_c (dot, '=');
  append_escaped (dot, value);
  g_string_append (dot, "\\l");
}

/* The configuration, less what is as it is by default. */
static void
append_properties (GString *dot, EfElement *element)
{
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    if ((pspecs[i]->flags & G_PARAM_READWRITE) == G_PARAM_READWRITE &&
        strcmp (pspecs[i]->name, "name") != 0 && !ef_element_is_property_default (element, pspecs[i]->name))
      append_property (dot, element, pspecs[i]);
}

static void
append_figures (GString *dot, EfElement *element)
{
  g_autoptr (GVariant) stats = ef_element_get_stats (element);
  guint64 n_rejected = 0, n_dropped = 0;
  gboolean held = FALSE;

  g_variant_lookup (stats, "rejected", "t", &n_rejected);
  g_variant_lookup (stats, "dropped", "t", &n_dropped);
  g_variant_lookup (stats, "held", "b", &held);

  if (n_rejected > 0)
    g_string_append_printf (dot, "%" G_GUINT64_FORMAT " rejected\\l", n_rejected);
  if (n_dropped > 0)
    g_string_append_printf (dot, "%" G_GUINT64_FORMAT " dropped\\l", n_dropped);
  if (held)
    g_string_append (dot, "held\\l");
}

static void
append_element (GString *dot, EfElement *element)
{
  static const char *const colors[] = { "white", "lightgrey", "lightyellow", "palegreen" };
  EfState state = ef_element_get_state (element);
  const char *factory = EF_ELEMENT_GET_CLASS (element)->factory_name;

  g_string_append (dot, "    ");
  append_id (dot, element);
  g_string_append (dot, " [label=\"");
  append_escaped (dot, ef_element_get_name (element));
  g_string_append_printf (dot, "\\n%s, %s\\n",
                          factory != NULL ? factory : G_OBJECT_TYPE_NAME (element),
                          ef_state_to_string (state));
  append_properties (dot, element);
  append_figures (dot, element);
  g_string_append_printf (dot, "\", fillcolor=\"%s\"];\n", colors[state]);
}

static const char *
content_to_string (EfPadContent content)
{
  switch (content)
    {
    case EF_PAD_CONTENT_PAYLOAD:
      return "payload";
    case EF_PAD_CONTENT_COLUMNS:
      return "columns";
    case EF_PAD_CONTENT_ANY:
    default:
      return "any";
    }
}

static void
append_links (GString *dot, EfPad *pad)
{
  for (guint i = 0; pad != NULL && i < ef_pad_get_n_links (pad); i++)
    {
      EfPad *peer = ef_pad_get_peer (pad, i);
      gboolean is_errors = g_str_equal (ef_pad_get_name (pad), "errors");

      g_string_append (dot, "  ");
      append_id (dot, ef_pad_get_element (pad));
      g_string_append (dot, " -> ");
      append_id (dot, ef_pad_get_element (peer));
      g_string_append_printf (
        dot,
        " [taillabel=\"%s\", headlabel=\"%s\", "
        "label=\"%s\\n%" G_GUINT64_FORMAT "\"%s];\n",
        ef_pad_get_name (pad), ef_pad_get_name (peer), content_to_string (ef_pad_get_content (pad)),
        ef_pad_get_n_events (pad), is_errors ? ", style=dashed, color=red" : "");
    }
}

/* The elements of one thread, in a box of their own if there are several threads. */
static void
append_thread (GString *dot, EfPipelineGraph *graph, EfThreadBoundary *boundary, guint number)
{
  gboolean has_box = graph->n_depths > 1;

  if (has_box)
    {
      g_string_append_printf (dot, "  subgraph cluster_%u {\n    label=\"", number);
      append_escaped (dot, boundary != NULL ? "thread behind " : "thread of the pipeline");
      if (boundary != NULL)
        append_escaped (dot, ef_element_get_name (EF_ELEMENT (boundary)));
      g_string_append (dot, "\";\n");
    }

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      EfPipelineNode *node = ef_pipeline_graph_get_node (graph, i);

      if (node->boundary == boundary)
        append_element (dot, node->element);
    }

  if (has_box)
    g_string_append (dot, "  }\n");
}

static void
append_threads (GString *dot, EfPipelineGraph *graph)
{
  guint number = 0;

  append_thread (dot, graph, NULL, number++);
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      EfPipelineNode *node = ef_pipeline_graph_get_node (graph, i);

      if (EF_IS_THREAD_BOUNDARY (node->element))
        append_thread (dot, graph, EF_THREAD_BOUNDARY (node->element), number++);
    }
}

/**
 * ef_pipeline_to_dot:
 * @self: a pipeline
 *
 * Draws the pipeline in the language of Graphviz: the elements with their states and the properties
 * that were set, in a box for each thread, the links, and how many events have passed them. Secrets
 * are masked.
 *
 * Returns: (transfer full): the text
 */
char *
ef_pipeline_to_dot (EfPipeline *self)
{
  g_return_val_if_fail (EF_IS_PIPELINE (self), NULL);

  g_autoptr (EfPipelineGraph) graph = ef_pipeline_graph_new (self->elements, NULL, NULL);
  g_autoptr (GString) dot = g_string_new (NULL);

  g_string_append (dot, "digraph pipeline {\n"
                        "  rankdir=LR;\n"
                        "  node [shape=box, style=\"rounded,filled\", fontname=\"sans\", "
                        "fontsize=10];\n"
                        "  edge [fontname=\"sans\", fontsize=9];\n"
                        "  label=\"");
  append_escaped (dot, self->name);
  g_string_append_printf (dot, ", %s\";\n", ef_state_to_string (self->state));

  if (graph != NULL)
    append_threads (dot, graph);
  else
    for (guint i = 0; i < self->elements->len; i++)
      append_element (dot, g_ptr_array_index (self->elements, i));

  for (guint i = 0; i < self->elements->len; i++)
    {
      EfElement *element = g_ptr_array_index (self->elements, i);

      append_links (dot, ef_element_get_src_pad (element));
      append_links (dot, ef_element_get_errors_pad (element));
    }
  g_string_append (dot, "}\n");

  return g_string_free (g_steal_pointer (&dot), FALSE);
}
