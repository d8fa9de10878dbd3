/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-texts.h"

#include <string.h>

/* Functions on texts that SQLite does not have. Of NULL each is NULL. */

/* A text longer than this is a mistake. */
#define MAX_TEXT (16 * 1024 * 1024)

static gboolean
get_text (sqlite3_value *value, const char **text, gsize *length)
{
  *text = (const char *) sqlite3_value_text (value);
  *length = (gsize) sqlite3_value_bytes (value);

  return *text != NULL;
}

static void
return_text (sqlite3_context *context, char *text, gsize length)
{
  sqlite3_result_text64 (context, text, length, g_free, SQLITE_UTF8);
}

/* reverse (s) */
static void
reverse (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *text;
  gsize length;

  if (get_text (values[0], &text, &length))
    return_text (context, g_utf8_strreverse (text, (gssize) length), length);
}

/* What is looked for, and where. */
typedef enum
{
  FIND_STARTS,
  FIND_ENDS,
  FIND_CONTAINS,
} Find;

/* starts_with (s, x), ends_with (s, x), contains (s, x) */
static void
find (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *text, *part;
  gsize length, part_length;
  gboolean found;

  if (!get_text (values[0], &text, &length) || !get_text (values[1], &part, &part_length))
    return;

  switch ((Find) GPOINTER_TO_INT (sqlite3_user_data (context)))
    {
    case FIND_STARTS:
      found = part_length <= length && memcmp (text, part, part_length) == 0;
      break;
    case FIND_ENDS:
      found = part_length <= length &&
              memcmp (text + (length - part_length), part, part_length) == 0;
      break;
    case FIND_CONTAINS:
    default:
      found = g_strstr_len (text, (gssize) length, part) != NULL;
      break;
    }
  sqlite3_result_int (context, found);
}

/* position (x IN s): from 1 on, 0 if it is not there. */
static void
position (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *part, *text, *at;
  gsize part_length, length;

  if (!get_text (values[0], &part, &part_length) || !get_text (values[1], &text, &length))
    return;

  at = g_strstr_len (text, (gssize) length, part);
  sqlite3_result_int64 (context, at != NULL ? g_utf8_pointer_to_offset (text, at) + 1 : 0);
}

/* repeat (s, n) */
static void
repeat (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  gint64 times = MAX (sqlite3_value_int64 (values[1]), 0);
  GString *result;
  const char *text;
  gsize length;

  if (!get_text (values[0], &text, &length) || sqlite3_value_type (values[1]) == SQLITE_NULL)
    return;
  if (length > 0 && times > (gint64) (MAX_TEXT / length))
    {
      sqlite3_result_error_toobig (context);
      return;
    }

  result = g_string_sized_new (length * (gsize) times);
  for (gint64 i = 0; i < times && length > 0; i++)
    g_string_append_len (result, text, (gssize) length);
  length = result->len;
  return_text (context, g_string_free (result, FALSE), length);
}

/* What is behind so many characters. */
static const char *
skip_characters (const char *text, gint64 n_characters)
{
  for (; n_characters > 0 && *text != '\0'; n_characters--)
    text = g_utf8_next_char (text);

  return text;
}

/* lpad (s, n[, fill]) and rpad: exactly n characters. */
static void
pad (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  gboolean is_left = GPOINTER_TO_INT (sqlite3_user_data (context));
  gint64 n_wanted = CLAMP (sqlite3_value_int64 (values[1]), 0, MAX_TEXT);
  g_autoptr (GString) fill = g_string_new (NULL);
  const char *text, *with = " ", *next;
  gsize length, with_length = 1;
  gint64 n_missing;
  char *kept;

  if (!get_text (values[0], &text, &length) || sqlite3_value_type (values[1]) == SQLITE_NULL ||
      (n_values > 2 && !get_text (values[2], &with, &with_length)))
    return;

  n_missing = *with != '\0' ? n_wanted - g_utf8_strlen (text, -1) : 0;
  next = with;
  for (; n_missing > 0; n_missing--)
    {
      g_string_append_len (fill, next, g_utf8_next_char (next) - next);
      next = g_utf8_next_char (next);
      if (*next == '\0')
        next = with;
    }

  kept = g_strndup (text, (gsize) (skip_characters (text, n_wanted) - text));
  next = is_left ? g_strconcat (fill->str, kept, NULL) : g_strconcat (kept, fill->str, NULL);
  g_free (kept);
  return_text (context, (char *) next, strlen (next));
}

