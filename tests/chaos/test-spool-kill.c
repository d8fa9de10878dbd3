/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-raw-server.h"
#include "ef-receiver.h"
#include "ef-test-files.h"
#include "ef-test-loop.h"
#include "ef-test-peer.h"

#include <signal.h>
#include <string.h>

/* A publisher with a spool is killed at random points, again and again: nothing that it had taken is
 * lost, and all comes in order. */

#define N_ROUNDS 50
#define NUMBERS_A_ROUND 10000
#define MAX_LINES 1500

static const char *publisher_path;

typedef struct
{
  char *folder;
  char *spool;
  EfReceiver *receiver;
  GArray *accepted; /* of guint */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = ef_test_folder_new ();
  fixture->spool = g_build_filename (fixture->folder, "out.spool", NULL);
  fixture->receiver = ef_receiver_new ();
  fixture->accepted = g_array_new (FALSE, FALSE, sizeof (guint));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ef_receiver_free (fixture->receiver);
  g_array_unref (fixture->accepted);
  g_free (fixture->spool);
  ef_test_folder_remove (fixture->folder);
}

static void
accept_line (Fixture *fixture, const char *line)
{
  guint number = (guint) g_ascii_strtoull (line, NULL, 10);

  g_array_append_val (fixture->accepted, number);
}

static EfTestPeer *
spawn (Fixture *fixture, const char *url, guint first, const char *ack_path)
{
  g_autofree char *number = g_strdup_printf ("%u", first);

  return ef_test_peer_spawn (publisher_path, url, fixture->spool, number, ack_path, NULL);
}

/* Lets a publisher run until it has taken so many messages, and kills it. What it printed before it
 * died counts. */
static void
kill_after (Fixture *fixture, EfTestPeer *publisher, guint n_lines)
{
  char *line;

  for (; n_lines > 0; n_lines--)
    {
      g_autofree char *next = ef_test_peer_wait_line (publisher);

      accept_line (fixture, next);
    }

  ef_test_peer_signal (publisher, SIGKILL);
  ef_test_peer_wait_exit (publisher);
  while ((line = ef_test_peer_take_line (publisher)) != NULL)
    {
      accept_line (fixture, line);
      g_free (line);
    }
  g_object_unref (publisher);
}

/* Has a last publisher send what the others left. As long as something comes, there is no hurry. */
static void
drain (Fixture *fixture, const char *url, const char *ack_path)
{
  EfTestPeer *publisher = spawn (fixture, url, 0, ack_path);

  while (!ef_test_peer_has_exited (publisher))
    {
      guint n = ef_receiver_get_n_messages (fixture->receiver);

      ef_test_wait_for (NULL, ef_test_peer_has_exited (publisher)
                                || ef_receiver_get_n_messages (fixture->receiver) > n);
    }
  g_assert_cmpint (ef_test_peer_wait_exit (publisher), ==, 0);
  g_object_unref (publisher);
}

static void
expect_all (Fixture *fixture)
{
  for (guint i = 0; i < fixture->accepted->len; i++)
    {
      guint number = g_array_index (fixture->accepted, guint, i);

      if (!ef_receiver_has (fixture->receiver, number))
        g_error ("message %u was taken and is lost", number);
    }
  g_test_message ("%u were taken, %u came, %u of them more than once", fixture->accepted->len,
                  ef_receiver_get_n_messages (fixture->receiver),
                  ef_receiver_get_n_repeated (fixture->receiver));
}

/* By a server of ours, which is there, or is not, or does not read. */

typedef enum
{
  SERVER_READS,
  SERVER_STALLS,
  SERVER_IS_DOWN,
} ServerState;

static void
on_message (EfWebSocketServerSource *server,
            GBytes *message,
            EfWebSocketMessageType type,
            guint64 client,
            EfReceiver *receiver)
{
  ef_receiver_take (receiver, message);
}

static void
take_to_state (EfElement *element, EfState state)
{
  if (ef_element_get_state (element) == state)
    return;

  ef_element_set_state_async (element, state, NULL, NULL, NULL);
  ef_test_wait_for (NULL, ef_element_get_state (element) == state);
}

static guint
get_n_clients (EfElement *server)
{
  guint n_clients;

  g_object_get (server, "n-clients", &n_clients, NULL);

  return n_clients;
}

