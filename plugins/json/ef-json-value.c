/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The way through a message to the values that columns are read from. */

#include "ef-json-reader-private.h"

#include "ef-json-string.h"

/* From the first byte of a value that nobody asked for to behind it. */
const char *
ef_json_reader_skip (EfJsonReader *self, const char *p)
{
  gboolean escaped = FALSE;

  if (G_UNLIKELY (p == self->scan.end))
    return ef_json_scan_fail (&self->scan, p, "the end where a value belongs");

  if (*p == '"')
    {
      p = ef_json_scan_string (&self->scan, p + 1, &escaped);
      return p != NULL ? p + 1 : NULL;
    }
  if (ef_json_is_digit (*p) || *p == '-')
    return ef_json_scan_number (&self->scan, p);
  if (*p == '{' || *p == '[')
    return ef_json_scan_value (&self->scan, p, self->depth);

  return ef_json_scan_word (&self->scan, p);
}

/* Of two members of the same key the last one counts, with all that is in it. */
static void
forget (EfJsonReader *self, EfJsonNode *node)
{
  node->seen = 0;
  for (guint i = 0; i < node->n_columns; i++)
    self->values[node->columns[i]].type = EF_COLUMN_NULL;
  if (node->exploded)
    self->items = NULL;

  for (guint i = 0; node->n_keys > 0 && i <= node->keys_mask; i++)
    if (node->keys[i] != NULL && node->keys[i]->seen == self->record)
      forget (self, node->keys[i]);
  for (guint i = 0; i < node->n_indexes; i++)
    if (node->indexes[i]->seen == self->record)
      forget (self, node->indexes[i]);
}

static const char *read_object (EfJsonReader *self, EfJsonNode *node, const char *p);
static const char *read_array (EfJsonReader *self, EfJsonNode *node, const char *p);

/* A value with columns below it, and perhaps on it too. */
static const char *
read_branch (EfJsonReader *self, EfJsonNode *node, const char *p)
{
  const char *end;

  if (node->exploded)
    self->items = *p != 'n' ? p : NULL;

  if (*p == '{' && node->n_keys > 0)
    end = read_object (self, node, p);
  else if (*p == '[' && node->n_indexes > 0)
    end = read_array (self, node, p);
  else
    end = ef_json_reader_skip (self, p);

  for (guint i = 0; end != NULL && i < node->n_columns; i++)
    end = ef_json_reader_read_column (self, node->columns[i], p);

  return end;
}

static inline const char *
read_value (EfJsonReader *self, EfJsonNode *node, const char *p)
{
  if (node == NULL)
    return ef_json_reader_skip (self, p);

  if (G_UNLIKELY (p == self->scan.end))
    return ef_json_scan_fail (&self->scan, p, "the end where a value belongs");

  if (G_UNLIKELY (node->seen == self->record))
    forget (self, node);
  node->seen = self->record;

  if (G_LIKELY (node->leaf))
    return ef_json_reader_read_column (self, node->columns[0], p);

  return read_branch (self, node, p);
}

static void
remember (EfJsonTrail *trail, const char *key, gsize length, EfJsonNode *node)
{
  char bytes[EF_JSON_TRAIL_KEY] = { 0 }, mask[EF_JSON_TRAIL_KEY] = { 0 };

  memcpy (bytes, key, length);
  memset (mask, 0xff, length);
  for (int i = 0; i < 2; i++)
    {
      memcpy (&trail->words[i], bytes + 8 * i, 8);
      memcpy (&trail->masks[i], mask + 8 * i, 8);
      trail->words[i] = GUINT64_FROM_LE (trail->words[i]);
      trail->masks[i] = GUINT64_FROM_LE (trail->masks[i]);
    }
  trail->length = length;
  trail->node = node;
}

