/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element.h"
#include "ef-keepalive-options-private.h"
#include "ef-relaxed-private.h"

#define DEFAULT_PING_INTERVAL_MS 30000
#define DEFAULT_PONG_TIMEOUT_MS 10000

#define SETTABLE \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY | EF_PARAM_MILLISECONDS)
#define READABLE (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

GParamSpec *
ef_keepalive_options_make_property (EfKeepaliveOption option)
{
  switch (option)
    {
    case EF_KEEPALIVE_OPTION_PING_INTERVAL_MS:
      return g_param_spec_uint ("ping-interval-ms", NULL,
                                "The time between two pings, in milliseconds; 0 sends none.", 0,
                                G_MAXINT32, DEFAULT_PING_INTERVAL_MS, SETTABLE);
    case EF_KEEPALIVE_OPTION_PONG_TIMEOUT_MS:
      return g_param_spec_uint ("pong-timeout-ms", NULL,
                                "How long after a ping the peer may be silent before the connection "
                                "is given up, in milliseconds; 0 is without limit.",
                                0, G_MAXINT32, DEFAULT_PONG_TIMEOUT_MS, SETTABLE);
    case EF_KEEPALIVE_OPTION_IDLE_TIMEOUT_MS:
      return g_param_spec_uint ("idle-timeout-ms", NULL,
                                "How long there may be no message before the connection is given "
                                "up, in milliseconds; 0 is without limit.",
                                0, G_MAXINT32, 0, SETTABLE);
    case EF_KEEPALIVE_OPTION_RTT:
      return g_param_spec_uint64 ("rtt", NULL,
                                  "How long the answer to the last ping took, in microseconds; 0 "
                                  "before the first.",
                                  0, G_MAXUINT64, 0, READABLE);
    default:
      g_return_val_if_reached (NULL);
    }
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
