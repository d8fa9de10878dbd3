/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-source.h"

G_BEGIN_DECLS

#define EF_TYPE_APP_SOURCE (ef_app_source_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (EfAppSource, ef_app_source, EF, APP_SOURCE, EfSource)

EF_AVAILABLE_IN_1_0
EfAppSource *ef_app_source_new (void);

EF_AVAILABLE_IN_1_0
gboolean ef_app_source_push_event (EfAppSource *self, EfEvent *event, GError **error);

EF_AVAILABLE_IN_1_0
gboolean ef_app_source_push_batch (EfAppSource *self, EfBatch *batch, GError **error);

EF_AVAILABLE_IN_1_0
gboolean ef_app_source_push_text (EfAppSource *self,
                                  const char *text,
                                  gssize length,
                                  GError **error);

EF_AVAILABLE_IN_1_0
gboolean ef_app_source_push_bytes (EfAppSource *self, GBytes *bytes, GError **error);

EF_AVAILABLE_IN_1_0
void ef_app_source_end (EfAppSource *self);

G_END_DECLS
