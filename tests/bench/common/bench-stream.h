/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

/* A blocking byte stream over a loopback socket, with or without TLS. */
typedef struct _BenchStream BenchStream;

/* What a TLS server needs: certificate and key, loaded once. */
typedef struct _BenchTls BenchTls;

void bench_fail (const char *format, ...) G_GNUC_PRINTF (1, 2) G_GNUC_NORETURN;

BenchTls *bench_tls_new (const char *certificate, const char *key);
void bench_tls_free (BenchTls *tls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchTls, bench_tls_free)

int bench_listen (guint16 *port);

BenchStream *bench_stream_accept (int listener, BenchTls *tls);
BenchStream *bench_stream_connect (GUri *uri);
void bench_stream_free (BenchStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchStream, bench_stream_free)

int bench_stream_get_fd (BenchStream *stream);
gssize bench_stream_read (BenchStream *stream, void *buffer, gsize size);
gboolean bench_stream_write_all (BenchStream *stream, const void *data, gsize size);
gboolean bench_stream_readable (BenchStream *stream, int timeout_ms);
