/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element-factory-private.h"
#include "ef-error.h"
#include "ef-plugin-private.h"

#include <gmodule.h>

/**
 * EfPlugin:
 *
 * A module that brings elements.
 *
 * A plugin that could not be loaded is an object too, and keeps the error: so a person can be told why
 * an element is not there. A plugin may be used from any thread.
 */

struct _EfPlugin
{
  GObject parent_instance;

  char *filename;
  GModule *module;                       /* until its descriptor was found good */
  const EfPluginDescriptor *descriptor;  /* of a module that stays */
  GPtrArray *factories;
  GError *error;
};

G_DEFINE_FINAL_TYPE (EfPlugin, ef_plugin, G_TYPE_OBJECT)

static void
ef_plugin_finalize (GObject *object)
{
  EfPlugin *self = EF_PLUGIN (object);

  g_clear_pointer (&self->module, g_module_close);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->factories);
  g_free (self->filename);

  G_OBJECT_CLASS (ef_plugin_parent_class)->finalize (object);
}

static void
ef_plugin_class_init (EfPluginClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ef_plugin_finalize;
}

static void
ef_plugin_init (EfPlugin *self)
{
  self->factories = g_ptr_array_new_with_free_func (g_object_unref);
}

EfPlugin *
ef_plugin_new (const char *filename)
{
  EfPlugin *self = g_object_new (EF_TYPE_PLUGIN, NULL);

  self->filename = g_strdup (filename);

  return self;
}

/* Whether the descriptor is one, and one that this library understands. Only what every version of the
 * descriptor has is looked at before its version is known. */
static gboolean
check_descriptor (EfPlugin *self, const EfPluginDescriptor *descriptor, GError **error)
{
  if (descriptor->magic != EF_PLUGIN_MAGIC)
    g_set_error (error, EF_ERROR, EF_ERROR_PLUGIN,
                 "%s is no EventFlux plugin: its descriptor does not begin as one",
                 self->filename);
  else if (descriptor->abi != EF_PLUGIN_ABI)
    g_set_error (error, EF_ERROR, EF_ERROR_PLUGIN,
                 "%s was made for version %u of the plugin interface, and this library has version "
                 "%u: build the plugin again",
                 self->filename, descriptor->abi, EF_PLUGIN_ABI);
  else if (descriptor->size != sizeof (EfPluginDescriptor))
    g_set_error (error, EF_ERROR, EF_ERROR_PLUGIN,
                 "%s has a descriptor of %" G_GSIZE_FORMAT " bytes instead of %" G_GSIZE_FORMAT
                 ": build the plugin again",
                 self->filename, descriptor->size, sizeof (EfPluginDescriptor));
  else if (descriptor->name == NULL || *descriptor->name == '\0' || descriptor->init == NULL)
    g_set_error (error, EF_ERROR, EF_ERROR_PLUGIN,
                 "%s has a descriptor without a name or an init function", self->filename);
  else
    return TRUE;

  return FALSE;
}

/* Opens the module and finds out what it is. Nothing of it runs yet but what a module runs by itself. */
gboolean
ef_plugin_open (EfPlugin *self, GError **error)
{
  g_autoptr (GError) module_error = NULL;
  gpointer descriptor = NULL;

  /* g_module_open() would try other names for a file that is not there. */
  if (!g_file_test (self->filename, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, EF_ERROR, EF_ERROR_PLUGIN, "%s is no file", self->filename);
      return FALSE;
    }

  self->module = g_module_open_full (self->filename, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL,
                                     &module_error);
  if (self->module == NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_PLUGIN, "%s can not be loaded: %s", self->filename,
                   module_error->message);
      return FALSE;
    }

  if (!g_module_symbol (self->module, "ef_plugin_descriptor", &descriptor) || descriptor == NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_PLUGIN,
                   "%s is no EventFlux plugin: it has no symbol “ef_plugin_descriptor”",
                   self->filename);
      return FALSE;
    }

  if (!check_descriptor (self, descriptor, error))
    return FALSE;

  self->descriptor = descriptor;

  return TRUE;
}

