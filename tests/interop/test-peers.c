/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-interop.h"

/* The peers against each other, so that a test of ours that fails has the right one to blame. */

typedef struct
{
  EfInteropKind server;
  EfInteropKind client;
} Pair;

static const gsize sizes[] = { 0, 1, 125, 126, 65535, 65536, 8 * 1024 * 1024 };

static void
test_sizes (gconstpointer data)
{
  const Pair *pair = data;
  g_autoptr (EfTestPeer) server = ef_interop_server (pair->server, "--mode", "echo", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      gboolean text = i % 2 == 0;
      g_autofree char *size = g_strdup_printf ("%" G_GSIZE_FORMAT, sizes[i]);
      g_autoptr (EfTestPeer) client = NULL;

      client = ef_interop_client (pair->client, ef_test_peer_wait_listening (server), "--mode",
                                  "send", "--count", "2", "--size", size, "--kind",
                                  text ? "text" : "binary", "--fragments", i % 3 == 0 ? "1" : "7",
                                  "--stay", NULL);
      for (guint index = 0; index < 2; index++)
        {
          ef_interop_assert_message (server, text, index, sizes[i]);
          ef_interop_assert_message (client, text, index, sizes[i]);
        }
      g_assert_cmpint (ef_test_peer_stop (client), ==, 0);
      ef_interop_assert_close (server, 1000, "");
    }

  g_assert_cmpint (ef_test_peer_stop (server), ==, 0);
}

static void
test_handshake (gconstpointer data)
{
  const Pair *pair = data;
  g_autoptr (EfTestPeer) server = NULL;
  g_autoptr (EfTestPeer) client = NULL;
  g_autoptr (JsonObject) at_server = NULL;
  g_autoptr (JsonObject) at_client = NULL;
  g_autofree char *url = NULL;
  JsonObject *headers;

  server = ef_interop_server (pair->server, "--subprotocol", "b", "--close-after", "1", "--close",
                              "1008", "--reason", "enough", NULL);
  url = g_strconcat (ef_test_peer_wait_listening (server), "/feed", NULL);
  client = ef_interop_client (pair->client, url, "--subprotocol", "a", "--subprotocol", "b",
                              "--header", "X-Api-Key: k1", NULL);

  at_server = ef_test_peer_wait_event (server, "open");
  headers = json_object_get_object_member (at_server, "headers");
  g_assert_cmpstr (json_object_get_string_member (headers, "x-api-key"), ==, "k1");
  g_assert_cmpstr (json_object_get_string_member (at_server, "path"), ==, "/feed");
  g_assert_cmpstr (json_object_get_string_member (at_server, "subprotocol"), ==, "b");
  at_client = ef_test_peer_wait_event (client, "open");
  g_assert_cmpstr (json_object_get_string_member (at_client, "subprotocol"), ==, "b");

  ef_test_peer_tell (client, "ping hello");
  g_clear_pointer (&at_client, json_object_unref);
  at_client = ef_test_peer_wait_event (client, "pong");
  g_assert_cmpstr (json_object_get_string_member (at_client, "text"), ==, "hello");

  ef_test_peer_tell (client, "send text 5 1");
  ef_interop_assert_message (server, TRUE, 0, 5);
  ef_interop_assert_close (server, 1008, "enough");
  ef_interop_assert_close (client, 1008, "enough");
  g_assert_cmpint (ef_test_peer_wait_exit (client), ==, 0);
  g_assert_cmpint (ef_test_peer_stop (server), ==, 0);
}

static void
test_drop (gconstpointer data)
{
  const Pair *pair = data;
  g_autoptr (EfTestPeer) server = ef_interop_server (pair->server, NULL);
  g_autoptr (EfTestPeer) client = NULL;
  g_autoptr (JsonObject) open = NULL;

  client = ef_interop_client (pair->client, ef_test_peer_wait_listening (server), NULL);
  open = ef_test_peer_wait_event (client, "open");
  g_assert_true (json_object_get_null_member (open, "subprotocol"));
  ef_test_peer_tell (server, "drop");
  ef_interop_assert_close (client, 1006, "");
  g_assert_cmpint (ef_test_peer_wait_exit (client), ==, 0);
}

static void
test_reject (gconstpointer data)
{
  const Pair *pair = data;
  g_autoptr (EfTestPeer) server = ef_interop_server (pair->server, "--reject", "401", NULL);
  g_autoptr (EfTestPeer) client = NULL;
  g_autoptr (JsonObject) error = NULL;

  client = ef_interop_client (pair->client, ef_test_peer_wait_listening (server), NULL);
  error = ef_test_peer_wait_event (client, "error");
  g_assert_nonnull (g_strstr_len (json_object_get_string_member (error, "message"), -1, "401"));
  g_assert_cmpint (ef_test_peer_wait_exit (client), ==, 1);
}

static void
try_certificate (const Pair *pair, const char *name, gboolean trusted)
{
  g_autofree char *certificate_name = g_strconcat (name, ".pem", NULL);
  g_autofree char *key_name = g_strconcat (name, "-key.pem", NULL);
  g_autofree char *certificate = ef_interop_certificate (certificate_name);
  g_autofree char *key = ef_interop_certificate (key_name);
  g_autofree char *ca = ef_interop_certificate ("ca.pem");
  g_autoptr (EfTestPeer) server = NULL;
  g_autoptr (EfTestPeer) client = NULL;
  const char *url;

  server = ef_interop_server (pair->server, "--mode", "send", "--size", "70000", "--certificate",
                              certificate, "--key", key, NULL);
  url = ef_test_peer_wait_listening (server);
  g_assert_true (g_str_has_prefix (url, "wss://"));
  client = ef_interop_client (pair->client, url, "--ca", ca, NULL);

  if (trusted)
    {
      ef_interop_assert_message (client, TRUE, 0, 70000);
      ef_interop_assert_close (client, 1000, "");
      g_assert_cmpint (ef_test_peer_wait_exit (client), ==, 0);
    }
  else
    {
      g_autoptr (JsonObject) error = ef_test_peer_wait_event (client, "error");

      g_assert_true (json_object_has_member (error, "message"));
      g_assert_cmpint (ef_test_peer_wait_exit (client), ==, 1);
    }
}

static void
test_tls (gconstpointer data)
{
  try_certificate (data, "good", TRUE);
  try_certificate (data, "wrong-host", FALSE);
  try_certificate (data, "expired", FALSE);
  try_certificate (data, "self-signed", FALSE);
}

static void
add (const char *name, const Pair *pair, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/interop/peers/%s/%s/%s",
                                           ef_interop_get_name (pair->server),
                                           ef_interop_get_name (pair->client), name);

  g_test_add_data_func (path, pair, function);
}

int
main (int argc, char **argv)
{
  static const Pair pairs[] = {
    { EF_INTEROP_PYTHON, EF_INTEROP_NODE },
    { EF_INTEROP_NODE, EF_INTEROP_PYTHON },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      add ("sizes", &pairs[i], test_sizes);
      add ("handshake", &pairs[i], test_handshake);
      add ("drop", &pairs[i], test_drop);
      add ("reject", &pairs[i], test_reject);
      add ("tls", &pairs[i], test_tls);
    }

  return g_test_run ();
}
