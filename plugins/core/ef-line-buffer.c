/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-line-buffer.h"

/* The buffer is kept for the next lines unless a rare burst has made it larger than this. */
#define KEPT_BYTES (256 * 1024)

G_DEFINE_ENUM_TYPE (EfLineFormat,
                    ef_line_format,
                    G_DEFINE_ENUM_VALUE (EF_LINE_FORMAT_JSON, "json"),
                    G_DEFINE_ENUM_VALUE (EF_LINE_FORMAT_TEXT, "text"))

EfLineBuffer *
ef_line_buffer_new (void)
{
  EfLineBuffer *self = g_new0 (EfLineBuffer, 1);

  self->text = g_string_new (NULL);
  self->receipts = g_ptr_array_new_with_free_func ((GDestroyNotify) ef_receipt_unref);
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) ef_event_unref);
  self->sizes = g_array_new (FALSE, FALSE, sizeof (gsize));

  return self;
}

void
ef_line_buffer_free (EfLineBuffer *self)
{
  g_string_free (self->text, TRUE);
  g_ptr_array_unref (self->receipts);
  g_ptr_array_unref (self->events);
  g_array_unref (self->sizes);
  g_free (self);
}

static void
add_event (EfLineBuffer *self, EfEvent *event, EfLineFormat format)
{
  if (format == EF_LINE_FORMAT_TEXT && ef_schema_is_payload (ef_event_get_schema (event)))
    {
      gsize length;
      const char *data = ef_event_peek_data (event, 0, &length);

      g_string_append_len (self->text, data, (gssize) length);
    }
  else
    {
      ef_event_append_json (event, self->text);
    }

  g_string_append_c (self->text, '\n');
}

static void
keep_event (EfLineBuffer *self, EfEvent *event, gsize size)
{
  g_ptr_array_add (self->events, ef_event_ref (event));
  g_array_append_val (self->sizes, size);
}

/* As add_event(), and has the events at hand for the case that their lines can not be written. */
static void
add_and_keep (EfLineBuffer *self, EfBatch *batch, EfLineFormat format)
{
  g_autoptr (EfBatch) kept = ef_batch_detach (batch);
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (kept, &n_events);

  for (guint i = 0; i < n_events; i++)
    {
      gsize before = self->text->len;

      add_event (self, events[i], format);
      keep_event (self, events[i], self->text->len - before);
    }
}

/* Adds a line an event. The receipt of the batch is kept, and if @keep its events are. */
void
ef_line_buffer_add (EfLineBuffer *self, EfBatch *batch, EfLineFormat format, gboolean keep)
{
  EfReceipt *receipt = ef_batch_get_receipt (batch);
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  if (keep)
    add_and_keep (self, batch, format);
  for (guint i = 0; i < n_events && !keep; i++)
    add_event (self, events[i], format);
  if (receipt != NULL)
    g_ptr_array_add (self->receipts, ef_receipt_ref (receipt));
}

/* So many bytes were written, and then something failed. Of a line of which a part was written the
 * rest remains, and the whole event. */
void
ef_line_buffer_consume (EfLineBuffer *self, gsize n_bytes)
{
  gsize left = n_bytes;
  guint n_whole = 0;

  for (; n_whole < self->sizes->len; n_whole++)
    {
      gsize *size = &g_array_index (self->sizes, gsize, n_whole);

      if (*size > left)
        {
          *size -= left;
          break;
        }
      left -= *size;
    }

  g_string_erase (self->text, 0, (gssize) n_bytes);
  if (n_whole == 0)
    return;

  g_ptr_array_remove_range (self->events, 0, n_whole);
  g_array_remove_range (self->sizes, 0, n_whole);
}

/* The lines can not be written: @element rejects the events that were kept. */
void
ef_line_buffer_reject (EfLineBuffer *self, EfElement *element, const GError *error)
{
  g_autoptr (GPtrArray) events = g_steal_pointer (&self->events);

  /* What a handler has the element take meanwhile comes behind. */
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) ef_event_unref);
  ef_line_buffer_done (self, NULL);
  for (guint i = 0; i < events->len; i++)
    ef_element_reject_event (element, g_ptr_array_index (events, i), error);
}

/* The lines were written, or can not be: lets go of them and of their receipts. */
void
ef_line_buffer_done (EfLineBuffer *self, const GError *error)
{
  if (error != NULL)
    g_ptr_array_foreach (self->receipts, (GFunc) ef_receipt_fail, (gpointer) error);
  g_ptr_array_set_size (self->receipts, 0);
  g_ptr_array_set_size (self->events, 0);
  g_array_set_size (self->sizes, 0);

  if (self->text->allocated_len > KEPT_BYTES)
    {
      g_string_free (self->text, TRUE);
      self->text = g_string_new (NULL);
    }
  g_string_truncate (self->text, 0);
}
