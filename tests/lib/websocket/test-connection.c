/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-connection-fixture.h"

#include <string.h>

/* How a connection reads, writes and closes. */

/* If libsoup kept reading, or had its source elsewhere, the frame would reach it and not us. */
static void
test_take_over (EfConnectionFixture *fixture, gconstpointer data)
{
  ef_connection_fixture_connect_to_peer (fixture);
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "early", 5);
  ef_test_wait_for (NULL, ef_raw_peer_get_unsent (fixture->peer) == 0);
  ef_test_settle ();
  g_assert_cmpstr (fixture->log->str, ==, "");

  ef_web_socket_connection_set_reading (fixture->connection, TRUE);
  ef_test_wait_for (NULL, fixture->log->len > 0);
  g_assert_cmpstr (fixture->log->str, ==, "T:early;|");
}

static void
test_bytes_behind_the_handshake (EfConnectionFixture *fixture, gconstpointer data)
{
  static const char tail[] = "\x81\x03one\x82\x03two\x81\x05thr";

  ef_raw_server_set_tail (fixture->server, tail, sizeof tail - 1);
  ef_connection_fixture_connect_and_read (fixture);
  ef_test_wait_for (NULL, fixture->log->len >= 13);
  g_assert_cmpstr (fixture->log->str, ==, "T:one;B:two;|");

  ef_raw_peer_send (fixture->peer, "ee", 2);
  ef_test_wait_for (NULL, fixture->log->len > 13);
  g_assert_cmpstr (fixture->log->str, ==, "T:one;B:two;|T:three;|");
}

static void
test_one_byte_at_a_time (EfConnectionFixture *fixture, gconstpointer data)
{
  static const char tail[] = "\x81\x03one";

  ef_raw_server_set_step (fixture->server, 1);
  ef_raw_server_set_tail (fixture->server, tail, sizeof tail - 1);
  ef_connection_fixture_connect_and_read (fixture);
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_BINARY, "two", 3);
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_PING, "are you there", 13);
  ef_raw_peer_send_close (fixture->peer, 1001, "later");
  ef_test_wait_for (NULL, fixture->ended);

  g_assert_cmpstr (fixture->log->str, ==, "T:one;|B:two;|");
  g_assert_cmpuint (fixture->code, ==, 1001);
  g_assert_cmpstr (fixture->reason, ==, "later");
  g_assert_no_error (fixture->error);
  ef_connection_fixture_expect_frame (fixture, EF_RAW_PONG, "are you there", 13);
  ef_connection_fixture_expect_close_frame (fixture, 1001);
}

static void
test_messages_of_a_read_are_one_batch (EfConnectionFixture *fixture, gconstpointer data)
{
  GString *frames = g_string_new (NULL);

  for (guint i = 0; i < 100; i++)
    g_string_append_len (frames, "\x81\x01x", 3);

  ef_connection_fixture_connect_and_read (fixture);
  ef_raw_peer_send (fixture->peer, frames->str, frames->len);
  ef_test_wait_for (NULL, fixture->log->len >= 401);
  g_assert_cmpuint (fixture->log->len, ==, 401);
  g_string_free (frames, TRUE);
}

static void
test_hold (EfConnectionFixture *fixture, gconstpointer data)
{
  ef_connection_fixture_connect_and_read (fixture);
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "1", 1);
  ef_test_wait_for (NULL, fixture->log->len > 0);

  ef_web_socket_connection_set_reading (fixture->connection, FALSE);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *block = g_malloc0 (65536);

      ef_raw_peer_send_frame (fixture->peer, EF_RAW_BINARY, block, 65536);
    }
  for (guint i = 0; i < 50; i++)
    ef_test_drain (NULL);
  g_assert_cmpstr (fixture->log->str, ==, "T:1;|");
  g_assert_cmpuint (ef_raw_peer_get_unsent (fixture->peer), >, 0);

  ef_web_socket_connection_set_reading (fixture->connection, TRUE);
  ef_test_wait_for (NULL, ef_raw_peer_get_unsent (fixture->peer) == 0);
}

static void
hold_at_once (EfWebSocketConnection *connection, gpointer fixture)
{
  ef_web_socket_connection_set_reading (connection, FALSE);
}

