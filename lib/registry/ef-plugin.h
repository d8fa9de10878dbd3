/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <glib-object.h>

#include "ef-version.h"

G_BEGIN_DECLS

#define EF_TYPE_PLUGIN (ef_plugin_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (EfPlugin, ef_plugin, EF, PLUGIN, GObject)

/**
 * EF_PLUGIN_MAGIC: (skip)
 *
 * What the descriptor of a plugin begins with.
 */
#define EF_PLUGIN_MAGIC 0x45667031u

/**
 * EF_PLUGIN_ABI: (skip)
 *
 * The version of the interface between the library and plugins. A plugin of another one is not loaded.
 */
#define EF_PLUGIN_ABI 1u

/**
 * EfPluginInitFunc: (skip)
 * @plugin: the plugin
 * @error: return location for an error
 *
 * Registers the elements of a plugin. It is called once for each context that loads the plugin, and
 * does nothing else: no file is opened and no thread started before an element is used.
 *
 * Returns: %TRUE if the plugin can be used
 */
typedef gboolean (*EfPluginInitFunc) (EfPlugin *plugin, GError **error);

/**
 * EfPluginDescriptor: (skip)
 * @magic: %EF_PLUGIN_MAGIC
 * @abi: %EF_PLUGIN_ABI
 * @size: the size of the descriptor
 * @name: a word
 * @description: what the plugin brings, in a sentence
 * @version: the version of the plugin
 * @license: the license of the plugin, as an SPDX identifier
 * @init: registers the elements
 *
 * What a plugin says of itself, under the symbol `ef_plugin_descriptor`. %EF_PLUGIN_DEFINE makes it.
 */
typedef struct
{
  guint32 magic;
  guint32 abi;
  gsize size;
  const char *name;
  const char *description;
  const char *version;
  const char *license;
  EfPluginInitFunc init;

  /*< private >*/
  gpointer padding[4];
} EfPluginDescriptor;

/**
 * EF_PLUGIN_DEFINE: (skip)
 * @plugin_name: a word
 * @plugin_description: what the plugin brings, in a sentence
 * @plugin_version: the version of the plugin
 * @plugin_license: the license of the plugin, as an SPDX identifier
 * @plugin_init: an `EfPluginInitFunc`
 *
 * Makes a module a plugin. To be used once in a module, outside of any function.
 */
#define EF_PLUGIN_DEFINE(plugin_name, plugin_description, plugin_version, plugin_license,         \
                         plugin_init)                                                              \
  _EF_EXTERN const EfPluginDescriptor ef_plugin_descriptor;                                        \
  const EfPluginDescriptor ef_plugin_descriptor = {                                                \
    .magic = EF_PLUGIN_MAGIC,                                                                      \
    .abi = EF_PLUGIN_ABI,                                                                          \
    .size = sizeof (EfPluginDescriptor),                                                           \
    .name = plugin_name,                                                                           \
    .description = plugin_description,                                                             \
    .version = plugin_version,                                                                     \
    .license = plugin_license,                                                                     \
    .init = plugin_init,                                                                           \
  };

EF_AVAILABLE_IN_1_0
void ef_plugin_register_element (EfPlugin *self, GType element_type);

EF_AVAILABLE_IN_1_0
const char *ef_plugin_get_name (EfPlugin *self);

EF_AVAILABLE_IN_1_0
const char *ef_plugin_get_description (EfPlugin *self);

EF_AVAILABLE_IN_1_0
const char *ef_plugin_get_version (EfPlugin *self);

EF_AVAILABLE_IN_1_0
const char *ef_plugin_get_license (EfPlugin *self);

EF_AVAILABLE_IN_1_0
const char *ef_plugin_get_filename (EfPlugin *self);

EF_AVAILABLE_IN_1_0
const GError *ef_plugin_get_error (EfPlugin *self);

G_END_DECLS
