/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-source-fixture.h"

#include <string.h>

/* What connecting fails of, by its distinct error. */

static void
test_connect_timeout (EfSourceFixture *fixture, gconstpointer data)
{
  g_object_set (fixture->source, "reconnect", FALSE, "connect-timeout-ms", 300, NULL);
  ef_raw_server_set_answer (fixture->server, NULL);
  ef_source_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, ef_raw_server_get_n_peers (fixture->server) == 1);
  g_assert_cmpint (ef_test_clock_get_next_delay (fixture->clock), ==, 300 * 1000);
  ef_test_clock_advance (fixture->clock, 300 * 1000);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_error (fixture->start_error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (fixture->start_error->message, "connect-timeout-ms"));
  g_clear_error (&fixture->error);
}

typedef struct
{
  const char *path;
  const char *answer;
  const char *subprotocol;
  EfWebSocketError error;
  const char *hint;
} AnswerCase;

static const AnswerCase answer_cases[] = {
  { "401", EF_RAW_ANSWER_STATUS ("401 Unauthorized"), NULL, EF_WEB_SOCKET_ERROR_UNAUTHORIZED,
    "credentials" },
  { "403", EF_RAW_ANSWER_STATUS ("403 Forbidden"), NULL, EF_WEB_SOCKET_ERROR_UNAUTHORIZED,
    "credentials" },
  { "404", EF_RAW_ANSWER_STATUS ("404 Not Found"), NULL, EF_WEB_SOCKET_ERROR_NOT_FOUND, "path" },
  { "200", EF_RAW_ANSWER_STATUS ("200 OK"), NULL, EF_WEB_SOCKET_ERROR_HANDSHAKE, "200 OK" },
  { "400", EF_RAW_ANSWER_STATUS ("400 Bad Request"), NULL, EF_WEB_SOCKET_ERROR_HANDSHAKE, "400" },
  { "wrong-accept", EF_RAW_ANSWER_WRONG_ACCEPT, NULL, EF_WEB_SOCKET_ERROR_HANDSHAKE,
    "Sec-WebSocket-Accept" },
  { "no-accept", EF_RAW_ANSWER_NO_ACCEPT, NULL, EF_WEB_SOCKET_ERROR_HANDSHAKE,
    "no Sec-WebSocket-Accept" },
  { "no-upgrade", EF_RAW_ANSWER_NO_UPGRADE, NULL, EF_WEB_SOCKET_ERROR_HANDSHAKE, "upgrade" },
  { "garbage", EF_RAW_ANSWER_GARBAGE, NULL, EF_WEB_SOCKET_ERROR_HANDSHAKE, "WebSocket endpoint" },
  { "subprotocol-not-asked-for", EF_RAW_ANSWER_SUBPROTOCOL ("chat"), NULL,
    EF_WEB_SOCKET_ERROR_SUBPROTOCOL, "“chat”" },
  { "other-subprotocol", EF_RAW_ANSWER_SUBPROTOCOL ("chat"), "trades",
    EF_WEB_SOCKET_ERROR_SUBPROTOCOL, "“chat”" },
  { "no-subprotocol", EF_RAW_ANSWER_UPGRADE, "trades", EF_WEB_SOCKET_ERROR_SUBPROTOCOL,
    "“trades”" },
  { "extension", EF_RAW_ANSWER_HEAD "Sec-WebSocket-Extensions: permessage-deflate\r\n"
                                    "Sec-WebSocket-Accept: {accept}\r\n\r\n",
    NULL, EF_WEB_SOCKET_ERROR_HANDSHAKE, "permessage-deflate" },
};

static void
test_bad_answer (EfSourceFixture *fixture, gconstpointer data)
{
  const AnswerCase *bad = data;

  g_object_set (fixture->source, "subprotocol", bad->subprotocol, NULL);
  ef_raw_server_set_answer (fixture->server, bad->answer);
  ef_source_fixture_start_failing (fixture, bad->error);
  g_assert_nonnull (strstr (fixture->start_error->message, bad->hint));
  g_assert_true (g_str_has_prefix (fixture->start_error->message,
                                   ef_raw_server_get_url (fixture->server)));
}

static void
test_connection_ended_in_handshake (EfSourceFixture *fixture, gconstpointer data)
{
  g_object_set (fixture->source, "reconnect", FALSE, NULL);
  ef_raw_server_set_answer (fixture->server, "");
  ef_source_fixture_start_failing (fixture, EF_WEB_SOCKET_ERROR_RESET);
}

static void
test_refused (EfSourceFixture *fixture, gconstpointer data)
{
  g_object_set (fixture->source, "reconnect", FALSE, NULL);
  ef_raw_server_pause (fixture->server);
  ef_source_fixture_start_failing (fixture, EF_WEB_SOCKET_ERROR_REFUSED);
}

static void
test_unknown_host (EfSourceFixture *fixture, gconstpointer data)
{
  g_object_set (fixture->source, "reconnect", FALSE, "url", "ws://no-such-host.invalid/feed", NULL);
  ef_source_fixture_start_failing (fixture, EF_WEB_SOCKET_ERROR_RESOLVE);
  g_assert_nonnull (strstr (fixture->start_error->message, "no-such-host.invalid"));
}

