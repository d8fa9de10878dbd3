/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <sys/resource.h>
#include <unistd.h>

#include "ef-raw-peer.h"
#include "ef-socket-acceptor-private.h"
#include "ef-test-clock.h"
#include "ef-test-loop.h"

typedef enum
{
  PLAIN,
  TLS,
  REAL_TIME, /* a test clock needs descriptors */
} Kind;

/* Who connects and what becomes of them, with nobody behind the acceptor who reads: what it does not
 * do itself does not happen. */
typedef struct
{
  EfTestClock *clock;
  EfSocketAcceptor *acceptor;
  GPtrArray *streams;
  GPtrArray *remotes;
  char *failure;
  guint n_failures;
} Fixture;

static void
on_connected (GIOStream *stream, GSocketAddress *local, GSocketAddress *remote, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpuint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)), ==,
                    ef_socket_acceptor_get_port (fixture->acceptor));
  g_ptr_array_add (fixture->streams, g_object_ref (stream));
  g_ptr_array_add (fixture->remotes, g_object_ref (remote));
}

static void
on_failed (const GError *error, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_failures++;
  g_free (fixture->failure);
  fixture->failure = g_strdup (error->message);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  Kind kind = GPOINTER_TO_INT (data);
  g_autoptr (GInetAddress) inet = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (inet, 0);
  g_autoptr (GTlsCertificate) tls = NULL;
  g_autoptr (GError) error = NULL;

  if (kind == TLS)
    {
      g_autofree char *file = g_test_build_filename (G_TEST_BUILT, "support", "tls", "good.pem", NULL);
      g_autofree char *key
        = g_test_build_filename (G_TEST_BUILT, "support", "tls", "good-key.pem", NULL);

      tls = g_tls_certificate_new_from_files (file, key, &error);
      g_assert_no_error (error);
    }

  fixture->clock = ef_test_clock_new ();
  fixture->streams = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->remotes = g_ptr_array_new_with_free_func (g_object_unref);

  EfSocketAcceptorConfig config = {
    .address = address,
    .certificate = tls,
    .clock = kind == REAL_TIME ? ef_clock_get_default () : EF_CLOCK (fixture->clock),
    .timeout = G_USEC_PER_SEC,
    .max_newcomers = 3,
    .connected = on_connected,
    .failed = on_failed,
  };

  fixture->acceptor = ef_socket_acceptor_new (&config, fixture, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->acceptor, ef_socket_acceptor_free);
  g_ptr_array_unref (fixture->streams);
  g_ptr_array_unref (fixture->remotes);
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);
  ef_test_assert_finalizes (NULL, fixture->clock);
  g_free (fixture->failure);
}

/* Connects, with a request that nobody answers. */
static EfRawPeer *
begin_connect (Fixture *fixture)
{
  g_autofree char *url
    = g_strdup_printf ("ws://127.0.0.1:%u/", ef_socket_acceptor_get_port (fixture->acceptor));

  return ef_raw_peer_new_client (url, NULL);
}

static EfRawPeer *
connect_newcomer (Fixture *fixture)
{
  guint n_before = fixture->streams->len;
  EfRawPeer *peer = begin_connect (fixture);

  ef_test_wait_for (NULL, fixture->streams->len == n_before + 1);

  return peer;
}

static void
test_times_out (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) peer = connect_newcomer (fixture);

  ef_test_clock_advance (fixture->clock, G_USEC_PER_SEC - 1);
  ef_test_drain (NULL);
  g_assert_false (ef_raw_peer_is_eof (peer));
  ef_test_clock_advance (fixture->clock, 1);
  ef_test_wait_for (NULL, ef_raw_peer_is_eof (peer));
}

static void
test_admitted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) peer = connect_newcomer (fixture);

  ef_socket_acceptor_admit (fixture->acceptor, g_ptr_array_index (fixture->remotes, 0));
  ef_socket_acceptor_admit (fixture->acceptor, g_ptr_array_index (fixture->remotes, 0));
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);
  ef_test_clock_advance (fixture->clock, 10 * G_USEC_PER_SEC);
  g_clear_pointer (&fixture->acceptor, ef_socket_acceptor_free);
  ef_test_drain (NULL);
  g_assert_false (ef_raw_peer_is_eof (peer));

  /* It is the other's to close. */
  g_ptr_array_set_size (fixture->streams, 0);
  ef_test_wait_for (NULL, ef_raw_peer_is_eof (peer));
}

static void
test_leaves (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) peer = connect_newcomer (fixture);

  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 1);
  g_ptr_array_set_size (fixture->streams, 0);
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);
  ef_test_wait_for (NULL, ef_raw_peer_is_eof (peer));
}

