/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-window-spec.h"

G_BEGIN_DECLS

/* Called when the query is to be answered over some rows. Times are in microseconds. */
typedef void (*EfSqlWindowFunc) (
  EfEvent *const *rows, guint n_rows, gint64 start, gint64 end, gpointer user_data);

typedef enum
{
  EF_SQL_WINDOW_ADDED,
  EF_SQL_WINDOW_LATE,    /* its window is closed, so it was not added */
  EF_SQL_WINDOW_NO_TIME, /* its column of time is NULL */
  EF_SQL_WINDOW_FULL,
} EfSqlWindowResult;

/* No time at all. */
#define EF_SQL_WINDOW_NEVER G_MAXINT64

typedef struct _EfSqlWindow EfSqlWindow;

EfSqlWindow *ef_sql_window_new (const EfSqlWindowSpec *spec,
                                gint column,
                                guint max_rows,
                                EfSqlWindowFunc callback,
                                gpointer user_data);

void ef_sql_window_free (EfSqlWindow *self);

EfSqlWindowResult ef_sql_window_add (EfSqlWindow *self, EfEvent *event);

void ef_sql_window_advance (EfSqlWindow *self, gint64 now);

gint64 ef_sql_window_get_due (EfSqlWindow *self);

void ef_sql_window_end (EfSqlWindow *self);

guint ef_sql_window_get_n_rows (EfSqlWindow *self);

guint64 ef_sql_window_get_n_late (EfSqlWindow *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSqlWindow, ef_sql_window_free)

G_END_DECLS
