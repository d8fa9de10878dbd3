/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-text.h"

#include <string.h>

#include "ef-sql-names.h"

/* What is known of a query without SQLite: enough to find its stream, and to tell the types of results
 * that SQLite has no word for. */

/* Fails at a piece. */
gboolean
ef_sql_text_fail (
  const EfSqlText *self, guint index, gsize *error_offset, GError **error, const char *message)
{
  *error_offset = ef_sql_text_get (self, index)->token.offset;
  g_set_error_literal (error, EF_ERROR, EF_ERROR_SYNTAX, message);

  return FALSE;
}

static gboolean
begins_query (const EfSqlText *self, guint index)
{
  return ef_sql_text_is_word (self, index, "SELECT") || ef_sql_text_is_word (self, index, "WITH") ||
         ef_sql_text_is_word (self, index, "VALUES");
}

/* Finds the partner of each parenthesis, and what is within subqueries. */
static gboolean
match_parentheses (EfSqlText *self, gsize *error_offset, GError **error)
{
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (guint));
  guint subquery_depth = 0;

  for (guint i = 0; i < self->pieces->len; i++)
    {
      EfSqlPiece *piece = &g_array_index (self->pieces, EfSqlPiece, i);

      if (ef_sql_text_is_symbol (self, i, ')'))
        {
          guint last;

          if (open->len == 0)
            return ef_sql_text_fail (self, i, error_offset, error, "this “)” closes nothing");
          last = g_array_index (open, guint, open->len - 1);
          g_array_index (self->pieces, EfSqlPiece, last).close = i;
          g_array_set_size (open, open->len - 1);
          if (subquery_depth > open->len)
            subquery_depth = 0;
        }

      piece->depth = open->len;
      piece->subquery = subquery_depth > 0;

      if (ef_sql_text_is_symbol (self, i, '('))
        {
          g_array_append_val (open, i);
          if (subquery_depth == 0 && begins_query (self, i + 1))
            subquery_depth = open->len;
        }
    }

  if (open->len > 0)
    return ef_sql_text_fail (self, g_array_index (open, guint, open->len - 1), error_offset, error,
                      "this “(” is not closed");

  return TRUE;
}

/* Makes one word of `str:upper`: a word with what SQL takes for a parameter, right behind it, and an opening
 * parenthesis behind that. */
static void
join_prefix (EfSqlText *self)
{
  guint n = self->pieces->len;
  EfSqlPiece *last, *before;

  if (n < 3 || !ef_sql_text_is_symbol (self, n - 1, '('))
    return;

  last = &g_array_index (self->pieces, EfSqlPiece, n - 2);
  before = &g_array_index (self->pieces, EfSqlPiece, n - 3);
  if (before->token.kind != EF_SQL_TOKEN_WORD || last->token.kind != EF_SQL_TOKEN_VARIABLE ||
      self->text[last->token.offset] != ':' ||
      last->token.offset != before->token.offset + before->token.length)
    return;

  before->token.length += last->token.length;
  g_array_remove_index (self->pieces, n - 2);
}

/* Takes a text apart. It must live as long as what is returned. */
EfSqlText *
ef_sql_text_new (const char *text, gsize *error_offset, GError **error)
{
  g_autoptr (EfSqlText) self = g_new0 (EfSqlText, 1);
  EfSqlPiece piece = { 0 };

  self->text = text;
  self->pieces = g_array_new (FALSE, FALSE, sizeof (EfSqlPiece));

  do
    {
      ef_sql_token_next (text, piece.token.offset + piece.token.length, &piece.token);
      g_array_append_val (self->pieces, piece);
      join_prefix (self);
    }
  while (piece.token.kind != EF_SQL_TOKEN_END && piece.token.kind != EF_SQL_TOKEN_UNFINISHED);

  for (guint i = 0; i < self->pieces->len; i++)
    {
      EfSqlTokenKind kind = ef_sql_text_get (self, i)->token.kind;

      if (kind == EF_SQL_TOKEN_UNFINISHED || kind == EF_SQL_TOKEN_VARIABLE)
        {
          ef_sql_text_fail (self, i, error_offset, error,
                     kind == EF_SQL_TOKEN_VARIABLE ? "there is nothing to bind to a parameter here"
                                                   : "this is not closed");
          return NULL;
        }
    }

  return match_parentheses (self, error_offset, error) ? g_steal_pointer (&self) : NULL;
}

void
ef_sql_text_free (EfSqlText *self)
{
  g_array_unref (self->pieces);
  g_free (self);
}

const EfSqlPiece *
ef_sql_text_get (const EfSqlText *self, guint index)
{
  return &g_array_index (self->pieces, EfSqlPiece, MIN (index, self->pieces->len - 1));
}

