/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-config-key-private.h"
#include "ef-config.h"
#include "ef-element-factory-private.h"
#include "ef-element-class-private.h"

/**
 * EfElementFactory:
 *
 * Makes elements of one kind, and knows what is to be known of them without making one.
 *
 * A factory never changes once a context has it, and may be used from any thread.
 */

struct _EfElementFactory
{
  GObject parent_instance;

  EfElementClass *klass; /* a reference */
  char *plugin_name;
  char **required;
  char **optional;
};

G_DEFINE_FINAL_TYPE (EfElementFactory, ef_element_factory, G_TYPE_OBJECT)

static void
ef_element_factory_finalize (GObject *object)
{
  EfElementFactory *self = EF_ELEMENT_FACTORY (object);

  g_type_class_unref (self->klass);
  g_free (self->plugin_name);
  g_strfreev (self->required);
  g_strfreev (self->optional);

  G_OBJECT_CLASS (ef_element_factory_parent_class)->finalize (object);
}

static void
ef_element_factory_class_init (EfElementFactoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ef_element_factory_finalize;
}

static void
ef_element_factory_init (EfElementFactory *self)
{
}

/**
 * ef_element_factory_new:
 * @element_type: a type of elements whose class has metadata
 *
 * Makes a factory of elements of a type. A program that has elements of its own gives it to
 * [method@EventFlux.Context.add_element_factory].
 *
 * Returns: (transfer full): a new factory
 */
EfElementFactory *
ef_element_factory_new (GType element_type)
{
  EfElementFactory *self;
  EfElementClass *klass;

  g_return_val_if_fail (g_type_is_a (element_type, EF_TYPE_ELEMENT), NULL);
  g_return_val_if_fail (!G_TYPE_IS_ABSTRACT (element_type), NULL);

  klass = g_type_class_ref (element_type);
  if (klass->factory_name == NULL)
    {
      g_critical ("%s: its class has no metadata", g_type_name (element_type));
      g_type_class_unref (klass);
      return NULL;
    }

  self = g_object_new (EF_TYPE_ELEMENT_FACTORY, NULL);
  self->klass = klass;
  self->required = ef_element_class_dup_config_keys (klass, TRUE);
  self->optional = ef_element_class_dup_config_keys (klass, FALSE);

  return self;
}

void
ef_element_factory_set_plugin_name (EfElementFactory *self, const char *plugin_name)
{
  g_free (self->plugin_name);
  self->plugin_name = g_strdup (plugin_name);
}

/**
 * ef_element_factory_get_name:
 * @self: a factory
 *
 * The name by which descriptions know these elements.
 *
 * Returns: a word such as `websocketsource`
 */
const char *
ef_element_factory_get_name (EfElementFactory *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), NULL);

  return self->klass->factory_name;
}

/**
 * ef_element_factory_get_extension_name:
 * @self: a factory
 *
 * The name by which these elements are found among the sources, or among the sinks.
 *
 * Returns: (nullable): a word such as `websocket`, or %NULL if they are not found that way
 */
const char *
ef_element_factory_get_extension_name (EfElementFactory *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), NULL);

  return self->klass->extension_name;
}

/**
 * ef_element_factory_get_kind:
 * @self: a factory
 *
 * What the elements are for.
 *
 * Returns: the kind
 */
EfFactoryKind
ef_element_factory_get_kind (EfElementFactory *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), EF_FACTORY_TRANSFORM);

  if (!self->klass->has_sink)
    return EF_FACTORY_SOURCE;
  if (!self->klass->has_src)
    return EF_FACTORY_SINK;

  return EF_FACTORY_TRANSFORM;
}

/**
 * ef_element_factory_get_description:
 * @self: a factory
 *
 * What the elements do, in a sentence.
 *
 * Returns: the sentence
 */
const char *
ef_element_factory_get_description (EfElementFactory *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), NULL);

  return self->klass->description;
}

/**
 * ef_element_factory_get_example:
 * @self: a factory
 *
 * A description that shows such an element at work, for `eventflux-launch`.
 *
 * Returns: (nullable): the description, if there is one
 */
const char *
ef_element_factory_get_example (EfElementFactory *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), NULL);

  return self->klass->example;
}

/**
 * ef_element_factory_get_element_type:
 * @self: a factory
 *
 * The type of the elements.
 *
 * Returns: a type derived from [class@EventFlux.Element]
 */
GType
ef_element_factory_get_element_type (EfElementFactory *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), G_TYPE_INVALID);

  return G_TYPE_FROM_CLASS (self->klass);
}

/**
 * ef_element_factory_get_plugin_name:
 * @self: a factory
 *
 * The plugin that brought the factory.
 *
 * Returns: (nullable): the plugin's name, or %NULL if the program has added the factory itself
 */
const char *
ef_element_factory_get_plugin_name (EfElementFactory *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), NULL);

  return self->plugin_name;
}

/**
 * ef_element_factory_get_supported_formats:
 * @self: a factory
 *
 * The formats that can be mapped to and from what these elements carry.
 *
 * Returns: (transfer none) (array zero-terminated=1): words such as `json`
 */
