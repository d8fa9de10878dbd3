/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-source-fixture.h"
#include "ef-test-element.h"

#include <glib/gstdio.h>
#include <string.h>

/* What a source does about failures of each kind. */

static void
wait_and_forget (EfSourceFixture *fixture, const char *expected)
{
  ef_source_fixture_wait_signals (fixture, expected);
  g_string_truncate (fixture->signals, 0);
}

static void
end_with (EfSourceFixture *fixture, EfWebSocketError code)
{
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_test_message ("%s", fixture->error->message);
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, (gint) code);
  g_clear_error (&fixture->error);
  ef_test_settle ();
  g_assert_null (strstr (fixture->signals->str, "reconnecting"));
}

/* Retry-After, in seconds and as a date; the test clock stands at the beginning of 2026. */

typedef struct
{
  const char *status;
  const char *retry_after;
  const char *expected;
} RetryAfter;

static const RetryAfter retry_afters[] = {
  { "429 Too Many Requests", "Retry-After: 45\r\n", "reconnecting:1:45000 " },
  { "429 Too Many Requests", "", "reconnecting:1:30000 " },
  { "429 Too Many Requests", "Retry-After: 2\r\n", "reconnecting:1:30000 " },
  { "503 Service Unavailable", "Retry-After: 7\r\n", "reconnecting:1:7000 " },
  { "503 Service Unavailable", "Retry-After: 0\r\n", "reconnecting:1:1000 " },
  { "503 Service Unavailable", "Retry-After: soon\r\n", "reconnecting:1:1000 " },
  { "503 Service Unavailable", "Retry-After: -5\r\n", "reconnecting:1:1000 " },
  { "503 Service Unavailable", "Retry-After: Thu, 01 Jan 2026 00:01:30 GMT\r\n",
    "reconnecting:1:89000 " },
  { "503 Service Unavailable", "Retry-After: Wed, 31 Dec 2025 23:00:00 GMT\r\n",
    "reconnecting:1:1000 " },
  { "503 Service Unavailable", "Retry-After: 4000000000\r\n", "reconnecting:1:3600000 " },
  { "503 Service Unavailable", "Retry-After: Fri, 01 Jan 2027 00:00:00 GMT\r\n",
    "reconnecting:1:3600000 " },
};

static void
test_retry_after (EfSourceFixture *fixture, gconstpointer data)
{
  const RetryAfter *item = data;
  g_autofree char *answer = g_strdup_printf ("HTTP/1.1 %s\r\n%sContent-Length: 0\r\n\r\n",
                                             item->status, item->retry_after);

  /* A second after the beginning, so that the date is 89 seconds away. */
  ef_test_clock_set_real_time (fixture->clock, EF_TEST_CLOCK_REAL_START + SECONDS (1));
  ef_raw_server_set_answer (fixture->server, answer);
  ef_source_fixture_begin_start (fixture);
  ef_source_fixture_wait_signals (fixture, item->expected);
}

static void
test_jitter (EfSourceFixture *fixture, gconstpointer data)
{
  gboolean varied = FALSE;

  g_object_set (fixture->source, "reconnect-jitter", 0.25, "reconnect-delay-ms", 10000,
                "reconnect-max-delay-ms", 12000, NULL);
  ef_raw_server_pause (fixture->server);
  ef_source_fixture_begin_start (fixture);
  for (guint i = 0; i < 30; i++)
    {
      guint attempt, delay;

      ef_test_wait_for (NULL, fixture->signals->len > 0);
      g_assert_cmpint (sscanf (fixture->signals->str, "reconnecting:%u:%u ", &attempt, &delay), ==, 2);
      g_string_truncate (fixture->signals, 0);
      g_assert_cmpuint (attempt, ==, i + 1);
      g_assert_cmpuint (delay, >=, i == 0 ? 7500 : 9000);
      g_assert_cmpuint (delay, <=, 12000);
      varied |= delay != 12000 && delay != 10000;
      ef_test_clock_advance (fixture->clock, delay * 1000 + 999);
    }
  g_assert_true (varied);
}

/* Closed for good, or not. */

typedef struct
{
  guint code;
  const char *policy;
  const char *signals; /* NULL if it gives up */
} CloseCase;

