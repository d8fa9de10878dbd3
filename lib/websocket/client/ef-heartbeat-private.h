/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-web-socket-connection-private.h"

G_BEGIN_DECLS

/* The heartbeats that services want as messages: one of ours from time to time, and an answer to theirs,
 * which then go no further. */
typedef struct _EfHeartbeat EfHeartbeat;

typedef struct
{
  const char *message; /* NULL for none */
  gint64 interval;     /* microseconds */
  const char *match;   /* what theirs are known by, NULL for none */
  const char *reply;   /* NULL for none */
} EfHeartbeatConfig;

/* Read from any thread. */
typedef struct
{
  guint64 n_sent;     /* our own */
  guint64 n_received; /* theirs */
} EfHeartbeatCounts;

/* Larger messages are no heartbeats: so looking for them costs little. */
#define EF_HEARTBEAT_MAX_SIZE 4096

/* … and larger binary ones are not inflated for it. */
#define EF_HEARTBEAT_MAX_GZIP_SIZE 256

EfHeartbeat *ef_heartbeat_new (const EfHeartbeatConfig *config,
                               EfHeartbeatCounts *counts,
                               GError **error);

void ef_heartbeat_free (EfHeartbeat *self);

void ef_heartbeat_start (EfHeartbeat *self, EfWebSocketConnection *connection, EfClock *clock);

void ef_heartbeat_stop (EfHeartbeat *self);

gboolean ef_heartbeat_match (EfHeartbeat *self, const char *text, gsize length, GString *reply);

EfBatch *ef_heartbeat_filter (EfHeartbeat *self, EfBatch *batch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfHeartbeat, ef_heartbeat_free)

G_END_DECLS
