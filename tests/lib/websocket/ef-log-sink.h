/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_LOG_SINK (ef_log_sink_get_type ())

G_DECLARE_FINAL_TYPE (EfLogSink, ef_log_sink, EF, LOG_SINK, EfSink)

/* A sink that writes down what arrives: “text;” for a text payload, “<bytes>;” for a binary one,
 * “|” for the end of a batch, “GAP(cause);” and “EOS;”. */
struct _EfLogSink
{
  EfSink parent_instance;

  GString *log;
  guint n_events;
  guint hold_after; /* holds once so many events have come, 0 for never */
};

EfLogSink *ef_log_sink_new (void);

G_END_DECLS
