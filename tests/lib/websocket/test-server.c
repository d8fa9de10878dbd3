/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <string.h>

#include "ef-log-sink.h"
#include "ef-raw-peer.h"
#include "ef-test-element.h"
#include "ef-test-loop.h"

/* A server element of either kind, with what its clients did written down. */
typedef struct
{
  EfElement *element;
  EfLogSink *sink; /* behind a source */
  GString *log;
  gboolean done;
  GError *error;
} Fixture;

static void
on_client_connected (EfElement *element, guint64 client, const char *address, Fixture *fixture)
{
  g_assert_true (g_str_has_prefix (address, "127.0.0.1:"));
  g_string_append_printf (fixture->log, "+%" G_GUINT64_FORMAT " ", client);
}

static void
on_client_disconnected (EfElement *element,
                        guint64 client,
                        guint code,
                        const char *reason,
                        Fixture *fixture)
{
  g_string_append_printf (fixture->log, "-%" G_GUINT64_FORMAT ":%u:%s ", client, code, reason);
}

static void
on_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  ef_element_set_state_finish (EF_ELEMENT (object), result, &fixture->error);
  fixture->done = TRUE;
}

static void
begin_stop (Fixture *fixture)
{
  fixture->done = FALSE;
  ef_element_set_state_async (fixture->element, EF_STATE_NULL, NULL, on_done, fixture);
}

static void
start (Fixture *fixture)
{
  fixture->done = FALSE;
  ef_element_set_state_async (fixture->element, EF_STATE_PLAYING, NULL, on_done, fixture);
  ef_test_wait_for (NULL, fixture->done);
}

static void
set_up (Fixture *fixture, EfElement *element)
{
  fixture->element = element;
  fixture->log = g_string_new (NULL);
  g_object_set (element, "url", "ws://127.0.0.1:0/feed", NULL);
  g_signal_connect (element, "client-connected", G_CALLBACK (on_client_connected), fixture);
  g_signal_connect (element, "client-disconnected", G_CALLBACK (on_client_disconnected), fixture);
}

static void
set_up_sink (Fixture *fixture, gconstpointer data)
{
  set_up (fixture, EF_ELEMENT (ef_web_socket_server_sink_new ()));
}

