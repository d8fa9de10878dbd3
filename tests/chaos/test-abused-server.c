/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>
#include <string.h>

#include "ef-raw-peer.h"
#include "ef-test-clock.h"
#include "ef-test-element.h"
#include "ef-test-loop.h"

/* Clients that a server would rather not have: it stays within its bounds, and serves the others. */
typedef struct
{
  EfElement *server;
  EfTestClock *clock;
  char *url;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  guint port = 0;

  fixture->clock = ef_test_clock_new ();
  fixture->server = g_object_new (EF_TYPE_WEB_SOCKET_SERVER_SOURCE, "url", "ws://127.0.0.1:0/", NULL);
  ef_element_set_clock (fixture->server, EF_CLOCK (fixture->clock));
  g_assert_true (ef_element_start (fixture->server, NULL));
  ef_test_wait_for (NULL, (g_object_get (fixture->server, "port", &port, NULL), port > 0));
  fixture->url = g_strdup_printf ("ws://127.0.0.1:%u/", port);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ef_test_stop (fixture->server);
  ef_test_assert_finalizes (NULL, fixture->server);
  ef_test_assert_finalizes (NULL, fixture->clock);
  g_free (fixture->url);
}

static guint
get_n_clients (Fixture *fixture)
{
  guint n_clients;

  g_object_get (fixture->server, "n-clients", &n_clients, NULL);

  return n_clients;
}

static EfRawPeer *
connect_client (Fixture *fixture)
{
  EfRawPeer *peer = ef_raw_peer_new_client (fixture->url, NULL);

  ef_test_wait_for (NULL, ef_raw_peer_get_head (peer) != NULL);
  g_assert_true (g_str_has_prefix (ef_raw_peer_get_head (peer), "HTTP/1.1 101"));

  return peer;
}

static void
assert_serves (Fixture *fixture)
{
  g_autoptr (EfRawPeer) peer = connect_client (fixture);

  ef_raw_peer_send_frame (peer, EF_RAW_PING, "still there?", 12);
  ef_raw_peer_expect (peer, EF_RAW_PONG, "still there?");
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

/* Ten thousand come and go, in groups, some with a Close, some without a word, some with a reset. */
static void
test_churn (Fixture *fixture, gconstpointer data)
{
  const guint n_groups = 200, group_size = 50;
  guint n_descriptors;

  assert_serves (fixture);
  ef_test_wait_for (NULL, get_n_clients (fixture) == 0);
  n_descriptors = count_descriptors ();

  for (guint i = 0; i < n_groups; i++)
    {
      g_autoptr (GPtrArray) peers = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint j = 0; j < group_size; j++)
        g_ptr_array_add (peers, ef_raw_peer_new_client (fixture->url, NULL));
      ef_test_wait_for (NULL, get_n_clients (fixture) == group_size);

      for (guint j = 0; j < group_size; j++)
        {
          EfRawPeer *peer = g_ptr_array_index (peers, j);

          if (j % 3 == 0)
            ef_raw_peer_send_close (peer, 1000, "");
          else if (j % 3 == 1)
            ef_raw_peer_shutdown (peer);
          else
            ef_raw_peer_reset (peer);
        }
      ef_test_wait_for (NULL, get_n_clients (fixture) == 0);
    }

  ef_test_wait_for (NULL, count_descriptors () == n_descriptors);
  assert_serves (fixture);
}

/* A header that never ends. */
static void
test_endless_header (Fixture *fixture, gconstpointer data)
{
  g_autofree char *much = g_strnfill (1024 * 1024, 'x');
  g_autofree char *header = g_strconcat ("X-Much: ", much, "\r\n", NULL);
  g_autoptr (EfRawPeer) peer = ef_raw_peer_new_client (fixture->url, header);

  ef_test_wait_for (NULL, ef_raw_peer_get_head (peer) != NULL || ef_raw_peer_is_eof (peer)
                            || !ef_raw_peer_is_open (peer));
  if (ef_raw_peer_get_head (peer) != NULL)
    g_assert_true (g_str_has_prefix (ef_raw_peer_get_head (peer), "HTTP/1.1 4"));
  g_assert_cmpuint (get_n_clients (fixture), ==, 0);
  assert_serves (fixture);
}

/* Many connect and say nothing: each is gone when its time is over, and they keep nobody out. */
static void
test_silent_newcomers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GPtrArray) silent = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GUri) uri = g_uri_parse (fixture->url, G_URI_FLAGS_NONE, NULL);
  guint n_descriptors = count_descriptors ();

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GError) error = NULL;
      GSocketConnection *connection = g_socket_client_connect_to_host (
        client, "127.0.0.1", (guint16) g_uri_get_port (uri), NULL, &error);

      g_assert_no_error (error);
      g_ptr_array_add (silent, connection);
    }
  assert_serves (fixture);

  ef_test_clock_advance (fixture->clock, 10 * G_USEC_PER_SEC);
  for (guint i = 0; i < silent->len; i++)
    {
      GSocket *socket = g_socket_connection_get_socket (g_ptr_array_index (silent, i));

      ef_test_wait_for (NULL, g_socket_condition_check (socket, G_IO_IN | G_IO_HUP) != 0);
    }
  g_ptr_array_set_size (silent, 0);
  ef_test_wait_for (NULL, count_descriptors () <= n_descriptors + 2);
  assert_serves (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) \
  g_test_add ("/chaos/abused-server/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("churn", test_churn);
  ADD ("endless-header", test_endless_header);
  ADD ("silent-newcomers", test_silent_newcomers);
#undef ADD

  return g_test_run ();
}
