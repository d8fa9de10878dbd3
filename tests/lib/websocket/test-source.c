/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-source-fixture.h"

#include <string.h>

/* What the source delivers and tells, and how it stops. */

static void
test_messages (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_source_fixture_start (fixture);

  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "one", 3);
  ef_raw_peer_send_frame (peer, EF_RAW_BINARY, "two", 3);
  ef_raw_peer_send (peer, "\x01\x02th\x89\x02hi\x80\x03ree", 13);
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "", 0);
  ef_test_wait_for (NULL, fixture->sink->n_events == 4);
  g_assert_cmpstr (fixture->sink->log->str, ==, "one;<two>;three;;|");
  g_assert_cmpstr (fixture->signals->str, ==, "connected:- ");

  ef_source_fixture_stop_with_peer (fixture, peer);
  g_assert_cmpstr (fixture->signals->str, ==, "connected:- disconnected:1000: ");
  g_assert_cmpstr (fixture->bus_log->str, ==, "connected disconnected ");
}

static void
test_message_signal (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_source_fixture_start (fixture);
  gulong handler = g_signal_connect (fixture->source, "message",
                                     G_CALLBACK (ef_source_fixture_on_message), fixture);

  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "one", 3);
  ef_raw_peer_send_frame (peer, EF_RAW_BINARY, "two", 3);
  ef_source_fixture_wait_log (fixture, "one;<two>;|");
  g_assert_cmpstr (fixture->signals->str, ==, "connected:- text:one binary:two ");

  g_signal_handler_disconnect (fixture->source, handler);
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "three", 5);
  ef_source_fixture_wait_log (fixture, "one;<two>;|three;|");
  g_assert_cmpstr (fixture->signals->str, ==, "connected:- text:one binary:two ");
  ef_source_fixture_stop_with_peer (fixture, peer);
}

static void
stop_on_message (EfWebSocketSource *source, GBytes *bytes, int type, EfSourceFixture *fixture)
{
  ef_source_fixture_on_message (source, bytes, (EfWebSocketMessageType) type, fixture);
  ef_element_stop (EF_ELEMENT (source));
}

static void
test_stop_from_handler (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_source_fixture_start (fixture);

  g_signal_connect (fixture->source, "message", G_CALLBACK (stop_on_message), fixture);
  ef_raw_peer_send (peer, "\x81\x01" "1\x81\x01" "2\x81\x01" "3", 9);
  ef_source_fixture_answer_close (peer);
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (fixture->source)) == EF_STATE_NULL);
  g_assert_cmpstr (fixture->signals->str, ==, "connected:- text:1 disconnected:1000: ");
  g_assert_cmpstr (fixture->sink->log->str, ==, "");
}

static void
test_request (EfSourceFixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *authorization = NULL;
  g_autofree char *protocols = NULL;
  g_autofree char *key = NULL;
  g_autofree char *chosen = NULL;
  EfRawPeer *peer;

  g_hash_table_insert (headers, (gpointer) "Authorization", (gpointer) "Bearer secret");
  g_object_set (fixture->source, "headers", headers, "subprotocol", "chat.v2, chat.v1", NULL);
  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_SUBPROTOCOL ("chat.v1"));
  peer = ef_source_fixture_start (fixture);

  authorization = ef_raw_peer_get_header (peer, "Authorization");
  protocols = ef_raw_peer_get_header (peer, "Sec-WebSocket-Protocol");
  key = ef_raw_peer_get_header (peer, "Sec-WebSocket-Key");
  g_object_get (fixture->source, "negotiated-subprotocol", &chosen, NULL);
  g_assert_cmpstr (authorization, ==, "Bearer secret");
  g_assert_cmpstr (protocols, ==, "chat.v2, chat.v1");
  g_assert_cmpuint (strlen (key), ==, 24);
  g_assert_cmpstr (chosen, ==, "chat.v1");
  g_assert_cmpstr (fixture->signals->str, ==, "connected:chat.v1 ");
  ef_source_fixture_stop_with_peer (fixture, peer);
}

/* 100, 200, 400 … up to 1000 milliseconds: neither earlier nor later. */
/* A connection that brings a message makes delays start over, one that brings nothing does not. */
/* A server that refuses what it gets from us is not healthy even if it sends something first. */
/* What happens during a pause comes when it is over. */
static void
test_end_of_stream (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (fixture->source, "reconnect", FALSE, NULL);
  peer = ef_source_fixture_start (fixture);
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "last", 4);
  ef_raw_peer_send_close (peer, 1000, "done");
  ef_source_fixture_wait_log (fixture, "last;|EOS;");
  g_assert_cmpstr (fixture->signals->str, ==, "connected:- disconnected:1000:done ");
  ef_test_wait_for (NULL, g_str_has_suffix (fixture->bus_log->str, "EOS "));
}

