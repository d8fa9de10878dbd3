/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-payload.h"

/* The message that an event is: its only value, text or bytes. */
const EfValue *
ef_payload_peek (EfEvent *event, GError **error)
{
  EfSchema *schema = ef_event_get_schema (event);
  const EfValue *value = ef_event_peek_values (event);

  if (G_UNLIKELY (!ef_schema_is_payload (schema)))
    {
      g_autofree char *columns = ef_schema_to_string (schema);

      g_set_error (error, EF_ERROR, EF_ERROR_DATA,
                   "a raw message was expected, in one column of text or bytes, not an event with %s",
                   columns);
      return NULL;
    }

  if (G_UNLIKELY (value->type == EF_COLUMN_NULL))
    {
      g_set_error (error, EF_ERROR, EF_ERROR_DATA, "the message is NULL");
      return NULL;
    }

  return value;
}

/* The same, if it is text. Text messages are known to be UTF-8, binary ones are not. */
const EfValue *
ef_payload_peek_text (EfEvent *event, GError **error)
{
  const EfValue *value = ef_payload_peek (event, error);
  gsize bad_at;

  if (value == NULL || value->type != EF_COLUMN_BYTES
      || G_LIKELY (ef_utf8_validate (value->v_data, value->length, &bad_at)))
    return value;

  g_set_error (error, EF_ERROR, EF_ERROR_DATA,
               "the binary message is no text: it is not UTF-8 at byte %" G_GSIZE_FORMAT, bad_at);

  return NULL;
}
