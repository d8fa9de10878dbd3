/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ef-broadcast: a server that broadcasts to all its clients. Arguments: CLIENTS COUNT SIZE. Prints
 * its port, begins when all clients are there, ends when they have gone. */

#include "config.h"

#include "bench-pipeline.h"

#include <bench-job.h>
#include <bench-stream.h>

#include <string.h>

/* Messages pushed before the main loop has its turn. */
#define PUSHES_PER_TURN 64

typedef struct
{
  BenchPipeline *pipeline;
  EfAppSource *in;
  GObject *server;
  char *payload;
  gsize size;
  guint n_clients;
  guint64 count;
  guint64 sent;
  BenchClock clock;
  gboolean begun;
} Broadcast;

static void
push_some (Broadcast *self)
{
  for (guint i = 0; self->begun && i < PUSHES_PER_TURN && self->sent < self->count; i++)
    {
      if (!ef_app_source_push_text (self->in, self->payload, (gssize) self->size, NULL))
        return;
      self->sent++;
    }
}

static void
on_clients_changed (Broadcast *self)
{
  guint n_clients;

  g_object_get (self->server, "n-clients", &n_clients, NULL);
  if (!self->begun && n_clients == self->n_clients)
    {
      self->begun = TRUE;
      bench_clock_start (&self->clock);
      push_some (self);
    }
  else if (self->begun && n_clients == 0)
    {
      bench_pipeline_quit (self->pipeline);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchPipeline) pipeline =
    bench_pipeline_new ("appsource name=in ! websocketserversink name=server url=ws://127.0.0.1:0");
  g_autofree char *payload = NULL;
  Broadcast self = { .pipeline = pipeline };
  guint port;

  if (argc != 4)
    bench_fail ("usage: CLIENTS COUNT SIZE");
  self.n_clients = (guint) bench_parse_count (argv[1]);
  self.count = bench_parse_count (argv[2]);
  self.size = bench_parse_count (argv[3]);
  self.payload = payload = g_strnfill (self.size, 'x');
  self.in = bench_pipeline_get (pipeline, "in");
  self.server = bench_pipeline_get (pipeline, "server");
  g_signal_connect_swapped (self.in, "need-data", G_CALLBACK (push_some), &self);
  g_signal_connect_swapped (self.server, "notify::n-clients", G_CALLBACK (on_clients_changed),
                            &self);

  bench_pipeline_connect (pipeline);
  g_object_get (self.server, "port", &port, NULL);
  bench_announce_port ((guint16) port);

  bench_pipeline_play (pipeline);
  bench_pipeline_run (pipeline);
  bench_report (self.sent * self.n_clients, self.sent * self.n_clients * self.size, &self.clock);

  return 0;
}
