/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "json-decoding.h"

#include <string.h>

/* coercions.txt: each kind of value into each type of column. */
static void
test_table (void)
{
  g_autofree char *text = json_decoding_load ("coercions.txt");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n_rows = 0;

  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) fields = NULL;
      g_autofree char *columns = NULL, *message = NULL;
      g_autoptr (EfJsonReader) reader = NULL;
      g_autoptr (EfBatch) batch = NULL;
      g_autoptr (GError) error = NULL;

      if (**line == '#' || **line == '\0')
        continue;

      fields = g_strsplit (*line, "\t", -1);
      g_assert_cmpuint (g_strv_length (fields), ==, 4);
      columns = g_strdup_printf ("v %s", fields[0]);
      message = g_strdup_printf ("{\"v\":%s}", fields[1]);
      g_test_message ("%s", *line);

      reader = json_decoding_new_reader (&(JsonDecoding){ .schema = columns }, &error);
      g_assert_no_error (error);
      batch = json_decoding_read (reader, message, strlen (message), &error);
      n_rows++;

      if (*fields[2] == '!')
        {
          g_assert_error (error, EF_ERROR, EF_ERROR_DATA);
          g_assert_cmpstr (error->message, ==, fields[3]);
        }
      else
        {
          EfEvent *event;
          g_autofree char *json = NULL, *expected = g_strdup_printf ("{\"v\":%s}", fields[3]);

          g_assert_no_error (error);
          g_assert_cmpuint (ef_batch_get_n_events (batch), ==, 1);
          event = ef_batch_get_event (batch, 0);
          json = ef_event_to_json (event);
          g_assert_cmpstr (json, ==, expected);
          g_assert_cmpstr (ef_column_type_to_string (ef_event_get_value_type (event, 0)), ==,
                           fields[2]);
        }
    }

  g_assert_cmpuint (n_rows, >, 100);
}

/* Broken JSON is reported as such, even where a value of the right kind was wanted. */
static void
test_broken_values (void)
{
  static const char *const types[]
    = { "STRING", "INT", "LONG", "FLOAT", "DOUBLE", "BOOL", "BYTES", "JSON", "ANY" };
  static const char *const values[]
    = { "tru", "nul", "\"a", "\"\\x\"", "01", "-", "[1", "[1,]", "{\"a\"}", "'a'", "}", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (values); k++)
      {
        g_autofree char *columns = g_strdup_printf ("v %s", types[i]);
        g_autofree char *message = g_strdup_printf ("{\"v\":%s}", values[k]);
        g_autoptr (GError) error = NULL;
        g_autoptr (EfJsonReader) reader
          = json_decoding_new_reader (&(JsonDecoding){ .schema = columns }, &error);

        g_assert_no_error (error);
        g_assert_null (json_decoding_read (reader, message, strlen (message), &error));
        g_assert_error (error, EF_ERROR, EF_ERROR_DATA);
        if (!g_str_has_prefix (error->message, "invalid JSON at byte "))
          g_error ("%s in a column of type %s: %s", message, types[i], error->message);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/coercion/table", test_table);
  g_test_add_func ("/json/coercion/broken-values", test_broken_values);

  return g_test_run ();
}
