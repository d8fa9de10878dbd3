/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-frame-private.h"

/* Whether a peer may send @code: RFC 6455, 7.4, and the codes registered with IANA since. */
gboolean
ef_close_code_is_valid (guint code)
{
  if (code >= 3000 && code <= 4999)
    return TRUE;

  return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
}

/* Writes the unmasked header of a frame with the flags and opcode @first and @len bytes of
 * payload, in the shortest form. @header holds EF_FRAME_MAX_HEADER bytes. Returns its size. */
gsize
ef_frame_encode_header (guint8 *header, guint8 first, guint64 len)
{
  header[0] = first;

  if (len < 126)
    {
      header[1] = (guint8) len;
      return 2;
    }

  if (len <= G_MAXUINT16)
    {
      guint16 length = GUINT16_TO_BE ((guint16) len);

      header[1] = 126;
      memcpy (header + 2, &length, sizeof length);
      return 4;
    }

  guint64 length = GUINT64_TO_BE (len);

  header[1] = 127;
  memcpy (header + 2, &length, sizeof length);
  return 10;
}

/* Encodes a whole message as a server sends it, once for any number of clients. */
GBytes *
ef_frame_encode_shared (EfOpcode opcode, gconstpointer data, gsize len)
{
  guint8 *frame = g_malloc (ef_frame_header_size (EF_FRAME_ROLE_SERVER, len) + len);
  gsize size = ef_frame_encode_header (frame, EF_FRAME_FIN | opcode, len);

  if (len > 0)
    memcpy (frame + size, data, len);

  return g_bytes_new_take (frame, size + len);
}
