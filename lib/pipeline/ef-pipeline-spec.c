/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-pipeline-spec.h"

#include "ef-boxed-private.h"
#include "ef-pipeline-spec-private.h"

EF_DEFINE_BOXED_TYPE (EfPipelineSpec,
                      ef_pipeline_spec,
                      ef_pipeline_spec_ref,
                      ef_pipeline_spec_unref)

static void
spec_property_clear (gpointer data)
{
  EfSpecProperty *property = data;

  g_free (property->key);
  g_free (property->value);
}

static void
spec_element_clear (gpointer data)
{
  EfSpecElement *element = data;

  g_free (element->factory);
  g_free (element->name);
  g_array_unref (element->properties);
}

static void
spec_link_clear (gpointer data)
{
  EfSpecLink *link = data;

  g_free (link->from_pad);
  g_free (link->to_pad);
}

static EfTextLocation
copy_location (const EfTextLocation *location)
{
  return location != NULL ? *location : (EfTextLocation){ 0 };
}

/**
 * ef_pipeline_spec_new:
 * @text: (nullable): the text that the spec is made from, UTF-8, or %NULL if it is made by a
 *   program
 *
 * Makes a spec that has no elements yet.
 *
 * Returns: (transfer full): the spec
 */
EfPipelineSpec *
ef_pipeline_spec_new (const char *text)
{
  EfPipelineSpec *self = g_new0 (EfPipelineSpec, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_strdup (text);
  self->elements = g_array_new (FALSE, FALSE, sizeof (EfSpecElement));
  g_array_set_clear_func (self->elements, spec_element_clear);
  self->links = g_array_new (FALSE, FALSE, sizeof (EfSpecLink));
  g_array_set_clear_func (self->links, spec_link_clear);

  return self;
}

/**
 * ef_pipeline_spec_ref:
 * @self: a spec
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
EfPipelineSpec *
ef_pipeline_spec_ref (EfPipelineSpec *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
forget_names (EfPipelineSpec *self)
{
  g_clear_pointer (&self->indices, g_hash_table_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
}

/**
 * ef_pipeline_spec_unref:
 * @self: (transfer full): a spec
 *
 * Lets go of a reference.
 */
void
ef_pipeline_spec_unref (EfPipelineSpec *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  forget_names (self);
  g_array_unref (self->elements);
  g_array_unref (self->links);
  g_free (self->text);
  g_free (self);
}

/**
 * ef_pipeline_spec_get_text:
 * @self: a spec
 *
 * Gets the text that the locations of the spec refer to.
 *
 * Returns: (nullable): the text
 */
const char *
ef_pipeline_spec_get_text (EfPipelineSpec *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * ef_pipeline_spec_add_element:
 * @self: a spec
 * @factory: the name of the kind of element, such as `websocketsource`
 * @name: (nullable): the name of the element; without one it is called after its factory
 * @location: (nullable): where the text says so
 *
 * Adds an element.
 *
 * Returns: the index of the element
 */
guint
ef_pipeline_spec_add_element (EfPipelineSpec *self,
                              const char *factory,
                              const char *name,
                              const EfTextLocation *location)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (factory != NULL && *factory != '\0', 0);
  g_return_val_if_fail (name == NULL || *name != '\0', 0);

  EfSpecElement element = {
    .factory = g_strdup (factory),
    .name = g_strdup (name),
    .location = copy_location (location),
    .properties = g_array_new (FALSE, FALSE, sizeof (EfSpecProperty)),
  };

  g_array_set_clear_func (element.properties, spec_property_clear);
  g_array_append_val (self->elements, element);
  forget_names (self);

  return self->elements->len - 1;
}

/**
 * ef_pipeline_spec_set_element_name:
 * @self: a spec
 * @element: the index of an element
 * @name: (nullable): the name, or %NULL to call the element after its factory
 *
 * Names an element.
 */
void
ef_pipeline_spec_set_element_name (EfPipelineSpec *self, guint element, const char *name)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (element < self->elements->len);
  g_return_if_fail (name == NULL || *name != '\0');

  EfSpecElement *item = ef_spec_get_element (self, element);

  g_free (item->name);
  item->name = g_strdup (name);
  forget_names (self);
}

/**
 * ef_pipeline_spec_add_property:
 * @self: a spec
 * @element: the index of an element
 * @key: the name of a property, or a configuration key
 * @value: the value as it is written
 * @key_location: (nullable): where the text says the key
 * @value_location: (nullable): where the text says the value
 *
 * Adds a property. The properties of an element are set in the order in which they were added.
 */
void
ef_pipeline_spec_add_property (EfPipelineSpec *self,
                               guint element,
                               const char *key,
                               const char *value,
                               const EfTextLocation *key_location,
                               const EfTextLocation *value_location)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (element < self->elements->len);
  g_return_if_fail (key != NULL && *key != '\0');
  g_return_if_fail (value != NULL);

  EfSpecProperty property = {
    .key = g_strdup (key),
    .value = g_strdup (value),
    .key_location = copy_location (key_location),
    .value_location = copy_location (value_location),
  };

  g_array_append_val (ef_spec_get_element (self, element)->properties, property);
}

/**
 * ef_pipeline_spec_add_link:
 * @self: a spec
 * @from: the index of the element that events leave
 * @from_pad: (nullable): the pad that they leave by, or %NULL for `src`
 * @to: the index of the element that they go to
 * @to_pad: (nullable): the pad that they enter by, or %NULL for `sink`
 * @location: (nullable): where the text says so
 *
 * Adds a link. Batches go to the links of a pad in the order in which the links were added.
 */
void
ef_pipeline_spec_add_link (EfPipelineSpec *self,
                           guint from,
                           const char *from_pad,
                           guint to,
                           const char *to_pad,
                           const EfTextLocation *location)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (from < self->elements->len);
  g_return_if_fail (to < self->elements->len);
  g_return_if_fail (from_pad == NULL || *from_pad != '\0');
  g_return_if_fail (to_pad == NULL || *to_pad != '\0');

  EfSpecLink link = {
    .from = from,
    .to = to,
    .from_pad = g_strdup (from_pad != NULL ? from_pad : "src"),
    .to_pad = g_strdup (to_pad != NULL ? to_pad : "sink"),
    .location = copy_location (location),
  };

  g_array_append_val (self->links, link);
}
