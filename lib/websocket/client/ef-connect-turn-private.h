/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The right to be one of the few that connect to a server at the same time.
 *
 * RFC 6455, section 4.1, wants clients to take turns, so that a thousand of them that come back
 * together, after a server's restart say, do not hit it all at once. It also bounds what handshakes
 * take: libsoup needs 20 KB for each, which fragment the heap for good if all are under way together.
 * One at a time, as the RFC has it, would let a single handshake that hangs hold up all others until
 * its timeout; so there are a few.
 *
 * Turns are taken among the clients of one context, and belong to it. */
typedef struct _EfConnectTurn EfConnectTurn;

/* How many connect to a server at the same time. */
#define EF_CONNECT_TURNS 8

EfConnectTurn *ef_connect_turn_new (const char *host,
                                    guint16 port,
                                    GMainContext *context,
                                    GSourceOnceFunc func,
                                    gpointer user_data);

void ef_connect_turn_free (EfConnectTurn *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfConnectTurn, ef_connect_turn_free)

G_END_DECLS
