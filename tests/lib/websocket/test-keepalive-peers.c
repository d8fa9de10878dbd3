/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sink-fixture.h"
#include "ef-test-element.h"

#include <string.h>

/* The same for those who send: sinks, and servers with their clients. */

static void
test_silent (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (fixture);

  EF_SINK_FIXTURE_PUSH (fixture, "a", "b");
  ef_test_clock_let_pass (fixture->clock, SECONDS (30));
  ef_raw_peer_skip_to (peer, EF_RAW_PING);
  ef_test_clock_let_pass (fixture->clock, SECONDS (10) - 1);
  g_assert_no_error (fixture->error);
  ef_test_clock_let_pass (fixture->clock, 1);
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_TIMED_OUT);
}

/* The ping does not even leave. What waits goes to the next connection. What the kernels still take
 * among themselves is a sign of life, so another ping may be needed. */
static void
test_stops_reading (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (fixture);
  guint n_sent;
  guint n;

  ef_raw_peer_set_reading (peer, FALSE);
  n = ef_sink_fixture_publish_blocks (fixture, TRUE);
  ef_test_clock_let_pass (fixture->clock, SECONDS (30));
  ef_test_clock_let_pass (fixture->clock, SECONDS (10) - 1);
  g_assert_no_error (fixture->error);
  for (guint i = 0; i < 30 && fixture->error == NULL; i++)
    ef_test_clock_let_pass (fixture->clock, i == 0 ? 1 : SECONDS (10));
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_TIMED_OUT);
  n_sent = (guint) ef_sink_fixture_get_stat (fixture, "messages-sent");
  g_assert_cmpuint (n_sent, <, n);

  ef_test_clock_advance (fixture->clock, SECONDS (1));
  ef_sink_fixture_expect_blocks (ef_raw_server_wait_peer (fixture->server, 1), n_sent, n);
}

/* One that reads again, if slowly, is there. */
static void
test_slow_reader (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (fixture);
  guint64 n_sent;

  ef_raw_peer_set_reading (peer, FALSE);
  ef_sink_fixture_publish_blocks (fixture, TRUE);
  n_sent = ef_sink_fixture_get_stat (fixture, "messages-sent");
  ef_test_clock_let_pass (fixture->clock, SECONDS (30));
  ef_raw_peer_set_reading (peer, TRUE);
  ef_test_wait_for (NULL, ef_sink_fixture_get_stat (fixture, "messages-sent") > n_sent);
  ef_raw_peer_set_reading (peer, FALSE);
  ef_test_clock_let_pass (fixture->clock, SECONDS (10));
  g_assert_no_error (fixture->error);
}

/* Servers */

typedef struct
{
  EfTestClock *clock;
  EfElement *element;
  GString *log;
} ServerFixture;

static void
on_client_disconnected (EfElement *element,
                        guint64 client,
                        guint code,
                        const char *reason,
                        ServerFixture *fixture)
{
  g_string_append_printf (fixture->log, "-%" G_GUINT64_FORMAT ":%u ", client, code);
}

static void
on_error (EfElement *element, GError *error, ServerFixture *fixture)
{
  g_assert_error (error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_TIMED_OUT);
  g_string_append_printf (fixture->log, "(%s) ", error->message);
}

static void
server_set_up (ServerFixture *fixture, gconstpointer data)
{
  GType type = data != NULL ? EF_TYPE_WEB_SOCKET_SERVER_SINK : EF_TYPE_WEB_SOCKET_SERVER_SOURCE;

  fixture->clock = ef_test_clock_new ();
  fixture->log = g_string_new (NULL);
  fixture->element = g_object_new (type, "url", "ws://127.0.0.1:0/", "idle-timeout-ms", 50000, NULL);
  ef_element_set_clock (fixture->element, EF_CLOCK (fixture->clock));
  g_signal_connect (fixture->element, "client-disconnected", G_CALLBACK (on_client_disconnected),
                    fixture);
  g_signal_connect (fixture->element, "error", G_CALLBACK (on_error), fixture);
  ef_test_start (fixture->element);
}

static void
server_tear_down (ServerFixture *fixture, gconstpointer data)
{
  ef_test_stop (fixture->element);
  ef_test_drain (NULL);
  ef_test_assert_finalizes (NULL, fixture->element);
  g_string_free (fixture->log, TRUE);
  g_assert_finalize_object (fixture->clock);
}

static EfRawPeer *
connect_client (ServerFixture *fixture, guint expected)
{
  g_autofree char *url = NULL;
  EfRawPeer *peer;
  guint port, n;

  g_object_get (fixture->element, "port", &port, NULL);
  url = g_strdup_printf ("ws://127.0.0.1:%u/", port);
  peer = ef_raw_peer_new_client (url, NULL);
  do
    {
      g_main_context_iteration (NULL, TRUE);
      g_object_get (fixture->element, "n-clients", &n, NULL);
    }
  while (n < expected);
  ef_test_wait_for (NULL, ef_raw_peer_is_open (peer));

  return peer;
}

static void
test_clients (ServerFixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) dead = connect_client (fixture, 1);
  g_autoptr (EfRawPeer) alive = connect_client (fixture, 2);
  guint64 rtt = 0;

  /* Both are pinged, and one answers. */
  ef_test_clock_let_pass (fixture->clock, SECONDS (30));
  ef_raw_peer_skip_to (dead, EF_RAW_PING);
  for (guint8 first = 0; first != EF_RAW_PING;)
    {
      g_autoptr (GBytes) payload = NULL;
      gsize size;
      gconstpointer bytes;

      ef_test_wait_for (NULL, ef_raw_peer_take_frame (alive, &first, &payload));
      bytes = g_bytes_get_data (payload, &size);
      ef_test_clock_let_pass (fixture->clock, 777);
      ef_raw_peer_send_frame (alive, EF_RAW_PONG, bytes, size);
    }
  while (rtt == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      g_object_get (fixture->element, "rtt", &rtt, NULL);
    }
  g_assert_cmpuint (rtt, ==, 777);

  ef_test_clock_let_pass (fixture->clock, SECONDS (10) - 778);
  g_assert_cmpstr (fixture->log->str, ==, "");
  ef_test_clock_let_pass (fixture->clock, 1);
  ef_test_wait_for (NULL, ef_raw_peer_is_eof (dead));
  g_assert_cmpstr (fixture->log->str, ==,
                   "(client 1: the peer is silent: nothing came within 10000 ms after a ping; "
                   "“pong-timeout-ms” allows more) -1:1006 ");

  /* A pong keeps nobody from being idle. */
  g_string_truncate (fixture->log, 0);
  ef_test_clock_let_pass (fixture->clock, SECONDS (10));
  ef_test_wait_for (NULL, ef_raw_peer_is_eof (alive));
  g_assert_cmpstr (fixture->log->str, ==,
                   "(client 2: no message came for 50000 ms; “idle-timeout-ms” allows more) -2:1006 ");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/keepalive/sink/" path, EfSinkFixture, NULL, ef_sink_fixture_set_up, func, \
              ef_sink_fixture_tear_down)
  ADD ("silent", test_silent);
  ADD ("stops-reading", test_stops_reading);
  ADD ("slow-reader", test_slow_reader);
#undef ADD

  g_test_add ("/keepalive/server-source", ServerFixture, NULL, server_set_up, test_clients,
              server_tear_down);
  g_test_add ("/keepalive/server-sink", ServerFixture, "sink", server_set_up, test_clients,
              server_tear_down);

  return g_test_run ();
}
