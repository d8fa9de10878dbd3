/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ef-soak: whether memory stays flat over very many messages. Arguments: receive URL COUNT SIZE,
 * where the server sends trades. Prints by how much the resident memory after the first tenth was
 * exceeded later. */

#include "config.h"

#include "bench-pipeline.h"

#include <bench-job.h>
#include <bench-memory.h>
#include <bench-stream.h>

#define SAMPLE_MS 20

typedef struct
{
  BenchMemory memory;
  gpointer out;
  guint64 settled_at;
  gboolean settled;
} Soak;

static gboolean
sample (gpointer data)
{
  Soak *soak = data;

  bench_memory_sample (&soak->memory);
  if (!soak->settled && bench_get_uint64 (soak->out, "n-events") >= soak->settled_at)
    {
      soak->settled = TRUE;
      soak->memory.start = soak->memory.peak;
    }

  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchJob) job = bench_job_parse (argc, argv);
  g_autofree char *endpoint = bench_endpoint (job->url);
  g_autoptr (BenchPipeline) pipeline = bench_pipeline_new (
    "websocketsource %s ! jsondecode schema=\"e STRING, s STRING, p STRING, q STRING, T BIGINT\" "
    "! fakesink name=out",
    endpoint);
  g_autofree char *more = NULL;
  Soak soak = { .out = bench_pipeline_get (pipeline, "out"), .settled_at = job->count / 10 };
  BenchClock clock;

  bench_pipeline_connect (pipeline);
  bench_memory_start (&soak.memory);
  g_timeout_add (SAMPLE_MS, sample, &soak);

  bench_clock_start (&clock);
  bench_pipeline_play (pipeline);
  bench_pipeline_run (pipeline);
  bench_clock_stop (&clock);
  bench_memory_sample (&soak.memory);
  if (bench_get_uint64 (soak.out, "n-events") != job->count)
    bench_fail ("%" G_GUINT64_FORMAT " events came", bench_get_uint64 (soak.out, "n-events"));
  if (!soak.settled)
    bench_fail ("too few messages to tell");

  more = g_strdup_printf (", \"resident_mib\": %.2f, \"growth_mib\": %.2f",
                          (double) soak.memory.peak / (1 << 20),
                          (double) (soak.memory.peak - soak.memory.start) / (1 << 20));
  bench_report_with (job->count, job->count * job->size, &clock, more);
  bench_pipeline_stop (pipeline);

  return 0;
}
