/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-source-fixture.h"

#include <string.h>


void
ef_source_fixture_on_message (EfWebSocketSource *source,
                              GBytes *bytes,
                              EfWebSocketMessageType type,
                              EfSourceFixture *fixture)
{
  g_string_append_printf (fixture->signals, "%s:%.*s ",
                          type == EF_WEB_SOCKET_MESSAGE_TEXT ? "text" : "binary",
                          (int) g_bytes_get_size (bytes),
                          (const char *) g_bytes_get_data (bytes, NULL));
}

static void
on_connected (EfWebSocketSource *source, const char *subprotocol, EfSourceFixture *fixture)
{
  gboolean connected;

  g_object_get (source, "connected", &connected, NULL);
  g_assert_true (connected);
  g_string_append_printf (fixture->signals, "connected:%s ",
                          subprotocol != NULL ? subprotocol : "-");
}

static void
on_disconnected (EfWebSocketSource *source,
                 guint code,
                 const char *reason,
                 EfSourceFixture *fixture)
{
  gboolean connected;

  g_object_get (source, "connected", &connected, NULL);
  g_assert_false (connected);
  g_string_append_printf (fixture->signals, "disconnected:%u:%s ", code, reason);
}

static void
on_reconnecting (EfWebSocketSource *source, guint attempt, guint delay, EfSourceFixture *fixture)
{
  g_string_append_printf (fixture->signals, "reconnecting:%u:%u ", attempt, delay);
}

static void
on_bus_message (EfBus *bus, EfMessage *message, EfSourceFixture *fixture)
{
  if (ef_message_get_kind (message) == EF_MESSAGE_ELEMENT)
    g_string_append_printf (fixture->bus_log, "%s ", ef_message_get_name (message));
  else if (ef_message_get_kind (message) == EF_MESSAGE_EOS)
    g_string_append (fixture->bus_log, "EOS ");
  else if (ef_message_get_kind (message) == EF_MESSAGE_ERROR)
    {
      g_assert_no_error (fixture->error);
      fixture->error = g_error_copy (ef_message_get_error (message));
    }
  else if (ef_message_get_kind (message) == EF_MESSAGE_WARNING)
    {
      g_clear_error (&fixture->warning);
      fixture->warning = g_error_copy (ef_message_get_error (message));
    }
}

void
ef_source_fixture_set_up (EfSourceFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->server = ef_raw_server_new ();
  fixture->clock = ef_test_clock_new ();
  fixture->bus = ef_bus_new ();
  fixture->signals = g_string_new (NULL);
  fixture->bus_log = g_string_new (NULL);
  fixture->source = ef_web_socket_source_new ();
  fixture->sink = ef_log_sink_new ();

  g_object_set (fixture->source, "url", ef_raw_server_get_url (fixture->server), NULL);
  ef_element_set_clock (EF_ELEMENT (fixture->source), EF_CLOCK (fixture->clock));
  ef_element_set_bus (EF_ELEMENT (fixture->source), fixture->bus);
  ef_element_link (EF_ELEMENT (fixture->source), EF_ELEMENT (fixture->sink), &error);
  g_assert_no_error (error);

  g_signal_connect (fixture->bus, "message", G_CALLBACK (on_bus_message), fixture);
  g_signal_connect (fixture->source, "connected", G_CALLBACK (on_connected), fixture);
  g_signal_connect (fixture->source, "disconnected", G_CALLBACK (on_disconnected), fixture);
  g_signal_connect (fixture->source, "reconnecting", G_CALLBACK (on_reconnecting), fixture);
}

static void
start_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfSourceFixture *fixture = user_data;

  ef_element_start_finish (EF_ELEMENT (object), result, &fixture->start_error);
  fixture->started = TRUE;
}

void
ef_source_fixture_begin_start (EfSourceFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  ef_element_start (EF_ELEMENT (fixture->sink), &error);
  g_assert_no_error (error);
  fixture->started = FALSE;
  ef_element_start_async (EF_ELEMENT (fixture->source), NULL, start_done, fixture);
}

