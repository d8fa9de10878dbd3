/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Accepts connections for a server of libsoup's, on a free port of this machine: what a SoupServer
 * (3.2.3) accepts itself it leaks. */
typedef struct _EfSoupListener EfSoupListener;

EfSoupListener *ef_soup_listener_new (SoupServer *server, GTlsCertificate *certificate);

void ef_soup_listener_free (EfSoupListener *self);

guint16 ef_soup_listener_get_port (EfSoupListener *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSoupListener, ef_soup_listener_free)

G_END_DECLS
