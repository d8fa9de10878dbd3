/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-forever.h"

#include <string.h>

#include "ef-sql-extreme.h"

/* SQLite forgets what an aggregate has seen when its rows are through. So each call becomes one of a
 * function of its own, which remembers, and gets what the query groups by as further arguments:
 *
 *   SELECT s, maxForever(p) FROM t GROUP BY s     SELECT s, "_forever_1"(p, s) FROM t GROUP BY s
 *
 * Calls that are written alike are the same one: SQLite may leave one in the results out because of
 * the one in HAVING. */

typedef struct
{
  guint index;   /* of the name */
  guint close;   /* the parenthesis that ends the call */
  char *written; /* name, arguments and keys, for comparing */
  char *name;    /* of the function in SQLite */
  GArray *keys;  /* EfSqlStretch */
} Call;

struct _EfSqlForever
{
  EfSqlDatabase *database; /* kept alive by the owner */
  const EfSqlText *text;   /* only while it is made and the query compiled */
  EfSchema *input;
  gboolean has_window;
  guint max_groups;
  GPtrArray *calls;
};

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->written);
  g_free (call->name);
  g_clear_pointer (&call->keys, g_array_unref);
  g_free (call);
}

gboolean
ef_sql_forever_is_call (const EfSqlText *text, guint index)
{
  return ef_sql_text_is_call (text, index) && (ef_sql_text_is_word (text, index, "maxForever") ||
                                               ef_sql_text_is_word (text, index, "minForever"));
}

/* What the call is grouped by */

/* The SELECT that a piece belongs to, or 0: it is the nearest before it, at the same depth or with
 * nothing but open parentheses in between. */
static guint
find_own_select (const EfSqlText *text, guint index)
{
  guint depth = ef_sql_text_get (text, index)->depth;

  for (guint i = index; i-- > 0;)
    {
      if (ef_sql_text_get (text, i)->depth > depth)
        continue;
      if (ef_sql_text_is_word (text, i, "SELECT"))
        return i;
      depth = ef_sql_text_get (text, i)->depth;
    }

  return 0;
}

static gboolean
ends_clause (const EfSqlText *text, guint index, guint depth)
{
  static const char *const words[] = { "HAVING",    "ORDER",  "LIMIT",    "WINDOW",
                                       "UNION",     "EXCEPT", "INTERSECT", "RETURNING",
                                       "FROM",      "WHERE",  "GROUP",     "SELECT" };

  if (ef_sql_text_is_end (text, index) || ef_sql_text_get (text, index)->depth < depth)
    return TRUE;
  if (ef_sql_text_get (text, index)->depth > depth)
    return FALSE;
  if (ef_sql_text_is_symbol (text, index, ';'))
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (ef_sql_text_is_word (text, index, words[i]))
      return TRUE;

  return FALSE;
}

/* What stands between commas, from @first up to the end of the clause. */
static GArray *
split_clause (const EfSqlText *text, guint first)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (EfSqlStretch));
  guint depth = ef_sql_text_get (text, first)->depth;
  EfSqlStretch item = { first, first };
  gboolean ended;

  do
    {
      ended = ends_clause (text, item.end, depth);
      if (!ended && (ef_sql_text_get (text, item.end)->depth != depth ||
                     !ef_sql_text_is_symbol (text, item.end, ',')))
        {
          item.end++;
          continue;
        }
      if (item.end > item.first)
        g_array_append_val (items, item);
      item.first = ++item.end;
    }
  while (!ended);

  return items;
}

static gboolean
is_name_or_value (const EfSqlText *text, guint index)
{
  EfSqlTokenKind kind = ef_sql_text_get (text, index)->token.kind;

  return kind != EF_SQL_TOKEN_SYMBOL && kind != EF_SQL_TOKEN_END;
}

/* Where the alias of a result is, or its end. */
static guint
find_alias (const EfSqlText *text, const EfSqlStretch *item)
{
  guint last = item->end - 1;

  if (last < item->first + 1 || !is_name_or_value (text, last) || ef_sql_text_is_word (text, last, "END"))
    return item->end;
  if (is_name_or_value (text, last - 1) || ef_sql_text_is_symbol (text, last - 1, ')'))
    return last;

  return item->end;
}

