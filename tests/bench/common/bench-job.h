/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

/* The bytes of each trade in data/trades.jsonl. */
#define BENCH_TRADE_SIZE 113

/* What a client program of the bench is told to do: MODE URL COUNT SIZE. */
typedef enum
{
  BENCH_MODE_RECEIVE,
  BENCH_MODE_SEND,
  BENCH_MODE_ECHO,
  BENCH_MODE_ECHO_PAIR, /* sends on one connection, receives on another */
} BenchMode;

typedef struct
{
  BenchMode mode;
  const char *url;
  GUri *uri;
  guint64 count;
  gsize size;
  guint64 warm_up; /* round trips before the ones that count */
  char *payload;
} BenchJob;

BenchJob *bench_job_parse (int argc, char **argv);
void bench_job_free (BenchJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchJob, bench_job_free)

guint64 bench_parse_count (const char *text);
