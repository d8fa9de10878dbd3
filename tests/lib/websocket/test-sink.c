/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sink-fixture.h"

#include <string.h>

/* What the sink takes and sends. */

static void
test_events (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (fixture);

  EF_SINK_FIXTURE_PUSH (fixture, "one", "", "three");
  EF_SINK_FIXTURE_PUSH (fixture, "four");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "one");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "three");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "four");
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-sent"), ==, 4);
  g_assert_no_error (fixture->error);
}

static void
test_binary (EfSinkFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\xff\xfe", 2);
  g_autoptr (EfBatch) batch = ef_batch_new ();
  EfRawPeer *peer;

  g_object_set (fixture->sink, "message-type", EF_WEB_SOCKET_MESSAGE_BINARY, NULL);
  peer = ef_sink_fixture_start (fixture);
  ef_batch_append (batch, ef_event_new_bytes (0, bytes));
  ef_batch_append (batch, ef_event_new_text (0, "text", -1));
  ef_element_push (fixture->source, batch);
  g_assert_true (ef_sink_fixture_publish (fixture, "more", NULL));
  ef_raw_peer_expect (peer, EF_RAW_BINARY, "\xff\xfe");
  ef_raw_peer_expect (peer, EF_RAW_BINARY, "text");
  ef_raw_peer_expect (peer, EF_RAW_BINARY, "more");
}

/* Text that is none concerns that message alone. */
static void
test_invalid_text (EfSinkFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("ab\xff", 3);
  g_autoptr (EfBatch) batch = ef_batch_new ();
  g_autoptr (GError) error = NULL;
  EfRawPeer *peer = ef_sink_fixture_start (fixture);

  ef_batch_append (batch, ef_event_new_text (0, "before", -1));
  ef_batch_append (batch, ef_event_new_bytes (0, bytes));
  ef_batch_append (batch, ef_event_new_text (0, "after", -1));
  ef_element_push (fixture->source, batch);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "before");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "after");
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_INVALID_UTF8);
  g_assert_nonnull (strstr (fixture->error->message, "byte 2"));
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-sent"), ==, 2);

  g_assert_false (ef_web_socket_sink_publish (fixture->sink, bytes, &error));
  g_assert_error (error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_INVALID_UTF8);
}

/* No retry makes it one: what is behind it does not wait. */
static void
test_invalid_text_retry (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  ef_sink_fixture_configure (fixture, "error.strategy", "retry");
  peer = ef_sink_fixture_start (fixture);
  EF_SINK_FIXTURE_PUSH (fixture, "before", "ab\xff", "after");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "before");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "after");
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_INVALID_UTF8);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "errors-retried"), ==, 0);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "rejected"), ==, 1);
}

static void
test_columns (EfSinkFixture *fixture, gconstpointer data)
{
  g_autoptr (EfSchema) schema = ef_schema_parse ("a STRING, b LONG", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  g_autoptr (EfBatch) batch = ef_batch_new ();
  EfRawPeer *peer = ef_sink_fixture_start (fixture);

  ef_event_builder_begin (builder, 0);
  ef_batch_append (batch, ef_event_builder_end (builder));
  ef_event_builder_flush (builder);
  ef_element_push (fixture->source, batch);
  g_assert_error (fixture->error, EF_ERROR, EF_ERROR_DATA);
  g_assert_nonnull (strstr (fixture->error->message, "jsonencode"));
  EF_SINK_FIXTURE_PUSH (fixture, "next");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "next");
}

/* A column of JSON is a text as it is. */
static void
test_json_column (EfSinkFixture *fixture, gconstpointer data)
{
  g_autoptr (EfSchema) schema = ef_schema_parse ("a JSON", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  g_autoptr (EfBatch) batch = ef_batch_new ();
  EfRawPeer *peer = ef_sink_fixture_start (fixture);

  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_string (builder, 0, "{\"a\":1}", -1);
  ef_batch_append (batch, ef_event_builder_end (builder));
  ef_event_builder_flush (builder);
  ef_element_push (fixture->source, batch);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "{\"a\":1}");
}

