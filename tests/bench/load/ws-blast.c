/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ws-blast: a server that sends prebuilt text frames to one client as fast as it takes them, or in
 * paced bursts. Prints its port, then what it sent and how long the client took to take it. */

#include "config.h"

#include "load-frames.h"
#include "load-sequence.h"

#include <bench-report.h>
#include <bench-scan.h>

#include <time.h>
#include <unistd.h>

#define CLOSE_TIMEOUT_MS 10000

typedef struct
{
  gint64 messages;
  int size;
  char *lines;
  gboolean numbered;
  int burst;
  int interval_us;
  char *certificate;
  char *key;
} Options;

typedef struct
{
  BenchStream *stream;
  LoadFrames *frames;
  BenchScan scan;
  BenchClock clock;
  guint64 sent;
  guint64 bytes;
  guint64 bursts;
} Blast;

static Options options = { .messages = 1000000, .size = 160, .interval_us = 1000 };

static const GOptionEntry entries[] = {
  { "messages", 'n', 0, G_OPTION_ARG_INT64, &options.messages, "Messages to send", "N" },
  { "size", 's', 0, G_OPTION_ARG_INT, &options.size, "Bytes a message", "BYTES" },
  { "lines", 0, 0, G_OPTION_ARG_FILENAME, &options.lines, "Send this file's lines", "FILE" },
  { "numbered", 0, 0, G_OPTION_ARG_NONE, &options.numbered, "Begin each with its number", NULL },
  { "burst", 0, 0, G_OPTION_ARG_INT, &options.burst, "Messages between two pauses", "N" },
  { "interval-us", 0, 0, G_OPTION_ARG_INT, &options.interval_us, "From burst to burst", "US" },
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
  if (options.messages < 1 || options.size < 0 || options.burst < 0)
    bench_fail ("a count is out of range");
  if (options.numbered && (options.lines != NULL || options.size < LOAD_SEQUENCE_DIGITS))
    bench_fail ("numbered messages need a size of at least %d", LOAD_SEQUENCE_DIGITS);
}

/* Takes what the client sent so far, which is a pong or its Close. FALSE when it went away. */
static gboolean
read_input (Blast *blast)
{
  guint8 buffer[4096];

  while (bench_stream_readable (blast->stream, 0))
    {
      gssize n = bench_stream_read (blast->stream, buffer, sizeof buffer);

      if (n == 0)
        return FALSE;
      bench_scan_feed (&blast->scan, buffer, (gsize) n);
    }

  return !blast->scan.closed;
}

static gboolean
send_some (Blast *blast, guint64 limit)
{
  guint taken;
  gsize size = load_frames_size_of (blast->frames, limit, &taken);

  if (options.numbered)
    load_frames_number (blast->frames);
  if (!bench_stream_write_all (blast->stream, blast->frames->bytes->data, size))
    return FALSE;

  blast->sent += taken;
  blast->bytes += size;

  return read_input (blast);
}

static void
wait_until (gint64 deadline_ns)
{
  struct timespec deadline = { .tv_sec = deadline_ns / 1000000000,
                               .tv_nsec = deadline_ns % 1000000000 };

  clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, NULL);
}

static void
send_all (Blast *blast)
{
  guint64 total = (guint64) options.messages;
  gint64 next_ns = bench_now_ns ();

  while (blast->sent < total)
    {
      guint64 limit = total - blast->sent;

      if (options.burst > 0)
        {
          guint64 in_burst = blast->sent % (guint64) options.burst;

          if (in_burst == 0)
            {
              next_ns += (gint64) options.interval_us * 1000;
              wait_until (next_ns);
              blast->bursts++;
            }
          limit = MIN (limit, (guint64) options.burst - in_burst);
        }

      if (!send_some (blast, limit))
        return;
    }
}

/* Says goodbye and waits until the client has read all and leaves. */
static void
finish (Blast *blast)
{
  g_autoptr (GByteArray) close = g_byte_array_new ();
  static const guint8 normal[] = { 1000 >> 8, 1000 & 0xff };
  guint8 buffer[4096];

  bench_frame_append (close, BENCH_OPCODE_CLOSE, normal, sizeof normal, FALSE);
  bench_stream_write_all (blast->stream, close->data, close->len);

  while (!blast->scan.closed && bench_stream_readable (blast->stream, CLOSE_TIMEOUT_MS))
    {
      gssize n = bench_stream_read (blast->stream, buffer, sizeof buffer);

      if (n == 0)
        break;
      bench_scan_feed (&blast->scan, buffer, (gsize) n);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchTls) tls = NULL;
  g_autofree char *bursts = NULL;
  Blast blast = { 0 };
  guint16 port;
  int listener;

  parse_options (argc, argv);
  if (options.certificate != NULL)
    tls = bench_tls_new (options.certificate, options.key);
  blast.frames = options.lines != NULL ? load_frames_new_from_lines (options.lines, FALSE)
                                       : load_frames_new_filled ((guint) options.size, FALSE);

  listener = bench_listen (&port);
  bench_announce_port (port);

  blast.stream = bench_stream_accept (listener, tls);
  blast.scan.pong_stream = blast.stream;
  if (!bench_handshake_accept (blast.stream))
    bench_fail ("the client left before the handshake");

  bench_clock_start (&blast.clock);
  send_all (&blast);
  finish (&blast);
  bursts = g_strdup_printf (", \"bursts\": %" G_GUINT64_FORMAT, blast.bursts);
  bench_report_with (blast.sent, blast.bytes, &blast.clock, bursts);

  bench_stream_free (blast.stream);
  load_frames_free (blast.frames);
  close (listener);

  return 0;
}
