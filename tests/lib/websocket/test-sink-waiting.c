/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sink-fixture.h"

#include <string.h>

/* What has to wait: for a slow peer, or for another connection. */

static void
test_stalled_peer (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (fixture);
  guint n;

  ef_raw_peer_set_reading (peer, FALSE);
  n = ef_sink_fixture_publish_blocks (fixture, GPOINTER_TO_INT (data));
  ef_raw_peer_set_reading (peer, TRUE);
  ef_sink_fixture_expect_blocks (peer, 0, n);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-sent"), ==, n);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-waiting"), ==, 0);
}

/* What had not left when the connection broke is sent by the next one, from the first on; what had
 * left is not sent again. */
static void
test_resend (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (fixture);
  guint n_sent;
  guint n;

  ef_raw_peer_set_reading (peer, FALSE);
  n = ef_sink_fixture_publish_blocks (fixture, GPOINTER_TO_INT (data));
  n_sent = (guint) ef_sink_fixture_get_stat (fixture, "messages-sent");
  g_assert_cmpuint (n_sent, <, n);
  ef_raw_peer_reset (peer);
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-sent"), ==, n_sent);

  ef_test_clock_advance (fixture->clock, SECONDS (1));
  peer = ef_raw_server_wait_peer (fixture->server, 1);
  ef_sink_fixture_expect_blocks (peer, n_sent, n);
  if (!GPOINTER_TO_INT (data))
    ef_test_wait_for (NULL, fixture->n_done == n);
}

/* The same if the server closes by the rules while much waits: what waits must not follow. */
static void
test_close_while_blocked (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (fixture);
  guint n_sent;
  guint n;

  ef_raw_peer_set_reading (peer, FALSE);
  n = ef_sink_fixture_publish_blocks (fixture, TRUE);
  ef_raw_peer_send_close (peer, 1001, "");
  ef_test_wait_for (NULL, fixture->error != NULL);
  n_sent = (guint) ef_sink_fixture_get_stat (fixture, "messages-sent");
  ef_raw_peer_set_reading (peer, TRUE);
  ef_sink_fixture_expect_blocks (peer, 0, n_sent);
  ef_test_wait_for (NULL, ef_raw_peer_is_eof (peer));

  ef_test_clock_advance (fixture->clock, SECONDS (1));
  peer = ef_raw_server_wait_peer (fixture->server, 1);
  ef_sink_fixture_expect_blocks (peer, n_sent, n);
}

/* What the sink gives up is put aside if somebody wants it: message by message, in order. */
static void
test_dead_letters (EfSinkFixture *fixture, gconstpointer data)
{
  EfElement *sink = EF_ELEMENT (fixture->sink);
  EfAppSink *dead = ef_app_sink_new ();
  EfRawPeer *peer;
  EfEvent *letter;
  guint n_letters = 0;
  guint n;

  g_object_set (sink, "reconnect", FALSE, "error-strategy", EF_ERROR_STRATEGY_DLQ, NULL);
  g_object_set (dead, "max-events", 100000, "max-bytes", G_GUINT64_CONSTANT (1) << 30, NULL);
  g_assert_true (ef_pad_link (ef_element_get_errors_pad (sink),
                              ef_element_get_sink_pad (EF_ELEMENT (dead)), NULL));
  g_assert_true (ef_element_start (EF_ELEMENT (dead), NULL));
  peer = ef_sink_fixture_start (fixture);
  ef_raw_peer_set_reading (peer, FALSE);
  n = ef_sink_fixture_publish_blocks (fixture, TRUE);
  ef_raw_peer_reset (peer);
  ef_test_wait_for (NULL, ef_sink_fixture_get_stat (fixture, "messages-waiting") == 0);
  n -= (guint) ef_sink_fixture_get_stat (fixture, "messages-sent");
  g_assert_cmpuint (n, >, 0);

  while ((letter = ef_app_sink_try_pull (dead)) != NULL)
    {
      gsize length;

      g_assert_nonnull (ef_event_peek_data (letter, 0, &length));
      g_assert_cmpuint (length, >, 0);
      n_letters++;
      ef_event_unref (letter);
    }
  g_assert_cmpuint (n_letters, ==, n);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "errors-dead-lettered"), ==, n);

  ef_element_stop (EF_ELEMENT (dead));
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (dead)) == EF_STATE_NULL);
  g_object_unref (dead);
}

/* After an event that is the end, nothing of its batch is sent. */
static void
test_fail (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (fixture->sink, "error-strategy", EF_ERROR_STRATEGY_FAIL, NULL);
  peer = ef_sink_fixture_start (fixture);
  EF_SINK_FIXTURE_PUSH (fixture, "a", "\xff", "b", "c");
  ef_raw_peer_expect (peer, 0x81, "a");
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-sent"), ==, 1);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "errors-failed"), ==, 1);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "dropped"), ==, 2);
}

static void
test_end_of_stream (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (fixture);
  guint n;

  ef_raw_peer_set_reading (peer, FALSE);
  n = ef_sink_fixture_publish_blocks (fixture, TRUE);
  ef_source_end (EF_SOURCE (fixture->source));
  ef_test_drain (NULL);
  g_assert_false (fixture->eos);
  ef_raw_peer_set_reading (peer, TRUE);
  ef_sink_fixture_expect_blocks (peer, 0, n);
  ef_test_wait_for (NULL, fixture->eos);
}

