/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-pipeline-transition-private.h"

G_BEGIN_DECLS

typedef struct _EfPipelineRequest EfPipelineRequest;

struct _EfPipeline
{
  GObject parent_instance;

  char *name;
  GMainContext *context;
  GPtrArray *elements;
  EfPipelineSpec *spec; /* what it was made of, or NULL */
  guint drain_timeout_ms;

  /* Elements post on a bus of the pipeline's own, so that it hears of failures and ends of streams
   * before the application does, and tells of each once. */
  EfBus *bus;
  EfBus *inner_bus;

  /* ef-pipeline-state.c */
  EfState state;
  EfPipelineGraph *graph;           /* while the pipeline is on its way up, or not NULL */
  GHashTable *threads;              /* the boundaries whose threads run */
  GHashTable *unended;              /* the ends that have not seen the end of the stream */
  gboolean awaits_eos;              /* there is an end of stream to tell of */
  EfPipelineTransition *transition;
  EfPipelineRequest *request;       /* that the transition is for */
  GQueue requests;                  /* of EfPipelineRequest */
  gboolean failing;                 /* on its way down after an error */
  gpointer validation;              /* ef-pipeline-validate.c: the check under way */
};

/* ef-pipeline.c */

void ef_pipeline_post (EfPipeline *self, EfMessage *message);

void ef_pipeline_notify_state (EfPipeline *self);

void ef_pipeline_emit_error (EfPipeline *self, const char *element, const GError *error);

void ef_pipeline_emit_eos (EfPipeline *self);

void ef_pipeline_emit_validated (EfPipeline *self,
                                 EfElement *element,
                                 gboolean connectivity,
                                 const GError *error);

/* ef-pipeline-state.c */

void ef_pipeline_arrive (EfPipeline *self, EfState state, gboolean up);

void ef_pipeline_handle_error (EfPipeline *self, EfMessage *message);

void ef_pipeline_handle_eos (EfPipeline *self, EfMessage *message);

gboolean ef_pipeline_look_at_links (EfPipeline *self, GError **error);

void ef_pipeline_next_request (EfPipeline *self);

GError *ef_pipeline_name_error (EfPipeline *self, EfElement *element, const GError *error);

/* ef-pipeline-locate.c */

GError *ef_pipeline_locate_error (EfPipeline *self, EfElement *element, const GError *error);

G_END_DECLS
