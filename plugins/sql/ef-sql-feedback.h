/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_SQL_FEEDBACK (ef_sql_feedback_get_type ())

G_DECLARE_FINAL_TYPE (EfSqlFeedback, ef_sql_feedback, EF, SQL_FEEDBACK, EfTransform)

G_END_DECLS
