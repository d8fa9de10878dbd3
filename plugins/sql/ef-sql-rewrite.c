/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-rewrite.h"

#include <string.h>

#include "ef-sql-names.h"

/* SQLite takes a query nearly as it was written. What is replaced: the names of our types, which
 * SQLite would take for something else (a STRING of its own is a number), event_timestamp(), and
 * the beginning, where the stream is bound. */

/* From @written on, the text comes from @origin on. */
typedef struct
{
  gsize written;
  gsize origin;
} Step;

typedef struct
{
  const EfSqlText *text;
  EfSqlRewrite *out;
  gsize copied; /* how much of the text is dealt with */
  const EfSqlForever *forever; /* or NULL */
  const char *stream;          /* that is bound as one row, or NULL */
} Writer;

static EfSqlRewrite *
ef_sql_rewrite_new (void)
{
  EfSqlRewrite *self = g_new0 (EfSqlRewrite, 1);

  self->sql = g_string_new (NULL);
  self->steps = g_array_new (FALSE, FALSE, sizeof (Step));

  return self;
}

void
ef_sql_rewrite_free (EfSqlRewrite *self)
{
  g_string_free (self->sql, TRUE);
  g_array_unref (self->steps);
  g_free (self);
}

static void
add_step (Writer *writer, gsize origin)
{
  Step step = { writer->out->sql->len, origin };

  g_array_append_val (writer->out->steps, step);
}

static void
copy_until (Writer *writer, gsize end)
{
  add_step (writer, writer->copied);
  g_string_append_len (writer->out->sql, writer->text->text + writer->copied,
                       (gssize) (end - writer->copied));
  writer->copied = end;
}

/* Writes something in place of the pieces from @first to @last. */
static void
replace (Writer *writer, guint first, guint last, const char *with)
{
  const EfSqlToken *end = &ef_sql_text_get (writer->text, last)->token;

  copy_until (writer, ef_sql_text_get (writer->text, first)->token.offset);
  g_string_append (writer->out->sql, with);
  writer->copied = end->offset + end->length;
}

/* How SQLite is to know our types: its first word is ours, the others tell SQLite how values
 * compare. */
const char *
ef_sql_rewrite_get_declared_type (EfColumnType type)
{
  switch (type)
    {
    case EF_COLUMN_STRING:
      return "STRING TEXT";
    case EF_COLUMN_INT:
      return "INT";
    case EF_COLUMN_LONG:
      return "LONG INTEGER";
    case EF_COLUMN_FLOAT:
      return "FLOAT";
    case EF_COLUMN_DOUBLE:
      return "DOUBLE";
    case EF_COLUMN_BOOL:
      return "BOOL INTEGER";
    case EF_COLUMN_BYTES:
      return "BYTES BLOB";
    case EF_COLUMN_JSON:
      return "JSON TEXT";
    case EF_COLUMN_ANY:
      return "ANY BLOB";
    case EF_COLUMN_NULL:
    default:
      g_return_val_if_reached ("BLOB");
    }
}

static const char *
get_cast_type (EfColumnType type)
{
  switch (type)
    {
    case EF_COLUMN_STRING:
    case EF_COLUMN_JSON:
      return "TEXT";
    case EF_COLUMN_INT:
    case EF_COLUMN_LONG:
    case EF_COLUMN_BOOL:
      return "INTEGER";
    case EF_COLUMN_FLOAT:
    case EF_COLUMN_DOUBLE:
      return "REAL";
    case EF_COLUMN_NULL:
    case EF_COLUMN_BYTES:
    case EF_COLUMN_ANY:
    default:
      return "BLOB";
    }
}

static gboolean
get_type (const EfSqlText *text, guint index, EfColumnType *type)
{
  g_autofree char *name = NULL;

  if (ef_sql_text_get (text, index)->token.kind != EF_SQL_TOKEN_WORD)
    return FALSE;
  name = ef_sql_token_dup_value (&ef_sql_text_get (text, index)->token, text->text);

  return ef_column_type_from_string (name, type);
}

static gboolean
is_bool_cast (const EfSqlText *text, guint index)
{
  EfColumnType type;
  guint as;

  if (!ef_sql_text_is_word (text, index, "CAST") || !ef_sql_text_is_call (text, index))
    return FALSE;
  as = ef_sql_text_find_within (text, index + 1, "AS");

  return as != 0 && get_type (text, as + 1, &type) && type == EF_COLUMN_BOOL;
}

