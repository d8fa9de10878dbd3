/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-socket-io-private.h"
#include "ef-test-loop.h"

#include <sys/socket.h>

/* Two ends of a connection over TLS, one of them in the hands of an EfSocketIo. */

#define SIZE 16000 /* fits one record */
#define PIECE 100

typedef struct
{
  GIOStream *server;
  EfSocketIo *io;
  guint n_handshakes;
  gsize n_read;
  gsize hold_at; /* how many bytes to stop after, 0 to go on */
} Fixture;

static GIOStream *
make_stream (int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);

  g_assert_no_error (error);

  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

static gboolean
accept_any (GTlsConnection *connection,
            GTlsCertificate *certificate,
            GTlsCertificateFlags errors,
            gpointer user_data)
{
  return TRUE;
}

static void
shook_hands (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;

  g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, &error);
  g_assert_no_error (error);
  fixture->n_handshakes++;
}

static void
ready (EfSocketIoCondition condition, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;
  char piece[PIECE];
  gssize n;

  n = ef_socket_io_read (fixture->io, piece, sizeof piece, &error);
  g_assert_no_error (error);
  if (n > 0)
    fixture->n_read += (gsize) n;
  if (fixture->hold_at > 0 && fixture->n_read == fixture->hold_at)
    ef_socket_io_want (fixture->io, EF_SOCKET_IO_NONE);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *pem = g_test_build_filename (G_TEST_BUILT, "support", "tls", "good.pem", NULL);
  g_autofree char *key
      = g_test_build_filename (G_TEST_BUILT, "support", "tls", "good-key.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GIOStream) near = NULL;
  g_autoptr (GIOStream) far = NULL;
  g_autoptr (GIOStream) client = NULL;
  g_autoptr (GError) error = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  near = make_stream (fds[0]);
  far = make_stream (fds[1]);
  certificate = g_tls_certificate_new_from_files (pem, key, &error);
  g_assert_no_error (error);
  fixture->server = g_tls_server_connection_new (far, certificate, &error);
  g_assert_no_error (error);
  client = g_tls_client_connection_new (near, NULL, &error);
  g_assert_no_error (error);

  g_signal_connect (client, "accept-certificate", G_CALLBACK (accept_any), NULL);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (fixture->server), G_PRIORITY_DEFAULT, NULL,
                                    shook_hands, fixture);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (client), G_PRIORITY_DEFAULT, NULL,
                                    shook_hands, fixture);
  ef_test_wait_for (NULL, fixture->n_handshakes == 2);
  fixture->io = ef_socket_io_new (client, NULL, ready, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ef_socket_io_free (fixture->io);
  ef_test_assert_finalizes (NULL, fixture->server);
}

static void
send_record (Fixture *fixture)
{
  static const char data[SIZE];
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (fixture->server), data, SIZE, NULL,
                             NULL, &error);
  g_assert_no_error (error);
}

/* The rest of a record comes without anything new in the socket. */
static void
test_rest_of_record (Fixture *fixture, gconstpointer data)
{
  ef_socket_io_want (fixture->io, EF_SOCKET_IO_READ);
  ef_test_drain (NULL);
  send_record (fixture);
  ef_test_wait_for (NULL, fixture->n_read == SIZE);

  /* And again, when nothing of the handshake is left. */
  send_record (fixture);
  ef_test_wait_for (NULL, fixture->n_read == 2 * SIZE);
}

/* It waits while nothing is wanted. */
static void
test_held (Fixture *fixture, gconstpointer data)
{
  fixture->hold_at = 3 * PIECE;
  ef_socket_io_want (fixture->io, EF_SOCKET_IO_READ);
  send_record (fixture);
  ef_test_wait_for (NULL, fixture->n_read == 3 * PIECE);
  ef_test_drain (NULL);
  g_assert_cmpuint (fixture->n_read, ==, 3 * PIECE);

  ef_socket_io_want (fixture->io, EF_SOCKET_IO_READ);
  ef_test_wait_for (NULL, fixture->n_read == SIZE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/socket-io/tls/rest-of-record", Fixture, NULL, set_up, test_rest_of_record,
              tear_down);
  g_test_add ("/socket-io/tls/held", Fixture, NULL, set_up, test_held, tear_down);

  return g_test_run ();
}
