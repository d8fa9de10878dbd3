/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* The elements around the one that an EfHarness tests. */

#define EF_TYPE_HARNESS_SOURCE (ef_harness_source_get_type ())

G_DECLARE_FINAL_TYPE (EfHarnessSource, ef_harness_source, EF, HARNESS_SOURCE, EfSource)

#define EF_TYPE_HARNESS_SINK (ef_harness_sink_get_type ())

G_DECLARE_FINAL_TYPE (EfHarnessSink, ef_harness_sink, EF, HARNESS_SINK, EfSink)

/* One of the two. */
typedef struct
{
  EfEvent *event;
  EfMarker *marker;
} EfHarnessItem;

void ef_harness_item_free (EfHarnessItem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfHarnessItem, ef_harness_item_free)

void ef_harness_sink_set_awaiting (EfHarnessSink *self, GMainContext *context);

void ef_harness_sink_set_held (EfHarnessSink *self, gboolean held, guint n_batches);

EfHarnessItem *ef_harness_sink_take (EfHarnessSink *self);

guint ef_harness_sink_get_n_items (EfHarnessSink *self);

guint64 ef_harness_sink_get_n_batches (EfHarnessSink *self);

G_END_DECLS
