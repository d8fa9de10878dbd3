/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-element.h"

G_BEGIN_DECLS

#define EF_TYPE_SINK (ef_sink_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (EfSink, ef_sink, EF, SINK, EfElement)

/**
 * EfSinkClass:
 * @parent_class: the parent class
 * @drain: called once at the end of the stream. The sink finishes what it still has and then calls
 *   [method@EventFlux.Sink.drained]; the default does so at once.
 *
 * The class of sinks.
 */
struct _EfSinkClass
{
  EfElementClass parent_class;

  void (*drain) (EfSink *self);

  /*< private >*/
  gpointer padding[4];
};

EF_AVAILABLE_IN_1_0
gboolean ef_sink_publish_event (EfSink *self, EfEvent *event, GError **error);

EF_AVAILABLE_IN_1_0
gboolean ef_sink_publish_batch (EfSink *self, EfBatch *batch, GError **error);

EF_AVAILABLE_IN_1_0
void ef_sink_drained (EfSink *self);

G_END_DECLS
