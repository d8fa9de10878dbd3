/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean ef_web_socket_origins_check (const char *const *origins, GError **error);

gboolean ef_web_socket_origins_allow (const char *const *origins,
                                      const char *origin,
                                      const char *host,
                                      gboolean secure);

G_END_DECLS
