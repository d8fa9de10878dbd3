/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <math.h>

#include "ef-json-number.h"

/* Reads a number that lies in memory of its very size. */
static gboolean
read_number (EfJsonNumber *number, const char *text, char **copy)
{
  gsize length = strlen (text);
  EfJsonScan scan = { 0 };

  *copy = g_memdup2 (text, length);
  scan.start = *copy;
  scan.end = *copy + length;

  return ef_json_number_read (number, &scan, *copy) == scan.end;
}

static void
test_int64 (void)
{
  static const struct
  {
    const char *text;
    gint64 value;
    const char *problem;
  } rows[] = {
    { "0", 0, NULL },
    { "-0", 0, NULL },
    { "-1", -1, NULL },
    { "12345678", 12345678, NULL },
    { "1672515782136", 1672515782136, NULL },
    { "9223372036854775807", G_MAXINT64, NULL },
    { "-9223372036854775808", G_MININT64, NULL },
    { "9223372036854775808", 0, "is out of range" },
    { "-9223372036854775809", 0, "is out of range" },
    { "18446744073709551616", 0, "is out of range" },
    { "100000000000000000000000000000000000000001", 0, "is out of range" },
    { "1e18", 1000000000000000000, NULL },
    { "1e19", 0, "is out of range" },
    { "1e999999999999999999999", 0, "is out of range" },
    { "1e-999999999999999999999", 0, "is not a whole number" },
    { "0e999999999999999999999", 0, NULL },
    { "100.0", 100, NULL },
    { "1.5", 0, "is not a whole number" },
    { "1.5e1", 15, NULL },
    { "1200e-2", 12, NULL },
    { "1250e-2", 0, "is not a whole number" },
    { "1.0000000000000000000000000000000000000000", 1, NULL },
    { "1.0000000000000000000000000000000000000001", 0, "is not a whole number" },
    { "9223372036854775807.000", G_MAXINT64, NULL },
    { "9223372036854775807.0000000000000000000001", 0, "is not a whole number" },
    { "0.0000000000000000000000000000000000012e37", 12, NULL },
    { "922337203685477580.7e1", G_MAXINT64, NULL },
    { "-92233720368547758080000000000000000000000e-22", G_MININT64, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *copy = NULL;
      EfJsonNumber number;
      gint64 value = 0;

      g_assert_true (read_number (&number, rows[i].text, &copy));
      g_assert_cmpstr (ef_json_number_to_int64 (&number, &value), ==, rows[i].problem);
      if (rows[i].problem == NULL)
        g_assert_cmpint (value, ==, rows[i].value);
    }
}

static void
check_double (const char *text)
{
  g_autofree char *copy = NULL;
  double expected = g_ascii_strtod (text, NULL);
  double value = 0;
  EfJsonNumber number;

  g_assert_true (read_number (&number, text, &copy));
  g_assert_cmpint (ef_json_number_to_double (&number, &value), ==, isfinite (expected) != 0);
  if (isfinite (expected) && memcmp (&value, &expected, sizeof value) != 0)
    g_error ("%s was read as %.17g, not %.17g", text, value, expected);
}

static void
test_double (void)
{
  static const char *const rows[] = {
    "0", "-0", "0.0", "1", "0.1", "123.456", "16850.72000000", "9007199254740992", "9007199254740993",
    "1e22", "1e23", "-1e-22", "1e-23", "8.5e-1", "3e0", "1E+2", "123456789012345678",
    "0.000000000000000000000000000001", "1.7976931348623157e308", "1.7976931348623159e308", "1e400",
    "-1e400", "5e-324", "2e-324", "1e-400", "2.2250738585072011e-308", "0.1000000000000000055511151231257827",
    "179769313486231580793728971405301e276", "9007199254740993.00000000000000000000000000000000001",
    "100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    "0.00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000123",
    ("1.000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000001"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    check_double (rows[i]);
}

/* Numbers of all lengths of their parts, against the C library. */
static void
test_double_random (void)
{
  for (int i = 0; i < (g_test_quick () ? 100000 : 1000000); i++)
    {
      g_autoptr (GString) text = g_string_new (g_test_rand_int () % 2 ? "-" : "");
      int whole = g_test_rand_int_range (0, 12), decimals = g_test_rand_int_range (0, 14);

      g_string_append_c (text, (char) ('1' + g_test_rand_int_range (0, 9)));
      for (int k = 0; k < whole; k++)
        g_string_append_c (text, (char) ('0' + g_test_rand_int_range (0, 10)));
      if (decimals > 0)
        g_string_append_c (text, '.');
      for (int k = 0; k < decimals; k++)
        g_string_append_c (text, (char) ('0' + g_test_rand_int_range (0, 10)));
      if (g_test_rand_int () % 4 == 0)
        g_string_append_printf (text, "e%d", g_test_rand_int_range (-330, 320));

      check_double (text->str);
    }
}

/* What is written is read as the same number. */
static void
test_round_trip (void)
{
  for (int i = 0; i < (g_test_quick () ? 200000 : 1000000); i++)
    {
      guint64 bits = (guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();
      char text[EF_JSON_NUMBER_MAX];
      EfJsonScan scan = { .start = text, .end = text };
      EfJsonNumber number;
      double value, back;

      memcpy (&value, &bits, sizeof value);
      if (!isfinite (value))
        continue;

      scan.end = ef_json_write_double (text, value);
      g_assert_true (ef_json_number_read (&number, &scan, text) == scan.end);
      g_assert_true (ef_json_number_to_double (&number, &back));
      g_assert_cmpmem (&back, sizeof back, &value, sizeof value);
    }
}

static void
test_float (void)
{
  g_autofree char *small = NULL, *large = NULL, *tiny = NULL;
  EfJsonNumber number;
  double value;

  g_assert_true (read_number (&number, "0.1", &small));
  g_assert_true (ef_json_number_to_float (&number, &value));
  g_assert_cmpfloat (value, ==, (double) 0.1f);

  g_assert_true (read_number (&number, "3.5e38", &large));
  g_assert_false (ef_json_number_to_float (&number, &value));

  g_assert_true (read_number (&number, "1e-60", &tiny));
  g_assert_true (ef_json_number_to_float (&number, &value));
  g_assert_cmpfloat (value, ==, 0);
}

static void
test_invalid (void)
{
  static const char *const rows[] = {
    "-", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1e", "1e+", "1.e1", "0x10", "1_000", "--1",
    "1-", "1..2", "1e1.5", "NaN", "Infinity", "٣", "12345678a", "1234567812345678.", "1,5",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *copy = NULL;
      EfJsonNumber number;

      if (read_number (&number, rows[i], &copy))
        g_error ("%s was taken for a number", rows[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/number/int64", test_int64);
  g_test_add_func ("/json/number/double", test_double);
  g_test_add_func ("/json/number/double-random", test_double_random);
  g_test_add_func ("/json/number/round-trip", test_round_trip);
  g_test_add_func ("/json/number/float", test_float);
  g_test_add_func ("/json/number/invalid", test_invalid);

  return g_test_run ();
}
