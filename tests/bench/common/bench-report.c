/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "bench-report.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

gint64
bench_now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);

  return (gint64) now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static double
cpu_now (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

void
bench_clock_start (BenchClock *clock)
{
  clock->cpu = cpu_now ();
  clock->wall_ns = bench_now_ns ();
}

double
bench_clock_seconds (const BenchClock *clock)
{
  return (double) (bench_now_ns () - clock->wall_ns) / 1e9;
}

double
bench_clock_cpu (const BenchClock *clock)
{
  return cpu_now () - clock->cpu;
}

/* The runner waits for this line before it starts whoever connects. */
void
bench_announce_port (guint16 port)
{
  printf ("{\"port\": %u}\n", port);
  fflush (stdout);
}

void
bench_report (guint64 messages, guint64 bytes, const BenchClock *clock)
{
  printf ("{\"messages\": %" G_GUINT64_FORMAT ", \"bytes\": %" G_GUINT64_FORMAT
          ", \"seconds\": %.6f, \"cpu\": %.6f}\n",
          messages, bytes, bench_clock_seconds (clock), bench_clock_cpu (clock));
  fflush (stdout);
}

static int
compare_ns (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static double
percentile_us (GArray *sorted, guint percent)
{
  guint index = (guint) ((guint64) (sorted->len - 1) * percent / 100);

  return (double) g_array_index (sorted, gint64, index) / 1e3;
}

/**
 * bench_report_latency:
 * @ns: (element-type gint64): how long each round trip took, at least one; sorted in place
 * @bytes: bytes sent
 * @clock: started before the first round trip
 */
void
bench_report_latency (GArray *ns, guint64 bytes, const BenchClock *clock)
{
  double seconds = bench_clock_seconds (clock);
  double cpu = bench_clock_cpu (clock);

  g_array_sort (ns, compare_ns);
  printf ("{\"messages\": %u, \"bytes\": %" G_GUINT64_FORMAT
          ", \"seconds\": %.6f, \"cpu\": %.6f, \"p50_us\": %.3f, \"p99_us\": %.3f}\n",
          ns->len, bytes, seconds, cpu, percentile_us (ns, 50), percentile_us (ns, 99));
  fflush (stdout);
}
