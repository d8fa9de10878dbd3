/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element.h"
#include "ef-keepalive-options-private.h"
#include "ef-option-spec-private.h"
#include "ef-relaxed-private.h"

#define DEFAULT_PING_INTERVAL_MS 30000
#define DEFAULT_PONG_TIMEOUT_MS 10000

static const EfOptionSpec specs[] = {
  [EF_KEEPALIVE_OPTION_PING_INTERVAL_MS] = {
    .kind = EF_OPTION_UINT,
    .name = "ping-interval-ms",
    .blurb = "The time between two pings, in milliseconds; 0 sends none.",
    .max = G_MAXINT32,
    .initial = DEFAULT_PING_INTERVAL_MS,
    .flags = EF_OPTION_SETTABLE | EF_PARAM_MILLISECONDS,
  },
  [EF_KEEPALIVE_OPTION_PONG_TIMEOUT_MS] = {
    .kind = EF_OPTION_UINT,
    .name = "pong-timeout-ms",
    .blurb = "How long after a ping the peer may be silent before the connection is given up, in "
             "milliseconds; 0 is without limit.",
    .max = G_MAXINT32,
    .initial = DEFAULT_PONG_TIMEOUT_MS,
    .flags = EF_OPTION_SETTABLE | EF_PARAM_MILLISECONDS,
  },
  [EF_KEEPALIVE_OPTION_IDLE_TIMEOUT_MS] = {
    .kind = EF_OPTION_UINT,
    .name = "idle-timeout-ms",
    .blurb = "How long there may be no message before the connection is given up, in milliseconds; "
             "0 is without limit.",
    .max = G_MAXINT32,
    .flags = EF_OPTION_SETTABLE | EF_PARAM_MILLISECONDS,
  },
  [EF_KEEPALIVE_OPTION_RTT] = {
    .kind = EF_OPTION_UINT64,
    .name = "rtt",
    .blurb = "How long the answer to the last ping took, in microseconds; 0 before the first.",
    .max = EF_OPTION_NO_MAX,
    .flags = EF_OPTION_READABLE,
  },
};

/* Installs the properties in the order of their names, with ids from @first_id on. */
void
ef_keepalive_options_install (GObjectClass *klass, guint first_id)
{
  ef_option_specs_install (specs, G_N_ELEMENTS (specs), klass, first_id);
}

void
ef_keepalive_options_init (EfKeepaliveOptions *self)
{
  *self = (EfKeepaliveOptions){
    .ping_interval_ms = DEFAULT_PING_INTERVAL_MS,
    .pong_timeout_ms = DEFAULT_PONG_TIMEOUT_MS,
  };
}

EfKeepaliveConfig
ef_keepalive_options_make_config (const EfKeepaliveOptions *self)
{
  return (EfKeepaliveConfig){
    .ping_interval = self->ping_interval_ms * G_TIME_SPAN_MILLISECOND,
    .pong_timeout = self->pong_timeout_ms * G_TIME_SPAN_MILLISECOND,
    .idle_timeout = self->idle_timeout_ms * G_TIME_SPAN_MILLISECOND,
  };
}

/* Notes what was measured for @object, 0 for a connection of which nothing is known yet. */
void
ef_keepalive_options_set_rtt (EfKeepaliveOptions *self, GObject *object, gint64 rtt)
{
  if (ef_relaxed_get (&self->rtt) == (guint64) rtt)
    return;

  ef_relaxed_set (&self->rtt, (guint64) rtt);
  g_object_notify (object, "rtt");
}

/* May be called from any thread. */
void
ef_keepalive_options_add_stats (EfKeepaliveOptions *self, GVariantDict *stats)
{
  g_variant_dict_insert (stats, "rtt", "t", ef_relaxed_get (&self->rtt));
}
