/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-clock.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Listens for WebSocket handshakes: libsoup's server answers them, the streams are handed over. It
 * belongs to the thread-default context of whoever made it. */
typedef struct _EfWebSocketListener EfWebSocketListener;

typedef struct
{
  GUri *uri;
  GTlsCertificate *certificate; /* NULL for ws:// */
  char **subprotocols;          /* NULL to agree to whatever clients offer with none */
  char **origins; /* that pages may come from besides their own, or NULL */
  EfClock *clock;
  gint64 handshake_timeout; /* in µs */
  guint max_newcomers;      /* who have connected, and have not done their handshake */

  /* Whether one more client may come. */
  gboolean (*may_accept) (gpointer user_data);

  /* The stream of a client whose handshake is done. */
  void (*accepted) (GIOStream *stream, const char *subprotocol, gpointer user_data);

  /* Nobody can connect for now; it tries again by itself. */
  void (*failed) (const GError *error, gpointer user_data);
} EfWebSocketListenerConfig;

EfWebSocketListener *ef_web_socket_listener_new (const EfWebSocketListenerConfig *config,
                                                 gpointer user_data,
                                                 GError **error);

void ef_web_socket_listener_free (EfWebSocketListener *self);

guint16 ef_web_socket_listener_get_port (EfWebSocketListener *self);

G_END_DECLS
