/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-context-private.h"
#include "ef-error.h"
#include "ef-suggest-private.h"

#include <string.h>

/**
 * EfContext:
 *
 * Knows the kinds of elements there are, and the plugins that bring them.
 *
 * Programs use the default context, which has the plugins of the folders named in the environment
 * variable `EVENTFLUX_PLUGIN_PATH` and of the folder that the library is installed with. What was there
 * first stays: a plugin of the same name that comes later is passed over, and one that brings an element
 * of a name that is taken is not loaded.
 *
 * A context may be used from any thread.
 */

G_DEFINE_FINAL_TYPE (EfContext, ef_context, G_TYPE_OBJECT)

static void
ef_context_finalize (GObject *object)
{
  EfContext *self = EF_CONTEXT (object);

  g_hash_table_unref (self->elements);
  g_hash_table_unref (self->sources);
  g_hash_table_unref (self->sinks);
  g_ptr_array_unref (self->plugins);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (ef_context_parent_class)->finalize (object);
}

static void
ef_context_class_init (EfContextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ef_context_finalize;
}

static void
ef_context_init (EfContext *self)
{
  g_mutex_init (&self->lock);
  self->elements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->sinks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->plugins = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * ef_context_new:
 *
 * Makes a context that knows nothing yet.
 *
 * Returns: (transfer full): a new context
 */
EfContext *
ef_context_new (void)
{
  return g_object_new (EF_TYPE_CONTEXT, NULL);
}

/* Who brings a factory, for an error. */
static char *
describe_origin (EfElementFactory *factory)
{
  const char *plugin = ef_element_factory_get_plugin_name (factory);

  return plugin != NULL ? g_strdup_printf ("the plugin “%s”", plugin)
                        : g_strdup ("the program itself");
}

static gboolean
check_free_locked (GHashTable *table,
                   const char *what,
                   const char *name,
                   GError **error)
{
  EfElementFactory *other = g_hash_table_lookup (table, name);
  g_autofree char *origin = NULL;

  if (other == NULL)
    return TRUE;

  origin = describe_origin (other);
  g_set_error (error, EF_ERROR, EF_ERROR_PLUGIN, "the %s “%s” is there already, from %s", what, name,
               origin);

  return FALSE;
}

/* The table of a factory's protocol, if it is found by that. */
static GHashTable *
find_table (EfContext *self, EfElementFactory *factory, const char **what)
{
  if (ef_element_factory_get_extension_name (factory) == NULL)
    return NULL;

  switch (ef_element_factory_get_kind (factory))
    {
    case EF_FACTORY_SOURCE:
      *what = "source";
      return self->sources;
    case EF_FACTORY_SINK:
      *what = "sink";
      return self->sinks;
    case EF_FACTORY_TRANSFORM:
    default:
      return NULL;
    }
}

/* That the names of a factory are free. */
gboolean
ef_context_check_factory_locked (EfContext *self,
                                 EfElementFactory *factory,
                                 GError **error)
{
  const char *what = NULL;
  GHashTable *table = find_table (self, factory, &what);

  if (!check_free_locked (self->elements, "element", ef_element_factory_get_name (factory), error))
    return FALSE;

  return table == NULL
         || check_free_locked (table, what, ef_element_factory_get_extension_name (factory), error);
}

void
ef_context_add_factory_locked (EfContext *self, EfElementFactory *factory)
{
  const char *what = NULL;
  GHashTable *table = find_table (self, factory, &what);

  g_hash_table_insert (self->elements, g_strdup (ef_element_factory_get_name (factory)),
                       g_object_ref (factory));
  if (table != NULL)
    g_hash_table_insert (table, g_strdup (ef_element_factory_get_extension_name (factory)),
                         g_object_ref (factory));
}

/**
 * ef_context_add_element_factory:
 * @self: a context
 * @factory: a factory
 * @error: return location for an error
 *
 * Has the context know a kind of elements: by the name of the element, and if it has one by the name of
 * its protocol among the sources or the sinks.
 *
 * Returns: %TRUE if it was added, %FALSE with %EF_ERROR_PLUGIN if a name is taken
 */
gboolean
ef_context_add_element_factory (EfContext *self, EfElementFactory *factory, GError **error)
{
  gboolean added;

  g_return_val_if_fail (EF_IS_CONTEXT (self), FALSE);
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (factory), FALSE);

  g_mutex_lock (&self->lock);
  added = ef_context_check_factory_locked (self, factory, error);
  if (added)
    ef_context_add_factory_locked (self, factory);
  g_mutex_unlock (&self->lock);

  return added;
}

