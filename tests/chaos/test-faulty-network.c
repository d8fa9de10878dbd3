/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-number-sink.h"
#include "ef-relay.h"
#include "ef-test-element.h"
#include "ef-test-loop.h"

/* Numbers through a relay with faults: from a server to WebSocketSource, and from WebSocketSink to a
 * server. */
typedef struct
{
  EfElement *server;
  EfRelay *relay;
  EfElement *client;
  EfNumberSink *sink; /* at the end of the way */
  gint64 next;
  guint timer;
  guint n_errors;
  guint n_messages;
} Fixture;

static void
on_error (EfElement *client, const GError *error, Fixture *fixture)
{
  fixture->n_errors++;
}

static void
set_up (Fixture *fixture, GType server_type, GType client_type)
{
  g_autofree char *url = NULL;
  guint port = 0;

  fixture->server = g_object_new (server_type, "url", "ws://127.0.0.1:0/", NULL);
  fixture->sink = ef_number_sink_new ();
  g_assert_true (ef_element_start (EF_ELEMENT (fixture->sink), NULL));
  g_assert_true (ef_element_start (fixture->server, NULL));
  ef_test_wait_for (NULL, (g_object_get (fixture->server, "port", &port, NULL), port > 0));

  fixture->relay = ef_relay_new ((guint16) port);
  url = ef_relay_dup_url (fixture->relay);
  fixture->client = g_object_new (client_type, "url", url, "reconnect-delay-ms", 1,
                                  "reconnect-max-delay-ms", 10, NULL);
  g_signal_connect (fixture->client, "error", G_CALLBACK (on_error), fixture);
}

static void
set_up_feed (Fixture *fixture, gconstpointer data)
{
  set_up (fixture, EF_TYPE_WEB_SOCKET_SERVER_SINK, EF_TYPE_WEB_SOCKET_SOURCE);
}

static void
set_up_publisher (Fixture *fixture, gconstpointer data)
{
  set_up (fixture, EF_TYPE_WEB_SOCKET_SERVER_SOURCE, EF_TYPE_WEB_SOCKET_SINK);
  g_assert_true (ef_element_link (fixture->server, EF_ELEMENT (fixture->sink), NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  EfElement *source = EF_IS_SOURCE (fixture->client) ? fixture->client : fixture->server;

  g_clear_handle_id (&fixture->timer, g_source_remove);
  ef_test_stop (fixture->client);
  ef_test_stop (fixture->server);
  ef_test_stop (fixture->sink);
  if (ef_pad_get_n_links (ef_element_get_src_pad (source)) > 0)
    ef_pad_unlink (ef_element_get_src_pad (source),
                   ef_element_get_sink_pad (EF_ELEMENT (fixture->sink)));
  ef_relay_free (fixture->relay);
  ef_test_assert_finalizes (NULL, fixture->client);
  ef_test_assert_finalizes (NULL, fixture->server);
  ef_test_assert_finalizes (NULL, fixture->sink);
}

static gboolean
send_number (gpointer user_data)
{
  Fixture *fixture = user_data;
  EfElement *sender = EF_IS_SINK (fixture->client) ? fixture->client : fixture->server;
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, fixture->next);
  g_autoptr (EfEvent) event = ef_event_new_text (0, text, -1);
  g_autoptr (GError) error = NULL;

  if (ef_sink_publish_event (EF_SINK (sender), event, &error))
    fixture->next++;
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);

  return G_SOURCE_CONTINUE;
}

static void
start (Fixture *fixture)
{
  if (EF_IS_SOURCE (fixture->client))
    g_assert_true (ef_element_link (fixture->client, EF_ELEMENT (fixture->sink), NULL));
  g_assert_true (ef_element_start (fixture->client, NULL));
  ef_test_wait_for (NULL, ef_element_get_state (fixture->client) == EF_STATE_PLAYING);
  fixture->timer = g_timeout_add (1, send_number, fixture);
}

static void
wait_more (Fixture *fixture, guint n)
{
  guint64 enough = fixture->sink->n_events + n;

  ef_test_wait_for (NULL, fixture->sink->n_events >= enough);
}

/* However the bytes are cut and slowed down, nothing is missing. */
static void
test_pieces (Fixture *fixture, gconstpointer data)
{
  ef_relay_set_faults (fixture->relay, data);
  start (fixture);
  wait_more (fixture, 200);
  g_assert_cmpuint (fixture->sink->n_missing, ==, 0);
  g_assert_cmpuint (fixture->sink->n_gaps, ==, 0);
  g_assert_cmpuint (fixture->n_errors, ==, 0);
}

