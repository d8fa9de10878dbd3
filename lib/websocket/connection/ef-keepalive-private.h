/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-clock.h"

G_BEGIN_DECLS

/* Microseconds; 0 is none. */
typedef struct
{
  gint64 ping_interval;
  gint64 pong_timeout;
  gint64 idle_timeout;
} EfKeepaliveConfig;

typedef struct _EfKeepalive EfKeepalive;

typedef struct
{
  void (*send_ping) (gconstpointer payload, gsize size, gpointer user_data);

  /* How many bytes wait in the socket, -1 if nobody can tell. */
  gssize (*get_unread) (gpointer user_data);

  /* The peer is taken for dead. It is called once, and may do anything. */
  void (*silent) (const char *why, gpointer user_data);
} EfKeepaliveFuncs;

/* Finds out whether the peer of a connection is still there: pings it, measures how long the answer
 * takes, and notices when nothing comes any more.
 *
 * A ping goes out every ping interval. The peer is silent if nothing comes within the pong timeout
 * after it; that need not be the pong, since a pong waits behind what was sent before it. It is idle
 * if no message comes within the idle timeout.
 *
 * What is not read can not be a sign of life. So while the owner does not read, time does not count
 * for the idle timeout, and for the pong timeout it is enough that there is more in the socket than
 * when the ping went out, or so much that the peer may be waiting for room. */
struct _EfKeepalive
{
  EfKeepaliveConfig config;
  EfClock *clock;
  GMainContext *context;
  const EfKeepaliveFuncs *funcs;
  gpointer user_data;

  GSource *timer; /* NULL while there is nothing to wait for */
  gboolean reading;
  gint64 next_ping;
  guint64 n_pings;      /* the last one's number is its payload */
  gint64 ping_sent;     /* … and when it went out, -1 once it is answered */
  gboolean awaiting;    /* a sign of life since then */
  gint64 pong_deadline; /* … by this time */
  gssize unread;        /* in the socket when the ping went out */
  gint64 last_data;
};

/* So much in the socket that the peer may be waiting for room: messages may be as small as two bytes,
 * each of which costs the kernel a thousand. */
#define EF_KEEPALIVE_UNREAD_MAX 1024

void ef_keepalive_init (EfKeepalive *self,
                        const EfKeepaliveConfig *config,
                        EfClock *clock,
                        GMainContext *context,
                        const EfKeepaliveFuncs *funcs,
                        gpointer user_data);

void ef_keepalive_stop (EfKeepalive *self);

void ef_keepalive_set_reading (EfKeepalive *self, gboolean reading);

gint64 ef_keepalive_take_pong (EfKeepalive *self, gconstpointer payload, gsize size);

/* Something came, or left where nothing could leave before. */
static inline void
ef_keepalive_note_sign (EfKeepalive *self)
{
  self->awaiting = FALSE;
}

/* Whether it makes a difference to note data. */
static inline gboolean
ef_keepalive_wants_data (EfKeepalive *self)
{
  return G_UNLIKELY (self->config.idle_timeout > 0);
}

/* A message came, or a part of one. */
static inline void
ef_keepalive_note_data (EfKeepalive *self)
{
  if (ef_keepalive_wants_data (self))
    self->last_data = ef_clock_get_time (self->clock);
}

G_END_DECLS
