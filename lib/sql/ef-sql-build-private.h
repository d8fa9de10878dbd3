/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-context.h"
#include "ef-pipeline-spec.h"
#include "ef-sql-application-private.h"

G_BEGIN_DECLS

gboolean ef_sql_application_build (EfSqlApplication *self,
                                   EfContext *context,
                                   EfPipelineSpec *spec,
                                   GError **error);

G_END_DECLS
