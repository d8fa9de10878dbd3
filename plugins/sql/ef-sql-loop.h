/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* What comes back to a stream, on its way from a `feedbacksink` to the `feedback` of that stream. */
typedef struct _EfSqlLoop EfSqlLoop;

EfSqlLoop *ef_sql_loop_open (gpointer owner, const char *stream);

void ef_sql_loop_unref (EfSqlLoop *self);

void ef_sql_loop_attach (EfSqlLoop *self, GSource *reader, guint max_events);

void ef_sql_loop_detach (EfSqlLoop *self);

gboolean ef_sql_loop_push (EfSqlLoop *self, EfBatch *batch, GError **error);

EfBatch *ef_sql_loop_pop (EfSqlLoop *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSqlLoop, ef_sql_loop_unref)

G_END_DECLS