gboolean
ef_sql_text_is_word (const EfSqlText *self, guint index, const char *word)
{
  return ef_sql_token_is_word (&ef_sql_text_get (self, index)->token, self->text, word);
}

gboolean
ef_sql_text_is_symbol (const EfSqlText *self, guint index, char symbol)
{
  return ef_sql_token_is_symbol (&ef_sql_text_get (self, index)->token, self->text, symbol);
}

gboolean
ef_sql_text_is_call (const EfSqlText *self, guint index)
{
  return ef_sql_text_get (self, index)->token.kind == EF_SQL_TOKEN_WORD &&
         ef_sql_text_is_symbol (self, index + 1, '(');
}

gboolean
ef_sql_text_is_end (const EfSqlText *self, guint index)
{
  return index + 1 >= self->pieces->len;
}

static gboolean
is_identifier (const EfSqlText *self, guint index)
{
  EfSqlTokenKind kind = ef_sql_text_get (self, index)->token.kind;

  return kind == EF_SQL_TOKEN_WORD || kind == EF_SQL_TOKEN_NAME;
}

/* The outermost SELECT, or the end. */
guint
ef_sql_text_find_select (const EfSqlText *self)
{
  guint i = 0;

  while (!ef_sql_text_is_end (self, i) &&
         (ef_sql_text_get (self, i)->depth > 0 || !ef_sql_text_is_word (self, i, "SELECT")))
    i++;

  return i;
}

/* A clause of the query that begins at @select, or the end. */
guint
ef_sql_text_find_clause (const EfSqlText *self, guint select, const char *keyword)
{
  guint i = select;

  while (!ef_sql_text_is_end (self, i) &&
         (ef_sql_text_get (self, i)->depth > ef_sql_text_get (self, select)->depth ||
          !ef_sql_text_is_word (self, i, keyword)))
    i++;

  return i;
}

/* Whether `name AS (` or `name (…) AS (` stands here, behind WITH or another one of these. */
static gboolean
defines_expression (const EfSqlText *self, guint index)
{
  guint next = index + 1;

  if (index == 0 || !is_identifier (self, index) ||
      !(ef_sql_text_is_word (self, index - 1, "WITH") ||
        ef_sql_text_is_word (self, index - 1, "RECURSIVE") ||
        ef_sql_text_is_symbol (self, index - 1, ',')))
    return FALSE;

  if (ef_sql_text_is_symbol (self, next, '('))
    next = ef_sql_text_get (self, next)->close + 1;

  return ef_sql_text_is_word (self, next, "AS") && ef_sql_text_is_symbol (self, next + 1, '(');
}

/* What is read behind a FROM, unless the query itself defines it. */
static char *
dup_source (const EfSqlText *self, guint from)
{
  g_autofree char *name = NULL;

  if (!ef_sql_text_is_word (self, from, "FROM") || !is_identifier (self, from + 1) ||
      (from > 0 && ef_sql_text_is_word (self, from - 1, "DELETE")))
    return NULL;

  name = ef_sql_token_dup_value (&ef_sql_text_get (self, from + 1)->token, self->text);
  for (guint i = 0; i < from; i++)
    if (defines_expression (self, i) &&
        ef_sql_token_is_name (&ef_sql_text_get (self, i)->token, self->text, name))
      return NULL;

  return g_steal_pointer (&name);
}

/* The first name that follows a FROM, be it that of the outermost query or, as in an UPDATE that
 * looks something up, one further in. */
char *
ef_sql_text_dup_stream (const EfSqlText *self)
{
  guint select = ef_sql_text_find_select (self);
  char *stream = dup_source (self, ef_sql_text_find_clause (self, select, "FROM"));

  for (guint i = 0; stream == NULL && !ef_sql_text_is_end (self, i); i++)
    stream = dup_source (self, i);

  return stream;
}

/* The last word of its kind within the parentheses that open at @open, though in none of those within,
 * or 0. */
guint
ef_sql_text_find_within (const EfSqlText *self, guint open, const char *word)
{
  for (guint i = ef_sql_text_get (self, open)->close; i > open; i--)
    if (ef_sql_text_get (self, i)->depth == ef_sql_text_get (self, open)->depth + 1 &&
        ef_sql_text_is_word (self, i, word))
      return i;

  return 0;
}

/* Columns */

/* Whether a `*` is one of "SELECT *", "t.*" rather than a product or count(*). */
static gboolean
is_star (const EfSqlText *self, guint index)
{
  if (index == 0 || !ef_sql_text_is_symbol (self, index, '*'))
    return FALSE;

  return ef_sql_text_is_symbol (self, index - 1, '.') ||
         ef_sql_text_is_symbol (self, index - 1, ',') ||
         ef_sql_text_is_word (self, index - 1, "SELECT") ||
         ef_sql_text_is_word (self, index - 1, "DISTINCT") ||
         ef_sql_text_is_word (self, index - 1, "ALL");
}

