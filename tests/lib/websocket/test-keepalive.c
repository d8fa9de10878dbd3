/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-source-fixture.h"

#include <string.h>

/* That no peer goes silent unnoticed, and that none that is there is taken for dead. */

#define LOST "disconnected:1006: reconnecting:1:1000 "

static void
send_pong (EfRawPeer *peer, GBytes *payload)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (payload, &size);

  ef_raw_peer_send_frame (peer, EF_RAW_PONG, data, size);
  ef_test_wait_for (NULL, ef_raw_peer_get_unsent (peer) == 0);
}

static guint64
get_rtt (EfSourceFixture *fixture)
{
  g_autoptr (GVariant) stats = ef_element_get_stats (EF_ELEMENT (fixture->source));
  guint64 property, stat = 0;

  g_object_get (fixture->source, "rtt", &property, NULL);
  g_assert_true (g_variant_lookup (stats, "rtt", "t", &stat));
  g_assert_cmpuint (stat, ==, property);

  return property;
}

static EfRawPeer *
start (EfSourceFixture *fixture)
{
  EfRawPeer *peer = ef_source_fixture_start (fixture);

  return g_string_truncate (fixture->signals, 0) != NULL ? peer : NULL;
}

static void
assert_lost (EfSourceFixture *fixture, const char *hint)
{
  ef_source_fixture_wait_signals (fixture, LOST);
  ef_test_wait_for (NULL, fixture->warning != NULL);
  g_assert_error (fixture->warning, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (fixture->warning->message, hint));
}

static void
test_rtt (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = start (fixture);

  g_assert_cmpuint (get_rtt (fixture), ==, 0);
  for (guint i = 1; i <= 3; i++)
    {
      g_autoptr (GBytes) payload = NULL;

      g_assert_cmpint (ef_test_clock_get_next_delay (fixture->clock), <=, SECONDS (30));
      ef_test_clock_let_pass (fixture->clock, ef_test_clock_get_next_delay (fixture->clock));
      payload = ef_raw_peer_wait_frame (peer, EF_RAW_PING);
      ef_test_clock_let_pass (fixture->clock, i * 12345);
      send_pong (peer, payload);
      ef_test_wait_for (NULL, get_rtt (fixture) == i * 12345);
      ef_test_clock_let_pass (fixture->clock, SECONDS (10));
    }

  g_assert_cmpstr (fixture->signals->str, ==, "");
}

/* Accepts, and never says a word: half-open, hung, or one that answers no pings. */
static void
test_silent (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = start (fixture);

  if (data != NULL)
    ef_raw_peer_set_reading (peer, FALSE);
  ef_test_clock_let_pass (fixture->clock, SECONDS (30));
  if (data == NULL)
    g_bytes_unref (ef_raw_peer_wait_frame (peer, EF_RAW_PING));
  ef_test_clock_let_pass (fixture->clock, SECONDS (10) - 1);
  g_assert_cmpstr (fixture->signals->str, ==, "");
  ef_test_clock_let_pass (fixture->clock, 1);
  assert_lost (fixture, "pong-timeout-ms");
}

static void
test_configured (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (fixture->source, "ping-interval-ms", 200, "pong-timeout-ms", 500, NULL);
  peer = start (fixture);
  ef_test_clock_let_pass (fixture->clock, 200 * 1000);
  g_bytes_unref (ef_raw_peer_wait_frame (peer, EF_RAW_PING));
  ef_test_clock_let_pass (fixture->clock, 200 * 1000);
  ef_test_clock_let_pass (fixture->clock, 300 * 1000 - 1);
  g_assert_cmpstr (fixture->signals->str, ==, "");
  ef_test_clock_let_pass (fixture->clock, 1);
  assert_lost (fixture, "within 500 ms");
}

/* Whatever comes is a sign of life: a pong waits behind what was sent before it. */
static void
test_data_is_a_sign (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = start (fixture);

  for (guint i = 1; i <= 3; i++)
    {
      ef_test_clock_let_pass (fixture->clock, SECONDS (30));
      g_bytes_unref (ef_raw_peer_wait_frame (peer, EF_RAW_PING));
      ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "x", 1);
      ef_test_wait_for (NULL, fixture->sink->n_events == i);
    }
  ef_test_clock_let_pass (fixture->clock, SECONDS (10));
  g_assert_cmpstr (fixture->signals->str, ==, "");

  ef_test_clock_let_pass (fixture->clock, SECONDS (20));
  g_bytes_unref (ef_raw_peer_wait_frame (peer, EF_RAW_PING));
  ef_test_clock_let_pass (fixture->clock, SECONDS (10));
  assert_lost (fixture, "pong-timeout-ms");
}

