/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-frame-chunk-private.h"
#include "ef-frame-private.h"
#include "ef-payload-private.h"

#include <string.h>

static void
append_frame (GByteArray *frames, EfOpcode opcode, const char *data, gsize length)
{
  guint start = frames->len;
  gsize header = ef_frame_header_size (EF_FRAME_ROLE_SERVER, length);

  g_byte_array_set_size (frames, (guint) (start + header + length));
  ef_frame_encode_header (frames->data + start, EF_FRAME_FIN | opcode, length);
  if (length > 0)
    memcpy (frames->data + start + header, data, length);
}

/* Appends an event as the message that it is, or says why it is none. */
gboolean
ef_frame_chunk_encode (GByteArray *frames, EfEvent *event, GError **error)
{
  gboolean binary = ef_event_peek_values (event)->type == EF_COLUMN_BYTES;
  EfWebSocketMessageType type = binary ? EF_WEB_SOCKET_MESSAGE_BINARY : EF_WEB_SOCKET_MESSAGE_TEXT;
  const EfValue *value;

  if (!ef_payload_check_event (event, type, &value, error))
    return FALSE;

  append_frame (frames, binary ? EF_OPCODE_BINARY : EF_OPCODE_TEXT, value->v_data, value->length);

  return TRUE;
}

/* Takes the bytes of @frames, which is left empty. */
EfFrameChunk *
ef_frame_chunk_new (GByteArray *frames, guint n_messages)
{
  EfFrameChunk *self = g_new (EfFrameChunk, 1);
  gsize length;
  guint8 *data = g_byte_array_steal (frames, &length);

  self->ref_count = 1;
  self->n_messages = n_messages;
  self->frames = g_bytes_new_take (data, length);

  return self;
}

void
ef_frame_chunk_unref (EfFrameChunk *self)
{
  if (--self->ref_count > 0)
    return;

  g_bytes_unref (self->frames);
  g_free (self);
}