static void
test_too_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) first = connect_newcomer (fixture);
  g_autoptr (EfRawPeer) second = connect_newcomer (fixture);
  g_autoptr (EfRawPeer) third = connect_newcomer (fixture);
  g_autoptr (EfRawPeer) fourth = NULL;

  ef_test_drain (NULL);
  g_assert_false (ef_raw_peer_is_eof (first));
  fourth = connect_newcomer (fixture);
  ef_test_wait_for (NULL, ef_raw_peer_is_eof (first));
  g_assert_false (ef_raw_peer_is_eof (second));
  g_assert_false (ef_raw_peer_is_eof (third));
  g_assert_false (ef_raw_peer_is_eof (fourth));
}

static void
test_stops (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) peer = connect_newcomer (fixture);

  g_clear_pointer (&fixture->acceptor, ef_socket_acceptor_free);
  ef_test_wait_for (NULL, ef_raw_peer_is_eof (peer));
}

/* What comes is no TLS: nobody is told, and nothing is kept. */
static void
test_no_tls (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EfRawPeer) peer = begin_connect (fixture);

  ef_test_wait_for (NULL, ef_raw_peer_is_eof (peer) || !ef_raw_peer_is_open (peer));
  ef_test_wait_for (NULL, ef_test_clock_get_n_timeouts (fixture->clock) == 0);
  g_assert_cmpuint (fixture->streams->len, ==, 0);
}

/* Connected, as far as the kernel goes, when it returns. */
static GSocketConnection *
connect_now (Fixture *fixture)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection
    = g_socket_client_connect_to_host (client, "127.0.0.1",
                                       ef_socket_acceptor_get_port (fixture->acceptor), NULL, &error);

  g_assert_no_error (error);

  return connection;
}

/* Somebody who begins TLS with a byte and then waits. */
static void
test_slow_tls (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnection) connection = connect_now (fixture);
  GSocket *socket = g_socket_connection_get_socket (connection);
  char byte = 0x16;

  g_assert_cmpint (g_socket_send (socket, &byte, 1, NULL, NULL), ==, 1);
  ef_test_wait_for (NULL, ef_test_clock_get_n_timeouts (fixture->clock) == 1);
  ef_test_clock_advance (fixture->clock, G_USEC_PER_SEC);
  ef_test_wait_for (NULL, g_socket_condition_check (socket, G_IO_IN | G_IO_HUP) != 0);
  g_assert_cmpint (g_socket_receive (socket, &byte, 1, NULL, NULL), <=, 0);
  g_assert_cmpuint (fixture->streams->len, ==, 0);
}

/* Without file descriptors it tells of that, waits a second, and goes on by itself. */
static void
test_no_descriptors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnection) connection = connect_now (fixture);
  g_autoptr (GSocketConnection) later = NULL;
  g_autoptr (GArray) taken = g_array_new (FALSE, FALSE, sizeof (int));
  struct rlimit before, few;
  int fd;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  few = before;
  few.rlim_cur = 100;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &few), ==, 0);
  while ((fd = dup (STDOUT_FILENO)) >= 0)
    g_array_append_val (taken, fd);

  ef_test_wait_for (NULL, fixture->n_failures > 0);
  g_assert_nonnull (fixture->failure);

  for (guint i = 0; i < taken->len; i++)
    close (g_array_index (taken, int, i));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);

  /* The limit that memcheck plays takes effect behind the kernel's back and costs the first one. */
  later = connect_now (fixture);
  ef_test_wait_for (NULL, fixture->streams->len > 0);
}

static void
test_address_in_use (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address
    = g_inet_socket_address_new (inet, ef_socket_acceptor_get_port (fixture->acceptor));
  g_autoptr (GError) error = NULL;
  EfSocketAcceptorConfig config = { .address = address, .clock = EF_CLOCK (fixture->clock) };

  g_assert_null (ef_socket_acceptor_new (&config, fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    Kind kind;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/acceptor/times-out", PLAIN, test_times_out },
    { "/acceptor/admitted", PLAIN, test_admitted },
    { "/acceptor/leaves", PLAIN, test_leaves },
    { "/acceptor/too-many", PLAIN, test_too_many },
    { "/acceptor/stops", PLAIN, test_stops },
    { "/acceptor/no-tls", TLS, test_no_tls },
    { "/acceptor/slow-tls", TLS, test_slow_tls },
    { "/acceptor/no-descriptors", REAL_TIME, test_no_descriptors },
    { "/acceptor/address-in-use", PLAIN, test_address_in_use },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, GINT_TO_POINTER (tests[i].kind), set_up, tests[i].test,
                tear_down);

  return g_test_run ();
}
