/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "inspect-print.h"

#include "inspect-info.h"

#include <json-glib/json-glib.h>

static void
add_string (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  if (value != NULL)
    json_builder_add_string_value (json, value);
  else
    json_builder_add_null_value (json);
}

static void
add_boolean (JsonBuilder *json, const char *name, gboolean value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_boolean_value (json, value);
}

static void
add_strings (JsonBuilder *json, const char *name, const char *const *values)
{
  json_builder_set_member_name (json, name);
  json_builder_begin_array (json);
  for (; values != NULL && *values != NULL; values++)
    json_builder_add_string_value (json, *values);
  json_builder_end_array (json);
}

static void
add_pad (JsonBuilder *json, const char *name, const char *direction, EfPadContent content)
{
  json_builder_begin_object (json);
  add_string (json, "name", name);
  add_string (json, "direction", direction);
  add_string (json, "content", inspect_content_to_string (content));
  json_builder_end_object (json);
}

static void
add_pads (JsonBuilder *json, EfElementFactory *factory)
{
  EfFactoryKind kind = ef_element_factory_get_kind (factory);

  json_builder_set_member_name (json, "pads");
  json_builder_begin_array (json);
  if (kind != EF_FACTORY_SOURCE)
    add_pad (json, "sink", "sink", ef_element_factory_get_sink_content (factory));
  if (kind != EF_FACTORY_SINK)
    add_pad (json, "src", "src", ef_element_factory_get_src_content (factory));
  add_pad (json, "errors", "src", EF_PAD_CONTENT_COLUMNS);
  json_builder_end_array (json);
}

/* Values are texts, as they would be written in a description: numbers of 64 bits stay what they
 * are. */
static void
add_property (JsonBuilder *json, const InspectProperty *property)
{
  GParamFlags flags = property->pspec->flags;

  json_builder_begin_object (json);
  add_string (json, "name", property->pspec->name);
  add_string (json, "description", g_param_spec_get_blurb (property->pspec));
  add_string (json, "type", property->type);
  add_string (json, "config-key", flags & G_PARAM_WRITABLE ? property->key : NULL);
  add_string (json, "default", property->default_value);
  add_string (json, "minimum", property->minimum);
  add_string (json, "maximum", property->maximum);
  if (property->values != NULL)
    add_strings (json, "values", (const char *const *) property->values);
  add_boolean (json, "required", (flags & EF_PARAM_REQUIRED) != 0);
  add_boolean (json, "readable", (flags & G_PARAM_READABLE) != 0);
  add_boolean (json, "writable", (flags & G_PARAM_WRITABLE) != 0);
  add_boolean (json, "mutable-playing", (flags & EF_PARAM_MUTABLE_PLAYING) != 0);
  add_boolean (json, "secret", (flags & EF_PARAM_SECRET) != 0);
  json_builder_end_object (json);
}

static void
add_properties (JsonBuilder *json, EfElementFactory *factory)
{
  g_autoptr (GPtrArray) properties = inspect_list_properties (factory);

  json_builder_set_member_name (json, "properties");
  json_builder_begin_array (json);
  for (guint i = 0; i < properties->len; i++)
    add_property (json, g_ptr_array_index (properties, i));
  json_builder_end_array (json);
}

static void
add_signal (JsonBuilder *json, guint id)
{
  GSignalQuery query;

  g_signal_query (id, &query);
  json_builder_begin_object (json);
  add_string (json, "name", query.signal_name);
  json_builder_set_member_name (json, "parameters");
  json_builder_begin_array (json);
  for (guint i = 0; i < query.n_params; i++)
    json_builder_add_string_value (
      json, g_type_name (query.param_types[i] & ~G_SIGNAL_TYPE_STATIC_SCOPE));
  json_builder_end_array (json);
  json_builder_end_object (json);
}

static void
add_signals (JsonBuilder *json, EfElementFactory *factory)
{
  g_autofree guint *ids = NULL;
  guint n_ids;

  ids = inspect_list_signals (factory, &n_ids);
  json_builder_set_member_name (json, "signals");
  json_builder_begin_array (json);
  for (guint i = 0; i < n_ids; i++)
    add_signal (json, ids[i]);
  json_builder_end_array (json);
}

/* What a list of elements says of each. */
static void
add_summary (JsonBuilder *json, EfElementFactory *factory)
{
  add_string (json, "name", ef_element_factory_get_name (factory));
  add_string (json, "description", ef_element_factory_get_description (factory));
  add_string (json, "kind", inspect_kind_to_string (ef_element_factory_get_kind (factory)));
}

static void
add_element (JsonBuilder *json, EfElementFactory *factory)
{
  json_builder_begin_object (json);
  add_summary (json, factory);
  add_string (json, "plugin", ef_element_factory_get_plugin_name (factory));
  add_string (json, "extension", ef_element_factory_get_extension_name (factory));
  add_string (json, "example", ef_element_factory_get_example (factory));
  add_strings (json, "formats", ef_element_factory_get_supported_formats (factory));
  add_strings (json, "required-parameters", ef_element_factory_get_required_parameters (factory));
  add_strings (json, "optional-parameters", ef_element_factory_get_optional_parameters (factory));
  add_pads (json, factory);
  add_properties (json, factory);
  add_signals (json, factory);
  json_builder_end_object (json);
}

static void
add_elements (JsonBuilder *json, EfContext *context, const char *plugin)
{
  g_autoptr (GPtrArray) factories = inspect_list_plugin_elements (context, plugin);

  json_builder_set_member_name (json, "elements");
  json_builder_begin_array (json);
  for (guint i = 0; i < factories->len; i++)
    {
      json_builder_begin_object (json);
      add_summary (json, g_ptr_array_index (factories, i));
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

static void
add_plugin (JsonBuilder *json, EfContext *context, EfPlugin *plugin)
{
  const GError *error = ef_plugin_get_error (plugin);

  json_builder_begin_object (json);
  add_string (json, "name", ef_plugin_get_name (plugin));
  add_string (json, "description", ef_plugin_get_description (plugin));
  add_string (json, "version", ef_plugin_get_version (plugin));
  add_string (json, "license", ef_plugin_get_license (plugin));
  add_string (json, "filename", ef_plugin_get_filename (plugin));
  add_string (json, "error", error != NULL ? error->message : NULL);
  if (error == NULL)
    add_elements (json, context, ef_plugin_get_name (plugin));
  json_builder_end_object (json);
}

static void
print_json (JsonBuilder *json)
{
  g_autoptr (JsonNode) root = json_builder_get_root (json);
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;

  json_generator_set_pretty (generator, TRUE);
  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, NULL);
  g_print ("%s\n", text);
}

void
inspect_print_all_json (EfContext *context)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (GPtrArray) plugins = ef_context_list_plugins (context);

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "plugins");
  json_builder_begin_array (json);
  for (guint i = 0; i < plugins->len; i++)
    add_plugin (json, context, g_ptr_array_index (plugins, i));
  json_builder_end_array (json);
  json_builder_end_object (json);

  print_json (json);
}

void
inspect_print_plugin_json (EfContext *context, EfPlugin *plugin)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  add_plugin (json, context, plugin);
  print_json (json);
}

void
inspect_print_element_json (EfElementFactory *factory)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  add_element (json, factory);
  print_json (json);
}
