/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "launch-run.h"

#include <stdlib.h>

/* Reads what the pipeline is to be: a file may hold an application in SQL as well as a description.
 */
static EfPipelineSpec *
read_spec (const LaunchOptions *options, GError **error)
{
  if (options->is_file && ef_pipeline_text_is_sql (options->description))
    return ef_pipeline_spec_new_from_sql (options->description, NULL, error);

  return ef_pipeline_spec_new_from_description (options->description, error);
}

/* Makes the pipeline that the description says, or tells with the place in it why that can not be.
 * The spec is given out too. */
static EfPipeline *
make_pipeline (const LaunchOptions *options, EfPipelineSpec **spec)
{
  g_autoptr (GError) error = NULL;
  EfPipeline *pipeline = NULL;

  *spec = read_spec (options, &error);
  if (*spec != NULL)
    pipeline = ef_pipeline_new_from_spec (*spec, NULL, &error);
  if (pipeline == NULL)
    tool_print_error ("%s:%s%s", options->origin, g_ascii_isdigit (error->message[0]) ? "" : " ",
                      error->message);

  return pipeline;
}

static ToolStatus
launch (const LaunchOptions *options)
{
  g_autoptr (EfPipelineSpec) spec = NULL;
  g_autoptr (EfPipeline) pipeline = make_pipeline (options, &spec);

  if (pipeline == NULL)
    return TOOL_USAGE;

  if (options->print_pipeline)
    {
      g_autofree char *text = ef_pipeline_spec_to_string (spec);

      g_print ("%s\n", text);
      return TOOL_OK;
    }

  return options->validate ? launch_validate (options, pipeline) : launch_run (options, pipeline);
}

int
main (int argc, char **argv)
{
  g_auto (LaunchOptions) options = { 0 };
  g_autoptr (GError) error = NULL;

  tool_output_init ();
  g_set_prgname ("eventflux-launch");

  if (!launch_options_parse (&options, argv, &error))
    {
      tool_print_error ("%s", error->message);
      return TOOL_USAGE;
    }

  if (options.version)
    {
      g_print ("eventflux-launch %u.%u.%u\n", ef_get_major_version (), ef_get_minor_version (),
               ef_get_micro_version ());
      return TOOL_OK;
    }

  return launch (&options);
}
