/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_SQL (ef_sql_get_type ())

G_DECLARE_FINAL_TYPE (EfSql, ef_sql, EF, SQL, EfTransform)

G_END_DECLS
