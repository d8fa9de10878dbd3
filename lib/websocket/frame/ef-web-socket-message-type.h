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
 * EfWebSocketMessageType:
 * @EF_WEB_SOCKET_MESSAGE_TEXT: UTF-8 text
 * @EF_WEB_SOCKET_MESSAGE_BINARY: bytes of any kind
 *
 * The two kinds of messages that RFC 6455 knows.
 */
typedef enum
{
  EF_WEB_SOCKET_MESSAGE_TEXT,
  EF_WEB_SOCKET_MESSAGE_BINARY,
} EfWebSocketMessageType;

G_END_DECLS
