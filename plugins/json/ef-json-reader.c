/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-json-reader-private.h"

#include "ef-json-string.h"

/* Takes @plan. */
EfJsonReader *
ef_json_reader_new (EfJsonPlan *plan, gboolean missing_is_error)
{
  EfJsonReader *self = g_new0 (EfJsonReader, 1);

  self->plan = plan;
  self->missing_is_error = missing_is_error;
  self->builder = ef_event_builder_new (plan->schema);
  self->events = g_ptr_array_new ();
  self->unescaped = g_string_new (NULL);

  return self;
}

void
ef_json_reader_free (EfJsonReader *self)
{
  ef_event_builder_unref (self->builder);
  ef_json_plan_free (self->plan);
  g_ptr_array_unref (self->events);
  g_string_free (self->unescaped, TRUE);
  g_free (self);
}

/* What makes the events. Strings are slices of the message, so the caller pins that first, and
 * flushes at the end of a batch. */
EfEventBuilder *
ef_json_reader_get_builder (EfJsonReader *self)
{
  return self->builder;
}

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

  if (G_LIKELY (node->n_columns == 1 && node->n_keys == 0 && node->n_indexes == 0
                && !node->exploded))
    return ef_json_reader_read_column (self, node->columns[0], p);

  return read_branch (self, node, p);
}

