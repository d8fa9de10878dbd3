/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "launch-run.h"

#include <stdio.h>
#include <string.h>

typedef struct
{
  const LaunchOptions *options;
  GMainLoop *loop;
  ToolStatus status;
} Check;

static void
print_result (const char *element, const char *result, ToolStyle style)
{
  g_print ("%s: %s%s%s\n", element, tool_style (stdout, style), result,
           tool_style (stdout, TOOL_PLAIN));
}

static void
on_validated (EfPipeline *pipeline,
              EfElement *element,
              gboolean connectivity,
              const GError *error,
              gpointer user_data)
{
  Check *self = user_data;
  const char *name = ef_element_get_name (element);
  const char *text;

  if (error == NULL)
    {
      if (!self->options->quiet)
        print_result (name, connectivity ? "well, the endpoint answers" : "well", TOOL_GOOD);
      return;
    }

  /* Errors of a configuration name the element themselves. */
  text = error->message;
  if (g_str_has_prefix (text, name) && g_str_has_prefix (text + strlen (name), ": "))
    text += strlen (name) + strlen (": ");
  if (launch_is_located (error))
    g_print ("%s:%s\n", self->options->origin, error->message);
  else
    print_result (name, text, TOOL_BAD);

  if (!connectivity && launch_is_mistake (error))
    self->status = TOOL_USAGE;
  else if (self->status == TOOL_OK)
    self->status = TOOL_FAILED;
}

static void
on_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Check *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!ef_pipeline_validate_finish (EF_PIPELINE (object), result, &error) &&
      self->status == TOOL_OK)
    {
      tool_print_error ("%s", error->message);
      self->status = launch_is_mistake (error) ? TOOL_USAGE : TOOL_FAILED;
    }

  g_main_loop_quit (self->loop);
}

/* Checks each element and tells of it. */
ToolStatus
launch_validate (const LaunchOptions *options, EfPipeline *pipeline)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Check self = { .options = options, .loop = loop };

  g_signal_connect (pipeline, "validated", G_CALLBACK (on_validated), &self);
  ef_pipeline_validate_async (pipeline, NULL, on_done, &self);
  g_main_loop_run (loop);
  g_signal_handlers_disconnect_by_data (pipeline, &self);

  return self.status;
}