static const CloseCase close_cases[] = {
  { 1003, NULL, NULL },
  { 1009, NULL, NULL },
  { 1010, NULL, NULL },
  { 3000, NULL, NULL }, /* no credentials that could be refreshed */
  { 1013, NULL, "disconnected:1013: reconnecting:1:30000 " },
  { 1014, NULL, "disconnected:1014: reconnecting:1:1000 " },
  { 4321, NULL, "disconnected:4321: reconnecting:1:1000 " },
  { 1009, "1009=retry", "disconnected:1009: reconnecting:1:1000 " },
  { 1008, "1008=give-up", NULL },
  { 4321, "4000-4999=give-up", NULL },
  { 4321, "4000-4999=give-up, 4321=slow-down", "disconnected:4321: reconnecting:1:30000 " },
};

static void
test_close (EfSourceFixture *fixture, gconstpointer data)
{
  const CloseCase *item = data;
  EfRawPeer *peer;

  g_object_set (fixture->source, "reconnect-policy", item->policy, NULL);
  peer = ef_source_fixture_start (fixture);
  g_string_truncate (fixture->signals, 0);
  ef_raw_peer_send_close (peer, (guint16) item->code, "");
  if (item->signals != NULL)
    ef_source_fixture_wait_signals (fixture, item->signals);
  else
    end_with (fixture, EF_WEB_SOCKET_ERROR_CLOSED);
}

/* The last one that is orderly is an end and no error. */
static void
test_end_of_stream (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (fixture->source, "reconnect-policy", "1000=give-up", NULL);
  peer = ef_source_fixture_start (fixture);
  ef_raw_peer_send_close (peer, 1000, "");
  ef_source_fixture_wait_log (fixture, "EOS;");
}

static void
test_bad_policy (EfSourceFixture *fixture, gconstpointer data)
{
  g_object_set (fixture->source, "reconnect-policy", "401=retry, 1008=giveup", NULL);
  ef_source_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_error (fixture->start_error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_assert_nonnull (strstr (fixture->start_error->message, "at character 17"));
  g_assert_nonnull (strstr (fixture->start_error->message, "“give-up”"));
  g_clear_error (&fixture->error);
}

/* Several URLs */

static void
set_urls (EfSourceFixture *fixture, EfRawServer *second, EfRawServer *third)
{
  const char *urls[] = {
    ef_raw_server_get_url (second),
    third != NULL ? ef_raw_server_get_url (third) : NULL,
    NULL,
  };

  g_object_set (fixture->source, "urls", urls, NULL);
}

static void
test_failover (EfSourceFixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawServer) second = ef_raw_server_new ();
  g_autoptr (EfRawServer) third = ef_raw_server_new ();

  set_urls (fixture, second, third);
  ef_raw_server_pause (fixture->server);
  ef_raw_server_set_answer (second, EF_RAW_ANSWER_STATUS ("503 Service Unavailable"));
  ef_source_fixture_begin_start (fixture);

  /* Each gets its turn at once. */
  wait_and_forget (fixture, "reconnecting:1:0 reconnecting:2:0 connected:- ");
  ef_test_wait_for (NULL, fixture->started);
  g_assert_no_error (fixture->start_error);
  ef_raw_server_wait_peer (third, 0);

  /* When a healthy connection ends, the first comes first again. */
  ef_raw_server_set_answer (second, EF_RAW_ANSWER_UPGRADE);
  ef_test_clock_advance (fixture->clock, SECONDS (10));
  ef_raw_peer_reset (ef_raw_server_get_peer (third, 0));
  wait_and_forget (fixture, "disconnected:1006: reconnecting:1:1000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  wait_and_forget (fixture, "reconnecting:2:0 connected:- ");
  ef_raw_server_wait_peer (second, 1);

  /* One that was not stays where it is, and waits longer: it is another failure in a row. */
  ef_raw_server_resume (fixture->server);
  ef_raw_peer_reset (ef_raw_server_get_peer (second, 1));
  wait_and_forget (fixture, "disconnected:1006: reconnecting:3:2000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (2));
  wait_and_forget (fixture, "connected:- ");
  ef_raw_server_wait_peer (second, 2);
  g_assert_cmpuint (ef_raw_server_get_n_peers (fixture->server), ==, 0);

  ef_source_fixture_begin_stop (fixture);
  ef_source_fixture_answer_close (ef_raw_server_get_peer (second, 2));
  ef_test_wait_for (NULL, fixture->stopped);
}

/* Round and round: the wait is between the rounds, and the tries count. */
static void
test_failover_exhausted (EfSourceFixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawServer) second = ef_raw_server_new ();

  set_urls (fixture, second, NULL);
  g_object_set (fixture->source, "reconnect-max-attempts", 4, NULL);
  ef_raw_server_pause (fixture->server);
  ef_raw_server_pause (second);
  ef_source_fixture_begin_start (fixture);
  wait_and_forget (fixture, "reconnecting:1:0 reconnecting:2:1000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  wait_and_forget (fixture, "reconnecting:3:0 reconnecting:4:2000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (2));
  ef_test_wait_for (NULL, fixture->started);
  g_assert_error (fixture->start_error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_REFUSED);
  g_assert_nonnull (strstr (fixture->start_error->message, "4 tries"));
  g_clear_error (&fixture->error);
}

/* `urls` will do without `url`. */
static void
test_urls_alone (EfSourceFixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawServer) second = ef_raw_server_new ();
  const char *urls[] = { ef_raw_server_get_url (fixture->server), ef_raw_server_get_url (second), NULL };
  const char *none[] = { NULL };

  g_object_set (fixture->source, "url", NULL, "urls", urls, NULL);
  ef_raw_server_pause (fixture->server);
  ef_source_fixture_begin_start (fixture);
  wait_and_forget (fixture, "reconnecting:1:0 connected:- ");
  ef_test_wait_for (NULL, fixture->started);
  g_assert_no_error (fixture->start_error);
  ef_source_fixture_begin_stop (fixture);
  ef_source_fixture_answer_close (ef_raw_server_wait_peer (second, 0));
  ef_test_wait_for (NULL, fixture->stopped);

  g_object_set (fixture->source, "urls", none, NULL);
  fixture->started = FALSE;
  ef_source_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_error (fixture->start_error, EF_ERROR, EF_ERROR_MISSING_KEY);
  g_assert_nonnull (strstr (fixture->start_error->message,
                            "(config key “websocket.url”) is required, or “urls” in its place"));
}

