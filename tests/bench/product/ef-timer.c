/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ef-timer: how late a timer of 10 ms is while a flood comes in on its context. Arguments: receive
 * URL COUNT SIZE. */

#include "config.h"

#include "bench-pipeline.h"

#include <bench-job.h>
#include <bench-stream.h>

#define INTERVAL_MS 10

typedef struct
{
  GArray *late_ns;
  gint64 due_ns;
} Timer;

static gboolean
on_timer (gpointer data)
{
  Timer *timer = data;
  gint64 now = bench_now_ns ();
  gint64 late = now - timer->due_ns;

  g_array_append_val (timer->late_ns, late);
  timer->due_ns = now + INTERVAL_MS * 1000000;

  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchJob) job = bench_job_parse (argc, argv);
  g_autofree char *endpoint = bench_endpoint (job->url);
  g_autoptr (BenchPipeline) pipeline =
    bench_pipeline_new ("websocketsource %s ! fakesink", endpoint);
  g_autoptr (GArray) late_ns = g_array_new (FALSE, FALSE, sizeof (gint64));
  Timer timer = { .late_ns = late_ns };
  g_autofree char *latency = NULL;
  BenchClock clock;

  bench_pipeline_connect (pipeline);
  timer.due_ns = bench_now_ns () + INTERVAL_MS * 1000000;
  g_timeout_add (INTERVAL_MS, on_timer, &timer);

  bench_clock_start (&clock);
  bench_pipeline_play (pipeline);
  bench_pipeline_run (pipeline);
  bench_clock_stop (&clock);
  if (late_ns->len == 0)
    bench_fail ("the timer never fired");
  latency = bench_latency_to_json (late_ns);
  bench_report_with (job->count, job->count * job->size, &clock, latency);
  bench_pipeline_stop (pipeline);

  return 0;
}