static void
test_not_tls (EfSourceFixture *fixture, gconstpointer data)
{
  g_autofree char *url
      = g_strdup_printf ("wss://127.0.0.1:%u/", ef_raw_server_get_port (fixture->server));

  g_object_set (fixture->source, "reconnect", FALSE, "url", url, NULL);
  ef_source_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, ef_raw_server_get_n_peers (fixture->server) == 1);
  ef_raw_peer_send (ef_raw_server_get_peer (fixture->server, 0), "HTTP/1.1 400 Bad\r\n\r\n", 20);
  ef_test_wait_for (NULL, fixture->started);
  g_test_message ("%s", fixture->start_error->message);
  g_assert_error (fixture->start_error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_TLS);
  g_clear_error (&fixture->error);
}

static void
validated (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfSourceFixture *fixture = user_data;

  ef_validatable_validate_connectivity_finish (EF_VALIDATABLE (object), result,
                                               &fixture->start_error);
  fixture->started = TRUE;
}

static void
test_validate (EfSourceFixture *fixture, gconstpointer data)
{
  ef_validatable_validate_connectivity_async (EF_VALIDATABLE (fixture->source), NULL, validated,
                                              fixture);
  ef_source_fixture_answer_close (ef_raw_server_wait_peer (fixture->server, 0));
  ef_test_wait_for (NULL, fixture->started);
  g_assert_no_error (fixture->start_error);
  g_assert_cmpstr (fixture->signals->str, ==, "");
  g_assert_cmpint (ef_element_get_state (EF_ELEMENT (fixture->source)), ==, EF_STATE_NULL);

  ef_raw_server_pause (fixture->server);
  fixture->started = FALSE;
  ef_validatable_validate_connectivity_async (EF_VALIDATABLE (fixture->source), NULL, validated,
                                              fixture);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_error (fixture->start_error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_REFUSED);
}

static void
note_validated (EfBus *bus, EfMessage *message, char **url)
{
  if (g_strcmp0 (ef_message_get_name (message), "validated") == 0)
    g_variant_lookup (ef_message_get_details (message), "url", "s", url);
}

/* One server that answers is enough, and it is told which; else all are told of. */
static void
test_validate_several (EfSourceFixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawServer) second = ef_raw_server_new ();
  g_autoptr (EfRawServer) third = ef_raw_server_new ();
  const char *urls[] = { ef_raw_server_get_url (second), ef_raw_server_get_url (third), NULL };
  g_autofree char *url = NULL;
  gulong handler
    = g_signal_connect (fixture->bus, "message", G_CALLBACK (note_validated), &url);

  g_object_set (fixture->source, "urls", urls, NULL);
  ef_raw_server_pause (fixture->server);
  ef_raw_server_set_answer (second, EF_RAW_ANSWER_STATUS ("503 Service Unavailable"));
  ef_validatable_validate_connectivity_async (EF_VALIDATABLE (fixture->source), NULL, validated,
                                              fixture);
  ef_source_fixture_answer_close (ef_raw_server_wait_peer (third, 0));
  ef_test_wait_for (NULL, fixture->started);
  g_assert_no_error (fixture->start_error);
  ef_test_wait_for (NULL, url != NULL);
  g_assert_cmpstr (url, ==, urls[1]);
  g_signal_handler_disconnect (fixture->bus, handler);

  ef_raw_server_pause (third);
  fixture->started = FALSE;
  ef_validatable_validate_connectivity_async (EF_VALIDATABLE (fixture->source), NULL, validated,
                                              fixture);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_error (fixture->start_error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_REFUSED);
  g_assert_nonnull (strstr (fixture->start_error->message, "none of 3 servers answers"));
  g_assert_nonnull (strstr (fixture->start_error->message, "503"));
  g_assert_nonnull (strstr (fixture->start_error->message, urls[1]));
}

static void
test_validate_sync (EfSourceFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  ef_raw_server_pause (fixture->server);
  g_assert_false (ef_web_socket_source_validate_connectivity (fixture->source, NULL, &error));
  g_assert_error (error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_REFUSED);
  g_clear_error (&error);

  g_object_set (fixture->source, "url", "http://127.0.0.1/", NULL);
  g_assert_false (ef_web_socket_source_validate_connectivity (fixture->source, NULL, &error));
  g_assert_error (error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_URL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/source/" path, EfSourceFixture, NULL, ef_source_fixture_set_up, func, \
              ef_source_fixture_tear_down)
  ADD ("connect-timeout", test_connect_timeout);
  ADD ("connection-ended-in-handshake", test_connection_ended_in_handshake);
  ADD ("refused", test_refused);
  ADD ("unknown-host", test_unknown_host);
  ADD ("not-tls", test_not_tls);
  ADD ("validate", test_validate);
  ADD ("validate-several", test_validate_several);
  ADD ("validate-sync", test_validate_sync);
#undef ADD

  for (guint i = 0; i < G_N_ELEMENTS (answer_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/source/answer/%s", answer_cases[i].path);

      g_test_add (path, EfSourceFixture, &answer_cases[i], ef_source_fixture_set_up,
                  test_bad_answer, ef_source_fixture_tear_down);
    }

  return g_test_run ();
}
