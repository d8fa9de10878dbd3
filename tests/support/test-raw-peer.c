/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-raw-server.h"
#include "ef-soup-listener.h"
#include "ef-test-loop.h"

#include <libsoup/soup.h>
#include <string.h>

/* The raw peers against libsoup's own WebSocket code, which knows nothing of them. */

typedef struct
{
  EfRawServer *server;
  SoupSession *session;
  SoupWebsocketConnection *connection;
  GError *error;
  GString *texts;
  gboolean done;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = ef_raw_server_new ();
  fixture->session = soup_session_new ();
  fixture->texts = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->connection);
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->session);
  g_assert_finalize_object (fixture->server);
  g_string_free (fixture->texts, TRUE);
}

static void
message_cb (SoupWebsocketConnection *connection, int type, GBytes *message, Fixture *fixture)
{
  g_string_append_len (fixture->texts, g_bytes_get_data (message, NULL),
                       (gssize) g_bytes_get_size (message));
  g_string_append_c (fixture->texts, ';');
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->connection = soup_session_websocket_connect_finish (fixture->session, result,
                                                               &fixture->error);
  if (fixture->connection != NULL)
    g_signal_connect (fixture->connection, "message", G_CALLBACK (message_cb), fixture);
  fixture->done = TRUE;
}

static void
start_connecting (Fixture *fixture)
{
  g_autoptr (SoupMessage) message = NULL;

  message = soup_message_new (SOUP_METHOD_GET, ef_raw_server_get_url (fixture->server));
  soup_session_websocket_connect_async (fixture->session, message, NULL, NULL, G_PRIORITY_DEFAULT,
                                        NULL, connected_cb, fixture);
}

static void
connect_fully (Fixture *fixture)
{
  start_connecting (fixture);
  ef_test_wait_for (NULL, fixture->done);
}

static void
close_orderly (Fixture *fixture, EfRawPeer *peer)
{
  guint8 first = 0;
  g_autoptr (GBytes) payload = NULL;

  soup_websocket_connection_close (fixture->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, "bye");
  ef_test_wait_for (NULL, ef_raw_peer_take_frame (peer, &first, &payload));
  g_assert_cmphex (first, ==, EF_RAW_CLOSE);
  g_assert_cmpmem (g_bytes_get_data (payload, NULL), g_bytes_get_size (payload), "\x03\xe8"
                                                                                 "bye", 5);

  ef_raw_peer_send_close (peer, 1000, NULL);
  ef_raw_peer_shutdown (peer);
  ef_test_wait_for (NULL, ef_raw_peer_is_eof (peer));
  ef_test_wait_for (NULL, soup_websocket_connection_get_state (fixture->connection)
                            == SOUP_WEBSOCKET_STATE_CLOSED);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;
  guint8 first = 0;
  g_autoptr (GBytes) payload = NULL;
  g_autofree char *host = NULL;
  g_autofree char *expected_host = NULL;

  connect_fully (fixture);
  g_assert_no_error (fixture->error);
  peer = ef_raw_server_wait_peer (fixture->server, 0);
  g_assert_true (g_str_has_prefix (ef_raw_peer_get_head (peer), "GET / HTTP/1.1\r\n"));
  host = ef_raw_peer_get_header (peer, "host");
  expected_host = g_strdup_printf ("127.0.0.1:%u", ef_raw_server_get_port (fixture->server));
  g_assert_cmpstr (host, ==, expected_host);

  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "hello", 5);
  ef_test_wait_for (NULL, strcmp (fixture->texts->str, "hello;") == 0);

  soup_websocket_connection_send_text (fixture->connection, "back");
  ef_test_wait_for (NULL, ef_raw_peer_take_frame (peer, &first, &payload));
  g_assert_cmphex (first, ==, EF_RAW_TEXT);
  g_assert_cmpmem (g_bytes_get_data (payload, NULL), g_bytes_get_size (payload), "back", 4);

  close_orderly (fixture, peer);
}

/* The three forms of a frame's length, both ways. */
static void
test_lengths (Fixture *fixture, gconstpointer data)
{
  const gsize sizes[] = { 0, 125, 126, 65535, 65536 };
  EfRawPeer *peer;

  connect_fully (fixture);
  g_assert_no_error (fixture->error);
  peer = ef_raw_server_wait_peer (fixture->server, 0);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *text = g_strnfill (sizes[i], 'x');
      g_autoptr (GBytes) payload = NULL;
      guint8 first = 0;

      g_string_truncate (fixture->texts, 0);
      ef_raw_peer_send_frame (peer, EF_RAW_BINARY, text, sizes[i]);
      ef_test_wait_for (NULL, fixture->texts->len == sizes[i] + 1);

      soup_websocket_connection_send_text (fixture->connection, text);
      ef_test_wait_for (NULL, ef_raw_peer_take_frame (peer, &first, &payload));
      g_assert_cmpmem (g_bytes_get_data (payload, NULL), g_bytes_get_size (payload), text,
                       sizes[i]);
    }

  close_orderly (fixture, peer);
}

static void
test_tail (Fixture *fixture, gconstpointer data)
{
  connect_fully (fixture);
  g_assert_no_error (fixture->error);
  ef_test_wait_for (NULL, strcmp (fixture->texts->str, "a;") == 0);
  close_orderly (fixture, ef_raw_server_wait_peer (fixture->server, 0));
}

static void
set_up_tail (Fixture *fixture, gconstpointer data)
{
  set_up (fixture, data);
  ef_raw_server_set_tail (fixture->server, "\x81\x01" "a", 3);
}

