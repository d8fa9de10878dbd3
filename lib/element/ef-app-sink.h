/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-sink.h"

G_BEGIN_DECLS

#define EF_TYPE_APP_SINK (ef_app_sink_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (EfAppSink, ef_app_sink, EF, APP_SINK, EfSink)

EF_AVAILABLE_IN_1_0
EfAppSink *ef_app_sink_new (void);

EF_AVAILABLE_IN_1_0
EfEvent *ef_app_sink_try_pull (EfAppSink *self);

EF_AVAILABLE_IN_1_0
void ef_app_sink_pull_async (EfAppSink *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

EF_AVAILABLE_IN_1_0
EfEvent *ef_app_sink_pull_finish (EfAppSink *self, GAsyncResult *result, GError **error);

EF_AVAILABLE_IN_1_0
gboolean ef_app_sink_is_eos (EfAppSink *self);

G_END_DECLS
