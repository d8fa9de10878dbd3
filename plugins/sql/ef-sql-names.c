/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-names.h"

/* Functions that have another name in SQLite, or in what is added to it, than elsewhere. Of those with a
 * prefix there are the ones that mean the same in both: a missing one is an error, not a surprise. */
static const char *const names[][2] = {
  { "if", "iif" },
  { "ifThenElse", "iif" },
  { "greatest", "max" },
  { "least", "min" },
  { "nvl", "ifnull" },
  { "char_length", "length" },

  { "str:charAt", "char_at" },
  { "str:coalesce", "coalesce" },
  { "str:concat", "concat" },
  { "str:contains", "contains" },
  { "str:equalsIgnoreCase", "equals_ignore_case" },
  { "str:groupConcat", "group_concat" },
  { "str:hex", "hex" },
  { "str:length", "length" },
  { "str:lower", "lower" },
  { "str:repeat", "repeat" },
  { "str:reverse", "reverse" },
  { "str:substr", "substr_from_0" },
  { "str:trim", "trim" },
  { "str:upper", "upper" },

  { "math:abs", "abs" },
  { "math:acos", "acos" },
  { "math:asin", "asin" },
  { "math:atan", "atan" },
  { "math:atan2", "atan2" },
  { "math:ceil", "ceil" },
  { "math:cos", "cos" },
  { "math:cosh", "cosh" },
  { "math:exp", "exp" },
  { "math:floor", "floor" },
  { "math:ln", "ln" },
  { "math:log10", "log10" },
  { "math:log2", "log2" },
  { "math:max", "max" },
  { "math:min", "min" },
  { "math:pi", "pi" },
  { "math:power", "power" },
  { "math:round", "round" },
  { "math:signum", "sign" },
  { "math:sin", "sin" },
  { "math:sinh", "sinh" },
  { "math:sqrt", "sqrt" },
  { "math:tan", "tan" },
  { "math:tanh", "tanh" },
  { "math:toDegrees", "degrees" },
  { "math:toRadians", "radians" },
};

/* What SQLite calls the function that is called at @index, or %NULL if it has no other name. */
const char *
ef_sql_names_find (const EfSqlText *text, guint index)
{
  for (gsize i = 0; ef_sql_text_is_call (text, index) && i < G_N_ELEMENTS (names); i++)
    if (ef_sql_text_is_word (text, index, names[i][0]))
      return names[i][1];

  return NULL;
}

/* Whether a function is called at @index, by this or by another name of it. */
gboolean
ef_sql_names_is_call (const EfSqlText *text, guint index, const char *name)
{
  const char *found = ef_sql_names_find (text, index);

  return found != NULL ? g_ascii_strcasecmp (found, name) == 0
                       : ef_sql_text_is_call (text, index) && ef_sql_text_is_word (text, index, name);
}

/* Adds the names that SQLite does not know by itself. */
void
ef_sql_names_add (GPtrArray *array)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_ptr_array_add (array, g_strdup (names[i][0]));
  g_ptr_array_add (array, g_strdup ("maxForever"));
  g_ptr_array_add (array, g_strdup ("minForever"));
}
