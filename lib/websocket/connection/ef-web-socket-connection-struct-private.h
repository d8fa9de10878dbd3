/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-frame-output-private.h"
#include "ef-message-collector-private.h"
#include "ef-read-pace-private.h"
#include "ef-web-socket-connection-private.h"

G_BEGIN_DECLS

/* For the connection's own files. */

typedef enum
{
  EF_CONNECTION_OPEN,
  EF_CONNECTION_CLOSING, /* our Close is under way, the peer's is awaited */
  EF_CONNECTION_ENDED,   /* the outcome is told; what waits is written and what comes is dropped */
  EF_CONNECTION_CLOSED,
} EfConnectionState;

struct _EfWebSocketConnection
{
  gint ref_count;
  EfConnectionState state;
  EfFrameRole role;

  GMainContext *context;
  EfSocketIo *io; /* NULL once closed */
  EfFrameReader *reader;
  EfMessageCollector messages;
  EfReadPace pace;
  guint64 n_read; /* bytes */
  EfFrameOutput output;
  const EfWebSocketConnectionFuncs *funcs;
  gpointer user_data;

  char *name;
  EfClock *clock;
  EfKeepalive keepalive;
  gint64 close_timeout;
  GSource *close_timer;

  gboolean reading;        /* the owner wants messages */
  gboolean in_read;        /* further reads, from a nested loop, must wait */
  gboolean read_again;     /* … and did */
  gboolean close_received; /* the peer's Close has come */
};

void _ef_web_socket_connection_end (EfWebSocketConnection *self,
                                    guint code,
                                    const char *reason,
                                    const GError *error);

/* In ef-web-socket-connection-watch.c. */

void _ef_web_socket_connection_watch (EfWebSocketConnection *self, const EfKeepaliveConfig *config);

void _ef_web_socket_connection_take_pong (EfWebSocketConnection *self, const EfFrame *frame);

G_END_DECLS
