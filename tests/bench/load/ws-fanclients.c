/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ws-fanclients: many clients in one process that count what one server broadcasts to them. Ends
 * when each got the expected number, with the time from the first message to the last. */

#include "config.h"

#include <bench-report.h>
#include <bench-scan.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE          (64 * 1024)
#define SILENCE_TIMEOUT_MS 20000
#define EVENTS_MAX         256

typedef struct
{
  BenchStream *stream;
  BenchScan scan;
  gboolean done;
} FanClient;

static int n_clients = 500;
static gint64 n_messages = 1000;

static const GOptionEntry entries[] = {
  { "clients", 'c', 0, G_OPTION_ARG_INT, &n_clients, "Clients to connect", "N" },
  { "messages", 'n', 0, G_OPTION_ARG_INT64, &n_messages, "Messages that each expects", "N" },
  G_OPTION_ENTRY_NULL,
};

static GUri *
parse_options (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("URL");
  g_autoptr (GError) error = NULL;
  GUri *uri;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    bench_fail ("%s", error->message);
  if (argc != 2)
    bench_fail ("give the server's URL");
  uri = g_uri_parse (argv[1], G_URI_FLAGS_NONE, &error);
  if (uri == NULL)
    bench_fail ("%s", error->message);

  return uri;
}

static void
client_connect (FanClient *client, GUri *uri, int epoll)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = client };
  g_autoptr (GByteArray) rest = NULL;

  client->stream = bench_stream_connect (uri);
  client->scan.pong_stream = client->stream;
  client->scan.pong_masked = TRUE;
  rest = bench_handshake_connect (client->stream, uri);
  bench_scan_feed (&client->scan, rest->data, rest->len);

  if (epoll_ctl (epoll, EPOLL_CTL_ADD, bench_stream_get_fd (client->stream), &event) < 0)
    bench_fail ("cannot watch a connection: %s", g_strerror (errno));
}

/* Returns TRUE when this read gave the client its last message. */
static gboolean
client_read (FanClient *client, guint8 *buffer)
{
  gssize n = bench_stream_read (client->stream, buffer, READ_SIZE);

  if (n == 0 && !client->done)
    bench_fail ("the server left a client after %" G_GUINT64_FORMAT " messages",
                client->scan.messages);

  bench_scan_feed (&client->scan, buffer, (gsize) n);
  if (client->done || client->scan.messages < (guint64) n_messages)
    return FALSE;

  client->done = TRUE;

  return TRUE;
}

static void
count (FanClient *clients, int epoll, BenchClock *clock)
{
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);
  struct epoll_event events[EVENTS_MAX];
  gboolean started = FALSE;
  int waiting = n_clients;

  while (waiting > 0)
    {
      int n = epoll_wait (epoll, events, EVENTS_MAX, SILENCE_TIMEOUT_MS);

      if (n <= 0)
        bench_fail ("the server was silent for %d ms, %d clients wait", SILENCE_TIMEOUT_MS,
                    waiting);
      if (!started)
        bench_clock_start (clock);
      started = TRUE;
      for (int i = 0; i < n; i++)
        if (client_read (events[i].data.ptr, buffer))
          waiting--;
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GUri) uri = parse_options (argc, argv);
  g_autofree FanClient *clients = g_new0 (FanClient, n_clients);
  int epoll = epoll_create1 (EPOLL_CLOEXEC);
  BenchClock clock;
  guint64 messages = 0;
  guint64 bytes = 0;

  for (int i = 0; i < n_clients; i++)
    client_connect (&clients[i], uri, epoll);

  count (clients, epoll, &clock);

  for (int i = 0; i < n_clients; i++)
    {
      messages += clients[i].scan.messages;
      bytes += clients[i].scan.bytes;
    }
  bench_report (messages, bytes, &clock);

  for (int i = 0; i < n_clients; i++)
    bench_stream_free (clients[i].stream);
  close (epoll);

  return 0;
}