static void
test_bad_urls (EfSourceFixture *fixture, gconstpointer data)
{
  const char *urls[] = { "ws://a.example/", "http://b.example/", NULL };

  g_object_set (fixture->source, "urls", urls, NULL);
  ef_source_fixture_start_failing (fixture, EF_WEB_SOCKET_ERROR_URL);
  g_assert_nonnull (strstr (fixture->start_error->message, "“urls”"));
  g_assert_nonnull (strstr (fixture->start_error->message, "http://b.example/"));
}

/* Credentials */

static char *
make_token_file (const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("ef-token-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, token, -1, NULL));

  return g_steal_pointer (&path);
}

static void
set_token (EfSourceFixture *fixture, const char *path)
{
  g_autofree char *value = g_strdup_printf ("Bearer ${file:%s}", path);
  g_autoptr (GError) error = NULL;

  ef_element_set_from_string (EF_ELEMENT (fixture->source), "headers.Authorization", value, &error);
  g_assert_no_error (error);
}

static void
assert_token (EfRawPeer *peer, const char *expected)
{
  g_autofree char *value = ef_raw_peer_get_header (peer, "Authorization");

  g_assert_cmpstr (value, ==, expected);
}

static void
test_refresh (EfSourceFixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_token_file ("one\n");
  EfRawPeer *peer;

  set_token (fixture, path);
  peer = ef_source_fixture_start (fixture);
  assert_token (peer, "Bearer one");
  ef_source_fixture_lose (fixture, 0);

  /* It has expired, and there is no other: nobody is bothered with it again. */
  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_STATUS ("401 Unauthorized"));
  wait_and_forget (fixture, "disconnected:1006: reconnecting:1:1000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  wait_and_forget (fixture, "reconnecting:2:2000 ");
  g_assert_cmpuint (ef_raw_server_get_n_peers (fixture->server), ==, 2);
  ef_test_clock_advance (fixture->clock, SECONDS (2));
  wait_and_forget (fixture, "reconnecting:3:4000 ");
  g_assert_cmpuint (ef_raw_server_get_n_peers (fixture->server), ==, 2);

  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_UPGRADE);
  g_assert_true (g_file_set_contents (path, "two\n", -1, NULL));
  ef_test_clock_advance (fixture->clock, SECONDS (4));
  peer = ef_raw_server_wait_peer (fixture->server, 2);
  assert_token (peer, "Bearer two");
  wait_and_forget (fixture, "connected:- ");

  g_unlink (path);
}

/* Without a connection before, what is refused and does not change is a mistake. */
static void
test_refused_at_first (EfSourceFixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_token_file ("one");

  set_token (fixture, path);
  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_STATUS ("401 Unauthorized"));
  ef_source_fixture_start_failing (fixture, EF_WEB_SOCKET_ERROR_UNAUTHORIZED);
  g_assert_null (strstr (fixture->start_error->message, "one"));
  g_unlink (path);
}

