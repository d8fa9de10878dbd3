/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

#include <string.h>

G_BEGIN_DECLS

/* The words of RFC 6455 that reader and writer share. */

typedef enum
{
  EF_FRAME_ROLE_CLIENT, /* sends masked, receives unmasked */
  EF_FRAME_ROLE_SERVER, /* sends unmasked, receives masked */
} EfFrameRole;

typedef enum
{
  EF_OPCODE_CONTINUATION = 0x0,
  EF_OPCODE_TEXT = 0x1,
  EF_OPCODE_BINARY = 0x2,
  EF_OPCODE_CLOSE = 0x8,
  EF_OPCODE_PING = 0x9,
  EF_OPCODE_PONG = 0xa,
} EfOpcode;

/* The flags that share a frame's first byte with its opcode. */
enum
{
  EF_FRAME_FIN = 0x80,
  EF_FRAME_RSV1 = 0x40,
  EF_FRAME_RSV2 = 0x20,
  EF_FRAME_RSV3 = 0x10,
};

#define EF_FRAME_RSV_MASK    (EF_FRAME_RSV1 | EF_FRAME_RSV2 | EF_FRAME_RSV3)
#define EF_FRAME_OPCODE_MASK 0x0f
#define EF_FRAME_MASKED      0x80 /* in the second byte */

#define EF_FRAME_MAX_CONTROL 125 /* bytes of payload in a close, ping or pong */
#define EF_FRAME_MAX_HEADER  14

typedef enum
{
  EF_CLOSE_NORMAL = 1000,
  EF_CLOSE_GOING_AWAY = 1001,
  EF_CLOSE_PROTOCOL_ERROR = 1002,
  EF_CLOSE_UNSUPPORTED_DATA = 1003,
  EF_CLOSE_NO_STATUS = 1005, /* never on the wire: the peer's close had no code */
  EF_CLOSE_ABNORMAL = 1006,  /* never on the wire: the connection broke */
  EF_CLOSE_INVALID_DATA = 1007,
  EF_CLOSE_POLICY_VIOLATION = 1008,
  EF_CLOSE_TOO_BIG = 1009,
} EfCloseCode;

gboolean ef_close_code_is_valid (guint code);

gsize ef_frame_encode_header (guint8 *header, guint8 first, guint64 len);

GBytes *ef_frame_encode_shared (EfOpcode opcode, gconstpointer data, gsize len);

static inline gsize
ef_frame_header_size (EfFrameRole role, guint64 len)
{
  gsize size = len < 126 ? 2 : len <= G_MAXUINT16 ? 4 : 10;

  return role == EF_FRAME_ROLE_CLIENT ? size + 4 : size;
}

/* The bytes on the wire of a payload of @len bytes that @role sends. */
static inline guint64
ef_frame_size (EfFrameRole role, guint64 len)
{
  return ef_frame_header_size (role, len) + len;
}

G_END_DECLS
