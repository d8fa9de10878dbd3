/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ef-json: the JSON elements alone, fed by an appsource in batches. Arguments:
 * decode|encode|encode-text COUNT FILE, where FILE has a trade a line. Decoding reads five columns,
 * encoding writes an object of three. */

#include "config.h"

#include "bench-pipeline.h"

#include <bench-job.h>
#include <bench-stream.h>

#include <string.h>

/* What one read of a busy socket brings. */
#define BATCH 256

static EfBatch *
make_messages (char **lines)
{
  EfBatch *batch = ef_batch_new ();
  guint n_lines = g_strv_length (lines);

  for (guint i = 0; i < BATCH; i++)
    ef_batch_append (batch, ef_event_new_text (0, lines[i % n_lines], -1));

  return batch;
}

/* The bytes of the messages in a batch, 0 if it has columns. */
static gsize
get_text_size (EfBatch *batch)
{
  gsize bytes = 0;

  for (guint i = 0; i < ef_batch_get_n_events (batch); i++)
    {
      EfEvent *event = ef_batch_get_event (batch, i);
      gsize length = 0;

      if (ef_schema_is_payload (ef_event_get_schema (event)))
        ef_event_peek_data (event, 0, &length);
      bytes += length;
    }

  return bytes;
}

/* Keeps the events that come, for they are the input of another run. */
static void
on_handoff (GObject *sink, EfBatch *batch, gpointer data)
{
  EfBatch **kept = data;

  g_clear_pointer (kept, ef_batch_unref);
  *kept = ef_batch_detach (batch);
}

static BenchPipeline *
make_pipeline (const char *transform)
{
  BenchPipeline *pipeline =
    bench_pipeline_new ("appsource name=in ! %s ! fakesink name=out", transform);

  bench_pipeline_connect (pipeline);
  bench_pipeline_play (pipeline);
  while (ef_pipeline_get_state (pipeline->pipeline) != EF_STATE_PLAYING)
    g_main_context_iteration (NULL, TRUE);

  return pipeline;
}

static void
push (BenchPipeline *pipeline, EfBatch *batch)
{
  g_autoptr (GError) error = NULL;

  if (!ef_app_source_push_batch (bench_pipeline_get (pipeline, "in"), batch, &error))
    bench_fail ("%s", error->message);
}

/* The trades as events of three columns. */
static EfBatch *
make_events (EfBatch *messages, const char *price_type)
{
  g_autofree char *transform =
    g_strdup_printf ("jsondecode schema=\"s STRING, p %s, T BIGINT\"", price_type);
  g_autoptr (BenchPipeline) pipeline = make_pipeline (transform);
  EfBatch *events = NULL;

  g_signal_connect (bench_pipeline_get (pipeline, "out"), "handoff", G_CALLBACK (on_handoff),
                    &events);
  push (pipeline, messages);
  bench_pipeline_stop (pipeline);

  return events;
}

static void
on_output (GObject *sink, EfBatch *batch, gpointer data)
{
  gsize *bytes = data;

  *bytes = get_text_size (batch);
}

static void
measure (const char *transform, EfBatch *batch, guint64 count)
{
  g_autoptr (BenchPipeline) pipeline = make_pipeline (transform);
  gpointer out = bench_pipeline_get (pipeline, "out");
  guint64 n_batches = MAX (count / BATCH, 1);
  gsize bytes_out = 0;
  gulong handler;
  BenchClock clock;

  /* One batch in advance tells how much JSON there is, at whichever end it is. */
  handler = g_signal_connect (out, "handoff", G_CALLBACK (on_output), &bytes_out);
  push (pipeline, batch);
  g_signal_handler_disconnect (out, handler);

  bench_clock_start (&clock);
  for (guint64 i = 0; i < n_batches; i++)
    push (pipeline, batch);
  bench_clock_stop (&clock);
  if (bench_get_uint64 (out, "n-events") != (n_batches + 1) * BATCH)
    bench_fail ("%" G_GUINT64_FORMAT " events came", bench_get_uint64 (out, "n-events"));
  bench_report (n_batches * BATCH, n_batches * (get_text_size (batch) + bytes_out), &clock);
  bench_pipeline_stop (pipeline);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EfBatch) messages = NULL;
  g_autoptr (EfBatch) events = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (argc != 4)
    bench_fail ("usage: decode|encode|encode-text COUNT FILE");
  if (!g_file_get_contents (argv[3], &text, NULL, &error))
    bench_fail ("%s", error->message);
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  messages = make_messages (lines);

  if (g_str_equal (argv[1], "decode"))
    {
      measure ("jsondecode schema=\"e STRING, s STRING, p STRING, q STRING, T BIGINT\"", messages,
               bench_parse_count (argv[2]));
      return 0;
    }

  events = make_events (messages, g_str_equal (argv[1], "encode") ? "DOUBLE" : "STRING");
  measure ("jsonencode", events, bench_parse_count (argv[2]));

  return 0;
}
