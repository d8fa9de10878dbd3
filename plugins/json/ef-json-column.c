/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What each kind of JSON value becomes in each type of column. */

#include "ef-json-reader-private.h"

#include "ef-json-number.h"
#include "ef-json-string.h"

/* The value does not fit. It is still gone over: broken JSON is the worse of two errors. */
static const char *
misfit (EfJsonReader *self, guint column, const char *p, const char *problem)
{
  const char *end = ef_json_reader_skip (self, p);

  if (end != NULL)
    {
      self->complaint = problem;
      self->column = (gint) column;
      self->value = p;
      self->value_end = end;
    }

  return NULL;
}

static inline void
set_slice (EfJsonReader *self, guint column, EfColumnType type, const char *start, const char *end)
{
  EfValue *value = &self->values[column];

  value->v_data = start;
  value->length = (guint32) (end - start);
  value->type = type;
}

/* Room in the event being built, where values may move to make it. */
static char *
reserve (EfJsonReader *self, gsize room)
{
  return ef_event_builder_reserve (self->builder, 0, room);
}

static void
commit (EfJsonReader *self, guint column, EfColumnType type, gsize length)
{
  ef_event_builder_commit (self->builder, column, type, length);
  self->values = ef_event_builder_peek_values (self->builder);
}

/* A string as it is, which lies in the message already if nothing in it is escaped. */
static const char *
read_string (EfJsonReader *self, guint column, const char *p)
{
  gboolean escaped = FALSE;
  const char *start = p + 1;
  const char *end = ef_json_scan_string (&self->scan, start, &escaped);

  if (end == NULL)
    return NULL;

  if (G_LIKELY (!escaped))
    {
      set_slice (self, column, EF_COLUMN_STRING, start, end);
    }
  else
    {
      gsize length = (gsize) (end - start);

      commit (self, column, EF_COLUMN_STRING,
              ef_json_string_unescape (reserve (self, length), start, length));
    }

  return end + 1;
}

/* A value of any kind as its JSON text. An event is printed on one line, so line breaks between the
 * values go. */
static const char *
read_text (EfJsonReader *self, guint column, EfColumnType type, const char *p)
{
  const char *end = ef_json_reader_skip (self, p);
  gsize length;

  if (end == NULL)
    return NULL;

  length = (gsize) (end - p);
  if ((*p == '{' || *p == '[')
      && (memchr (p, '\n', length) != NULL || memchr (p, '\r', length) != NULL))
    commit (self, column, type, ef_json_string_compact (reserve (self, length), p, length));
  else
    set_slice (self, column, type, p, end);

  return end;
}

/* Returns what is wrong with the number, if anything is. */
static const char *
set_number (EfJsonReader *self, guint column, EfColumnType type, const EfJsonNumber *number)
{
  EfValue *value = &self->values[column];
  const char *problem = NULL;

  if (type == EF_COLUMN_INT || type == EF_COLUMN_LONG)
    {
      gint64 integer = 0;

      if (G_LIKELY (number->exponent == 0 && number->digits <= G_MAXINT64 && !number->cut))
        integer = number->negative ? -(gint64) number->digits : (gint64) number->digits;
      else
        problem = ef_json_number_to_int64 (number, &integer);

      if (problem == NULL && type == EF_COLUMN_INT && integer != (gint32) integer)
        problem = EF_JSON_OUT_OF_RANGE;
      value->v_int = integer;
    }
  else if (!(type == EF_COLUMN_FLOAT ? ef_json_number_to_float (number, &value->v_double)
                                     : ef_json_number_to_double (number, &value->v_double)))
    {
      problem = EF_JSON_OUT_OF_RANGE;
    }

  if (problem == NULL)
    value->type = type;

  return problem;
}

static inline gboolean
begins_number (const EfJsonScan *scan, const char *p)
{
  return p < scan->end && (ef_json_is_digit (*p) || *p == '-');
}

/* A number in a string with escapes, if it is one. */
static const char *
set_escaped_number (EfJsonReader *self,
                    guint column,
                    EfColumnType type,
                    const char *start,
                    const char *end)
{
  EfJsonScan scan = { 0 };
  EfJsonNumber number;

  g_string_set_size (self->unescaped, (gsize) (end - start));
  scan.start = self->unescaped->str;
  scan.end = scan.start
             + ef_json_string_unescape (self->unescaped->str, start, (gsize) (end - start));

  if (!begins_number (&scan, scan.start)
      || ef_json_number_read (&number, &scan, scan.start) != scan.end)
    return "is not a number";

  return set_number (self, column, type, &number);
}

