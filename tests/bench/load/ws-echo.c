/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ws-echo: a server that sends each message of one client back, for round trips. With --pair it
 * takes two connections and gives to each what the other sent, for a client whose input and output
 * are two connections. */

#include "config.h"

#include <bench-report.h>
#include <bench-scan.h>

#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE (1024 * 1024)

static gboolean pair;
static char *certificate;
static char *key;

static const GOptionEntry entries[] = {
  { "pair", 0, 0, G_OPTION_ARG_NONE, &pair, "Connect two clients with each other", NULL },
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
forward_frame (BenchStream *to, BenchHeader *header, guint8 *start, gsize header_size)
{
  gsize saved = header->masked ? sizeof header->mask : 0;

  if (header->masked)
    bench_mask (start + header_size, header->length, header->mask);
  header->masked = FALSE;
  bench_header_write (header, start + saved);

  return bench_stream_write_all (to, start + saved, header_size - saved + header->length);
}

/* One direction: what comes from a connection, and where it goes. */
typedef struct
{
  BenchStream *from;
  BenchStream *to;
  guint64 messages;
  guint64 bytes;
} Direction;

/* Messages go to the other side, what a frame says about its own connection goes back. FALSE when
 * it is time to end. */
static gboolean
answer_frame (Direction *self, BenchHeader *header, guint8 *start, gsize header_size)
{
  switch (header->opcode)
    {
    case BENCH_OPCODE_CLOSE:
      forward_frame (self->from, header, start, header_size);
      return FALSE;
    case BENCH_OPCODE_PING:
      header->opcode = BENCH_OPCODE_PONG;
      return forward_frame (self->from, header, start, header_size);
    case BENCH_OPCODE_PONG:
      return TRUE;
    case BENCH_OPCODE_CONTINUATION:
    case BENCH_OPCODE_TEXT:
    case BENCH_OPCODE_BINARY:
    default:
      self->messages++;
      self->bytes += header->length;
      return forward_frame (self->to, header, start, header_size);
    }
}

/* Answers the whole frames in the buffer; returns how many bytes they took. FALSE in @open when it
 * is time to end. */
static gsize
answer_frames (Direction *self, guint8 *buffer, gsize filled, gboolean *open)
{
  gsize done = 0;

  while (*open)
    {
      BenchHeader header;
      gsize header_size = bench_header_read (&header, buffer + done, filled - done);

      if (header_size == 0 || filled - done < header_size + header.length)
        break;

      *open = answer_frame (self, &header, buffer + done, header_size);
      done += header_size + header.length;
    }

  return done;
}

static gpointer
run_direction (gpointer data)
{
  Direction *self = data;
  g_autofree guint8 *buffer = g_malloc (BUFFER_SIZE);
  gsize filled = 0;
  gboolean open = TRUE;

  while (open)
    {
      gssize n = bench_stream_read (self->from, buffer + filled, BUFFER_SIZE - filled);
      gsize done;

      filled += (gsize) n;
      open = n > 0;
      done = answer_frames (self, buffer, filled, &open);
      filled -= done;
      memmove (buffer, buffer + done, filled);
    }

  return NULL;
}

static BenchStream *
accept_client (int listener, BenchTls *tls)
{
  BenchStream *stream = bench_stream_accept (listener, tls);

  if (!bench_handshake_accept (stream))
    bench_fail ("the client left before the handshake");

  return stream;
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchTls) tls = NULL;
  g_autoptr (BenchStream) first = NULL;
  g_autoptr (BenchStream) second = NULL;
  Direction there = { 0 };
  Direction back = { 0 };
  BenchClock clock;
  guint16 port;
  int listener;

  parse_options (argc, argv);
  if (certificate != NULL)
    tls = bench_tls_new (certificate, key);

  listener = bench_listen (&port);
  bench_announce_port (port);

  first = accept_client (listener, tls);
  if (pair)
    second = accept_client (listener, tls);
  there = (Direction){ .from = first, .to = pair ? second : first };
  back = (Direction){ .from = second, .to = first };

  /* A thread a direction rather than one poll for both, which would cost each message a call. */
  bench_clock_start (&clock);
  if (pair)
    {
      GThread *thread = g_thread_new ("back", run_direction, &back);

      run_direction (&there);
      g_thread_join (thread);
    }
  else
    {
      run_direction (&there);
    }
  bench_report (there.messages + back.messages, there.bytes + back.bytes, &clock);
  close (listener);

  return 0;
}
