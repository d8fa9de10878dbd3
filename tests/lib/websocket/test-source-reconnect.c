/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-source-fixture.h"

#include <string.h>

/* When the source tries again, and what it tells of the gap. */

static void
test_delays (EfSourceFixture *fixture, gconstpointer data)
{
  static const guint delays[] = { 100, 200, 400, 800, 1000, 1000 };
  EfRawPeer *peer;

  g_object_set (fixture->source, "reconnect-delay-ms", 100, "reconnect-max-delay-ms", 1000, NULL);
  ef_raw_server_pause (fixture->server);
  ef_source_fixture_begin_start (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    {
      g_autofree char *expected = g_strdup_printf ("reconnecting:%u:%u ", i + 1, delays[i]);

      ef_source_fixture_wait_signals (fixture, expected);
      g_string_truncate (fixture->signals, 0);
      ef_test_drain (NULL);
      ef_test_clock_advance (fixture->clock, delays[i] * 1000 - 1);
      ef_test_drain (NULL);
      g_assert_cmpuint (fixture->signals->len, ==, 0);
      if (i + 1 == G_N_ELEMENTS (delays))
        ef_raw_server_resume (fixture->server);
      ef_test_clock_advance (fixture->clock, 1);
    }

  ef_test_wait_for (NULL, fixture->started);
  g_assert_no_error (fixture->start_error);
  g_assert_cmpstr (fixture->signals->str, ==, "connected:- ");
  peer = ef_raw_server_wait_peer (fixture->server, 0);
  ef_source_fixture_stop_with_peer (fixture, peer);
}

static void
test_attempts (EfSourceFixture *fixture, gconstpointer data)
{
  g_object_set (fixture->source, "reconnect-max-attempts", 2, NULL);
  ef_raw_server_pause (fixture->server);
  ef_source_fixture_begin_start (fixture);
  ef_source_fixture_wait_signals (fixture, "reconnecting:1:1000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  ef_source_fixture_wait_signals (fixture, "reconnecting:1:1000 reconnecting:2:2000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (2));
  ef_test_wait_for (NULL, fixture->started);
  g_assert_error (fixture->start_error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_REFUSED);
  g_assert_nonnull (strstr (fixture->start_error->message, "2 tries"));
  g_assert_cmpstr (fixture->signals->str, ==, "reconnecting:1:1000 reconnecting:2:2000 ");
  g_clear_error (&fixture->error);
}

static void
test_healthy (EfSourceFixture *fixture, gconstpointer data)
{
  ef_source_fixture_start (fixture);
  ef_source_fixture_lose (fixture, 0);
  ef_source_fixture_wait_signals (fixture, "disconnected:1006: reconnecting:1:1000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  ef_source_fixture_lose (fixture, 1);
  ef_source_fixture_wait_signals (fixture, "disconnected:1006: reconnecting:2:2000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (2));
  ef_raw_peer_send_frame (ef_source_fixture_reach (fixture, 2), EF_RAW_TEXT, "x", 1);
  ef_test_wait_for (NULL, fixture->sink->n_events == 1);
  ef_source_fixture_lose (fixture, 2);
  ef_source_fixture_wait_signals (fixture, "disconnected:1006: reconnecting:1:1000 ");

  /* So does one that lasts. */
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  ef_source_fixture_reach (fixture, 3);
  ef_test_clock_advance (fixture->clock, SECONDS (9));
  ef_source_fixture_lose (fixture, 3);
  ef_source_fixture_wait_signals (fixture, "disconnected:1006: reconnecting:2:2000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (2));
  ef_source_fixture_reach (fixture, 4);
  ef_test_clock_advance (fixture->clock, SECONDS (10));
  ef_source_fixture_lose (fixture, 4);
  ef_source_fixture_wait_signals (fixture, "disconnected:1006: reconnecting:1:1000 ");
}

static void
test_rejection_backs_off (EfSourceFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *expected = g_strdup_printf ("disconnected:1008:policy reconnecting:%u:%u ",
                                                   i + 1, 1000u << i);
      EfRawPeer *peer;

      if (i == 0)
        ef_source_fixture_start (fixture);
      peer = ef_source_fixture_reach (fixture, i);
      ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "hello", 5);
      ef_raw_peer_send_close (peer, 1008, "policy");
      ef_source_fixture_wait_signals (fixture, expected);
      ef_raw_peer_shutdown (peer);
      if (i < 2)
        ef_test_clock_advance (fixture->clock, SECONDS (1 << i));
    }
}

static void
test_gap (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_source_fixture_start (fixture);

  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "before", 6);
  ef_raw_peer_send_close (peer, 1012, "restart");
  ef_source_fixture_wait_signals (fixture, "connected:- disconnected:1012:restart "
                                           "reconnecting:1:1000 ");
  ef_raw_peer_shutdown (peer);
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  ef_raw_peer_send_frame (ef_raw_server_wait_peer (fixture->server, 1), EF_RAW_TEXT, "after", 5);
  ef_source_fixture_wait_log (fixture, "before;|GAP(closed with code 1012: restart);after;|");
  g_assert_cmpstr (fixture->bus_log->str, ==, "connected disconnected reconnecting connected gap ");
}

static void
test_gap_in_pause (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_source_fixture_start (fixture);

  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "before", 6);
  ef_raw_peer_send_close (peer, 1012, "");
  ef_source_fixture_wait_signals (fixture, "connected:- disconnected:1012: reconnecting:1:1000 ");
  ef_raw_peer_shutdown (peer);
  ef_element_set_state_async (EF_ELEMENT (fixture->source), EF_STATE_PAUSED, NULL, NULL, NULL);
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  peer = ef_raw_server_wait_peer (fixture->server, 1);
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "after", 5);
  ef_test_wait_for (NULL, g_str_has_suffix (fixture->signals->str, "connected:- "));
  ef_test_settle ();
  g_assert_cmpstr (fixture->sink->log->str, ==, "before;|");

  ef_element_set_state_async (EF_ELEMENT (fixture->source), EF_STATE_PLAYING, NULL, NULL, NULL);
  ef_source_fixture_wait_log (fixture, "before;|GAP(closed with code 1012);after;|");
}

