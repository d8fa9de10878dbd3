/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ef-sql: the element that answers queries alone, fed by an appsource in batches. Arguments: QUERY
 * COUNT. Events are made while the clock stands. */

#include "config.h"

#include "bench-pipeline.h"

#include <bench-job.h>
#include <bench-query.h>
#include <bench-stream.h>

/* About what one read of a busy socket brings; so many of them have every price. */
#define BATCH   250
#define BATCHES 4

typedef struct
{
  const BenchQuery *query;
  BenchPipeline *pipeline;
  EfEventBuilder *builder;
  BenchClock clock;
  double seconds;
  double cpu;
} Bench;

static EfBatch *
make_batch (Bench *self, guint64 first, guint n_rows, gint64 timestamp)
{
  EfBatch *batch = ef_batch_new ();

  for (guint64 row = first; row < first + n_rows; row++)
    {
      char symbol[BENCH_SYMBOL_SIZE];

      bench_row_get_symbol (self->query, row, symbol);
      ef_event_builder_begin (self->builder, timestamp);
      ef_event_builder_set_string (self->builder, 0, symbol, BENCH_SYMBOL_SIZE - 1);
      ef_event_builder_set_double (self->builder, 1, bench_row_get_price (row));
      ef_event_builder_set_double (self->builder, 2, bench_row_get_quantity (row));
      ef_batch_append (batch, ef_event_builder_end (self->builder));
    }
  ef_event_builder_flush (self->builder);

  return batch;
}

static void
push (Bench *self, EfBatch *batch)
{
  g_autoptr (GError) error = NULL;

  if (!ef_app_source_push_batch (bench_pipeline_get (self->pipeline, "in"), batch, &error))
    bench_fail ("%s", error->message);
}

static void
start (Bench *self)
{
  const BenchQuery *query = self->query;

  self->pipeline = bench_pipeline_new ("appsource name=in ! sql name=sql ! fakesink name=out");
  g_object_set (bench_pipeline_get (self->pipeline, "sql"), "query", query->query, "stream", "i",
                "input-schema", "s STRING, p DOUBLE, q DOUBLE", "init-sql", query->init, "window",
                query->rows_a_window > 0 ? "TUMBLING(1 sec)" : NULL, NULL);
  bench_pipeline_connect (self->pipeline);
  bench_pipeline_play (self->pipeline);
  while (ef_pipeline_get_state (self->pipeline->pipeline) != EF_STATE_PLAYING)
    g_main_context_iteration (NULL, TRUE);
}

static guint64
measure_rows (Bench *self, guint64 count)
{
  EfBatch *batches[BATCHES];
  guint64 n_rounds = MAX (count / (BATCH * BATCHES), 1);

  for (guint i = 0; i < BATCHES; i++)
    batches[i] = make_batch (self, i * BATCH, BATCH, 0);

  bench_clock_start (&self->clock);
  for (guint64 i = 0; i < n_rounds * BATCHES; i++)
    push (self, batches[i % BATCHES]);
  bench_clock_stop (&self->clock);

  for (guint i = 0; i < BATCHES; i++)
    ef_batch_unref (batches[i]);

  return n_rounds * BATCH * BATCHES;
}

/* Pushes the rows of one window, which closes the one before it. */
static void
push_window (Bench *self, guint64 window)
{
  g_autoptr (GPtrArray) batches = g_ptr_array_new_with_free_func ((GDestroyNotify) ef_batch_unref);
  gint64 timestamp = (gint64) window * G_USEC_PER_SEC;
  BenchClock clock;

  for (guint row = 0; row < self->query->rows_a_window; row += BATCH)
    g_ptr_array_add (batches,
                     make_batch (self, row, MIN (BATCH, self->query->rows_a_window - row), timestamp));

  bench_clock_start (&clock);
  for (guint i = 0; i < batches->len; i++)
    push (self, g_ptr_array_index (batches, i));
  bench_clock_stop (&clock);

  if (window > 0)
    {
      self->seconds += clock.seconds;
      self->cpu += clock.cpu;
    }
}

static guint64
measure_windows (Bench *self, guint64 count)
{
  guint64 n_windows = MAX (count / self->query->rows_a_window, 1);
  guint64 n_events;

  for (guint64 i = 0; i <= n_windows; i++)
    push_window (self, i);

  n_events = bench_get_uint64 (bench_pipeline_get (self->pipeline, "out"), "n-events");
  if (n_events != n_windows * self->query->n_groups)
    bench_fail ("%" G_GUINT64_FORMAT " results came", n_events);
  self->clock.seconds = self->seconds;
  self->clock.cpu = self->cpu;
  self->clock.stopped = TRUE;

  return n_windows * self->query->rows_a_window;
}

int
main (int argc, char **argv)
{
  g_autoptr (EfSchema) schema = ef_schema_parse ("s STRING, p DOUBLE, q DOUBLE", NULL);
  Bench self = { .query = argc >= 3 ? bench_query_find (argv[1]) : NULL };
  guint64 count;

  if (self.query == NULL)
    bench_fail ("usage: QUERY COUNT");

  count = bench_parse_count (argv[2]);
  self.builder = ef_event_builder_new (schema);
  start (&self);
  count = self.query->rows_a_window == 0 ? measure_rows (&self, count)
                                         : measure_windows (&self, count);
  bench_report (count, 0, &self.clock);
  bench_pipeline_stop (self.pipeline);
  bench_pipeline_free (self.pipeline);
  ef_event_builder_unref (self.builder);

  return 0;
}
