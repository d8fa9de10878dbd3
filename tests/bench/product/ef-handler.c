/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ef-handler: a source by itself, without a pipeline, and a handler of its signal “message”.
 * Arguments: receive URL COUNT SIZE. */

#include "config.h"

#include <bench-job.h>
#include <bench-report.h>
#include <bench-stream.h>

#include <eventflux.h>

typedef struct
{
  BenchJob *job;
  GMainLoop *loop;
  BenchClock clock;
  guint64 messages;
  guint64 bytes;
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
on_connected (GObject *object, GAsyncResult *result, gpointer data)
{
  Handler *handler = data;
  g_autoptr (GError) error = NULL;

  if (!ef_element_set_state_finish (EF_ELEMENT (object), result, &error))
    bench_fail ("%s", error->message);

  bench_clock_start (&handler->clock);
  ef_element_set_state_async (EF_ELEMENT (object), EF_STATE_PLAYING, NULL, NULL, NULL);
}

static void
on_stopped (GObject *object, GAsyncResult *result, gpointer data)
{
  Handler *handler = data;

  ef_element_stop_finish (EF_ELEMENT (object), result, NULL);
  g_main_loop_quit (handler->loop);
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchJob) job = bench_job_parse (argc, argv);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (EfWebSocketSource) source = ef_web_socket_source_new ();
  Handler handler = { .job = job, .loop = loop };

  g_object_set (source, "url", job->url, "reconnect", FALSE, NULL);
  g_signal_connect (source, "message", G_CALLBACK (on_message), &handler);
  ef_element_set_state_async (EF_ELEMENT (source), EF_STATE_PAUSED, NULL, on_connected, &handler);
  g_main_loop_run (loop);
  bench_report (handler.messages, handler.bytes, &handler.clock);

  ef_element_stop_async (EF_ELEMENT (source), NULL, on_stopped, &handler);
  g_main_loop_run (loop);

  return 0;
}
