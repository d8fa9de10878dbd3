/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

typedef enum
{
  EF_SQL_WINDOW_HOPPING, /* tumbling too: it slides by its size */
  EF_SQL_WINDOW_SESSION,
  EF_SQL_WINDOW_LENGTH,
  EF_SQL_WINDOW_LENGTH_BATCH,
  EF_SQL_WINDOW_TIME,
  EF_SQL_WINDOW_SORT,
  EF_SQL_WINDOW_DELAY,
} EfSqlWindowKind;

/* Which rows a query sees together, and when it is answered. */
typedef struct
{
  EfSqlWindowKind kind;
  gint64 size;  /* in microseconds, or for the length kinds a number of rows */
  gint64 slide; /* of a hopping window */
  char *column; /* whose values are the time, in milliseconds, or the order; NULL: events' own time */
  gboolean descending;
} EfSqlWindowSpec;

EfSqlWindowSpec *ef_sql_window_spec_parse (const char *text, gsize *error_offset, GError **error);

void ef_sql_window_spec_free (EfSqlWindowSpec *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSqlWindowSpec, ef_sql_window_spec_free)

G_END_DECLS
