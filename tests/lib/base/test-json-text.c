/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *
written_double (char *buffer, double value)
{
  char *end = ef_json_write_double (buffer, value);

  g_assert_cmpint (end - buffer, <=, EF_JSON_NUMBER_MAX);
  *end = '\0';
  return buffer;
}

static const char *
written_float (char *buffer, float value)
{
  char *end = ef_json_write_float (buffer, value);

  g_assert_cmpint (end - buffer, <=, EF_JSON_NUMBER_MAX);
  *end = '\0';
  return buffer;
}

static void
test_int64 (void)
{
  static const gint64 values[] = {
    0, 7, 9, 10, 42, 99, 100, 101, 999, 1000, 12345, 1672515782136, G_MAXINT64, G_MININT64, G_MAXINT,
  };
  char buffer[EF_JSON_NUMBER_MAX + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    for (int sign = -1; sign <= 1; sign += 2)
      {
        gint64 value = values[i] == G_MININT64 ? values[i] : sign * values[i];
        g_autofree char *expected = g_strdup_printf ("%" G_GINT64_FORMAT, value);

        *ef_json_write_int64 (buffer, value) = '\0';
        g_assert_cmpstr (buffer, ==, expected);
      }
}

static void
test_double (void)
{
  static const struct
  {
    double value;
    const char *text;
  } rows[] = {
    { 0, "0.0" },
    { -0.0, "-0.0" },
    { 1, "1.0" },
    { -1, "-1.0" },
    { 100, "100.0" },
    { 0.1, "0.1" },
    { 0.29, "0.29" },
    { 0.3, "0.3" },
    { 0.1 + 0.2, "0.30000000000000004" },
    { 1.0 / 3, "0.3333333333333333" },
    { 16850.72, "16850.72" },
    { 0.00000001, "1e-8" },
    { 0.000001, "0.000001" },
    { 0.0000015, "0.0000015" },
    { 9007199254740993.0, "9007199254740992.0" },
    { 123456789012345680.0, "123456789012345680.0" },
    { 1e20, "100000000000000000000.0" },
    { 1e21, "1e21" },
    { 1e23, "1e23" },
    { 1.5e300, "1.5e300" },
    { 2e-300, "2e-300" },
    { 2.2250738585072014e-308, "2.2250738585072014e-308" },
    { 2.225073858507201e-308, "2.225073858507201e-308" },
    { 5e-324, "5e-324" },
    { 1.7976931348623157e308, "1.7976931348623157e308" },
    { (double) NAN, "null" },
    { (double) INFINITY, "null" },
    { -(double) INFINITY, "null" },
  };
  char buffer[EF_JSON_NUMBER_MAX + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (written_double (buffer, rows[i].value), ==, rows[i].text);
}

static void
test_float (void)
{
  static const struct
  {
    float value;
    const char *text;
  } rows[] = {
    { 0, "0.0" },
    { -0.0f, "-0.0" },
    { 0.1f, "0.1" },
    { 16850.72f, "16850.72" },
    { 16777216, "16777216.0" },
    { 33554432, "33554432.0" },
    { 1.0f / 3, "0.33333334" },
    { 1e-45f, "1e-45" },
    { 1.1754944e-38f, "1.1754944e-38" },
    { 3.4028235e38f, "3.4028235e38" },
    { (float) NAN, "null" },
  };
  char buffer[EF_JSON_NUMBER_MAX + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (written_float (buffer, rows[i].value), ==, rows[i].text);
}

/* Each bit pattern must come back, and no text with a digit less may do the same. */
static void
check_double (double value)
{
  char buffer[EF_JSON_NUMBER_MAX + 1];
  char shorter[64];
  const char *text = written_double (buffer, value);
  int n_digits = 0;
  double back = g_ascii_strtod (text, NULL);

  if (memcmp (&back, &value, sizeof value) != 0)
    g_error ("%.17g was written as %s", value, text);

  for (const char *p = text; *p != '\0' && *p != 'e'; p++)
    if (g_ascii_isdigit (*p) && (n_digits > 0 || *p != '0'))
      n_digits++;
  if (g_str_has_suffix (text, ".0"))
    return;

  if (n_digits > 1)
    {
      g_snprintf (shorter, sizeof shorter, "%.*e", n_digits - 2, value);
      if (g_ascii_strtod (shorter, NULL) == value)
        g_error ("%.17g was written as %s though %s suffices", value, text, shorter);
    }
}

static void
test_double_bits (void)
{
  int rounds = g_test_quick () ? 100000 : 1000000;

  for (int i = 0; i < rounds; i++)
    {
      guint64 bits = (guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();
      double value;

      memcpy (&value, &bits, sizeof value);
      if (isfinite (value))
        check_double (value);
      check_double (g_test_rand_int () / 1e4);
      check_double (g_test_rand_double_range (0, 1));
    }

  /* The edges of each power of two, where the interval is not symmetric. */
  for (int exponent = -1074; exponent <= 1023; exponent++)
    {
      double power = ldexp (1, exponent);

      check_double (power);
      check_double (nextafter (power, 0));
      check_double (nextafter (power, (double) INFINITY));
    }
}

static void
test_float_bits (void)
{
  for (guint i = 0; i < 200000; i++)
    {
      guint32 bits = (guint32) g_test_rand_int ();
      char buffer[EF_JSON_NUMBER_MAX + 1];
      float value, back;

      memcpy (&value, &bits, sizeof value);
      if (!isfinite (value))
        continue;

      back = strtof (written_float (buffer, value), NULL);
      if (memcmp (&back, &value, sizeof value) != 0)
        g_error ("%.9g was written as %s", (double) value, buffer);
      back = (float) g_ascii_strtod (buffer, NULL);
      if (memcmp (&back, &value, sizeof value) != 0)
        g_error ("%.9g was written as %s, whose double does not round to it", (double) value, buffer);
    }
}

static void
check_made (guint64 digits, int exponent)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT "e%d", digits, exponent);
  double made = ef_json_make_double (digits, exponent), number = g_ascii_strtod (text, NULL);
  float made_float = ef_json_make_float (digits, exponent), number_float = strtof (text, NULL);

  if (memcmp (&made, &number, sizeof made) != 0)
    g_error ("%s was made %.17g, not %.17g", text, made, number);
  if (memcmp (&made_float, &number_float, sizeof made_float) != 0)
    g_error ("%s was made %.9g, not %.9g", text, (double) made_float, (double) number_float);
}

/* Digits and exponents of all kinds, against the C library. */
static void
test_make (void)
{
  int rounds = g_test_quick () ? 100000 : 2000000;

  for (int i = 0; i < rounds; i++)
    {
      guint64 digits = (guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();

      check_made (digits >> g_test_rand_int_range (0, 64), g_test_rand_int_range (-350, 320));
      check_made (digits >> g_test_rand_int_range (0, 64), g_test_rand_int_range (-30, 30));
      check_made (digits >> g_test_rand_int_range (0, 64), g_test_rand_int_range (-70, 45));
    }

  for (int exponent = -360; exponent <= 330; exponent++)
    {
      check_made (0, exponent);
      check_made (1, exponent);
      check_made (G_MAXUINT64, exponent);
    }
}

/* Decimals that are just between two numbers, or one off: which is nearer shows in the last digit. */
static void
test_make_ties (void)
{
  for (int i = 0; i < 20000; i++)
    {
      guint64 odd = (G_GUINT64_CONSTANT (1) << 53)
                    | ((guint64) g_test_rand_int () << 21) | (g_test_rand_int () & 0x1fffff) | 1;
      guint64 odd_float = 1u << 24 | (guint32) g_test_rand_int () >> 8 | 1;
      guint64 fives = 1;

      /* (2n + 1) · 2^k for k >= 0, as far as digits go. */
      for (int k = 0; k < 10; k++)
        for (int off = -1; off <= 1; off++)
          {
            check_made ((odd << k) + (guint64) off, 0);
            check_made ((odd_float << k) + (guint64) off, 0);
          }

      /* (2n + 1) / 2^k = (2n + 1) · 5^k / 10^k. */
      for (int k = 1; k <= 17; k++)
        {
          fives *= 5;
          if (k <= 4)
            for (int off = -1; off <= 1; off++)
              check_made (odd * fives + (guint64) off, -k);
          if (odd_float <= G_MAXUINT64 / fives)
            for (int off = -1; off <= 1; off++)
              check_made (odd_float * fives + (guint64) off, -k);
        }
    }
}

static void
check_string (const char *text, gsize length, const char *expected)
{
  gsize room = ef_json_string_room (text, length);
  g_autofree char *out = g_malloc (room);
  char *end = ef_json_write_string (out, text, length);

  g_assert_cmpuint (room, <=, EF_JSON_STRING_MAX (length));
  g_assert_cmpint (end - out, <=, room);
  g_assert_cmpmem (out, end - out, expected, strlen (expected));
}

static void
test_string (void)
{
  check_string ("", 0, "\"\"");
  check_string ("a", 1, "\"a\"");
  check_string ("a\"b\\c/d", 7, "\"a\\\"b\\\\c/d\"");
  check_string ("\b\f\n\r\t\x01\x1f\x7f", 8, "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
  check_string ("nil\0nil", 7, "\"nil\\u0000nil\"");
  check_string ("Grüße, 世界 🎉", strlen ("Grüße, 世界 🎉"), "\"Grüße, 世界 🎉\"");
}

/* Each byte at each place of texts around the width of a step. */
static void
test_string_places (void)
{
  for (gsize length = 1; length <= 40; length++)
    for (gsize place = 0; place < length; place++)
      for (int byte = 0; byte < 128; byte++)
        {
          g_autofree char *text = g_malloc (length);
          g_autoptr (GString) expected = g_string_new ("\"");

          memset (text, 'x', length);
          text[place] = (char) byte;
          for (gsize i = 0; i < length; i++)
            {
              const char *known = "\"\\\b\f\n\r\t", *names = "\"\\bfnrt";

              if (text[i] != '\0' && strchr (known, text[i]) != NULL)
                g_string_append_printf (expected, "\\%c", names[strchr (known, text[i]) - known]);
              else if (text[i] < 0x20)
                g_string_append_printf (expected, "\\u%04x", (guint) text[i]);
              else
                g_string_append_c (expected, text[i]);
            }
          g_string_append_c (expected, '"');

          check_string (text, length, expected->str);
        }
}

static void
test_base64 (void)
{
  guint8 data[64];

  for (gsize length = 0; length <= sizeof data; length++)
    {
      char out[EF_JSON_BASE64_MAX (sizeof data)];
      g_autofree char *expected = NULL;
      char *end;

      for (gsize i = 0; i < length; i++)
        data[i] = (guint8) g_test_rand_int ();
      expected = g_base64_encode (data, length);

      end = ef_json_write_base64 (out, data, length);
      g_assert_cmpuint ((gsize) (end - out), <=, EF_JSON_BASE64_MAX (length));
      g_assert_cmpmem (out + 1, end - out - 2, expected, strlen (expected));
      g_assert_cmpint (out[0], ==, '"');
      g_assert_cmpint (end[-1], ==, '"');
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/json-text/int64", test_int64);
  g_test_add_func ("/base/json-text/double", test_double);
  g_test_add_func ("/base/json-text/float", test_float);
  g_test_add_func ("/base/json-text/double-bits", test_double_bits);
  g_test_add_func ("/base/json-text/float-bits", test_float_bits);
  g_test_add_func ("/base/json-text/make", test_make);
  g_test_add_func ("/base/json-text/make-ties", test_make_ties);
  g_test_add_func ("/base/json-text/string", test_string);
  g_test_add_func ("/base/json-text/string-places", test_string_places);
  g_test_add_func ("/base/json-text/base64", test_base64);

  return g_test_run ();
}
