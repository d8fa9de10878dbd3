/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ws-echo: a server that sends each message of one client back, for round trips. */

#include "config.h"

#include <bench-report.h>
#include <bench-scan.h>

#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE (1024 * 1024)

static char *certificate;
static char *key;

static const GOptionEntry entries[] = {
  { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &certificate, "Serve wss", "FILE" },
  { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, "The certificate's key", "FILE" },
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

/* Turns a client's frame at @start into the server's, in place: without its mask the header is four
 * bytes shorter, so the answer begins four bytes later. */
static gboolean
answer_frame (BenchStream *stream, BenchHeader *header, guint8 *start, gsize header_size)
{
  gsize saved = header->masked ? sizeof header->mask : 0;

  if (header->masked)
    bench_mask (start + header_size, header->length, header->mask);
  if (header->opcode == BENCH_OPCODE_PING)
    header->opcode = BENCH_OPCODE_PONG;
  header->masked = FALSE;
  bench_header_write (header, start + saved);

  return bench_stream_write_all (stream, start + saved, header_size - saved + header->length);
}

static void
echo (BenchStream *stream)
{
  g_autofree guint8 *buffer = g_malloc (BUFFER_SIZE);
  gsize filled = 0;
  BenchClock clock;
  guint64 messages = 0;
  guint64 bytes = 0;
  gboolean open = TRUE;

  bench_clock_start (&clock);
  while (open)
    {
      gssize n = bench_stream_read (stream, buffer + filled, BUFFER_SIZE - filled);
      gsize done = 0;

      filled += (gsize) n;
      open = n > 0;
      while (open)
        {
          BenchHeader header;
          gsize header_size = bench_header_read (&header, buffer + done, filled - done);

          if (header_size == 0 || filled - done < header_size + header.length)
            break;
          open = header.opcode != BENCH_OPCODE_CLOSE;
          if (!answer_frame (stream, &header, buffer + done, header_size))
            open = FALSE;
          done += header_size + header.length;
          messages++;
          bytes += header.length;
        }

      filled -= done;
      memmove (buffer, buffer + done, filled);
    }

  bench_report (messages, bytes, &clock);
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchTls) tls = NULL;
  g_autoptr (BenchStream) stream = NULL;
  guint16 port;
  int listener;

  parse_options (argc, argv);
  if (certificate != NULL)
    tls = bench_tls_new (certificate, key);

  listener = bench_listen (&port);
  bench_announce_port (port);

  stream = bench_stream_accept (listener, tls);
  if (!bench_handshake_accept (stream))
    bench_fail ("the client left before the handshake");
  echo (stream);
  close (listener);

  return 0;
}
