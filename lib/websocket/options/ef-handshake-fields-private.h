/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a configuration may put into the head of a handshake. The errors name the property. */

gboolean ef_handshake_fields_check_headers (GHashTable *headers, GError **error);

/* Leaves @subprotocols alone if there are none. */
gboolean ef_handshake_fields_parse_subprotocols (const char *text,
                                                 char ***subprotocols,
                                                 GError **error);

G_END_DECLS
