/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "inspect-print.h"

#include "inspect-info.h"
#include "tool-output.h"

#include <stdio.h>

static void
print_heading (const char *text)
{
  g_print ("%s%s%s\n", tool_style (stdout, TOOL_HEADING), text, tool_style (stdout, TOOL_PLAIN));
}

static void
print_field (const char *name, const char *value)
{
  if (value != NULL)
    g_print ("  %-12s %s\n", name, value);
}

static void
print_elements (GPtrArray *factories)
{
  int width = 0;

  for (guint i = 0; i < factories->len; i++)
    {
      const char *name = ef_element_factory_get_name (g_ptr_array_index (factories, i));

      width = MAX (width, (int) g_utf8_strlen (name, -1));
    }

  for (guint i = 0; i < factories->len; i++)
    {
      EfElementFactory *factory = g_ptr_array_index (factories, i);

      g_print ("  %-*s  %s\n", width, ef_element_factory_get_name (factory),
               ef_element_factory_get_description (factory));
    }
}

static void
print_plugin_elements (EfContext *context, const char *plugin, const char *description)
{
  g_autoptr (GPtrArray) factories = inspect_list_plugin_elements (context, plugin);

  if (plugin == NULL && factories->len == 0)
    return;

  g_print ("%s%s%s: %s\n", tool_style (stdout, TOOL_HEADING), plugin != NULL ? plugin : "eventflux",
           tool_style (stdout, TOOL_PLAIN), description);
  print_elements (factories);
  g_print ("\n");
}

static void
print_broken (GPtrArray *plugins)
{
  gboolean is_first = TRUE;

  for (guint i = 0; i < plugins->len; i++)
    {
      EfPlugin *plugin = g_ptr_array_index (plugins, i);
      const GError *error = ef_plugin_get_error (plugin);

      if (error == NULL)
        continue;

      if (is_first)
        print_heading ("plugins that could not be loaded");
      is_first = FALSE;
      g_print ("  %s\n    %s%s%s\n", ef_plugin_get_filename (plugin), tool_style (stdout, TOOL_BAD),
               error->message, tool_style (stdout, TOOL_PLAIN));
    }
}

/* Prints all plugins with their elements. */
void
inspect_print_all (EfContext *context)
{
  g_autoptr (GPtrArray) plugins = ef_context_list_plugins (context);

  print_plugin_elements (context, NULL, "elements that no plugin brought");
  for (guint i = 0; i < plugins->len; i++)
    {
      EfPlugin *plugin = g_ptr_array_index (plugins, i);

      if (ef_plugin_get_error (plugin) == NULL)
        print_plugin_elements (context, ef_plugin_get_name (plugin),
                               ef_plugin_get_description (plugin));
    }
  print_broken (plugins);
}

void
inspect_print_plugin (EfContext *context, EfPlugin *plugin)
{
  const GError *error = ef_plugin_get_error (plugin);
  g_autoptr (GPtrArray) factories = NULL;

  print_heading ("plugin");
  print_field ("name", ef_plugin_get_name (plugin));
  print_field ("description", ef_plugin_get_description (plugin));
  print_field ("version", ef_plugin_get_version (plugin));
  print_field ("license", ef_plugin_get_license (plugin));
  print_field ("file", ef_plugin_get_filename (plugin));
  if (error != NULL)
    {
      print_field ("error", error->message);
      return;
    }

  g_print ("\n");
  print_heading ("elements");
  factories = inspect_list_plugin_elements (context, ef_plugin_get_name (plugin));
  print_elements (factories);
}

static void
print_pads (EfElementFactory *factory)
{
  EfFactoryKind kind = ef_element_factory_get_kind (factory);

  print_heading ("pads");
  if (kind != EF_FACTORY_SOURCE)
    g_print ("  sink    takes %s\n",
             inspect_content_to_string (ef_element_factory_get_sink_content (factory)));
  if (kind != EF_FACTORY_SINK)
    g_print ("  src     gives %s\n",
             inspect_content_to_string (ef_element_factory_get_src_content (factory)));
  g_print ("  errors  gives columns: what could not be handled\n\n");
}

