/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-error.h"
#include "ef-schema.h"
#include "ef-sql-token.h"

G_BEGIN_DECLS

/* What an application file says, statement by statement, with the places where it says so. */

/* `key = value` of an annotation or a WITH. */
typedef struct
{
  char *key;
  char *value;
  gsize key_offset;
  gsize value_offset;
} EfSqlOption;

/* Where the events of a stream come from, or go to. */
typedef struct
{
  gboolean is_sink;
  char *type;
  char *format;    /* NULL if none was given */
  GArray *options; /* EfSqlOption, for the end point */
  GArray *mapping; /* EfSqlOption, for the encoder or decoder */
  gsize offset;
  gsize type_offset;
  gsize format_offset;
} EfSqlConnector;

typedef struct
{
  char *name;
  gsize offset;
  EfSchema *schema; /* NULL until it is known */
  gboolean is_declared;
  gboolean gets_dead_letters;
  GPtrArray *connectors; /* EfSqlConnector */
} EfSqlStream;

/* A column that a query's results go to. */
typedef struct
{
  char *name;
  gsize offset;
} EfSqlTarget;

typedef struct
{
  char *text;   /* what SQLite gets: the file's own text, without what is not for SQLite */
  gsize lead;   /* how much of it stands elsewhere in the file, where the output is named */
  gsize offset; /* where the rest begins */
  char *stream; /* that it reads */
  gsize stream_offset;
  char *window; /* NULL without one */
  gsize window_offset;
  char *output; /* stream that it writes, NULL if it changes a table */
  gsize output_offset;
  GArray *targets; /* EfSqlTarget, NULL if results go by their position */
  GArray *options; /* EfSqlOption, of the annotation before it, or NULL */
  gboolean is_feedback; /* what it makes comes back to it */
} EfSqlStatement;

typedef struct
{
  char *name;
  gboolean is_defined; /* by what was parsed so far */
} EfSqlTable;

/* Where a piece of the statements that set tables up comes from. */
typedef struct
{
  gsize start;
  gsize offset;
} EfSqlOrigin;

typedef struct
{
  const char *text;
  GPtrArray *streams; /* EfSqlStream, in the order in which they are first named */
  GPtrArray *tables;  /* EfSqlTable, all those of the file */
  GPtrArray *queries; /* EfSqlStatement */
  GString *init;      /* statements that set tables up */
  GArray *origins;    /* EfSqlOrigin */
  GPtrArray *files;   /* char *, that tables are in */
} EfSqlApplication;

EfSqlApplication *ef_sql_application_new (const char *text);

EfSqlStream *ef_sql_application_add_stream (EfSqlApplication *self, const char *name, gsize offset);

EfSqlApplication *ef_sql_application_parse (const char *text, GError **error);

void ef_sql_application_free (EfSqlApplication *self);

EfSqlStream *ef_sql_application_find_stream (EfSqlApplication *self, const char *name);

EfSqlTable *ef_sql_application_find_table (EfSqlApplication *self, const char *name);

void ef_sql_application_add_table (EfSqlApplication *self, const char *name);

EfSqlStatement *ef_sql_application_add_query (EfSqlApplication *self);

void ef_sql_connector_free (EfSqlConnector *self);

gboolean ef_sql_application_fail (
  const char *text, gsize offset, EfError code, GError **error, const char *format, ...)
  G_GNUC_PRINTF (5, 6);

char *ef_sql_application_dup_hint (EfSqlApplication *self, const char *name, gboolean with_tables);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSqlApplication, ef_sql_application_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSqlConnector, ef_sql_connector_free)

G_END_DECLS