static void
test_attempts_after_loss (EfSourceFixture *fixture, gconstpointer data)
{
  g_object_set (fixture->source, "reconnect-max-attempts", 1, NULL);
  ef_source_fixture_start (fixture);
  ef_raw_server_pause (fixture->server);
  ef_source_fixture_lose (fixture, 0);
  ef_source_fixture_wait_signals (fixture, "disconnected:1006: reconnecting:1:1000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_REFUSED);
  g_clear_error (&fixture->error);
}

static void
test_unavailable (EfSourceFixture *fixture, gconstpointer data)
{
  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_STATUS ("503 Service Unavailable"));
  ef_source_fixture_begin_start (fixture);
  ef_source_fixture_wait_signals (fixture, "reconnecting:1:1000 ");
  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_UPGRADE);
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  ef_test_wait_for (NULL, fixture->started);
  g_assert_no_error (fixture->start_error);
}

static void
test_not_found_after_connection (EfSourceFixture *fixture, gconstpointer data)
{
  ef_source_fixture_start (fixture);
  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_STATUS ("404 Not Found"));
  ef_source_fixture_lose (fixture, 0);
  ef_source_fixture_wait_signals (fixture, "disconnected:1006: reconnecting:1:1000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  ef_source_fixture_wait_signals (fixture, "disconnected:1006: reconnecting:1:1000 "
                                           "reconnecting:2:2000 ");
  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_STATUS ("401 Unauthorized"));
  ef_test_clock_advance (fixture->clock, SECONDS (2));
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_UNAUTHORIZED);
  g_clear_error (&fixture->error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/source/" path, EfSourceFixture, NULL, ef_source_fixture_set_up, func, \
              ef_source_fixture_tear_down)
  ADD ("delays", test_delays);
  ADD ("attempts", test_attempts);
  ADD ("healthy", test_healthy);
  ADD ("rejection-backs-off", test_rejection_backs_off);
  ADD ("gap", test_gap);
  ADD ("gap-in-pause", test_gap_in_pause);
  ADD ("attempts-after-loss", test_attempts_after_loss);
  ADD ("unavailable", test_unavailable);
  ADD ("not-found-after-connection", test_not_found_after_connection);
#undef ADD

  return g_test_run ();
}
