/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_SQL_FEEDBACK_SINK (ef_sql_feedback_sink_get_type ())

G_DECLARE_FINAL_TYPE (EfSqlFeedbackSink, ef_sql_feedback_sink, EF, SQL_FEEDBACK_SINK, EfSink)

G_END_DECLS