/* … but what has changed since it was read is not. */
static void
test_refresh_at_first (EfSourceFixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_token_file ("one");

  set_token (fixture, path);
  g_assert_true (g_file_set_contents (path, "two", -1, NULL));
  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_STATUS ("401 Unauthorized"));
  ef_source_fixture_begin_start (fixture);
  wait_and_forget (fixture, "reconnecting:1:1000 ");
  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_UPGRADE);
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  wait_and_forget (fixture, "connected:- ");
  assert_token (ef_raw_server_wait_peer (fixture->server, 1), "Bearer two");
  g_unlink (path);
}

/* A file that is gone is told of, and keeps nobody from waiting for it to come back. */
static void
test_refresh_unreadable (EfSourceFixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_token_file ("one");

  set_token (fixture, path);
  ef_source_fixture_start (fixture);
  ef_source_fixture_lose (fixture, 0);
  g_unlink (path);
  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_STATUS ("401 Unauthorized"));
  wait_and_forget (fixture, "disconnected:1006: reconnecting:1:1000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  wait_and_forget (fixture, "reconnecting:2:2000 ");
  g_assert_true (g_file_set_contents (path, "two", -1, NULL));
  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_UPGRADE);
  ef_test_clock_advance (fixture->clock, SECONDS (2));
  wait_and_forget (fixture, "connected:- ");
  assert_token (ef_raw_server_wait_peer (fixture->server, 2), "Bearer two");
  g_unlink (path);
}

/* A program sets them itself. */
static void
test_new_headers (EfSourceFixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);

  ef_source_fixture_start (fixture);
  ef_source_fixture_lose (fixture, 0);
  wait_and_forget (fixture, "disconnected:1006: reconnecting:1:1000 ");
  g_hash_table_insert (headers, (gpointer) "Authorization", (gpointer) "Bearer new");
  g_object_set (fixture->source, "headers", headers, NULL);
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  wait_and_forget (fixture, "connected:- ");
  assert_token (ef_raw_server_wait_peer (fixture->server, 1), "Bearer new");

  /* What can not be used is told of, and what there was is used. */
  g_hash_table_insert (headers, (gpointer) "Authorization", (gpointer) "Bearer\r\nX-Evil: 1");
  g_object_set (fixture->source, "headers", headers, NULL);
  ef_raw_peer_reset (ef_raw_server_get_peer (fixture->server, 1));
  wait_and_forget (fixture, "disconnected:1006: reconnecting:2:2000 ");
  g_clear_error (&fixture->warning);
  ef_test_clock_advance (fixture->clock, SECONDS (2));
  wait_and_forget (fixture, "connected:- ");
  assert_token (ef_raw_server_wait_peer (fixture->server, 2), "Bearer new");
  ef_test_wait_for (NULL, fixture->warning != NULL);
  g_assert_nonnull (strstr (fixture->warning->message, "line break"));
}

static void
set_url_with_credentials (EfSourceFixture *fixture, const char *credentials)
{
  g_autofree char *url = g_strdup_printf ("ws://%s@127.0.0.1:%u/x", credentials,
                                          ef_raw_server_get_port (fixture->server));

  g_object_set (fixture->source, "url", url, NULL);
}

static void
test_url_credentials (EfSourceFixture *fixture, gconstpointer data)
{
  g_autofree char *shown = NULL;
  EfRawPeer *peer;

  set_url_with_credentials (fixture, "us%20er:p%40ss%3Aw");
  peer = ef_source_fixture_start (fixture);
  assert_token (peer, "Basic dXMgZXI6cEBzczp3"); /* “us er:p@ss:w” */
  g_assert_true (g_str_has_prefix (ef_raw_peer_get_head (peer), "GET /x HTTP/1.1\r\n"));
  g_assert_null (strstr (ef_raw_peer_get_head (peer), "ss%3Aw"));

  shown = ef_element_dup_printable_property (EF_ELEMENT (fixture->source), "url");
  g_assert_null (strstr (shown, "ss%3Aw"));
}

static void
test_url_credentials_refused (EfSourceFixture *fixture, gconstpointer data)
{
  set_url_with_credentials (fixture, "user:secret");
  ef_raw_server_set_answer (fixture->server,
                            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                            "Content-Length: 0\r\nConnection: close\r\n\r\n");
  ef_source_fixture_start_failing (fixture, EF_WEB_SOCKET_ERROR_UNAUTHORIZED);
  g_assert_null (strstr (fixture->start_error->message, "secret"));
}

