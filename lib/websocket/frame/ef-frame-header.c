/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-frame-header-private.h"

static const char *
opcode_name (guint opcode)
{
  switch (opcode)
    {
    case EF_OPCODE_CONTINUATION:
      return "continuation";
    case EF_OPCODE_TEXT:
      return "text";
    case EF_OPCODE_BINARY:
      return "binary";
    case EF_OPCODE_CLOSE:
      return "close";
    case EF_OPCODE_PING:
      return "ping";
    case EF_OPCODE_PONG:
      return "pong";
    default:
      return NULL;
    }
}

static inline gboolean
is_control (guint opcode)
{
  return opcode >= EF_OPCODE_CLOSE;
}

/* The reserved bits are judged where they mean something: an extension of ours (RFC 7692) sets
 * RSV1 on the first frame of a message alone. */
static char *
check_first_byte (const EfFrameHeaderRules *rules, guint8 first)
{
  guint opcode = first & EF_FRAME_OPCODE_MASK;
  const char *name = opcode_name (opcode);

  if (name == NULL)
    return g_strdup_printf ("frame with reserved opcode 0x%x", opcode);

  gboolean starts_message = opcode == EF_OPCODE_TEXT || opcode == EF_OPCODE_BINARY;
  guint8 allowed = starts_message ? rules->allowed_rsv : 0;
  guint8 wrong = first & EF_FRAME_RSV_MASK & ~allowed;

  if (wrong != 0)
    return g_strdup_printf ("%s frame with reserved bit RSV%d, which no extension allows", name,
                            wrong & EF_FRAME_RSV1   ? 1
                            : wrong & EF_FRAME_RSV2 ? 2
                                                    : 3);

  if (is_control (opcode) && !(first & EF_FRAME_FIN))
    return g_strdup_printf ("fragmented %s frame, control frames are whole", name);

  if (opcode == EF_OPCODE_CONTINUATION && !rules->in_message)
    return g_strdup ("continuation frame, but no message has begun");

  if (starts_message && rules->in_message)
    return g_strdup_printf ("%s frame within a fragmented message that has not ended", name);

  return NULL;
}

static char *
check_second_byte (const EfFrameHeaderRules *rules, guint opcode, guint8 second)
{
  gboolean masked = (second & EF_FRAME_MASKED) != 0;
  guint len = second & ~(guint) EF_FRAME_MASKED;

  if (masked && rules->role == EF_FRAME_ROLE_CLIENT)
    return g_strdup_printf ("masked %s frame, a server’s frames are not masked",
                            opcode_name (opcode));
  if (!masked && rules->role == EF_FRAME_ROLE_SERVER)
    return g_strdup_printf ("unmasked %s frame, a client’s frames are masked",
                            opcode_name (opcode));

  if (is_control (opcode) && len > EF_FRAME_MAX_CONTROL)
    return g_strdup_printf ("%s frame with more than %d bytes of payload", opcode_name (opcode),
                            EF_FRAME_MAX_CONTROL);
  if (opcode == EF_OPCODE_CLOSE && len == 1)
    return g_strdup ("close frame with one byte of payload, a close code has two");

  return NULL;
}

/* Reads a length of 16 or 64 bits, which must not have fitted a shorter form. */
static EfFrameHeaderState
parse_long_length (const guint8 *data, gsize len, guint length_size, guint64 *out, char **problem)
{
  guint64 value = 0;

  if (len >= 3 && length_size == 8 && data[2] & 0x80)
    {
      *problem = g_strdup ("frame with a 64-bit length whose highest bit is set");
      return EF_FRAME_HEADER_WRONG;
    }
  if (len < 2 + length_size)
    return EF_FRAME_HEADER_PARTIAL;

  for (guint i = 0; i < length_size; i++)
    value = value << 8 | data[2 + i];

  if (value < 126 || (length_size == 8 && value <= G_MAXUINT16))
    {
      *problem = g_strdup_printf ("frame whose length %" G_GUINT64_FORMAT " is written in %u bits, "
                                  "fewer are enough",
                                  value, length_size * 8);
      return EF_FRAME_HEADER_WRONG;
    }

  *out = value;
  return EF_FRAME_HEADER_WHOLE;
}

/* Parses a frame's header from its first byte on. Each byte is judged as soon as it is there, in
 * order, so that the verdict does not depend on how the bytes came in. @problem is set, for
 * people to read, if and only if the header is wrong, which always is a protocol error. */
EfFrameHeaderState
ef_frame_header_parse (const EfFrameHeaderRules *rules,
                       const guint8 *data,
                       gsize len,
                       EfFrameHeader *header,
                       char **problem)
{
  if (len < 1)
    return EF_FRAME_HEADER_PARTIAL;

  header->opcode = (EfOpcode) (data[0] & EF_FRAME_OPCODE_MASK);
  header->fin = (data[0] & EF_FRAME_FIN) != 0;
  header->rsv = data[0] & EF_FRAME_RSV_MASK;

  *problem = check_first_byte (rules, data[0]);
  if (*problem != NULL)
    return EF_FRAME_HEADER_WRONG;
  if (len < 2)
    return EF_FRAME_HEADER_PARTIAL;

  *problem = check_second_byte (rules, header->opcode, data[1]);
  if (*problem != NULL)
    return EF_FRAME_HEADER_WRONG;

  header->len = data[1] & ~(guint) EF_FRAME_MASKED;
  header->size = 2;

  if (header->len >= 126)
    {
      guint length_size = header->len == 126 ? 2 : 8;
      EfFrameHeaderState state = parse_long_length (data, len, length_size, &header->len, problem);

      if (state != EF_FRAME_HEADER_WHOLE)
        return state;
      header->size += length_size;
    }

  header->key = 0;
  if (rules->role == EF_FRAME_ROLE_SERVER)
    {
      if (len < header->size + 4)
        return EF_FRAME_HEADER_PARTIAL;
      memcpy (&header->key, data + header->size, 4);
      header->size += 4;
    }

  return EF_FRAME_HEADER_WHOLE;
}
