/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-keepalive-private.h"

G_BEGIN_DECLS

/* The properties that say how a connection is watched, of clients and of servers. */
typedef struct
{
  guint ping_interval_ms;
  guint pong_timeout_ms;
  guint idle_timeout_ms;
  guint64 rtt; /* microseconds, 0 if it is not known; read from any thread */
} EfKeepaliveOptions;

typedef enum
{
  EF_KEEPALIVE_OPTION_PING_INTERVAL_MS,
  EF_KEEPALIVE_OPTION_PONG_TIMEOUT_MS,
  EF_KEEPALIVE_OPTION_IDLE_TIMEOUT_MS,
  EF_KEEPALIVE_OPTION_RTT,
} EfKeepaliveOption;

void ef_keepalive_options_install (GObjectClass *klass, guint first_id);

void ef_keepalive_options_init (EfKeepaliveOptions *self);

EfKeepaliveConfig ef_keepalive_options_make_config (const EfKeepaliveOptions *self);

void ef_keepalive_options_set_rtt (EfKeepaliveOptions *self, GObject *object, gint64 rtt);

void ef_keepalive_options_add_stats (EfKeepaliveOptions *self, GVariantDict *stats);

G_END_DECLS
