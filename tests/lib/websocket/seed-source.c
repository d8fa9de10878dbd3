/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "seed-common.h"

/* The source's unit tests, by the names that the seed gives them. */

static void
source_clone (void)
{
  const char *const pairs[] = { "websocket.url", "ws://localhost:8080/feed",
                                "websocket.reconnect.delay.ms", "250",
                                "websocket.headers.X-Client", "7",
                                "websocket.subprotocol", "chat", NULL };
  g_autoptr (EfElement) source = seed_configure_well (EF_TYPE_WEB_SOCKET_SOURCE, pairs);
  g_autoptr (EfWebSocketSource) clone = NULL;
  g_autoptr (GHashTable) headers = NULL;
  g_autofree char *url = NULL;
  g_autofree char *subprotocol = NULL;
  gboolean connected;
  guint delay;

  ef_element_set_name (source, "original");
  clone = ef_web_socket_source_clone (EF_WEB_SOCKET_SOURCE (source));
  g_object_get (clone, "url", &url, "reconnect-delay-ms", &delay, "headers", &headers,
                "subprotocol", &subprotocol, "connected", &connected, NULL);
  g_assert_cmpstr (url, ==, "ws://localhost:8080/feed");
  g_assert_cmpuint (delay, ==, 250);
  g_assert_cmpstr (g_hash_table_lookup (headers, "X-Client"), ==, "7");
  g_assert_cmpstr (subprotocol, ==, "chat");
  g_assert_false (connected);
  g_assert_cmpstr (ef_element_get_name (EF_ELEMENT (clone)), !=, "original");
  g_assert_cmpint (ef_element_get_state (EF_ELEMENT (clone)), ==, EF_STATE_NULL);

  /* What happens to one does not happen to the other. */
  g_object_set (clone, "url", "ws://elsewhere/", NULL);
  g_free (url);
  g_object_get (source, "url", &url, NULL);
  g_assert_cmpstr (url, ==, "ws://localhost:8080/feed");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  seed_add_config_tests ("source", EF_TYPE_WEB_SOCKET_SOURCE);
  seed_add_factory_tests ("source", EF_TYPE_WEB_SOCKET_SOURCE, EF_FACTORY_SOURCE);
  g_test_add_func ("/source/source_clone", source_clone);

  return g_test_run ();
}
