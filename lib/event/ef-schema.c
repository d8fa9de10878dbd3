/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-schema.h"

#include "ef-boxed-private.h"
#include "ef-error.h"
#include "ef-event-private.h"

#include <string.h>

typedef struct
{
  char *name;
  EfColumnType type;
} Column;

struct _EfSchema
{
  gint ref_count; /* atomic */
  gboolean immortal;
  guint n_columns;
  GHashTable *by_name; /* name -> column, only for wide schemas */
  Column columns[];
};

/* Up to here looking through the names is faster than hashing one. */
#define NARROW 8

EF_DEFINE_BOXED_TYPE (EfSchema, ef_schema, ef_schema_ref, ef_schema_unref)

static const struct
{
  const char *name;
  EfColumnType type;
} type_names[] = {
  /* The first name of a type is the one that is printed. */
  { "STRING", EF_COLUMN_STRING },  { "VARCHAR", EF_COLUMN_STRING },   { "TEXT", EF_COLUMN_STRING },
  { "CHAR", EF_COLUMN_STRING },    { "INT", EF_COLUMN_INT },          { "INTEGER", EF_COLUMN_INT },
  { "SMALLINT", EF_COLUMN_INT },   { "TINYINT", EF_COLUMN_INT },      { "LONG", EF_COLUMN_LONG },
  { "BIGINT", EF_COLUMN_LONG },    { "TIMESTAMP", EF_COLUMN_LONG },   { "FLOAT", EF_COLUMN_FLOAT },
  { "REAL", EF_COLUMN_FLOAT },     { "DOUBLE", EF_COLUMN_DOUBLE },    { "DECIMAL", EF_COLUMN_DOUBLE },
  { "NUMERIC", EF_COLUMN_DOUBLE }, { "BOOL", EF_COLUMN_BOOL },        { "BOOLEAN", EF_COLUMN_BOOL },
  { "BYTES", EF_COLUMN_BYTES },    { "BLOB", EF_COLUMN_BYTES },       { "BINARY", EF_COLUMN_BYTES },
  { "VARBINARY", EF_COLUMN_BYTES }, { "JSON", EF_COLUMN_JSON },       { "ANY", EF_COLUMN_ANY },
  { "OBJECT", EF_COLUMN_ANY },     { "NULL", EF_COLUMN_NULL },
};

/**
 * ef_column_type_to_string:
 * @type: a type
 *
 * The name of a type, as schemas write it.
 *
 * Returns: (transfer none): a name such as `STRING`
 */
const char *
ef_column_type_to_string (EfColumnType type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (type_names[i].type == type)
      return type_names[i].name;

  g_return_val_if_reached (NULL);
}

/**
 * ef_column_type_from_string:
 * @name: a name such as `STRING`, or an SQL alias such as `varchar`
 * @type: (out): return location for the type
 *
 * Finds the type that a name stands for. Upper and lower case are the same.
 *
 * Returns: whether there is such a type
 */
gboolean
ef_column_type_from_string (const char *name, EfColumnType *type)
{
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (type != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (type_names[i].type != EF_COLUMN_NULL && g_ascii_strcasecmp (type_names[i].name, name) == 0)
      {
        *type = type_names[i].type;
        return TRUE;
      }

  return FALSE;
}

static void
schema_free (EfSchema *self)
{
  g_clear_pointer (&self->by_name, g_hash_table_unref);
  for (guint i = 0; i < self->n_columns; i++)
    g_free (self->columns[i].name);
  g_free (self);
}

static void
index_columns (EfSchema *self)
{
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < self->n_columns; i++)
    g_hash_table_insert (self->by_name, self->columns[i].name, GUINT_TO_POINTER (i));
}

/**
 * ef_schema_new:
 * @names: (array length=n_columns): the names of the columns
 * @types: (array length=n_columns): the types of the columns
 * @n_columns: how many columns there are, at least one
 * @error: return location for an error
 *
 * Makes a schema.
 *
 * Returns: (transfer full): a new schema, or %NULL with %EF_ERROR_INVALID_VALUE if there are no
 *   columns, a name is empty or there twice, or a type is none a column can have
 */
EfSchema *
ef_schema_new (const char *const *names, const EfColumnType *types, guint n_columns, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  EfSchema *self;

  if (n_columns == 0)
    {
      g_set_error_literal (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                           "a schema has at least one column, as in “price DOUBLE”");
      return NULL;
    }

  for (guint i = 0; i < n_columns; i++)
    {
      const char *problem = NULL;

      if (*names[i] == '\0')
        problem = "has no name";
      else if (!g_utf8_validate (names[i], -1, NULL))
        problem = "has a name that is not UTF-8";
      else if (types[i] <= EF_COLUMN_NULL || types[i] > EF_COLUMN_ANY)
        problem = "has no type";
      else if (!g_hash_table_add (seen, (gpointer) names[i]))
        problem = "has the name of a column before it";

      if (problem != NULL)
        {
          g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE, "column %u “%s” of the schema %s",
                       i + 1, g_utf8_validate (names[i], -1, NULL) ? names[i] : "?", problem);
          return NULL;
        }
    }

  self = g_malloc0 (sizeof (EfSchema) + n_columns * sizeof (Column));
  self->ref_count = 1;
  self->n_columns = n_columns;
  for (guint i = 0; i < n_columns; i++)
    {
      self->columns[i].name = g_strdup (names[i]);
      self->columns[i].type = types[i];
    }
  if (n_columns > NARROW)
    index_columns (self);

  return self;
}

