/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

/* A stopwatch for wall time and for the CPU time of this process, all threads. */
typedef struct
{
  gint64 wall_ns;
  double cpu;
} BenchClock;

gint64 bench_now_ns (void);
void bench_clock_start (BenchClock *clock);
double bench_clock_seconds (const BenchClock *clock);
double bench_clock_cpu (const BenchClock *clock);

void bench_announce_port (guint16 port);
void bench_report (guint64 messages, guint64 bytes, const BenchClock *clock);
void bench_report_latency (GArray *ns, guint64 bytes, const BenchClock *clock);
