/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-sql-functions.h"

G_BEGIN_DECLS

/* A connection to SQLite, which elements may share. Whoever uses it holds the lock, for as long as
 * a batch takes, and never pushes meanwhile. */
typedef struct _EfSqlDatabase EfSqlDatabase;

struct _EfSqlDatabase
{
  gatomicrefcount ref_count;
  GMutex lock;
  sqlite3 *db;
  char *key;             /* under which others find it, or NULL */
  GHashTable *scripts;   /* that were run */
  GHashTable *attached;  /* files */
  GHashTable *streams;   /* name in lower case -> what is there as a virtual table */
  sqlite3_stmt *is_json; /* made when first needed */
  guint n_functions;     /* that were made for single queries */

  /* What the query that runs sees. */
  EfSqlScope scope;
  EfEvent *const *rows;
  guint n_rows;
  gboolean expects_many; /* what the query that is being prepared is to be made for */
};

EfSqlDatabase *ef_sql_database_open (const char *name, gpointer owner, GError **error);

void ef_sql_database_unref (EfSqlDatabase *self);

gboolean ef_sql_database_attach (EfSqlDatabase *self,
                                 const char *file,
                                 gboolean in_memory,
                                 GError **error);

gboolean ef_sql_database_run_script (EfSqlDatabase *self,
                                     const char *script,
                                     gsize *error_offset,
                                     GError **error);

gboolean ef_sql_database_add_stream (EfSqlDatabase *self,
                                     const char *name,
                                     EfSchema *schema,
                                     GError **error);

void ef_sql_database_use_stream (EfSqlDatabase *self, const char *name, int n_users);

gboolean ef_sql_database_is_json (EfSqlDatabase *self, const char *text, gsize length);

char *ef_sql_database_dup_hint (EfSqlDatabase *self, EfSchema *input, const char *message);

gboolean ef_sql_database_begin (EfSqlDatabase *self);

gboolean
ef_sql_database_commit (EfSqlDatabase *self, const GError *reason, GError **error);

EfError ef_sql_database_get_error_code (EfSqlDatabase *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSqlDatabase, ef_sql_database_unref)

G_END_DECLS
