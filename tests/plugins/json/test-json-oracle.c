/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "json-oracle.h"

#include <string.h>

static void
append_space (GString *text)
{
  static const char *const spaces[] = { "", "", "", " ", "\n", "\t \r\n" };

  g_string_append (text, spaces[g_test_rand_int_range (0, G_N_ELEMENTS (spaces))]);
}

static void
append_string (GString *text)
{
  static const char *const parts[] = {
    "a", "word", "é", "世界", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00",
    "a text of more than sixteen bytes", "50000.00", "\x7f", " ",
  };

  g_string_append_c (text, '"');
  for (int n = g_test_rand_int_range (0, 5); n > 0; n--)
    g_string_append (text, parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
  g_string_append_c (text, '"');
}

static void
append_scalar (GString *text)
{
  static const char *const words[] = { "true", "false", "null", "0", "-0", "1e5", "0.5", "-1.5E-3" };

  switch (g_test_rand_int_range (0, 5))
    {
    case 0:
      g_string_append (text, words[g_test_rand_int_range (0, G_N_ELEMENTS (words))]);
      break;
    case 1:
      g_string_append_printf (text, "%d", (gint32) g_test_rand_int ());
      break;
    case 2:
      g_string_append_printf (text, "%d%08u", (gint32) g_test_rand_int (),
                              (guint32) g_test_rand_int () % 100000000);
      break;
    case 3:
      g_string_append_printf (text, "%d.%u", (gint32) g_test_rand_int (),
                              (guint32) g_test_rand_int ());
      break;
    default:
      append_string (text);
    }
}

static void
append_value (GString *text, int depth)
{
  static const char *const keys[]
    = { "a", "b", "c", "d", "e", "\\u0061", "cc", "", "key", "a key of more than sixteen bytes" };
  int kind = depth > 0 ? g_test_rand_int_range (0, 4) : 2;
  int n_members = g_test_rand_int_range (0, 7);

  if (kind > 1)
    {
      append_scalar (text);
      return;
    }

  g_string_append_c (text, kind == 0 ? '{' : '[');
  append_space (text);
  for (int i = 0; i < n_members; i++)
    {
      if (i > 0)
        {
          g_string_append_c (text, ',');
          append_space (text);
        }
      if (kind == 0)
        {
          g_string_append_printf (text, "\"%s\"",
                                  keys[g_test_rand_int_range (0, G_N_ELEMENTS (keys))]);
          append_space (text);
          g_string_append_c (text, ':');
          append_space (text);
        }
      append_value (text, depth - 1);
      append_space (text);
    }
  g_string_append_c (text, kind == 0 ? '}' : ']');
}

/* Random messages, whole and with something wrong. */
static void
test_decoding (void)
{
  guint n_taken = 0, n_refused = 0;

  for (int i = 0; i < (g_test_quick () ? 5000 : 100000); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      do
        {
          g_string_truncate (text, 0);
          append_value (text, 4);
        }
      while (text->str[0] != '{');

      if (i % 4 == 0)
        text->str[g_test_rand_int_range (0, (gint32) text->len)] = "{}[],:\"\\0x "[i / 4 % 11];
      if (i % 4 == 1)
        {
          g_string_prepend (text, "[");
          g_string_append (text, ",{\"a\":1}]");
        }

      if (json_oracle_check_decoding (text->str, text->len))
        n_taken++;
      else
        n_refused++;
    }

  g_assert_cmpuint (n_taken, >, 1000);
  g_assert_cmpuint (n_refused, >, 100);
}

static void
test_encoding (void)
{
  for (int i = 0; i < (g_test_quick () ? 5000 : 100000); i++)
    {
      guint8 data[400];
      gsize size = (gsize) g_test_rand_int_range (0, sizeof data);

      for (gsize k = 0; k < size; k++)
        data[k] = (guint8) (i % 2 ? g_test_rand_int () : g_test_rand_int () % 0x60);
      json_oracle_check_encoding (data, size);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/oracle/decoding", test_decoding);
  g_test_add_func ("/json/oracle/encoding", test_encoding);

  return g_test_run ();
}
