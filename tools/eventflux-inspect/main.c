/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "inspect-info.h"
#include "inspect-print.h"
#include "tool-output.h"

#include <eventflux.h>

typedef struct
{
  gboolean json;
  gboolean version;
  char **names;
} Options;

static gboolean
parse_options (Options *self, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Print JSON", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, "Print the version", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->names, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("[ELEMENT | PLUGIN]");
  g_auto (GStrv) words = g_strdupv (argv);

  g_option_context_set_summary (context,
                                "Lists the elements that there are, or tells all of one of them.");
  g_option_context_set_description (
    context,
    "Plugins are looked for in the folders of EVENTFLUX_PLUGIN_PATH, then where EventFlux is\n"
    "installed.\n\n"
    "Exit status: 0 if all is well, 1 if there is no such element or plugin, 2 if the command\n"
    "line is wrong.\n");
  g_option_context_add_main_entries (context, entries, NULL);

  if (!g_option_context_parse_strv (context, &words, error))
    return FALSE;

  if (self->names == NULL || self->names[0] == NULL || self->names[1] == NULL)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               "expected one name at most, found “%s” too; see --help", self->names[1]);

  return FALSE;
}

static ToolStatus
inspect_all (EfContext *context, gboolean json)
{
  if (json)
    inspect_print_all_json (context);
  else
    inspect_print_all (context);

  return TOOL_OK;
}

static ToolStatus
inspect_one (EfContext *context, const char *name, gboolean json)
{
  g_autoptr (EfPlugin) plugin = inspect_find_plugin (context, name);
  g_autoptr (GError) error = NULL;
  EfElementFactory *factory = ef_context_find_factory (context, name, &error);

  if (factory != NULL)
    {
      if (json)
        inspect_print_element_json (factory);
      else
        inspect_print_element (factory);
      return TOOL_OK;
    }

  if (plugin != NULL)
    {
      if (json)
        inspect_print_plugin_json (context, plugin);
      else
        inspect_print_plugin (context, plugin);
      return TOOL_OK;
    }

  tool_print_error ("no plugin, and %s", error->message);

  return TOOL_FAILED;
}

/* What the library has to say of plugins that it can not load is in the list. */
static void
ignore_message (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

int
main (int argc, char **argv)
{
  Options options = { 0 };
  g_auto (GStrv) names = NULL;
  g_autoptr (GError) error = NULL;
  gboolean parsed;

  tool_output_init ();
  g_set_prgname ("eventflux-inspect");

  g_log_set_handler ("EventFlux", G_LOG_LEVEL_MESSAGE, ignore_message, NULL);

  parsed = parse_options (&options, argv, &error);
  names = options.names;
  if (!parsed)
    {
      tool_print_error ("%s", error->message);
      return TOOL_USAGE;
    }

  if (options.version)
    {
      g_print ("eventflux-inspect %u.%u.%u\n", ef_get_major_version (), ef_get_minor_version (),
               ef_get_micro_version ());
      return TOOL_OK;
    }

  if (names == NULL || names[0] == NULL)
    return inspect_all (ef_context_get_default (), options.json);

  return inspect_one (ef_context_get_default (), names[0], options.json);
}