/* One dispatch reads several times if there is that much, but not once it is held. */
static void
test_hold_between_reads (EfConnectionFixture *fixture, gconstpointer data)
{
  ef_connection_fixture_connect_to_peer (fixture);
  fixture->on_received = hold_at_once;
  for (guint i = 0; i < 256; i++)
    {
      g_autofree char *block = g_strnfill (1000, 'x');

      ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, block, 1000);
    }
  ef_test_drain (NULL);

  ef_web_socket_connection_set_reading (fixture->connection, TRUE);
  ef_test_wait_for (NULL, fixture->log->len > 0);
  for (guint i = 0; i < 50; i++)
    ef_test_drain (NULL);
  g_assert_true (strchr (fixture->log->str, '|') == fixture->log->str + fixture->log->len - 1);
  g_assert_cmpuint (fixture->log->len, <, 256 * 1003);

  fixture->on_received = NULL;
  ef_web_socket_connection_set_reading (fixture->connection, TRUE);
  ef_test_wait_for (NULL, fixture->log->len >= 256 * 1003);
}

/* While nobody reads, a peer that is gone must not have the context spin. */
static void
test_hold_and_hangup (EfConnectionFixture *fixture, gconstpointer data)
{
  guint n = 0;

  ef_connection_fixture_connect_and_read (fixture);
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "1", 1);
  ef_test_wait_for (NULL, fixture->log->len > 0);
  ef_web_socket_connection_set_reading (fixture->connection, FALSE);
  ef_raw_peer_reset (fixture->peer);

  while (g_main_context_iteration (NULL, FALSE))
    g_assert_cmpuint (n++, <, 100);
  g_assert_false (fixture->ended);

  ef_web_socket_connection_set_reading (fixture->connection, TRUE);
  ef_test_wait_for (NULL, fixture->ended);
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_RESET);
  g_assert_cmpuint (fixture->code, ==, 1006);
}

static void
test_close (EfConnectionFixture *fixture, gconstpointer data)
{
  ef_connection_fixture_connect_and_read (fixture);
  ef_web_socket_connection_close (fixture->connection, 1000, "bye");
  ef_connection_fixture_expect_frame (fixture, EF_RAW_CLOSE, "\x03\xe8" "bye", 5);
  g_assert_false (ef_web_socket_connection_is_open (fixture->connection));

  /* What comes before the answer is not delivered. */
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "late", 4);
  ef_raw_peer_send_close (fixture->peer, 1000, "bye too");
  ef_test_wait_for (NULL, fixture->ended);
  g_assert_cmpuint (fixture->code, ==, 1000);
  g_assert_cmpstr (fixture->reason, ==, "bye too");
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->log->str, ==, "");

  /* The server closes first. */
  g_assert_false (fixture->closed);
  ef_raw_peer_shutdown (fixture->peer);
  ef_test_wait_for (NULL, fixture->closed);
}

static void
test_close_unanswered (EfConnectionFixture *fixture, gconstpointer data)
{
  ef_connection_fixture_connect_and_read (fixture);
  ef_web_socket_connection_close (fixture->connection, 1000, "");
  ef_connection_fixture_expect_close_frame (fixture, 1000);
  ef_test_drain (NULL);
  g_assert_false (fixture->ended);
  g_assert_cmpint (ef_test_clock_get_next_delay (fixture->clock), ==, 5 * G_USEC_PER_SEC);

  ef_test_clock_advance (fixture->clock, 5 * G_USEC_PER_SEC);
  ef_test_wait_for (NULL, fixture->closed);
  g_assert_true (fixture->ended);
  g_assert_cmpuint (fixture->code, ==, 1006);
}

static void
test_peer_closes (EfConnectionFixture *fixture, gconstpointer data)
{
  ef_connection_fixture_connect_and_read (fixture);
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "last", 4);
  ef_raw_peer_send_close (fixture->peer, 1012, "restart");
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "beyond", 6);
  ef_test_wait_for (NULL, fixture->ended);
  g_assert_cmpuint (fixture->code, ==, 1012);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->log->str, ==, "T:last;|");
  ef_connection_fixture_expect_close_frame (fixture, 1012);

  ef_raw_peer_shutdown (fixture->peer);
  ef_test_wait_for (NULL, fixture->closed);
  g_assert_true (ef_raw_peer_is_eof (fixture->peer));
}