/* Where a character is, counted from 0 as Siddhi does, or the end. */
static const char *
find_character (const char *text, gsize length, gint64 index)
{
  const char *p = text;

  while (p < text + length && index-- > 0)
    p = g_utf8_next_char (p);

  return MIN (p, text + length);
}

/* str:substr (s, first, n), str:substr (s, first) */
static void
substr_from_0 (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  gint64 first = sqlite3_value_int64 (values[1]);
  const char *text, *start, *end;
  gsize length;

  if (!get_text (values[0], &text, &length) || sqlite3_value_type (values[1]) == SQLITE_NULL)
    return;

  start = find_character (text, length, MAX (first, 0));
  end = text + length;
  if (n_values > 2)
    end = find_character (start, (gsize) (end - start), MAX (sqlite3_value_int64 (values[2]), 0));
  sqlite3_result_text64 (context, start, (sqlite3_uint64) (end - start), SQLITE_TRANSIENT,
                         SQLITE_UTF8);
}

/* str:charAt (s, index): NULL where there is none. */
static void
char_at (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  gint64 index = sqlite3_value_int64 (values[1]);
  const char *text, *start;
  gsize length;

  if (!get_text (values[0], &text, &length) || sqlite3_value_type (values[1]) == SQLITE_NULL ||
      index < 0)
    return;

  start = find_character (text, length, index);
  if (start < text + length)
    sqlite3_result_text64 (context, start, (sqlite3_uint64) (g_utf8_next_char (start) - start),
                           SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* str:equalsIgnoreCase (a, b) */
static void
equals_ignore_case (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  g_autofree char *one = NULL, *other = NULL;
  const char *a, *b;
  gsize a_length, b_length;

  if (!get_text (values[0], &a, &a_length) || !get_text (values[1], &b, &b_length))
    return;

  one = g_utf8_casefold (a, (gssize) a_length);
  other = g_utf8_casefold (b, (gssize) b_length);
  sqlite3_result_int (context, strcmp (one, other) == 0);
}

/* s REGEXP pattern: the pattern is compiled once a query. */
static void
regexp (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  GRegex *regex = sqlite3_get_auxdata (context, 0);
  g_autoptr (GError) error = NULL;
  const char *pattern, *text;
  gsize pattern_length, length;

  if (!get_text (values[0], &pattern, &pattern_length) || !get_text (values[1], &text, &length))
    return;

  if (regex != NULL)
    {
      sqlite3_result_int (context,
                          g_regex_match_full (regex, text, (gssize) length, 0, 0, NULL, NULL));
      return;
    }

  /* Not optimized, which is to say compiled to machine code: memcheck can not follow that. */
  regex = g_regex_new (pattern, 0, 0, &error);
  if (regex == NULL)
    {
      sqlite3_result_error (context, error->message, -1);
      return;
    }
  sqlite3_result_int (context,
                      g_regex_match_full (regex, text, (gssize) length, 0, 0, NULL, NULL));
  sqlite3_set_auxdata (context, 0, regex, (void (*) (void *)) g_regex_unref);
}

static const struct
{
  const char *name;
  int n_values;
  void (*function) (sqlite3_context *context, int n_values, sqlite3_value **values);
  int argument;
} functions[] = {
  { "reverse", 1, reverse, 0 },
  { "starts_with", 2, find, FIND_STARTS },
  { "startsWith", 2, find, FIND_STARTS },
  { "ends_with", 2, find, FIND_ENDS },
  { "endsWith", 2, find, FIND_ENDS },
  { "contains", 2, find, FIND_CONTAINS },
  { "position", 2, position, 0 },
  { "repeat", 2, repeat, 0 },
  { "lpad", 2, pad, TRUE },
  { "lpad", 3, pad, TRUE },
  { "rpad", 2, pad, FALSE },
  { "rpad", 3, pad, FALSE },
  { "regexp", 2, regexp, 0 },
  { "substr_from_0", 2, substr_from_0, 0 },
  { "substr_from_0", 3, substr_from_0, 0 },
  { "char_at", 2, char_at, 0 },
  { "equals_ignore_case", 2, equals_ignore_case, 0 },
};

/* Adds the functions to a connection. */
void
ef_sql_texts_add (sqlite3 *db)
{
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    sqlite3_create_function_v2 (db, functions[i].name, functions[i].n_values,
                                SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                GINT_TO_POINTER (functions[i].argument), functions[i].function,
                                NULL, NULL, NULL);
}
