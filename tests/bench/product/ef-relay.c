/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ef-relay: trades in, mapped, out. Arguments: [sql] URL_IN URL_OUT COUNT. Five columns are decoded and
 * three encoded; with `sql`, four are decoded, and three results of a query encoded. */

#include "config.h"

#include "bench-pipeline.h"

#include <bench-job.h>
#include <bench-stream.h>

#define MAPPING                                                                                    \
  "jsondecode schema=\"e STRING, s STRING, p STRING, q STRING, T BIGINT\" "                         \
  "! jsonencode template='{\"s\":\"{{s}}\",\"p\":\"{{p}}\",\"T\":{{T}}}'"

/* All of them pass, for the server at the end waits for so many. */
#define QUERY                                                                                      \
  "jsondecode schema=\"s STRING, p DOUBLE, q DOUBLE, T BIGINT\" "                                  \
  "! sql query=\"SELECT s, p * q AS amount, T FROM Trades WHERE p * q >= 0\" ! jsonencode"

int
main (int argc, char **argv)
{
  g_autoptr (BenchPipeline) pipeline = NULL;
  g_autofree char *in = NULL;
  g_autofree char *out = NULL;
  BenchClock clock;
  EfPad *pad;
  gboolean in_sql = argc > 1 && g_str_equal (argv[1], "sql");
  guint64 count;

  argv += in_sql ? 1 : 0;
  if (argc != (in_sql ? 5 : 4))
    bench_fail ("usage: [sql] URL_IN URL_OUT COUNT");
  in = bench_endpoint (argv[1]);
  out = bench_endpoint (argv[2]);
  count = bench_parse_count (argv[3]);

  pipeline = bench_pipeline_new ("websocketsource name=in %s ! %s ! websocketsink %s", in,
                                 in_sql ? QUERY : MAPPING, out);
  pad = ef_element_get_src_pad (bench_pipeline_get (pipeline, "in"));
  bench_pipeline_connect (pipeline);

  bench_clock_start (&clock);
  bench_pipeline_play (pipeline);
  bench_pipeline_run (pipeline);
  bench_clock_stop (&clock);
  if (ef_pad_get_n_events (pad) != count)
    bench_fail ("%" G_GUINT64_FORMAT " messages came", ef_pad_get_n_events (pad));
  bench_report (count, count * BENCH_TRADE_SIZE, &clock);
  bench_pipeline_stop (pipeline);

  return 0;
}
