/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "bench-rounds.h"

void
bench_rounds_init (BenchRounds *rounds, guint64 warm_up, guint64 count)
{
  *rounds = (BenchRounds){ .warm_up = warm_up, .count = count };
  rounds->ns = g_array_sized_new (FALSE, FALSE, sizeof (gint64), (guint) count);
  bench_clock_start (&rounds->clock);
}

/* Call right before a message is sent. */
void
bench_rounds_begin (BenchRounds *rounds)
{
  if (rounds->done == rounds->warm_up)
    bench_clock_start (&rounds->clock);
  rounds->started_ns = bench_now_ns ();
}

/* Call right after its echo came. Returns TRUE while there are more to do. */
gboolean
bench_rounds_end (BenchRounds *rounds)
{
  gint64 taken = bench_now_ns () - rounds->started_ns;

  if (rounds->done >= rounds->warm_up)
    g_array_append_val (rounds->ns, taken);
  rounds->done++;

  return rounds->done < rounds->warm_up + rounds->count;
}

void
bench_rounds_report (BenchRounds *rounds, gsize size)
{
  g_autofree char *latency = NULL;

  bench_clock_stop (&rounds->clock);
  latency = bench_latency_to_json (rounds->ns);
  bench_report_with (rounds->count, rounds->count * size, &rounds->clock, latency);
  g_clear_pointer (&rounds->ns, g_array_unref);
}