/* A string all of which is a number. */
static const char *
read_quoted_number (EfJsonReader *self, guint column, EfColumnType type, const char *p)
{
  EfJsonScan scan = self->scan;
  EfJsonNumber number;
  gboolean escaped = FALSE;
  const char *problem, *end;

  /* Straight to the number: where it ends in a quote, there is no need to look for that first. */
  if (begins_number (&scan, p + 1))
    {
      end = ef_json_number_read (&number, &scan, p + 1);
      if (end != NULL && end < scan.end && *end == '"')
        {
          problem = set_number (self, column, type, &number);
          return problem == NULL ? end + 1 : misfit (self, column, p, problem);
        }
    }

  end = ef_json_scan_string (&self->scan, p + 1, &escaped);
  if (end == NULL)
    return NULL;

  problem = "is not a number";
  if (escaped)
    problem = set_escaped_number (self, column, type, p + 1, end);

  return problem == NULL ? end + 1 : misfit (self, column, p, problem);
}

static const char *
read_number (EfJsonReader *self, guint column, EfColumnType type, const char *p)
{
  EfJsonNumber number;
  const char *problem, *end;

  if (*p == '"')
    return read_quoted_number (self, column, type, p);

  if (!begins_number (&self->scan, p))
    return misfit (self, column, p, "is not a number");

  end = ef_json_number_read (&number, &self->scan, p);
  if (end == NULL)
    return NULL;

  problem = set_number (self, column, type, &number);

  return problem == NULL ? end : misfit (self, column, p, problem);
}

/* A number keeps its kind: an integer of 64 bits, or else a double. */
static const char *
read_any_number (EfJsonReader *self, guint column, const char *p)
{
  EfJsonNumber number;
  const char *end = ef_json_number_read (&number, &self->scan, p);
  const char *problem = NULL;

  if (end == NULL)
    return NULL;

  if (!number.whole || set_number (self, column, EF_COLUMN_LONG, &number) != NULL)
    problem = set_number (self, column, EF_COLUMN_DOUBLE, &number);

  return problem == NULL ? end : misfit (self, column, p, problem);
}

static const char *
read_boolean (EfJsonReader *self, guint column, const char *p)
{
  EfValue *value = &self->values[column];
  gboolean quoted = *p == '"';
  const char *word = p + quoted;
  const char *end;
  gsize length;

  if (*p != 't' && *p != 'f' && !quoted)
    return misfit (self, column, p, "is neither true nor false");

  end = ef_json_reader_skip (self, p);
  if (end == NULL)
    return NULL;

  length = (gsize) (end - word) - quoted;
  value->v_int = length == 4 && memcmp (word, "true", 4) == 0;
  if (value->v_int == 0 && !(length == 5 && memcmp (word, "false", 5) == 0))
    return misfit (self, column, p, "is neither true nor false");

  value->type = EF_COLUMN_BOOL;

  return end;
}

static const char *
read_bytes (EfJsonReader *self, guint column, const char *p)
{
  gboolean escaped = FALSE;
  const char *text = p + 1;
  const char *end;
  gsize length;
  gssize decoded;

  if (*p != '"')
    return misfit (self, column, p, "is not a string");

  end = ef_json_scan_string (&self->scan, text, &escaped);
  if (end == NULL)
    return NULL;

  length = (gsize) (end - text);
  if (escaped)
    {
      g_string_set_size (self->unescaped, length);
      length = ef_json_string_unescape (self->unescaped->str, text, length);
      text = self->unescaped->str;
    }

  decoded = ef_json_string_decode_base64 (reserve (self, length), text, length);
  if (decoded < 0)
    return misfit (self, column, p, "is not base64");
  commit (self, column, EF_COLUMN_BYTES, (gsize) decoded);

  return end + 1;
}

static const char *
read_any (EfJsonReader *self, guint column, const char *p)
{
  if (*p == '"')
    return read_string (self, column, p);
  if (*p == '{' || *p == '[')
    return read_text (self, column, EF_COLUMN_JSON, p);
  if (begins_number (&self->scan, p))
    return read_any_number (self, column, p);

  return read_boolean (self, column, p);
}

/* Reads the value at @p, which is there, into a column. */
const char *
ef_json_reader_read_column (EfJsonReader *self, guint column, const char *p)
{
  EfColumnType type = self->plan->types[column];

  if (G_UNLIKELY (*p == 'n'))
    {
      self->values[column].type = EF_COLUMN_NULL;
      return ef_json_scan_word (&self->scan, p);
    }

  switch (type)
    {
    case EF_COLUMN_STRING:
      return *p == '"' ? read_string (self, column, p) : read_text (self, column, type, p);
    case EF_COLUMN_INT:
    case EF_COLUMN_LONG:
    case EF_COLUMN_FLOAT:
    case EF_COLUMN_DOUBLE:
      return read_number (self, column, type, p);
    case EF_COLUMN_BOOL:
      return read_boolean (self, column, p);
    case EF_COLUMN_BYTES:
      return read_bytes (self, column, p);
    case EF_COLUMN_JSON:
      return read_text (self, column, type, p);
    case EF_COLUMN_ANY:
      return read_any (self, column, p);
    case EF_COLUMN_NULL:
    default:
      g_return_val_if_reached (NULL);
    }
}