const char *const *
ef_element_factory_get_supported_formats (EfElementFactory *self)
{
  static const char *const none[] = { NULL };

  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), NULL);

  return self->klass->formats != NULL ? self->klass->formats : none;
}

/**
 * ef_element_factory_get_required_parameters:
 * @self: a factory
 *
 * The configuration keys without which such an element can not start.
 *
 * Returns: (transfer none) (array zero-terminated=1): keys such as `websocket.url`
 */
const char *const *
ef_element_factory_get_required_parameters (EfElementFactory *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), NULL);

  return (const char *const *) self->required;
}

/**
 * ef_element_factory_get_optional_parameters:
 * @self: a factory
 *
 * The configuration keys that may be given and need not. The entries of a table are listed as in
 * `websocket.headers.*`.
 *
 * Returns: (transfer none) (array zero-terminated=1): keys such as `websocket.reconnect.delay.ms`
 */
const char *const *
ef_element_factory_get_optional_parameters (EfElementFactory *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), NULL);

  return (const char *const *) self->optional;
}

/**
 * ef_element_factory_get_sink_content:
 * @self: a factory
 *
 * What kind of events enter such an element. Without an input it means nothing.
 *
 * Returns: the kind
 */
EfPadContent
ef_element_factory_get_sink_content (EfElementFactory *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), EF_PAD_CONTENT_ANY);

  return self->klass->sink_content;
}

/**
 * ef_element_factory_get_src_content:
 * @self: a factory
 *
 * What kind of events leave such an element. Without an output it means nothing.
 *
 * Returns: the kind
 */
EfPadContent
ef_element_factory_get_src_content (EfElementFactory *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), EF_PAD_CONTENT_ANY);

  return self->klass->src_content;
}

/**
 * ef_element_factory_check_key:
 * @self: a factory
 * @key: a configuration key or the name of a property
 * @error: return location for an error
 *
 * Checks that such elements know a key, without making one.
 *
 * Returns: %TRUE if they do, %FALSE with %EF_ERROR_UNKNOWN_KEY, which names the nearest key, if not
 */
gboolean
ef_element_factory_check_key (EfElementFactory *self, const char *key, GError **error)
{
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), FALSE);

  return ef_element_class_check_key (self->klass, key, error);
}

/* Whether who gives @key, which such elements know, need not give the @required one: it is the same, or
 * will do in its place. */
gboolean
ef_element_factory_does_for (EfElementFactory *self, const char *key, const char *required)
{
  EfConfigKey given, wanted;
  GParamSpec *pspec;

  if (!ef_config_key_resolve (self->klass, "", key, &given, NULL)
      || !ef_config_key_resolve (self->klass, "", required, &wanted, NULL))
    return FALSE;

  for (pspec = wanted.pspec; pspec != NULL && pspec != given.pspec;)
    pspec = ef_config_key_get_alternative (self->klass, pspec);

  return pspec != NULL;
}

/* Whether the value of @key is another element. */
gboolean
ef_element_factory_is_element_key (EfElementFactory *self, const char *key)
{
  return ef_config_key_find_element (self->klass, key) != NULL;
}

/**
 * ef_element_factory_dup_config_key:
 * @self: a factory
 * @property_name: the name of a property of such elements
 *
 * The configuration key that stands for a property.
 *
 * Returns: (transfer full) (nullable): a key such as `websocket.reconnect.delay.ms`, or %NULL if there is
 *   no such property
 */
char *
ef_element_factory_dup_config_key (EfElementFactory *self, const char *property_name)
{
  GParamSpec *pspec;

  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), NULL);
  g_return_val_if_fail (property_name != NULL, NULL);

  pspec = g_object_class_find_property (G_OBJECT_CLASS (self->klass), property_name);

  return pspec != NULL ? ef_element_class_dup_key (self->klass, pspec) : NULL;
}

/**
 * ef_element_factory_create:
 * @self: a factory
 * @name: (nullable): a name for the element, or %NULL for one made of its kind and a number
 *
 * Makes an element.
 *
 * Returns: (transfer full): a new element
 */
EfElement *
ef_element_factory_create (EfElementFactory *self, const char *name)
{
  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), NULL);

  return g_object_new (G_TYPE_FROM_CLASS (self->klass), "name", name, NULL);
}

/**
 * ef_element_factory_create_initialized:
 * @self: a factory
 * @config: (element-type utf8 utf8): configuration keys and their values
 * @error: return location for an error
 *
 * Makes an element and configures it: see [method@EventFlux.Element.configure]. That nothing required
 * is missing is checked too.
 *
 * Returns: (transfer full): a new element, or %NULL with an error of the domain %EF_ERROR
 */
EfElement *
ef_element_factory_create_initialized (EfElementFactory *self, GHashTable *config, GError **error)
{
  g_autoptr (EfElement) element = NULL;

  g_return_val_if_fail (EF_IS_ELEMENT_FACTORY (self), NULL);
  g_return_val_if_fail (config != NULL, NULL);

  element = ef_element_factory_create (self, NULL);
  if (!ef_element_configure (element, config, error) || !ef_element_check_required (element, error))
    return NULL;

  return g_steal_pointer (&element);
}