/* A reset takes what is under way. What comes after it is in order, comes once, and the source tells
 * of each. */
static void
test_resets (Fixture *fixture, gconstpointer data)
{
  const guint n_resets = 50;

  start (fixture);
  for (guint i = 0; i < n_resets; i++)
    {
      wait_more (fixture, (guint) g_test_rand_int_range (1, 20));
      ef_relay_reset_connections (fixture->relay);
      if (EF_IS_SINK (fixture->client))
        fixture->sink->may_miss = TRUE; /* what was with the kernel */
    }
  wait_more (fixture, 20);
  if (EF_IS_SOURCE (fixture->client))
    g_assert_cmpuint (fixture->sink->n_gaps, ==, n_resets);
}

/* The connection looks alive, but nothing passes any more. */
static void
test_silence (Fixture *fixture, gconstpointer data)
{
  const EfRelayFaults silent = { .spoil_at = -1, .is_silent = TRUE };
  const EfRelayFaults none = { .spoil_at = -1 };
  guint n_errors;

  g_object_set (fixture->client, "ping-interval-ms", 100, "pong-timeout-ms", 1000,
                "connect-timeout-ms", 500, NULL);
  start (fixture);
  wait_more (fixture, 20);
  ef_relay_set_faults (fixture->relay, &silent);
  n_errors = fixture->n_errors;
  ef_test_wait_for (NULL, fixture->n_errors > n_errors);
  ef_relay_set_faults (fixture->relay, &none);
  if (EF_IS_SINK (fixture->client))
    fixture->sink->may_miss = TRUE;
  wait_more (fixture, 20);
}

static void
on_message (EfWebSocketSource *source,
            GBytes *message,
            EfWebSocketMessageType type,
            Fixture *fixture)
{
  fixture->n_messages++;
}

/* One byte of what the server says is wrong, each in its turn, those of the handshake included:
 * whatever that leads to, the source gets over it. */
static void
test_spoiled (Fixture *fixture, gconstpointer data)
{
  const EfRelayFaults none = { .spoil_at = -1 };

  g_object_set (fixture->client, "connect-timeout-ms", 500, NULL);
  g_signal_connect (fixture->client, "message", G_CALLBACK (on_message), fixture);
  g_assert_true (ef_element_start (fixture->client, NULL));
  fixture->timer = g_timeout_add (1, send_number, fixture);
  ef_test_wait_for (NULL, fixture->n_messages > 0);

  for (gint64 i = 0; i < 250; i++)
    {
      EfRelayFaults spoil = { .spoil_at = i };
      guint n_accepted = ef_relay_get_n_accepted (fixture->relay);
      guint n_messages, n_errors;

      ef_relay_set_faults (fixture->relay, &spoil);
      ef_relay_reset_connections (fixture->relay);
      ef_test_wait_for (NULL, ef_relay_get_n_accepted (fixture->relay) > n_accepted);
      n_messages = fixture->n_messages;
      n_errors = fixture->n_errors;
      ef_test_wait_for (NULL, fixture->n_messages > n_messages + 20 || fixture->n_errors > n_errors);
    }

  ef_relay_set_faults (fixture->relay, &none);
  ef_relay_reset_connections (fixture->relay);
  fixture->n_messages = 0;
  ef_test_wait_for (NULL, fixture->n_messages > 50);
}

int
main (int argc, char **argv)
{
  static const EfRelayFaults bytes = { .step = 1, .spoil_at = -1 };
  static const EfRelayFaults slow = { .step = 16, .pause_ms = 1, .spoil_at = -1 };

  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, set_up, test) \
  g_test_add ("/chaos/faulty-network/" path, Fixture, data, set_up, test, tear_down)
  ADD ("feed/bytes", &bytes, set_up_feed, test_pieces);
  ADD ("feed/slow", &slow, set_up_feed, test_pieces);
  ADD ("feed/resets", NULL, set_up_feed, test_resets);
  ADD ("feed/silence", NULL, set_up_feed, test_silence);
  ADD ("feed/spoiled", NULL, set_up_feed, test_spoiled);
  ADD ("publisher/bytes", &bytes, set_up_publisher, test_pieces);
  ADD ("publisher/slow", &slow, set_up_publisher, test_pieces);
  ADD ("publisher/resets", NULL, set_up_publisher, test_resets);
  ADD ("publisher/silence", NULL, set_up_publisher, test_silence);
#undef ADD

  return g_test_run ();
}
