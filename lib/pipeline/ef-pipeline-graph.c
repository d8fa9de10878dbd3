/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-pipeline-graph-private.h"

#include "ef-error.h"

/* Walks the links from the elements without inputs, so that an element is looked at after all those
 * before it, and gives each the thread of whoever pushes to it. */
typedef struct
{
  EfPipelineGraph *graph;
  EfPipelineConflict *conflict;
  GQueue ready;         /* of EfPipelineNode: all before them has been looked at */
  EfPipelineNode *node; /* that is looked at */
} Walk;

EfPipelineNode *
ef_pipeline_graph_get_node (EfPipelineGraph *self, guint index)
{
  return &g_array_index (self->nodes, EfPipelineNode, index);
}

/* Returns %NULL for an element that is no part of the pipeline. */
EfPipelineNode *
ef_pipeline_graph_find_node (EfPipelineGraph *self, EfElement *element)
{
  gpointer index;

  if (!g_hash_table_lookup_extended (self->indices, element, NULL, &index))
    return NULL;

  return ef_pipeline_graph_get_node (self, GPOINTER_TO_UINT (index));
}

static char *
describe_thread (const EfPipelineNode *node, EfThreadBoundary *boundary)
{
  const char *name = ef_element_get_name (node->element);

  if (boundary == NULL)
    return g_strdup_printf ("“%s” in the thread of the pipeline", name);

  if ((gpointer) boundary == (gpointer) node->element)
    return g_strdup_printf ("“%s” in a thread of its own", name);

  return g_strdup_printf ("“%s” in the thread behind “%s”", name,
                          ef_element_get_name (EF_ELEMENT (boundary)));
}

static gboolean
fail_with_conflict (Walk *self, EfPipelineNode *peer, EfThreadBoundary *boundary, GError **error)
{
  EfPipelineNode *before = ef_pipeline_graph_find_node (self->graph, peer->reached_from);
  g_autofree char *first = describe_thread (before, peer->boundary);
  g_autofree char *second = describe_thread (self->node, boundary);

  if (self->conflict != NULL)
    *self->conflict = (EfPipelineConflict){
      .element = peer->element,
      .first = before->element,
      .second = self->node->element,
    };

  g_set_error (error, EF_ERROR, EF_ERROR_LINK,
               "“%s” would run in two threads: it is reached from %s and from %s; let the branches "
               "meet before one queue, or end each in an element of its own",
               ef_element_get_name (peer->element), first, second);

  return FALSE;
}

static gboolean
follow_link (Walk *self, EfPad *pad, EfPad *other, EfThreadBoundary *boundary, GError **error)
{
  EfElement *next = ef_pad_get_element (other);
  EfPipelineNode *peer = ef_pipeline_graph_find_node (self->graph, next);

  if (peer == NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_LINK,
                   "“%s.%s” is linked to “%s”, which is no part of the pipeline: add it",
                   ef_element_get_name (self->node->element), ef_pad_get_name (pad),
                   ef_element_get_name (next));
      return FALSE;
    }

  if (peer->reached_from != NULL && peer->boundary != boundary)
    return fail_with_conflict (self, peer, boundary, error);

  peer->boundary = boundary;
  peer->reached_from = self->node->element;
  peer->depth = self->node->depth + (boundary != self->node->boundary ? 1 : 0);
  peer->rank = MAX (peer->rank, self->node->rank + 1);

  if (--peer->n_links_left == 0)
    g_queue_push_tail (&self->ready, peer);

  return TRUE;
}

static gboolean
follow_pad (Walk *self, EfPad *pad, EfThreadBoundary *boundary, GError **error)
{
  for (guint i = 0; pad != NULL && i < ef_pad_get_n_links (pad); i++)
    if (!follow_link (self, pad, ef_pad_get_peer (pad, i), boundary, error))
      return FALSE;

  return TRUE;
}

