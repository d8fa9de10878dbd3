/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "bench-memory.h"
#include "bench-stream.h"

#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

gsize
bench_memory_now (void)
{
  g_autofree char *text = NULL;
  guint64 pages;

  /* The second number of statm is the resident size in pages. */
  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) ||
      sscanf (text, "%*u %" G_GUINT64_FORMAT, &pages) != 1)
    bench_fail ("cannot read the size of this process");

  return pages * (gsize) sysconf (_SC_PAGESIZE);
}

void
bench_memory_start (BenchMemory *memory)
{
  memory->start = memory->peak = bench_memory_now ();
}

void
bench_memory_sample (BenchMemory *memory)
{
  memory->peak = MAX (memory->peak, bench_memory_now ());
}

/* What @count things that were made since the start weigh, each. What was freed on the way is given
 * back first: it belongs to the making, not to the things. */
void
bench_memory_report_each (BenchMemory *memory, guint64 count, BenchClock *clock)
{
  g_autofree char *each = NULL;
  gsize bytes;

  bench_clock_stop (clock);
  malloc_trim (0);
  bytes = bench_memory_now () - memory->start;
  each = g_strdup_printf (", \"bytes_each\": %.0f", (double) bytes / (double) count);
  bench_report_with (count, bytes, clock, each);
}
