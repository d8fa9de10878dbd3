/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-connection-fixture.h"

#include <string.h>

/* Reading without end. */

/* A server on a thread of its own, which sends as fast as it is read. */
#define FLOOD_MESSAGES 300
#define FLOOD_SIZE 65536

typedef struct
{
  GAsyncQueue *urls;
  gint stop;
} Flood;

static gpointer
send_flood (gpointer data)
{
  Flood *flood = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autofree char *block = g_malloc0 (FLOOD_SIZE);
  EfRawServer *server;
  EfRawPeer *peer;

  g_main_context_push_thread_default (context);
  server = ef_raw_server_new ();
  g_async_queue_push (flood->urls, g_strdup (ef_raw_server_get_url (server)));
  peer = ef_raw_server_wait_peer (server, 0);
  for (guint i = 0; i < FLOOD_MESSAGES; i++)
    ef_raw_peer_send_frame (peer, EF_RAW_BINARY, block, FLOOD_SIZE);
  while (!g_atomic_int_get (&flood->stop))
    g_main_context_iteration (context, TRUE);

  g_assert_finalize_object (server);
  g_main_context_pop_thread_default (context);

  return g_steal_pointer (&context);
}

static gboolean
draw (gpointer data)
{
  ++*(guint *) data;

  return G_SOURCE_CONTINUE;
}

static void
waste_time (EfWebSocketConnection *connection, gpointer user_data)
{
  g_usleep (500);
  g_string_truncate (((EfConnectionFixture *) user_data)->log, 0);
}

/* Reading without end leaves time to what has a lower priority, and that, which is busy without end
 * too, leaves time to reading. */
static void
test_flood_starves_nobody (EfConnectionFixture *fixture, gconstpointer data)
{
  g_autoptr (GSource) idle = g_idle_source_new ();
  Flood flood = { .urls = g_async_queue_new () };
  guint n_drawn = 0;
  GMainContext *context;
  GThread *thread = g_thread_new ("flood", send_flood, &flood);

  g_free (fixture->options.url);
  fixture->options.url = g_async_queue_pop (flood.urls);
  ef_connection_fixture_begin_connect (fixture, NULL);
  ef_test_wait_for (NULL, fixture->connect_done);
  g_assert_no_error (fixture->connect_error);

  fixture->on_received = waste_time;
  g_source_set_callback (idle, draw, &n_drawn, NULL);
  g_source_attach (idle, NULL);
  ef_web_socket_connection_set_reading (fixture->connection, TRUE);
  ef_test_wait_for (NULL, ef_web_socket_connection_get_read (fixture->connection)
                            >= FLOOD_MESSAGES * FLOOD_SIZE);
  g_source_destroy (idle);
  g_test_message ("drawn %u times", n_drawn);
  g_assert_cmpuint (n_drawn, >, 5);

  g_atomic_int_set (&flood.stop, TRUE);
  ef_web_socket_connection_abort (fixture->connection);
  context = g_thread_join (thread);
  g_main_context_unref (context);
  g_async_queue_unref (flood.urls);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/connection/" path, EfConnectionFixture, NULL, ef_connection_fixture_set_up, func, \
              ef_connection_fixture_tear_down)
  ADD ("flood-starves-nobody", test_flood_starves_nobody);
#undef ADD

  return g_test_run ();
}
