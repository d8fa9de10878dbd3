/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-window-spec.h"

#include <string.h>

/* The spellings of a window:
 *
 *   TUMBLING(1 min)
 *   ('tumbling', 5 MINUTES)
 *   ('tumbling', INTERVAL '10' SECOND)
 *
 * each with or without the word WINDOW before it. */

typedef enum
{
  ARGUMENT_TIME,
  ARGUMENT_COUNT,
  ARGUMENT_COLUMN,
  ARGUMENT_ORDER, /* may be left out */
} Argument;

static const struct
{
  const char *name;
  EfSqlWindowKind kind;
  Argument arguments[3];
  guint n_arguments;
  const char *example;
} kinds[] = {
  { "tumbling", EF_SQL_WINDOW_HOPPING, { ARGUMENT_TIME }, 1, "TUMBLING(1 min)" },
  { "timeBatch", EF_SQL_WINDOW_HOPPING, { ARGUMENT_TIME }, 1, "TIMEBATCH(1 min)" },
  { "hopping",
    EF_SQL_WINDOW_HOPPING,
    { ARGUMENT_TIME, ARGUMENT_TIME },
    2,
    "HOPPING(1 min, 10 sec)" },
  { "sliding",
    EF_SQL_WINDOW_HOPPING,
    { ARGUMENT_TIME, ARGUMENT_TIME },
    2,
    "SLIDING(1 min, 10 sec)" },
  { "session", EF_SQL_WINDOW_SESSION, { ARGUMENT_TIME }, 1, "SESSION(30 sec)" },
  { "length", EF_SQL_WINDOW_LENGTH, { ARGUMENT_COUNT }, 1, "LENGTH(100)" },
  { "lengthBatch", EF_SQL_WINDOW_LENGTH_BATCH, { ARGUMENT_COUNT }, 1, "LENGTHBATCH(100)" },
  { "time", EF_SQL_WINDOW_TIME, { ARGUMENT_TIME }, 1, "TIME(1 min)" },
  { "externalTime",
    EF_SQL_WINDOW_TIME,
    { ARGUMENT_COLUMN, ARGUMENT_TIME },
    2,
    "EXTERNALTIME(ts, 1 min)" },
  { "externalTimeBatch",
    EF_SQL_WINDOW_HOPPING,
    { ARGUMENT_COLUMN, ARGUMENT_TIME },
    2,
    "EXTERNALTIMEBATCH(ts, 1 min)" },
  { "sort",
    EF_SQL_WINDOW_SORT,
    { ARGUMENT_COUNT, ARGUMENT_COLUMN, ARGUMENT_ORDER },
    3,
    "SORT(10, price, 'desc')" },
  { "delay", EF_SQL_WINDOW_DELAY, { ARGUMENT_TIME }, 1, "DELAY(30 sec)" },
};

static const struct
{
  const char *name;
  gint64 usec;
} units[] = {
  { "ms", 1000 },
  { "millisec", 1000 },
  { "millisecond", 1000 },
  { "s", G_USEC_PER_SEC },
  { "sec", G_USEC_PER_SEC },
  { "second", G_USEC_PER_SEC },
  { "m", 60 * (gint64) G_USEC_PER_SEC },
  { "min", 60 * (gint64) G_USEC_PER_SEC },
  { "minute", 60 * (gint64) G_USEC_PER_SEC },
  { "h", 3600 * (gint64) G_USEC_PER_SEC },
  { "hour", 3600 * (gint64) G_USEC_PER_SEC },
  { "d", 86400 * (gint64) G_USEC_PER_SEC },
  { "day", 86400 * (gint64) G_USEC_PER_SEC },
  { "w", 7 * 86400 * (gint64) G_USEC_PER_SEC },
  { "week", 7 * 86400 * (gint64) G_USEC_PER_SEC },
};

#define MAX_SIZE (366 * 86400 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  const char *text;
  EfSqlToken token;
  gsize *error_offset;
  GError **error;
} Reader;

static void
advance (Reader *reader)
{
  ef_sql_token_next (reader->text, reader->token.offset + reader->token.length, &reader->token);
}

