/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-schema.h"

G_BEGIN_DECLS

EfSchema *ef_schema_parse_located (const char *text, gsize *offset, GError **error);

G_END_DECLS
