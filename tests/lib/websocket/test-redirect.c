/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-soup-listener.h"
#include "ef-source-fixture.h"

#include <libsoup/soup.h>
#include <string.h>

/* Servers that send a handshake elsewhere. Each client has a header, as a secret would be in one. */

#define HEADER "X-Token"

static char *
make_answer (const char *status, const char *location)
{
  return g_strdup_printf ("HTTP/1.1 %s\r\n%s%s%sContent-Length: 0\r\nConnection: close\r\n\r\n",
                          status, location != NULL ? "Location: " : "",
                          location != NULL ? location : "", location != NULL ? "\r\n" : "");
}

/* The first who comes is redirected, those after it are welcome. */
static void
begin (EfSourceFixture *fixture, const char *status, const char *location)
{
  g_autofree char *answer = make_answer (status, location);
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (headers, (gpointer) HEADER, (gpointer) "secret");
  g_object_set (fixture->source, "headers", headers, NULL);
  ef_raw_server_set_answer (fixture->server, answer);
  ef_source_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, ef_raw_server_get_n_peers (fixture->server) == 1);
  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_UPGRADE);
}

/* Checks what arrived there, and that the connection works. */
static void
assert_arrived (EfSourceFixture *fixture, EfRawPeer *peer, const char *path, const char *token)
{
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\n", path);
  g_autofree char *got = ef_raw_peer_get_header (peer, HEADER);

  ef_test_wait_for (NULL, fixture->started);
  g_assert_no_error (fixture->start_error);
  g_assert_true (g_str_has_prefix (ef_raw_peer_get_head (peer), request));
  g_assert_cmpstr (got, ==, token);
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "there", 5);
  ef_source_fixture_wait_log (fixture, "there;|");
}

static void
test_path (EfSourceFixture *fixture, gconstpointer status)
{
  begin (fixture, status, "/other?x=1");
  assert_arrived (fixture, ef_raw_server_wait_peer (fixture->server, 1), "/other?x=1", "secret");
}

static void
test_scheme (EfSourceFixture *fixture, gconstpointer scheme)
{
  g_autofree char *location = g_strdup_printf ("%s://127.0.0.1:%u/other", (const char *) scheme,
                                               ef_raw_server_get_port (fixture->server));

  begin (fixture, "302 Found", location);
  assert_arrived (fixture, ef_raw_server_wait_peer (fixture->server, 1), "/other", "secret");
}

/* The headers stay at home, whether the other server goes by the same name or not. */
static void
test_abroad (EfSourceFixture *fixture, gconstpointer host)
{
  g_autoptr (EfRawServer) other = ef_raw_server_new ();
  g_autofree char *location = g_strdup_printf ("ws://%s:%u/", (const char *) host,
                                               ef_raw_server_get_port (other));

  begin (fixture, "307 Temporary Redirect", location);
  assert_arrived (fixture, ef_raw_server_wait_peer (other, 0), "/", NULL);
}

/* A redirection holds for the one attempt: the next one asks where it was told to. */
static void
test_reconnect (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (fixture->source, "reconnect-delay-ms", 100, NULL);
  begin (fixture, "302 Found", "/other");
  assert_arrived (fixture, ef_raw_server_wait_peer (fixture->server, 1), "/other", "secret");
  ef_raw_peer_reset (ef_raw_server_get_peer (fixture->server, 1));
  ef_test_wait_for (NULL, strstr (fixture->signals->str, "reconnecting:1:") != NULL);
  ef_test_clock_advance (fixture->clock, ef_test_clock_get_next_delay (fixture->clock));
  peer = ef_raw_server_wait_peer (fixture->server, 2);
  g_assert_true (g_str_has_prefix (ef_raw_peer_get_head (peer), "GET / HTTP/1.1\r\n"));
}

/* A failure behind a redirection says where it happened. */
static void
test_failure_there (EfSourceFixture *fixture, gconstpointer data)
{
  g_object_set (fixture->source, "reconnect", FALSE, NULL);
  begin (fixture, "302 Found", "/other?key=hidden");
  ef_raw_server_set_answer (fixture->server, EF_RAW_ANSWER_STATUS ("404 Not Found"));
  ef_test_wait_for (NULL, fixture->started);
  g_test_message ("%s", fixture->start_error->message);
  g_assert_error (fixture->start_error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (fixture->start_error->message, "(redirected to ws://127.0.0.1:"));
  g_assert_nonnull (strstr (fixture->start_error->message, "/other)"));
  g_clear_error (&fixture->error);
}