static gboolean G_GNUC_PRINTF (2, 3) fail (Reader *reader, const char *format, ...)
{
  va_list args;
  g_autofree char *message = NULL;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  *reader->error_offset = reader->token.offset;
  g_set_error_literal (reader->error, EF_ERROR, EF_ERROR_SYNTAX, message);

  return FALSE;
}

static gboolean
expect_symbol (Reader *reader, char symbol)
{
  if (!ef_sql_token_is_symbol (&reader->token, reader->text, symbol))
    return fail (reader, "expected “%c” in the window", symbol);
  advance (reader);

  return TRUE;
}

static gboolean
read_kind (Reader *reader, guint *kind)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *name = ef_sql_token_dup_value (&reader->token, reader->text);
  g_autofree char *hint = NULL;

  for (*kind = 0; *kind < G_N_ELEMENTS (kinds); (*kind)++)
    {
      if (g_ascii_strcasecmp (name, kinds[*kind].name) == 0)
        {
          advance (reader);
          return TRUE;
        }
      g_ptr_array_add (names, (gpointer) kinds[*kind].name);
    }
  g_ptr_array_add (names, NULL);
  hint = ef_suggest_hint (name, (const char *const *) names->pdata);

  return fail (reader,
               "“%s” is no window%s Windows are tumbling, hopping, session, length, lengthBatch, "
               "time, externalTime, externalTimeBatch, sort and delay",
               name, *hint != '\0' ? hint : ";");
}

static gboolean
read_unit (Reader *reader, gint64 *usec)
{
  g_autofree char *name =
    g_ascii_strdown (reader->text + reader->token.offset, (gssize) reader->token.length);
  gsize length = strlen (name);

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      gboolean plural =
        length > 2 && name[length - 1] == 's' && strlen (units[i].name) == length - 1;

      if (strcmp (name, units[i].name) == 0 || (plural && g_str_has_prefix (name, units[i].name)))
        {
          *usec = units[i].usec;
          advance (reader);
          return TRUE;
        }
    }

  return fail (reader, "expected a unit of time: ms, sec, min, hour or day");
}

/* A number, be it in quotes as INTERVAL has it. */
static gboolean
read_number (Reader *reader, double *number)
{
  g_autofree char *text = ef_sql_token_dup_value (&reader->token, reader->text);
  char *end;

  if (reader->token.kind != EF_SQL_TOKEN_NUMBER && reader->token.kind != EF_SQL_TOKEN_STRING)
    return fail (reader, "expected a number and a unit of time, as in “5 sec”");

  *number = g_ascii_strtod (text, &end);
  if (*end != '\0' || *text == '\0' || *number <= 0)
    return fail (reader, "“%s” is no length of time; say for instance “5 sec”", text);
  advance (reader);

  return TRUE;
}

static gboolean
read_time (Reader *reader, gint64 *size)
{
  double total = 0;
  gint64 unit = 0;
  Reader start = *reader;

  if (ef_sql_token_is_word (&reader->token, reader->text, "INTERVAL"))
    advance (reader);

  /* A duration in quotes, as properties have them. */
  if (reader->token.kind == EF_SQL_TOKEN_STRING)
    {
      g_autofree char *text = ef_sql_token_dup_value (&reader->token, reader->text);

      if (g_ascii_isalpha (text[MAX (strlen (text), 1) - 1]))
        {
          g_autoptr (GError) error = NULL;

          if (!ef_duration_parse (text, size, &error) || *size <= 0 || *size > MAX_SIZE)
            return fail (reader, "“%s” is no length of time; say for instance '5s'", text);
          advance (reader);
          return TRUE;
        }
    }

  do
    {
      double number = 0;

      if (!read_number (reader, &number) || !read_unit (reader, &unit))
        return FALSE;
      total += number * (double) unit;
    }
  while (reader->token.kind == EF_SQL_TOKEN_NUMBER);

  if (total < 1000 || total > (double) MAX_SIZE)
    return fail (&start, "a window is from 1 ms to 366 days long");
  *size = (gint64) total;

  return TRUE;
}

static gboolean
read_count (Reader *reader, gint64 *size)
{
  g_autofree char *text = ef_sql_token_dup_value (&reader->token, reader->text);
  guint64 count;

  if (reader->token.kind != EF_SQL_TOKEN_NUMBER ||
      !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT32, &count, NULL))
    return fail (reader, "expected a number of rows, from 1 to %d", G_MAXINT32);
  *size = (gint64) count;
  advance (reader);

  return TRUE;
}

