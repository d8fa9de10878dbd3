/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-sink.h"
#include "ef-web-socket-error.h"
#include "ef-web-socket-message-type.h"

G_BEGIN_DECLS

#define EF_TYPE_WEB_SOCKET_SINK (ef_web_socket_sink_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (EfWebSocketSink, ef_web_socket_sink, EF, WEB_SOCKET_SINK, EfSink)

EF_AVAILABLE_IN_1_0
EfWebSocketSink *ef_web_socket_sink_new (void);

EF_AVAILABLE_IN_1_0
EfWebSocketSink *ef_web_socket_sink_clone (EfWebSocketSink *self);

EF_AVAILABLE_IN_1_0
gboolean ef_web_socket_sink_publish (EfWebSocketSink *self, GBytes *message, GError **error);

EF_AVAILABLE_IN_1_0
void ef_web_socket_sink_publish_async (EfWebSocketSink *self,
                                       GBytes *message,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);

EF_AVAILABLE_IN_1_0
gboolean ef_web_socket_sink_publish_finish (EfWebSocketSink *self,
                                            GAsyncResult *result,
                                            GError **error);

EF_AVAILABLE_IN_1_0
void ef_web_socket_sink_set_header (EfWebSocketSink *self, const char *name, const char *value);

EF_AVAILABLE_IN_1_0
void ef_web_socket_sink_remove_header (EfWebSocketSink *self, const char *name);

EF_AVAILABLE_IN_1_0
GHashTable *ef_web_socket_sink_dup_headers (EfWebSocketSink *self);

EF_AVAILABLE_IN_1_0
gboolean ef_web_socket_sink_validate_connectivity (EfWebSocketSink *self,
                                                   GCancellable *cancellable,
                                                   GError **error);

G_END_DECLS