/* Whether a word stands within the parentheses of a call, as the AS of a CAST does. */
static gboolean
belongs_to (const EfSqlText *text, guint word, const char *keyword, const char *function)
{
  if (!ef_sql_text_is_word (text, word, keyword))
    return FALSE;

  for (guint i = word; i-- > 1;)
    if (ef_sql_text_is_symbol (text, i, '(') &&
        ef_sql_text_get (text, i)->depth + 1 == ef_sql_text_get (text, word)->depth)
      return ef_sql_text_is_word (text, i - 1, function) &&
             ef_sql_text_find_within (text, i, keyword) == word;

  return FALSE;
}

static gboolean
is_timestamp (const EfSqlText *text, guint index)
{
  return (ef_sql_text_is_word (text, index, "event_timestamp") ||
          ef_sql_text_is_word (text, index, "eventTimestamp")) &&
         ef_sql_text_is_symbol (text, index + 1, '(') &&
         ef_sql_text_is_symbol (text, index + 2, ')');
}

static gboolean
is_stream (Writer *writer, guint index)
{
  return index > 0 && ef_sql_text_is_word (writer->text, index - 1, "FROM") &&
         ef_sql_token_is_name (&ef_sql_text_get (writer->text, index)->token, writer->text->text,
                               writer->stream);
}

/* Whether the stream, by its own or another name, is what stands before @index as the first one behind
 * FROM. */
