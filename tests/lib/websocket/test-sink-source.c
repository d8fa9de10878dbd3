/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-source-fixture.h"
#include "ef-test-element.h"

#include <string.h>

/* A sink that sends on the connection of a source. */

typedef struct
{
  EfSourceFixture base;
  EfWebSocketSink *sink;
  GString *signals; /* the sink's */
  GError *error;    /* the sink's last one */
  gboolean stopped; /* the sink */
} Fixture;

static void
on_sink_connected (EfWebSocketSink *sink, const char *subprotocol, Fixture *self)
{
  g_string_append (self->signals, "connected ");
}

static void
on_sink_disconnected (EfWebSocketSink *sink, guint code, const char *reason, Fixture *self)
{
  g_string_append_printf (self->signals, "disconnected:%u ", code);
}

static void
on_sink_reconnecting (EfWebSocketSink *sink, guint attempt, guint delay, Fixture *self)
{
  g_string_append (self->signals, "reconnecting ");
}

static void
on_sink_error (EfWebSocketSink *sink, GError *error, Fixture *self)
{
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  ef_source_fixture_set_up (&self->base, data);
  self->sink = ef_web_socket_sink_new ();
  self->signals = g_string_new (NULL);
  ef_element_set_clock (EF_ELEMENT (self->sink), EF_CLOCK (self->base.clock));
  g_object_set (self->sink, "source", self->base.source, NULL);
  g_signal_connect (self->sink, "connected", G_CALLBACK (on_sink_connected), self);
  g_signal_connect (self->sink, "disconnected", G_CALLBACK (on_sink_disconnected), self);
  g_signal_connect (self->sink, "reconnecting", G_CALLBACK (on_sink_reconnecting), self);
  g_signal_connect (self->sink, "error", G_CALLBACK (on_sink_error), self);
}

static void
stop_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;

  ef_element_stop_finish (EF_ELEMENT (object), result, NULL);
  self->stopped = TRUE;
}

static void
begin_stop_sink (Fixture *self)
{
  self->stopped = FALSE;
  ef_element_stop_async (EF_ELEMENT (self->sink), NULL, stop_done, self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  begin_stop_sink (self);
  ef_test_drain (NULL);
  ef_test_clock_advance (self->base.clock, SECONDS (5));
  ef_test_wait_for (NULL, self->stopped);
  ef_test_assert_finalizes (NULL, self->sink);
  ef_source_fixture_tear_down (&self->base, data);
  g_string_free (self->signals, TRUE);
  g_clear_error (&self->error);
}

static void
start_sink (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  ef_element_start (EF_ELEMENT (self->sink), &error);
  g_assert_no_error (error);
}

static void
publish (Fixture *self, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  ef_web_socket_sink_publish (self->sink, bytes, &error);
  g_assert_no_error (error);
}

static void
wait_signals (Fixture *self, const char *expected)
{
  ef_test_wait_for (NULL, strcmp (self->signals->str, expected) == 0);
}

/* So many blocks of 64 KiB that the kernel does not take them all. */
#define N_BLOCKS 256

static void
publish_blocks (Fixture *self)
{
  g_autofree char *text = g_malloc (64 * 1024);

  memset (text, 'x', 64 * 1024);
  for (guint i = 0; i < N_BLOCKS; i++)
    {
      g_autoptr (GBytes) bytes = NULL;

      g_snprintf (text, 8, "%07u", i);
      bytes = g_bytes_new (text, 64 * 1024);
      g_assert_true (ef_web_socket_sink_publish (self->sink, bytes, NULL));
    }
}

static EfRawPeer *
start_with_blocks (Fixture *self)
{
  EfRawPeer *peer;

  g_object_set (self->sink, "buffer-max-bytes", G_GUINT64_CONSTANT (1) << 30, NULL);
  peer = ef_source_fixture_start (&self->base);
  ef_raw_peer_set_reading (peer, FALSE);
  publish_blocks (self);

  return peer;
}

static void
expect_blocks (EfRawPeer *peer)
{
  for (guint i = 0; i < N_BLOCKS; i++)
    {
      g_autoptr (GBytes) bytes = ef_raw_peer_wait_frame (peer, EF_RAW_TEXT);

      g_assert_cmpuint (g_ascii_strtoull (g_bytes_get_data (bytes, NULL), NULL, 10), ==, i);
    }
}

/* Cases */

static void
test_both_ways (Fixture *self, gconstpointer data)
{
  gboolean connected = FALSE;
  EfRawPeer *peer;

  start_sink (self);
  peer = ef_source_fixture_start (&self->base);
  wait_signals (self, "connected ");
  publish (self, "out");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "out");
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "in", 2);
  ef_source_fixture_wait_log (&self->base, "in;|");
  publish (self, "more");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "more");

  g_object_get (self->sink, "connected", &connected, NULL);
  g_assert_true (connected);
  g_assert_cmpuint (ef_raw_server_get_n_peers (self->base.server), ==, 1);
  g_assert_cmpuint (ef_test_get_stat (self->sink, "messages-sent"), ==, 2);
  g_assert_false (ef_test_has_stat (self->sink, "bytes-written"));
}

