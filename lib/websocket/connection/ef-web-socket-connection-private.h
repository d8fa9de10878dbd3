/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-batch.h"
#include "ef-clock.h"
#include "ef-frame-private.h"
#include "ef-keepalive-private.h"
#include "ef-web-socket-message-type.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* One WebSocket connection whose handshake is done, of either side (RFC 6455).
 *
 * It belongs to the thread-default context of whoever made it; all calls and all callbacks are made
 * there. A callback may do anything, also drop the last reference.
 *
 *   open ──close()──▶ closing ──the peer's Close, or its end, or timeout──▶ ended ──▶ closed
 *    └───────the peer's Close, a broken rule, the end of the stream────────▶┘
 *
 * “Ended” is when the outcome is known: no message is delivered any more and none is sent. The
 * stream may take until the close timeout to go after that, so that the peer gets to read our
 * Close. */
typedef struct _EfWebSocketConnection EfWebSocketConnection;

typedef struct
{
  /* The messages of one read. */
  void (*received) (EfWebSocketConnection *self, EfBatch *batch, gpointer user_data);

  /* All that was appended has left, after a flush that could not send everything or that came by
   * itself. */
  void (*drained) (EfWebSocketConnection *self, gpointer user_data);

  /* The answer to a ping took so many microseconds. The callback must not end the connection. */
  void (*rtt_measured) (EfWebSocketConnection *self, gint64 rtt, gpointer user_data);

  /* The outcome: close code and reason, as the peer or this side gave them, 1006 if nobody did.
   * The error is NULL if the close was asked for here, or if the peer closed by the rules. */
  void (*ended) (EfWebSocketConnection *self,
                 guint code,
                 const char *reason,
                 const GError *error,
                 gpointer user_data);

  /* The stream is gone. Nothing is called after this. */
  void (*closed) (EfWebSocketConnection *self, gpointer user_data);
} EfWebSocketConnectionFuncs;

typedef struct
{
  EfFrameRole role;
  guint64 max_message_size;
  gint64 close_timeout; /* microseconds */
  EfKeepaliveConfig keepalive;
  EfClock *clock;
  const char *name; /* of the peer, for error messages */
} EfWebSocketConnectionConfig;

EfWebSocketConnection *ef_web_socket_connection_new (GIOStream *stream,
                                                     GObject *owner,
                                                     const EfWebSocketConnectionConfig *config);

EfWebSocketConnection *ef_web_socket_connection_ref (EfWebSocketConnection *self);

void ef_web_socket_connection_unref (EfWebSocketConnection *self);

void ef_web_socket_connection_set_funcs (EfWebSocketConnection *self,
                                         const EfWebSocketConnectionFuncs *funcs,
                                         gpointer user_data);

void ef_web_socket_connection_set_reading (EfWebSocketConnection *self, gboolean reading);

gboolean ef_web_socket_connection_is_open (EfWebSocketConnection *self);

void ef_web_socket_connection_append (EfWebSocketConnection *self,
                                      EfOpcode opcode,
                                      gconstpointer data,
                                      gsize size);

void ef_web_socket_connection_append_bytes (EfWebSocketConnection *self,
                                            EfOpcode opcode,
                                            GBytes *payload);

void ef_web_socket_connection_append_shared (EfWebSocketConnection *self, GBytes *frame);

gboolean ef_web_socket_connection_flush (EfWebSocketConnection *self);

void ef_web_socket_connection_flush_soon (EfWebSocketConnection *self);

gboolean ef_web_socket_connection_is_blocked (EfWebSocketConnection *self);

gsize ef_web_socket_connection_get_queued (EfWebSocketConnection *self);

guint64 ef_web_socket_connection_get_written (EfWebSocketConnection *self);

guint64 ef_web_socket_connection_get_appended (EfWebSocketConnection *self);

guint64 ef_web_socket_connection_get_read (EfWebSocketConnection *self);

void ef_web_socket_connection_close (EfWebSocketConnection *self, guint code, const char *reason);

void ef_web_socket_connection_abort (EfWebSocketConnection *self);

void ef_web_socket_connection_take_for_dead (EfWebSocketConnection *self, const char *why);

char *ef_web_socket_connection_dup_remote_address (EfWebSocketConnection *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfWebSocketConnection, ef_web_socket_connection_unref)

G_END_DECLS
