/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <glib-object.h>

#include "ef-version.h"

G_BEGIN_DECLS

/**
 * EfColumnType:
 * @EF_COLUMN_NULL: no type: what a value of NULL has
 * @EF_COLUMN_STRING: UTF-8 text
 * @EF_COLUMN_INT: a signed 32-bit integer
 * @EF_COLUMN_LONG: a signed 64-bit integer
 * @EF_COLUMN_FLOAT: a single-precision number
 * @EF_COLUMN_DOUBLE: a double-precision number
 * @EF_COLUMN_BOOL: true or false
 * @EF_COLUMN_BYTES: bytes of any kind
 * @EF_COLUMN_JSON: a JSON text (RFC 8259)
 * @EF_COLUMN_ANY: a column whose values bring their own type
 *
 * The type of a column, and of a value in it.
 */
typedef enum
{
  EF_COLUMN_NULL,
  EF_COLUMN_STRING,
  EF_COLUMN_INT,
  EF_COLUMN_LONG,
  EF_COLUMN_FLOAT,
  EF_COLUMN_DOUBLE,
  EF_COLUMN_BOOL,
  EF_COLUMN_BYTES,
  EF_COLUMN_JSON,
  EF_COLUMN_ANY,
} EfColumnType;

EF_AVAILABLE_IN_1_0
const char *ef_column_type_to_string (EfColumnType type);

EF_AVAILABLE_IN_1_0
gboolean ef_column_type_from_string (const char *name, EfColumnType *type);

#define EF_TYPE_SCHEMA (ef_schema_get_type ())

/**
 * EfSchema:
 *
 * The names and types of an event's columns, in order.
 *
 * A schema never changes once made, so it may be shared and used from any thread. Names are unique
 * and compared as bytes: `e` and `E` are two columns.
 */
typedef struct _EfSchema EfSchema;

EF_AVAILABLE_IN_1_0
GType ef_schema_get_type (void) G_GNUC_CONST;

EF_AVAILABLE_IN_1_0
EfSchema *ef_schema_new (const char *const *names,
                         const EfColumnType *types,
                         guint n_columns,
                         GError **error);

EF_AVAILABLE_IN_1_0
EfSchema *ef_schema_parse (const char *text, GError **error);

EF_AVAILABLE_IN_1_0
EfSchema *ef_schema_get_text_payload (void);

EF_AVAILABLE_IN_1_0
EfSchema *ef_schema_get_bytes_payload (void);

EF_AVAILABLE_IN_1_0
EfSchema *ef_schema_ref (EfSchema *self);

EF_AVAILABLE_IN_1_0
void ef_schema_unref (EfSchema *self);

EF_AVAILABLE_IN_1_0
guint ef_schema_get_n_columns (EfSchema *self);

EF_AVAILABLE_IN_1_0
const char *ef_schema_get_column_name (EfSchema *self, guint column);

EF_AVAILABLE_IN_1_0
EfColumnType ef_schema_get_column_type (EfSchema *self, guint column);

EF_AVAILABLE_IN_1_0
gint ef_schema_find_column (EfSchema *self, const char *name);

EF_AVAILABLE_IN_1_0
gboolean ef_schema_equal (EfSchema *self, EfSchema *other);

EF_AVAILABLE_IN_1_0
gboolean ef_schema_is_payload (EfSchema *self);

EF_AVAILABLE_IN_1_0
char *ef_schema_to_string (EfSchema *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSchema, ef_schema_unref)

G_END_DECLS