static void
set_up_source (Fixture *fixture, gconstpointer data)
{
  set_up (fixture, EF_ELEMENT (ef_web_socket_server_source_new ()));
  fixture->sink = ef_log_sink_new ();
  g_assert_true (ef_element_link (fixture->element, EF_ELEMENT (fixture->sink), NULL));
  g_assert_true (ef_element_start (EF_ELEMENT (fixture->sink), NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  begin_stop (fixture);
  ef_test_wait_for (NULL, fixture->done);
  if (fixture->sink != NULL)
    {
      ef_element_stop (EF_ELEMENT (fixture->sink));
      ef_test_drain (NULL);
      ef_pad_unlink (ef_element_get_src_pad (fixture->element),
                     ef_element_get_sink_pad (EF_ELEMENT (fixture->sink)));
      ef_test_assert_finalizes (NULL, fixture->sink);
    }
  ef_test_assert_finalizes (NULL, fixture->element);
  g_string_free (fixture->log, TRUE);
  g_clear_error (&fixture->error);
}

static char *
make_url (Fixture *fixture, const char *path)
{
  guint port;

  g_object_get (fixture->element, "port", &port, NULL);
  g_assert_cmpuint (port, >, 0);

  return g_strdup_printf ("ws://127.0.0.1:%u%s", port, path);
}

static EfRawPeer *
connect_to (Fixture *fixture, const char *path, const char *headers)
{
  g_autofree char *url = make_url (fixture, path);
  EfRawPeer *peer = ef_raw_peer_new_client (url, headers);

  ef_test_wait_for (NULL, ef_raw_peer_get_head (peer) != NULL);

  return peer;
}

static EfRawPeer *
connect_client (Fixture *fixture)
{
  EfRawPeer *peer = connect_to (fixture, "/feed", NULL);

  g_assert_true (g_str_has_prefix (ef_raw_peer_get_head (peer), "HTTP/1.1 101"));

  return peer;
}

static void
wait_n_clients (Fixture *fixture, guint expected)
{
  guint n = 0;

  ef_test_wait_for (NULL, (g_object_get (fixture->element, "n-clients", &n, NULL), n == expected));
}

static void
publish (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EfEvent) event = ef_event_new_text (0, text, -1);

  ef_sink_publish_event (EF_SINK (fixture->element), event, &error);
  g_assert_no_error (error);
}

static void
test_sink_broadcast (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) first = NULL;
  g_autoptr (EfRawPeer) second = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\1\2", 2);
  g_autoptr (EfEvent) binary = ef_event_new_bytes (0, bytes);

  start (fixture);
  publish (fixture, "nobody hears this");
  g_assert_cmpuint (ef_test_get_stat (fixture->element, "messages-unheard"), ==, 1);

  first = connect_client (fixture);
  wait_n_clients (fixture, 1);
  publish (fixture, "to one");
  second = connect_client (fixture);
  wait_n_clients (fixture, 2);
  publish (fixture, "to both");
  publish (fixture, "");
  g_assert_true (ef_sink_publish_event (EF_SINK (fixture->element), binary, NULL));

  ef_raw_peer_expect (first, EF_RAW_TEXT, "to one");
  ef_raw_peer_expect (first, EF_RAW_TEXT, "to both");
  ef_raw_peer_expect (second, EF_RAW_TEXT, "to both");
  ef_raw_peer_expect (second, EF_RAW_TEXT, "");
  ef_raw_peer_expect (second, EF_RAW_BINARY, "\1\2");
  g_assert_cmpuint (ef_test_get_stat (fixture->element, "messages-sent"), ==, 7);
  g_assert_cmpstr (fixture->log->str, ==, "+1 +2 ");

  ef_raw_peer_send_frame (first, EF_RAW_PING, "hey", 3);
  ef_raw_peer_expect (first, EF_RAW_TEXT, "");
  ef_raw_peer_expect (first, EF_RAW_BINARY, "\1\2");
  ef_raw_peer_expect (first, EF_RAW_PONG, "hey");

  ef_raw_peer_send_close (first, 4000, "bye");
  wait_n_clients (fixture, 1);
  g_assert_cmpstr (fixture->log->str, ==, "+1 +2 -1:4000:bye ");
  publish (fixture, "last");
  ef_raw_peer_expect (second, EF_RAW_TEXT, "last");
  ef_raw_peer_shutdown (second);
}

static void
test_sink_bad_events (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfSchema) schema = ef_schema_parse ("a LONG, b LONG", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  g_autoptr (EfRawPeer) peer = NULL;
  g_autoptr (EfEvent) columns = NULL;

  start (fixture);
  peer = connect_client (fixture);
  wait_n_clients (fixture, 1);

  ef_event_builder_begin (builder, 0);
  columns = ef_event_builder_end (builder);
  g_assert_true (ef_sink_publish_event (EF_SINK (fixture->element), columns, NULL));
  publish (fixture, "\xff");
  publish (fixture, "good");

  ef_raw_peer_expect (peer, EF_RAW_TEXT, "good");
  g_assert_cmpuint (ef_test_get_stat (fixture->element, "rejected"), ==, 2);
  ef_raw_peer_shutdown (peer);
}

static void
test_sink_wait_for_client (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) peer = NULL;
  g_autoptr (EfEvent) event = ef_event_new_text (0, "refused", -1);
  g_autoptr (GError) error = NULL;
  EfPad *pad = ef_element_get_sink_pad (fixture->element);

  g_object_set (fixture->element, "wait-for-client", TRUE, NULL);
  start (fixture);
  g_assert_true (ef_pad_is_held (pad));
  g_assert_false (ef_sink_publish_event (EF_SINK (fixture->element), event, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);

  peer = connect_client (fixture);
  wait_n_clients (fixture, 1);
  g_assert_false (ef_pad_is_held (pad));
  publish (fixture, "heard");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "heard");

  ef_raw_peer_send_close (peer, 1000, NULL);
  wait_n_clients (fixture, 0);
  g_assert_true (ef_pad_is_held (pad));
}

