/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "bench-stream.h"

typedef enum
{
  BENCH_OPCODE_CONTINUATION = 0x0,
  BENCH_OPCODE_TEXT = 0x1,
  BENCH_OPCODE_BINARY = 0x2,
  BENCH_OPCODE_CLOSE = 0x8,
  BENCH_OPCODE_PING = 0x9,
  BENCH_OPCODE_PONG = 0xa,
} BenchOpcode;

/* The longest header: two bytes, eight of length, four of mask. */
#define BENCH_HEADER_MAX 14

typedef struct
{
  BenchOpcode opcode;
  gboolean fin;
  gboolean masked;
  guint8 mask[4];
  guint64 length;
} BenchHeader;

gsize bench_header_write (const BenchHeader *header, guint8 *out);
gsize bench_header_read (BenchHeader *header, const guint8 *data, gsize size);
void bench_mask (guint8 *data, gsize size, const guint8 mask[4]);

void bench_frame_append (
  GByteArray *out, BenchOpcode opcode, const void *payload, gsize size, gboolean masked);

gboolean bench_handshake_accept (BenchStream *stream);
GByteArray *bench_handshake_connect (BenchStream *stream, GUri *uri);
