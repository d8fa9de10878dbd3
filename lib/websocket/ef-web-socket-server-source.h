/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-source.h"
#include "ef-web-socket-message-type.h"

G_BEGIN_DECLS

#define EF_TYPE_WEB_SOCKET_SERVER_SOURCE (ef_web_socket_server_source_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (EfWebSocketServerSource,
                      ef_web_socket_server_source,
                      EF,
                      WEB_SOCKET_SERVER_SOURCE,
                      EfSource)

EF_AVAILABLE_IN_1_0
EfWebSocketServerSource *ef_web_socket_server_source_new (void);

G_END_DECLS
