/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-query.h"
#include "ef-sql-window-spec.h"

G_BEGIN_DECLS

/* What the element was told, as it was told. */
typedef struct
{
  char *query;
  char *stream;
  char *input_schema;
  char *schema;
  char *database;
  char *attach;
  char *init_sql;
  char *window;
  guint window_max_rows;
} EfSqlSettings;

/* What comes of it. */
typedef struct
{
  EfSchema *input;         /* NULL: as the first event has it */
  EfSchema *output;        /* NULL: as the query has it */
  EfSqlWindowSpec *window; /* NULL without one */
  EfSqlDatabase *database;
} EfSqlSetup;

gboolean ef_sql_setup_init (EfSqlSetup *self,
                            const EfSqlSettings *settings,
                            gboolean for_check,
                            gpointer owner,
                            EfQueryPlace *place,
                            GError **error);

void ef_sql_setup_clear (EfSqlSetup *self);

EfSqlQuery *ef_sql_setup_compile (const EfSqlSetup *self,
                                  const EfSqlSettings *settings,
                                  EfSchema *input,
                                  gint *time_column,
                                  EfQueryPlace *place,
                                  GError **error);

gboolean ef_sql_setup_check_syntax (const EfSqlSetup *self,
                                    const EfSqlSettings *settings,
                                    EfQueryPlace *place,
                                    GError **error);

void ef_sql_settings_install (GObjectClass *klass);

void ef_sql_settings_init (EfSqlSettings *self);

gboolean ef_sql_settings_get (EfSqlSettings *self, guint id, GValue *value);

gboolean ef_sql_settings_set (EfSqlSettings *self, guint id, const GValue *value);

gboolean ef_sql_settings_check (const EfSqlSettings *self,
                                EfSchema **schema,
                                EfQueryPlace *place,
                                GError **error);

void ef_sql_settings_clear (EfSqlSettings *self);

void
ef_sql_settings_locate_error (const EfSqlSettings *self, const EfQueryPlace *place, GError **error);

G_END_DECLS