static void
test_refused_there (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawServer *other = ef_raw_server_new ();
  guint port = ef_raw_server_get_port (other);
  g_autofree char *location = g_strdup_printf ("ws://127.0.0.1:%u/", port);
  g_autofree char *hint = g_strdup_printf ("port %u", port);

  g_assert_finalize_object (other);
  g_object_set (fixture->source, "reconnect", FALSE, NULL);
  begin (fixture, "302 Found", location);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_error (fixture->start_error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_REFUSED);
  g_assert_nonnull (strstr (fixture->start_error->message, hint));
  g_clear_error (&fixture->error);
}

static void
redirect (SoupServer *server,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer location)
{
  soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, location);
}

/* What was to be secret is not carried on without TLS. */
static void
test_leaves_tls (EfSourceFixture *fixture, gconstpointer data)
{
  SoupServer *server = soup_server_new (NULL, NULL);
  g_autofree char *ca = g_test_build_filename (G_TEST_BUILT, "support", "tls", "ca.pem", NULL);
  g_autofree char *pem = g_test_build_filename (G_TEST_BUILT, "support", "tls", "good.pem", NULL);
  g_autofree char *key
      = g_test_build_filename (G_TEST_BUILT, "support", "tls", "good-key.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (EfSoupListener) listener = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;

  certificate = g_tls_certificate_new_from_files (pem, key, &error);
  g_assert_no_error (error);
  soup_server_add_handler (server, NULL, redirect,
                           (gpointer) ef_raw_server_get_url (fixture->server), NULL);
  listener = ef_soup_listener_new (server, certificate);
  url = g_strdup_printf ("wss://127.0.0.1:%u/", ef_soup_listener_get_port (listener));

  g_object_set (fixture->source, "url", url, "tls-ca-file", ca, NULL);
  ef_source_fixture_start_failing (fixture, EF_WEB_SOCKET_ERROR_HANDSHAKE);
  g_assert_nonnull (strstr (fixture->start_error->message, "without TLS"));
  g_assert_cmpuint (ef_raw_server_get_n_peers (fixture->server), ==, 0);
  g_clear_pointer (&listener, ef_soup_listener_free);
  ef_test_assert_finalizes (NULL, server);
}

typedef struct
{
  const char *path;
  const char *location;
  const char *hint;
} BadCase;

static const BadCase bad_cases[] = {
  { "no-location", NULL, "does not say where to" },
  { "empty-location", "", "does not say where to" },
  { "mail", "mailto:someone@example.org", "no “ws”" },
  { "file", "file:///etc/passwd", "no “ws”" },
  { "no-host", "ws:///x", "no “ws”" },
  { "no-url", "ws://[::1", "no “ws”" },
  { "bad-port", "ws://127.0.0.1:99999/", "no “ws”" },
  { "loop", "/", "once too often" },
};

static void
test_bad (EfSourceFixture *fixture, gconstpointer data)
{
  const BadCase *bad = data;
  g_autofree char *answer = make_answer ("302 Found", bad->location);

  ef_raw_server_set_answer (fixture->server, answer);
  ef_source_fixture_start_failing (fixture, EF_WEB_SOCKET_ERROR_HANDSHAKE);
  g_assert_nonnull (strstr (fixture->start_error->message, bad->hint));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func, data) \
  g_test_add ("/redirect/" path, EfSourceFixture, data, ef_source_fixture_set_up, func, \
              ef_source_fixture_tear_down)
  ADD ("301", test_path, "301 Moved Permanently");
  ADD ("302", test_path, "302 Found");
  ADD ("303", test_path, "303 See Other");
  ADD ("307", test_path, "307 Temporary Redirect");
  ADD ("308", test_path, "308 Permanent Redirect");
  ADD ("ws", test_scheme, "ws");
  ADD ("http", test_scheme, "http");
  ADD ("other-port", test_abroad, "127.0.0.1");
  ADD ("other-host", test_abroad, "localhost");
  ADD ("reconnect", test_reconnect, NULL);
  ADD ("leaves-tls", test_leaves_tls, NULL);
  ADD ("failure-there", test_failure_there, NULL);
  ADD ("refused-there", test_refused_there, NULL);
#undef ADD

  for (guint i = 0; i < G_N_ELEMENTS (bad_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/redirect/bad/%s", bad_cases[i].path);

      g_test_add (path, EfSourceFixture, &bad_cases[i], ef_source_fixture_set_up, test_bad,
                  ef_source_fixture_tear_down);
    }

  return g_test_run ();
}
