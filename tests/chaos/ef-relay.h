/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A TCP relay that does what networks do: it cuts what passes into pieces, slows it down, spoils it,
 * breaks connections, or falls silent. It lives on the thread-default context of its maker. The
 * faults may be set at any time and hold for what passes from then on. */
typedef struct _EfRelay EfRelay;

typedef struct
{
  gsize step;         /* bytes that are passed on at a time, 0 for what comes */
  guint pause_ms;     /* between two steps, which makes a bandwidth of the two */
  gint64 spoil_at;    /* flips a bit of this byte of what a new connection's server says, -1 for none */
  gboolean is_silent; /* passes nothing on and takes nothing: the connections look alive */
} EfRelayFaults;

EfRelay *ef_relay_new (guint16 target_port);

void ef_relay_free (EfRelay *self);

char *ef_relay_dup_url (EfRelay *self);

void ef_relay_set_faults (EfRelay *self, const EfRelayFaults *faults);

void ef_relay_reset_connections (EfRelay *self);

guint ef_relay_get_n_accepted (EfRelay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfRelay, ef_relay_free)

G_END_DECLS