static void
test_off (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;
  guint8 first;
  GBytes *payload;

  g_object_set (fixture->source, "ping-interval-ms", 0, NULL);
  peer = start (fixture);
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);
  ef_test_clock_let_pass (fixture->clock, SECONDS (2000));
  g_assert_false (ef_raw_peer_take_frame (peer, &first, &payload));
  g_assert_cmpstr (fixture->signals->str, ==, "");
}

/* Pings alone: they keep what is in between from forgetting the connection. */
static void
test_pings_alone (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (fixture->source, "pong-timeout-ms", 0, NULL);
  peer = start (fixture);
  for (guint i = 0; i < 5; i++)
    {
      ef_test_clock_let_pass (fixture->clock, SECONDS (30));
      g_bytes_unref (ef_raw_peer_wait_frame (peer, EF_RAW_PING));
    }
  g_assert_cmpstr (fixture->signals->str, ==, "");
}

static EfRawPeer *
start_held (EfSourceFixture *fixture)
{
  EfRawPeer *peer = start (fixture);

  fixture->sink->hold_after = 1;
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "1", 1);
  ef_source_fixture_wait_log (fixture, "1;|");

  return peer;
}

/* What a held source does not read is still there. */
static void
test_held (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = start_held (fixture);

  ef_test_clock_let_pass (fixture->clock, SECONDS (10));
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GBytes) payload = NULL;

      ef_test_clock_let_pass (fixture->clock, SECONDS (20));
      payload = ef_raw_peer_wait_frame (peer, EF_RAW_PING);
      send_pong (peer, payload);
      ef_test_clock_let_pass (fixture->clock, SECONDS (10) - 1);
      ef_test_clock_let_pass (fixture->clock, 1);
      g_assert_cmpstr (fixture->signals->str, ==, "");
    }

  /* And the one that has died is found. */
  ef_test_clock_let_pass (fixture->clock, SECONDS (20));
  g_bytes_unref (ef_raw_peer_wait_frame (peer, EF_RAW_PING));
  ef_test_clock_let_pass (fixture->clock, SECONDS (10) - 1);
  g_assert_cmpstr (fixture->signals->str, ==, "");
  ef_test_clock_let_pass (fixture->clock, 1);
  assert_lost (fixture, "pong-timeout-ms");
}

/* So much waits that the peer may have no room for its pong. */
static void
test_held_full (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = start_held (fixture);
  g_autofree char *text = g_strnfill (5000, 'x');

  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, text, 5000);
  ef_test_wait_for (NULL, ef_raw_peer_get_unsent (peer) == 0);
  ef_test_clock_let_pass (fixture->clock, SECONDS (10));
  for (guint i = 0; i < 5; i++)
    {
      ef_test_clock_let_pass (fixture->clock, SECONDS (20));
      g_bytes_unref (ef_raw_peer_wait_frame (peer, EF_RAW_PING));
      ef_test_clock_let_pass (fixture->clock, SECONDS (10));
    }
  g_assert_cmpstr (fixture->signals->str, ==, "");

  /* Once it is read there is no excuse any more, but as much time as ever. */
  ef_test_clock_let_pass (fixture->clock, SECONDS (20));
  g_bytes_unref (ef_raw_peer_wait_frame (peer, EF_RAW_PING));
  ef_test_clock_let_pass (fixture->clock, SECONDS (9));
  fixture->sink->hold_after = 0;
  ef_element_release_input (EF_ELEMENT (fixture->sink));
  ef_test_wait_for (NULL, fixture->sink->n_events == 2);
  ef_test_clock_let_pass (fixture->clock, SECONDS (10));
  g_assert_cmpstr (fixture->signals->str, ==, "");
  ef_test_clock_let_pass (fixture->clock, SECONDS (11));
  g_bytes_unref (ef_raw_peer_wait_frame (peer, EF_RAW_PING));
  ef_test_clock_let_pass (fixture->clock, SECONDS (10));
  assert_lost (fixture, "pong-timeout-ms");
}

