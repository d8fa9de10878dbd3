/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <glib-object.h>

#include "ef-version.h"

G_BEGIN_DECLS

/**
 * EF_WEB_SOCKET_ERROR:
 *
 * The error domain of WebSocket connections.
 */
#define EF_WEB_SOCKET_ERROR (ef_web_socket_error_quark ())

/**
 * EfWebSocketError:
 * @EF_WEB_SOCKET_ERROR_FAILED: the connection failed for a reason with no code of its own
 * @EF_WEB_SOCKET_ERROR_URL: the URL is not one of a WebSocket endpoint
 * @EF_WEB_SOCKET_ERROR_RESOLVE: the host's name is not known
 * @EF_WEB_SOCKET_ERROR_REFUSED: nobody listens at that address and port
 * @EF_WEB_SOCKET_ERROR_UNREACHABLE: there is no way to the host
 * @EF_WEB_SOCKET_ERROR_PROXY: the proxy on the way refuses or fails
 * @EF_WEB_SOCKET_ERROR_TIMED_OUT: the peer did not answer in time
 * @EF_WEB_SOCKET_ERROR_TLS: the server's certificate is not trusted, or TLS failed otherwise
 * @EF_WEB_SOCKET_ERROR_UNAUTHORIZED: the server wants credentials, or does not take those it got
 *   (401, 403, 407)
 * @EF_WEB_SOCKET_ERROR_NOT_FOUND: there is nothing at that path (404, 410)
 * @EF_WEB_SOCKET_ERROR_UNAVAILABLE: the server can not serve at present (429, 5xx)
 * @EF_WEB_SOCKET_ERROR_HANDSHAKE: the answer to the handshake is not one that RFC 6455 allows
 * @EF_WEB_SOCKET_ERROR_SUBPROTOCOL: no agreement on a subprotocol
 * @EF_WEB_SOCKET_ERROR_PROTOCOL: the peer broke the rules of RFC 6455 (close code 1002)
 * @EF_WEB_SOCKET_ERROR_INVALID_UTF8: a text message is not UTF-8 (close code 1007)
 * @EF_WEB_SOCKET_ERROR_TOO_BIG: a message exceeds the limit (close code 1009)
 * @EF_WEB_SOCKET_ERROR_CLOSED: the peer closed the connection, with a code that says why
 * @EF_WEB_SOCKET_ERROR_RESET: the connection broke without a word of closing
 *
 * Error codes of the [error@EventFlux.WebSocketError] domain.
 */
typedef enum
{
  EF_WEB_SOCKET_ERROR_FAILED,
  EF_WEB_SOCKET_ERROR_URL,
  EF_WEB_SOCKET_ERROR_RESOLVE,
  EF_WEB_SOCKET_ERROR_REFUSED,
  EF_WEB_SOCKET_ERROR_UNREACHABLE,
  EF_WEB_SOCKET_ERROR_PROXY,
  EF_WEB_SOCKET_ERROR_TIMED_OUT,
  EF_WEB_SOCKET_ERROR_TLS,
  EF_WEB_SOCKET_ERROR_UNAUTHORIZED,
  EF_WEB_SOCKET_ERROR_NOT_FOUND,
  EF_WEB_SOCKET_ERROR_UNAVAILABLE,
  EF_WEB_SOCKET_ERROR_HANDSHAKE,
  EF_WEB_SOCKET_ERROR_SUBPROTOCOL,
  EF_WEB_SOCKET_ERROR_PROTOCOL,
  EF_WEB_SOCKET_ERROR_INVALID_UTF8,
  EF_WEB_SOCKET_ERROR_TOO_BIG,
  EF_WEB_SOCKET_ERROR_CLOSED,
  EF_WEB_SOCKET_ERROR_RESET,
} EfWebSocketError;

EF_AVAILABLE_IN_1_0
GQuark ef_web_socket_error_quark (void);

G_END_DECLS
