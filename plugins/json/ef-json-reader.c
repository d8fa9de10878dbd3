/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-json-reader-private.h"

/* Takes @plan. */
EfJsonReader *
ef_json_reader_new (EfJsonPlan *plan, gboolean missing_is_error)
{
  EfJsonReader *self = g_new0 (EfJsonReader, 1);

  self->plan = plan;
  self->missing_is_error = missing_is_error;
  self->builder = ef_event_builder_new (plan->schema);
  self->more = g_ptr_array_new ();
  self->unescaped = g_string_new (NULL);

  return self;
}

void
ef_json_reader_free (EfJsonReader *self)
{
  ef_event_builder_unref (self->builder);
  ef_json_plan_free (self->plan);
  g_ptr_array_unref (self->more);
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

  return ef_json_reader_read_value (self, root, p);
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
  if (self->event != NULL)
    g_ptr_array_add (self->more, self->event);
  self->event = ef_event_builder_end (self->builder);

  return TRUE;
}

/* Gives an item the columns that come from around its array, as the item before it has them. */
static void
copy_envelope (EfJsonReader *self)
{
  const EfValue *values = ef_event_peek_values (self->event);

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

  /* Nothing may be nowhere, from where one can not count. */
  if (text == NULL)
    text = "";

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

  if (G_UNLIKELY (self->more->len > 0))
    {
      for (guint i = 0; i < self->more->len; i++)
        {
          if (done)
            ef_batch_append (batch, self->more->pdata[i]);
          else
            ef_event_unref (self->more->pdata[i]);
        }
      g_ptr_array_set_size (self->more, 0);
    }

  if (done && self->event != NULL)
    ef_batch_append (batch, self->event);
  else
    g_clear_pointer (&self->event, ef_event_unref);
  self->event = NULL;

  return done;
}
