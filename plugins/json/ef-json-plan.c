/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-json-plan.h"

#include <string.h>


/* A hash of the length and both ends of a key, which is enough to tell the keys of an object apart. */
static inline guint
hash_key (const char *key, gsize length)
{
  guint32 first = 0, last = 0;

  if (length >= 4)
    {
      memcpy (&first, key, 4);
      memcpy (&last, key + length - 4, 4);
    }
  else if (length > 0)
    {
      first = (guint32) (guchar) key[0] | (guint32) (guchar) key[length - 1] << 8
              | (guint32) (guchar) key[length / 2] << 16;
    }

  return (guint) (((first ^ (guint64) last << 17 ^ length) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15))
                  >> 40);
}

EfJsonNode *
ef_json_node_find_key (const EfJsonNode *self, const char *key, gsize length)
{
  for (guint i = hash_key (key, length);; i++)
    {
      EfJsonNode *child = self->keys[i & self->keys_mask];

      if (child == NULL
          || (child->key_length == length && memcmp (child->key, key, length) == 0))
        return child;
    }
}

static EfJsonNode *
find_index (const EfJsonNode *self, guint index)
{
  for (guint i = 0; i < self->n_indexes; i++)
    if (self->indexes[i]->index == index)
      return self->indexes[i];

  return NULL;
}

static void
node_free (EfJsonNode *self)
{
  for (guint i = 0; self->keys != NULL && i <= self->keys_mask; i++)
    g_clear_pointer (&self->keys[i], node_free);
  for (guint i = 0; i < self->n_indexes; i++)
    node_free (self->indexes[i]);

  g_free (self->key);
  g_free (self->columns);
  g_free (self->keys);
  g_free (self->indexes);
  g_free (self->trail);
  g_free (self);
}

static void
insert_key (EfJsonNode *self, EfJsonNode *child)
{
  guint i = hash_key (child->key, child->key_length);

  while (self->keys[i & self->keys_mask] != NULL)
    i++;
  self->keys[i & self->keys_mask] = child;
}

/* At most half of the table is in use, so that a search for an unknown key ends soon. */
static void
add_key (EfJsonNode *self, EfJsonNode *child)
{
  EfJsonNode **old = self->keys;
  guint old_size = old != NULL ? self->keys_mask + 1 : 0;

  if (++self->n_keys * 2 > old_size)
    {
      self->keys_mask = MAX (4, old_size * 2) - 1;
      self->keys = g_new0 (EfJsonNode *, self->keys_mask + 1);
      for (guint i = 0; i < old_size; i++)
        if (old[i] != NULL)
          insert_key (self, old[i]);
      g_free (old);
    }

  if (self->trail == NULL)
    self->trail = g_new0 (EfJsonTrail, EF_JSON_TRAIL_LENGTH);

  insert_key (self, child);
}

static void
add_index (EfJsonNode *self, EfJsonNode *child)
{
  guint i = self->n_indexes++;

  self->indexes = g_renew (EfJsonNode *, self->indexes, self->n_indexes);
  for (; i > 0 && self->indexes[i - 1]->index > child->index; i--)
    self->indexes[i] = self->indexes[i - 1];
  self->indexes[i] = child;
}

/* The node that a path leads to, made as needed. */
static EfJsonNode *
follow (EfJsonNode *node, const EfJsonPath *path)
{
  for (guint i = 0; i < path->steps->len; i++)
    {
      const EfJsonStep *step = &g_array_index (path->steps, EfJsonStep, i);
      EfJsonNode *child = NULL;

      if (step->key == NULL)
        child = find_index (node, step->index);
      else if (node->keys != NULL)
        child = ef_json_node_find_key (node, step->key, strlen (step->key));

      if (child == NULL)
        {
          child = g_new0 (EfJsonNode, 1);
          child->key = g_strdup (step->key);
          child->key_length = step->key != NULL ? strlen (step->key) : 0;
          child->index = step->index;
          if (step->key != NULL)
            add_key (node, child);
          else
            add_index (node, child);
        }

      node = child;
    }

  return node;
}

