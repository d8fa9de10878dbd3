/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-column-decoder.h"

#include "ef-payload.h"

struct _EfColumnDecoder
{
  EfColumnType type;
  EfEventBuilder *builder;
};

/* @type is STRING or BYTES. */
EfColumnDecoder *
ef_column_decoder_new (const char *column, EfColumnType type, GError **error)
{
  const char *name = column != NULL ? column : "";
  g_autoptr (EfSchema) schema = ef_schema_new (&name, &type, 1, error);
  EfColumnDecoder *self;

  if (schema == NULL)
    {
      g_prefix_error (error, "property “column”: ");
      return NULL;
    }

  self = g_new0 (EfColumnDecoder, 1);
  self->type = type;
  self->builder = ef_event_builder_new (schema);

  return self;
}

void
ef_column_decoder_free (EfColumnDecoder *self)
{
  ef_event_builder_unref (self->builder);
  g_free (self);
}

/* Decodes the events of a batch; those that cannot be, @element rejects. The values are slices of the
 * messages. */
EfBatch *
ef_column_decoder_run (EfColumnDecoder *self, EfElement *element, EfBatch *batch)
{
  EfBatch *output = ef_batch_new ();
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  ef_event_builder_pin (self->builder, batch, (GBoxedCopyFunc) ef_batch_ref,
                        (GDestroyNotify) ef_batch_unref);

  for (guint i = 0; i < n_events; i++)
    {
      g_autoptr (GError) error = NULL;
      const EfValue *value = self->type == EF_COLUMN_STRING
                               ? ef_payload_peek_text (events[i], &error)
                               : ef_payload_peek (events[i], &error);

      if (G_UNLIKELY (value == NULL))
        {
          if (!ef_element_reject_event (element, events[i], error))
            break;
          continue;
        }

      ef_event_builder_begin (self->builder, ef_event_get_timestamp (events[i]));
      ef_event_builder_set_slice (self->builder, 0, self->type, value->v_data, value->length);
      ef_batch_append (output, ef_event_builder_end (self->builder));
    }

  ef_event_builder_flush (self->builder);

  return output;
}
