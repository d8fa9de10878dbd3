/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ef-client: pipelines that receive, send, and do both for round trips. Arguments: MODE URL COUNT
 * SIZE. A round trip goes out through a sink and comes back through a source: the sink sends on the
 * source's connection or, for a pair, on one of its own. */

#include "config.h"

#include "bench-pipeline.h"

#include <bench-job.h>
#include <bench-rounds.h>
#include <bench-stream.h>

/* Bytes pushed before the main loop has its turn: what is pushed is still in the cache when it is
 * sent. */
#define BYTES_PER_TURN (128 * 1024)

typedef struct
{
  BenchJob *job;
  BenchPipeline *pipeline;
  EfAppSource *in;
  BenchRounds rounds;
  guint64 sent;
} EfClient;

static void
run_receive (EfClient *client)
{
  g_autofree char *endpoint = bench_endpoint (client->job->url);
  BenchClock clock;
  gpointer out;

  client->pipeline = bench_pipeline_new ("websocketsource %s ! fakesink name=out", endpoint);
  out = bench_pipeline_get (client->pipeline, "out");
  bench_pipeline_connect (client->pipeline);

  bench_clock_start (&clock);
  bench_pipeline_play (client->pipeline);
  bench_pipeline_run (client->pipeline);
  if (bench_get_uint64 (out, "n-events") != client->job->count)
    bench_fail ("%" G_GUINT64_FORMAT " messages came", bench_get_uint64 (out, "n-events"));
  bench_report (client->job->count, client->job->count * client->job->size, &clock);
}

static void
push_some (EfClient *client)
{
  BenchJob *job = client->job;

  for (gsize bytes = 0; bytes < BYTES_PER_TURN && client->sent < job->count; bytes += job->size)
    {
      if (!ef_app_source_push_text (client->in, job->payload, (gssize) job->size, NULL))
        return;
      client->sent++;
    }

  if (client->sent == job->count)
    ef_app_source_end (client->in);
}

static void
run_send (EfClient *client)
{
  g_autofree char *endpoint = bench_endpoint (client->job->url);
  BenchClock clock;

  client->pipeline = bench_pipeline_new ("appsource name=in ! websocketsink %s", endpoint);
  client->in = bench_pipeline_get (client->pipeline, "in");
  g_signal_connect_swapped (client->in, "need-data", G_CALLBACK (push_some), client);
  bench_pipeline_connect (client->pipeline);

  bench_clock_start (&clock);
  bench_pipeline_play (client->pipeline);
  bench_pipeline_run (client->pipeline);
  bench_report (client->sent, client->sent * client->job->size, &clock);
}

static void
send_round (EfClient *client)
{
  g_autoptr (GError) error = NULL;

  bench_rounds_begin (&client->rounds);
  if (!ef_app_source_push_text (client->in, client->job->payload, (gssize) client->job->size,
                                &error))
    bench_fail ("%s", error->message);
}

static void
on_echo (EfClient *client)
{
  if (bench_rounds_end (&client->rounds))
    send_round (client);
  else
    bench_pipeline_quit (client->pipeline);
}

static gboolean
begin_rounds (gpointer data)
{
  send_round (data);

  return G_SOURCE_REMOVE;
}

static void
run_echo (EfClient *client)
{
  g_autofree char *endpoint = bench_endpoint (client->job->url);

  client->pipeline = bench_pipeline_new (
    "appsource name=in ! websocketsink %s websocketsource name=back %s ! fakesink",
    client->job->mode == BENCH_MODE_ECHO_PAIR ? endpoint : "source=back", endpoint);
  client->in = bench_pipeline_get (client->pipeline, "in");
  g_signal_connect_swapped (bench_pipeline_get (client->pipeline, "back"), "message",
                            G_CALLBACK (on_echo), client);
  bench_pipeline_connect (client->pipeline);

  bench_rounds_init (&client->rounds, client->job->warm_up, client->job->count);
  bench_pipeline_play (client->pipeline);
  g_idle_add (begin_rounds, client);
  bench_pipeline_run (client->pipeline);
  bench_rounds_report (&client->rounds, client->job->size);
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchJob) job = bench_job_parse (argc, argv);
  EfClient client = { .job = job };

  switch (job->mode)
    {
    case BENCH_MODE_RECEIVE:
      run_receive (&client);
      break;
    case BENCH_MODE_SEND:
      run_send (&client);
      break;
    case BENCH_MODE_ECHO:
    case BENCH_MODE_ECHO_PAIR:
    default:
      run_echo (&client);
      break;
    }

  bench_pipeline_stop (client.pipeline);
  bench_pipeline_free (client.pipeline);

  return 0;
}
