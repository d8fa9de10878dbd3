/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-interop.h"
#include "ef-test-loop.h"

/* WebSocketSink and servers that are not ours. */

typedef struct
{
  EfInteropKind kind;
  EfTestPeer *server;
  EfWebSocketSink *sink;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->kind = (EfInteropKind) GPOINTER_TO_UINT (data);
  fixture->sink = ef_web_socket_sink_new ();
}

/* Takes the server over. */
static void
start (Fixture *fixture, EfTestPeer *server)
{
  g_autoptr (GError) error = NULL;

  fixture->server = server;
  g_object_set (fixture->sink, "url", ef_test_peer_wait_listening (server), NULL);
  ef_element_start (EF_ELEMENT (fixture->sink), &error);
  g_assert_no_error (error);
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (fixture->sink)) == EF_STATE_PLAYING);
}

static void
stop (Fixture *fixture)
{
  ef_element_stop (EF_ELEMENT (fixture->sink));
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (fixture->sink)) == EF_STATE_NULL);
  ef_interop_assert_close (fixture->server, 1000, "");
  g_assert_cmpint (ef_test_peer_stop (fixture->server), ==, 0);
  g_clear_object (&fixture->server);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ef_test_assert_finalizes (NULL, fixture->sink);
}

static void
publish (Fixture *fixture, gboolean text, guint index, gsize size)
{
  g_autoptr (GBytes) message = ef_test_peer_make_message (text, index, size);
  g_autoptr (GError) error = NULL;

  ef_web_socket_sink_publish (fixture->sink, message, &error);
  g_assert_no_error (error);
}

/* From nothing to 8 MiB, as text and as binary messages. */
static void
check_sizes (Fixture *fixture, const char *certificate, const char *key)
{
  static const gsize sizes[] = { 0, 1, 125, 126, 65535, 65536, 8 * 1024 * 1024 };

  for (guint text = 0; text < 2; text++)
    {
      g_object_set (fixture->sink, "message-type",
                    text ? EF_WEB_SOCKET_MESSAGE_TEXT : EF_WEB_SOCKET_MESSAGE_BINARY, NULL);
      start (fixture, ef_interop_server (fixture->kind, certificate != NULL ? "--certificate" : NULL,
                                         certificate, "--key", key, NULL));
      for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
        {
          publish (fixture, text != 0, i, sizes[i]);
          ef_interop_assert_message (fixture->server, text != 0, i, sizes[i]);
        }
      stop (fixture);
    }
}

static void
test_sizes (Fixture *fixture, gconstpointer data)
{
  check_sizes (fixture, NULL, NULL);
}

/* What is published in one go arrives whole and in order. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  start (fixture, ef_interop_server (fixture->kind, NULL));
  for (guint i = 0; i < 5000; i++)
    publish (fixture, TRUE, i, 160);
  for (guint i = 0; i < 5000; i++)
    ef_interop_assert_message (fixture->server, TRUE, i, 160);
  stop (fixture);
}

static void
test_handshake (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (JsonObject) event = NULL;
  JsonObject *seen;

  g_hash_table_insert (headers, (gpointer) "Authorization", (gpointer) "Bearer t0k3n");
  g_object_set (fixture->sink, "headers", headers, "subprotocol", "v2.feed", NULL);
  start (fixture, ef_interop_server (fixture->kind, "--subprotocol", "v1.feed", "--subprotocol",
                                     "v2.feed", NULL));

  event = ef_test_peer_wait_event (fixture->server, "open");
  seen = json_object_get_object_member (event, "headers");
  g_assert_cmpstr (json_object_get_string_member (seen, "authorization"), ==, "Bearer t0k3n");
  g_assert_cmpstr (json_object_get_string_member (event, "subprotocol"), ==, "v2.feed");

  /* The sink reads, too. */
  ef_test_peer_tell (fixture->server, "ping are you there");
  g_clear_pointer (&event, json_object_unref);
  event = ef_test_peer_wait_event (fixture->server, "pong");
  g_assert_cmpstr (json_object_get_string_member (event, "text"), ==, "are you there");
  stop (fixture);
}

static void
test_tls (Fixture *fixture, gconstpointer data)
{
  g_autofree char *certificate = ef_interop_certificate ("good.pem");
  g_autofree char *key = ef_interop_certificate ("good-key.pem");
  g_autofree char *ca = ef_interop_certificate ("ca.pem");

  g_object_set (fixture->sink, "tls-ca-file", ca, NULL);
  check_sizes (fixture, certificate, key);
}

int
main (int argc, char **argv)
{
  static const EfInteropTest tests[] = {
    EF_INTEROP_TEST ("sizes", test_sizes),
    EF_INTEROP_TEST ("many", test_many),
    EF_INTEROP_TEST ("handshake", test_handshake),
    EF_INTEROP_TEST ("tls", test_tls),
  };

  g_test_init (&argc, &argv, NULL);

  ef_interop_add_tests ("sink", sizeof (Fixture), (GTestFixtureFunc) set_up,
                        (GTestFixtureFunc) tear_down, tests, G_N_ELEMENTS (tests));

  return g_test_run ();
}
