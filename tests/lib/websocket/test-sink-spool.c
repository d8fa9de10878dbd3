/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sink-fixture.h"
#include "ef-test-files.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

/* What waits in a spool. What becomes of it when the process is killed is in tests/chaos. */

typedef struct
{
  EfSinkFixture sink; /* first: it is this one's fixture too */
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  ef_sink_fixture_set_up (&fixture->sink, NULL);
  fixture->folder = ef_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "out.spool", NULL);
  ef_sink_fixture_configure (&fixture->sink, "websocket.spool", fixture->path);
  g_object_set (fixture->sink.sink, "buffer-max-messages", 4, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ef_sink_fixture_tear_down (&fixture->sink, NULL);
  g_free (fixture->path);
  ef_test_folder_remove (fixture->folder);
}

/* A sink without a connection, which waits for the next try. */
static void
start_disconnected (Fixture *fixture)
{
  ef_sink_fixture_disconnect (&fixture->sink, ef_sink_fixture_start (&fixture->sink));
}

static void
push_numbers (Fixture *fixture, guint first, guint n)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;

  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %u", i);

      g_strv_builder_add (builder, text);
    }
  texts = g_strv_builder_end (builder);
  ef_sink_fixture_push (&fixture->sink, (const char *const *) texts);
}

static void
publish_number (Fixture *fixture, guint number)
{
  g_autofree char *text = g_strdup_printf ("number %u", number);
  g_autoptr (GError) error = NULL;

  ef_sink_fixture_publish (&fixture->sink, text, &error);
  g_assert_no_error (error);
}

static void
expect_numbers (EfRawPeer *peer, guint first, guint n)
{
  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %u", i);

      ef_raw_peer_expect (peer, EF_RAW_TEXT, text);
    }
}

static guint64
get_stat (Fixture *fixture, const char *name)
{
  return ef_sink_fixture_get_stat (&fixture->sink, name);
}

static gboolean
is_held (Fixture *fixture)
{
  return ef_pad_is_held (ef_element_get_sink_pad (EF_ELEMENT (fixture->sink.sink)));
}

static EfRawPeer *
reconnect (Fixture *fixture, guint number)
{
  ef_test_clock_advance (fixture->sink.clock, SECONDS (1));

  return ef_raw_server_wait_peer (fixture->sink.server, number);
}

static void
stop (Fixture *fixture)
{
  ef_sink_fixture_begin_stop (&fixture->sink);
  ef_test_drain (NULL);
  ef_test_clock_advance (fixture->sink.clock, SECONDS (5));
  ef_test_wait_for (NULL, fixture->sink.stopped);
  ef_element_stop (fixture->sink.source);
  ef_test_wait_for (NULL, ef_element_get_state (fixture->sink.source) == EF_STATE_NULL);
}

static void
restart (Fixture *fixture)
{
  fixture->sink.started = FALSE;
  ef_sink_fixture_begin_start (&fixture->sink);
}

/* Much more than the memory takes, in whatever way it comes, stays in order. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  start_disconnected (fixture);
  publish_number (fixture, 0);
  push_numbers (fixture, 1, 2);
  push_numbers (fixture, 3, 100);
  publish_number (fixture, 103);
  push_numbers (fixture, 104, 5);
  g_assert_false (is_held (fixture));
  g_assert_cmpuint (get_stat (fixture, "messages-waiting"), ==, 109);
  g_assert_cmpuint (get_stat (fixture, "spool-messages"), ==, 109);

  peer = reconnect (fixture, 1);
  expect_numbers (peer, 0, 109);
  ef_test_wait_for (NULL, get_stat (fixture, "spool-messages") == 0);
  g_assert_cmpuint (get_stat (fixture, "spool-bytes"), ==, 0);
  g_assert_cmpuint (get_stat (fixture, "messages-sent"), ==, 109);

  /* And goes on without the file. */
  push_numbers (fixture, 109, 3);
  publish_number (fixture, 112);
  expect_numbers (peer, 109, 4);
}

