/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* lws-client: libwebsockets on its own event loop. */

#include "config.h"

#include <bench-job.h>
#include <bench-rounds.h>
#include <bench-stream.h>

#include <libwebsockets.h>
#include <string.h>

#define RECEIVE_BUFFER (64 * 1024)

typedef struct
{
  BenchJob *job;
  struct lws *wsi;
  guint8 *frame; /* room for the header, then the payload */
  BenchClock clock;
  BenchRounds rounds;
  guint64 messages;
  guint64 bytes;
  gboolean finished;
} LwsClient;

static void
write_message (LwsClient *client)
{
  /* The library masks in place, so the payload is laid anew for each message. */
  memcpy (client->frame + LWS_PRE, client->job->payload, client->job->size);
  if (lws_write (client->wsi, client->frame + LWS_PRE, client->job->size, LWS_WRITE_TEXT) < 0)
    bench_fail ("the server left");
}

static void
on_writable (LwsClient *client)
{
  if (client->job->mode == BENCH_MODE_ECHO)
    {
      bench_rounds_begin (&client->rounds);
      write_message (client);
      return;
    }

  while (client->messages < client->job->count && !lws_send_pipe_choked (client->wsi))
    {
      write_message (client);
      client->messages++;
    }
  if (client->messages < client->job->count)
    lws_callback_on_writable (client->wsi);
}

static void
on_message (LwsClient *client)
{
  switch (client->job->mode)
    {
    case BENCH_MODE_RECEIVE:
      client->finished = ++client->messages == client->job->count;
      if (client->finished)
        bench_report (client->messages, client->bytes, &client->clock);
      break;
    case BENCH_MODE_SEND:
      client->finished = TRUE;
      bench_report (client->job->count, client->job->count * client->job->size, &client->clock);
      break;
    case BENCH_MODE_ECHO:
      client->finished = !bench_rounds_end (&client->rounds);
      if (client->finished)
        bench_rounds_report (&client->rounds, client->job->size);
      else
        lws_callback_on_writable (client->wsi);
      break;
    case BENCH_MODE_ECHO_PAIR:
    default:
      bench_fail ("a pair of connections is not for this program");
    }
}

static int
callback (struct lws *wsi, enum lws_callback_reasons reason, void *user, void *data, size_t size)
{
  LwsClient *client = lws_context_user (lws_get_context (wsi));

  switch ((int) reason)
    {
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
      client->wsi = wsi;
      bench_clock_start (&client->clock);
      bench_rounds_init (&client->rounds, client->job->warm_up, client->job->count);
      if (client->job->mode != BENCH_MODE_RECEIVE)
        lws_callback_on_writable (wsi);
      break;
    case LWS_CALLBACK_CLIENT_RECEIVE:
      client->bytes += size;
      if (lws_is_final_fragment (wsi) && !client->finished)
        on_message (client);
      break;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
      on_writable (client);
      break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
    case LWS_CALLBACK_CLIENT_CLOSED:
      if (!client->finished)
        bench_fail ("no connection after %" G_GUINT64_FORMAT " messages", client->messages);
      break;
    default:
      break;
    }

  return 0;
}

static struct lws_context *
create_context (LwsClient *client)
{
  static const struct lws_protocols protocols[] = {
    { "bench", callback, 0, RECEIVE_BUFFER, 0, NULL, 0 },
    { NULL, NULL, 0, 0, 0, NULL, 0 },
  };
  struct lws_context_creation_info info = {
    .port = CONTEXT_PORT_NO_LISTEN,
    .protocols = protocols,
    .options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
    .pt_serv_buf_size = RECEIVE_BUFFER,
    .user = client,
  };

  lws_set_log_level (LLL_ERR, NULL);

  return lws_create_context (&info);
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchJob) job = bench_job_parse (argc, argv);
  g_autofree guint8 *frame = g_malloc0 (LWS_PRE + job->size);
  LwsClient client = { .job = job, .frame = frame };
  struct lws_context *context = create_context (&client);
  struct lws_client_connect_info info = {
    .context = context,
    .address = g_uri_get_host (job->uri),
    .host = g_uri_get_host (job->uri),
    .origin = g_uri_get_host (job->uri),
    .port = g_uri_get_port (job->uri),
    .path = "/",
    .local_protocol_name = "bench",
  };

  /* The bench made the certificate itself. */
  if (g_str_equal (g_uri_get_scheme (job->uri), "wss"))
    info.ssl_connection =
      LCCSCF_USE_SSL | LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;

  if (lws_client_connect_via_info (&info) == NULL)
    bench_fail ("cannot connect");
  while (!client.finished)
    lws_service (context, 0);
  lws_context_destroy (context);

  return 0;
}