/* Publishes until the sink has noticed that the client takes nothing. */
static guint
flood (Fixture *fixture, const char *stat)
{
  g_autofree char *filler = g_strnfill (4096, 'x');
  guint n = 0;

  for (; ef_test_get_stat (fixture->element, stat) == 0; n++)
    {
      g_autofree char *text = g_strdup_printf ("%u:%s", n, filler);

      g_assert_cmpuint (n, <, 100000);
      publish (fixture, text);
    }

  return n;
}

static void
test_sink_slow_disconnect (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) slow = NULL;
  g_autoptr (EfRawPeer) quick = NULL;

  g_object_set (fixture->element, "client-buffer-max-bytes", (guint64) 300000, "close-timeout-ms", 50,
                NULL);
  start (fixture);
  slow = connect_client (fixture);
  ef_raw_peer_set_reading (slow, FALSE);
  wait_n_clients (fixture, 1);
  flood (fixture, "slow-clients");

  quick = connect_client (fixture);
  ef_test_wait_for (NULL, strstr (fixture->log->str, "-1:1006") != NULL);
  wait_n_clients (fixture, 1);
  publish (fixture, "others go on");
  ef_raw_peer_expect (quick, EF_RAW_TEXT, "others go on");
  ef_raw_peer_shutdown (quick);
}

/* What is dropped is counted: the client finds just so many missing, in one place, and the newest
 * message is there. */
static void
test_sink_slow_drop (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) slow = NULL;
  guint n, next = 0, n_received = 0;

  g_object_set (fixture->element, "client-buffer-max-bytes", (guint64) 300000, "slow-client",
                EF_SLOW_CLIENT_DROP_OLDEST, NULL);
  start (fixture);
  slow = connect_client (fixture);
  ef_raw_peer_set_reading (slow, FALSE);
  wait_n_clients (fixture, 1);
  n = flood (fixture, "messages-dropped");

  ef_raw_peer_set_reading (slow, TRUE);
  while (next < n)
    {
      g_autoptr (GBytes) bytes = ef_raw_peer_wait_frame (slow, EF_RAW_TEXT);
      guint number;

      number = (guint) strtoul (g_bytes_get_data (bytes, NULL), NULL, 10);
      g_assert_cmpuint (number, >=, next);
      next = number + 1;
      n_received++;
    }
  g_assert_cmpuint (n_received + ef_test_get_stat (fixture->element, "messages-dropped"), ==, n);
  g_assert_cmpuint (ef_test_get_stat (fixture->element, "slow-clients"), ==, 1);
  ef_raw_peer_shutdown (slow);
}

/* A stop sends what waits, then Close 1001, and waits for the answer. */
static void
test_sink_stop (Fixture *fixture, gconstpointer data)
{
  g_autofree char *large = g_strnfill (3000000, 'x');
  g_autoptr (EfRawPeer) peer = NULL;
  g_autoptr (EfRawPeer) late = NULL;

  start (fixture);
  peer = connect_client (fixture);
  wait_n_clients (fixture, 1);
  publish (fixture, large);
  publish (fixture, "last");
  begin_stop (fixture);

  ef_raw_peer_expect (peer, EF_RAW_TEXT, large);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "last");
  ef_raw_peer_expect (peer, EF_RAW_CLOSE, "\x03\xe9the server stops");
  g_assert_false (fixture->done);
  ef_raw_peer_send_close (peer, 1001, NULL);
  ef_test_wait_for (NULL, fixture->done);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->log->str, ==, "+1 -1:1001: ");

  /* It can be started again, and serves. */
  start (fixture);
  late = connect_client (fixture);
  wait_n_clients (fixture, 1);
  publish (fixture, "again");
  ef_raw_peer_expect (late, EF_RAW_TEXT, "again");
  ef_raw_peer_shutdown (late);
}