static gboolean
add_column (EfJsonPlan *self, guint column, GHashTable *mapping, GError **error)
{
  const char *name = ef_schema_get_column_name (self->schema, column);
  const char *text = mapping != NULL ? g_hash_table_lookup (mapping, name) : NULL;
  g_autoptr (EfJsonPath) path = NULL;
  EfJsonNode *node;

  if (text != NULL)
    path = ef_json_path_parse (text, error);
  else
    path = ef_json_path_new_item_key (name);

  if (path == NULL)
    {
      g_prefix_error (error, "mapping of column “%s”: ", name);
      return FALSE;
    }

  node = follow (path->from_item ? self->item : self->message, path);
  node->columns = g_renew (guint, node->columns, node->n_columns + 1);
  node->columns[node->n_columns++] = column;
  self->nodes[column] = node;
  self->types[column] = ef_schema_get_column_type (self->schema, column);

  if (!path->from_item && self->item != self->message)
    self->envelope[self->n_envelope++] = column;

  return TRUE;
}

static gboolean
check_mapping (EfSchema *schema, GHashTable *mapping, GError **error)
{
  GHashTableIter iter;
  gpointer column;

  g_hash_table_iter_init (&iter, mapping);
  while (g_hash_table_iter_next (&iter, &column, NULL))
    if (ef_schema_find_column (schema, column) < 0)
      {
        g_autofree char *columns = ef_schema_to_string (schema);

        g_set_error (error, EF_ERROR, EF_ERROR_UNKNOWN_KEY,
                     "mapping of column “%s”: the schema has no such column, but %s",
                     (const char *) column, columns);
        return FALSE;
      }

  return TRUE;
}

static gboolean
plan_explode (EfJsonPlan *self, const char *explode, GError **error)
{
  g_autoptr (EfJsonPath) path = ef_json_path_parse (explode, error);

  if (path == NULL)
    {
      g_prefix_error (error, "property “explode”: ");
      return FALSE;
    }

  if (path->from_item)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                   "property “explode”: “%s” begins with an item, but it tells where the items are: "
                   "begin it with “$”, the message",
                   explode);
      return FALSE;
    }

  follow (self->message, path)->exploded = TRUE;
  self->item = g_new0 (EfJsonNode, 1);

  return TRUE;
}

/* Plans how to read the columns of @schema. @mapping has the paths of those that are not members of
 * the message itself, @explode the path to an array whose items are an event each. */
EfJsonPlan *
ef_json_plan_new (EfSchema *schema, GHashTable *mapping, const char *explode, GError **error)
{
  g_autoptr (EfJsonPlan) self = g_new0 (EfJsonPlan, 1);

  self->schema = ef_schema_ref (schema);
  self->n_columns = ef_schema_get_n_columns (schema);
  self->types = g_new0 (EfColumnType, self->n_columns);
  self->nodes = g_new0 (EfJsonNode *, self->n_columns);
  self->envelope = g_new0 (guint, self->n_columns);
  self->message = self->item = g_new0 (EfJsonNode, 1);

  if (mapping != NULL && !check_mapping (schema, mapping, error))
    return NULL;

  if (explode != NULL && !plan_explode (self, explode, error))
    return NULL;

  for (guint i = 0; i < self->n_columns; i++)
    if (!add_column (self, i, mapping, error))
      return NULL;

  for (guint i = 0; i < self->n_columns; i++)
    {
      EfJsonNode *node = self->nodes[i];

      node->leaf = node->n_columns == 1 && node->n_keys == 0 && node->n_indexes == 0
                   && !node->exploded;
    }

  self->takes_lists = !self->message->exploded && self->message->n_indexes == 0
                      && self->message->n_columns == 0;

  return g_steal_pointer (&self);
}

void
ef_json_plan_free (EfJsonPlan *self)
{
  if (self->item != self->message)
    node_free (self->item);
  node_free (self->message);

  ef_schema_unref (self->schema);
  g_free (self->types);
  g_free (self->nodes);
  g_free (self->envelope);
  g_free (self);
}
