/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GUri *ef_web_socket_url_parse (const char *url, GError **error);

char *ef_web_socket_url_redact (const char *url);

gboolean ef_web_socket_url_is_secure (GUri *uri);

guint16 ef_web_socket_url_get_port (GUri *uri);

G_END_DECLS