/* Has the plugin make its factories. From here on the module stays in memory, as types that it
 * registers can not be taken back. */
gboolean
ef_plugin_init_elements (EfPlugin *self, GError **error)
{
  g_autoptr (GError) init_error = NULL;

  g_module_make_resident (self->module);
  self->module = NULL;

  if (self->descriptor->init (self, &init_error))
    return TRUE;

  g_set_error (error, EF_ERROR, EF_ERROR_PLUGIN, "%s did not initialize: %s", self->filename,
               init_error != NULL ? init_error->message : "it does not say why");

  return FALSE;
}

/* Keeps why the plugin is not used. */
void
ef_plugin_take_error (EfPlugin *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  g_ptr_array_set_size (self->factories, 0);
}

GPtrArray *
ef_plugin_get_factories (EfPlugin *self)
{
  return self->factories;
}

/**
 * ef_plugin_register_element:
 * @self: a plugin that initializes
 * @element_type: a type of elements whose class has metadata
 *
 * Has the context that loads the plugin know a kind of elements. It is called from the plugin's
 * `EfPluginInitFunc`.
 */
void
ef_plugin_register_element (EfPlugin *self, GType element_type)
{
  EfElementFactory *factory;

  g_return_if_fail (EF_IS_PLUGIN (self));
  g_return_if_fail (g_type_is_a (element_type, EF_TYPE_ELEMENT));

  factory = ef_element_factory_new (element_type);
  g_return_if_fail (factory != NULL);

  ef_element_factory_set_plugin_name (factory, self->descriptor->name);
  g_ptr_array_add (self->factories, factory);
}

/**
 * ef_plugin_get_name:
 * @self: a plugin
 *
 * The name of the plugin.
 *
 * Returns: (nullable): a word, or %NULL if the plugin did not get so far as to tell it
 */
const char *
ef_plugin_get_name (EfPlugin *self)
{
  g_return_val_if_fail (EF_IS_PLUGIN (self), NULL);

  return self->descriptor != NULL ? self->descriptor->name : NULL;
}

/**
 * ef_plugin_get_description:
 * @self: a plugin
 *
 * What the plugin brings, in a sentence.
 *
 * Returns: (nullable): the sentence, if there is one
 */
const char *
ef_plugin_get_description (EfPlugin *self)
{
  g_return_val_if_fail (EF_IS_PLUGIN (self), NULL);

  return self->descriptor != NULL ? self->descriptor->description : NULL;
}

/**
 * ef_plugin_get_version:
 * @self: a plugin
 *
 * The version of the plugin.
 *
 * Returns: (nullable): the version, if the plugin tells one
 */
const char *
ef_plugin_get_version (EfPlugin *self)
{
  g_return_val_if_fail (EF_IS_PLUGIN (self), NULL);

  return self->descriptor != NULL ? self->descriptor->version : NULL;
}

/**
 * ef_plugin_get_license:
 * @self: a plugin
 *
 * The license of the plugin.
 *
 * Returns: (nullable): an SPDX identifier, if the plugin tells one
 */
const char *
ef_plugin_get_license (EfPlugin *self)
{
  g_return_val_if_fail (EF_IS_PLUGIN (self), NULL);

  return self->descriptor != NULL ? self->descriptor->license : NULL;
}

/**
 * ef_plugin_get_filename:
 * @self: a plugin
 *
 * The file that the plugin was loaded from.
 *
 * Returns: (type filename): the name of the file
 */
const char *
ef_plugin_get_filename (EfPlugin *self)
{
  g_return_val_if_fail (EF_IS_PLUGIN (self), NULL);

  return self->filename;
}

/**
 * ef_plugin_get_error:
 * @self: a plugin
 *
 * Why the plugin could not be loaded.
 *
 * Returns: (nullable): an error of the code %EF_ERROR_PLUGIN, or %NULL if the plugin works
 */
const GError *
ef_plugin_get_error (EfPlugin *self)
{
  g_return_val_if_fail (EF_IS_PLUGIN (self), NULL);

  return self->error;
}
