/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-web-socket-error.h"

/**
 * ef_web_socket_error_quark:
 *
 * The domain of [error@EventFlux.WebSocketError].
 *
 * Returns: the quark of the domain
 */
G_DEFINE_QUARK (ef-web-socket-error-quark, ef_web_socket_error)
