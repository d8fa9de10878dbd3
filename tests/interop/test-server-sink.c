/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-interop.h"
#include "ef-test-element.h"
#include "ef-test-loop.h"

/* WebSocketServerSink and clients that are not ours. */

typedef struct
{
  EfInteropKind kind;
  EfAppSource *source;
  EfWebSocketServerSink *sink;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->kind = (EfInteropKind) GPOINTER_TO_UINT (data);
  fixture->source = ef_app_source_new ();
  fixture->sink = ef_web_socket_server_sink_new ();
  ef_test_link (fixture->source, fixture->sink);
}

/* Returns the address of the server, which chose a port. */
static char *
start (Fixture *fixture, const char *scheme)
{
  g_autofree char *url = g_strconcat (scheme, "://127.0.0.1:0/feed", NULL);
  guint port;

  g_object_set (fixture->sink, "url", url, NULL);
  ef_test_start (fixture->sink);
  ef_test_start (fixture->source);
  g_object_get (fixture->sink, "port", &port, NULL);

  return g_strdup_printf ("%s://127.0.0.1:%u/feed", scheme, port);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ef_test_stop (fixture->source);
  ef_test_stop (fixture->sink);
  ef_pad_unlink (ef_element_get_src_pad (EF_ELEMENT (fixture->source)),
                 ef_element_get_sink_pad (EF_ELEMENT (fixture->sink)));
  ef_test_assert_finalizes (NULL, fixture->source);
  ef_test_assert_finalizes (NULL, fixture->sink);
}

static void
push (Fixture *fixture, gboolean text, guint index, gsize size)
{
  g_autoptr (GBytes) message = ef_test_peer_make_message (text, index, size);
  g_autoptr (GError) error = NULL;

  if (text)
    ef_app_source_push_text (fixture->source, g_bytes_get_data (message, NULL), (gssize) size,
                             &error);
  else
    ef_app_source_push_bytes (fixture->source, message, &error);
  g_assert_no_error (error);
}

static guint
get_n_clients (Fixture *fixture)
{
  guint n_clients;

  g_object_get (fixture->sink, "n-clients", &n_clients, NULL);

  return n_clients;
}

static EfTestPeer *
connect_client (Fixture *fixture, const char *url, const char *option, const char *value)
{
  guint n_clients = get_n_clients (fixture);
  EfTestPeer *client = ef_interop_client (fixture->kind, url, option, value, NULL);

  ef_test_wait_for (NULL, get_n_clients (fixture) == n_clients + 1);

  return client;
}

/* From nothing to 8 MiB, text and binary, to two clients. */
static void
check_sizes (Fixture *fixture, const char *scheme, const char *ca)
{
  static const gsize sizes[] = { 0, 1, 125, 126, 65535, 65536, 8 * 1024 * 1024 };
  const char *option = ca != NULL ? "--ca" : NULL;
  g_autofree char *url = start (fixture, scheme);
  g_autoptr (EfTestPeer) first = connect_client (fixture, url, option, ca);
  g_autoptr (EfTestPeer) second = connect_client (fixture, url, option, ca);

  for (guint i = 0; i < G_N_ELEMENTS (sizes) * 2; i++)
    {
      gboolean text = i % 2 == 0;

      push (fixture, text, i, sizes[i / 2]);
      ef_interop_assert_message (first, text, i, sizes[i / 2]);
      ef_interop_assert_message (second, text, i, sizes[i / 2]);
    }

  ef_test_stop (fixture->sink);
  ef_interop_assert_close (first, 1001, "the server stops");
  ef_interop_assert_close (second, 1001, "the server stops");
  g_assert_cmpint (ef_test_peer_wait_exit (first), ==, 0);
  g_assert_cmpint (ef_test_peer_wait_exit (second), ==, 0);
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
  g_autoptr (EfTestPeer) client = connect_client (fixture, url, NULL, NULL);

  for (guint i = 0; i < 5000; i++)
    push (fixture, TRUE, i, 160);
  for (guint i = 0; i < 5000; i++)
    ef_interop_assert_message (client, TRUE, i, 160);
}

/* What is pushed before anyone has come waits for the first client. */
static void
test_wait_for_client (Fixture *fixture, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autoptr (EfTestPeer) client = NULL;

  g_object_set (fixture->sink, "wait-for-client", TRUE, NULL);
  url = start (fixture, "ws");
  for (guint i = 0; i < 10; i++)
    push (fixture, TRUE, i, 160);
  ef_test_drain (NULL);

  client = connect_client (fixture, url, NULL, NULL);
  for (guint i = 0; i < 10; i++)
    ef_interop_assert_message (client, TRUE, i, 160);
}

static void
test_subprotocol (Fixture *fixture, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autoptr (EfTestPeer) client = NULL;
  g_autoptr (JsonObject) open = NULL;

  g_object_set (fixture->sink, "subprotocol", "v2.feed", NULL);
  url = start (fixture, "ws");
  client = connect_client (fixture, url, "--subprotocol", "v2.feed");
  open = ef_test_peer_wait_event (client, "open");
  g_assert_cmpstr (json_object_get_string_member (open, "subprotocol"), ==, "v2.feed");
}

static void
test_tls (Fixture *fixture, gconstpointer data)
{
  g_autofree char *certificate = ef_interop_certificate ("good.pem");
  g_autofree char *key = ef_interop_certificate ("good-key.pem");
  g_autofree char *ca = ef_interop_certificate ("ca.pem");

  g_object_set (fixture->sink, "tls-certificate-file", certificate, "tls-key-file", key, NULL);
  check_sizes (fixture, "wss", ca);
}

int
main (int argc, char **argv)
{
  static const EfInteropTest tests[] = {
    EF_INTEROP_TEST ("sizes", test_sizes),
    EF_INTEROP_TEST ("many", test_many),
    EF_INTEROP_TEST ("wait-for-client", test_wait_for_client),
    EF_INTEROP_TEST ("subprotocol", test_subprotocol),
    EF_INTEROP_TEST ("tls", test_tls),
  };

  g_test_init (&argc, &argv, NULL);

  ef_interop_add_tests ("server-sink", sizeof (Fixture), (GTestFixtureFunc) set_up,
                        (GTestFixtureFunc) tear_down, tests, G_N_ELEMENTS (tests));

  return g_test_run ();
}