static gboolean
follows_stream (Writer *writer, guint index)
{
  static const char *const kinds[] = { "LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "NATURAL", "INNER" };

  if (index < 3)
    return FALSE;
  if (is_stream (writer, index - 1))
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (ef_sql_text_is_word (writer->text, index - 1, kinds[i]))
      return FALSE;

  return is_stream (writer, index - 2) ||
         (ef_sql_text_is_word (writer->text, index - 2, "AS") && is_stream (writer, index - 3));
}

/* A stream that is one row is the outer loop of a join, and only of a CROSS JOIN SQLite knows that: else it
 * puts the row into a table of its own first, which takes more than half of the time. What is joined stays the
 * same. */
static const char *
get_join (Writer *writer, guint index)
{
  const char *join = NULL;

  if (writer->stream == NULL)
    return NULL;

  if (ef_sql_text_is_symbol (writer->text, index, ','))
    join = " CROSS JOIN ";
  else if (ef_sql_text_is_word (writer->text, index, "JOIN"))
    join = "CROSS JOIN";
  else if (ef_sql_text_is_word (writer->text, index, "INNER"))
    join = "CROSS";

  return join != NULL && follows_stream (writer, index) ? join : NULL;
}

static void
write_piece (Writer *writer, guint index, const char *timestamp)
{
  const EfSqlText *text = writer->text;
  EfColumnType type;

  if (is_bool_cast (text, index))
    replace (writer, index, index, "to_bool");
  else if (belongs_to (text, index, "AS", "CAST") && get_type (text, index + 1, &type))
    {
      if (type == EF_COLUMN_BOOL)
        replace (writer, index, index + 1, "");
      else
        replace (writer, index + 1, index + 1, get_cast_type (type));
    }
  else if (belongs_to (text, index, "IN", "position"))
    replace (writer, index, index, ",");
  else if (timestamp != NULL && is_timestamp (text, index))
    replace (writer, index, index + 2, timestamp);
  else if (get_join (writer, index) != NULL)
    replace (writer, index, index, get_join (writer, index));
  else if (ef_sql_names_find (text, index) != NULL)
    replace (writer, index, index, ef_sql_names_find (text, index));
  else if (writer->forever != NULL && ef_sql_forever_get_name (writer->forever, index) != NULL)
    replace (writer, index, index, ef_sql_forever_get_name (writer->forever, index));
}

/* Writes the arguments that a call of a function that remembers gets besides its own. */
static void
write_keys (Writer *writer, guint close, const char *timestamp)
{
  const EfSqlText *text = writer->text;
  const GArray *keys =
    writer->forever != NULL ? ef_sql_forever_get_keys (writer->forever, close) : NULL;
  gsize place = ef_sql_text_get (text, close)->token.offset;

  for (guint i = 0; keys != NULL && i < keys->len; i++)
    {
      const EfSqlStretch *key = &g_array_index (keys, EfSqlStretch, i);
      const EfSqlToken *last = &ef_sql_text_get (text, key->end - 1)->token;

      copy_until (writer, place);
      g_string_append (writer->out->sql, ", ");
      writer->copied = ef_sql_text_get (text, key->first)->token.offset;
      for (guint k = key->first; k < key->end; k++)
        write_piece (writer, k, timestamp);
      copy_until (writer, last->offset + last->length);
      writer->copied = place;
    }
}

/* Makes a query of what was written. @expression, if any, is a common table expression to begin
 * with, which has @stream be one row. */
EfSqlRewrite *
ef_sql_rewrite_query (const EfSqlText *text,
                      const EfSqlForever *forever,
                      const char *stream,
                      const char *expression,
                      const char *timestamp)
{
  g_autoptr (EfSqlRewrite) self = ef_sql_rewrite_new ();
  Writer writer = { .text = text, .out = self, .forever = forever, .stream = stream };
  guint first = 0;

  if (expression != NULL)
    {
      gboolean has_with = ef_sql_text_is_word (text, 0, "WITH");
      gboolean recursive = has_with && ef_sql_text_is_word (text, 1, "RECURSIVE");

      if (has_with)
        {
          first = recursive ? 2 : 1;
          replace (&writer, 0, first - 1, recursive ? "WITH RECURSIVE " : "WITH ");
        }
      else
        g_string_append (self->sql, "WITH ");
      g_string_append (self->sql, expression);
      g_string_append (self->sql, has_with ? "," : " ");
    }

  for (guint i = first; i + 1 < text->pieces->len; i++)
    {
      write_piece (&writer, i, timestamp);
      write_keys (&writer, i, timestamp);
    }
  copy_until (&writer, strlen (text->text));

  return g_steal_pointer (&self);
}

/* The parenthesis that opens the columns of the CREATE TABLE that begins at @create, or 0. */
static guint
find_columns (const EfSqlText *text, guint create)
{
  guint i = create + 1;

  if (!ef_sql_text_is_word (text, create, "CREATE") || ef_sql_text_get (text, create)->depth > 0)
    return 0;
  if (ef_sql_text_is_word (text, i, "TEMP") || ef_sql_text_is_word (text, i, "TEMPORARY"))
    i++;
  if (!ef_sql_text_is_word (text, i, "TABLE"))
    return 0;

  for (i++; ef_sql_text_get (text, i)->token.kind != EF_SQL_TOKEN_END; i++)
    {
      if (ef_sql_text_is_symbol (text, i, '('))
        return i;
      if (ef_sql_text_is_word (text, i, "AS") || ef_sql_text_is_symbol (text, i, ';'))
        return 0;
    }

  return 0;
}

/* Has the columns of a table keep what our types are. An INTEGER stays one by itself: as the
 * primary key of a table it must be called so. */
static void
write_columns (Writer *writer, guint open)
{
  const EfSqlText *text = writer->text;
  guint depth = ef_sql_text_get (text, open)->depth + 1;

  for (guint i = open; i < ef_sql_text_get (text, open)->close; i++)
    {
      EfColumnType type;

      if (i != open &&
          (ef_sql_text_get (text, i)->depth != depth || !ef_sql_text_is_symbol (text, i, ',')))
        continue;
      if (get_type (text, i + 2, &type) && !ef_sql_text_is_word (text, i + 2, "INTEGER"))
        replace (writer, i + 2, i + 2, ef_sql_rewrite_get_declared_type (type));
    }
}

/* Makes statements that set tables up of what was written. */
EfSqlRewrite *
ef_sql_rewrite_script (const EfSqlText *text)
{
  g_autoptr (EfSqlRewrite) self = ef_sql_rewrite_new ();
  Writer writer = { .text = text, .out = self };

  for (guint i = 0; i + 1 < text->pieces->len; i++)
    {
      guint columns = find_columns (text, i);

      if (columns != 0)
        {
          write_columns (&writer, columns);
          i = ef_sql_text_get (text, columns)->close;
        }
      else
        write_piece (&writer, i, NULL);
    }
  copy_until (&writer, strlen (text->text));

  return g_steal_pointer (&self);
}

/* Where in the text as it was written a place in the SQL comes from. */
gsize
ef_sql_rewrite_get_origin (const EfSqlRewrite *self, gsize offset)
{
  gsize origin = 0;

  for (guint i = 0; i < self->steps->len; i++)
    {
      const Step *step = &g_array_index (self->steps, Step, i);

      if (step->written > offset)
        break;
      origin = step->origin + (offset - step->written);
    }

  return origin;
}
