/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-text.h"

G_BEGIN_DECLS

gboolean ef_sql_check_prefixes (const EfSqlText *self, gsize *error_offset, GError **error);

gboolean ef_sql_check_query (const EfSqlText *self,
                             const char *stream,
                             gboolean has_window,
                             gsize *error_offset,
                             GError **error);

G_END_DECLS
