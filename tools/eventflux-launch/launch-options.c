/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "launch-options.h"

#include <eventflux.h>

#include <math.h>
#include <string.h>

/* Descriptions of this suffix are files. */
#define FILE_SUFFIX ".eventflux"

#define DEFAULT_STATS_SECONDS "1"

void
launch_options_clear (LaunchOptions *self)
{
  g_clear_pointer (&self->dot_file, g_free);
  g_clear_pointer (&self->description, g_free);
  g_clear_pointer (&self->origin, g_free);
}

static gboolean
parse_stats (const char *name, const char *value, gpointer data, GError **error)
{
  LaunchOptions *self = data;
  char *end;

  self->stats_seconds = g_ascii_strtod (value, &end);
  if (*value != '\0' && *end == '\0' && isfinite (self->stats_seconds) &&
      self->stats_seconds >= 0.01 && self->stats_seconds <= 86400)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--stats: “%s” is no number of seconds from 0.01 to 86400", value);

  return FALSE;
}

/* GOption would take the word behind an option whose value may be left out for that value. */
static char **
complete_stats (char **argv)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  gboolean is_option = TRUE;

  for (guint i = 0; argv[i] != NULL; i++)
    {
      if (g_str_equal (argv[i], "--"))
        is_option = FALSE;

      g_strv_builder_add (words, is_option && g_str_equal (argv[i], "--stats")
                                   ? "--stats=" DEFAULT_STATS_SECONDS
                                   : argv[i]);
    }

  return g_strv_builder_end (words);
}

static gboolean
take_description (LaunchOptions *self, char **words, GError **error)
{
  if (words == NULL || words[0] == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "expected a description of a pipeline, or a file whose name ends with “%s”; see "
                   "--help",
                   FILE_SUFFIX);
      return FALSE;
    }

  if (words[1] == NULL && g_str_has_suffix (words[0], FILE_SUFFIX))
    {
      self->is_file = TRUE;
      self->origin = g_strdup (words[0]);
      return g_file_get_contents (words[0], &self->description, NULL, error);
    }

  self->origin = g_strdup ("description");
  self->description = ef_pipeline_description_join ((const char *const *) words);

  return TRUE;
}

static GOptionContext *
make_context (const GOptionEntry *entries, LaunchOptions *self)
{
  GOptionContext *context = g_option_context_new ("DESCRIPTION… | FILE" FILE_SUFFIX);
  GOptionGroup *group = g_option_group_new (NULL, NULL, NULL, self, NULL);

  g_option_context_set_summary (context, "Runs a pipeline of elements that move events.");
  g_option_context_set_description (
    context,
    "Example:\n"
    "  eventflux-launch websocketsource url=wss://feed.example/ws ! \\\n"
    "    jsondecode schema=\"s STRING, p DOUBLE\" ! consolesink\n\n"
    "Exit status: 0 at the end of the stream or when interrupted, 1 if the pipeline failed,\n"
    "2 if the command line or the description is wrong.\n\n"
    "eventflux-inspect lists the elements and their properties.\n");
  g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);

  return context;
}

/* Reads the command line, and the file that it names. */
gboolean
launch_options_parse (LaunchOptions *self, char **argv, GError **error)
{
  g_auto (GStrv) all = complete_stats (argv);
  g_auto (GStrv) words = NULL;
  g_autoptr (GOptionContext) context = NULL;
  const GOptionEntry entries[] = {
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &self->quiet, "Print errors alone", NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &self->verbose,
      "Print properties, and what changes of them and of states", NULL },
    { "messages", 'm', 0, G_OPTION_ARG_NONE, &self->messages, "Print the messages of the bus",
      NULL },
    { "eos-on-interrupt", 'e', 0, G_OPTION_ARG_NONE, &self->eos_on_interrupt,
      "When interrupted, end the stream and wait for the sinks", NULL },
    { "stats", 0, 0, G_OPTION_ARG_CALLBACK, G_GNUC_EXTENSION (gpointer) parse_stats,
      "Print figures of each element every SECONDS (1), and at the end", "SECONDS" },
    { "dot", 0, 0, G_OPTION_ARG_FILENAME, &self->dot_file,
      "Draw the pipeline in the language of Graphviz", "FILE" },
    { "validate", 0, 0, G_OPTION_ARG_NONE, &self->validate,
      "Check the configuration, try the endpoints, and start nothing", NULL },
    { "print-pipeline", 0, 0, G_OPTION_ARG_NONE, &self->print_pipeline,
      "Print the description that the pipeline amounts to, and start nothing", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, "Print the version", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &words, NULL, NULL },
    { NULL },
  };

  context = make_context (entries, self);
  if (!g_option_context_parse_strv (context, &all, error))
    return FALSE;

  return self->version || take_description (self, words, error);
}
