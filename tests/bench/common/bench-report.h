/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

/* A stopwatch for wall time and for the CPU time of this process, all threads. */
typedef struct
{
  gint64 started_ns;
  double cpu_at_start;
  gboolean stopped;
  double seconds;
  double cpu;
} BenchClock;

gint64 bench_now_ns (void);
void bench_clock_start (BenchClock *clock);
void bench_clock_stop (BenchClock *clock);

void bench_announce_port (guint16 port);
void bench_report (guint64 messages, guint64 bytes, BenchClock *clock);
void bench_report_with (guint64 messages, guint64 bytes, BenchClock *clock, const char *more);
char *bench_latency_to_json (GArray *ns);