/* The sink may come later, too. */
static void
test_joins (Fixture *self, gconstpointer data)
{
  EfRawPeer *peer = ef_source_fixture_start (&self->base);

  start_sink (self);
  g_assert_cmpstr (self->signals->str, ==, "connected ");
  publish (self, "out");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "out");
}

static void
subscribe (EfWebSocketSource *source, const char *subprotocol, Fixture *self)
{
  publish (self, "subscribe");
}

/* A start that is taken back at once leaves nothing behind. */
static void
test_starts_and_stops (Fixture *self, gconstpointer data)
{
  EfRawPeer *peer = ef_source_fixture_start (&self->base);

  ef_element_start_async (EF_ELEMENT (self->sink), NULL, NULL, NULL);
  begin_stop_sink (self);
  ef_test_wait_for (NULL, self->stopped);
  g_assert_cmpstr (self->signals->str, ==, "connected disconnected:1000 ");

  start_sink (self);
  publish (self, "out");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "out");
}

/* What a server wants to be told first, on each connection. */
static void
test_subscribes (Fixture *self, gconstpointer data)
{
  EfRawPeer *peer;

  g_signal_connect (self->base.source, "connected", G_CALLBACK (subscribe), self);
  start_sink (self);
  peer = ef_source_fixture_start (&self->base);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "subscribe");

  ef_raw_peer_reset (peer);
  ef_test_wait_for (NULL, strstr (self->base.signals->str, "reconnecting") != NULL);
  ef_test_clock_advance (self->base.clock, SECONDS (1));
  ef_raw_peer_expect (ef_raw_server_wait_peer (self->base.server, 1), EF_RAW_TEXT, "subscribe");
}

/* What comes while there is no connection goes by the next one, in order and once. */
static void
test_reconnects (Fixture *self, gconstpointer data)
{
  EfRawPeer *peer;

  publish (self, "one");
  peer = ef_source_fixture_start (&self->base);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "one");
  ef_raw_peer_reset (peer);
  wait_signals (self, "connected disconnected:1006 reconnecting ");
  publish (self, "two");
  publish (self, "three");

  ef_test_clock_advance (self->base.clock, SECONDS (1));
  peer = ef_raw_server_wait_peer (self->base.server, 1);
  wait_signals (self, "connected disconnected:1006 reconnecting connected ");
  publish (self, "four");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "two");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "three");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "four");
  g_assert_cmpuint (ef_test_get_stat (self->sink, "messages-sent"), ==, 4);
  g_assert_no_error (self->error);
}

static void
set_up_started (Fixture *self, gconstpointer data)
{
  set_up (self, data);
  start_sink (self);
}

/* Stops the source while blocks wait for a peer that reads nothing. */
static EfRawPeer *
begin_stop_with_blocks (Fixture *self)
{
  EfRawPeer *peer;

  g_object_set (self->sink, "drain-timeout-ms", 4000, NULL);
  peer = start_with_blocks (self);
  ef_source_fixture_begin_stop (&self->base);
  ef_test_drain (NULL);

  return peer;
}

/* A source that stops lets the sink send first, as long as the sink says. */
static void
test_source_stops (Fixture *self, gconstpointer data)
{
  EfRawPeer *peer = begin_stop_with_blocks (self);

  ef_test_clock_advance (self->base.clock, SECONDS (3));
  ef_test_drain (NULL);
  g_assert_false (self->base.stopped);

  ef_raw_peer_set_reading (peer, TRUE);
  expect_blocks (peer);
  ef_source_fixture_answer_close (peer);
  ef_test_wait_for (NULL, self->base.stopped);
  wait_signals (self, "connected disconnected:1000 ");
  g_assert_cmpuint (ef_test_get_stat (self->sink, "messages-sent"), ==, N_BLOCKS);
}