static gboolean
read_column (Reader *reader, char **column)
{
  if (reader->token.kind != EF_SQL_TOKEN_WORD && reader->token.kind != EF_SQL_TOKEN_NAME)
    return fail (reader, "expected a column: the one that has the time, or the order");
  *column = ef_sql_token_dup_value (&reader->token, reader->text);
  advance (reader);

  /* “Trades.T”: the stream goes without saying. */
  if (ef_sql_token_is_symbol (&reader->token, reader->text, '.'))
    {
      g_clear_pointer (column, g_free);
      advance (reader);
      return read_column (reader, column);
    }

  return TRUE;
}

static gboolean
read_order (Reader *reader, gboolean *descending)
{
  g_autofree char *word = ef_sql_token_dup_value (&reader->token, reader->text);

  *descending = g_ascii_strcasecmp (word, "desc") == 0;
  if (!*descending && g_ascii_strcasecmp (word, "asc") != 0)
    return fail (reader, "expected 'asc' or 'desc'");
  advance (reader);

  return TRUE;
}

static gboolean
read_arguments (Reader *reader, guint kind, EfSqlWindowSpec *spec)
{
  for (guint i = 0; i < kinds[kind].n_arguments; i++)
    {
      gint64 *number = spec->size == 0 ? &spec->size : &spec->slide;
      gboolean done;

      if (kinds[kind].arguments[i] == ARGUMENT_ORDER &&
          !ef_sql_token_is_symbol (&reader->token, reader->text, ','))
        break;
      if (i > 0 && !expect_symbol (reader, ','))
        return FALSE;

      switch (kinds[kind].arguments[i])
        {
        case ARGUMENT_TIME:
          done = read_time (reader, number);
          break;
        case ARGUMENT_COUNT:
          done = read_count (reader, number);
          break;
        case ARGUMENT_ORDER:
          done = read_order (reader, &spec->descending);
          break;
        case ARGUMENT_COLUMN:
        default:
          done = read_column (reader, &spec->column);
          break;
        }
      if (!done)
        return FALSE;
    }

  if (!ef_sql_token_is_symbol (&reader->token, reader->text, ')'))
    return fail (reader, "expected “)”: a window of this kind is written as “%s”",
                 kinds[kind].example);
  advance (reader);

  return TRUE;
}

static gboolean
read_window (Reader *reader, EfSqlWindowSpec *spec)
{
  guint kind;
  EfSqlToken size;

  if (ef_sql_token_is_word (&reader->token, reader->text, "WINDOW"))
    advance (reader);

  if (ef_sql_token_is_symbol (&reader->token, reader->text, '('))
    {
      advance (reader);
      if (!read_kind (reader, &kind) || !expect_symbol (reader, ','))
        return FALSE;
    }
  else if (!read_kind (reader, &kind) || !expect_symbol (reader, '('))
    return FALSE;

  spec->kind = kinds[kind].kind;
  size = reader->token;
  if (!read_arguments (reader, kind, spec))
    return FALSE;
  if (reader->token.kind != EF_SQL_TOKEN_END)
    return fail (reader, "expected the end of the window here");

  if (spec->slide == 0)
    spec->slide = spec->size;
  if (spec->slide > spec->size)
    {
      reader->token = size;
      return fail (reader,
                   "the window slides by more than its size, so that rows would fall between");
    }

  return TRUE;
}

/* Parses a window. Where in the text an error lies is told beside the error. */
EfSqlWindowSpec *
ef_sql_window_spec_parse (const char *text, gsize *error_offset, GError **error)
{
  g_autoptr (EfSqlWindowSpec) self = g_new0 (EfSqlWindowSpec, 1);
  Reader reader = { .text = text, .error_offset = error_offset, .error = error };

  *error_offset = 0;
  advance (&reader);

  return read_window (&reader, self) ? g_steal_pointer (&self) : NULL;
}

void
ef_sql_window_spec_free (EfSqlWindowSpec *self)
{
  g_free (self->column);
  g_free (self);
}
