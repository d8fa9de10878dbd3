/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-pipeline-spec-private.h"

/* What a spec tells. */

/**
 * ef_pipeline_spec_get_n_elements:
 * @self: a spec
 *
 * Counts the elements.
 *
 * Returns: how many elements the spec has
 */
guint
ef_pipeline_spec_get_n_elements (EfPipelineSpec *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->elements->len;
}

/**
 * ef_pipeline_spec_get_element_factory:
 * @self: a spec
 * @element: the index of an element
 *
 * Gets the kind of an element.
 *
 * Returns: the name of the factory
 */
const char *
ef_pipeline_spec_get_element_factory (EfPipelineSpec *self, guint element)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (element < self->elements->len, NULL);

  return ef_spec_get_element (self, element)->factory;
}

/* An element without a name is called after its factory, with the lowest number that is free. */
static char *
make_name (const char *factory, GHashTable *taken, GHashTable *counters)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (counters, factory));
  g_autofree char *name = g_strdup_printf ("%s%u", factory, number++);

  while (g_hash_table_contains (taken, name))
    {
      g_free (name);
      name = g_strdup_printf ("%s%u", factory, number++);
    }
  g_hash_table_insert (counters, (gpointer) factory, GUINT_TO_POINTER (number));

  return g_steal_pointer (&name);
}

static void
ensure_names (EfPipelineSpec *self)
{
  if (self->names != NULL)
    return;

  g_autoptr (GHashTable) counters = g_hash_table_new (g_str_hash, g_str_equal);

  self->names = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_set_size (self->names, (int) self->elements->len);
  self->indices = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->elements->len; i++)
    {
      char *name = g_strdup (ef_spec_get_element (self, i)->name);

      self->names->pdata[i] = name;
      if (name != NULL && !g_hash_table_contains (self->indices, name))
        g_hash_table_insert (self->indices, name, GUINT_TO_POINTER (i));
    }

  for (guint i = 0; i < self->elements->len; i++)
    if (self->names->pdata[i] == NULL)
      {
        char *name = make_name (ef_spec_get_element (self, i)->factory, self->indices, counters);

        self->names->pdata[i] = name;
        g_hash_table_insert (self->indices, name, GUINT_TO_POINTER (i));
      }
}

/**
 * ef_pipeline_spec_get_element_name:
 * @self: a spec
 * @element: the index of an element
 *
 * Gets the name that an element will have: the one that was given to it, or else the name of its
 * factory with the lowest number, from 0, that makes a name that no other element has.
 *
 * Returns: the name, good until the spec is added to
 */
const char *
ef_pipeline_spec_get_element_name (EfPipelineSpec *self, guint element)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (element < self->elements->len, NULL);

  ensure_names (self);

  return g_ptr_array_index (self->names, element);
}

/**
 * ef_pipeline_spec_has_element_name:
 * @self: a spec
 * @element: the index of an element
 *
 * Says whether an element was given its name.
 *
 * Returns: %FALSE if the element is called after its factory
 */
gboolean
ef_pipeline_spec_has_element_name (EfPipelineSpec *self, guint element)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (element < self->elements->len, FALSE);

  return ef_spec_get_element (self, element)->name != NULL;
}

/**
 * ef_pipeline_spec_find_element:
 * @self: a spec
 * @name: a name
 * @element: (out) (optional): where the index of the element goes
 *
 * Finds the element that will have a name.
 *
 * Returns: whether there is one
 */
gboolean
ef_pipeline_spec_find_element (EfPipelineSpec *self, const char *name, guint *element)
{
  gpointer index;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  ensure_names (self);

  if (!g_hash_table_lookup_extended (self->indices, name, NULL, &index))
    return FALSE;

  if (element != NULL)
    *element = GPOINTER_TO_UINT (index);

  return TRUE;
}

/**
 * ef_pipeline_spec_get_element_location: (skip)
 * @self: a spec
 * @element: the index of an element
 *
 * Gets the place where the text names the element.
 *
 * Returns: the place; its line is 0 if it is not known
 */
const EfTextLocation *
ef_pipeline_spec_get_element_location (EfPipelineSpec *self, guint element)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (element < self->elements->len, NULL);

  return &ef_spec_get_element (self, element)->location;
}

/**
 * ef_pipeline_spec_get_n_properties:
 * @self: a spec
 * @element: the index of an element
 *
 * Counts the properties of an element.
 *
 * Returns: how many properties are to be set
 */
guint
ef_pipeline_spec_get_n_properties (EfPipelineSpec *self, guint element)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (element < self->elements->len, 0);

  return ef_spec_get_element (self, element)->properties->len;
}