/* Whether a query may read a column. */
gboolean
ef_sql_text_uses_column (const EfSqlText *self, const char *column)
{
  for (guint i = 0; !ef_sql_text_is_end (self, i); i++)
    if (is_star (self, i) || ef_sql_text_is_word (self, i, "NATURAL") ||
        ef_sql_token_is_name (&ef_sql_text_get (self, i)->token, self->text, column))
      return TRUE;

  return FALSE;
}

/* Types of functions' results. `ANY` stands for that of the argument. */
static const struct
{
  const char *name;
  EfColumnType type;
} functions[] = {
  { "count", EF_COLUMN_LONG },
  { "distinctcount", EF_COLUMN_LONG },
  { "length", EF_COLUMN_LONG },
  { "instr", EF_COLUMN_LONG },
  { "unixepoch", EF_COLUMN_LONG },
  { "window_start", EF_COLUMN_LONG },
  { "window_end", EF_COLUMN_LONG },
  { "event_timestamp", EF_COLUMN_LONG },
  { "eventTimestamp", EF_COLUMN_LONG },
  { "now", EF_COLUMN_LONG },
  { "currentTimeMillis", EF_COLUMN_LONG },
  { "position", EF_COLUMN_LONG },
  { "starts_with", EF_COLUMN_BOOL },
  { "startsWith", EF_COLUMN_BOOL },
  { "ends_with", EF_COLUMN_BOOL },
  { "endsWith", EF_COLUMN_BOOL },
  { "contains", EF_COLUMN_BOOL },
  { "is_null", EF_COLUMN_BOOL },
  { "is_not_null", EF_COLUMN_BOOL },
  { "uuid", EF_COLUMN_STRING },
  { "reverse", EF_COLUMN_STRING },
  { "repeat", EF_COLUMN_STRING },
  { "lpad", EF_COLUMN_STRING },
  { "rpad", EF_COLUMN_STRING },
  { "first", EF_COLUMN_ANY },
  { "last", EF_COLUMN_ANY },
  { "avg", EF_COLUMN_DOUBLE },
  { "total", EF_COLUMN_DOUBLE },
  { "stddev", EF_COLUMN_DOUBLE },
  { "stddev_pop", EF_COLUMN_DOUBLE },
  { "stddev_samp", EF_COLUMN_DOUBLE },
  { "variance", EF_COLUMN_DOUBLE },
  { "var_pop", EF_COLUMN_DOUBLE },
  { "var_samp", EF_COLUMN_DOUBLE },
  { "round", EF_COLUMN_DOUBLE },
  { "concat", EF_COLUMN_STRING },
  { "concat_ws", EF_COLUMN_STRING },
  { "upper", EF_COLUMN_STRING },
  { "lower", EF_COLUMN_STRING },
  { "substr", EF_COLUMN_STRING },
  { "substr_from_0", EF_COLUMN_STRING },
  { "char_at", EF_COLUMN_STRING },
  { "equals_ignore_case", EF_COLUMN_BOOL },
  { "substring", EF_COLUMN_STRING },
  { "trim", EF_COLUMN_STRING },
  { "ltrim", EF_COLUMN_STRING },
  { "rtrim", EF_COLUMN_STRING },
  { "replace", EF_COLUMN_STRING },
  { "printf", EF_COLUMN_STRING },
  { "format", EF_COLUMN_STRING },
  { "group_concat", EF_COLUMN_STRING },
  { "typeof", EF_COLUMN_STRING },
  { "hex", EF_COLUMN_STRING },
  { "strftime", EF_COLUMN_STRING },
  { "date", EF_COLUMN_STRING },
  { "time", EF_COLUMN_STRING },
  { "datetime", EF_COLUMN_STRING },
  { "json", EF_COLUMN_JSON },
  { "json_array", EF_COLUMN_JSON },
  { "json_object", EF_COLUMN_JSON },
  { "json_group_array", EF_COLUMN_JSON },
  { "json_group_object", EF_COLUMN_JSON },
  { "json_set", EF_COLUMN_JSON },
  { "json_insert", EF_COLUMN_JSON },
  { "json_replace", EF_COLUMN_JSON },
  { "json_remove", EF_COLUMN_JSON },
  { "json_patch", EF_COLUMN_JSON },
  { "min", EF_COLUMN_ANY },
  { "max", EF_COLUMN_ANY },
  { "minForever", EF_COLUMN_ANY },
  { "maxForever", EF_COLUMN_ANY },
  { "sum", EF_COLUMN_ANY },
  { "abs", EF_COLUMN_ANY },
};

/* The type of the pieces from @first up to @end if they are nothing but a column, `ANY` otherwise.
 */
