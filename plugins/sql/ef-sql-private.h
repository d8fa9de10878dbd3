/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-settings.h"
#include "ef-sql-window.h"
#include "ef-sql.h"

G_BEGIN_DECLS

struct _EfSql
{
  EfTransform parent_instance;

  EfSqlSettings settings;
  EfSqlSetup setup;

  EfSqlQuery *query; /* NULL until the columns of the input are known */
  EfSchema *input;   /* that the query is compiled for */
  EfSchema *seen;    /* that came last and was found to fit, or not to */
  GError *misfit;    /* why it does not */
  EfSqlWindow *window;
  gint time_column;

  gboolean is_lost; /* the database, which was the end */
  EfBatch *out;        /* being made */
  GArray *rejected;    /* to be put aside when the database is unlocked */
  GPtrArray *receipts; /* of the batches whose rows the window has */
  gboolean answered;   /* the window was, since the receipts were looked at */

  GSource *timer;
  gint64 timer_due;
  gint n_rows; /* for the figures, which any thread may ask for */
  gint n_late;
};

/* ef-sql.c */

void ef_sql_adopt_schema (EfSql *self, EfSchema *schema);

/* ef-sql-process.c */

GArray *ef_sql_rejected_new (void);

void ef_sql_reject_later (EfSql *self, EfEvent *event, GError *error);

void ef_sql_begin (EfSql *self);

EfBatch *ef_sql_end (EfSql *self);

EfBatch *ef_sql_process_events (EfSql *self, EfBatch *batch);

EfBatch *ef_sql_process_rows (EfSql *self, EfBatch *batch);

G_END_DECLS
