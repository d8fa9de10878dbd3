/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

#include "ef-test-clock.h"

G_BEGIN_DECLS

#define EF_TYPE_SQL_PROBE (ef_sql_probe_get_type ())

G_DECLARE_FINAL_TYPE (EfSqlProbe, ef_sql_probe, EF, SQL_PROBE, EfElement)

/* An element with rows put in at one end and taken out at the other. */
typedef struct
{
  EfTestClock *clock;
  EfSchema *schema; /* of the rows put in */
  EfSqlProbe *feed;
  EfElement *element;
  EfSqlProbe *out;
  EfSqlProbe *errors;
} EfSqlHarness;

void ef_sql_harness_init (EfSqlHarness *self, const char *schema, ...) G_GNUC_NULL_TERMINATED;

void ef_sql_harness_clear (EfSqlHarness *self);

EfEvent *ef_sql_harness_make_row (EfSqlHarness *self, gint64 timestamp, const char *values);

void ef_sql_harness_push (EfSqlHarness *self, EfBatch *batch);

void ef_sql_harness_put (EfSqlHarness *self, gint64 timestamp, const char *values);

void ef_sql_harness_end (EfSqlHarness *self);

char *ef_sql_harness_take (EfSqlHarness *self);

char *ef_sql_harness_take_errors (EfSqlHarness *self);

guint64 ef_sql_harness_get_stat (EfSqlHarness *self, const char *name);

void ef_sql_harness_advance (EfSqlHarness *self, gint64 usec);

char *ef_sql_harness_fail (const char *key, ...) G_GNUC_NULL_TERMINATED;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EfSqlHarness, ef_sql_harness_clear)

#define ef_sql_harness_assert(harness, expected)                                                   \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *ef_sql_taken_ = ef_sql_harness_take (harness);                                \
                                                                                                   \
    g_assert_cmpstr (ef_sql_taken_, ==, (expected));                                               \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
