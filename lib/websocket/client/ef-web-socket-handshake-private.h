/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-reconnect-policy-private.h"
#include "ef-web-socket-connection-private.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What a client connects to, and how: made from the properties when an element goes to READY,
 * checked, and not changed after. */
typedef struct
{
  gint ref_count;
  char *name; /* the URL without what may be secret, for messages */
  GUri *uri;
  GStrv subprotocols; /* NULL for none */
  GHashTable *headers;
  GTlsDatabase *tls_database; /* trusted beyond the system's, or NULL */
  gint64 connect_timeout;     /* microseconds */
  gint64 close_timeout;       /* microseconds */
  EfKeepaliveConfig keepalive;
  guint64 max_message_size;
  EfClock *clock;
} EfWebSocketTarget;

EfWebSocketTarget *ef_web_socket_target_ref (EfWebSocketTarget *self);

void ef_web_socket_target_unref (EfWebSocketTarget *self);

void ef_web_socket_handshake_async (EfWebSocketTarget *target,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);

EfWebSocketConnection *ef_web_socket_handshake_finish (GAsyncResult *result,
                                                       char **subprotocol,
                                                       GError **error);

void ef_web_socket_failure_watch (SoupMessage *message);

void ef_web_socket_handshake_describe_failure (GAsyncResult *result, EfReconnectFailure *failure);

GError *ef_web_socket_failure_new (EfWebSocketTarget *target,
                                   SoupMessage *message,
                                   const GError *error);

/* The longest wait that a server may ask for. Microseconds. */
#define EF_WEB_SOCKET_RETRY_AFTER_MAX (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

gint64 ef_web_socket_failure_get_retry_after (SoupMessage *message, EfClock *clock);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfWebSocketTarget, ef_web_socket_target_unref)

G_END_DECLS