static void
test_stop_drains (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (fixture);
  guint n;

  ef_raw_peer_set_reading (peer, FALSE);
  n = ef_sink_fixture_publish_blocks (fixture, FALSE);
  ef_sink_fixture_begin_stop (fixture);
  ef_test_drain (NULL);
  g_assert_false (fixture->stopped);
  ef_raw_peer_set_reading (peer, TRUE);
  ef_sink_fixture_expect_blocks (peer, 0, n);
  ef_raw_peer_expect (peer, EF_RAW_CLOSE, "\x03\xe8");
  ef_raw_peer_send_close (peer, 1000, "");
  ef_raw_peer_shutdown (peer);
  ef_test_wait_for (NULL, fixture->stopped);
  g_assert_cmpuint (fixture->n_done, ==, n);
}

static void
test_stop_gives_up (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (fixture);
  guint n_done;
  guint n;

  ef_raw_peer_set_reading (peer, FALSE);
  n = ef_sink_fixture_publish_blocks (fixture, FALSE);
  n_done = (guint) ef_sink_fixture_get_stat (fixture, "messages-sent");
  ef_sink_fixture_begin_stop (fixture);
  ef_test_drain (NULL);
  ef_test_clock_advance (fixture->clock, SECONDS (5));
  ef_test_wait_for (NULL, fixture->stopped);
  ef_test_wait_for (NULL, fixture->n_failed == n - n_done);
  g_assert_error (fixture->publish_error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-dropped"), ==, n - n_done);
}

/* A batch whose memory holds other things as well: what has to wait is taken out of it. */
static void
test_waits_out_of_shared_memory (EfSinkFixture *fixture, gconstpointer data)
{
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (ef_schema_get_text_payload ());
  g_autoptr (EfBatch) batch = ef_batch_new ();
  EfRawPeer *peer = ef_sink_fixture_start (fixture);

  ef_raw_server_pause (fixture->server);
  ef_raw_peer_reset (peer);
  ef_test_wait_for (NULL, fixture->error != NULL);

  for (guint i = 0; i < 3; i++)
    {
      const char *texts[] = { "first", "", "last" };

      ef_event_builder_begin (builder, 0);
      ef_event_builder_set_string (builder, 0, texts[i], -1);
      ef_batch_append (batch, ef_event_builder_end (builder));
    }
  ef_element_push (fixture->source, batch);
  g_clear_pointer (&batch, ef_batch_unref);
  g_clear_pointer (&builder, ef_event_builder_unref);

  ef_raw_server_resume (fixture->server);
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  peer = ef_raw_server_wait_peer (fixture->server, 1);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "first");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "last");
}

/* While there is a connection the buffer does not fill up: what the peer does not take waits where it
 * comes from. Without one, the buffer is there to be used. */
static void
test_held_early (EfSinkFixture *fixture, gconstpointer data)
{
  EfPad *pad = ef_element_get_sink_pad (EF_ELEMENT (fixture->sink));
  g_autofree char *block = g_strnfill (1024, 'x');
  EfRawPeer *peer = ef_sink_fixture_start (fixture);
  guint n = 0;

  ef_raw_peer_set_reading (peer, FALSE);
  for (; !ef_pad_is_held (pad); n++)
    EF_SINK_FIXTURE_PUSH (fixture, block);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-waiting"), <=, 129);

  ef_raw_server_pause (fixture->server);
  ef_raw_peer_reset (peer);
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_assert_false (ef_pad_is_held (pad));
  EF_SINK_FIXTURE_PUSH (fixture, "more", "than", "that");
  g_assert_false (ef_pad_is_held (pad));

  ef_raw_server_resume (fixture->server);
  n -= (guint) ef_sink_fixture_get_stat (fixture, "messages-sent");
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  peer = ef_raw_server_wait_peer (fixture->server, 1);
  for (guint i = 0; i < n; i++)
    ef_raw_peer_expect (peer, EF_RAW_TEXT, block);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "more");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "than");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "that");
  ef_test_wait_for (NULL, !ef_pad_is_held (pad));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD_WITH(path, data, func) \
  g_test_add ("/sink/" path, EfSinkFixture, (data), ef_sink_fixture_set_up, func, \
              ef_sink_fixture_tear_down)
#define ADD(path, func) ADD_WITH (path, NULL, func)
  ADD_WITH ("stalled-peer", GINT_TO_POINTER (FALSE), test_stalled_peer);
  ADD_WITH ("stalled-peer-events", GINT_TO_POINTER (TRUE), test_stalled_peer);
  ADD_WITH ("resend", GINT_TO_POINTER (FALSE), test_resend);
  ADD_WITH ("resend-events", GINT_TO_POINTER (TRUE), test_resend);
  ADD ("close-while-blocked", test_close_while_blocked);
  ADD ("end-of-stream", test_end_of_stream);
  ADD ("stop-drains", test_stop_drains);
  ADD ("stop-gives-up", test_stop_gives_up);
  ADD ("waits-out-of-shared-memory", test_waits_out_of_shared_memory);
  ADD ("held-early", test_held_early);
  ADD ("dead-letters", test_dead_letters);
  ADD ("fail", test_fail);
#undef ADD
#undef ADD_WITH

  return g_test_run ();
}
