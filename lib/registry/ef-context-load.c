/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-context-private.h"
#include "ef-error.h"

#include <gmodule.h>
#include <string.h>

/* How a context comes to its plugins. */

static EfPlugin *
find_plugin_locked (EfContext *self, const char *name)
{
  for (guint i = 0; i < self->plugins->len; i++)
    {
      EfPlugin *plugin = g_ptr_array_index (self->plugins, i);

      if (ef_plugin_get_error (plugin) == NULL && g_str_equal (ef_plugin_get_name (plugin), name))
        return plugin;
    }

  return NULL;
}

/* Adds all of a plugin's factories, or none. */
static gboolean
adopt_plugin_locked (EfContext *self, EfPlugin *plugin, GError **error)
{
  GPtrArray *factories = ef_plugin_get_factories (plugin);

  for (guint i = 0; i < factories->len; i++)
    if (!ef_context_check_factory_locked (self, g_ptr_array_index (factories, i), error))
      {
        g_prefix_error (error, "%s is not used: ", ef_plugin_get_filename (plugin));
        return FALSE;
      }

  for (guint i = 0; i < factories->len; i++)
    ef_context_add_factory_locked (self, g_ptr_array_index (factories, i));

  return TRUE;
}

typedef enum
{
  PLUGIN_LOADED,
  PLUGIN_KNOWN, /* one of its name is there already */
  PLUGIN_FAILED,
} PluginOutcome;

static PluginOutcome
load_plugin_locked (EfContext *self, EfPlugin *plugin, GError **error)
{
  EfPlugin *known;

  if (!ef_plugin_open (plugin, error))
    return PLUGIN_FAILED;

  known = find_plugin_locked (self, ef_plugin_get_name (plugin));
  if (known != NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_PLUGIN,
                   "%s is not used: the plugin “%s” is there already, from %s",
                   ef_plugin_get_filename (plugin), ef_plugin_get_name (plugin),
                   ef_plugin_get_filename (known));
      return PLUGIN_KNOWN;
    }

  if (!ef_plugin_init_elements (plugin, error) || !adopt_plugin_locked (self, plugin, error))
    return PLUGIN_FAILED;

  return PLUGIN_LOADED;
}

static PluginOutcome
load_plugin (EfContext *self, const char *filename, GError **error)
{
  g_autoptr (EfPlugin) plugin = ef_plugin_new (filename);
  g_autoptr (GError) plugin_error = NULL;
  PluginOutcome outcome;

  g_mutex_lock (&self->lock);
  outcome = load_plugin_locked (self, plugin, &plugin_error);
  if (outcome == PLUGIN_FAILED)
    ef_plugin_take_error (plugin, g_error_copy (plugin_error));
  if (outcome != PLUGIN_KNOWN)
    g_ptr_array_add (self->plugins, g_steal_pointer (&plugin));
  g_mutex_unlock (&self->lock);

  if (plugin_error != NULL)
    g_propagate_error (error, g_steal_pointer (&plugin_error));

  return outcome;
}

/**
 * ef_context_load_plugin_file:
 * @self: a context
 * @filename: (type filename): the file of a module
 * @error: return location for an error
 *
 * Loads one plugin. Its code is run, so it should come from a trusted place. A plugin that fails is
 * listed by [method@EventFlux.Context.list_plugins] too, with its error.
 *
 * Returns: %TRUE if its elements can be used, %FALSE with %EF_ERROR_PLUGIN if not
 */
gboolean
ef_context_load_plugin_file (EfContext *self, const char *filename, GError **error)
{
  g_return_val_if_fail (EF_IS_CONTEXT (self), FALSE);
  g_return_val_if_fail (filename != NULL, FALSE);

  return load_plugin (self, filename, error) == PLUGIN_LOADED;
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_modules (const char *path)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, "." G_MODULE_SUFFIX))
      g_ptr_array_add (names, g_strdup (name));

  /* So that it does not depend on the file system which of two comes first. */
  g_ptr_array_sort (names, compare_words);

  return names;
}

/**
 * ef_context_load_plugin_path:
 * @self: a context
 * @path: (type filename): a folder
 *
 * Loads the plugins of a folder, in the order of their names. Those that fail are passed over with a
 * message in the log, and listed by [method@EventFlux.Context.list_plugins] with their errors. A folder
 * that is not there has no plugins.
 *
 * Returns: how many were loaded
 */
guint
ef_context_load_plugin_path (EfContext *self, const char *path)
{
  g_autoptr (GPtrArray) names = NULL;
  guint n_loaded = 0;

  g_return_val_if_fail (EF_IS_CONTEXT (self), 0);
  g_return_val_if_fail (path != NULL, 0);

  names = list_modules (path);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *filename = g_build_filename (path, g_ptr_array_index (names, i), NULL);
      g_autoptr (GError) error = NULL;

      /* Of two copies of a plugin, as in a build folder and installed, the first is meant. */
      if (load_plugin (self, filename, &error) == PLUGIN_KNOWN)
        g_debug ("%s", error != NULL ? error->message : filename);
      else if (error != NULL)
        g_message ("%s", error->message);
      else
        n_loaded++;
    }

  return n_loaded;
}

static EfContext *
make_default (void)
{
  EfContext *self = ef_context_new ();
  const char *search_path = g_getenv ("EVENTFLUX_PLUGIN_PATH");

  if (search_path != NULL)
    {
      g_auto (GStrv) paths = g_strsplit (search_path, G_SEARCHPATH_SEPARATOR_S, -1);

      for (guint i = 0; paths[i] != NULL; i++)
        if (*paths[i] != '\0')
          ef_context_load_plugin_path (self, paths[i]);
    }

  ef_context_load_plugin_path (self, EF_PLUGIN_DIR);

  return self;
}

/**
 * ef_context_get_default:
 *
 * The context that is used unless another one is given. The first call loads the plugins.
 *
 * Returns: (transfer none): the default context
 */
EfContext *
ef_context_get_default (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, (gsize) make_default ());

  return (EfContext *) once;
}