static void
test_publish (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (fixture);

  for (guint i = 0; i < 5; i++)
    {
      const char text[] = { (char) ('0' + i), '\0' };

      g_assert_true (ef_sink_fixture_publish (fixture, text, NULL));
    }
  EF_SINK_FIXTURE_PUSH (fixture, "5");
  for (guint i = 0; i < 6; i++)
    {
      const char text[] = { (char) ('0' + i), '\0' };

      ef_raw_peer_expect (peer, EF_RAW_TEXT, text);
    }
}

static void
test_publish_not_started (EfSinkFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ef_sink_fixture_publish (fixture, "x", &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_STATE);
}

/* What is given while there is no connection yet goes first, in order. */
static void
test_publish_before_connected (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  ef_raw_server_pause (fixture->server);
  ef_sink_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_assert_true (ef_sink_fixture_publish (fixture, "one", NULL));
  g_assert_true (ef_sink_fixture_publish (fixture, "two", NULL));
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-waiting"), ==, 2);
  ef_raw_server_resume (fixture->server);
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  peer = ef_raw_server_wait_peer (fixture->server, 0);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "one");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "two");
  ef_test_wait_for (NULL, fixture->started);
  g_assert_cmpuint (ef_sink_fixture_get_stat (fixture, "messages-waiting"), ==, 0);
}

static void
test_publish_async (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (fixture);

  ef_sink_fixture_publish_waiting (fixture, "one", NULL);
  ef_sink_fixture_publish_waiting (fixture, "two", NULL);
  ef_test_wait_for (NULL, fixture->n_done == 2);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "one");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "two");

  ef_sink_fixture_publish_waiting (fixture, "\xff", NULL);
  ef_test_wait_for (NULL, fixture->n_failed == 1);
  g_assert_error (fixture->publish_error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_INVALID_UTF8);
}

static void
test_publish_cancelled (EfSinkFixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  EfRawPeer *peer;

  ef_raw_server_pause (fixture->server);
  ef_sink_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, fixture->error != NULL);
  ef_sink_fixture_publish_waiting (fixture, "one", NULL);
  ef_sink_fixture_publish_waiting (fixture, "two", cancellable);
  ef_sink_fixture_publish_waiting (fixture, "three", NULL);
  g_cancellable_cancel (cancellable);
  ef_test_wait_for (NULL, fixture->n_failed == 1);
  g_assert_error (fixture->publish_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  ef_raw_server_resume (fixture->server);
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  peer = ef_raw_server_wait_peer (fixture->server, 0);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "one");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "three");
  ef_test_wait_for (NULL, fixture->n_done == 2);
}

static void
test_full (EfSinkFixture *fixture, gconstpointer data)
{
  EfPad *pad = ef_element_get_sink_pad (EF_ELEMENT (fixture->sink));
  g_autoptr (GError) error = NULL;
  EfRawPeer *peer;

  g_object_set (fixture->sink, "buffer-max-messages", 4, "buffer-max-bytes", (guint64) 100, NULL);
  ef_sink_fixture_start (fixture);
  ef_raw_server_pause (fixture->server);
  ef_raw_peer_reset (ef_raw_server_get_peer (fixture->server, 0));
  ef_test_wait_for (NULL, fixture->error != NULL);

  EF_SINK_FIXTURE_PUSH (fixture, "1", "2");
  g_assert_false (ef_pad_is_held (pad));
  EF_SINK_FIXTURE_PUSH (fixture, "3");
  g_assert_true (ef_sink_fixture_publish (fixture, "4", NULL));
  g_assert_true (ef_pad_is_held (pad));
  g_assert_false (ef_sink_fixture_publish (fixture, "5", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);

  ef_raw_server_resume (fixture->server);
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  peer = ef_raw_server_wait_peer (fixture->server, 1);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "1");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "2");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "3");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "4");
  g_assert_false (ef_pad_is_held (pad));
}

