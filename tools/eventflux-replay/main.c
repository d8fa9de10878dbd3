/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "launch-run.h"

#include <stdlib.h>

/* eventflux-replay: the messages of a file of dead letters, once more into a pipeline. It runs what
 * eventflux-launch would, with the elements that read the file put before. */

typedef struct
{
  LaunchOptions launch;
  char *stream;
  char *type;
} Options;

static void
options_clear (Options *self)
{
  launch_options_clear (&self->launch);
  g_clear_pointer (&self->stream, g_free);
  g_clear_pointer (&self->type, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
add_setting (GPtrArray *words, const char *key, const char *value)
{
  if (value != NULL)
    g_ptr_array_add (words, g_strconcat (key, "=", value, NULL));
}

static void
add_words (GPtrArray *words, const char *const *more)
{
  for (; *more != NULL; more++)
    g_ptr_array_add (words, g_strdup (*more));
}

/* What reads the file, and what the user wants behind it: by default the messages are printed. */
static char *
make_description (const Options *self, const char *const *arguments)
{
  static const char *const decode[] = {
    "!", "jsondecode", "schema=originalEvent STRING, errorMessage STRING, errorType STRING, streamName STRING",
    "!", "deadletterdecode", NULL,
  };
  static const char *const print[] = { "!", "consolesink", "format=text", NULL };
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (words, g_strdup ("filesource"));
  add_setting (words, "location", arguments[0]);
  add_words (words, decode);
  add_setting (words, "stream", self->stream);
  add_setting (words, "type", self->type);
  if (arguments[1] == NULL)
    {
      add_words (words, print);
    }
  else
    {
      if (!g_str_equal (arguments[1], "!"))
        g_ptr_array_add (words, g_strdup ("!"));
      add_words (words, arguments + 1);
    }
  g_ptr_array_add (words, NULL);

  return ef_pipeline_description_join ((const char *const *) words->pdata);
}

static GOptionContext *
make_context (const GOptionEntry *entries)
{
  GOptionContext *context = g_option_context_new ("FILE [DESCRIPTION…]");

  g_option_context_set_summary (context,
                                "Gives the messages that a file of dead letters tells of to a pipeline, "
                                "or prints them.");
  g_option_context_set_description (
    context,
    "FILE has a dead letter a line, as JSON; - is the standard input.\n\n"
    "Example:\n"
    "  eventflux-replay --type='ef-error/*' dead.jsonl \\\n"
    "    jsondecode schema=\"s STRING, p STRING\" ! consolesink\n\n"
    "Exit status: 0 at the end of the file or when interrupted, 1 if the pipeline failed,\n"
    "2 if the command line or the description is wrong.\n");
  g_option_context_add_main_entries (context, entries, NULL);
  /* What follows the file is the description's. */
  g_option_context_set_strict_posix (context, TRUE);

  return context;
}

static gboolean
parse (Options *self, char **argv, GError **error)
{
  g_auto (GStrv) all = g_strdupv (argv);
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GOptionContext) context = NULL;
  const GOptionEntry entries[] = {
    { "stream", 's', 0, G_OPTION_ARG_STRING, &self->stream,
      "Only dead letters with this streamName", "NAME" },
    { "type", 't', 0, G_OPTION_ARG_STRING, &self->type,
      "Only dead letters with such an errorType; * stands for anything", "PATTERN" },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &self->launch.quiet, "Print errors alone", NULL },
    { "print-pipeline", 0, 0, G_OPTION_ARG_NONE, &self->launch.print_pipeline,
      "Print the description that is run, and start nothing", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->launch.version, "Print the version", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments, NULL, NULL },
    { NULL },
  };

  context = make_context (entries);
  if (!g_option_context_parse_strv (context, &all, error))
    return FALSE;
  if (self->launch.version)
    return TRUE;

  if (arguments == NULL || arguments[0] == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "expected a file of dead letters; see --help");
      return FALSE;
    }

  self->launch.description = make_description (self, (const char *const *) arguments);

  return TRUE;
}

static ToolStatus
replay (const LaunchOptions *options)
{
  g_autoptr (EfPipeline) pipeline = NULL;
  g_autoptr (GError) error = NULL;

  if (options->print_pipeline)
    {
      g_print ("%s\n", options->description);
      return TOOL_OK;
    }

  pipeline = ef_pipeline_new_from_description (options->description, NULL, &error);
  if (pipeline == NULL)
    {
      tool_print_error ("description:%s%s", g_ascii_isdigit (error->message[0]) ? "" : " ",
                        error->message);
      return TOOL_USAGE;
    }

  return launch_run (options, pipeline);
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;

  tool_output_init ();
  g_set_prgname ("eventflux-replay");

  if (!parse (&options, argv, &error))
    {
      tool_print_error ("%s", error->message);
      return TOOL_USAGE;
    }

  if (options.launch.version)
    {
      g_print ("eventflux-replay %u.%u.%u\n", ef_get_major_version (), ef_get_minor_version (),
               ef_get_micro_version ());
      return TOOL_OK;
    }

  return replay (&options.launch);
}
