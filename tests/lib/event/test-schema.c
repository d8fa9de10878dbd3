/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    const char *printed;
  } cases[] = {
    { "e STRING", "e STRING" },
    { "e STRING, s STRING, p STRING, q STRING, T BIGINT",
      "e STRING, s STRING, p STRING, q STRING, T LONG" },
    { "  a\n int ,b\tLong", "a INT, b LONG" },
    { "a varchar(20), b DECIMAL(10, 2), c TIMESTAMP, d object, f REAL, g boolean, h blob",
      "a STRING, b DOUBLE, c LONG, d ANY, f FLOAT, g BOOL, h BYTES" },
    { "\"last price\" DOUBLE, `x y` JSON, \"q\"\"q\" ANY",
      "\"last price\" DOUBLE, \"x y\" JSON, \"q\"\"q\" ANY" },
    { "größe INT, _x INT", "größe INT, _x INT" },
    { "\"1st\" INT", "\"1st\" INT" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (EfSchema) schema = ef_schema_parse (cases[i].text, &error);
      g_autoptr (EfSchema) again = NULL;
      g_autofree char *printed = NULL;

      g_assert_no_error (error);
      printed = ef_schema_to_string (schema);
      g_assert_cmpstr (printed, ==, cases[i].printed);

      again = ef_schema_parse (printed, &error);
      g_assert_no_error (error);
      g_assert_true (ef_schema_equal (schema, again));
    }
}

static void
test_parse_errors (void)
{
  static const struct
  {
    const char *text;
    int code;
    const char *message;
  } cases[] = {
    { "", EF_ERROR_SYNTAX,
      "schema “”, character 1: expected a column's name, as in “price DOUBLE”" },
    { "a", EF_ERROR_SYNTAX,
      "schema “a”, character 2: expected a type, such as STRING, LONG or DOUBLE" },
    { "ä STRNG", EF_ERROR_SYNTAX,
      "schema “ä STRNG”, character 3: “STRNG” is no type; did you mean “STRING”? Types are STRING, "
      "INT, LONG, FLOAT, DOUBLE, BOOL, BYTES, JSON and ANY" },
    { "a INT b INT", EF_ERROR_SYNTAX,
      "schema “a INT b INT”, character 7: expected “,” and the next column, or the end" },
    { "a INT,", EF_ERROR_SYNTAX,
      "schema “a INT,”, character 7: expected a column's name, as in “price DOUBLE”" },
    { "a VARCHAR(x)", EF_ERROR_SYNTAX,
      "schema “a VARCHAR(x)”, character 11: expected “)” behind the length of the type" },
    { "\"a INT", EF_ERROR_SYNTAX,
      "schema “\"a INT”, character 1: expected a column's name, as in “price DOUBLE”" },
    { "a NULL", EF_ERROR_SYNTAX,
      "schema “a NULL”, character 3: “NULL” is no type; Types are STRING, INT, LONG, FLOAT, DOUBLE, "
      "BOOL, BYTES, JSON and ANY" },
    { "a INT, b INT, a LONG", EF_ERROR_INVALID_VALUE,
      "column 3 “a” of the schema has the name of a column before it" },
    { "\"\" INT", EF_ERROR_INVALID_VALUE, "column 1 “” of the schema has no name" },
    { "a \xff", EF_ERROR_SYNTAX, "the schema is not UTF-8" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ef_schema_parse (cases[i].text, &error));
      g_assert_error (error, EF_ERROR, cases[i].code);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_columns (void)
{
  g_autoptr (EfSchema) narrow = ef_schema_parse ("e STRING, E LONG", NULL);
  g_autoptr (EfSchema) other = ef_schema_parse ("E LONG, e STRING", NULL);
  g_autoptr (EfSchema) wide = ef_schema_parse (
    "a INT, b INT, c INT, d INT, e INT, f INT, g INT, h INT, i INT, j LONG", NULL);

  g_assert_cmpuint (ef_schema_get_n_columns (narrow), ==, 2);
  g_assert_cmpint (ef_schema_find_column (narrow, "E"), ==, 1);
  g_assert_cmpint (ef_schema_find_column (narrow, "x"), ==, -1);
  g_assert_cmpint (ef_schema_get_column_type (narrow, 1), ==, EF_COLUMN_LONG);
  g_assert_false (ef_schema_equal (narrow, other));

  g_assert_cmpint (ef_schema_find_column (wide, "j"), ==, 9);
  g_assert_cmpint (ef_schema_find_column (wide, "k"), ==, -1);

  g_assert_true (ef_schema_is_payload (ef_schema_get_text_payload ()));
  g_assert_true (ef_schema_is_payload (ef_schema_get_bytes_payload ()));
  g_assert_false (ef_schema_is_payload (narrow));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event/schema/parse", test_parse);
  g_test_add_func ("/event/schema/parse-errors", test_parse_errors);
  g_test_add_func ("/event/schema/columns", test_columns);

  return g_test_run ();
}