static void
remember (EfJsonTrail *trail, const char *key, gsize length, EfJsonNode *node)
{
  char bytes[EF_JSON_TRAIL_KEY] = { 0 }, mask[EF_JSON_TRAIL_KEY] = { 0 };

  memcpy (bytes, key, length);
  memset (mask, 0xff, length);
  memcpy (trail->words, bytes, sizeof bytes);
  memcpy (trail->masks, mask, sizeof mask);
  trail->length = (guint8) length;
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

/* From the opening quote of a key to its value. */
static inline const char *
read_key (EfJsonReader *self,
          EfJsonNode *object,
          guint position,
          const char *p,
          EfJsonNode **node)
{
  EfJsonTrail *trail = position < EF_JSON_TRAIL_LENGTH ? &object->trail[position] : NULL;

  if (G_LIKELY (trail != NULL && trail->length > 0
                && self->scan.end - p >= EF_JSON_TRAIL_KEY))
    {
      guint64 words[2];

      memcpy (words, p, sizeof words);
      if (G_LIKELY ((((words[0] ^ trail->words[0]) & trail->masks[0])
                     | ((words[1] ^ trail->words[1]) & trail->masks[1]))
                    == 0))
        {
          *node = trail->node;
          return ef_json_scan_space (&self->scan, p + trail->length);
        }
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

/* Refuses a message that is JSON, but not what was asked for. */
static void
complain (EfJsonReader *self, gint column, const char *value, const char *end, const char *complaint)
{
  self->complaint = complaint;
  self->column = column;
  self->value = value;
  self->value_end = end;
}

/* What columns are read from is an object or an array, unless a column asks for the value itself. */
static const char *
read_record (EfJsonReader *self, EfJsonNode *root, const char *p)
{
  self->record++;

  if (p < self->scan.end && *p != '{' && *p != '[' && root->n_columns == 0 && !root->exploded)
    {
      const char *end = ef_json_reader_skip (self, p);

      if (end != NULL)
        complain (self, -1, p, end, "stands where an object belongs");
      return NULL;
    }

  return read_value (self, root, p);
}

static gboolean
has_all_columns (EfJsonReader *self)
{
  if (G_LIKELY (!self->missing_is_error))
    return TRUE;

  for (guint i = 0; i < self->plan->n_columns; i++)
    {
      guint64 seen = self->plan->nodes[i]->seen;

      if (seen != self->record && seen != self->envelope_record)
        {
          complain (self, (gint) i, NULL, NULL, "its key is missing");
          return FALSE;
        }
    }

  return TRUE;
}

static void
begin_event (EfJsonReader *self)
{
  ef_event_builder_begin (self->builder, self->timestamp);
  self->values = ef_event_builder_peek_values (self->builder);
}

static gboolean
end_event (EfJsonReader *self)
{
  if (!has_all_columns (self))
    return FALSE;

  self->values = NULL;
  g_ptr_array_add (self->events, ef_event_builder_end (self->builder));

  return TRUE;
}

/* Gives an item the columns that come from around its array, as the item before it has them. */
static void
copy_envelope (EfJsonReader *self)
{
  const EfValue *values
    = ef_event_peek_values (g_ptr_array_index (self->events, self->events->len - 1));

  for (guint i = 0; i < self->plan->n_envelope; i++)
    {
      guint column = self->plan->envelope[i];
      const EfValue *value = &values[column];
      gboolean has_data = value->type == EF_COLUMN_STRING || value->type == EF_COLUMN_JSON
                          || value->type == EF_COLUMN_BYTES;

      if (has_data && (value->v_data < self->scan.start || value->v_data > self->scan.end))
        {
          ef_event_builder_set_data (self->builder, column, value->type, value->v_data,
                                     value->length);
          self->values = ef_event_builder_peek_values (self->builder);
        }
      else
        {
          self->values[column] = *value;
        }
    }
}

/* Makes an event of each item. The first one is begun already and has the columns of the envelope.
 * The text was gone over once, so its form is right. */
static gboolean
explode_items (EfJsonReader *self)
{
  EfJsonScan *scan = &self->scan;
  const char *p = self->items;
  gboolean is_array = *p == '[';
  gboolean first = TRUE;

  if (is_array)
    p = ef_json_scan_space (scan, p + 1);

  if (is_array && *p == ']')
    {
      ef_event_builder_abandon (self->builder);
      self->values = NULL;
      return TRUE;
    }

  for (;; p++)
    {
      if (!first)
        {
          begin_event (self);
          copy_envelope (self);
        }
      first = FALSE;

      p = read_record (self, self->plan->item, ef_json_scan_space (scan, p));
      if (p == NULL || !end_event (self))
        return FALSE;

      if (!is_array || *(p = ef_json_scan_space (scan, p)) == ']')
        return TRUE;
    }
}

/* A message, and all that becomes of it. */
static const char *
read_message (EfJsonReader *self, const char *p)
{
  self->items = NULL;
  begin_event (self);
  p = read_record (self, self->plan->message, p);
  self->envelope_record = self->record;

  if (p == NULL)
    return NULL;

  if (self->plan->item == self->plan->message)
    return end_event (self) ? p : NULL;

  if (self->items != NULL)
    return explode_items (self) ? p : NULL;

  if (self->missing_is_error)
    {
      complain (self, -1, NULL, NULL, "the array to explode is missing");
      return NULL;
    }

  ef_event_builder_abandon (self->builder);
  self->values = NULL;

  return p;
}

static const char *
read_list (EfJsonReader *self, const char *p)
{
  EfJsonScan *scan = &self->scan;

  p = ef_json_scan_space (scan, p + 1);
  if (p < scan->end && *p == ']')
    return p + 1;

  self->depth = 1;
  for (;;)
    {
      p = read_message (self, p);
      if (p == NULL)
        return NULL;

      p = ef_json_scan_space (scan, p);
      if (p == scan->end)
        return ef_json_scan_fail (scan, p, "an array without its “]”");
      if (*p != ',')
        break;
      p = ef_json_scan_space (scan, p + 1);
    }

  if (*p != ']')
    return ef_json_scan_fail (scan, p, "something else where “,” or “]” belongs");

  return p + 1;
}

static gboolean
read_text (EfJsonReader *self)
{
  EfJsonScan *scan = &self->scan;
  const char *p = ef_json_scan_space (scan, scan->start);

  if (p == scan->end)
    p = ef_json_scan_fail (scan, p, "an empty message");
  else if (*p == '[' && self->plan->takes_lists)
    p = read_list (self, p);
  else
    p = read_message (self, p);

  if (p == NULL)
    return FALSE;

  p = ef_json_scan_space (scan, p);
  if (p != scan->end)
    ef_json_scan_fail (scan, p, "something behind the value");

  return p == scan->end;
}

/* As much of a text as an error message can show. */
static char *
shorten (const char *start, const char *end)
{
  const gsize limit = 40;
  gsize length = (gsize) (end - start);
  g_autofree char *text = NULL;

  if (length == 0)
    return g_strdup ("");
  if (length <= limit)
    return g_utf8_make_valid (start, (gssize) length);

  for (length = limit; length > limit - 4 && (start[length] & 0xc0) == 0x80;)
    length--;
  text = g_utf8_make_valid (start, (gssize) length);

  return g_strconcat (text, "…", NULL);
}

static void
set_error (EfJsonReader *self, GError **error)
{
  const EfJsonScan *scan = &self->scan;
  EfSchema *schema = self->plan->schema;
  g_autofree char *found = NULL;
  g_autofree char *column = NULL;

  if (self->complaint == NULL)
    {
      found = shorten (scan->at, scan->end);
      g_set_error (error, EF_ERROR, EF_ERROR_DATA, "invalid JSON at byte %" G_GSIZE_FORMAT ": %s%s%s",
                   (gsize) (scan->at - scan->start), scan->problem, *found != '\0' ? ", at " : "",
                   found);
      return;
    }

  if (self->column >= 0)
    column = g_strdup_printf ("column “%s” (%s): ",
                              ef_schema_get_column_name (schema, (guint) self->column),
                              ef_column_type_to_string (self->plan->types[self->column]));

  if (self->value == NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_DATA, "%s%s", column != NULL ? column : "",
                   self->complaint);
      return;
    }

  found = shorten (self->value, self->value_end);
  g_set_error (error, EF_ERROR, EF_ERROR_DATA, "%s%s at byte %" G_GSIZE_FORMAT " %s",
               column != NULL ? column : "", found, (gsize) (self->value - scan->start),
               self->complaint);
}

/* Reads a message and adds what it makes to @batch: one event, or as many as there are items. If
 * anything is wrong there are none. */
gboolean
ef_json_reader_read (EfJsonReader *self,
                     const char *text,
                     gsize length,
                     gint64 timestamp,
                     EfBatch *batch,
                     GError **error)
{
  gboolean done;

  self->scan = (EfJsonScan){ .start = text, .end = text + length };
  self->timestamp = timestamp;
  self->depth = 0;
  self->complaint = NULL;

  done = read_text (self);
  if (G_UNLIKELY (!done))
    {
      set_error (self, error);
      if (self->values != NULL)
        ef_event_builder_abandon (self->builder);
      self->values = NULL;
    }

  for (guint i = 0; i < self->events->len; i++)
    {
      if (done)
        ef_batch_append (batch, self->events->pdata[i]);
      else
        ef_event_unref (self->events->pdata[i]);
    }
  g_ptr_array_set_size (self->events, 0);

  return done;
}