/* … and no longer. What is left waits for the next start. */
static void
test_source_stops_in_time (Fixture *self, gconstpointer data)
{
  begin_stop_with_blocks (self);
  ef_test_clock_advance (self->base.clock, SECONDS (4));
  ef_test_drain (NULL);
  ef_test_clock_advance (self->base.clock, SECONDS (5));
  ef_test_wait_for (NULL, self->base.stopped);
  g_assert_cmpuint (ef_test_get_stat (self->sink, "messages-sent"), <, N_BLOCKS);
}

/* A sink that stops sends what it has, and leaves the connection to the source. */
static void
test_sink_stops (Fixture *self, gconstpointer data)
{
  EfRawPeer *peer;

  peer = start_with_blocks (self);
  begin_stop_sink (self);
  ef_test_drain (NULL);
  g_assert_false (self->stopped);

  ef_raw_peer_set_reading (peer, TRUE);
  expect_blocks (peer);
  ef_test_wait_for (NULL, self->stopped);
  wait_signals (self, "connected disconnected:1000 ");
  g_assert_no_error (self->error);

  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "in", 2);
  ef_source_fixture_wait_log (&self->base, "in;|");
  start_sink (self);
  publish (self, "again");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "again");
}

/* The end of the source's stream is none for a sink that has sent all, until it is given more. */
static void
test_orderly_end (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("late", 4);
  g_autoptr (GError) error = NULL;
  EfRawPeer *peer;

  g_object_set (self->base.source, "reconnect", FALSE, NULL);
  peer = ef_source_fixture_start (&self->base);
  publish (self, "out");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "out");
  ef_raw_peer_send_close (peer, 1000, "");
  ef_raw_peer_shutdown (peer);
  wait_signals (self, "connected disconnected:1000 ");
  ef_source_fixture_wait_log (&self->base, "EOS;");
  g_assert_no_error (self->error);

  g_assert_false (ef_web_socket_sink_publish (self->sink, bytes, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_STATE);
}

static void
test_orderly_end_too_early (Fixture *self, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (self->base.source, "reconnect", FALSE, NULL);
  peer = start_with_blocks (self);
  ef_raw_peer_send_close (peer, 1000, "");
  ef_test_drain (NULL);
  ef_test_clock_advance (self->base.clock, SECONDS (5));
  ef_test_wait_for (NULL, self->error != NULL);
  g_assert_error (self->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED);
}

static void
keep_result (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
expect_refused (Fixture *self, GQuark domain, gint code, const char *word)
{
  GMainContext *context = g_main_context_get_thread_default ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ef_element_start_async (EF_ELEMENT (self->sink), NULL, keep_result, &result);
  ef_test_wait_for (context, result != NULL);
  g_assert_false (ef_element_start_finish (EF_ELEMENT (self->sink), result, &error));
  g_assert_error (error, domain, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, word));
}

/* Who comes after the end is told. */
static void
test_joins_too_late (Fixture *self, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (self->base.source, "reconnect", FALSE, NULL);
  peer = ef_source_fixture_start (&self->base);
  ef_raw_peer_send_close (peer, 1000, "");
  ef_raw_peer_shutdown (peer);
  ef_source_fixture_wait_log (&self->base, "EOS;");

  expect_refused (self, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED, "has ended");
}

/* How to connect is not for the sink to say. */
static void
test_other_options (Fixture *self, gconstpointer data)
{
  g_object_set (self->sink, "url", "ws://127.0.0.1:1/", NULL);
  expect_refused (self, EF_ERROR, EF_ERROR_INVALID_VALUE, "“url”");
  g_object_set (self->sink, "url", NULL, "pong-timeout-ms", 77, NULL);
  expect_refused (self, EF_ERROR, EF_ERROR_INVALID_VALUE, "“pong-timeout-ms”");
  g_object_set (self->sink, "pong-timeout-ms", 10000, NULL);
  ef_web_socket_sink_set_header (self->sink, "X-A", "1");
  expect_refused (self, EF_ERROR, EF_ERROR_INVALID_VALUE, "“headers”");
  ef_web_socket_sink_remove_header (self->sink, "X-A");
  g_object_set (self->sink, "ack-path", "$.id", NULL);
  expect_refused (self, EF_ERROR, EF_ERROR_INVALID_VALUE, "“ack-path”");
  g_object_set (self->sink, "ack-path", NULL, "source", NULL, NULL);
  expect_refused (self, EF_ERROR, EF_ERROR_MISSING_KEY, "or “source”");
}