/* What leaves at once never sees the file. */
static void
test_direct (Fixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (&fixture->sink);

  push_numbers (fixture, 0, 20);
  g_assert_cmpuint (get_stat (fixture, "messages-sent"), ==, 20);
  publish_number (fixture, 20);
  g_assert_cmpuint (get_stat (fixture, "messages-sent"), ==, 21);
  ef_sink_fixture_publish_waiting (&fixture->sink, "number 21", NULL);
  g_assert_cmpuint (get_stat (fixture, "spool-messages"), ==, 0);
  expect_numbers (peer, 0, 22);
  ef_test_wait_for (NULL, fixture->sink.n_done == 1);
}

/* A stop leaves it for the next start, and says so without alarm. */
static void
test_restart (Fixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  start_disconnected (fixture);
  push_numbers (fixture, 0, 10);
  ef_sink_fixture_publish_waiting (&fixture->sink, "number 10", NULL);
  stop (fixture);
  g_assert_no_error (fixture->sink.error);
  ef_test_wait_for (NULL, fixture->sink.n_failed == 1);
  g_assert_error (fixture->sink.publish_error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED);
  g_assert_nonnull (strstr (fixture->sink.publish_error->message, "they stay in the spool"));
  g_assert_cmpuint (get_stat (fixture, "messages-dropped"), ==, 0);

  restart (fixture);
  publish_number (fixture, 11);
  peer = ef_raw_server_wait_peer (fixture->sink.server, 1);
  expect_numbers (peer, 0, 12);
  ef_test_wait_for (NULL, get_stat (fixture, "spool-messages") == 0);
}

/* A peer that takes no more: what has left for the kernel is not sent again by the next start, all
 * else is. */
static void
test_restart_blocked (Fixture *fixture, gconstpointer data)
{
  EfRawPeer *peer = ef_sink_fixture_start (&fixture->sink);
  guint n_sent, n;

  ef_raw_peer_set_reading (peer, FALSE);
  n = ef_sink_fixture_publish_blocks (&fixture->sink, GPOINTER_TO_INT (data));
  g_assert_cmpuint (get_stat (fixture, "spool-messages"), ==,
                    get_stat (fixture, "messages-waiting"));
  stop (fixture);
  n_sent = (guint) get_stat (fixture, "messages-sent");
  g_assert_cmpuint (n_sent, <, n);

  restart (fixture);
  peer = ef_raw_server_wait_peer (fixture->sink.server, 1);
  ef_sink_fixture_expect_blocks (peer, n_sent, n);
  ef_test_wait_for (NULL, get_stat (fixture, "spool-messages") == 0);
}

/* Who waits for a message that is in the file alone is told when it has left, and may take it
 * back before. */
static void
test_waiting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  EfRawPeer *peer;

  start_disconnected (fixture);
  push_numbers (fixture, 0, 6);
  ef_sink_fixture_publish_waiting (&fixture->sink, "taken back", cancellable);
  ef_sink_fixture_publish_waiting (&fixture->sink, "number 6", NULL);
  push_numbers (fixture, 7, 6);
  g_cancellable_cancel (cancellable);
  ef_test_wait_for (NULL, fixture->sink.n_failed == 1);
  g_assert_error (fixture->sink.publish_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (get_stat (fixture, "spool-messages"), ==, 13);

  peer = reconnect (fixture, 1);
  expect_numbers (peer, 0, 13);
  ef_test_wait_for (NULL, fixture->sink.n_done == 1);
}