static void
set_up_steps (Fixture *fixture, gconstpointer data)
{
  set_up_tail (fixture, data);
  ef_raw_server_set_step (fixture->server, 1);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *answer;
    int code;
  } cases[] = {
    { EF_RAW_ANSWER_WRONG_ACCEPT, SOUP_WEBSOCKET_ERROR_BAD_HANDSHAKE },
    { EF_RAW_ANSWER_NO_ACCEPT, SOUP_WEBSOCKET_ERROR_BAD_HANDSHAKE },
    { EF_RAW_ANSWER_NO_UPGRADE, SOUP_WEBSOCKET_ERROR_NOT_WEBSOCKET },
    { EF_RAW_ANSWER_SUBPROTOCOL ("never-offered"), SOUP_WEBSOCKET_ERROR_BAD_HANDSHAKE },
    { EF_RAW_ANSWER_STATUS ("404 Not Found"), SOUP_WEBSOCKET_ERROR_NOT_WEBSOCKET },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ef_raw_server_set_answer (fixture->server, cases[i].answer);
      fixture->done = FALSE;
      connect_fully (fixture);
      g_assert_null (fixture->connection);
      g_assert_error (fixture->error, SOUP_WEBSOCKET_ERROR, cases[i].code);
      g_clear_error (&fixture->error);
      g_assert_cmpuint (ef_raw_server_get_n_peers (fixture->server), >, i);
    }
}

static void
test_no_answer (Fixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  ef_raw_server_set_answer (fixture->server, NULL);
  start_connecting (fixture);
  ef_test_wait_for (NULL, ef_raw_server_get_n_peers (fixture->server) == 1);
  peer = ef_raw_server_get_peer (fixture->server, 0);
  ef_test_wait_for (NULL, ef_raw_peer_get_head (peer) != NULL);
  g_assert_false (ef_raw_peer_is_open (peer));
  g_assert_false (fixture->done);

  soup_session_abort (fixture->session);
  ef_test_wait_for (NULL, ef_raw_peer_is_eof (peer) && fixture->done);
  g_assert_nonnull (fixture->error);
}

static void
test_reset (Fixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  connect_fully (fixture);
  g_assert_no_error (fixture->error);
  peer = ef_raw_server_wait_peer (fixture->server, 0);
  ef_raw_peer_reset (peer);
  ef_test_wait_for (NULL, soup_websocket_connection_get_state (fixture->connection)
                            == SOUP_WEBSOCKET_STATE_CLOSED);
  g_assert_cmpuint (soup_websocket_connection_get_close_code (fixture->connection), ==, 0);
}

static void
test_pause (Fixture *fixture, gconstpointer data)
{
  guint16 port = ef_raw_server_get_port (fixture->server);

  ef_raw_server_pause (fixture->server);
  connect_fully (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_clear_error (&fixture->error);

  ef_raw_server_resume (fixture->server);
  g_assert_cmpuint (ef_raw_server_get_port (fixture->server), ==, port);
  fixture->done = FALSE;
  connect_fully (fixture);
  g_assert_no_error (fixture->error);
  close_orderly (fixture, ef_raw_server_wait_peer (fixture->server, 0));
}

static void
server_connected_cb (SoupServer *server,
                     SoupServerMessage *message,
                     const char *path,
                     SoupWebsocketConnection *connection,
                     gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->connection = g_object_ref (connection);
  g_signal_connect (fixture->connection, "message", G_CALLBACK (message_cb), fixture);
}

/* The raw client, whose frames are masked, against a server of libsoup's. */
static void
test_client (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (EfSoupListener) listener = ef_soup_listener_new (server, NULL);
  g_autoptr (EfRawPeer) peer = NULL;
  g_autofree char *url = NULL;
  g_autofree char *subprotocol = NULL;
  char *protocols[] = { (char *) "chat", NULL };
  guint8 first = 0;

  soup_server_add_websocket_handler (server, "/feed", NULL, protocols, server_connected_cb, fixture,
                                     NULL);
  url = g_strdup_printf ("ws://127.0.0.1:%u/feed", ef_soup_listener_get_port (listener));

  peer = ef_raw_peer_new_client (url, "Sec-WebSocket-Protocol: chat\r\n");
  ef_test_wait_for (NULL, ef_raw_peer_is_open (peer));
  subprotocol = ef_raw_peer_get_header (peer, "Sec-WebSocket-Protocol");
  g_assert_cmpstr (subprotocol, ==, "chat");

  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "hello", 5);
  ef_test_wait_for (NULL, strcmp (fixture->texts->str, "hello;") == 0);
  ef_raw_peer_send_close (peer, 1001, "gone");
  ef_test_wait_for (NULL, ef_raw_peer_take_frame (peer, &first, NULL));
  g_assert_cmphex (first, ==, EF_RAW_CLOSE);
  ef_test_wait_for (NULL, ef_raw_peer_is_eof (peer));
  g_assert_cmpuint (soup_websocket_connection_get_close_code (fixture->connection), ==, 1001);
  soup_server_disconnect (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, up, function) g_test_add (name, Fixture, NULL, up, function, tear_down)
  ADD ("/support/raw-peer/round-trip", set_up, test_round_trip);
  ADD ("/support/raw-peer/lengths", set_up, test_lengths);
  ADD ("/support/raw-peer/tail", set_up_tail, test_tail);
  ADD ("/support/raw-peer/steps", set_up_steps, test_tail);
  ADD ("/support/raw-peer/refused", set_up, test_refused);
  ADD ("/support/raw-peer/no-answer", set_up, test_no_answer);
  ADD ("/support/raw-peer/reset", set_up, test_reset);
  ADD ("/support/raw-peer/pause", set_up, test_pause);
  ADD ("/support/raw-peer/client", set_up, test_client);
#undef ADD

  return g_test_run ();
}
