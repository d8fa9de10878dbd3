/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sink-fixture.h"
#include "ef-test-files.h"

#include <string.h>

/* Messages that the server confirms. */

static EfRawPeer *
start (EfSinkFixture *fixture, gboolean by_id)
{
  ef_sink_fixture_configure (fixture, "websocket.ack-path", "$.ack");
  if (by_id)
    ef_sink_fixture_configure (fixture, "websocket.ack-id-path", "$.id");

  return ef_sink_fixture_start (fixture);
}

static EfRawPeer *
reconnect (EfSinkFixture *fixture, guint number)
{
  ef_test_clock_advance (fixture->clock, SECONDS (1));

  return ef_raw_server_wait_peer (fixture->server, number);
}

static void
push (EfSinkFixture *fixture, const char *id)
{
  g_autofree char *text = g_strdup_printf ("{\"x\":[5],\"id\":%s}", id);

  EF_SINK_FIXTURE_PUSH (fixture, text);
}

static void
publish_waiting (EfSinkFixture *fixture, const char *id)
{
  g_autofree char *text = g_strdup_printf ("{\"x\":[5],\"id\":%s}", id);

  ef_sink_fixture_publish_waiting (fixture, text, NULL);
}

static void
expect (EfRawPeer *peer, const char *ids)
{
  g_auto (GStrv) words = g_strsplit (ids, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"x\":[5],\"id\":%s}", words[i]);

      ef_raw_peer_expect (peer, EF_RAW_TEXT, text);
    }
}

static void
answer (EfRawPeer *peer, const char *ack)
{
  g_autofree char *text = g_strdup_printf ("{\"ok\":true,\"ack\":%s}", ack);

  ef_raw_peer_send_text (peer, text);
}

static void
wait_waiting (EfSinkFixture *fixture, guint n)
{
  ef_test_wait_for (NULL, ef_sink_fixture_get_stat (fixture, "messages-waiting") == n);
}

/* What was not confirmed is sent again, in order, and nothing else. */
static void
test_id (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = start (fixture, TRUE);

  publish_waiting (fixture, "1");
  publish_waiting (fixture, "\"b\"");
  push (fixture, "3");
  push (fixture, "4");
  publish_waiting (fixture, "5");
  expect (peer, "1 \"b\" 3 4 5");
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-sent"), ==, 5);
  g_assert_cmpuint (fixture->n_done, ==, 0);

  answer (peer, "\"b\"");
  ef_test_wait_for (NULL, fixture->n_done == 1);
  answer (peer, "4");
  ef_test_wait_for (NULL, ef_sink_fixture_get_stat (fixture, "messages-confirmed") == 2);
  ef_sink_fixture_disconnect (fixture, peer);
  push (fixture, "6");

  peer = reconnect (fixture, 1);
  expect (peer, "1 3 5 6");
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-resent"), ==, 3);
  answer (peer, "1");
  answer (peer, "3");
  answer (peer, "5");
  answer (peer, "6");
  wait_waiting (fixture, 0);
  ef_test_wait_for (NULL, fixture->n_done == 3);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-confirmed"), ==, 6);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "confirmations-unknown"), ==, 0);
}

/* An answer counts the messages of its connection. */
static void
test_count (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = start (fixture, FALSE);

  push (fixture, "1");
  push (fixture, "2");
  publish_waiting (fixture, "3");
  expect (peer, "1 2 3");
  answer (peer, "1");
  wait_waiting (fixture, 2);
  answer (peer, "1");
  answer (peer, "2");
  wait_waiting (fixture, 1);
  push (fixture, "4");
  push (fixture, "5");
  expect (peer, "4 5");
  ef_sink_fixture_disconnect (fixture, peer);

  peer = reconnect (fixture, 1);
  expect (peer, "3 4 5");
  answer (peer, "2");
  wait_waiting (fixture, 1);
  ef_test_wait_for (NULL, fixture->n_done == 1);
  answer (peer, "3");
  wait_waiting (fixture, 0);
}

/* A message that is not confirmed in time is sent again by another connection, however many before it
 * were. */
static void
test_timeout (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  ef_sink_fixture_configure (fixture, "websocket.ack.timeout.ms", "5s");
  g_object_set (fixture->sink, "ping-interval-ms", 0, NULL);
  peer = start (fixture, TRUE);
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);
  push (fixture, "1");
  push (fixture, "2");
  publish_waiting (fixture, "3");
  expect (peer, "1 2 3");
  ef_test_clock_advance (fixture->clock, SECONDS (4));
  answer (peer, "1");
  answer (peer, "3");
  wait_waiting (fixture, 2);
  ef_test_clock_advance (fixture->clock, SECONDS (4));
  ef_test_drain (NULL);
  g_assert_no_error (fixture->error);
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (fixture->error->message, "within 5000 ms; “ack-timeout-ms”"));

  peer = reconnect (fixture, 1);
  expect (peer, "2");
  answer (peer, "2");
  wait_waiting (fixture, 0);
  g_assert_cmpuint (fixture->n_done, ==, 1);
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);
}