/**
 * ef_pipeline_spec_get_property:
 * @self: a spec
 * @element: the index of an element
 * @property: the index of a property of the element
 * @value: (out) (transfer none) (optional): where the value goes
 *
 * Gets a property.
 *
 * Returns: the key
 */
const char *
ef_pipeline_spec_get_property (EfPipelineSpec *self,
                               guint element,
                               guint property,
                               const char **value)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (element < self->elements->len, NULL);
  g_return_val_if_fail (property < ef_spec_get_element (self, element)->properties->len, NULL);

  EfSpecProperty *item = ef_spec_get_property (self, element, property);

  if (value != NULL)
    *value = item->value;

  return item->key;
}

/**
 * ef_pipeline_spec_get_property_location: (skip)
 * @self: a spec
 * @element: the index of an element
 * @property: the index of a property of the element
 * @value: (out) (optional): where the place of the value goes
 *
 * Gets the places where the text says the key and the value of a property.
 *
 * Returns: the place of the key; the line of a place that is not known is 0
 */
const EfTextLocation *
ef_pipeline_spec_get_property_location (EfPipelineSpec *self,
                                        guint element,
                                        guint property,
                                        const EfTextLocation **value)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (element < self->elements->len, NULL);
  g_return_val_if_fail (property < ef_spec_get_element (self, element)->properties->len, NULL);

  EfSpecProperty *item = ef_spec_get_property (self, element, property);

  if (value != NULL)
    *value = &item->value_location;

  return &item->key_location;
}

/**
 * ef_pipeline_spec_get_n_links:
 * @self: a spec
 *
 * Counts the links.
 *
 * Returns: how many links the spec has
 */
guint
ef_pipeline_spec_get_n_links (EfPipelineSpec *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->links->len;
}

/**
 * ef_pipeline_spec_get_link:
 * @self: a spec
 * @link: the index of a link
 * @from: (out): where the index of the element that events leave goes
 * @from_pad: (out) (transfer none): where the name of the pad that they leave by goes
 * @to: (out): where the index of the element that they go to goes
 * @to_pad: (out) (transfer none): where the name of the pad that they enter by goes
 *
 * Gets a link.
 */
void
ef_pipeline_spec_get_link (EfPipelineSpec *self,
                           guint link,
                           guint *from,
                           const char **from_pad,
                           guint *to,
                           const char **to_pad)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (link < self->links->len);
  g_return_if_fail (from != NULL && from_pad != NULL);
  g_return_if_fail (to != NULL && to_pad != NULL);

  EfSpecLink *item = ef_spec_get_link (self, link);

  *from = item->from;
  *from_pad = item->from_pad;
  *to = item->to;
  *to_pad = item->to_pad;
}

/**
 * ef_pipeline_spec_get_link_location: (skip)
 * @self: a spec
 * @link: the index of a link
 *
 * Gets the place where the text links the two.
 *
 * Returns: the place; its line is 0 if it is not known
 */
const EfTextLocation *
ef_pipeline_spec_get_link_location (EfPipelineSpec *self, guint link)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (link < self->links->len, NULL);

  return &ef_spec_get_link (self, link)->location;
}

static gboolean
properties_equal (GArray *a, GArray *b)
{
  if (a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    {
      EfSpecProperty *one = &g_array_index (a, EfSpecProperty, i);
      EfSpecProperty *two = &g_array_index (b, EfSpecProperty, i);

      if (!g_str_equal (one->key, two->key) || !g_str_equal (one->value, two->value))
        return FALSE;
    }

  return TRUE;
}

static gboolean
links_equal (EfSpecLink *a, EfSpecLink *b)
{
  return a->from == b->from && a->to == b->to && g_str_equal (a->from_pad, b->from_pad) &&
         g_str_equal (a->to_pad, b->to_pad);
}

/**
 * ef_pipeline_spec_equal:
 * @self: a spec
 * @other: another one
 *
 * Compares two specs: elements, names, properties and links with their order. The text that they
 * were made from does not count.
 *
 * Returns: whether both say the same
 */
gboolean
ef_pipeline_spec_equal (EfPipelineSpec *self, EfPipelineSpec *other)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  if (self->elements->len != other->elements->len || self->links->len != other->links->len)
    return FALSE;

  for (guint i = 0; i < self->elements->len; i++)
    {
      EfSpecElement *a = ef_spec_get_element (self, i), *b = ef_spec_get_element (other, i);

      if (!g_str_equal (a->factory, b->factory) || g_strcmp0 (a->name, b->name) != 0 ||
          !properties_equal (a->properties, b->properties))
        return FALSE;
    }

  for (guint i = 0; i < self->links->len; i++)
    if (!links_equal (ef_spec_get_link (self, i), ef_spec_get_link (other, i)))
      return FALSE;

  return TRUE;
}
