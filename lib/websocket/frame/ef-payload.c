/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-payload-private.h"
#include "ef-utf8-private.h"
#include "ef-web-socket-error.h"

static gboolean
fail_text (gconstpointer data, gsize size, GError **error)
{
  EfUtf8 utf8 = EF_UTF8_INIT;
  gsize position = ef_utf8_feed (&utf8, data, size);

  g_set_error (error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_INVALID_UTF8,
               "a message of %" G_GSIZE_FORMAT " bytes is not UTF-8 at byte %" G_GSIZE_FORMAT
               ", so it can not be sent as text; send it as binary, by “message-type=binary” of "
               "websocketsink or a “bytesencode” before it",
               size, position);
  return FALSE;
}

/* Whether these bytes can be a message of that type (RFC 6455, 8.1). */
gboolean
ef_payload_check_text (EfWebSocketMessageType type,
                       gconstpointer data,
                       gsize size,
                       GError **error)
{
  return type == EF_WEB_SOCKET_MESSAGE_BINARY || G_LIKELY (ef_utf8_is_valid (data, size))
         || fail_text (data, size, error);
}

static gboolean
fail_columns (EfEvent *event, GError **error)
{
  g_autofree char *schema = ef_schema_to_string (ef_event_get_schema (event));

  g_set_error (error, EF_ERROR, EF_ERROR_DATA,
               "a message is one text or bytes, but the event has the columns “%s”; put an encoder "
               "such as “jsonencode” before the sink",
               schema);
  return FALSE;
}

/* Whether the event is one raw message that can be sent as one of that type, and its bytes. */
gboolean
ef_payload_check_event (EfEvent *event,
                        EfWebSocketMessageType type,
                        const EfValue **payload,
                        GError **error)
{
  const EfValue *value = event->values;

  if (G_UNLIKELY (event->n_values != 1))
    return fail_columns (event, error);

  if (G_UNLIKELY (!ef_payload_is_type (value->type)))
    return fail_columns (event, error);

  *payload = value;

  return ef_payload_check_text (type, value->v_data, value->length, error);
}