static void
test_full_by_bytes (EfSinkFixture *fixture, gconstpointer data)
{
  g_autofree char *big = g_strnfill (60, 'x');
  g_autoptr (GError) error = NULL;

  g_object_set (fixture->sink, "buffer-max-bytes", (guint64) 100, NULL);
  ef_raw_server_pause (fixture->server);
  ef_sink_fixture_begin_start (fixture);
  g_assert_true (ef_sink_fixture_publish (fixture, big, NULL));
  g_assert_false (ef_sink_fixture_publish (fixture, big, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_true (ef_sink_fixture_publish (fixture, "small", NULL));
}

static void
test_reads (EfSinkFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (fixture);

  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "hello sink", 10);
  ef_raw_peer_send_frame (peer, EF_RAW_PING, "ping", 4);
  ef_raw_peer_expect (peer, EF_RAW_PONG, "ping");
  ef_raw_peer_send_close (peer, 1001, "");
  ef_raw_peer_expect (peer, EF_RAW_CLOSE, "\x03\xe9");
}

static void
test_closed_without_reconnect (EfSinkFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  EfRawPeer *peer;

  g_object_set (fixture->sink, "reconnect", FALSE, NULL);
  peer = ef_sink_fixture_start (fixture);
  ef_raw_peer_send_close (peer, 1000, "");
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED);
  g_assert_false (ef_sink_fixture_publish (fixture, "x", &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_STATE);
}

typedef struct
{
  gboolean settled;
  gboolean failed;
} Outcome;

static void
settled (const GError *error, gpointer data)
{
  ((Outcome *) data)->settled = TRUE;
  ((Outcome *) data)->failed = error != NULL;
}

static void
push_with_receipt (EfSinkFixture *fixture, const char *text, Outcome *outcome)
{
  g_autoptr (EfReceipt) receipt = ef_receipt_new (settled, outcome, NULL);
  const char *const texts[] = { text, text, NULL };
  g_autoptr (EfBatch) batch = ef_sink_fixture_make_batch (texts);

  ef_batch_set_receipt (batch, receipt);
  ef_element_push (fixture->source, batch);
}

static void
test_receipts (EfSinkFixture *fixture, gconstpointer data)
{
  Outcome sent = { 0 };
  Outcome lost = { 0 };
  EfRawPeer *peer = ef_sink_fixture_start (fixture);

  push_with_receipt (fixture, "x", &sent);
  g_assert_true (sent.settled);
  g_assert_false (sent.failed);

  ef_raw_server_pause (fixture->server);
  ef_raw_peer_reset (peer);
  ef_test_wait_for (NULL, fixture->error != NULL);
  push_with_receipt (fixture, "x", &lost);
  ef_test_drain (NULL);
  g_assert_false (lost.settled);
  ef_sink_fixture_begin_stop (fixture);
  ef_test_wait_for (NULL, fixture->stopped);
  g_assert_true (lost.settled);
  g_assert_true (lost.failed);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD_WITH(path, data, func) \
  g_test_add ("/sink/" path, EfSinkFixture, (data), ef_sink_fixture_set_up, func, \
              ef_sink_fixture_tear_down)
#define ADD(path, func) ADD_WITH (path, NULL, func)
  ADD ("events", test_events);
  ADD ("binary", test_binary);
  ADD ("invalid-text", test_invalid_text);
  ADD ("invalid-text-retry", test_invalid_text_retry);
  ADD ("columns", test_columns);
  ADD ("json-column", test_json_column);
  ADD ("publish", test_publish);
  ADD ("publish-not-started", test_publish_not_started);
  ADD ("publish-before-connected", test_publish_before_connected);
  ADD ("publish-async", test_publish_async);
  ADD ("publish-cancelled", test_publish_cancelled);
  ADD ("full", test_full);
  ADD ("full-by-bytes", test_full_by_bytes);
  ADD ("reads", test_reads);
  ADD ("closed-without-reconnect", test_closed_without_reconnect);
  ADD ("receipts", test_receipts);
#undef ADD
#undef ADD_WITH

  return g_test_run ();
}
