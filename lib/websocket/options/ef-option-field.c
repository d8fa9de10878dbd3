/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-option-field-private.h"

/* Puts what the field holds into @value, which has the type of the property. */
void
ef_option_field_get (gconstpointer field, GValue *value)
{
  GType type = G_VALUE_TYPE (value);

  if (type == G_TYPE_BOOLEAN)
    g_value_set_boolean (value, *(const gboolean *) field);
  else if (type == G_TYPE_INT)
    g_value_set_int (value, *(const int *) field);
  else if (type == G_TYPE_UINT)
    g_value_set_uint (value, *(const guint *) field);
  else if (type == G_TYPE_UINT64)
    g_value_set_uint64 (value, *(const guint64 *) field);
  else if (type == G_TYPE_DOUBLE)
    g_value_set_double (value, *(const double *) field);
  else if (type == G_TYPE_STRING)
    g_value_set_string (value, *(const char *const *) field);
  else if (type == G_TYPE_STRV || type == G_TYPE_HASH_TABLE)
    g_value_set_boxed (value, *(const gconstpointer *) field);
  else
    g_assert_not_reached ();
}

#define SET_NUMBER(ctype, get) \
  do \
    { \
      ctype *place = field; \
      gboolean changed = *place != get (value); \
\
      *place = get (value); \
      return changed; \
    } \
  while (0)

static gboolean
set_string (char **place, const char *text)
{
  if (g_strcmp0 (*place, text) == 0)
    return FALSE;

  g_free (*place);
  *place = g_strdup (text);

  return TRUE;
}

static gboolean
set_strv (char ***place, char **texts)
{
  if (*place == texts
      || (*place != NULL && texts != NULL
          && g_strv_equal ((const char *const *) *place, (const char *const *) texts)))
    return FALSE;

  g_strfreev (*place);
  *place = g_strdupv (texts);

  return TRUE;
}

GHashTable *
ef_option_field_new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* Takes a copy: what the caller does to its table later is no change of the property. */
static gboolean
set_table (GHashTable **place, GHashTable *table)
{
  GHashTable *copy = ef_option_field_new_table ();
  GHashTableIter iter;
  gpointer name;
  gpointer text;

  if (table != NULL)
    {
      g_hash_table_iter_init (&iter, table);
      while (g_hash_table_iter_next (&iter, &name, &text))
        g_hash_table_insert (copy, g_strdup (name), g_strdup (text));
    }

  g_hash_table_unref (*place);
  *place = copy;

  return TRUE;
}

/* Returns whether that is a change. */
gboolean
ef_option_field_set (gpointer field, const GValue *value)
{
  GType type = G_VALUE_TYPE (value);

  if (type == G_TYPE_BOOLEAN)
    SET_NUMBER (gboolean, g_value_get_boolean);
  if (type == G_TYPE_INT)
    SET_NUMBER (int, g_value_get_int);
  if (type == G_TYPE_UINT)
    SET_NUMBER (guint, g_value_get_uint);
  if (type == G_TYPE_UINT64)
    SET_NUMBER (guint64, g_value_get_uint64);
  if (type == G_TYPE_DOUBLE)
    SET_NUMBER (double, g_value_get_double);
  if (type == G_TYPE_STRING)
    return set_string (field, g_value_get_string (value));
  if (type == G_TYPE_STRV)
    return set_strv (field, g_value_get_boxed (value));

  g_assert (type == G_TYPE_HASH_TABLE);
  return set_table (field, g_value_get_boxed (value));
}
