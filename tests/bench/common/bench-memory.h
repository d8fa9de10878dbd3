/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "bench-report.h"

/* The resident memory of this process: at the start, and the most that was seen since. */
typedef struct
{
  gsize start;
  gsize peak;
} BenchMemory;

gsize bench_memory_now (void);
void bench_memory_start (BenchMemory *memory);
void bench_memory_sample (BenchMemory *memory);
void bench_memory_report_each (BenchMemory *memory, guint64 count, BenchClock *clock);
