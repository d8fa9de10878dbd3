/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-raw-peer.h"

#include "ef-test-loop.h"

#include <string.h>

/* The frames that raw peers take and send. */

/* Any four bytes do for a client whose traffic nobody caches. */
static const guint8 client_mask[4] = { 0x37, 0xfa, 0x21, 0x3d };

/* The size of the frame header at the start of `data`, 0 while it is not complete. */
static gsize
parse_frame_header (const GByteArray *data, guint64 *payload_size, gboolean *masked)
{
  gsize header = 2;
  guint n_length_bytes = 0;

  if (data->len < header)
    return 0;

  *masked = (data->data[1] & 0x80) != 0;
  *payload_size = data->data[1] & 0x7f;
  if (*payload_size >= 126)
    {
      n_length_bytes = *payload_size == 126 ? 2 : 8;
      *payload_size = 0;
    }
  header += n_length_bytes + (*masked ? 4 : 0);
  if (data->len < header)
    return 0;

  for (guint i = 0; i < n_length_bytes; i++)
    *payload_size = *payload_size << 8 | data->data[2 + i];

  return header;
}

/* ef_raw_peer_take_frame: takes the next whole frame out of what was received. `first` is the byte
 * with FIN and opcode, `payload` is unmasked. Fails the test if a frame is masked that must not be,
 * or the other way about. Returns FALSE while no frame is complete. */
gboolean
ef_raw_peer_take_frame (EfRawPeer *self, guint8 *first, GBytes **payload)
{
  GByteArray *received = ef_raw_peer_get_received (self);
  guint64 size;
  gboolean masked;
  gsize header;
  guint8 *data;

  header = parse_frame_header (received, &size, &masked);
  if (header == 0 || received->len - header < size)
    return FALSE;

  g_assert_cmpint (masked, ==, !ef_raw_peer_is_client (self));
  data = received->data + header;
  for (guint64 i = 0; masked && i < size; i++)
    data[i] ^= data[(gssize) (i % 4) - 4];

  if (first != NULL)
    *first = received->data[0];
  if (payload != NULL)
    *payload = g_bytes_new (data, size);
  g_byte_array_remove_range (received, 0, (guint) (header + size));

  return TRUE;
}

/* ef_raw_peer_wait_frame: waits for a frame, which must be one of that kind, and returns what it
 * carries. */
GBytes *
ef_raw_peer_wait_frame (EfRawPeer *self, guint8 first)
{
  GBytes *payload = NULL;
  guint8 got = 0;

  ef_test_wait_for (NULL, ef_raw_peer_take_frame (self, &got, &payload));
  g_assert_cmphex (got, ==, first);

  return payload;
}

/* ef_raw_peer_skip_to: takes frames up to one of that kind. */
void
ef_raw_peer_skip_to (EfRawPeer *self, guint8 first)
{
  for (guint8 got = 0; got != first;)
    ef_test_wait_for (NULL, ef_raw_peer_take_frame (self, &got, NULL));
}

/* ef_raw_peer_expect: the next frame is of that kind and carries that text. */
void
ef_raw_peer_expect (EfRawPeer *self, guint8 first, const char *payload)
{
  g_autoptr (GBytes) bytes = ef_raw_peer_wait_frame (self, first);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), payload,
                   strlen (payload));
}

/* ef_raw_peer_send_frame: sends a frame with `first` as its first byte, masked if this is a client.
 * The length has its minimal form. */
void
ef_raw_peer_send_frame (EfRawPeer *self, guint8 first, gconstpointer payload, gsize size)
{
  const guint8 mask_bit = ef_raw_peer_is_client (self) ? 0x80 : 0;
  guint n_length_bytes = size < 126 ? 0 : size <= G_MAXUINT16 ? 2 : 8;
  guint8 header[14] = { first };
  guint length = 2;
  g_autofree guint8 *copy = g_memdup2 (payload, size);

  header[1] = mask_bit | (guint8) (n_length_bytes == 0 ? size : n_length_bytes == 2 ? 126 : 127);
  for (guint i = n_length_bytes; i > 0; i--)
    header[length++] = (guint8) ((guint64) size >> (8 * (i - 1)));

  if (ef_raw_peer_is_client (self))
    {
      memcpy (header + length, client_mask, sizeof client_mask);
      length += sizeof client_mask;
      for (gsize i = 0; i < size; i++)
        copy[i] ^= client_mask[i % 4];
    }

  ef_raw_peer_send (self, header, length);
  ef_raw_peer_send (self, copy, size);
}

void
ef_raw_peer_send_text (EfRawPeer *self, const char *text)
{
  ef_raw_peer_send_frame (self, EF_RAW_TEXT, text, strlen (text));
}

void
ef_raw_peer_send_close (EfRawPeer *self, guint16 code, const char *reason)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  const guint8 bytes[2] = { (guint8) (code >> 8), (guint8) code };

  g_byte_array_append (payload, bytes, sizeof bytes);
  if (reason != NULL)
    g_byte_array_append (payload, (const guint8 *) reason, (guint) strlen (reason));

  ef_raw_peer_send_frame (self, EF_RAW_CLOSE, payload->data, payload->len);
}
