/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-web-socket-endpoint-private.h"

G_BEGIN_DECLS

/* What an endpoint does with those that borrow its connection, and as one that borrows. */

void ef_web_socket_loan_end (EfWebSocketEndpoint *self);

/* The borrower */

void ef_web_socket_loan_open_async (EfWebSocketEndpoint *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);

void ef_web_socket_loan_close_async (EfWebSocketEndpoint *self,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);

/* The lender */

gboolean ef_web_socket_loan_check_context (EfWebSocketEndpoint *self, GError **error);

void ef_web_socket_loan_connected (EfWebSocketEndpoint *self, const char *subprotocol);

void ef_web_socket_loan_drained (EfWebSocketEndpoint *self);

void ef_web_socket_loan_disconnected (EfWebSocketEndpoint *self,
                                      EfWebSocketConnection *connection,
                                      guint code,
                                      const char *reason);

void ef_web_socket_loan_reconnecting (EfWebSocketEndpoint *self, guint attempt, guint delay);

void ef_web_socket_loan_ended (EfWebSocketEndpoint *self, const GError *error);

gboolean ef_web_socket_loan_call_back (EfWebSocketEndpoint *self);

void ef_web_socket_endpoint_go_on_closing (EfWebSocketEndpoint *self);

G_END_DECLS
