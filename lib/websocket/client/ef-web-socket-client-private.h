/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-web-socket-options-private.h"

G_BEGIN_DECLS

/* Keeps up a connection to an endpoint: connects, reconnects with growing delays, gives up when
 * that is what it is configured to, and closes in order.
 *
 * It belongs to the thread-default context of whoever starts it. A callback may do anything but
 * free the client. */
typedef struct _EfWebSocketClient EfWebSocketClient;

/* What became of looking for other credentials. */
typedef enum
{
  EF_WEB_SOCKET_REFRESH_NONE, /* there is nowhere to look */
  EF_WEB_SOCKET_REFRESH_SAME,
  EF_WEB_SOCKET_REFRESH_CHANGED, /* there are other targets */
} EfWebSocketRefresh;

typedef struct
{
  /* There is a connection; it reads nothing yet. */
  void (*connected) (EfWebSocketClient *self, const char *subprotocol, gpointer user_data);

  /* The messages of one read. */
  void (*received) (EfWebSocketClient *self, EfBatch *batch, gpointer user_data);

  /* All that was appended has left, after a flush that could not send everything or that came by
   * itself. */
  void (*drained) (EfWebSocketClient *self, gpointer user_data);

  /* The answer to a ping took so many microseconds. */
  void (*rtt_measured) (EfWebSocketClient *self, gint64 rtt, gpointer user_data);

  /* The connection is gone: the close code, 1006 if there was none, and reason. */
  void (*disconnected) (EfWebSocketClient *self,
                        EfWebSocketConnection *connection,
                        guint code,
                        const char *reason,
                        gpointer user_data);

  /* The next try, the first being number 1, comes after @delay milliseconds. */
  void (*reconnecting) (EfWebSocketClient *self,
                        guint attempt,
                        guint delay,
                        const GError *error,
                        gpointer user_data);

  /* A try is about to be made: a change of the configuration may be put into effect with
   * ef_web_socket_client_set_targets(). @credentials tells that those there are were refused. */
  EfWebSocketRefresh (*refresh) (EfWebSocketClient *self,
                                 gboolean credentials,
                                 gpointer user_data);

  /* There will be no connection any more: because of @error or, if that is NULL, since the server
   * has closed it in order and there is to be no other. */
  void (*ended) (EfWebSocketClient *self, const GError *error, gpointer user_data);
} EfWebSocketClientFuncs;

/* How long a connection that brings no message must last to count as healthy: only after a healthy
 * connection do delays and attempts start over. Else a server that takes connections only to drop
 * them would be asked again and again at the shortest delay. Microseconds. */
#define EF_WEB_SOCKET_HEALTHY_AFTER (10 * G_USEC_PER_SEC)

EfWebSocketClient *ef_web_socket_client_new (const EfWebSocketClientFuncs *funcs,
                                             gpointer user_data);

void ef_web_socket_client_free (EfWebSocketClient *self);

void ef_web_socket_client_start (EfWebSocketClient *self,
                                 GPtrArray *targets,
                                 EfReconnectPolicy *policy,
                                 const EfWebSocketOptions *options);

EfWebSocketTarget *ef_web_socket_client_get_target (EfWebSocketClient *self);

void ef_web_socket_client_set_targets (EfWebSocketClient *self, GPtrArray *targets);

guint64 ef_web_socket_client_get_n_flaps (EfWebSocketClient *self);

EfWebSocketConnection *ef_web_socket_client_get_connection (EfWebSocketClient *self);

void ef_web_socket_client_stop (EfWebSocketClient *self,
                                GSourceOnceFunc stopped,
                                gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfWebSocketClient, ef_web_socket_client_free)

G_END_DECLS
