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
  clock->stopped = FALSE;
  clock->cpu_at_start = cpu_now ();
  clock->started_ns = bench_now_ns ();
}

/* A report stops the clock that it is given; who has more to do before that stops it earlier. */
void
bench_clock_stop (BenchClock *clock)
{
  if (clock->stopped)
    return;

  clock->seconds = (double) (bench_now_ns () - clock->started_ns) / 1e9;
  clock->cpu = cpu_now () - clock->cpu_at_start;
  clock->stopped = TRUE;
}

/* The runner waits for this line before it starts whoever connects. */
void
bench_announce_port (guint16 port)
{
  printf ("{\"port\": %u}\n", port);
  fflush (stdout);
}

/**
 * bench_report_with:
 * @messages: how many messages there were
 * @bytes: and how many bytes
 * @clock: started before the first
 * @more: (nullable): further members of the result, as JSON, which begins with a comma
 *
 * Prints the line of JSON that the runner reads.
 */
void
bench_report_with (guint64 messages, guint64 bytes, BenchClock *clock, const char *more)
{
  bench_clock_stop (clock);
  printf ("{\"messages\": %" G_GUINT64_FORMAT ", \"bytes\": %" G_GUINT64_FORMAT
          ", \"seconds\": %.6f, \"cpu\": %.6f%s}\n",
          messages, bytes, clock->seconds, clock->cpu, more != NULL ? more : "");
  fflush (stdout);
}

void
bench_report (guint64 messages, guint64 bytes, BenchClock *clock)
{
  bench_report_with (messages, bytes, clock, NULL);
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
 * bench_latency_to_json:
 * @ns: (element-type gint64): how long each took, at least one; sorted in place
 *
 * Returns: (transfer full): the median and the 99th percentile, for bench_report_with()
 */
char *
bench_latency_to_json (GArray *ns)
{
  g_array_sort (ns, compare_ns);

  return g_strdup_printf (", \"p50_us\": %.3f, \"p99_us\": %.3f", percentile_us (ns, 50),
                          percentile_us (ns, 99));
}