/* Nobody gets to write headers by way of a value. */
static void
test_injection (EfSourceFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *key;
    const char *value;
    const char *part;
  } cases[] = {
    { "headers.X-Token", "a\r\nX-Evil: 1", "line break" },
    { "headers.X-Token", "a\nX-Evil: 1", "line break" },
    { "headers.X-Token", "a\rX-Evil: 1", "line break" },
    { "headers.X-Token", "a\001", "control character" },
    { "headers.X-Token: 1\r\nX-Evil", "1", "can not be the name of a header" },
    { "headers.Host\r\n", "1", "can not be the name of a header" },
    { "headers.Sec-WebSocket-Key", "x", "belongs to the handshake" },
    { "subprotocol", "a\r\nX-Evil: 1", "can not be the name of a subprotocol" },
    { "subprotocol", "a b", "can not be the name of a subprotocol" },
    { "url", "ws://127.0.0.1/\r\nX-Evil: 1", "line break" },
    { "url", "ws://127.0.0.1/ HTTP/1.1", "%20" },
    { "url", "ws://us\ner@127.0.0.1/", "line break" },
    { "urls", "ws://127.0.0.1/\nX-Evil: 1", "line break" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (EfWebSocketSource) source = ef_web_socket_source_new ();
      g_autoptr (GError) error = NULL;

      g_object_set (source, "url", ef_raw_server_get_url (fixture->server), NULL);
      ef_element_set_from_string (EF_ELEMENT (source), cases[i].key, cases[i].value, &error);
      g_assert_no_error (error);
      g_assert_false (ef_web_socket_source_validate_connectivity (source, NULL, &error));
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].part));
      g_assert_null (strchr (error->message, '\r'));
    }

  ef_test_drain (NULL);
  g_assert_cmpuint (ef_raw_server_get_n_peers (fixture->server), ==, 0);
}

/* A server that takes connections and drops them. */
static void
test_flapping (EfSourceFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *expected = g_strdup_printf ("disconnected:1006: reconnecting:%u:%u ", i + 1,
                                                   MIN (1000u << i, 30000));

      if (i == 0)
        ef_source_fixture_start (fixture);
      ef_source_fixture_lose (fixture, i);
      wait_and_forget (fixture, expected);
      g_assert_cmpuint (ef_test_get_stat (fixture->source, "flaps"), ==, i + 1);
      ef_test_clock_advance (fixture->clock, MIN (SECONDS (1) << i, SECONDS (30)));
    }

  ef_raw_peer_send_frame (ef_source_fixture_reach (fixture, 6), EF_RAW_TEXT, "x", 1);
  ef_test_wait_for (NULL, fixture->sink->n_events == 1);
  ef_source_fixture_lose (fixture, 6);
  wait_and_forget (fixture, "disconnected:1006: reconnecting:1:1000 ");
  g_assert_cmpuint (ef_test_get_stat (fixture->source, "flaps"), ==, 6);
  g_assert_cmpuint (ef_test_get_stat (fixture->source, "connections"), ==, 7);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD_DATA(path, func, data) \
  g_test_add (path, EfSourceFixture, data, ef_source_fixture_set_up, func, \
              ef_source_fixture_tear_down)
#define ADD(path, func) ADD_DATA ("/reconnect/" path, func, NULL)
  for (guint i = 0; i < G_N_ELEMENTS (retry_afters); i++)
    {
      g_autofree char *path = g_strdup_printf ("/reconnect/retry-after/%u", i);

      ADD_DATA (path, test_retry_after, &retry_afters[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (close_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/reconnect/close/%u", i);

      ADD_DATA (path, test_close, &close_cases[i]);
    }
  ADD ("jitter", test_jitter);
  ADD ("end-of-stream", test_end_of_stream);
  ADD ("bad-policy", test_bad_policy);
  ADD ("failover", test_failover);
  ADD ("failover-exhausted", test_failover_exhausted);
  ADD ("urls-alone", test_urls_alone);
  ADD ("bad-urls", test_bad_urls);
  ADD ("refresh", test_refresh);
  ADD ("refused-at-first", test_refused_at_first);
  ADD ("refresh-at-first", test_refresh_at_first);
  ADD ("refresh-unreadable", test_refresh_unreadable);
  ADD ("new-headers", test_new_headers);
  ADD ("url-credentials", test_url_credentials);
  ADD ("url-credentials-refused", test_url_credentials_refused);
  ADD ("injection", test_injection);
  ADD ("flapping", test_flapping);
#undef ADD
#undef ADD_DATA

  return g_test_run ();
}
