/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-web-socket-options-private.h"

G_BEGIN_DECLS

void ef_web_socket_validate_async (GObject *element,
                                   EfWebSocketOptions *options,
                                   EfClock *clock,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);

gboolean ef_web_socket_validate_finish (GObject *element, GAsyncResult *result, GError **error);

gboolean ef_web_socket_validate (GObject *element,
                                 EfWebSocketOptions *options,
                                 EfClock *clock,
                                 GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
