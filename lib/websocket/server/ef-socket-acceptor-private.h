/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-clock.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Accepts connections at an address, brings TLS up on them, and sees to it that none of them stays for
 * long without having become a client. SoupServer could accept them itself, but it waits for a request
 * for ever, knows no bound, stops at the first error such as too many open files, and (3.2.3) loses a
 * reference to the socket of each connection. It belongs to the thread-default context of whoever made
 * it. */
typedef struct _EfSocketAcceptor EfSocketAcceptor;

/* Somebody who has connected and is not a client yet. */
typedef struct _EfNewcomer EfNewcomer;

typedef struct
{
  GSocketAddress *address;
  GTlsCertificate *certificate; /* NULL for no TLS */
  EfClock *clock;
  gint64 timeout;      /* for a newcomer to become a client, in µs */
  guint max_newcomers; /* one more takes the place of the one that waits longest */

  /* What comes on the stream may be read; @remote is also a key for ef_socket_acceptor_admit(). */
  void (*connected) (GIOStream *stream,
                     GSocketAddress *local,
                     GSocketAddress *remote,
                     gpointer user_data);

  /* No connection can be accepted for now, for want of file descriptors or the like. */
  void (*failed) (const GError *error, gpointer user_data);
} EfSocketAcceptorConfig;

EfSocketAcceptor *ef_socket_acceptor_new (const EfSocketAcceptorConfig *config,
                                          gpointer user_data,
                                          GError **error);

void ef_socket_acceptor_free (EfSocketAcceptor *self);

guint16 ef_socket_acceptor_get_port (EfSocketAcceptor *self);

void ef_socket_acceptor_admit (EfSocketAcceptor *self, GSocketAddress *remote);

G_END_DECLS