static gboolean
is_input_column (EfSqlForever *self, guint index)
{
  for (guint i = 0; i < ef_schema_get_n_columns (self->input); i++)
    if (ef_sql_token_is_name (&ef_sql_text_get (self->text, index)->token, self->text->text,
                              ef_schema_get_column_name (self->input, i)))
      return TRUE;

  return FALSE;
}

/* GROUP BY may mean a result by its name or its number, of which an argument knows nothing: then it is
 * what makes that result. */
static EfSqlStretch
resolve_key (EfSqlForever *self, guint select, const EfSqlStretch *key)
{
  const EfSqlText *text = self->text;
  const EfSqlToken *token = &ef_sql_text_get (text, key->first)->token;
  g_autofree char *value = ef_sql_token_dup_value (token, text->text);
  g_autoptr (GArray) results = NULL;
  guint first = select + 1;

  if (key->end != key->first + 1 ||
      (token->kind != EF_SQL_TOKEN_NUMBER && is_input_column (self, key->first)))
    return *key;

  if (ef_sql_text_is_word (text, first, "DISTINCT") || ef_sql_text_is_word (text, first, "ALL"))
    first++;
  results = split_clause (text, first);
  for (guint i = 0; i < results->len; i++)
    {
      EfSqlStretch result = g_array_index (results, EfSqlStretch, i);
      guint alias = find_alias (text, &result);

      if (token->kind == EF_SQL_TOKEN_NUMBER
            ? g_ascii_strtoull (value, NULL, 10) != i + 1
            : alias == result.end ||
                !ef_sql_token_is_name (&ef_sql_text_get (text, alias)->token, text->text, value))
        continue;

      result.end = ef_sql_text_is_word (text, alias - 1, "AS") ? alias - 1 : alias;
      return result;
    }

  return *key;
}

static GArray *
find_keys (EfSqlForever *self, guint index)
{
  guint select = find_own_select (self->text, index);
  guint depth = ef_sql_text_get (self->text, select)->depth;
  guint group = select + 1;
  GArray *keys;

  while (!ef_sql_text_is_end (self->text, group) &&
         (ef_sql_text_get (self->text, group)->depth > depth ||
          (ef_sql_text_get (self->text, group)->depth == depth &&
           !ef_sql_text_is_word (self->text, group, "GROUP") &&
           !ef_sql_text_is_word (self->text, group, "SELECT"))))
    group++;
  if (ef_sql_text_get (self->text, group)->depth != depth ||
      !ef_sql_text_is_word (self->text, group, "GROUP"))
    return g_array_new (FALSE, FALSE, sizeof (EfSqlStretch));

  keys = split_clause (self->text, group + 2);
  for (guint i = 0; i < keys->len; i++)
    {
      EfSqlStretch *key = &g_array_index (keys, EfSqlStretch, i);

      *key = resolve_key (self, select, key);
    }

  return keys;
}

/* Making it */

static gboolean
fail (EfSqlForever *self, guint index, const char *what, gsize *error_offset, GError **error)
{
  g_autofree char *name =
    ef_sql_token_dup_value (&ef_sql_text_get (self->text, index)->token, self->text->text);
  g_autofree char *message = g_strdup_printf ("%s() %s", name, what);

  return ef_sql_text_fail (self->text, index, error_offset, error, message);
}

static gboolean
check_call (EfSqlForever *self, const Call *call, gsize *error_offset, GError **error)
{
  guint open = call->index + 1;
  guint n_arguments = call->close > open + 1 ? 1 : 0;

  for (guint i = open + 1; i < call->close; i++)
    if (ef_sql_text_get (self->text, i)->depth == ef_sql_text_get (self->text, open)->depth + 1 &&
        ef_sql_text_is_symbol (self->text, i, ','))
      n_arguments++;
  if (n_arguments != 1)
    return fail (self, call->index, "takes one value", error_offset, error);
  if (ef_sql_text_is_word (self->text, call->close + 1, "OVER"))
    return fail (self, call->index, "has no OVER: it is over all events there were", error_offset,
                 error);

  for (guint k = 0; k < call->keys->len; k++)
    {
      const EfSqlStretch *key = &g_array_index (call->keys, EfSqlStretch, k);

      for (guint i = key->first; i < key->end; i++)
        if (ef_sql_forever_is_call (self->text, i))
          return fail (self, i, "is what a group gives: there is no grouping by it", error_offset,
                       error);
    }

  return TRUE;
}

