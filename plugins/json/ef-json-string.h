/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gsize ef_json_string_unescape (char *out, const char *text, gsize length);

gssize ef_json_string_decode_base64 (char *out, const char *text, gsize length);

gsize ef_json_string_compact (char *out, const char *json, gsize length);

G_END_DECLS
