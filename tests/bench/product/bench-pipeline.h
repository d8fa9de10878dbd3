/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <bench-report.h>

#include <eventflux.h>

/* A pipeline that a program of the bench runs. Whatever goes wrong ends the program. */
typedef struct
{
  EfPipeline *pipeline;
  GMainLoop *loop;
} BenchPipeline;

BenchPipeline *bench_pipeline_new (const char *format, ...) G_GNUC_PRINTF (1, 2);
void bench_pipeline_free (BenchPipeline *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchPipeline, bench_pipeline_free)

gpointer bench_pipeline_get (BenchPipeline *self, const char *name);
void bench_pipeline_connect (BenchPipeline *self);
void bench_pipeline_play (BenchPipeline *self);
void bench_pipeline_run (BenchPipeline *self);
void bench_pipeline_quit (BenchPipeline *self);
void bench_pipeline_stop (BenchPipeline *self);

char *bench_endpoint (const char *url);
guint64 bench_get_uint64 (gpointer object, const char *property);
