/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"
#include "ef-thread-boundary.h"

G_BEGIN_DECLS

/* The place of an element among the others. */
typedef struct
{
  EfElement *element;
  gboolean has_inputs;          /* a pad of the element can be pushed to */
  gboolean has_outputs;         /* the element pushes to a pad `src` */

  EfThreadBoundary *boundary;   /* unowned: whose thread it runs in; NULL: the pipeline's */
  EfElement *reached_from;      /* unowned: the element that said so */
  guint depth;                  /* how many boundaries stand before the element */
  guint rank;                   /* the longest way to it from an element without inputs */
  guint n_links_left;           /* links to the element that were not followed yet */
} EfPipelineNode;

/* Where two threads meet in one element. */
typedef struct
{
  EfElement *element;
  EfElement *first;
  EfElement *second;
} EfPipelineConflict;

typedef struct
{
  GArray *nodes;         /* of EfPipelineNode, in the order of the elements */
  GHashTable *indices;   /* by element */
  guint n_depths;
  guint n_ranks;
} EfPipelineGraph;

EfPipelineGraph *ef_pipeline_graph_new (GPtrArray *elements,
                                        EfPipelineConflict *conflict,
                                        GError **error);

void ef_pipeline_graph_free (EfPipelineGraph *self);

void ef_pipeline_graph_set_contexts (EfPipelineGraph *self, GMainContext *context);

EfPipelineNode *ef_pipeline_graph_get_node (EfPipelineGraph *self, guint index);

EfPipelineNode *ef_pipeline_graph_find_node (EfPipelineGraph *self, EfElement *element);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfPipelineGraph, ef_pipeline_graph_free)

G_END_DECLS