/* Finds out what a key stands for. */
static const char *
search_key (EfJsonReader *self,
            EfJsonNode *object,
            EfJsonTrail *trail,
            const char *p,
            EfJsonNode **node)
{
  gboolean escaped = FALSE;
  const char *key = p + 1;
  const char *end, *colon;

  if (p == self->scan.end || *p != '"')
    return ef_json_scan_fail (&self->scan, p, "something else where a key or “}” belongs");

  end = ef_json_scan_string (&self->scan, key, &escaped);
  if (end == NULL)
    return NULL;

  if (!escaped)
    {
      *node = ef_json_node_find_key (object, key, (gsize) (end - key));
    }
  else
    {
      g_string_set_size (self->unescaped, (gsize) (end - key));
      *node = ef_json_node_find_key (
        object, self->unescaped->str,
        ef_json_string_unescape (self->unescaped->str, key, (gsize) (end - key)));
    }

  colon = ef_json_scan_space (&self->scan, end + 1);
  if (colon == self->scan.end || *colon != ':')
    return ef_json_scan_fail (&self->scan, colon, "a key without its colon");

  if (trail != NULL && colon + 1 - p <= EF_JSON_TRAIL_KEY)
    remember (trail, p, (gsize) (colon + 1 - p), *node);

  return ef_json_scan_space (&self->scan, colon + 1);
}

/* Whether a key and its colon are those that stood here the last time. Behind a short key the second
 * word is masked out, so it is not even loaded. */
static inline gboolean
follows_trail (const EfJsonScan *scan, const EfJsonTrail *trail, const char *p)
{
  if (((ef_json_load8 (scan, p) ^ trail->words[0]) & trail->masks[0]) != 0)
    return FALSE;

  return trail->length <= 8
         || (scan->end - p > 8
             && ((ef_json_load8 (scan, p + 8) ^ trail->words[1]) & trail->masks[1]) == 0);
}

/* From the opening quote of a key to its value. */
static inline const char *
read_key (EfJsonReader *self,
          EfJsonNode *object,
          guint position,
          const char *p,
          EfJsonNode **node)
{
  EfJsonTrail *trail = position < EF_JSON_TRAIL_LENGTH ? &object->trail[position] : NULL;

  if (G_LIKELY (trail != NULL && trail->length > 0 && follows_trail (&self->scan, trail, p)))
    {
      *node = trail->node;
      return ef_json_scan_space (&self->scan, p + trail->length);
    }

  return search_key (self, object, trail, p, node);
}

static const char *
read_object (EfJsonReader *self, EfJsonNode *object, const char *p)
{
  EfJsonScan *scan = &self->scan;

  p = ef_json_scan_space (scan, p + 1);
  if (p < scan->end && *p == '}')
    return p + 1;

  self->depth++;
  for (guint position = 0;; position++)
    {
      EfJsonNode *node = NULL;

      p = read_key (self, object, position, p, &node);
      if (p == NULL)
        return NULL;
      p = read_value (self, node, p);
      if (p == NULL)
        return NULL;

      p = ef_json_scan_space (scan, p);
      if (G_UNLIKELY (p == scan->end))
        return ef_json_scan_fail (scan, p, "an object without its “}”");
      if (*p != ',')
        break;
      p = ef_json_scan_space (scan, p + 1);
    }
  self->depth--;

  if (*p != '}')
    return ef_json_scan_fail (scan, p, "something else where “,” or “}” belongs");

  return p + 1;
}

static const char *
read_array (EfJsonReader *self, EfJsonNode *array, const char *p)
{
  EfJsonScan *scan = &self->scan;
  guint next = 0;

  p = ef_json_scan_space (scan, p + 1);
  if (p < scan->end && *p == ']')
    return p + 1;

  self->depth++;
  for (guint index = 0;; index++)
    {
      EfJsonNode *node = NULL;

      if (next < array->n_indexes && array->indexes[next]->index == index)
        node = array->indexes[next++];
      p = read_value (self, node, p);
      if (p == NULL)
        return NULL;

      p = ef_json_scan_space (scan, p);
      if (p == scan->end)
        return ef_json_scan_fail (scan, p, "an array without its “]”");
      if (*p != ',')
        break;
      p = ef_json_scan_space (scan, p + 1);
    }
  self->depth--;

  if (*p != ']')
    return ef_json_scan_fail (scan, p, "something else where “,” or “]” belongs");

  return p + 1;
}

/* Reads the value at @p, with all that columns are read from within it, and returns where it ends. */
const char *
ef_json_reader_read_value (EfJsonReader *self, EfJsonNode *node, const char *p)
{
  return read_value (self, node, p);
}
