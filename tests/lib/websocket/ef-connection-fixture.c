/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-connection-fixture.h"


static void
received (EfWebSocketConnection *connection, EfBatch *batch, gpointer user_data)
{
  EfConnectionFixture *fixture = user_data;

  g_assert_false (fixture->ended);
  for (guint i = 0; i < ef_batch_get_n_events (batch); i++)
    {
      EfEvent *event = ef_batch_get_event (batch, i);
      gsize length;
      const char *data = ef_event_peek_data (event, 0, &length);

      g_string_append (fixture->log,
                       ef_event_get_value_type (event, 0) == EF_COLUMN_STRING ? "T:" : "B:");
      g_string_append_len (fixture->log, data, (gssize) length);
      g_string_append_c (fixture->log, ';');
    }
  g_string_append_c (fixture->log, '|');

  if (fixture->on_received != NULL)
    fixture->on_received (connection, fixture);
}

static void
drained (EfWebSocketConnection *connection, gpointer user_data)
{
  ((EfConnectionFixture *) user_data)->n_drained++;
}

static void
ended (EfWebSocketConnection *connection,
       guint code,
       const char *reason,
       const GError *error,
       gpointer user_data)
{
  EfConnectionFixture *fixture = user_data;

  g_assert_false (fixture->ended);
  g_assert_false (fixture->closed);
  fixture->ended = TRUE;
  fixture->code = code;
  fixture->reason = g_strdup (reason);
  fixture->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
closed (EfWebSocketConnection *connection, gpointer user_data)
{
  EfConnectionFixture *fixture = user_data;

  g_assert_false (fixture->closed);
  fixture->closed = TRUE;
}

static const EfWebSocketConnectionFuncs funcs = {
  .received = received,
  .drained = drained,
  .ended = ended,
  .closed = closed,
};

void
ef_connection_fixture_set_up (EfConnectionFixture *fixture, gconstpointer data)
{
  fixture->server = ef_raw_server_new ();
  fixture->clock = ef_test_clock_new ();
  fixture->log = g_string_new (NULL);
  ef_web_socket_options_init (&fixture->options);
  fixture->options.url = g_strdup (ef_raw_server_get_url (fixture->server));
}

void
ef_connection_fixture_tear_down (EfConnectionFixture *fixture, gconstpointer data)
{
  if (fixture->connection != NULL)
    {
      ef_web_socket_connection_abort (fixture->connection);
      ef_test_wait_for (NULL, fixture->closed);
      ef_web_socket_connection_unref (fixture->connection);
    }
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);

  ef_test_drain (NULL);
  ef_web_socket_options_clear (&fixture->options);
  g_free (fixture->subprotocol);
  g_free (fixture->reason);
  g_clear_error (&fixture->error);
  g_clear_error (&fixture->connect_error);
  g_string_free (fixture->log, TRUE);
  g_assert_finalize_object (fixture->server);
  g_assert_finalize_object (fixture->clock);
}

static void
handshake_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfConnectionFixture *fixture = user_data;

  fixture->connection
      = ef_web_socket_handshake_finish (result, &fixture->subprotocol, &fixture->connect_error);
  if (fixture->connection != NULL)
    ef_web_socket_connection_set_funcs (fixture->connection, &funcs, fixture);
  fixture->connect_done = TRUE;
}

void
ef_connection_fixture_begin_connect (EfConnectionFixture *fixture, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) targets = NULL;
  g_autoptr (GError) error = NULL;

  targets
      = ef_web_socket_options_make_targets (&fixture->options, EF_CLOCK (fixture->clock), &error);
  g_assert_no_error (error);
  ef_web_socket_handshake_async (g_ptr_array_index (targets, 0), cancellable, handshake_done,
                                 fixture);
}

void
ef_connection_fixture_connect_to_peer (EfConnectionFixture *fixture)
{
  ef_connection_fixture_begin_connect (fixture, NULL);
  ef_test_wait_for (NULL, fixture->connect_done);
  g_assert_no_error (fixture->connect_error);
  fixture->peer = ef_raw_server_wait_peer (fixture->server, 0);
}

void
ef_connection_fixture_connect_and_read (EfConnectionFixture *fixture)
{
  ef_connection_fixture_connect_to_peer (fixture);
  ef_web_socket_connection_set_reading (fixture->connection, TRUE);
}

void
ef_connection_fixture_expect_frame (EfConnectionFixture *fixture,
                                    guint8 first,
                                    const char *payload,
                                    gsize size)
{
  g_autoptr (GBytes) bytes = ef_raw_peer_wait_frame (fixture->peer, first);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), payload, size);
}

void
ef_connection_fixture_expect_close_frame (EfConnectionFixture *fixture, guint code)
{
  g_autoptr (GBytes) bytes = ef_raw_peer_wait_frame (fixture->peer, EF_RAW_CLOSE);
  const guint8 *data;

  g_assert_cmpuint (g_bytes_get_size (bytes), >=, 2);
  data = g_bytes_get_data (bytes, NULL);
  g_assert_cmpuint ((guint) data[0] << 8 | data[1], ==, code);
}

void
ef_connection_fixture_fill (EfConnectionFixture *fixture)
{
  g_autofree char *block = g_malloc0 (65536);

  do
    ef_web_socket_connection_append (fixture->connection, EF_OPCODE_BINARY, block, 65536);
  while (ef_web_socket_connection_flush (fixture->connection));
}
