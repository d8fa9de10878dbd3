/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "bench-scan.h"

#include <string.h>

static gboolean
is_control (BenchOpcode opcode)
{
  return (opcode & 0x8) != 0;
}

static void
answer_ping (BenchScan *scan)
{
  g_autoptr (GByteArray) pong = g_byte_array_new ();

  bench_frame_append (pong, BENCH_OPCODE_PONG, scan->kept, scan->n_kept, scan->pong_masked);
  bench_stream_write_all (scan->pong_stream, pong->data, pong->len);
}

static void
frame_done (BenchScan *scan)
{
  scan->inside = FALSE;

  if (!is_control (scan->header.opcode))
    {
      scan->bytes += scan->header.length;
      if (!scan->header.fin)
        return;
      scan->messages++;
      if (scan->on_message != NULL)
        {
          if (scan->header.masked)
            bench_mask (scan->kept, scan->n_kept, scan->header.mask);
          scan->on_message (scan, scan->kept, scan->n_kept, scan->user_data);
        }
      return;
    }

  if (scan->header.masked)
    bench_mask (scan->kept, scan->n_kept, scan->header.mask);
  if (scan->header.opcode == BENCH_OPCODE_PING && scan->pong_stream != NULL)
    answer_ping (scan);
  else if (scan->header.opcode == BENCH_OPCODE_CLOSE)
    scan->closed = TRUE;
}

static void
keep (BenchScan *scan, const guint8 *data, gsize size)
{
  gsize n = MIN (size, sizeof scan->kept - scan->n_kept);

  memcpy (scan->kept + scan->n_kept, data, n);
  scan->n_kept += n;
}

static void
begin_frame (BenchScan *scan)
{
  scan->inside = TRUE;
  scan->remaining = scan->header.length;
  scan->n_kept = 0;
}

/* A header cut in two by the end of a read: collect it a byte at a time. */
static gsize
read_partial_header (BenchScan *scan, const guint8 *data, gsize size)
{
  for (gsize used = 0; used < size; used++)
    {
      scan->partial[scan->partial_size++] = data[used];
      if (bench_header_read (&scan->header, scan->partial, scan->partial_size) > 0)
        {
          scan->partial_size = 0;
          begin_frame (scan);
          return used + 1;
        }
    }

  return size;
}

void
bench_scan_feed (BenchScan *scan, const guint8 *data, gsize size)
{
  while (size > 0)
    {
      gsize n;

      if (scan->inside)
        n = 0;
      else if (scan->partial_size > 0 || size < BENCH_HEADER_MAX)
        n = read_partial_header (scan, data, size);
      else
        {
          n = bench_header_read (&scan->header, data, size);
          begin_frame (scan);
        }

      data += n;
      size -= n;
      if (!scan->inside)
        continue;

      n = (gsize) MIN (scan->remaining, size);
      if (scan->on_message != NULL || is_control (scan->header.opcode))
        keep (scan, data, n);
      scan->remaining -= n;
      data += n;
      size -= n;
      if (scan->remaining == 0)
        frame_done (scan);
    }
}
