/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* soup-idle: what idle connections of libsoup weigh. Arguments: URL COUNT. Prints the bytes of
 * resident memory that COUNT open connections take, each. */

#include "config.h"

#include <bench-job.h>
#include <bench-memory.h>
#include <bench-report.h>
#include <bench-stream.h>

#include <libsoup/soup.h>

typedef struct
{
  GMainLoop *loop;
  GPtrArray *connections;
  guint64 count;
} Idle;

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  Idle *idle = data;
  g_autoptr (GError) error = NULL;
  SoupWebsocketConnection *connection =
    soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  if (connection == NULL)
    bench_fail ("%s", error->message);

  g_ptr_array_add (idle->connections, connection);
  if (idle->connections->len == idle->count)
    g_main_loop_quit (idle->loop);
}

static void
connect_all (Idle *idle, SoupSession *session, const char *url)
{
  for (guint64 i = 0; i < idle->count; i++)
    {
      g_autoptr (SoupMessage) message = soup_message_new ("GET", url);

      soup_session_websocket_connect_async (session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL,
                                            on_connected, idle);
    }
  g_main_loop_run (idle->loop);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (SoupSession) session = NULL;
  Idle idle = { .loop = loop, .connections = connections };
  BenchMemory memory;
  BenchClock clock;

  if (argc != 3)
    bench_fail ("usage: URL COUNT");
  idle.count = bench_parse_count (argv[2]);
  session = soup_session_new_with_options ("max-conns", (int) idle.count + 1, "max-conns-per-host",
                                           (int) idle.count + 1, NULL);

  bench_clock_start (&clock);
  bench_memory_start (&memory);
  connect_all (&idle, session, argv[1]);
  bench_memory_report_each (&memory, idle.count, &clock);

  return 0;
}
