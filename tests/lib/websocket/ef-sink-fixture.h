/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

#include "ef-raw-server.h"
#include "ef-test-clock.h"
#include "ef-test-loop.h"

G_BEGIN_DECLS

#define SECONDS(n) ((n) *G_USEC_PER_SEC)

/* A sink, with a source linked before it, against a raw server, with the time in the hands of the
 * test. */
typedef struct
{
  EfRawServer *server;
  EfTestClock *clock;
  EfWebSocketSink *sink;
  EfElement *source; /* linked before it, to push from */
  GError *error;     /* the last one that was told */
  GError *start_error;
  gboolean started;
  gboolean stopped;
  gboolean eos;
  guint n_done;   /* publishes that ended well */
  guint n_failed; /* … or with publish_error */
  GError *publish_error;
} EfSinkFixture;

void ef_sink_fixture_set_up (EfSinkFixture *self, gconstpointer data);

void ef_sink_fixture_tear_down (EfSinkFixture *self, gconstpointer data);

void ef_sink_fixture_configure (EfSinkFixture *self, const char *key, const char *value);

void ef_sink_fixture_disconnect (EfSinkFixture *self, EfRawPeer *peer);

void ef_sink_fixture_begin_start (EfSinkFixture *self);

EfRawPeer *ef_sink_fixture_start (EfSinkFixture *self);

void ef_sink_fixture_begin_stop (EfSinkFixture *self);

EfBatch *ef_sink_fixture_make_batch (const char *const *texts);

void ef_sink_fixture_push (EfSinkFixture *self, const char *const *texts);

#define EF_SINK_FIXTURE_PUSH(self, ...) \
  ef_sink_fixture_push ((self), (const char *const[]){ __VA_ARGS__, NULL })

gboolean ef_sink_fixture_publish (EfSinkFixture *self, const char *text, GError **error);

void ef_sink_fixture_publish_waiting (EfSinkFixture *self,
                                      const char *text,
                                      GCancellable *cancellable);

guint ef_sink_fixture_publish_blocks (EfSinkFixture *self, gboolean as_events);

void ef_sink_fixture_expect_blocks (EfRawPeer *peer, guint from, guint to);

guint64 ef_sink_fixture_get_stat (EfSinkFixture *self, const char *name);

G_END_DECLS