static void
test_reset_after_close (EfConnectionFixture *fixture, gconstpointer data)
{
  ef_connection_fixture_connect_and_read (fixture);
  ef_raw_peer_send_close (fixture->peer, 1000, "");
  ef_test_wait_for (NULL, fixture->ended);
  ef_raw_peer_reset (fixture->peer);
  ef_test_wait_for (NULL, fixture->closed);
  g_assert_cmpuint (fixture->code, ==, 1000);
  g_assert_no_error (fixture->error);
}

static void
test_end_of_stream (EfConnectionFixture *fixture, gconstpointer data)
{
  ef_connection_fixture_connect_and_read (fixture);
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "x", 1);
  ef_raw_peer_send (fixture->peer, "\x81\x05half", 6);
  ef_raw_peer_shutdown (fixture->peer);
  ef_test_wait_for (NULL, fixture->closed);
  g_assert_cmpstr (fixture->log->str, ==, "T:x;|");
  g_assert_cmpuint (fixture->code, ==, 1006);
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_RESET);
}

static void
test_write_is_immediate (EfConnectionFixture *fixture, gconstpointer data)
{
  ef_connection_fixture_connect_and_read (fixture);

  ef_web_socket_connection_append (fixture->connection, EF_OPCODE_TEXT, "1", 1);
  ef_web_socket_connection_flush_soon (fixture->connection);
  g_assert_cmpuint (ef_web_socket_connection_get_queued (fixture->connection), ==, 0);
  g_assert_cmpuint (ef_web_socket_connection_get_written (fixture->connection), ==, 7);

  /* What follows within the same iteration leaves together, when that is over. */
  ef_web_socket_connection_append (fixture->connection, EF_OPCODE_TEXT, "2", 1);
  ef_web_socket_connection_flush_soon (fixture->connection);
  ef_web_socket_connection_append (fixture->connection, EF_OPCODE_BINARY, "3", 1);
  ef_web_socket_connection_flush_soon (fixture->connection);
  g_assert_cmpuint (ef_web_socket_connection_get_queued (fixture->connection), ==, 14);
  g_assert_cmpuint (ef_web_socket_connection_get_appended (fixture->connection), ==, 21);

  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (ef_web_socket_connection_get_queued (fixture->connection), ==, 0);

  ef_connection_fixture_expect_frame (fixture, EF_RAW_TEXT, "1", 1);
  ef_connection_fixture_expect_frame (fixture, EF_RAW_TEXT, "2", 1);
  ef_connection_fixture_expect_frame (fixture, EF_RAW_BINARY, "3", 1);
}

static void
test_drained (EfConnectionFixture *fixture, gconstpointer data)
{
  ef_connection_fixture_connect_and_read (fixture);
  ef_raw_peer_set_reading (fixture->peer, FALSE);
  ef_connection_fixture_fill (fixture);
  ef_test_drain (NULL);
  g_assert_cmpuint (fixture->n_drained, ==, 0);

  ef_raw_peer_set_reading (fixture->peer, TRUE);
  ef_test_wait_for (NULL, fixture->n_drained > 0);
  g_assert_cmpuint (ef_web_socket_connection_get_queued (fixture->connection), ==, 0);
}

/* Ten thousand pings from a peer that does not read the answers. */
static void
test_ping_flood (EfConnectionFixture *fixture, gconstpointer data)
{
  GString *pings = g_string_new (NULL);
  g_autoptr (GBytes) last = NULL;

  ef_connection_fixture_connect_and_read (fixture);
  ef_raw_peer_set_reading (fixture->peer, FALSE);
  ef_connection_fixture_fill (fixture);
  for (guint i = 0; i < 10000; i++)
    {
      char payload[101];

      g_snprintf (payload, sizeof payload, "%0100u", i);
      g_string_append_len (pings, "\x89\x64", 2);
      g_string_append_len (pings, payload, 100);
    }
  ef_raw_peer_send (fixture->peer, pings->str, pings->len);
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "end", 3);
  ef_test_wait_for (NULL, fixture->log->len > 0);
  g_assert_cmpuint (ef_web_socket_connection_get_queued (fixture->connection), <, 256 * 1024);

  /* The last one at least is answered. */
  ef_raw_peer_set_reading (fixture->peer, TRUE);
  for (gboolean found = FALSE; !found;)
    {
      g_autoptr (GBytes) payload = NULL;
      guint8 first = 0;

      ef_test_wait_for (NULL, ef_raw_peer_take_frame (fixture->peer, &first, &payload));
      found = first == EF_RAW_PONG
              && memcmp (g_bytes_get_data (payload, NULL), pings->str + pings->len - 100, 100) == 0;
    }
  g_string_free (pings, TRUE);
}