/* The end of the stream comes when the file is empty. */
static void
test_end_of_stream (Fixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  start_disconnected (fixture);
  push_numbers (fixture, 0, 5000);
  ef_source_end (EF_SOURCE (fixture->sink.source));
  peer = reconnect (fixture, 1);
  expect_numbers (peer, 0, 5000);
  ef_test_wait_for (NULL, fixture->sink.eos);
  g_assert_cmpuint (get_stat (fixture, "spool-messages"), ==, 0);
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  EfRawPeer *peer;

  ef_sink_fixture_configure (&fixture->sink, "spool-max-bytes", "80");
  start_disconnected (fixture);
  push_numbers (fixture, 0, 9);
  g_assert_false (is_held (fixture));
  g_assert_false (ef_sink_fixture_publish (&fixture->sink, "too many bytes", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_nonnull (strstr (error->message, "9 messages with 72 bytes"));
  g_assert_nonnull (strstr (error->message, "“spool-max-bytes” allows more"));
  push_numbers (fixture, 9, 1);
  g_assert_true (is_held (fixture));

  peer = reconnect (fixture, 1);
  expect_numbers (peer, 0, 10);
  ef_test_wait_for (NULL, !is_held (fixture));
}

/* A file that can not grow, as on a full disk. */
static void
set_full (gboolean full)
{
  static struct rlimit old;
  struct rlimit limit;

  if (full)
    {
      signal (SIGXFSZ, SIG_IGN);
      g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
    }
  limit = old;
  if (full)
    limit.rlim_cur = 1024;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
expect_unwritten (const GError *error)
{
  g_assert_error (error, EF_ERROR, EF_ERROR_RESOURCE);
  g_assert_nonnull (strstr (error->message, "can not be written"));
}

/* What can not be written down is not taken, and harms nothing of what is there. */
static void
test_disk_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start_disconnected (fixture);
  push_numbers (fixture, 0, 2);
  set_full (TRUE);
  push_numbers (fixture, 100, 3);
  expect_unwritten (fixture->sink.error);
  g_assert_cmpuint (get_stat (fixture, "rejected"), ==, 3);
  g_assert_false (ef_sink_fixture_publish (&fixture->sink, "too much", &error));
  expect_unwritten (error);
  ef_sink_fixture_publish_waiting (&fixture->sink, "too much", NULL);
  ef_test_wait_for (NULL, fixture->sink.n_failed == 1);
  expect_unwritten (fixture->sink.publish_error);
  set_full (FALSE);

  push_numbers (fixture, 2, 2);
  expect_numbers (reconnect (fixture, 1), 0, 4);
}

/* The same for whoever would rather wait. */
static void
test_disk_full_retry (Fixture *fixture, gconstpointer data)
{
  ef_sink_fixture_configure (&fixture->sink, "error.strategy", "retry");
  start_disconnected (fixture);
  push_numbers (fixture, 0, 2);
  set_full (TRUE);
  push_numbers (fixture, 2, 3);
  set_full (FALSE);
  g_assert_cmpuint (get_stat (fixture, "spool-messages"), ==, 2);
  ef_test_clock_advance (fixture->sink.clock, SECONDS (1) / 10);
  ef_test_wait_for (NULL, get_stat (fixture, "spool-messages") == 5);
  expect_numbers (reconnect (fixture, 1), 0, 5);
}

/* What is no message is rejected once, although the batch that it is in comes again. */
static void
test_disk_full_retry_rejected (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfBatch) batch
    = ef_sink_fixture_make_batch ((const char *const[]){ "number 2", NULL });
  g_autoptr (EfSchema) schema = ef_schema_parse ("x INT", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);

  ef_sink_fixture_configure (&fixture->sink, "error.strategy", "retry");
  start_disconnected (fixture);
  push_numbers (fixture, 0, 2);
  set_full (TRUE);
  ef_event_builder_begin (builder, 0);
  ef_batch_append (batch, ef_event_builder_end (builder));
  ef_batch_append (batch, ef_event_new_text (0, "number 3", -1));
  ef_element_push (fixture->sink.source, batch);
  set_full (FALSE);
  g_assert_cmpuint (get_stat (fixture, "rejected"), ==, 0);
  ef_test_clock_advance (fixture->sink.clock, SECONDS (1) / 10);
  ef_test_wait_for (NULL, get_stat (fixture, "spool-messages") == 4);
  g_assert_cmpuint (get_stat (fixture, "rejected"), ==, 1);
  expect_numbers (reconnect (fixture, 1), 0, 4);
}

static void
expect_no_start (Fixture *fixture, GQuark domain, int code, const char *text)
{
  ef_sink_fixture_begin_start (&fixture->sink);
  ef_test_wait_for (NULL, fixture->sink.started);
  g_assert_error (fixture->sink.start_error, domain, code);
  g_assert_nonnull (strstr (fixture->sink.start_error->message, text));
}

static void
test_wrong_file (Fixture *fixture, gconstpointer data)
{
  ef_test_file_write (fixture->path, "Dear diary, this is long enough to be looked at closely.\n");
  expect_no_start (fixture, EF_ERROR, EF_ERROR_RESOURCE, "it is a file of another kind");
}

static void
test_wrong_overflow (Fixture *fixture, gconstpointer data)
{
  ef_sink_fixture_configure (&fixture->sink, "overflow", "drop-oldest");
  expect_no_start (fixture, EF_ERROR, EF_ERROR_INVALID_VALUE, "“spool” keeps all messages");
}

/* Each sink has a file of its own; a sink that stops lets go of it. */
static void
test_in_use (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfWebSocketSink) other = ef_web_socket_sink_new ();
  EfElement *element = EF_ELEMENT (other);
  g_autoptr (GError) error = NULL;

  start_disconnected (fixture);
  g_object_set (other, "url", "ws://127.0.0.1:1/", "spool", fixture->path, NULL);
  g_assert_false (ef_element_start (element, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_RESOURCE);
  g_assert_nonnull (strstr (error->message, "another sink or another process uses it"));

  stop (fixture);
  ef_element_set_state_async (element, EF_STATE_READY, NULL, NULL, NULL);
  ef_test_wait_for (NULL, ef_element_get_state (element) == EF_STATE_READY);
  ef_element_stop (element);
  ef_test_wait_for (NULL, ef_element_get_state (element) == EF_STATE_NULL);
}

/* Bytes that another sink left, which this one can not send as text. */
static void
test_other_type (Fixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  ef_sink_fixture_configure (&fixture->sink, "message-type", "binary");
  start_disconnected (fixture);
  EF_SINK_FIXTURE_PUSH (&fixture->sink, "a", "\xff", "b");
  stop (fixture);

  ef_sink_fixture_configure (&fixture->sink, "message-type", "text");
  restart (fixture);
  peer = ef_raw_server_wait_peer (fixture->sink.server, 1);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "a");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "b");
  g_assert_error (fixture->sink.error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_INVALID_UTF8);
  ef_test_wait_for (NULL, get_stat (fixture, "spool-messages") == 0);
  g_assert_cmpuint (get_stat (fixture, "messages-dropped"), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD_WITH(path, data, func) \
  g_test_add ("/sink-spool/" path, Fixture, (data), set_up, func, tear_down)
#define ADD(path, func) ADD_WITH (path, NULL, func)
  ADD ("order", test_order);
  ADD ("direct", test_direct);
  ADD ("restart", test_restart);
  ADD_WITH ("restart-blocked", GINT_TO_POINTER (FALSE), test_restart_blocked);
  ADD_WITH ("restart-blocked-events", GINT_TO_POINTER (TRUE), test_restart_blocked);
  ADD ("waiting", test_waiting);
  ADD ("end-of-stream", test_end_of_stream);
  ADD ("full", test_full);
  ADD ("disk-full", test_disk_full);
  ADD ("disk-full-retry", test_disk_full_retry);
  ADD ("disk-full-retry-rejected", test_disk_full_retry_rejected);
  ADD ("wrong-file", test_wrong_file);
  ADD ("wrong-overflow", test_wrong_overflow);
  ADD ("in-use", test_in_use);
  ADD ("other-type", test_other_type);
#undef ADD
#undef ADD_WITH

  return g_test_run ();
}