static EfColumnType
type_of_column (const EfSqlText *self, guint first, guint end, EfSchema *input)
{
  if (end == first + 3 && ef_sql_text_is_symbol (self, first + 1, '.'))
    first += 2;
  if (end != first + 1 || !is_identifier (self, first))
    return EF_COLUMN_ANY;

  for (guint i = 0; i < ef_schema_get_n_columns (input); i++)
    if (ef_sql_token_is_name (&ef_sql_text_get (self, first)->token, self->text,
                              ef_schema_get_column_name (input, i)))
      return ef_schema_get_column_type (input, i);

  return EF_COLUMN_ANY;
}

static EfColumnType
type_of_cast (const EfSqlText *self, guint open)
{
  guint as = ef_sql_text_find_within (self, open, "AS");
  EfColumnType type = EF_COLUMN_ANY;
  g_autofree char *name = NULL;

  if (as == 0)
    return EF_COLUMN_ANY;
  name = ef_sql_token_dup_value (&ef_sql_text_get (self, as + 1)->token, self->text);

  return ef_column_type_from_string (name, &type) ? type : EF_COLUMN_ANY;
}

static EfColumnType
type_of_call (const EfSqlText *self, guint first, EfSchema *input)
{
  guint close = ef_sql_text_get (self, first + 1)->close;
  EfColumnType type;

  if (ef_sql_text_is_word (self, first, "CAST"))
    return type_of_cast (self, first + 1);

  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      if (!ef_sql_names_is_call (self, first, functions[i].name))
        continue;
      if (functions[i].type != EF_COLUMN_ANY)
        return functions[i].type;

      type = type_of_column (self, first + 2, close, input);
      if (!ef_sql_names_is_call (self, first, "sum"))
        return type;

      /* A sum of integers is a 64-bit one, or an error. */
      if (type == EF_COLUMN_INT || type == EF_COLUMN_LONG)
        return EF_COLUMN_LONG;
      return type == EF_COLUMN_FLOAT || type == EF_COLUMN_DOUBLE ? EF_COLUMN_DOUBLE : EF_COLUMN_ANY;
    }

  return EF_COLUMN_ANY;
}

static EfColumnType
type_of_literal (const EfSqlText *self, guint index)
{
  const EfSqlToken *token = &ef_sql_text_get (self, index)->token;

  if (token->kind == EF_SQL_TOKEN_STRING)
    return EF_COLUMN_STRING;
  if (token->kind != EF_SQL_TOKEN_NUMBER)
    return EF_COLUMN_ANY;

  for (gsize i = 0; i < token->length; i++)
    if (!g_ascii_isdigit (self->text[token->offset + i]))
      return EF_COLUMN_DOUBLE;

  return token->length < 19 ? EF_COLUMN_LONG : EF_COLUMN_ANY;
}

/* The type of a result `expression [[AS] name]`. */
static EfColumnType
type_of_result (const EfSqlText *self, guint first, guint end, EfSchema *input)
{
  guint length;
  guint rest;

  length =
    ef_sql_text_is_call (self, first) ? ef_sql_text_get (self, first + 1)->close + 1 - first : 1;
  rest = end - first - length;
  if (rest > 2 || (rest == 2 && !ef_sql_text_is_word (self, first + length, "AS")) ||
      (rest == 1 && !is_identifier (self, first + length)))
    return EF_COLUMN_ANY;

  return length > 1 ? type_of_call (self, first, input) : type_of_literal (self, first);
}

/* Finds types for those results of the outermost query that are `ANY` so far. */
void
ef_sql_text_infer_types (const EfSqlText *self,
                         EfSchema *input,
                         EfColumnType *types,
                         guint n_columns)
{
  guint select = ef_sql_text_find_select (self);
  guint depth = ef_sql_text_get (self, select)->depth;
  guint from = ef_sql_text_find_clause (self, select, "FROM");
  g_autofree EfColumnType *found = g_new (EfColumnType, n_columns + 1);
  guint first = select + 1, n_found = 0;

  if (ef_sql_text_is_word (self, first, "DISTINCT") || ef_sql_text_is_word (self, first, "ALL"))
    first++;

  for (guint i = first; i <= from; i++)
    {
      const EfSqlPiece *piece = ef_sql_text_get (self, i);

      if (i < from && (piece->depth > depth || !ef_sql_text_is_symbol (self, i, ',')))
        continue;
      /* The columns of a star are not counted here: which result is which can not be told. */
      if (is_star (self, i - 1) || n_found == n_columns || i == first)
        return;
      found[n_found++] = type_of_result (self, first, i, input);
      first = i + 1;
    }

  if (n_found != n_columns)
    return;

  for (guint i = 0; i < n_columns; i++)
    if (types[i] == EF_COLUMN_ANY)
      types[i] = found[i];
}