static void
close_from_callback (EfWebSocketConnection *connection, gpointer user_data)
{
  ef_web_socket_connection_close (connection, 1000, "");
}

static void
abort_from_callback (EfWebSocketConnection *connection, gpointer user_data)
{
  ef_web_socket_connection_abort (connection);
}

static void
hold_from_callback (EfWebSocketConnection *connection, gpointer user_data)
{
  ef_web_socket_connection_set_reading (connection, FALSE);
}

static void
test_callbacks_may_do_anything (EfConnectionFixture *fixture, gconstpointer data)
{
  ef_connection_fixture_connect_and_read (fixture);
  fixture->on_received = hold_from_callback;
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "1", 1);
  ef_test_wait_for (NULL, fixture->log->len > 0);
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "2", 1);
  ef_test_wait_for (NULL, ef_raw_peer_get_unsent (fixture->peer) == 0);
  ef_test_drain (NULL);
  g_assert_cmpstr (fixture->log->str, ==, "T:1;|");

  fixture->on_received = close_from_callback;
  ef_web_socket_connection_set_reading (fixture->connection, TRUE);
  ef_connection_fixture_expect_close_frame (fixture, 1000);
  g_assert_cmpstr (fixture->log->str, ==, "T:1;|T:2;|");
}

static void
test_abort_from_callback (EfConnectionFixture *fixture, gconstpointer data)
{
  ef_connection_fixture_connect_and_read (fixture);
  fixture->on_received = abort_from_callback;
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "1", 1);
  ef_raw_peer_send_close (fixture->peer, 1000, "");
  ef_test_wait_for (NULL, fixture->closed);
  g_assert_false (fixture->ended);
}

/* A callback that runs a loop of its own, as a modal dialog does, gets no later messages meanwhile.
 * */
static void
iterate_from_callback (EfWebSocketConnection *connection, gpointer user_data)
{
  EfConnectionFixture *fixture = user_data;

  fixture->on_received = NULL;
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "2", 1);
  ef_test_wait_for (NULL, ef_raw_peer_get_unsent (fixture->peer) == 0);
  ef_test_settle ();
  g_assert_cmpstr (fixture->log->str, ==, "T:1;|");
}

static void
test_nested_loop (EfConnectionFixture *fixture, gconstpointer data)
{
  ef_connection_fixture_connect_and_read (fixture);
  fixture->on_received = iterate_from_callback;
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "1", 1);
  ef_test_wait_for (NULL, fixture->log->len > 5);
  g_assert_cmpstr (fixture->log->str, ==, "T:1;|T:2;|");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/connection/" path, EfConnectionFixture, NULL, ef_connection_fixture_set_up, func, \
              ef_connection_fixture_tear_down)
  ADD ("take-over", test_take_over);
  ADD ("bytes-behind-the-handshake", test_bytes_behind_the_handshake);
  ADD ("one-byte-at-a-time", test_one_byte_at_a_time);
  ADD ("messages-of-a-read-are-one-batch", test_messages_of_a_read_are_one_batch);
  ADD ("hold", test_hold);
  ADD ("hold-and-hangup", test_hold_and_hangup);
  ADD ("hold-between-reads", test_hold_between_reads);
  ADD ("close", test_close);
  ADD ("close-unanswered", test_close_unanswered);
  ADD ("peer-closes", test_peer_closes);
  ADD ("reset-after-close", test_reset_after_close);
  ADD ("end-of-stream", test_end_of_stream);
  ADD ("write-is-immediate", test_write_is_immediate);
  ADD ("drained", test_drained);
  ADD ("ping-flood", test_ping_flood);
  ADD ("callbacks-may-do-anything", test_callbacks_may_do_anything);
  ADD ("abort-from-callback", test_abort_from_callback);
  ADD ("nested-loop", test_nested_loop);
#undef ADD

  return g_test_run ();
}
