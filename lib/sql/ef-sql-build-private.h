/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-context.h"
#include "ef-pipeline-spec.h"
#include "ef-sql-cursor-private.h"

G_BEGIN_DECLS

/* An application on its way to a spec. */
typedef struct
{
  EfSqlApplication *app;
  EfContext *context;
  EfPipelineSpec *spec;
  GArray *dead_letters;  /* where they go, see ef-sql-build-errors.c */
  GArray *references;    /* options that stand for elements, see ef-sql-build-elements.c */
  GHashTable *sources;   /* the elements that bring events, by EfSqlStream */
  GHashTable *consumers; /* guint arrays: what takes the events of streams that get dead letters */
} EfSqlBuilder;

/* A property of an element that answers a query. */
typedef struct
{
  const char *key;
  char *value;
  gsize offset;
} EfSqlSetting;

EfTextLocation ef_sql_builder_locate (EfSqlBuilder *self, gsize offset);

void ef_sql_builder_add_property (
  EfSqlBuilder *self, guint element, const char *key, const char *value, gsize offset);

void ef_sql_builder_add_link (EfSqlBuilder *self, guint from, guint to, gsize offset);

gboolean
ef_sql_builder_fail_with (EfSqlBuilder *self, gsize offset, GError *wrong, GError **error);

EfSqlStatement *ef_sql_builder_get_query (EfSqlBuilder *self, guint index);

EfSqlStream *ef_sql_builder_get_output (EfSqlBuilder *self, EfSqlStatement *query);

GArray *ef_sql_builder_list_settings (EfSqlBuilder *self, EfSqlStatement *query);

gboolean ef_sql_builder_check_queries (EfSqlBuilder *self, GError **error);

gboolean ef_sql_builder_check_keys (EfSqlBuilder *self,
                                    EfElementFactory *factory,
                                    GArray *options,
                                    GError **error);

gboolean ef_sql_builder_add_source (EfSqlBuilder *self,
                                    EfSqlStream *stream,
                                    EfSqlConnector *connector,
                                    GArray *producers,
                                    GError **error);

gboolean ef_sql_builder_add_sink (EfSqlBuilder *self,
                                  EfSqlStream *stream,
                                  EfSqlConnector *connector,
                                  GArray *consumers,
                                  GError **error);

gboolean ef_sql_builder_add_query (EfSqlBuilder *self,
                                   EfSqlStatement *query,
                                   guint *first,
                                   guint *last,
                                   GError **error);

void ef_sql_builder_init_elements (EfSqlBuilder *self);

void ef_sql_builder_clear_elements (EfSqlBuilder *self);

void ef_sql_builder_note_source (EfSqlBuilder *self, EfSqlStream *stream, guint element);

void ef_sql_builder_note_reference (EfSqlBuilder *self, guint element, const EfSqlOption *option);

gboolean ef_sql_builder_resolve_references (EfSqlBuilder *self, GError **error);

gboolean ef_sql_builder_check_errors (EfSqlBuilder *self, GError **error);

void ef_sql_builder_add_errors (
  EfSqlBuilder *self, guint element, const char *stream, GArray *shared, GArray *own);

gboolean ef_sql_builder_link_dead_letters (EfSqlBuilder *self, GError **error);

void ef_sql_builder_init_errors (EfSqlBuilder *self);

void ef_sql_builder_clear_errors (EfSqlBuilder *self);

gboolean ef_sql_application_build (EfSqlApplication *self,
                                   EfContext *context,
                                   EfPipelineSpec *spec,
                                   GError **error);

G_END_DECLS
