/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sink-fixture.h"

#include <string.h>

/* What a sink drops when more has to wait than may, and what it does when it is stopped. */

static EfRawPeer *
start_with (EfSinkFixture *fixture, const char *overflow, guint max_messages)
{
  ef_sink_fixture_configure (fixture, "overflow", overflow);
  g_object_set (fixture->sink, "buffer-max-messages", max_messages, NULL);

  return ef_sink_fixture_start (fixture);
}

static guint64
get_dropped (EfSinkFixture *fixture)
{
  guint64 n_dropped = ef_sink_fixture_get_stat (fixture, "overflow-events");

  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-dropped"), ==, n_dropped);

  return n_dropped;
}

static void
expect_texts (EfRawPeer *peer, const char *texts)
{
  g_auto (GStrv) words = g_strsplit (texts, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    ef_raw_peer_expect (peer, EF_RAW_TEXT, words[i]);
}

static void
test_oldest (EfSinkFixture *fixture, gconstpointer data)
{
  ef_sink_fixture_disconnect (fixture, start_with (fixture, "drop-oldest", 5));
  EF_SINK_FIXTURE_PUSH (fixture, "a", "b", "c", "d");
  g_assert_cmpuint (get_dropped (fixture), ==, 0);
  EF_SINK_FIXTURE_PUSH (fixture, "e", "f", "g");
  g_assert_cmpuint (get_dropped (fixture), ==, 2);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "overflow-bytes"), ==, 2);
  g_assert_error (fixture->error, EF_ERROR, EF_ERROR_RESOURCE);
  g_assert_nonnull (strstr (fixture->error->message, "overflow=drop-oldest"));
  g_assert_true (ef_sink_fixture_publish (fixture, "h", NULL));
  g_assert_cmpuint (get_dropped (fixture), ==, 3);
  g_assert_false (ef_pad_is_held (ef_element_get_sink_pad (EF_ELEMENT (fixture->sink))));

  ef_test_clock_advance (fixture->clock, SECONDS (1));
  expect_texts (ef_raw_server_wait_peer (fixture->server, 1), "d e f g h");
}

/* Who waits for a message that is dropped is told. */
static void
test_oldest_waiting (EfSinkFixture *fixture, gconstpointer data)
{
  ef_sink_fixture_disconnect (fixture, start_with (fixture, "drop-oldest", 2));
  ef_sink_fixture_publish_waiting (fixture, "a", NULL);
  ef_sink_fixture_publish_waiting (fixture, "b", NULL);
  ef_sink_fixture_publish_waiting (fixture, "c", NULL);
  ef_test_wait_for (NULL, fixture->n_failed == 1);
  g_assert_error (fixture->publish_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);

  ef_test_clock_advance (fixture->clock, SECONDS (1));
  expect_texts (ef_raw_server_wait_peer (fixture->server, 1), "b c");
  ef_test_wait_for (NULL, fixture->n_done == 2);
}

/* A slow peer gets what it has begun to take, and then the newest, in order. */
static void
test_oldest_stalled (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = start_with (fixture, "drop-oldest", 10);
  g_autofree char *padding = g_strnfill (50000, 'x');
  gint64 last = 0;
  guint n_got = 0;
  guint n = 0;

  ef_raw_peer_set_reading (peer, FALSE);
  while (ef_sink_fixture_get_stat (fixture, "overflow-events") < 30)
    {
      g_autofree char *text = g_strdup_printf ("%u %s", ++n, padding);

      EF_SINK_FIXTURE_PUSH (fixture, text);
    }
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-waiting"), <=, 10);

  ef_raw_peer_set_reading (peer, TRUE);
  while (last < n)
    {
      g_autoptr (GBytes) payload = ef_raw_peer_wait_frame (peer, EF_RAW_TEXT);
      gint64 number;

      number = g_ascii_strtoll (g_bytes_get_data (payload, NULL), NULL, 10);
      g_assert_cmpint (number, >, last);
      last = number;
      n_got++;
    }
  g_assert_cmpuint (n_got + get_dropped (fixture), ==, n);
}