static char *
start_server (EfElement *server)
{
  char *url;
  guint port;

  g_object_set (server, "url", "ws://127.0.0.1:0/", NULL);
  take_to_state (server, EF_STATE_PLAYING);
  g_object_get (server, "port", &port, NULL);
  url = g_strdup_printf ("ws://127.0.0.1:%u/", port);
  take_to_state (server, EF_STATE_NULL);
  g_object_set (server, "url", url, NULL);

  return url;
}

static void
test_spool (Fixture *fixture, gconstpointer data)
{
  EfElement *server = EF_ELEMENT (ef_web_socket_server_source_new ());
  g_autofree char *url = start_server (server);

  g_signal_connect (server, "message", G_CALLBACK (on_message), fixture->receiver);
  for (guint round = 1; round <= N_ROUNDS; round++)
    {
      ServerState state = (ServerState) g_test_rand_int_range (0, 3);
      guint n_lines = (guint) g_test_rand_int_range (0, MAX_LINES);
      const EfState states[] = { EF_STATE_PLAYING, EF_STATE_PAUSED, EF_STATE_NULL };

      take_to_state (server, states[state]);
      kill_after (fixture, spawn (fixture, url, round * NUMBERS_A_ROUND, NULL), n_lines);

      /* What had left for the kernel comes, then the end of the connection. */
      if (state != SERVER_IS_DOWN)
        take_to_state (server, EF_STATE_PLAYING);
      ef_test_wait_for (NULL, get_n_clients (server) == 0);
    }

  take_to_state (server, EF_STATE_PLAYING);
  drain (fixture, url, NULL);
  ef_test_wait_for (NULL, get_n_clients (server) == 0);
  expect_all (fixture);

  take_to_state (server, EF_STATE_NULL);
  g_assert_finalize_object (server);
}

/* By a peer that confirms each message, and now and then breaks the connection with what it holds. */

typedef struct
{
  EfRawServer *server;
  EfReceiver *receiver;
  guint first; /* of the peers that have not ended */
} Confirming;

/* Returns whether the connection goes on. */
static gboolean
answer (Confirming *self, EfRawPeer *peer, guint8 first, GBytes *payload)
{
  g_autofree char *text = NULL;

  if (first == EF_RAW_CLOSE)
    {
      ef_raw_peer_send_close (peer, 1000, "");
      ef_raw_peer_shutdown (peer);
      return TRUE;
    }

  text = g_strdup_printf ("{\"ack\":%u}", ef_receiver_take (self->receiver, payload));
  ef_raw_peer_send_text (peer, text);
  if (g_test_rand_int_range (0, 2000) > 0)
    return TRUE;

  ef_raw_peer_reset (peer);

  return FALSE;
}

/* One connection after the other, so that what comes is in order. */
static gboolean
serve (gpointer user_data)
{
  Confirming *self = user_data;

  while (self->first < ef_raw_server_get_n_peers (self->server))
    {
      EfRawPeer *peer = ef_raw_server_get_peer (self->server, self->first);
      gboolean eof = ef_raw_peer_is_eof (peer);
      g_autoptr (GBytes) payload = NULL;
      guint8 first = 0;
      gboolean open = TRUE;

      while (open && ef_raw_peer_take_frame (peer, &first, &payload))
        {
          open = answer (self, peer, first, payload);
          g_clear_pointer (&payload, g_bytes_unref);
        }
      if (open && !eof)
        break;
      self->first++;
    }

  return G_SOURCE_CONTINUE;
}

static void
test_ack (Fixture *fixture, gconstpointer data)
{
  Confirming confirming = { ef_raw_server_new (), fixture->receiver, 0 };
  const char *url = ef_raw_server_get_url (confirming.server);
  guint timer = g_timeout_add (1, serve, &confirming);

  for (guint round = 1; round <= N_ROUNDS; round++)
    kill_after (fixture, spawn (fixture, url, round * NUMBERS_A_ROUND, "$.ack"),
                (guint) g_test_rand_int_range (0, MAX_LINES));
  drain (fixture, url, "$.ack");
  expect_all (fixture);

  g_source_remove (timer);
  g_assert_finalize_object (confirming.server);
}

int
main (int argc, char *argv[])
{
  g_autofree char *path = NULL;

  g_test_init (&argc, &argv, NULL);
  path = g_test_build_filename (G_TEST_BUILT, "chaos", "spool-publisher", NULL);
  publisher_path = path;

#define ADD(path, func) g_test_add ("/chaos/spool-kill/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("spool", test_spool);
  ADD ("ack", test_ack);
#undef ADD

  return g_test_run ();
}
