/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "bench-report.h"

/* The round trips of an echo run: the first ones warm up, the rest are counted. */
typedef struct
{
  GArray *ns;
  BenchClock clock;
  guint64 warm_up;
  guint64 count;
  guint64 done;
  gint64 started_ns;
} BenchRounds;

void bench_rounds_init (BenchRounds *rounds, guint64 warm_up, guint64 count);
void bench_rounds_begin (BenchRounds *rounds);
gboolean bench_rounds_end (BenchRounds *rounds);
void bench_rounds_report (BenchRounds *rounds, gsize size);
