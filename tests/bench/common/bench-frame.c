/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "bench-frame.h"

#include <string.h>

/* RFC 6455 section 4.2.2: the GUID that a server appends to the client's key. */
#define ACCEPT_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

/* A load generator's client sends one key for ever; it is a nonce against caches, of which loopback
 * has none. */
#define CLIENT_KEY "ZXZlbnRmbHV4LWJlbmNoIQ=="

#define REQUEST_MAX 16384

/**
 * bench_header_write:
 * @header: what to write
 * @out: (out): room for %BENCH_HEADER_MAX bytes
 *
 * Returns: how many bytes the header takes
 */
gsize
bench_header_write (const BenchHeader *header, guint8 *out)
{
  guint8 mask_bit = header->masked ? 0x80 : 0;
  gsize n = 2;

  out[0] = (guint8) ((header->fin ? 0x80 : 0) | (guint8) header->opcode);
  if (header->length < 126)
    {
      out[1] = (guint8) (mask_bit | header->length);
    }
  else if (header->length <= G_MAXUINT16)
    {
      guint16 length = GUINT16_TO_BE ((guint16) header->length);

      out[1] = mask_bit | 126;
      memcpy (out + n, &length, sizeof length);
      n += sizeof length;
    }
  else
    {
      guint64 length = GUINT64_TO_BE (header->length);

      out[1] = mask_bit | 127;
      memcpy (out + n, &length, sizeof length);
      n += sizeof length;
    }

  if (header->masked)
    {
      memcpy (out + n, header->mask, sizeof header->mask);
      n += sizeof header->mask;
    }

  return n;
}

/**
 * bench_header_read:
 * @header: (out): where to store the header
 * @data: the bytes
 * @size: their number
 *
 * Returns: how many bytes the header takes, 0 when @data does not hold all of it
 */
gsize
bench_header_read (BenchHeader *header, const guint8 *data, gsize size)
{
  gsize n = 2;

  if (size < n)
    return 0;

  header->fin = (data[0] & 0x80) != 0;
  header->opcode = data[0] & 0x0f;
  header->masked = (data[1] & 0x80) != 0;
  header->length = data[1] & 0x7f;

  if (header->length == 126)
    {
      guint16 length;

      if (size < n + sizeof length)
        return 0;
      memcpy (&length, data + n, sizeof length);
      header->length = GUINT16_FROM_BE (length);
      n += sizeof length;
    }
  else if (header->length == 127)
    {
      guint64 length;

      if (size < n + sizeof length)
        return 0;
      memcpy (&length, data + n, sizeof length);
      header->length = GUINT64_FROM_BE (length);
      n += sizeof length;
    }

  if (header->masked)
    {
      if (size < n + sizeof header->mask)
        return 0;
      memcpy (header->mask, data + n, sizeof header->mask);
      n += sizeof header->mask;
    }

  return n;
}

void
bench_mask (guint8 *data, gsize size, const guint8 mask[4])
{
  for (gsize i = 0; i < size; i++)
    data[i] ^= mask[i & 3];
}

void
bench_frame_append (
  GByteArray *out, BenchOpcode opcode, const void *payload, gsize size, gboolean masked)
{
  BenchHeader header = { .opcode = opcode, .fin = TRUE, .masked = masked, .length = size };
  guint8 bytes[BENCH_HEADER_MAX];
  gsize start;

  if (masked)
    {
      guint32 mask = g_random_int ();

      memcpy (header.mask, &mask, sizeof mask);
    }

  g_byte_array_append (out, bytes, (guint) bench_header_write (&header, bytes));
  start = out->len;
  g_byte_array_append (out, payload, (guint) size);
  if (masked)
    bench_mask (out->data + start, size, header.mask);
}

/* Reads up to and with the empty line that ends a head; what follows it stays in @rest. */
static char *
read_head (BenchStream *stream, GByteArray *rest)
{
  guint8 buffer[4096];

  while (rest->len < REQUEST_MAX)
    {
      gssize n = bench_stream_read (stream, buffer, sizeof buffer);
      const char *end;

      if (n == 0)
        return NULL;

      g_byte_array_append (rest, buffer, (guint) n);
      end = g_strstr_len ((const char *) rest->data, rest->len, "\r\n\r\n");
      if (end != NULL)
        {
          guint size = (guint) (end + 4 - (const char *) rest->data);
          char *head = g_strndup ((const char *) rest->data, size);

          g_byte_array_remove_range (rest, 0, size);
          return head;
        }
    }

  return NULL;
}

static char *
find_header (const char *head, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (head, "\r\n", -1);
  gsize length = strlen (name);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_ascii_strncasecmp (lines[i], name, length) == 0 && lines[i][length] == ':')
      return g_strstrip (g_strdup (lines[i] + length + 1));

  return NULL;
}

static char *
accept_for_key (const char *key)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) key, -1);
  g_checksum_update (checksum, (const guchar *) ACCEPT_GUID, -1);
  g_checksum_get_digest (checksum, digest, &size);

  return g_base64_encode (digest, size);
}

/**
 * bench_handshake_accept:
 * @stream: a stream whose client sends the upgrade request
 *
 * Answers the request. A client that sends anything else makes the program fail.
 *
 * Returns: %FALSE when the client went away without a word, as a port probe does
 */
gboolean
bench_handshake_accept (BenchStream *stream)
{
  g_autoptr (GByteArray) rest = g_byte_array_new ();
  g_autofree char *head = read_head (stream, rest);
  g_autofree char *key = NULL;
  g_autofree char *accept = NULL;
  g_autofree char *answer = NULL;

  if (head == NULL)
    return FALSE;

  key = find_header (head, "Sec-WebSocket-Key");
  if (key == NULL)
    bench_fail ("the client sent no WebSocket key:\n%s", head);

  accept = accept_for_key (key);
  answer = g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                            "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                            accept);

  return bench_stream_write_all (stream, answer, strlen (answer));
}

/**
 * bench_handshake_connect:
 * @stream: a new stream to a server
 * @uri: the address to ask for
 *
 * Returns: (transfer full): the bytes that came right behind the answer
 */
GByteArray *
bench_handshake_connect (BenchStream *stream, GUri *uri)
{
  g_autoptr (GByteArray) rest = g_byte_array_new ();
  g_autofree char *head = NULL;
  g_autofree char *expected = accept_for_key (CLIENT_KEY);
  g_autofree char *accept = NULL;
  g_autofree char *request = g_strdup_printf (
    "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: " CLIENT_KEY "\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n",
    *g_uri_get_path (uri) != '\0' ? g_uri_get_path (uri) : "/", g_uri_get_port (uri));

  if (bench_stream_write_all (stream, request, strlen (request)))
    head = read_head (stream, rest);
  if (head == NULL)
    bench_fail ("the server closed during the handshake");

  accept = find_header (head, "Sec-WebSocket-Accept");
  if (g_strcmp0 (accept, expected) != 0)
    bench_fail ("the server did not accept:\n%s", head);

  return g_steal_pointer (&rest);
}