static void
append_stretch (GString *out, const EfSqlText *text, guint first, guint end)
{
  for (guint i = first; i < end; i++)
    {
      const EfSqlToken *token = &ef_sql_text_get (text, i)->token;

      g_string_append_len (out, text->text + token->offset, (gssize) token->length);
      g_string_append_c (out, ' ');
    }
}

static char *
write_call (const EfSqlText *text, const Call *call)
{
  g_autoptr (GString) written = g_string_new (NULL);

  append_stretch (written, text, call->index, call->close);
  for (guint i = 0; i < call->keys->len; i++)
    {
      const EfSqlStretch *key = &g_array_index (call->keys, EfSqlStretch, i);

      g_string_append_c (written, ',');
      append_stretch (written, text, key->first, key->end);
    }

  return g_string_free (g_steal_pointer (&written), FALSE);
}

static const Call *
find_alike (EfSqlForever *self, const Call *call)
{
  for (guint i = 0; i < self->calls->len; i++)
    {
      const Call *other = g_ptr_array_index (self->calls, i);

      if (g_ascii_strcasecmp (other->written, call->written) == 0)
        return other;
    }

  return NULL;
}

static gboolean
add_call (EfSqlForever *self, guint index, gsize *error_offset, GError **error)
{
  Call *call = g_new0 (Call, 1);
  const Call *alike;
  EfSqlExtreme *extreme;

  call->index = index;
  call->close = ef_sql_text_get (self->text, index + 1)->close;
  call->keys = find_keys (self, index);
  call->written = write_call (self->text, call);
  alike = find_alike (self, call);
  if (alike != NULL)
    call->name = g_strdup (alike->name);
  g_ptr_array_add (self->calls, call);

  if (!check_call (self, call, error_offset, error))
    return FALSE;
  if (alike != NULL)
    return TRUE;

  call->name = g_strdup_printf ("_forever_%u", ++self->database->n_functions);
  extreme = ef_sql_extreme_new (ef_sql_text_is_word (self->text, index, "maxForever"),
                                self->max_groups);
  if (!ef_sql_extreme_add (extreme, self->database->db, call->name, call->keys->len,
                           self->has_window))
    return fail (self, index, sqlite3_errmsg (self->database->db), error_offset, error);

  return TRUE;
}

/* Finds the calls of a query and makes the functions that they become. The text is used only by
 * who rewrites it. */
EfSqlForever *
ef_sql_forever_new (EfSqlDatabase *database,
                    const EfSqlText *text,
                    EfSchema *input,
                    gboolean has_window,
                    guint max_groups,
                    gsize *error_offset,
                    GError **error)
{
  g_autoptr (EfSqlForever) self = g_new0 (EfSqlForever, 1);

  self->database = database;
  self->text = text;
  self->input = input;
  self->has_window = has_window;
  self->max_groups = max_groups;
  self->calls = g_ptr_array_new_with_free_func (call_free);
  for (guint i = 0; !ef_sql_text_is_end (text, i); i++)
    if (ef_sql_forever_is_call (text, i) && !add_call (self, i, error_offset, error))
      return NULL;

  return g_steal_pointer (&self);
}

/* Takes the functions away, so that what they remember is gone. No statement may use them. */
void
ef_sql_forever_free (EfSqlForever *self)
{
  for (guint i = 0; i < self->calls->len; i++)
    {
      Call *call = g_ptr_array_index (self->calls, i);

      if (call->name != NULL)
        sqlite3_create_function_v2 (self->database->db, call->name, (int) call->keys->len + 1,
                                    SQLITE_UTF8, NULL, NULL, NULL, NULL, NULL);
    }
  g_ptr_array_unref (self->calls);
  g_free (self);
}

/* What the call that begins at @index is named in SQLite, or %NULL if none does. */
const char *
ef_sql_forever_get_name (const EfSqlForever *self, guint index)
{
  for (guint i = 0; i < self->calls->len; i++)
    {
      const Call *call = g_ptr_array_index (self->calls, i);

      if (call->index == index)
        return call->name;
    }

  return NULL;
}

/* What the call that ends at @close gets as further arguments, as an array of EfSqlStretch, or %NULL if
 * none does. */
const GArray *
ef_sql_forever_get_keys (const EfSqlForever *self, guint close)
{
  for (guint i = 0; i < self->calls->len; i++)
    {
      const Call *call = g_ptr_array_index (self->calls, i);

      if (call->close == close)
        return call->keys;
    }

  return NULL;
}
