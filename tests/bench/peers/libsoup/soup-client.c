/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* soup-client: libsoup's own WebSocket connection, used as its documentation shows. */

#include "config.h"

#include <bench-job.h>
#include <bench-rounds.h>
#include <bench-stream.h>

#include <libsoup/soup.h>

/* Messages handed over before the main loop may write them. */
#define SEND_BATCH 64

typedef struct
{
  BenchJob *job;
  GMainLoop *loop;
  SoupWebsocketConnection *connection;
  BenchClock clock;
  BenchRounds rounds;
  guint64 messages;
  guint64 bytes;
} SoupClient;

static void
on_received (SoupClient *client, SoupWebsocketDataType type, GBytes *message)
{
  client->messages++;
  client->bytes += g_bytes_get_size (message);
  if (client->messages == client->job->count)
    {
      bench_report (client->messages, client->bytes, &client->clock);
      g_main_loop_quit (client->loop);
    }
}

static gboolean
send_batch (gpointer data)
{
  SoupClient *client = data;

  for (guint i = 0; i < SEND_BATCH && client->messages < client->job->count; i++)
    {
      soup_websocket_connection_send_text (client->connection, client->job->payload);
      client->messages++;
    }

  return client->messages < client->job->count;
}

static void
on_all_sent (SoupClient *client)
{
  bench_report (client->job->count, client->job->count * client->job->size, &client->clock);
  g_main_loop_quit (client->loop);
}

static void
send_round (SoupClient *client)
{
  bench_rounds_begin (&client->rounds);
  soup_websocket_connection_send_text (client->connection, client->job->payload);
}

static void
on_echo (SoupClient *client)
{
  if (bench_rounds_end (&client->rounds))
    {
      send_round (client);
      return;
    }

  bench_rounds_report (&client->rounds, client->job->size);
  g_main_loop_quit (client->loop);
}

static void
on_closed (SoupClient *client)
{
  bench_fail ("the server left after %" G_GUINT64_FORMAT " messages", client->messages);
}

static void
start (SoupClient *client)
{
  static const GCallback callbacks[] = {
    [BENCH_MODE_RECEIVE] = G_CALLBACK (on_received),
    [BENCH_MODE_SEND] = G_CALLBACK (on_all_sent),
    [BENCH_MODE_ECHO] = G_CALLBACK (on_echo),
    [BENCH_MODE_ECHO_PAIR] = NULL,
  };

  if (callbacks[client->job->mode] == NULL)
    bench_fail ("a pair of connections is not for this program");
  g_signal_connect_swapped (client->connection, "message", callbacks[client->job->mode], client);
  g_signal_connect_swapped (client->connection, "closed", G_CALLBACK (on_closed), client);
  bench_clock_start (&client->clock);

  if (client->job->mode == BENCH_MODE_SEND)
    {
      /* At idle priority, which lets the connection write first. */
      g_idle_add (send_batch, client);
    }
  else if (client->job->mode == BENCH_MODE_ECHO)
    {
      bench_rounds_init (&client->rounds, client->job->warm_up, client->job->count);
      send_round (client);
    }
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  SoupClient *client = data;
  g_autoptr (GError) error = NULL;

  client->connection =
    soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  if (client->connection == NULL)
    bench_fail ("%s", error->message);
  soup_websocket_connection_set_max_incoming_payload_size (client->connection, 0);

  start (client);
}

/* The bench made the certificate itself. */
static gboolean
accept_certificate (void)
{
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchJob) job = bench_job_parse (argc, argv);
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (SoupMessage) message = soup_message_new ("GET", job->url);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  SoupClient client = { .job = job, .loop = loop };

  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate), NULL);
  soup_session_websocket_connect_async (session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL,
                                        on_connected, &client);
  g_main_loop_run (loop);
  g_signal_handlers_disconnect_by_data (client.connection, &client);
  g_object_unref (client.connection);

  return 0;
}
