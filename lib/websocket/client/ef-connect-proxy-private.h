/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The scheme by which GIO finds the class. */
#define EF_CONNECT_PROXY_PROTOCOL "eventflux-connect"

#define EF_TYPE_CONNECT_PROXY (ef_connect_proxy_get_type ())

G_DECLARE_FINAL_TYPE (EfConnectProxy, ef_connect_proxy, EF, CONNECT_PROXY, GObject)

void ef_connect_proxy_register (void);

G_END_DECLS
