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

  return self;
}

void
ef_line_buffer_free (EfLineBuffer *self)
{
  g_string_free (self->text, TRUE);
  g_ptr_array_unref (self->receipts);
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

/* Adds a line an event. The batch is not kept, but its receipt is. */
void
ef_line_buffer_add (EfLineBuffer *self, EfBatch *batch, EfLineFormat format)
{
  EfReceipt *receipt = ef_batch_get_receipt (batch);
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  for (guint i = 0; i < n_events; i++)
    add_event (self, events[i], format);
  if (receipt != NULL)
    g_ptr_array_add (self->receipts, ef_receipt_ref (receipt));
}

/* The lines were written, or can not be: lets go of them and of their receipts. */
void
ef_line_buffer_done (EfLineBuffer *self, const GError *error)
{
  if (error != NULL)
    g_ptr_array_foreach (self->receipts, (GFunc) ef_receipt_fail, (gpointer) error);
  g_ptr_array_set_size (self->receipts, 0);

  if (self->text->allocated_len > KEPT_BYTES)
    {
      g_string_free (self->text, TRUE);
      self->text = g_string_new (NULL);
    }
  g_string_truncate (self->text, 0);
}