/* Without another connection, who waits is told. */
static void
test_timeout_given_up (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (fixture->sink, "reconnect", FALSE, NULL);
  peer = start (fixture, FALSE);
  publish_waiting (fixture, "1");
  expect (peer, "1");
  ef_test_clock_advance (fixture->clock, SECONDS (30));
  ef_test_wait_for (NULL, fixture->n_failed == 1);
  g_assert_error (fixture->publish_error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_TIMED_OUT);
}

static void
test_no_timeout (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (fixture->sink, "ack-timeout-ms", 0, "ping-interval-ms", 0, NULL);
  peer = start (fixture, FALSE);
  push (fixture, "1");
  expect (peer, "1");
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);
  answer (peer, "1");
  wait_waiting (fixture, 0);
}

/* What does not fit is told, and harms nothing. */
static void
test_wrong_answers (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = start (fixture, FALSE);

  push (fixture, "1");
  expect (peer, "1");
  ef_raw_peer_send_text (peer, "no JSON");
  ef_raw_peer_send_text (peer, "{\"other\":1}");
  answer (peer, "\"1\"");
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_assert_error (fixture->error, EF_ERROR, EF_ERROR_DATA);
  g_assert_nonnull (strstr (fixture->error->message, "“\"1\"” at “ack-path”"));
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-waiting"), ==, 1);
  g_clear_error (&fixture->error);

  answer (peer, "2");
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_assert_nonnull (strstr (fixture->error->message, "more than were sent"));
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-waiting"), ==, 0);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "confirmations-unknown"), ==, 2);
}

static void
test_unknown_id (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = start (fixture, TRUE);

  push (fixture, "1");
  expect (peer, "1");
  answer (peer, "2");
  answer (peer, "\"1\"");
  answer (peer, "1");
  wait_waiting (fixture, 0);
  answer (peer, "1");
  ef_test_wait_for (NULL, ef_sink_fixture_get_stat (fixture, "confirmations-unknown") == 3);
  g_assert_no_error (fixture->error);
}

/* What could not be confirmed is not sent. */
static void
test_no_id (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = start (fixture, TRUE);
  g_autoptr (GError) error = NULL;

  g_assert_false (ef_sink_fixture_publish (fixture, "{\"x\":1}", &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "“ack-id-path” ($.id)"));
  EF_SINK_FIXTURE_PUSH (fixture, "no JSON");
  g_assert_error (fixture->error, EF_ERROR, EF_ERROR_DATA);
  push (fixture, "1");
  expect (peer, "1");
  answer (peer, "1");
  wait_waiting (fixture, 0);
}