static char *
describe_range (const InspectProperty *property)
{
  if (property->values != NULL)
    {
      g_autofree char *values = g_strjoinv (", ", property->values);

      return g_strdup_printf ("one of %s", values);
    }

  if (property->minimum != NULL)
    return g_strdup_printf ("%s, %s to %s", property->type, property->minimum, property->maximum);

  return g_strdup (property->type);
}

static char *
describe_use (const InspectProperty *property)
{
  GParamFlags flags = property->pspec->flags;
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  if (flags & EF_PARAM_REQUIRED)
    g_strv_builder_add (words, "required");
  if (!(flags & G_PARAM_WRITABLE))
    g_strv_builder_add (words, "can be read only");
  if (!(flags & G_PARAM_READABLE))
    g_strv_builder_add (words, "can be set only");
  if (flags & EF_PARAM_MUTABLE_PLAYING)
    g_strv_builder_add (words, "may change while playing");
  if (flags & EF_PARAM_SECRET)
    g_strv_builder_add (words, "secret");
  if (property->default_value != NULL)
    {
      gboolean quoted = property->pspec->value_type == G_TYPE_STRING;
      g_autofree char *text = NULL;

      text = g_strdup_printf (quoted ? "default “%s”" : "default %s", property->default_value);
      g_strv_builder_add (words, text);
    }

  all = g_strv_builder_end (words);

  return g_strjoinv ("; ", all);
}

static void
print_property (const InspectProperty *property)
{
  g_autofree char *range = describe_range (property);
  g_autofree char *use = describe_use (property);
  const char *blurb = g_param_spec_get_blurb (property->pspec);

  g_print ("  %s%s%s: %s%s%s\n", tool_style (stdout, TOOL_HEADING), property->pspec->name,
           tool_style (stdout, TOOL_PLAIN), range, *use != '\0' ? "; " : "", use);
  if (blurb != NULL)
    g_print ("      %s\n", blurb);
  if ((property->pspec->flags & G_PARAM_WRITABLE) &&
      g_strcmp0 (property->key, property->pspec->name) != 0)
    g_print ("      config key: %s%s\n", property->key,
             g_str_equal (property->type, "table") ? ".NAME" : "");
}

static void
print_properties (EfElementFactory *factory)
{
  g_autoptr (GPtrArray) properties = inspect_list_properties (factory);

  print_heading ("properties");
  for (guint i = 0; i < properties->len; i++)
    print_property (g_ptr_array_index (properties, i));
  g_print ("\n");
}

static void
print_signals (EfElementFactory *factory)
{
  g_autofree guint *ids = NULL;
  guint n_ids;

  ids = inspect_list_signals (factory, &n_ids);
  if (n_ids == 0)
    return;

  print_heading ("signals");
  for (guint i = 0; i < n_ids; i++)
    {
      GSignalQuery query;

      g_signal_query (ids[i], &query);
      g_print ("  %s (", query.signal_name);
      for (guint j = 0; j < query.n_params; j++)
        g_print ("%s%s", j > 0 ? ", " : "",
                 g_type_name (query.param_types[j] & ~G_SIGNAL_TYPE_STATIC_SCOPE));
      g_print (")\n");
    }
}

void
inspect_print_element (EfElementFactory *factory)
{
  g_autofree char *formats = NULL;

  formats = g_strjoinv (", ", (char **) ef_element_factory_get_supported_formats (factory));

  print_heading ("element");
  print_field ("name", ef_element_factory_get_name (factory));
  print_field ("description", ef_element_factory_get_description (factory));
  print_field ("kind", inspect_kind_to_string (ef_element_factory_get_kind (factory)));
  print_field ("plugin", ef_element_factory_get_plugin_name (factory));
  print_field ("extension", ef_element_factory_get_extension_name (factory));
  print_field ("formats", *formats != '\0' ? formats : NULL);
  if (ef_element_factory_get_example (factory) != NULL)
    g_print ("  %-12s eventflux-launch %s\n", "example", ef_element_factory_get_example (factory));
  g_print ("\n");

  print_pads (factory);
  print_properties (factory);
  print_signals (factory);
}
