/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-interop.h"

#include "ef-test-loop.h"

/* WebSocketSource against servers that are not ours. */

typedef struct
{
  EfInteropKind kind;
  EfTestPeer *server;
  EfWebSocketSource *source;
  EfBus *bus;

  EfInteropMessages messages;
  GError *error;
  gboolean eos;
  gboolean started;
} Fixture;

static void
message_cb (EfWebSocketSource *source,
            GBytes *message,
            EfWebSocketMessageType type,
            Fixture *fixture)
{
  ef_interop_messages_add (&fixture->messages, message, type);
}

static void
bus_message_cb (EfBus *bus, EfMessage *message, Fixture *fixture)
{
  if (ef_message_get_kind (message) == EF_MESSAGE_EOS)
    fixture->eos = TRUE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->kind = (EfInteropKind) GPOINTER_TO_UINT (data);
  ef_interop_messages_init (&fixture->messages);
  fixture->bus = ef_bus_new ();
  fixture->source = ef_web_socket_source_new ();
  g_object_set (fixture->source, "reconnect", FALSE, NULL);
  ef_element_set_bus (EF_ELEMENT (fixture->source), fixture->bus);
  g_signal_connect (fixture->bus, "message", G_CALLBACK (bus_message_cb), fixture);
  g_signal_connect (fixture->source, "message", G_CALLBACK (message_cb), fixture);
}

static void
start_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  ef_element_start_finish (EF_ELEMENT (object), result, &fixture->error);
  fixture->started = TRUE;
}

/* Takes the server over. */
static void
start (Fixture *fixture, EfTestPeer *server)
{
  fixture->server = server;
  fixture->started = fixture->eos = FALSE;
  g_object_set (fixture->source, "url", ef_test_peer_wait_listening (server), NULL);
  ef_element_start_async (EF_ELEMENT (fixture->source), NULL, start_cb, fixture);
  ef_test_wait_for (NULL, fixture->started);
}

static void
stop (Fixture *fixture)
{
  ef_element_stop (EF_ELEMENT (fixture->source));
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (fixture->source)) == EF_STATE_NULL);
  ef_interop_messages_reset (&fixture->messages);
  g_assert_cmpint (ef_test_peer_stop (fixture->server), ==, 0);
  g_clear_object (&fixture->server);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->server);
  ef_test_assert_finalizes (NULL, fixture->source);
  ef_test_assert_finalizes (NULL, fixture->bus);
  ef_interop_messages_clear (&fixture->messages);
}

/* Text and binary, whole and in fragments, from nothing to 8 MiB. */
static void
check_sizes (Fixture *fixture, EfTestPeer *server)
{
  static const gsize sizes[] = { 0, 1, 125, 126, 65535, 65536, 8 * 1024 * 1024 };

  start (fixture, server);
  g_assert_no_error (fixture->error);

  for (guint i = 0; i < G_N_ELEMENTS (sizes) * 4; i++)
    {
      gboolean text = i % 2 == 0;

      ef_test_peer_tell (fixture->server, "send %s %" G_GSIZE_FORMAT " %d",
                         text ? "text" : "binary", sizes[i / 4], i % 4 >= 2 ? 7 : 1);
      ef_test_wait_for (NULL, fixture->messages.bytes->len == 1);
      ef_interop_messages_assert (&fixture->messages, text, 1, sizes[i / 4]);
      ef_interop_messages_reset (&fixture->messages);
    }

  ef_test_peer_tell (fixture->server, "close 1000");
  ef_test_wait_for (NULL, fixture->eos);
  stop (fixture);
}

static void
test_sizes (Fixture *fixture, gconstpointer data)
{
  check_sizes (fixture, ef_interop_server (fixture->kind, NULL));
}

static void
test_many (Fixture *fixture, gconstpointer data)
{
  start (fixture, ef_interop_server (fixture->kind, "--mode", "send", "--count", "5000", "--size",
                                     "160", NULL));
  g_assert_no_error (fixture->error);
  ef_test_wait_for (NULL, fixture->eos);
  ef_interop_messages_assert (&fixture->messages, TRUE, 5000, 160);
  stop (fixture);
}

static void
test_handshake (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (JsonObject) open = NULL;
  g_autofree char *negotiated = NULL;
  JsonObject *seen;

  g_hash_table_insert (headers, (gpointer) "Authorization", (gpointer) "Bearer t0k3n");
  g_hash_table_insert (headers, (gpointer) "X-Api-Key", (gpointer) "k1");
  g_object_set (fixture->source, "headers", headers, "subprotocol", "v2.feed", NULL);
  start (fixture, ef_interop_server (fixture->kind, "--subprotocol", "v1.feed", "--subprotocol",
                                     "v2.feed", NULL));
  g_assert_no_error (fixture->error);

  open = ef_test_peer_wait_event (fixture->server, "open");
  seen = json_object_get_object_member (open, "headers");
  g_assert_cmpstr (json_object_get_string_member (seen, "authorization"), ==, "Bearer t0k3n");
  g_assert_cmpstr (json_object_get_string_member (seen, "x-api-key"), ==, "k1");
  g_assert_cmpstr (json_object_get_string_member (open, "subprotocol"), ==, "v2.feed");
  g_object_get (fixture->source, "negotiated-subprotocol", &negotiated, NULL);
  g_assert_cmpstr (negotiated, ==, "v2.feed");

  /* The peer's ping is answered, and our Close is seen as such. */
  ef_test_peer_tell (fixture->server, "ping are you there");
  g_clear_pointer (&open, json_object_unref);
  open = ef_test_peer_wait_event (fixture->server, "pong");
  g_assert_cmpstr (json_object_get_string_member (open, "text"), ==, "are you there");
  ef_element_stop (EF_ELEMENT (fixture->source));
  ef_interop_assert_close (fixture->server, 1000, "");
  stop (fixture);
}

