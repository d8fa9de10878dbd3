/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ef-handler: a source by itself, without a pipeline, and a handler of its signal “message”. For round
 * trips there is a sink, too, which sends on the source's connection. Arguments: MODE URL COUNT
 * SIZE. */

#include "config.h"

#include <bench-job.h>
#include <bench-report.h>
#include <bench-rounds.h>
#include <bench-stream.h>

#include <eventflux.h>

typedef struct
{
  BenchJob *job;
  GMainLoop *loop;
  EfWebSocketSource *source;

  /* Receiving */
  BenchClock clock;
  guint64 messages;
  guint64 bytes;

  /* Round trips */
  EfWebSocketSink *sink;
  GBytes *payload;
  BenchRounds rounds;
} Handler;

static void
on_message (EfWebSocketSource *source, GBytes *message, EfWebSocketMessageType type, gpointer data)
{
  Handler *handler = data;

  handler->messages++;
  handler->bytes += g_bytes_get_size (message);
  if (handler->messages == handler->job->count)
    {
      bench_clock_stop (&handler->clock);
      g_main_loop_quit (handler->loop);
    }
}

static void
send_round (Handler *handler)
{
  g_autoptr (GError) error = NULL;

  bench_rounds_begin (&handler->rounds);
  if (!ef_web_socket_sink_publish (handler->sink, handler->payload, &error))
    bench_fail ("%s", error->message);
}

static void
on_echo (EfWebSocketSource *source, GBytes *message, EfWebSocketMessageType type, gpointer data)
{
  Handler *handler = data;

  if (bench_rounds_end (&handler->rounds))
    send_round (handler);
  else
    g_main_loop_quit (handler->loop);
}

static void
on_reached (GObject *object, GAsyncResult *result, gpointer data)
{
  Handler *handler = data;
  g_autoptr (GError) error = NULL;

  if (!ef_element_set_state_finish (EF_ELEMENT (object), result, &error))
    bench_fail ("%s", error->message);

  g_main_loop_quit (handler->loop);
}

static void
reach (Handler *handler, gpointer element, EfState state)
{
  ef_element_set_state_async (element, state, NULL, on_reached, handler);
  g_main_loop_run (handler->loop);
}

static void
run_receive (Handler *handler)
{
  g_signal_connect (handler->source, "message", G_CALLBACK (on_message), handler);
  reach (handler, handler->source, EF_STATE_PAUSED);

  bench_clock_start (&handler->clock);
  ef_element_set_state_async (EF_ELEMENT (handler->source), EF_STATE_PLAYING, NULL, NULL, NULL);
  g_main_loop_run (handler->loop);
  bench_report (handler->messages, handler->bytes, &handler->clock);
}

static void
run_echo (Handler *handler)
{
  g_autoptr (EfWebSocketSink) sink = ef_web_socket_sink_new ();
  g_autoptr (GBytes) payload = g_bytes_new (handler->job->payload, handler->job->size);

  handler->sink = sink;
  handler->payload = payload;
  g_object_set (sink, "source", handler->source, NULL);
  g_signal_connect (handler->source, "message", G_CALLBACK (on_echo), handler);
  reach (handler, sink, EF_STATE_PLAYING);
  reach (handler, handler->source, EF_STATE_PLAYING);

  bench_rounds_init (&handler->rounds, handler->job->warm_up, handler->job->count);
  send_round (handler);
  g_main_loop_run (handler->loop);
  bench_rounds_report (&handler->rounds, handler->job->size);

  reach (handler, sink, EF_STATE_NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchJob) job = bench_job_parse (argc, argv);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (EfWebSocketSource) source = ef_web_socket_source_new ();
  Handler handler = { .job = job, .loop = loop, .source = source };

  g_object_set (source, "url", job->url, "reconnect", FALSE, NULL);
  if (job->mode == BENCH_MODE_ECHO)
    run_echo (&handler);
  else if (job->mode == BENCH_MODE_RECEIVE)
    run_receive (&handler);
  else
    bench_fail ("this program only receives, and sends one message at a time");
  reach (&handler, source, EF_STATE_NULL);

  return 0;
}
