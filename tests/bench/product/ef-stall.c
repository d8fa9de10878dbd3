/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ef-stall: a source at full speed into something that takes nothing for a while. Arguments:
 * sink|queue|appsink COUNT STALL_MS URL_IN [URL_OUT]. The server behind URL_OUT is the one that
 * stalls; an appsink is simply not emptied. Prints the most resident memory, and which share of all
 * messages had been taken from the feed when the stall was over. */

#include "config.h"

#include "bench-pipeline.h"

#include <bench-job.h>
#include <bench-memory.h>
#include <bench-stream.h>

#define SAMPLE_MS 10

typedef struct
{
  BenchPipeline *pipeline;
  EfPad *feed;
  EfAppSink *out; /* NULL unless the program itself stalls */
  guint64 count;
  guint64 pulled;
  guint64 taken_in_stall;
  BenchMemory memory;
  BenchClock clock;
} Stall;

static gboolean
sample_memory (gpointer data)
{
  bench_memory_sample (data);

  return G_SOURCE_CONTINUE;
}

static void
check_number (Stall *stall, EfEvent *event)
{
  g_autofree char *text = ef_event_dup_string (event, 0);

  if (g_ascii_strtoull (text, NULL, 10) != stall->pulled)
    bench_fail ("message %" G_GUINT64_FORMAT " is %.16s", stall->pulled, text);
}

static void pull (Stall *stall);

static void
on_pulled (GObject *object, GAsyncResult *result, gpointer data)
{
  Stall *stall = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (EfEvent) event = ef_app_sink_pull_finish (stall->out, result, &error);

  if (event == NULL)
    bench_fail ("%s", error != NULL ? error->message : "the stream ended early");

  check_number (stall, event);
  stall->pulled++;
  pull (stall);
}

/* Takes what is there, then waits for more. */
static void
pull (Stall *stall)
{
  EfEvent *event;

  while (stall->pulled < stall->count && (event = ef_app_sink_try_pull (stall->out)) != NULL)
    {
      check_number (stall, event);
      stall->pulled++;
      ef_event_unref (event);
    }

  if (stall->pulled < stall->count)
    ef_app_sink_pull_async (stall->out, NULL, on_pulled, stall);
  else
    bench_pipeline_quit (stall->pipeline);
}

static gboolean
end_stall (gpointer data)
{
  Stall *stall = data;

  stall->taken_in_stall = ef_pad_get_n_events (stall->feed);
  if (stall->out != NULL)
    pull (stall);

  return G_SOURCE_REMOVE;
}

static BenchPipeline *
make_pipeline (const char *where, const char *url_in, const char *url_out)
{
  g_autofree char *in = bench_endpoint (url_in);
  g_autofree char *out = url_out != NULL ? bench_endpoint (url_out) : NULL;

  if (g_str_equal (where, "appsink"))
    return bench_pipeline_new ("websocketsource name=in %s ! appsink name=out", in);
  if (out == NULL)
    bench_fail ("URL_OUT is missing");
  if (g_str_equal (where, "queue"))
    return bench_pipeline_new ("websocketsource name=in %s ! queue ! websocketsink %s", in, out);

  return bench_pipeline_new ("websocketsource name=in %s ! websocketsink %s", in, out);
}

static void
report (Stall *stall)
{
  g_autofree char *more = g_strdup_printf (", \"peak_mib\": %.2f, \"share_taken\": %.4f",
                                           (double) stall->memory.peak / (1 << 20),
                                           (double) stall->taken_in_stall / (double) stall->count);

  bench_clock_stop (&stall->clock);
  if (ef_pad_get_n_events (stall->feed) != stall->count)
    bench_fail ("%" G_GUINT64_FORMAT " messages came", ef_pad_get_n_events (stall->feed));
  bench_report_with (stall->count, 0, &stall->clock, more);
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchPipeline) pipeline = NULL;
  Stall stall = { 0 };

  if (argc != 5 && argc != 6)
    bench_fail ("usage: sink|queue|appsink COUNT STALL_MS URL_IN [URL_OUT]");
  stall.count = bench_parse_count (argv[2]);
  stall.pipeline = pipeline = make_pipeline (argv[1], argv[4], argv[5]);
  stall.feed = ef_element_get_src_pad (bench_pipeline_get (pipeline, "in"));
  if (g_str_equal (argv[1], "appsink"))
    stall.out = bench_pipeline_get (pipeline, "out");

  bench_pipeline_connect (pipeline);
  bench_memory_start (&stall.memory);
  g_timeout_add (SAMPLE_MS, sample_memory, &stall.memory);
  g_timeout_add ((guint) bench_parse_count (argv[3]), end_stall, &stall);

  bench_clock_start (&stall.clock);
  bench_pipeline_play (pipeline);
  bench_pipeline_run (pipeline);
  report (&stall);
  bench_pipeline_stop (pipeline);

  return 0;
}
