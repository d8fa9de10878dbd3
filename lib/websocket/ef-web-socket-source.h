/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-source.h"
#include "ef-web-socket-error.h"
#include "ef-web-socket-message-type.h"

G_BEGIN_DECLS

#define EF_TYPE_WEB_SOCKET_SOURCE (ef_web_socket_source_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (EfWebSocketSource, ef_web_socket_source, EF, WEB_SOCKET_SOURCE, EfSource)

EF_AVAILABLE_IN_1_0
EfWebSocketSource *ef_web_socket_source_new (void);

EF_AVAILABLE_IN_1_0
EfWebSocketSource *ef_web_socket_source_clone (EfWebSocketSource *self);

EF_AVAILABLE_IN_1_0
void ef_web_socket_source_set_header (EfWebSocketSource *self, const char *name, const char *value);

EF_AVAILABLE_IN_1_0
void ef_web_socket_source_remove_header (EfWebSocketSource *self, const char *name);

EF_AVAILABLE_IN_1_0
GHashTable *ef_web_socket_source_dup_headers (EfWebSocketSource *self);

EF_AVAILABLE_IN_1_0
gboolean ef_web_socket_source_validate_connectivity (EfWebSocketSource *self,
                                                     GCancellable *cancellable,
                                                     GError **error);

G_END_DECLS
