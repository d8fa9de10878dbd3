/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

#include "ef-log-sink.h"
#include "ef-raw-server.h"
#include "ef-test-clock.h"
#include "ef-test-loop.h"

G_BEGIN_DECLS

#define SECONDS(n) ((n) *G_USEC_PER_SEC)

/* A source, linked to a sink that writes down what comes, against a raw server, with the time in
 * the hands of the test. */
typedef struct
{
  EfRawServer *server;
  EfTestClock *clock;
  EfWebSocketSource *source;
  EfLogSink *sink;
  EfBus *bus;

  GString *signals; /* what was emitted, in order, a word each */
  GString *bus_log; /* the element's own messages, by name */
  GError *error;
  GError *warning; /* the last one */
  GError *start_error;
  gboolean started;
  gboolean stopped;
} EfSourceFixture;

void ef_source_fixture_set_up (EfSourceFixture *self, gconstpointer data);

void ef_source_fixture_tear_down (EfSourceFixture *self, gconstpointer data);

void ef_source_fixture_begin_start (EfSourceFixture *self);

EfRawPeer *ef_source_fixture_start (EfSourceFixture *self);

void ef_source_fixture_start_failing (EfSourceFixture *self, EfWebSocketError code);

void ef_source_fixture_begin_stop (EfSourceFixture *self);

void ef_source_fixture_answer_close (EfRawPeer *peer);

void ef_source_fixture_stop_with_peer (EfSourceFixture *self, EfRawPeer *peer);

void ef_source_fixture_wait_log (EfSourceFixture *self, const char *expected);

void ef_source_fixture_wait_signals (EfSourceFixture *self, const char *expected);

EfRawPeer *ef_source_fixture_reach (EfSourceFixture *self, guint index);

void ef_source_fixture_lose (EfSourceFixture *self, guint index);

void ef_source_fixture_on_message (EfWebSocketSource *source,
                                   GBytes *bytes,
                                   EfWebSocketMessageType type,
                                   EfSourceFixture *self);

G_END_DECLS