static void
test_error_without_reconnect (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (fixture->source, "reconnect", FALSE, NULL);
  peer = ef_source_fixture_start (fixture);
  ef_raw_peer_send_close (peer, 1011, "broken");
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED);
  g_assert_nonnull (strstr (fixture->error->message, "1011: broken"));
  g_clear_error (&fixture->error);
  g_assert_cmpstr (fixture->sink->log->str, ==, "");
}

static void
test_broken_without_reconnect (EfSourceFixture *fixture, gconstpointer data)
{
  g_object_set (fixture->source, "reconnect", FALSE, NULL);
  ef_source_fixture_start (fixture);
  ef_source_fixture_lose (fixture, 0);
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_RESET);
  g_clear_error (&fixture->error);
}

static void
test_hold (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_source_fixture_start (fixture);

  fixture->sink->hold_after = 1;
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "1", 1);
  ef_source_fixture_wait_log (fixture, "1;|");
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "2", 1);
  ef_raw_peer_send_close (peer, 1001, "");
  ef_test_settle ();
  g_assert_cmpstr (fixture->sink->log->str, ==, "1;|");

  fixture->sink->hold_after = 0;
  ef_element_release_input (EF_ELEMENT (fixture->sink));
  ef_source_fixture_wait_log (fixture, "1;|2;|");
  ef_source_fixture_wait_signals (fixture, "connected:- disconnected:1001: reconnecting:1:1000 ");
}

/* Each of these ends at once, also under a clock that stands still. */
static void
test_stop_while_waiting (EfSourceFixture *fixture, gconstpointer data)
{
  ef_raw_server_pause (fixture->server);
  ef_source_fixture_begin_start (fixture);
  ef_source_fixture_wait_signals (fixture, "reconnecting:1:1000 ");
  ef_source_fixture_begin_stop (fixture);
  ef_test_wait_for (NULL, fixture->stopped);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_error (fixture->start_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_stop_while_connecting (EfSourceFixture *fixture, gconstpointer data)
{
  ef_raw_server_set_answer (fixture->server, NULL);
  ef_source_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, ef_raw_server_get_n_peers (fixture->server) == 1);
  ef_source_fixture_begin_stop (fixture);
  ef_test_wait_for (NULL, fixture->stopped);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_error (fixture->start_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_stop_unanswered (EfSourceFixture *fixture, gconstpointer data)
{
  g_object_set (fixture->source, "close-timeout-ms", 250, NULL);
  ef_source_fixture_start (fixture);
  ef_source_fixture_begin_stop (fixture);
  ef_test_drain (NULL);
  g_assert_false (fixture->stopped);
  g_assert_cmpint (ef_test_clock_get_next_delay (fixture->clock), ==, 250 * 1000);
  ef_test_clock_advance (fixture->clock, 250 * 1000);
  ef_test_wait_for (NULL, fixture->stopped);
  g_assert_cmpstr (fixture->signals->str, ==, "connected:- disconnected:1006: ");
}

static void
test_restart (EfSourceFixture *fixture, gconstpointer data)
{
  ef_source_fixture_stop_with_peer (fixture, ef_source_fixture_start (fixture));
  g_string_truncate (fixture->signals, 0);

  ef_source_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_no_error (fixture->start_error);
  ef_raw_peer_send_frame (ef_raw_server_wait_peer (fixture->server, 1), EF_RAW_TEXT, "again", 5);
  ef_source_fixture_wait_log (fixture, "again;|");
  ef_source_fixture_stop_with_peer (fixture, ef_raw_server_get_peer (fixture->server, 1));
}

/* What no further try can change ends the first one, although reconnecting is on. */
/* The same answer is worth another try once there was a connection; refused credentials are not. */

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/source/" path, EfSourceFixture, NULL, ef_source_fixture_set_up, func, \
              ef_source_fixture_tear_down)
  ADD ("messages", test_messages);
  ADD ("message-signal", test_message_signal);
  ADD ("stop-from-handler", test_stop_from_handler);
  ADD ("request", test_request);
  ADD ("end-of-stream", test_end_of_stream);
  ADD ("error-without-reconnect", test_error_without_reconnect);
  ADD ("broken-without-reconnect", test_broken_without_reconnect);
  ADD ("hold", test_hold);
  ADD ("stop-while-waiting", test_stop_while_waiting);
  ADD ("stop-while-connecting", test_stop_while_connecting);
  ADD ("stop-unanswered", test_stop_unanswered);
  ADD ("restart", test_restart);
#undef ADD

  return g_test_run ();
}
