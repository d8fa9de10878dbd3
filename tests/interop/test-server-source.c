/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-interop.h"
#include "ef-test-loop.h"

/* WebSocketServerSource and clients that are not ours. */

typedef struct
{
  EfInteropKind kind;
  EfWebSocketServerSource *source;
  EfInteropMessages messages;
  GString *log; /* who came and went, and with what */
} Fixture;

static void
message_cb (EfWebSocketServerSource *source,
            GBytes *message,
            EfWebSocketMessageType type,
            guint64 client,
            Fixture *fixture)
{
  ef_interop_messages_add (&fixture->messages, message, type);
}

static void
client_disconnected_cb (EfWebSocketServerSource *source,
                        guint64 client,
                        guint code,
                        const char *reason,
                        Fixture *fixture)
{
  g_string_append_printf (fixture->log, "%u:%s;", code, reason);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->kind = (EfInteropKind) GPOINTER_TO_UINT (data);
  fixture->log = g_string_new (NULL);
  ef_interop_messages_init (&fixture->messages);
  fixture->source = ef_web_socket_server_source_new ();
  g_signal_connect (fixture->source, "message", G_CALLBACK (message_cb), fixture);
  g_signal_connect (fixture->source, "client-disconnected", G_CALLBACK (client_disconnected_cb),
                    fixture);
}

/* Returns the address of the server, which chose a port. */
static char *
start (Fixture *fixture, const char *scheme)
{
  g_autofree char *url = g_strconcat (scheme, "://127.0.0.1:0/ingest", NULL);
  g_autoptr (GError) error = NULL;
  guint port;

  g_object_set (fixture->source, "url", url, NULL);
  ef_element_start (EF_ELEMENT (fixture->source), &error);
  g_assert_no_error (error);
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (fixture->source)) == EF_STATE_PLAYING);
  g_object_get (fixture->source, "port", &port, NULL);

  return g_strdup_printf ("%s://127.0.0.1:%u/ingest", scheme, port);
}

static void
stop (Fixture *fixture)
{
  ef_element_stop (EF_ELEMENT (fixture->source));
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (fixture->source)) == EF_STATE_NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  stop (fixture);
  ef_test_assert_finalizes (NULL, fixture->source);
  ef_interop_messages_clear (&fixture->messages);
  g_string_free (fixture->log, TRUE);
}

/* Text and binary, whole and in fragments, from nothing to 8 MiB. */
static void
check_sizes (Fixture *fixture, const char *scheme, const char *ca)
{
  static const gsize sizes[] = { 0, 1, 125, 126, 65535, 65536, 8 * 1024 * 1024 };
  g_autofree char *url = start (fixture, scheme);
  g_autoptr (EfTestPeer) client
    = ef_interop_client (fixture->kind, url, ca != NULL ? "--ca" : NULL, ca, NULL);
  g_autoptr (JsonObject) open = ef_test_peer_wait_event (client, "open");

  g_assert_cmpstr (json_object_get_string_member (open, "path"), ==, "/ingest");
  for (guint i = 0; i < G_N_ELEMENTS (sizes) * 4; i++)
    {
      gboolean text = i % 2 == 0;

      ef_test_peer_tell (client, "send %s %" G_GSIZE_FORMAT " %d", text ? "text" : "binary",
                         sizes[i / 4], i % 4 >= 2 ? 7 : 1);
      ef_test_wait_for (NULL, fixture->messages.bytes->len == 1);
      ef_interop_messages_assert (&fixture->messages, text, 1, sizes[i / 4]);
      ef_interop_messages_reset (&fixture->messages);
    }

  ef_test_peer_tell (client, "close 3001 done");
  ef_interop_assert_close (client, 3001, ""); /* the answer repeats the code alone */
  g_assert_cmpint (ef_test_peer_wait_exit (client), ==, 0);
  ef_test_wait_for (NULL, fixture->log->len > 0);
  g_assert_cmpstr (fixture->log->str, ==, "3001:done;");
}

static void
test_sizes (Fixture *fixture, gconstpointer data)
{
  check_sizes (fixture, "ws", NULL);
}

static void
test_many (Fixture *fixture, gconstpointer data)
{
  g_autofree char *url = start (fixture, "ws");
  g_autoptr (EfTestPeer) client = NULL;

  client = ef_interop_client (fixture->kind, url, "--mode", "send", "--count", "5000", "--size",
                              "160", NULL);
  ef_test_wait_for (NULL, fixture->log->len > 0);
  g_assert_cmpstr (fixture->log->str, ==, "1000:;");
  ef_interop_messages_assert (&fixture->messages, TRUE, 5000, 160);
  g_assert_cmpint (ef_test_peer_wait_exit (client), ==, 0);
}

static void
test_handshake (Fixture *fixture, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autoptr (EfTestPeer) client = NULL;
  g_autoptr (JsonObject) event = NULL;

  g_object_set (fixture->source, "subprotocol", "v2.feed", NULL);
  url = start (fixture, "ws");
  client = ef_interop_client (fixture->kind, url, "--subprotocol", "v1.feed", "--subprotocol",
                              "v2.feed", NULL);
  event = ef_test_peer_wait_event (client, "open");
  g_assert_cmpstr (json_object_get_string_member (event, "subprotocol"), ==, "v2.feed");

  ef_test_peer_tell (client, "ping are you there");
  g_clear_pointer (&event, json_object_unref);
  event = ef_test_peer_wait_event (client, "pong");
  g_assert_cmpstr (json_object_get_string_member (event, "text"), ==, "are you there");

  /* A server that stops says so. */
  stop (fixture);
  g_clear_pointer (&event, json_object_unref);
  event = ef_test_peer_wait_event (client, "close");
  g_assert_cmpint (json_object_get_int_member (event, "code"), ==, 1001);
  g_assert_cmpint (ef_test_peer_wait_exit (client), ==, 0);
}

static void
test_other_path (Fixture *fixture, gconstpointer data)
{
  g_autofree char *url = start (fixture, "ws");
  g_autofree char *other = g_strconcat (url, "/else", NULL);
  g_autoptr (EfTestPeer) client = ef_interop_client (fixture->kind, other, NULL);
  g_autoptr (JsonObject) error = ef_test_peer_wait_event (client, "error");

  g_assert_nonnull (g_strstr_len (json_object_get_string_member (error, "message"), -1, "404"));
  g_assert_cmpint (ef_test_peer_wait_exit (client), ==, 1);
}

static void
test_tls (Fixture *fixture, gconstpointer data)
{
  g_autofree char *certificate = ef_interop_certificate ("good.pem");
  g_autofree char *key = ef_interop_certificate ("good-key.pem");
  g_autofree char *ca = ef_interop_certificate ("ca.pem");

  g_object_set (fixture->source, "tls-certificate-file", certificate, "tls-key-file", key, NULL);
  check_sizes (fixture, "wss", ca);
}

int
main (int argc, char **argv)
{
  static const EfInteropTest tests[] = {
    EF_INTEROP_TEST ("sizes", test_sizes),
    EF_INTEROP_TEST ("many", test_many),
    EF_INTEROP_TEST ("handshake", test_handshake),
    EF_INTEROP_TEST ("other-path", test_other_path),
    EF_INTEROP_TEST ("tls", test_tls),
  };

  g_test_init (&argc, &argv, NULL);

  ef_interop_add_tests ("server-source", sizeof (Fixture), (GTestFixtureFunc) set_up,
                        (GTestFixtureFunc) tear_down, tests, G_N_ELEMENTS (tests));

  return g_test_run ();
}
