/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-sink.h"
#include "ef-web-socket-message-type.h"

G_BEGIN_DECLS

/**
 * EfSlowClient:
 * @EF_SLOW_CLIENT_DISCONNECT: the client is closed with code 1008; it knows then that it missed
 *   something
 * @EF_SLOW_CLIENT_DROP_OLDEST: what has waited longest is dropped for that client and counted
 *
 * What becomes of a client that does not take its messages as fast as they come.
 */
typedef enum
{
  EF_SLOW_CLIENT_DISCONNECT,
  EF_SLOW_CLIENT_DROP_OLDEST,
} EfSlowClient;

#define EF_TYPE_WEB_SOCKET_SERVER_SINK (ef_web_socket_server_sink_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (EfWebSocketServerSink,
                      ef_web_socket_server_sink,
                      EF,
                      WEB_SOCKET_SERVER_SINK,
                      EfSink)

EF_AVAILABLE_IN_1_0
EfWebSocketServerSink *ef_web_socket_server_sink_new (void);

G_END_DECLS