static gboolean
add_protocol (EfContext *self,
              GHashTable *table,
              const char *what,
              const char *name,
              EfElementFactory *factory,
              GError **error)
{
  gboolean added;

  g_mutex_lock (&self->lock);
  added = check_free_locked (table, what, name, error);
  if (added)
    g_hash_table_insert (table, g_strdup (name), g_object_ref (factory));
  g_mutex_unlock (&self->lock);

  return added;
}

/**
 * ef_context_add_source_factory:
 * @self: a context
 * @name: the name of a protocol, such as `websocket`
 * @factory: a factory of sources
 * @error: return location for an error
 *
 * Has the context know a kind of sources by the name of its protocol.
 *
 * Returns: %TRUE if it was added, %FALSE with %EF_ERROR_PLUGIN if the name is taken
 */
gboolean
ef_context_add_source_factory (EfContext *self,
                               const char *name,
                               EfElementFactory *factory,
                               GError **error)
{
  g_return_val_if_fail (EF_IS_CONTEXT (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (factory), FALSE);
  g_return_val_if_fail (ef_element_factory_get_kind (factory) == EF_FACTORY_SOURCE, FALSE);

  return add_protocol (self, self->sources, "source", name, factory, error);
}

/**
 * ef_context_add_sink_factory:
 * @self: a context
 * @name: the name of a protocol, such as `websocket`
 * @factory: a factory of sinks
 * @error: return location for an error
 *
 * Has the context know a kind of sinks by the name of its protocol.
 *
 * Returns: %TRUE if it was added, %FALSE with %EF_ERROR_PLUGIN if the name is taken
 */
gboolean
ef_context_add_sink_factory (EfContext *self,
                             const char *name,
                             EfElementFactory *factory,
                             GError **error)
{
  g_return_val_if_fail (EF_IS_CONTEXT (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (factory), FALSE);
  g_return_val_if_fail (ef_element_factory_get_kind (factory) == EF_FACTORY_SINK, FALSE);

  return add_protocol (self, self->sinks, "sink", name, factory, error);
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* What may be the reason that an element is not there. */
static const char *
get_reason_locked (EfContext *self)
{
  for (guint i = 0; i < self->plugins->len; i++)
    if (ef_plugin_get_error (g_ptr_array_index (self->plugins, i)) != NULL)
      return "; a plugin could not be loaded, see eventflux-inspect";

  return self->plugins->len > 0 ? "" : "; no plugins were found, see EVENTFLUX_PLUGIN_PATH";
}

static void
set_unknown_error_locked (EfContext *self,
                          GHashTable *table,
                          const char *what,
                          const char *name,
                          GError **error)
{
  g_autofree const char **names = NULL;
  g_autofree char *hint = NULL;
  guint n_names;

  names = (const char **) g_hash_table_get_keys_as_array (table, &n_names);
  qsort (names, n_names, sizeof *names, compare_words);
  hint = ef_suggest_hint (name, names);

  g_set_error (error, EF_ERROR, EF_ERROR_UNKNOWN_ELEMENT, "no %s is called “%s”%s", what, name,
               *hint != '\0' ? hint : get_reason_locked (self));
}

static EfElementFactory *
find_locked (EfContext *self, GHashTable *table, const char *name, EfFactoryKind kind)
{
  EfElementFactory *factory = g_hash_table_lookup (table, name);

  if (factory != NULL)
    return factory;

  /* The name of the element itself does as well. */
  factory = g_hash_table_lookup (self->elements, name);

  return factory != NULL && ef_element_factory_get_kind (factory) == kind ? factory : NULL;
}

static EfElementFactory *
find_protocol (EfContext *self,
               GHashTable *table,
               const char *what,
               const char *name,
               EfFactoryKind kind,
               GError **error)
{
  EfElementFactory *factory;

  g_mutex_lock (&self->lock);
  factory = find_locked (self, table, name, kind);
  if (factory == NULL)
    set_unknown_error_locked (self, table, what, name, error);
  g_mutex_unlock (&self->lock);

  return factory;
}

/**
 * ef_context_find_source_factory:
 * @self: a context
 * @name: the name of a protocol, such as `websocket`, or of an element
 * @error: return location for an error
 *
 * Finds a kind of sources.
 *
 * Returns: (transfer none): the factory, or %NULL with %EF_ERROR_UNKNOWN_ELEMENT, which names the nearest
 *   one
 */
EfElementFactory *
ef_context_find_source_factory (EfContext *self, const char *name, GError **error)
{
  g_return_val_if_fail (EF_IS_CONTEXT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return find_protocol (self, self->sources, "source", name, EF_FACTORY_SOURCE, error);
}

/**
 * ef_context_find_sink_factory:
 * @self: a context
 * @name: the name of a protocol, such as `websocket`, or of an element
 * @error: return location for an error
 *
 * Finds a kind of sinks.
 *
 * Returns: (transfer none): the factory, or %NULL with %EF_ERROR_UNKNOWN_ELEMENT, which names the nearest
 *   one
 */
EfElementFactory *
ef_context_find_sink_factory (EfContext *self, const char *name, GError **error)
{
  g_return_val_if_fail (EF_IS_CONTEXT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return find_protocol (self, self->sinks, "sink", name, EF_FACTORY_SINK, error);
}

/**
 * ef_context_find_factory:
 * @self: a context
 * @name: the name of an element, such as `websocketsource`
 * @error: return location for an error
 *
 * Finds a kind of elements.
 *
 * Returns: (transfer none): the factory, or %NULL with %EF_ERROR_UNKNOWN_ELEMENT, which names the nearest
 *   one
 */
EfElementFactory *
ef_context_find_factory (EfContext *self, const char *name, GError **error)
{
  EfElementFactory *factory;

  g_return_val_if_fail (EF_IS_CONTEXT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  g_mutex_lock (&self->lock);
  factory = g_hash_table_lookup (self->elements, name);
  if (factory == NULL)
    set_unknown_error_locked (self, self->elements, "element", name, error);
  g_mutex_unlock (&self->lock);

  return factory;
}

static int
compare_factories (gconstpointer a, gconstpointer b)
{
  return strcmp (ef_element_factory_get_name (*(EfElementFactory *const *) a),
                 ef_element_factory_get_name (*(EfElementFactory *const *) b));
}

/**
 * ef_context_list_factories:
 * @self: a context
 *
 * Lists the kinds of elements, by name.
 *
 * Returns: (transfer container) (element-type EfElementFactory): the factories
 */
GPtrArray *
ef_context_list_factories (EfContext *self)
{
  GPtrArray *factories;
  GHashTableIter iter;
  gpointer factory;

  g_return_val_if_fail (EF_IS_CONTEXT (self), NULL);

  factories = g_ptr_array_new_with_free_func (g_object_unref);
  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->elements);
  while (g_hash_table_iter_next (&iter, NULL, &factory))
    g_ptr_array_add (factories, g_object_ref (factory));
  g_mutex_unlock (&self->lock);
  g_ptr_array_sort (factories, compare_factories);

  return factories;
}

/**
 * ef_context_list_plugins:
 * @self: a context
 *
 * Lists the plugins in the order in which they were loaded, those that failed among them.
 *
 * Returns: (transfer container) (element-type EfPlugin): the plugins
 */
GPtrArray *
ef_context_list_plugins (EfContext *self)
{
  GPtrArray *plugins;

  g_return_val_if_fail (EF_IS_CONTEXT (self), NULL);

  plugins = g_ptr_array_new_with_free_func (g_object_unref);
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->plugins->len; i++)
    g_ptr_array_add (plugins, g_object_ref (g_ptr_array_index (self->plugins, i)));
  g_mutex_unlock (&self->lock);

  return plugins;
}

/**
 * ef_context_create_element:
 * @self: a context
 * @factory_name: the name of an element, such as `websocketsource`
 * @name: (nullable): a name for the new one, or %NULL for one made of its kind and a number
 * @error: return location for an error
 *
 * Makes an element.
 *
 * Returns: (transfer full): a new element, or %NULL with %EF_ERROR_UNKNOWN_ELEMENT
 */
EfElement *
ef_context_create_element (EfContext *self,
                           const char *factory_name,
                           const char *name,
                           GError **error)
{
  EfElementFactory *factory = ef_context_find_factory (self, factory_name, error);

  return factory != NULL ? ef_element_factory_create (factory, name) : NULL;
}