/* What a boundary rejects leaves it where it came in, only its `src` is on the other side. */
static gboolean
visit (Walk *self, EfPipelineNode *node, GError **error)
{
  EfThreadBoundary *behind = node->boundary;

  self->node = node;
  if (EF_IS_THREAD_BOUNDARY (node->element))
    behind = EF_THREAD_BOUNDARY (node->element);

  self->graph->n_depths = MAX (self->graph->n_depths, node->depth + 1);
  self->graph->n_ranks = MAX (self->graph->n_ranks, node->rank + 1);

  return follow_pad (self, ef_element_get_src_pad (node->element), behind, error) &&
         follow_pad (self, ef_element_get_errors_pad (node->element), node->boundary, error);
}

static gboolean
walk (EfPipelineGraph *graph, EfPipelineConflict *conflict, GError **error)
{
  Walk self = { .graph = graph, .conflict = conflict, .ready = G_QUEUE_INIT };
  gboolean walked = TRUE;

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      EfPipelineNode *node = ef_pipeline_graph_get_node (graph, i);

      if (node->n_links_left == 0)
        g_queue_push_tail (&self.ready, node);
    }

  while (walked && !g_queue_is_empty (&self.ready))
    walked = visit (&self, g_queue_pop_head (&self.ready), error);
  g_queue_clear (&self.ready);

  return walked;
}

static EfPipelineNode
make_node (EfElement *element)
{
  EfPad *sink = ef_element_get_sink_pad (element);

  return (EfPipelineNode){
    .element = g_object_ref (element),
    .has_inputs = sink != NULL,
    .has_outputs = ef_element_get_src_pad (element) != NULL,
    .n_links_left = sink != NULL ? ef_pad_get_n_links (sink) : 0,
  };
}

static void
node_clear (gpointer data)
{
  EfPipelineNode *node = data;

  g_object_unref (node->element);
}

/* An input that is fed from without the pipeline would never come to be looked at. */
static gboolean
check_inputs (EfPipelineGraph *self, EfPipelineNode *node, GError **error)
{
  EfPad *sink = ef_element_get_sink_pad (node->element);

  for (guint i = 0; sink != NULL && i < ef_pad_get_n_links (sink); i++)
    {
      EfElement *before = ef_pad_get_element (ef_pad_get_peer (sink, i));

      if (ef_pipeline_graph_find_node (self, before) == NULL)
        {
          g_set_error (error, EF_ERROR, EF_ERROR_LINK,
                       "“%s” is linked to “%s”, which is no part of the pipeline: add it",
                       ef_element_get_name (node->element), ef_element_get_name (before));
          return FALSE;
        }
    }

  return TRUE;
}

/* Looks at how elements are linked. Fails if a link leads out of the pipeline, or if an element
 * would be pushed to from two threads: then @conflict, if not %NULL, tells where. */
EfPipelineGraph *
ef_pipeline_graph_new (GPtrArray *elements, EfPipelineConflict *conflict, GError **error)
{
  g_autoptr (EfPipelineGraph) self = g_new0 (EfPipelineGraph, 1);

  self->nodes = g_array_sized_new (FALSE, FALSE, sizeof (EfPipelineNode), elements->len);
  g_array_set_clear_func (self->nodes, node_clear);
  self->indices = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < elements->len; i++)
    {
      EfPipelineNode node = make_node (g_ptr_array_index (elements, i));

      g_array_append_val (self->nodes, node);
      g_hash_table_insert (self->indices, node.element, GUINT_TO_POINTER (i));
    }

  for (guint i = 0; i < self->nodes->len; i++)
    if (!check_inputs (self, ef_pipeline_graph_get_node (self, i), error))
      return NULL;

  if (!walk (self, conflict, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
ef_pipeline_graph_free (EfPipelineGraph *self)
{
  g_hash_table_unref (self->indices);
  g_array_unref (self->nodes);
  g_free (self);
}

/* Gives each element its context: @context, or that of the boundary before it. */
void
ef_pipeline_graph_set_contexts (EfPipelineGraph *self, GMainContext *context)
{
  for (guint i = 0; i < self->nodes->len; i++)
    {
      EfPipelineNode *node = ef_pipeline_graph_get_node (self, i);

      ef_element_set_context (node->element, node->boundary != NULL
                                               ? ef_thread_boundary_get_context (node->boundary)
                                               : context);
    }
}