static void
test_rejected (Fixture *fixture, gconstpointer data)
{
  start (fixture, ef_interop_server (fixture->kind, "--reject", "401", NULL));
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_UNAUTHORIZED);
  g_clear_error (&fixture->error);
  stop (fixture);
}

static void
test_tls_sizes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *certificate = ef_interop_certificate ("good.pem");
  g_autofree char *key = ef_interop_certificate ("good-key.pem");
  g_autofree char *ca = ef_interop_certificate ("ca.pem");

  g_object_set (fixture->source, "tls-ca-file", ca, NULL);
  check_sizes (fixture, ef_interop_server (fixture->kind, "--certificate", certificate, "--key",
                                           key, NULL));
}

static EfTestPeer *
secure_server (Fixture *fixture, const char *name)
{
  g_autofree char *certificate_name = g_strconcat (name, ".pem", NULL);
  g_autofree char *key_name = g_strconcat (name, "-key.pem", NULL);
  g_autofree char *certificate = ef_interop_certificate (certificate_name);
  g_autofree char *key = ef_interop_certificate (key_name);

  return ef_interop_server (fixture->kind, "--mode", "send", "--count", "3", "--size", "100000",
                            "--certificate", certificate, "--key", key, NULL);
}

static void
test_tls (Fixture *fixture, gconstpointer data)
{
  static const char *const bad[] = { "wrong-host", "expired", "self-signed" };
  g_autofree char *ca = ef_interop_certificate ("ca.pem");

  g_object_set (fixture->source, "tls-ca-file", ca, NULL);
  start (fixture, secure_server (fixture, "good"));
  g_assert_no_error (fixture->error);
  ef_test_wait_for (NULL, fixture->eos);
  ef_interop_messages_assert (&fixture->messages, TRUE, 3, 100000);
  stop (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      start (fixture, secure_server (fixture, bad[i]));
      g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_TLS);
      g_test_message ("%s: %s", bad[i], fixture->error->message);
      g_clear_error (&fixture->error);
      stop (fixture);
    }

  /* Without the authority the good one is as bad. */
  g_object_set (fixture->source, "tls-ca-file", NULL, NULL);
  start (fixture, secure_server (fixture, "good"));
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_TLS);
  g_clear_error (&fixture->error);
  stop (fixture);
}

/* Recorded sessions of real feeds, each message whole, equal and in order. */
static void
test_captures (void)
{
  static const struct
  {
    const char *name;
    guint n_messages;
  } captures[] = {
    { "BINANCE.ws.1.0", 265 },   { "BINANCE_FUTURES.ws.1.0", 1535 },
    { "COINBASE.ws.28.0", 9946 }, { "KRAKEN.ws.49.0", 60 },
    { "HUOBI.ws.44.0", 362 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (captures); i++)
    {
      Fixture fixture = { 0 };
      g_autofree char *path = NULL;
      g_autofree char *digest = NULL;
      g_autoptr (JsonObject) sent = NULL;

      path = g_test_build_filename (G_TEST_DIST, "data", "captures", captures[i].name, NULL);
      set_up (&fixture, GUINT_TO_POINTER (EF_INTEROP_PYTHON));
      start (&fixture, ef_interop_server (EF_INTEROP_PYTHON, "--mode", "capture", "--capture", path,
                                          NULL));
      g_assert_no_error (fixture.error);
      ef_test_wait_for (NULL, fixture.eos);

      g_assert_cmpuint (fixture.messages.bytes->len, ==, captures[i].n_messages);
      sent = ef_test_peer_wait_event (fixture.server, "sent");
      g_assert_cmpint (json_object_get_int_member (sent, "count"), ==, captures[i].n_messages);
      digest = ef_interop_messages_digest (&fixture.messages);
      g_assert_cmpstr (json_object_get_string_member (sent, "sha256"), ==, digest);
      stop (&fixture);
      tear_down (&fixture, NULL);
    }
}

int
main (int argc, char **argv)
{
  static const EfInteropTest tests[] = {
    EF_INTEROP_TEST ("sizes", test_sizes),
    EF_INTEROP_TEST ("many", test_many),
    EF_INTEROP_TEST ("handshake", test_handshake),
    EF_INTEROP_TEST ("rejected", test_rejected),
    EF_INTEROP_TEST ("tls", test_tls),
    EF_INTEROP_TEST ("tls-sizes", test_tls_sizes),
  };

  g_test_init (&argc, &argv, NULL);

  ef_interop_add_tests ("source", sizeof (Fixture), (GTestFixtureFunc) set_up,
                        (GTestFixtureFunc) tear_down, tests, G_N_ELEMENTS (tests));
  g_test_add_func ("/interop/source/captures", test_captures);

  return g_test_run ();
}
