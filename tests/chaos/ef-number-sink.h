/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_NUMBER_SINK (ef_number_sink_get_type ())

G_DECLARE_FINAL_TYPE (EfNumberSink, ef_number_sink, EF, NUMBER_SINK, EfSink)

/* A sink for messages that are numbers. It fails the test when a number comes twice or out of order,
 * or when some are missing and no GAP stood before them. */
struct _EfNumberSink
{
  EfSink parent_instance;

  gint64 last; /* -1 before the first */
  guint n_gaps;
  guint64 n_events;
  guint64 n_missing;
  gboolean may_miss; /* a GAP came */
};

EfNumberSink *ef_number_sink_new (void);

G_END_DECLS