static void
test_newest (EfSinkFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  ef_sink_fixture_disconnect (fixture, start_with (fixture, "drop-newest", 5));
  EF_SINK_FIXTURE_PUSH (fixture, "a", "b", "c");
  EF_SINK_FIXTURE_PUSH (fixture, "d", "e", "f", "g");
  g_assert_cmpuint (get_dropped (fixture), ==, 2);
  g_assert_error (fixture->error, EF_ERROR, EF_ERROR_RESOURCE);
  g_assert_nonnull (strstr (fixture->error->message, "overflow=drop-newest"));

  /* Whoever publishes is told. */
  g_assert_false (ef_sink_fixture_publish (fixture, "h", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_false (ef_pad_is_held (ef_element_get_sink_pad (EF_ELEMENT (fixture->sink))));

  ef_test_clock_advance (fixture->clock, SECONDS (1));
  expect_texts (ef_raw_server_wait_peer (fixture->server, 1), "a b c d e");
}

static void
test_latest (EfSinkFixture *fixture, gconstpointer data)
{
  const char *a1 = "{\"s\":\"a\",\"n\":1}", *a2 = "{\"s\":\"a\",\"n\":2}";
  const char *a3 = "{\"n\":3,\"s\":\"a\"}", *b1 = "{\"s\":\"b\",\"n\":1}";
  EfPad *pad = ef_element_get_sink_pad (EF_ELEMENT (fixture->sink));
  EfRawPeer *peer;

  ef_sink_fixture_configure (fixture, "overflow-key", "$.s");
  ef_sink_fixture_disconnect (fixture, start_with (fixture, "latest-by-key", 6));
  ef_sink_fixture_publish_waiting (fixture, a1, NULL);
  EF_SINK_FIXTURE_PUSH (fixture, "no JSON", b1, a2);
  g_assert_true (ef_sink_fixture_publish (fixture, "x", NULL));
  g_assert_cmpuint (get_dropped (fixture), ==, 0);
  EF_SINK_FIXTURE_PUSH (fixture, a3);
  g_assert_cmpuint (get_dropped (fixture), ==, 2);
  ef_test_wait_for (NULL, fixture->n_failed == 1);
  g_assert_error (fixture->publish_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);

  /* As too little was dropped, the input is held: nothing that is the newest of its key is lost. */
  g_assert_true (ef_pad_is_held (pad));
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  peer = ef_raw_server_wait_peer (fixture->server, 1);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, a3);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "no JSON");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, b1);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "x");
  ef_test_wait_for (NULL, !ef_pad_is_held (pad));
}

static void
test_latest_column (EfSinkFixture *fixture, gconstpointer data)
{
  ef_sink_fixture_configure (fixture, "overflow", "latest-by-key");
  ef_sink_fixture_configure (fixture, "overflow-key", "symbol");
  ef_sink_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_error (fixture->start_error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_assert_nonnull (strstr (fixture->start_error->message, "is a path into them here"));
}

/* Draining */

static void
test_drain (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  ef_sink_fixture_configure (fixture, "drain-timeout-ms", "3s");
  ef_sink_fixture_disconnect (fixture, ef_sink_fixture_start (fixture));
  ef_sink_fixture_publish_waiting (fixture, "a", NULL);
  EF_SINK_FIXTURE_PUSH (fixture, "b", "c");
  ef_sink_fixture_begin_stop (fixture);
  ef_test_drain (NULL);
  g_assert_false (fixture->stopped);
  g_assert_false (ef_sink_fixture_publish (fixture, "late", NULL));

  ef_test_clock_advance (fixture->clock, SECONDS (1));
  peer = ef_raw_server_wait_peer (fixture->server, 1);
  expect_texts (peer, "a b c");
  ef_raw_peer_expect (peer, EF_RAW_CLOSE, "\x03\xe8");
  ef_raw_peer_send_close (peer, 1000, "");
  ef_raw_peer_shutdown (peer);
  ef_test_wait_for (NULL, fixture->stopped);
  g_assert_cmpuint (fixture->n_done, ==, 1);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-dropped"), ==, 0);
}

/* What could not be sent is counted and told. */
static void
test_drain_deadline (EfSinkFixture *fixture, gconstpointer data)
{
  ef_sink_fixture_configure (fixture, "drain-timeout-ms", "500ms");
  ef_sink_fixture_disconnect (fixture, ef_sink_fixture_start (fixture));
  ef_sink_fixture_publish_waiting (fixture, "a", NULL);
  EF_SINK_FIXTURE_PUSH (fixture, "bcd", "ef");
  ef_sink_fixture_begin_stop (fixture);
  ef_test_drain (NULL);
  ef_test_clock_advance (fixture->clock, SECONDS (1) / 2 - 1);
  ef_test_drain (NULL);
  g_assert_false (fixture->stopped);
  ef_test_clock_advance (fixture->clock, 1);
  ef_test_wait_for (NULL, fixture->stopped);

  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED);
  g_assert_nonnull (strstr (fixture->error->message, "stopped before 3 messages with 6 bytes"));
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-dropped"), ==, 3);
  ef_test_wait_for (NULL, fixture->n_failed == 1);
}

/* There is nothing to wait for when there will be no connection any more. */
static void
test_drain_ends (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  ef_sink_fixture_configure (fixture, "drain-timeout-ms", "1h");
  ef_sink_fixture_configure (fixture, "reconnect", "false");
  peer = ef_sink_fixture_start (fixture);
  ef_raw_peer_set_reading (peer, FALSE);
  ef_sink_fixture_publish_blocks (fixture, TRUE);
  ef_sink_fixture_begin_stop (fixture);
  ef_test_drain (NULL);
  g_assert_false (fixture->stopped);
  ef_raw_peer_reset (peer);
  ef_test_wait_for (NULL, fixture->stopped);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-dropped"), >, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/sink-overflow/" path, EfSinkFixture, NULL, ef_sink_fixture_set_up, func, \
              ef_sink_fixture_tear_down)
  ADD ("drop-oldest", test_oldest);
  ADD ("drop-oldest-waiting", test_oldest_waiting);
  ADD ("drop-oldest-stalled", test_oldest_stalled);
  ADD ("drop-newest", test_newest);
  ADD ("latest-by-key", test_latest);
  ADD ("latest-by-key-column", test_latest_column);
  ADD ("drain", test_drain);
  ADD ("drain-deadline", test_drain_deadline);
  ADD ("drain-ends", test_drain_ends);
#undef ADD

  return g_test_run ();
}