static void
test_sink_eos (Fixture *fixture, gconstpointer data)
{
  g_autofree char *large = g_strnfill (8000000, 'x');
  g_autoptr (EfMarker) eos = ef_marker_new_eos ();
  g_autoptr (EfRawPeer) peer = NULL;
  gboolean ended = FALSE;

  g_signal_connect_swapped (fixture->element, "eos", G_CALLBACK (g_atomic_int_inc), &ended);
  start (fixture);
  peer = connect_client (fixture);
  ef_raw_peer_set_reading (peer, FALSE);
  wait_n_clients (fixture, 1);
  publish (fixture, large);
  EF_ELEMENT_GET_CLASS (fixture->element)->marker (fixture->element, eos);
  ef_test_drain (NULL);
  g_assert_false (ended);

  ef_raw_peer_set_reading (peer, TRUE);
  ef_test_wait_for (NULL, ended);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, large);
  ef_raw_peer_shutdown (peer);
}

static void
test_handshakes (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *path;
    const char *headers;
    const char *answer;
    const char *subprotocol;
  } cases[] = {
    { "/other", NULL, "HTTP/1.1 404", NULL },
    { "/feed", "Sec-WebSocket-Protocol: v9\r\n", "HTTP/1.1 400", NULL },
    { "/feed", "Sec-WebSocket-Protocol: v9, v1\r\n", "HTTP/1.1 101", "v1" },
    { "/feed", NULL, "HTTP/1.1 101", NULL },
    { "/feed", "Sec-WebSocket-Extensions: permessage-deflate\r\n", "HTTP/1.1 101", NULL },
  };

  g_object_set (fixture->element, "subprotocol", "v2, v1", NULL);
  start (fixture);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (EfRawPeer) peer = connect_to (fixture, cases[i].path, cases[i].headers);
      g_autofree char *subprotocol = ef_raw_peer_get_header (peer, "Sec-WebSocket-Protocol");
      g_autofree char *extensions = ef_raw_peer_get_header (peer, "Sec-WebSocket-Extensions");

      g_assert_true (g_str_has_prefix (ef_raw_peer_get_head (peer), cases[i].answer));
      g_assert_cmpstr (subprotocol, ==, cases[i].subprotocol);
      g_assert_null (extensions);
      ef_raw_peer_shutdown (peer);
      wait_n_clients (fixture, 0);
    }
}

static void
test_max_clients (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) first = NULL;
  g_autoptr (EfRawPeer) second = NULL;

  g_object_set (fixture->element, "max-clients", 1, NULL);
  start (fixture);
  first = connect_client (fixture);
  second = connect_to (fixture, "/feed", NULL);
  g_assert_true (g_str_has_prefix (ef_raw_peer_get_head (second), "HTTP/1.1 503"));
  ef_raw_peer_shutdown (first);
}

static void
on_message (EfWebSocketServerSource *source,
            GBytes *bytes,
            EfWebSocketMessageType type,
            guint64 client,
            Fixture *fixture)
{
  g_string_append_printf (fixture->log, "%" G_GUINT64_FORMAT "=%.*s%s ", client,
                          (int) g_bytes_get_size (bytes),
                          (const char *) g_bytes_get_data (bytes, NULL),
                          type == EF_WEB_SOCKET_MESSAGE_BINARY ? "(binary)" : "");
}

static void
test_source_clients (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) first = NULL;
  g_autoptr (EfRawPeer) second = NULL;

  g_signal_connect (fixture->element, "message", G_CALLBACK (on_message), fixture);
  start (fixture);
  first = connect_client (fixture);
  second = connect_client (fixture);
  wait_n_clients (fixture, 2);

  ef_raw_peer_send_frame (second, EF_RAW_TEXT, "two", 3);
  ef_test_wait_for (NULL, strcmp (fixture->sink->log->str, "two;|") == 0);
  ef_raw_peer_send_frame (first, EF_RAW_BINARY, "one", 3);
  ef_test_wait_for (NULL, strcmp (fixture->sink->log->str, "two;|<one>;|") == 0);
  g_assert_cmpstr (fixture->log->str, ==, "+1 +2 2=two 1=one(binary) ");

  ef_raw_peer_reset (first);
  wait_n_clients (fixture, 1);
  g_assert_true (g_str_has_suffix (fixture->log->str, "-1:1006: "));
  ef_raw_peer_shutdown (second);
}

