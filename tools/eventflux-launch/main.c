/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "launch-run.h"

#include <stdlib.h>

/* Makes the pipeline that the description says, or tells with the place in it why that can not be.
 */
static EfPipeline *
make_pipeline (const LaunchOptions *options)
{
  g_autoptr (GError) error = NULL;
  EfPipeline *pipeline;

  pipeline = ef_pipeline_new_from_description (options->description, NULL, &error);
  if (pipeline == NULL)
    tool_print_error ("%s:%s%s", options->origin, g_ascii_isdigit (error->message[0]) ? "" : " ",
                      error->message);

  return pipeline;
}

static ToolStatus
launch (const LaunchOptions *options)
{
  g_autoptr (EfPipeline) pipeline = make_pipeline (options);

  if (pipeline == NULL)
    return TOOL_USAGE;

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
