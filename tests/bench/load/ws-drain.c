/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ws-drain: a server that reads one client's messages and counts them. When the expected number has
 * come it says so with a text message "done", which tells a client that all it sent arrived. */

#include "config.h"

#include "load-sequence.h"

#include <bench-report.h>
#include <bench-scan.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE        (256 * 1024)
#define LEAVE_TIMEOUT_MS 10000

typedef struct
{
  gint64 messages;
  gboolean numbered;
  int stall_ms;
  char *certificate;
  char *key;
} Options;

static Options options = { .messages = 1000000 };

static const GOptionEntry entries[] = {
  { "messages", 'n', 0, G_OPTION_ARG_INT64, &options.messages, "Messages to expect", "N" },
  { "numbered", 0, 0, G_OPTION_ARG_NONE, &options.numbered, "Check the messages' numbers", NULL },
  { "stall-ms", 0, 0, G_OPTION_ARG_INT, &options.stall_ms, "Read nothing at first", "MS" },
  { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &options.certificate, "Serve wss", "FILE" },
  { "key", 0, 0, G_OPTION_ARG_FILENAME, &options.key, "The certificate's key", "FILE" },
  G_OPTION_ENTRY_NULL,
};

static void
parse_options (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    bench_fail ("%s", error->message);
}

static void
check_number (BenchScan *scan, const guint8 *start, gsize size, gpointer user_data)
{
  char digits[LOAD_SEQUENCE_DIGITS + 1] = { 0 };
  guint64 expected = scan->messages - 1;

  if (size < LOAD_SEQUENCE_DIGITS)
    bench_fail ("message %" G_GUINT64_FORMAT " is too short for a number", expected);

  memcpy (digits, start, LOAD_SEQUENCE_DIGITS);
  if (g_ascii_strtoull (digits, NULL, 10) != expected)
    bench_fail ("message %" G_GUINT64_FORMAT " has the number %s", expected, digits);
}

static gboolean
read_some (BenchStream *stream, BenchScan *scan, guint8 *buffer)
{
  gssize n = bench_stream_read (stream, buffer, READ_SIZE);

  bench_scan_feed (scan, buffer, (gsize) n);

  return n > 0;
}

static void
send_frame (BenchStream *stream, BenchOpcode opcode, const void *payload, gsize size)
{
  g_autoptr (GByteArray) frame = g_byte_array_new ();

  bench_frame_append (frame, opcode, payload, size, FALSE);
  bench_stream_write_all (stream, frame->data, frame->len);
}

static void
drain (BenchStream *stream)
{
  static const guint8 normal[] = { 1000 >> 8, 1000 & 0xff };
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);
  BenchScan scan = { .pong_stream = stream };
  guint64 total = (guint64) options.messages;
  BenchClock clock;
  gboolean open;

  if (options.numbered)
    scan.on_message = check_number;

  if (options.stall_ms > 0)
    g_usleep ((gulong) options.stall_ms * 1000);

  open = bench_stream_readable (stream, -1);
  bench_clock_start (&clock);
  while (open && !scan.closed && scan.messages < total)
    open = read_some (stream, &scan, buffer);
  bench_report (scan.messages, scan.bytes, &clock);
  if (scan.messages < total)
    exit (1);

  send_frame (stream, BENCH_OPCODE_TEXT, "done", 4);
  while (open && !scan.closed && bench_stream_readable (stream, LEAVE_TIMEOUT_MS))
    open = read_some (stream, &scan, buffer);
  if (scan.closed)
    send_frame (stream, BENCH_OPCODE_CLOSE, normal, sizeof normal);
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchTls) tls = NULL;
  g_autoptr (BenchStream) stream = NULL;
  guint16 port;
  int listener;

  parse_options (argc, argv);
  if (options.certificate != NULL)
    tls = bench_tls_new (options.certificate, options.key);

  listener = bench_listen (&port);
  bench_announce_port (port);

  stream = bench_stream_accept (listener, tls);
  if (!bench_handshake_accept (stream))
    bench_fail ("the client left before the handshake");
  drain (stream);
  close (listener);

  return 0;
}
