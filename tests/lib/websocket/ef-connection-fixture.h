/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-web-socket-client-private.h"
#include "ef-web-socket-error.h"

#include "ef-raw-server.h"
#include "ef-test-clock.h"
#include "ef-test-loop.h"

G_BEGIN_DECLS

/* One connection, made by a real handshake, against a peer whose bytes the test chooses. */
typedef struct
{
  EfRawServer *server;
  EfRawPeer *peer;
  EfTestClock *clock;
  EfWebSocketOptions options;

  EfWebSocketConnection *connection;
  char *subprotocol;
  GError *connect_error;
  gboolean connect_done;

  GString *log; /* what arrived: “T:…;” for text, “B:…;” for binary, “|” for the end of a batch */
  guint n_drained;
  gboolean ended;
  guint code;
  char *reason;
  GError *error;
  gboolean closed;
  void (*on_received) (EfWebSocketConnection *connection, gpointer fixture);
} EfConnectionFixture;

void ef_connection_fixture_set_up (EfConnectionFixture *self, gconstpointer data);

void ef_connection_fixture_tear_down (EfConnectionFixture *self, gconstpointer data);

void ef_connection_fixture_begin_connect (EfConnectionFixture *self, GCancellable *cancellable);

void ef_connection_fixture_connect_to_peer (EfConnectionFixture *self);

void ef_connection_fixture_connect_and_read (EfConnectionFixture *self);

void ef_connection_fixture_expect_frame (EfConnectionFixture *self,
                                         guint8 first,
                                         const char *payload,
                                         gsize size);

void ef_connection_fixture_expect_close_frame (EfConnectionFixture *self, guint code);

void ef_connection_fixture_fill (EfConnectionFixture *self);

G_END_DECLS