static EfSchema *
immortal_payload_schema (EfColumnType type)
{
  const char *name = "payload";
  EfSchema *schema = ef_schema_new (&name, &type, 1, NULL);

  schema->immortal = TRUE;

  return schema;
}

/**
 * ef_schema_get_text_payload:
 *
 * The schema of text messages: one column `payload` of type `STRING`.
 *
 * Returns: (transfer none): a schema that lives as long as the program
 */
EfSchema *
ef_schema_get_text_payload (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, (gsize) immortal_payload_schema (EF_COLUMN_STRING));

  return (EfSchema *) once;
}

/**
 * ef_schema_get_bytes_payload:
 *
 * The schema of binary messages: one column `payload` of type `BYTES`.
 *
 * Returns: (transfer none): a schema that lives as long as the program
 */
EfSchema *
ef_schema_get_bytes_payload (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, (gsize) immortal_payload_schema (EF_COLUMN_BYTES));

  return (EfSchema *) once;
}

/* Whether references to the schema need not be counted. */
gboolean
ef_schema_is_immortal (EfSchema *self)
{
  return self->immortal;
}

/**
 * ef_schema_ref:
 * @self: a schema
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
EfSchema *
ef_schema_ref (EfSchema *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (!self->immortal)
    g_atomic_int_inc (&self->ref_count);

  return self;
}

/**
 * ef_schema_unref:
 * @self: (transfer full): a schema
 *
 * Drops a reference.
 */
void
ef_schema_unref (EfSchema *self)
{
  g_return_if_fail (self != NULL);

  if (!self->immortal && g_atomic_int_dec_and_test (&self->ref_count))
    schema_free (self);
}

/**
 * ef_schema_get_n_columns:
 * @self: a schema
 *
 * How many columns there are.
 *
 * Returns: a number greater than zero
 */
guint
ef_schema_get_n_columns (EfSchema *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_columns;
}

/**
 * ef_schema_get_column_name:
 * @self: a schema
 * @column: a column, counted from 0
 *
 * The name of a column.
 *
 * Returns: (transfer none): the name, UTF-8
 */
const char *
ef_schema_get_column_name (EfSchema *self, guint column)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (column < self->n_columns, NULL);

  return self->columns[column].name;
}

/**
 * ef_schema_get_column_type:
 * @self: a schema
 * @column: a column, counted from 0
 *
 * The type of a column.
 *
 * Returns: the type
 */
EfColumnType
ef_schema_get_column_type (EfSchema *self, guint column)
{
  g_return_val_if_fail (self != NULL, EF_COLUMN_NULL);
  g_return_val_if_fail (column < self->n_columns, EF_COLUMN_NULL);

  return self->columns[column].type;
}

/**
 * ef_schema_find_column:
 * @self: a schema
 * @name: the name of a column
 *
 * Finds a column by its name, which is compared as bytes.
 *
 * Returns: the column, counted from 0, or -1 if there is none of that name
 */
gint
ef_schema_find_column (EfSchema *self, const char *name)
{
  gpointer column;

  g_return_val_if_fail (self != NULL, -1);
  g_return_val_if_fail (name != NULL, -1);

  if (self->by_name != NULL)
    return g_hash_table_lookup_extended (self->by_name, name, NULL, &column)
             ? GPOINTER_TO_INT (column)
             : -1;

  for (guint i = 0; i < self->n_columns; i++)
    if (strcmp (self->columns[i].name, name) == 0)
      return (gint) i;

  return -1;
}

/**
 * ef_schema_equal:
 * @self: a schema
 * @other: another schema
 *
 * Whether both have the same columns in the same order.
 *
 * Returns: %TRUE if they are equal
 */
gboolean
ef_schema_equal (EfSchema *self, EfSchema *other)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  if (self == other)
    return TRUE;
  if (self->n_columns != other->n_columns)
    return FALSE;

  for (guint i = 0; i < self->n_columns; i++)
    if (self->columns[i].type != other->columns[i].type
        || strcmp (self->columns[i].name, other->columns[i].name) != 0)
      return FALSE;

  return TRUE;
}

/**
 * ef_schema_is_payload:
 * @self: a schema
 *
 * Whether its events can stand for raw messages: they have one column, text or bytes.
 *
 * Returns: %TRUE if the only column is of type `STRING`, `JSON` or `BYTES`
 */
gboolean
ef_schema_is_payload (EfSchema *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->n_columns == 1
         && (self->columns[0].type == EF_COLUMN_STRING || self->columns[0].type == EF_COLUMN_JSON
             || self->columns[0].type == EF_COLUMN_BYTES);
}

static gboolean
is_plain_name (const char *name)
{
  if (g_ascii_isdigit (*name))
    return FALSE;

  for (; *name != '\0'; name++)
    if (!g_ascii_isalnum (*name) && *name != '_' && !(*name & 0x80))
      return FALSE;

  return TRUE;
}

/**
 * ef_schema_to_string:
 * @self: a schema
 *
 * Prints the schema so that [func@EventFlux.Schema.parse] reads the same one back.
 *
 * Returns: (transfer full): a text such as `e STRING, p DOUBLE`
 */
char *
ef_schema_to_string (EfSchema *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->n_columns; i++)
    {
      const char *name = self->columns[i].name;

      if (i > 0)
        g_string_append (text, ", ");

      if (is_plain_name (name))
        g_string_append (text, name);
      else
        {
          g_string_append_c (text, '"');
          for (; *name != '\0'; name++)
            g_string_append (text, *name == '"' ? "\"\"" : (char[]){ *name, '\0' });
          g_string_append_c (text, '"');
        }

      g_string_append_printf (text, " %s", ef_column_type_to_string (self->columns[i].type));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
