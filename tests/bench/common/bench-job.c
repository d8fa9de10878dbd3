/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "bench-job.h"
#include "bench-stream.h"

#include <string.h>

guint64
bench_parse_count (const char *text)
{
  guint64 count;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &count, NULL))
    bench_fail ("“%s” is no count", text);

  return count;
}

static BenchMode
parse_mode (const char *text)
{
  if (g_str_equal (text, "receive"))
    return BENCH_MODE_RECEIVE;
  if (g_str_equal (text, "send"))
    return BENCH_MODE_SEND;
  if (g_str_equal (text, "echo"))
    return BENCH_MODE_ECHO;
  if (g_str_equal (text, "echo-pair"))
    return BENCH_MODE_ECHO_PAIR;

  bench_fail ("no mode “%s”", text);
}

BenchJob *
bench_job_parse (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  BenchJob *job;

  if (argc != 5)
    bench_fail ("usage: receive|send|echo|echo-pair URL COUNT SIZE");

  job = g_new0 (BenchJob, 1);
  job->mode = parse_mode (argv[1]);
  job->url = argv[2];
  job->uri = g_uri_parse (argv[2], G_URI_FLAGS_NONE, &error);
  if (job->uri == NULL)
    bench_fail ("%s", error->message);
  job->count = bench_parse_count (argv[3]);
  job->size = bench_parse_count (argv[4]);
  job->warm_up = job->count / 10;
  job->payload = g_malloc (job->size + 1);
  memset (job->payload, 'x', job->size);
  job->payload[job->size] = '\0';

  return job;
}

void
bench_job_free (BenchJob *job)
{
  g_uri_unref (job->uri);
  g_free (job->payload);
  g_free (job);
}
