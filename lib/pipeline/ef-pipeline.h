/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-context.h"
#include "ef-element.h"
#include "ef-pipeline-spec.h"

G_BEGIN_DECLS

#define EF_TYPE_PIPELINE (ef_pipeline_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (EfPipeline, ef_pipeline, EF, PIPELINE, GObject)

EF_AVAILABLE_IN_1_0
EfPipeline *ef_pipeline_new (void);

EF_AVAILABLE_IN_1_0
EfPipeline *ef_pipeline_new_from_spec (EfPipelineSpec *spec, EfContext *context, GError **error);

EF_AVAILABLE_IN_1_0
gboolean ef_pipeline_add_element (EfPipeline *self, EfElement *element, GError **error);

EF_AVAILABLE_IN_1_0
EfElement *ef_pipeline_get_element (EfPipeline *self, const char *name);

EF_AVAILABLE_IN_1_0
GPtrArray *ef_pipeline_get_elements (EfPipeline *self);

EF_AVAILABLE_IN_1_0
EfBus *ef_pipeline_get_bus (EfPipeline *self);

EF_AVAILABLE_IN_1_0
EfState ef_pipeline_get_state (EfPipeline *self);

EF_AVAILABLE_IN_1_0
guint ef_pipeline_get_drain_timeout_ms (EfPipeline *self);

EF_AVAILABLE_IN_1_0
void ef_pipeline_set_drain_timeout_ms (EfPipeline *self, guint milliseconds);

EF_AVAILABLE_IN_1_0
gboolean ef_pipeline_start (EfPipeline *self, GError **error);

EF_AVAILABLE_IN_1_0
void ef_pipeline_stop (EfPipeline *self);

EF_AVAILABLE_IN_1_0
void ef_pipeline_set_state_async (EfPipeline *self,
                                  EfState state,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);

EF_AVAILABLE_IN_1_0
gboolean ef_pipeline_set_state_finish (EfPipeline *self, GAsyncResult *result, GError **error);

EF_AVAILABLE_IN_1_0
void ef_pipeline_start_async (EfPipeline *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

EF_AVAILABLE_IN_1_0
gboolean ef_pipeline_start_finish (EfPipeline *self, GAsyncResult *result, GError **error);

EF_AVAILABLE_IN_1_0
void ef_pipeline_stop_async (EfPipeline *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

EF_AVAILABLE_IN_1_0
gboolean ef_pipeline_stop_finish (EfPipeline *self, GAsyncResult *result, GError **error);

EF_AVAILABLE_IN_1_0
void ef_pipeline_send_eos (EfPipeline *self);

EF_AVAILABLE_IN_1_0
void ef_pipeline_validate_async (EfPipeline *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);

EF_AVAILABLE_IN_1_0
gboolean ef_pipeline_validate_finish (EfPipeline *self, GAsyncResult *result, GError **error);

EF_AVAILABLE_IN_1_0
GVariant *ef_pipeline_get_stats (EfPipeline *self);

EF_AVAILABLE_IN_1_0
char *ef_pipeline_to_dot (EfPipeline *self);

G_END_DECLS
