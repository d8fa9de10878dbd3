/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean json_oracle_check_decoding (const char *text, gsize length);

void json_oracle_check_encoding (const guint8 *data, gsize size);

G_END_DECLS