/* What comes at the end of a hold gets its time. */
static void
test_released (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = start_held (fixture);

  ef_test_clock_let_pass (fixture->clock, SECONDS (30));
  g_bytes_unref (ef_raw_peer_wait_frame (peer, EF_RAW_PING));
  ef_test_clock_let_pass (fixture->clock, SECONDS (9));
  fixture->sink->hold_after = 0;
  ef_element_release_input (EF_ELEMENT (fixture->sink));
  ef_test_clock_let_pass (fixture->clock, SECONDS (10) - 1);
  g_assert_cmpstr (fixture->signals->str, ==, "");
  ef_test_clock_let_pass (fixture->clock, 1);
  assert_lost (fixture, "pong-timeout-ms");
}

static void
test_idle (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (fixture->source, "idle-timeout-ms", 5000, NULL);
  peer = start (fixture);
  ef_test_clock_let_pass (fixture->clock, SECONDS (4));
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "x", 1);
  ef_test_wait_for (NULL, fixture->sink->n_events == 1);
  ef_test_clock_let_pass (fixture->clock, SECONDS (4));

  /* A ping is no data. */
  ef_raw_peer_send_frame (peer, EF_RAW_PING, "x", 1);
  ef_raw_peer_expect (peer, EF_RAW_PONG, "x");
  ef_test_clock_let_pass (fixture->clock, SECONDS (1) - 1);
  g_assert_cmpstr (fixture->signals->str, ==, "");
  ef_test_clock_let_pass (fixture->clock, 1);
  assert_lost (fixture, "idle-timeout-ms");
}

/* A message that takes its time. */
static void
test_idle_in_message (EfSourceFixture *fixture, gconstpointer data)
{
  static const guint8 head[] = { 0x81, 0x05 };
  EfRawPeer *peer;

  g_object_set (fixture->source, "idle-timeout-ms", 5000, NULL);
  peer = start (fixture);
  ef_raw_peer_send (peer, head, sizeof head);
  for (guint i = 0; i < 5; i++)
    {
      ef_test_clock_let_pass (fixture->clock, SECONDS (4));
      g_assert_cmpstr (fixture->signals->str, ==, "");
      ef_raw_peer_send (peer, &"hello"[i], 1);
      ef_test_wait_for (NULL, ef_raw_peer_get_unsent (peer) == 0);
    }
  ef_source_fixture_wait_log (fixture, "hello;|");
}

static void
test_idle_held (EfSourceFixture *fixture, gconstpointer data)
{
  g_object_set (fixture->source, "idle-timeout-ms", 5000, "ping-interval-ms", 0, NULL);
  start_held (fixture);
  for (guint i = 0; i < 5; i++)
    ef_test_clock_let_pass (fixture->clock, SECONDS (4));
  g_assert_cmpstr (fixture->signals->str, ==, "");

  fixture->sink->hold_after = 0;
  ef_element_release_input (EF_ELEMENT (fixture->sink));
  ef_test_clock_let_pass (fixture->clock, SECONDS (5) - 1);
  g_assert_cmpstr (fixture->signals->str, ==, "");
  ef_test_clock_let_pass (fixture->clock, 1);
  assert_lost (fixture, "idle-timeout-ms");
}

/* A Close is the last word, also while its answer is awaited. */
static void
test_no_ping_behind_close (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (fixture->source, "close-timeout-ms", 100000, NULL);
  peer = start (fixture);
  ef_source_fixture_begin_stop (fixture);
  ef_test_clock_let_pass (fixture->clock, SECONDS (90));
  ef_source_fixture_answer_close (peer);
  ef_test_wait_for (NULL, fixture->stopped);
  g_assert_cmpuint (ef_raw_peer_get_received (peer)->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD_DATA(path, func, data) \
  g_test_add ("/keepalive/" path, EfSourceFixture, data, ef_source_fixture_set_up, func, \
              ef_source_fixture_tear_down)
#define ADD(path, func) ADD_DATA (path, func, NULL)
  ADD ("rtt", test_rtt);
  ADD ("silent", test_silent);
  ADD_DATA ("silent-and-deaf", test_silent, "deaf");
  ADD ("configured", test_configured);
  ADD ("data-is-a-sign", test_data_is_a_sign);
  ADD ("off", test_off);
  ADD ("pings-alone", test_pings_alone);
  ADD ("held", test_held);
  ADD ("held-full", test_held_full);
  ADD ("released", test_released);
  ADD ("idle", test_idle);
  ADD ("idle-in-message", test_idle_in_message);
  ADD ("idle-held", test_idle_held);
  ADD ("no-ping-behind-close", test_no_ping_behind_close);
#undef ADD
#undef ADD_DATA

  return g_test_run ();
}