/* A client that breaks the rules is closed; the others are not touched. */
static void
test_source_bad_client (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) bad = NULL;
  g_autoptr (EfRawPeer) good = NULL;

  start (fixture);
  bad = connect_client (fixture);
  good = connect_client (fixture);
  wait_n_clients (fixture, 2);

  /* A server gets masked frames alone. */
  ef_raw_peer_send (bad, "\x81\x02no", 4);
  wait_n_clients (fixture, 1);
  g_assert_nonnull (strstr (fixture->log->str, "-1:1002:"));
  ef_raw_peer_send_frame (good, EF_RAW_TEXT, "yes", 3);
  ef_test_wait_for (NULL, strcmp (fixture->sink->log->str, "yes;|") == 0);
  ef_raw_peer_shutdown (bad);
  ef_raw_peer_shutdown (good);
}

static void
test_source_hold (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) peer = NULL;

  fixture->sink->hold_after = 1;
  start (fixture);
  peer = connect_client (fixture);
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "first", 5);
  ef_test_wait_for (NULL, strcmp (fixture->sink->log->str, "first;|") == 0);

  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "second", 6);
  ef_test_wait_for (NULL, ef_raw_peer_get_unsent (peer) == 0);
  ef_test_drain (NULL);
  g_assert_cmpstr (fixture->sink->log->str, ==, "first;|");

  fixture->sink->hold_after = 0;
  ef_element_release_input (EF_ELEMENT (fixture->sink));
  ef_test_wait_for (NULL, strcmp (fixture->sink->log->str, "first;|second;|") == 0);
  ef_raw_peer_shutdown (peer);
}

static void
test_bad_configuration (void)
{
  static const struct
  {
    const char *url;
    const char *certificate;
    const char *message;
  } cases[] = {
    { "http://127.0.0.1:0/", NULL, "use “ws”" },
    { "ws://example.org:0/", NULL, "is no address of this machine" },
    { "ws://127.0.0.1:0/", "/nonexistent.pem", "the scheme of “url” is “ws”" },
    { "wss://127.0.0.1:0/", NULL, "websocket.tls.certificate.file" },
    { "wss://127.0.0.1:0/", "/nonexistent.pem", "/nonexistent.pem" },
    { "ws://192.0.2.1:0/", NULL, "can not listen at 192.0.2.1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      EfElement *element = g_object_new (EF_TYPE_WEB_SOCKET_SERVER_SINK, "url", cases[i].url,
                                         "tls-certificate-file", cases[i].certificate, NULL);
      Fixture fixture = { .element = element };

      start (&fixture);
      g_assert_nonnull (fixture.error);
      g_test_message ("%s", fixture.error->message);
      g_assert_nonnull (strstr (fixture.error->message, cases[i].message));
      g_clear_error (&fixture.error);
      begin_stop (&fixture);
      ef_test_wait_for (NULL, fixture.done);
      ef_test_assert_finalizes (NULL, element);
    }
}

#define ADD(path, set_up, test) \
  g_test_add ("/websocket/server/" path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("sink/broadcast", set_up_sink, test_sink_broadcast);
  ADD ("sink/bad-events", set_up_sink, test_sink_bad_events);
  ADD ("sink/wait-for-client", set_up_sink, test_sink_wait_for_client);
  ADD ("sink/slow-disconnect", set_up_sink, test_sink_slow_disconnect);
  ADD ("sink/slow-drop", set_up_sink, test_sink_slow_drop);
  ADD ("sink/stop", set_up_sink, test_sink_stop);
  ADD ("sink/eos", set_up_sink, test_sink_eos);
  ADD ("handshakes", set_up_sink, test_handshakes);
  ADD ("max-clients", set_up_sink, test_max_clients);
  ADD ("source/clients", set_up_source, test_source_clients);
  ADD ("source/bad-client", set_up_source, test_source_bad_client);
  ADD ("source/hold", set_up_source, test_source_hold);
  g_test_add_func ("/websocket/server/bad-configuration", test_bad_configuration);

  return g_test_run ();
}
