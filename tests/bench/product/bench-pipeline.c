/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "bench-pipeline.h"

#include <bench-stream.h>

static void
on_error (EfPipeline *pipeline, const char *element, const GError *error)
{
  bench_fail ("%s: %s", element, error->message);
}

/**
 * bench_pipeline_new:
 * @format: the description of a pipeline, with printf()'s placeholders
 *
 * Returns: (transfer full): a pipeline in %EF_STATE_NULL
 */
BenchPipeline *
bench_pipeline_new (const char *format, ...)
{
  BenchPipeline *self = g_new0 (BenchPipeline, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *description = NULL;
  va_list args;

  va_start (args, format);
  description = g_strdup_vprintf (format, args);
  va_end (args);

  self->loop = g_main_loop_new (NULL, FALSE);
  self->pipeline = ef_pipeline_new_from_description (description, NULL, &error);
  if (self->pipeline == NULL)
    bench_fail ("%s", error->message);

  g_signal_connect (self->pipeline, "error", G_CALLBACK (on_error), NULL);
  g_signal_connect_swapped (self->pipeline, "eos", G_CALLBACK (g_main_loop_quit), self->loop);

  return self;
}

void
bench_pipeline_free (BenchPipeline *self)
{
  g_object_unref (self->pipeline);
  g_main_loop_unref (self->loop);
  g_free (self);
}

/* Returns: (transfer none): the element of that name */
gpointer
bench_pipeline_get (BenchPipeline *self, const char *name)
{
  EfElement *element = ef_pipeline_get_element (self->pipeline, name);

  if (element == NULL)
    bench_fail ("the pipeline has no element “%s”", name);

  return element;
}

static void
on_state_reached (GObject *source, GAsyncResult *result, gpointer data)
{
  BenchPipeline *self = data;
  g_autoptr (GError) error = NULL;

  if (!ef_pipeline_set_state_finish (EF_PIPELINE (source), result, &error))
    bench_fail ("%s", error->message);

  g_main_loop_quit (self->loop);
}

static void
reach_state (BenchPipeline *self, EfState state)
{
  ef_pipeline_set_state_async (self->pipeline, state, NULL, on_state_reached, self);
  g_main_loop_run (self->loop);
}

/* Waits until every element is connected; nothing flows yet. */
void
bench_pipeline_connect (BenchPipeline *self)
{
  reach_state (self, EF_STATE_PAUSED);
}

static void
on_playing (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!ef_pipeline_set_state_finish (EF_PIPELINE (source), result, &error))
    bench_fail ("%s", error->message);
}

/* Lets events flow, from the next bench_pipeline_run() on. */
void
bench_pipeline_play (BenchPipeline *self)
{
  ef_pipeline_set_state_async (self->pipeline, EF_STATE_PLAYING, NULL, on_playing, self);
}

/* Runs until the end of all streams, or until someone quits. */
void
bench_pipeline_run (BenchPipeline *self)
{
  g_main_loop_run (self->loop);
}

void
bench_pipeline_quit (BenchPipeline *self)
{
  g_main_loop_quit (self->loop);
}

void
bench_pipeline_stop (BenchPipeline *self)
{
  reach_state (self, EF_STATE_NULL);
}

/**
 * bench_endpoint:
 * @url: where to connect
 *
 * Returns: the properties that an element needs to connect there, once: over TLS that includes the
 *   bench's own certificate, which the runner names in the environment.
 */
char *
bench_endpoint (const char *url)
{
  if (!g_str_has_prefix (url, "wss:"))
    return g_strdup_printf ("url=%s reconnect=false", url);

  return g_strdup_printf ("url=%s reconnect=false tls-ca-file=%s", url, g_getenv ("BENCH_CA"));
}

guint64
bench_get_uint64 (gpointer object, const char *property)
{
  guint64 value;

  g_object_get (object, property, &value, NULL);

  return value;
}