static void
test_other_context (Fixture *self, gconstpointer data)
{
  g_autoptr (GMainContext) other = g_main_context_new ();

  ef_source_fixture_start (&self->base);
  g_main_context_push_thread_default (other);
  expect_refused (self, EF_ERROR, EF_ERROR_STATE, "another thread");
  begin_stop_sink (self);
  ef_test_wait_for (other, self->stopped);
  g_main_context_pop_thread_default (other);
}

static void
test_other_context_first (Fixture *self, gconstpointer data)
{
  g_autoptr (GMainContext) other = g_main_context_new ();

  g_main_context_push_thread_default (other);
  ef_source_fixture_begin_start (&self->base);
  ef_test_wait_for (other, self->base.started);
  g_assert_error (self->base.start_error, EF_ERROR, EF_ERROR_STATE);
  g_clear_error (&self->base.error);
  ef_source_fixture_begin_stop (&self->base);
  ef_test_wait_for (other, self->base.stopped);
  ef_element_stop (EF_ELEMENT (self->base.sink));
  ef_test_drain (other);
  g_main_context_pop_thread_default (other);
}

static void
test_validates (Fixture *self, gconstpointer data)
{
  EfValidatable *validatable = EF_VALIDATABLE (self->sink);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  EfRawPeer *peer;

  ef_validatable_validate_connectivity_async (validatable, NULL, keep_result, &result);
  peer = ef_raw_server_wait_peer (self->base.server, 0);
  ef_raw_peer_send_close (peer, 1000, NULL);
  ef_raw_peer_shutdown (peer);
  ef_test_wait_for (NULL, result != NULL);
  ef_validatable_validate_connectivity_finish (validatable, result, &error);
  g_assert_no_error (error);

  g_object_set (self->base.source, "url", "ws://127.0.0.1:1/", NULL);
  g_assert_false (ef_web_socket_sink_validate_connectivity (self->sink, NULL, &error));
  g_assert_nonnull (strstr (error->message, "127.0.0.1:1"));
}

/* A source owns what it is linked to: neither may own the other for ever. */
static void
test_linked (Fixture *self, gconstpointer data)
{
  EfWebSocketSource *source = ef_web_socket_source_new ();
  EfWebSocketSink *sink = ef_web_socket_sink_new ();

  g_object_set (sink, "source", source, NULL);
  ef_test_link (source, sink);
  g_object_add_weak_pointer (G_OBJECT (sink), (gpointer *) &sink);
  g_object_unref (sink);
  g_assert_finalize_object (source);
  g_assert_null (sink);
}

static void
test_source_goes (Fixture *self, gconstpointer data)
{
  EfWebSocketSource *source = ef_web_socket_source_new ();
  EfWebSocketSource *left = NULL;

  g_object_set (self->sink, "source", source, NULL);
  g_assert_finalize_object (source);
  g_object_get (self->sink, "source", &left, NULL);
  g_assert_null (left);
  expect_refused (self, EF_ERROR, EF_ERROR_MISSING_KEY, "or “source”");
}

static void
test_clone (Fixture *self, gconstpointer data)
{
  g_autoptr (EfWebSocketSink) clone = ef_web_socket_sink_clone (self->sink);
  g_autoptr (EfWebSocketSource) source = NULL;

  g_object_get (clone, "source", &source, NULL);
  g_assert_true (source == self->base.source);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, set_up, func) \
  g_test_add ("/websocket/sink-source/" name, Fixture, NULL, set_up, func, tear_down)

  ADD ("both-ways", set_up, test_both_ways);
  ADD ("joins", set_up, test_joins);
  ADD ("starts-and-stops", set_up, test_starts_and_stops);
  ADD ("subscribes", set_up, test_subscribes);
  ADD ("reconnects", set_up_started, test_reconnects);
  ADD ("source-stops", set_up_started, test_source_stops);
  ADD ("source-stops-in-time", set_up_started, test_source_stops_in_time);
  ADD ("sink-stops", set_up_started, test_sink_stops);
  ADD ("orderly-end", set_up_started, test_orderly_end);
  ADD ("orderly-end-too-early", set_up_started, test_orderly_end_too_early);
  ADD ("joins-too-late", set_up, test_joins_too_late);
  ADD ("other-options", set_up, test_other_options);
  ADD ("other-context", set_up, test_other_context);
  ADD ("other-context-first", set_up_started, test_other_context_first);
  ADD ("validates", set_up, test_validates);
  ADD ("linked", set_up, test_linked);
  ADD ("source-goes", set_up, test_source_goes);
  ADD ("clone", set_up, test_clone);

  return g_test_run ();
}