/* What is not confirmed counts as waiting. */
static void
test_bounded (EfSinkFixture *fixture, gconstpointer data)
{
  EfPad *pad = ef_element_get_sink_pad (EF_ELEMENT (fixture->sink));
  EfRawPeer *peer;
  g_autoptr (GError) error = NULL;

  g_object_set (fixture->sink, "buffer-max-messages", 3, NULL);
  peer = start (fixture, TRUE);
  push (fixture, "1");
  push (fixture, "2");
  g_assert_false (ef_pad_is_held (pad));
  push (fixture, "3");
  g_assert_true (ef_pad_is_held (pad));
  expect (peer, "1 2 3");
  g_assert_false (ef_sink_fixture_publish (fixture, "{\"id\":4}", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  answer (peer, "3");
  answer (peer, "2");
  answer (peer, "1");
  ef_test_wait_for (NULL, !ef_pad_is_held (pad));
  wait_waiting (fixture, 0);
}

static void
test_end_of_stream (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = start (fixture, FALSE);

  push (fixture, "1");
  ef_source_end (EF_SOURCE (fixture->source));
  expect (peer, "1");
  ef_test_drain (NULL);
  g_assert_false (fixture->eos);
  answer (peer, "1");
  ef_test_wait_for (NULL, fixture->eos);
}

/* A stop waits for the answers as long as it may. */
static void
test_drain (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  ef_sink_fixture_configure (fixture, "drain-timeout-ms", "3s");
  peer = start (fixture, FALSE);
  publish_waiting (fixture, "1");
  expect (peer, "1");
  ef_sink_fixture_begin_stop (fixture);
  ef_test_drain (NULL);
  answer (peer, "1");
  ef_raw_peer_expect (peer, EF_RAW_CLOSE, "\x03\xe8");
  ef_raw_peer_send_close (peer, 1000, "");
  ef_raw_peer_shutdown (peer);
  ef_test_wait_for (NULL, fixture->stopped);
  g_assert_cmpuint (fixture->n_done, ==, 1);
  g_assert_no_error (fixture->error);
}

static void
test_drain_deadline (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  ef_sink_fixture_configure (fixture, "drain-timeout-ms", "3s");
  peer = start (fixture, FALSE);
  push (fixture, "1");
  push (fixture, "2");
  expect (peer, "1 2");
  answer (peer, "1");
  wait_waiting (fixture, 1);
  ef_sink_fixture_begin_stop (fixture);
  ef_test_drain (NULL);
  ef_test_clock_advance (fixture->clock, SECONDS (3));
  ef_raw_peer_expect (peer, EF_RAW_CLOSE, "\x03\xe8");
  ef_raw_peer_send_close (peer, 1000, "");
  ef_raw_peer_shutdown (peer);
  ef_test_wait_for (NULL, fixture->stopped);
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED);
  g_assert_nonnull (strstr (fixture->error->message, "before 1 messages with 16 bytes could be "
                                                     "confirmed"));
}

/* What was sent and not confirmed outlasts the sink too. */
static void
test_spool (EfSinkFixture *fixture, gconstpointer data)
{
  char *folder = ef_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "out.spool", NULL);
  EfRawPeer *peer;

  ef_sink_fixture_configure (fixture, "spool", path);
  g_object_set (fixture->sink, "buffer-max-messages", 4, NULL);
  peer = start (fixture, TRUE);
  for (guint i = 1; i <= 4; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      push (fixture, id);
    }
  publish_waiting (fixture, "5");
  publish_waiting (fixture, "6");
  expect (peer, "1 2 3 4");
  answer (peer, "2");
  answer (peer, "1");
  expect (peer, "5 6");
  answer (peer, "5");
  ef_test_wait_for (NULL, fixture->n_done == 1);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "spool-messages"), ==, 3);

  ef_sink_fixture_begin_stop (fixture);
  ef_raw_peer_send_close (peer, 1000, "");
  ef_raw_peer_shutdown (peer);
  ef_test_wait_for (NULL, fixture->stopped);
  ef_element_stop (fixture->source);
  ef_test_wait_for (NULL, ef_element_get_state (fixture->source) == EF_STATE_NULL);
  ef_sink_fixture_begin_start (fixture);
  peer = ef_raw_server_wait_peer (fixture->server, 1);
  expect (peer, "3 4 6");
  answer (peer, "3");
  answer (peer, "4");
  answer (peer, "6");
  ef_test_wait_for (NULL, ef_sink_fixture_get_stat (fixture, "spool-messages") == 0);

  ef_sink_fixture_begin_stop (fixture);
  ef_raw_peer_send_close (peer, 1000, "");
  ef_raw_peer_shutdown (peer);
  ef_test_wait_for (NULL, fixture->stopped);
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (fixture->sink)) == EF_STATE_NULL);
  ef_test_folder_remove (folder);
}

static void
expect_no_start (EfSinkFixture *fixture, int code, const char *text)
{
  ef_sink_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_error (fixture->start_error, EF_ERROR, code);
  g_assert_nonnull (strstr (fixture->start_error->message, text));
}

static void
test_wrong_path (EfSinkFixture *fixture, gconstpointer data)
{
  ef_sink_fixture_configure (fixture, "ack-path", "ack");
  expect_no_start (fixture, EF_ERROR_SYNTAX, "ack-path: path “ack”");
}

static void
test_id_path_alone (EfSinkFixture *fixture, gconstpointer data)
{
  ef_sink_fixture_configure (fixture, "ack-id-path", "$.id");
  expect_no_start (fixture, EF_ERROR_MISSING_KEY, "“ack-id-path” needs “ack-path”");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/sink-ack/" path, EfSinkFixture, NULL, ef_sink_fixture_set_up, func, \
              ef_sink_fixture_tear_down)
  ADD ("id", test_id);
  ADD ("count", test_count);
  ADD ("timeout", test_timeout);
  ADD ("timeout-given-up", test_timeout_given_up);
  ADD ("no-timeout", test_no_timeout);
  ADD ("wrong-answers", test_wrong_answers);
  ADD ("unknown-id", test_unknown_id);
  ADD ("no-id", test_no_id);
  ADD ("bounded", test_bounded);
  ADD ("end-of-stream", test_end_of_stream);
  ADD ("drain", test_drain);
  ADD ("drain-deadline", test_drain_deadline);
  ADD ("spool", test_spool);
  ADD ("wrong-path", test_wrong_path);
  ADD ("id-path-alone", test_id_path_alone);
#undef ADD

  return g_test_run ();
}