EfRawPeer *
ef_source_fixture_start (EfSourceFixture *fixture)
{
  ef_source_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_no_error (fixture->start_error);

  return ef_raw_server_wait_peer (fixture->server, 0);
}

void
ef_source_fixture_start_failing (EfSourceFixture *fixture, EfWebSocketError code)
{
  ef_source_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_error (fixture->start_error, EF_WEB_SOCKET_ERROR, (gint) code);
  g_test_message ("%s", fixture->start_error->message);
  g_assert_cmpint (ef_element_get_state (EF_ELEMENT (fixture->source)), <, EF_STATE_PAUSED);
  g_clear_error (&fixture->error); /* told the same way to those who listen */
}

static void
stop_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfSourceFixture *fixture = user_data;

  ef_element_stop_finish (EF_ELEMENT (object), result, NULL);
  fixture->stopped = TRUE;
}

void
ef_source_fixture_begin_stop (EfSourceFixture *fixture)
{
  fixture->stopped = FALSE;
  ef_element_stop_async (EF_ELEMENT (fixture->source), NULL, stop_done, fixture);
}

/* Plays the server's part in closing. */
void
ef_source_fixture_answer_close (EfRawPeer *peer)
{
  ef_raw_peer_skip_to (peer, EF_RAW_CLOSE);
  ef_raw_peer_send_close (peer, 1000, NULL);
  ef_raw_peer_shutdown (peer);
}

void
ef_source_fixture_stop_with_peer (EfSourceFixture *fixture, EfRawPeer *peer)
{
  ef_source_fixture_begin_stop (fixture);
  ef_source_fixture_answer_close (peer);
  ef_test_wait_for (NULL, fixture->stopped);
}

void
ef_source_fixture_tear_down (EfSourceFixture *fixture, gconstpointer data)
{
  /* A peer of which the test wants no more does not answer the Close. */
  ef_source_fixture_begin_stop (fixture);
  ef_test_drain (NULL);
  ef_test_clock_advance (fixture->clock, SECONDS (5));
  ef_test_wait_for (NULL, fixture->stopped);
  ef_element_stop (EF_ELEMENT (fixture->sink));
  g_assert_no_error (fixture->error);
  ef_test_drain (NULL);
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);

  ef_pad_unlink (ef_element_get_src_pad (EF_ELEMENT (fixture->source)),
                 ef_element_get_sink_pad (EF_ELEMENT (fixture->sink)));
  ef_test_assert_finalizes (NULL, fixture->source);
  g_assert_finalize_object (fixture->sink);
  g_assert_finalize_object (fixture->bus);
  g_assert_finalize_object (fixture->server);
  g_assert_finalize_object (fixture->clock);
  g_clear_error (&fixture->start_error);
  g_clear_error (&fixture->warning);
  g_string_free (fixture->signals, TRUE);
  g_string_free (fixture->bus_log, TRUE);
}

void
ef_source_fixture_wait_log (EfSourceFixture *fixture, const char *expected)
{
  ef_test_wait_for (NULL, strcmp (fixture->sink->log->str, expected) == 0);
}

void
ef_source_fixture_wait_signals (EfSourceFixture *fixture, const char *expected)
{
  ef_test_wait_for (NULL, strcmp (fixture->signals->str, expected) == 0);
}

static gboolean
is_connected (gpointer data)
{
  gboolean connected;

  g_object_get (((EfSourceFixture *) data)->source, "connected", &connected, NULL);

  return connected;
}

/* The peer of that number, once both sides agree that there is a connection. */
EfRawPeer *
ef_source_fixture_reach (EfSourceFixture *fixture, guint index)
{
  EfRawPeer *peer = ef_raw_server_wait_peer (fixture->server, index);

  ef_test_wait_until (NULL, is_connected, fixture);
  g_string_truncate (fixture->signals, 0);

  return peer;
}

void
ef_source_fixture_lose (EfSourceFixture *fixture, guint index)
{
  ef_raw_peer_reset (ef_source_fixture_reach (fixture, index));
}
