/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"

G_BEGIN_DECLS

typedef struct _EfPipelineCall EfPipelineCall;

/* Called in the context of the call. It, or what it begins, ends with ef_pipeline_call_return(). */
typedef void (*EfPipelineCallFunc) (EfElement *element,
                                    GCancellable *cancellable,
                                    EfPipelineCall *call);

void ef_pipeline_call_async (EfElement *element,
                             GMainContext *context,
                             EfPipelineCallFunc func,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

gboolean ef_pipeline_call_finish (EfElement *element, GAsyncResult *result, GError **error);

void ef_pipeline_call_return (EfPipelineCall *self, GError *error);

G_END_DECLS
