/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "bench-frame.h"

typedef struct _BenchScan BenchScan;

/* Called for each data message, with what BenchScan keeps of its start. */
typedef void (*BenchMessageFunc) (BenchScan *scan, const guint8 *start, gsize size, gpointer data);

/* Counts the messages in a stream of bytes without keeping them. */
struct _BenchScan
{
  guint64 messages;
  guint64 bytes;
  gboolean closed;

  /* Set to look at messages; costs a copy each, so counting programs leave it alone. */
  BenchMessageFunc on_message;
  gpointer user_data;

  /* Set to have pings answered; a ping is otherwise ignored. */
  BenchStream *pong_stream;
  gboolean pong_masked;

  /*< private >*/
  BenchHeader header;
  guint8 partial[BENCH_HEADER_MAX];
  guint partial_size;
  guint64 remaining;
  gboolean inside;
  guint8 kept[128];
  gsize n_kept;
};

void bench_scan_feed (BenchScan *scan, const guint8 *data, gsize size);
