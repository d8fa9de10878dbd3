/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "launch-run.h"

#include "launch-stats.h"

#include <glib-unix.h>
#include <stdio.h>
#include <unistd.h>

/* One run of a pipeline, from its start until it is down again. */
typedef struct
{
  const LaunchOptions *options;
  EfPipeline *pipeline;
  GMainLoop *loop;
  ToolStatus status;
  gboolean interrupted;
  gboolean stopping;
} Run;

static void
note (Run *self, const char *text)
{
  if (!self->options->quiet)
    tool_print_note ("%s", text);
}

/* Whether what @error says, of an element that was to be READY, is a mistake in the configuration:
 * it is unless something that is named there can not be used. */
gboolean
launch_is_mistake (const GError *error)
{
  return error->domain != G_IO_ERROR && error->domain != G_FILE_ERROR &&
         !g_error_matches (error, EF_ERROR, EF_ERROR_RESOURCE);
}

/* Whether an error begins with its place in the description: line and column. */
gboolean
launch_is_located (const GError *error)
{
  guint line, column;
  int length = 0;

  return sscanf (error->message, "%u:%u: %n", &line, &column, &length) == 2 && length > 0;
}

static void
draw (Run *self)
{
  g_autofree char *dot = NULL;
  g_autoptr (GError) error = NULL;

  if (self->options->dot_file == NULL)
    return;

  dot = ef_pipeline_to_dot (self->pipeline);
  if (g_file_set_contents (self->options->dot_file, dot, -1, &error))
    return;

  tool_print_error ("%s", error->message);
  self->status = TOOL_FAILED;
}

static void
on_stopped (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *self = user_data;

  ef_pipeline_stop_finish (EF_PIPELINE (object), result, NULL);
  g_main_loop_quit (self->loop);
}

static void
stop (Run *self)
{
  if (self->stopping)
    return;

  self->stopping = TRUE;
  ef_pipeline_stop_async (self->pipeline, NULL, on_stopped, self);
}

static void
on_error (EfPipeline *pipeline, const char *element, const GError *error, gpointer user_data)
{
  Run *self = user_data;

  if (launch_is_located (error))
    tool_print_error ("%s:%s", self->options->origin, error->message);
  else if (g_str_has_prefix (error->message, element))
    tool_print_error ("%s", error->message);
  else
    tool_print_error ("%s: %s", element, error->message);

  /* What is wrong with the configuration is found on the way to READY. */
  self->status = ef_pipeline_get_state (pipeline) == EF_STATE_NULL && launch_is_mistake (error)
                   ? TOOL_USAGE
                   : TOOL_FAILED;
  draw (self);
  stop (self);
}

static void
on_eos (EfPipeline *pipeline, gpointer user_data)
{
  Run *self = user_data;

  note (self, "end of stream");
  stop (self);
}

/* Whether it is of an error policy that wants it heard in any case. */
static gboolean
is_loud (EfMessage *message)
{
  GVariant *details = ef_message_get_details (message);
  const char *level;

  return details != NULL && g_variant_lookup (details, "level", "&s", &level) &&
         g_str_equal (level, "error");
}

static void
on_message (EfBus *bus, EfMessage *message, gpointer user_data)
{
  Run *self = user_data;
  EfMessageKind kind = ef_message_get_kind (message);
  gboolean is_verbose = self->options->verbose && kind == EF_MESSAGE_STATE_CHANGED;
  gboolean is_warning =
    kind == EF_MESSAGE_WARNING && (!self->options->quiet || is_loud (message));

  if (self->options->messages || is_verbose || is_warning)
    launch_print_message (message);
}

static gboolean
on_interrupt (gpointer user_data)
{
  Run *self = user_data;

  if (self->interrupted)
    {
      /* Whatever hangs, it is not waited for. */
      fflush (stdout);
      _exit ((int) self->status);
    }

  self->interrupted = TRUE;
  if (self->options->eos_on_interrupt && !self->stopping &&
      ef_pipeline_get_state (self->pipeline) == EF_STATE_PLAYING)
    {
      note (self, "interrupted: ending the stream; interrupt again to quit at once");
      ef_pipeline_send_eos (self->pipeline);
    }
  else
    {
      note (self, "interrupted: stopping; interrupt again to quit at once");
      stop (self);
    }

  return G_SOURCE_CONTINUE;
}

static void
on_started (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *self = user_data;

  /* What went wrong was told by the signal. */
  if (!ef_pipeline_start_finish (EF_PIPELINE (object), result, NULL))
    {
      stop (self);
      return;
    }

  note (self, "playing");
  draw (self);
  if (self->status != TOOL_OK)
    stop (self);
}

/* Runs the pipeline until its streams end, it fails, or somebody interrupts. */
ToolStatus
launch_run (const LaunchOptions *options, EfPipeline *pipeline)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (LaunchStats) stats = NULL;
  guint interrupts[2];

  if (options->stats_seconds > 0)
    stats = launch_stats_new (pipeline, options->stats_seconds);

  Run self = { .options = options, .pipeline = pipeline, .loop = loop };

  interrupts[0] = g_unix_signal_add (SIGINT, on_interrupt, &self);
  interrupts[1] = g_unix_signal_add (SIGTERM, on_interrupt, &self);
  g_signal_connect (pipeline, "error", G_CALLBACK (on_error), &self);
  g_signal_connect (pipeline, "eos", G_CALLBACK (on_eos), &self);
  g_signal_connect (ef_pipeline_get_bus (pipeline), "message", G_CALLBACK (on_message), &self);

  if (options->verbose)
    {
      launch_print_properties (pipeline);
      launch_watch_properties (pipeline);
    }
  if (stats != NULL)
    launch_stats_begin (stats);

  ef_pipeline_start_async (pipeline, NULL, on_started, &self);
  g_main_loop_run (loop);

  if (stats != NULL)
    launch_stats_end (stats);
  g_signal_handlers_disconnect_by_data (pipeline, &self);
  g_signal_handlers_disconnect_by_data (ef_pipeline_get_bus (pipeline), &self);
  for (guint i = 0; i < G_N_ELEMENTS (interrupts); i++)
    g_source_remove (interrupts[i]);

  return self.status;
}
