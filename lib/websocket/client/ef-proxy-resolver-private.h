/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define EF_TYPE_PROXY_RESOLVER (ef_proxy_resolver_get_type ())

G_DECLARE_FINAL_TYPE (EfProxyResolver, ef_proxy_resolver, EF, PROXY_RESOLVER, GObject)

GProxyResolver *ef_proxy_resolver_new (void);

G_END_DECLS
