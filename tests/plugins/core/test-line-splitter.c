/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-line-splitter.h"

#include <string.h>

/* What lines come of @data if it is read in pieces of @piece bytes: “text” for text, 'bytes' for
 * binary, one behind the other. */
static char *
split (const char *data, gsize length, gsize piece, gsize max_line_bytes, guint64 *overlong)
{
  g_autoptr (EfLineSplitter) splitter = ef_line_splitter_new ();
  g_autoptr (GPtrArray) batches = g_ptr_array_new_with_free_func ((GDestroyNotify) ef_batch_unref);
  GString *lines = g_string_new (NULL);
  gboolean at_end = FALSE;
  gsize used = 0;

  while (!at_end && ef_line_splitter_get_overlong_line (splitter) == 0)
    {
      gsize room;
      char *buffer = ef_line_splitter_reserve (splitter, &room);
      gsize n = MIN (piece, length - used);

      g_assert_cmpuint (room, >=, 4096);
      n = MIN (n, room);
      memcpy (buffer, data + used, n);
      used += n;
      ef_line_splitter_add (splitter, n);
      at_end = n == 0;
      g_ptr_array_add (batches, ef_line_splitter_split (splitter, 7, at_end, max_line_bytes));
    }
  *overlong = ef_line_splitter_get_overlong_line (splitter);
  g_clear_pointer (&splitter, ef_line_splitter_free);

  /* Only now: the lines outlive the splitter. */
  for (guint i = 0; i < batches->len; i++)
    for (guint j = 0; j < ef_batch_get_n_events (batches->pdata[i]); j++)
      {
        EfEvent *event = ef_batch_get_event (batches->pdata[i], j);
        gboolean is_text = ef_event_get_value_type (event, 0) == EF_COLUMN_STRING;
        gsize n;
        const char *line = ef_event_peek_data (event, 0, &n);

        g_assert_cmpint (ef_event_get_timestamp (event), ==, 7);
        g_string_append_c (lines, is_text ? '"' : '\'');
        g_string_append_len (lines, line, (gssize) n);
        g_string_append_c (lines, is_text ? '"' : '\'');
      }

  return g_string_free (lines, FALSE);
}

static void
test_lines (void)
{
  static const struct
  {
    const char *data;
    const char *lines;
  } rows[] = {
    { "", "" },
    { "a", "\"a\"" },
    { "a\n", "\"a\"" },
    { "\n", "\"\"" },
    { "\n\n", "\"\"\"\"" },
    { "one\ntwo\r\nthree", "\"one\"\"two\"\"three\"" },
    { "\r\n\r", "\"\"\"\r\"" },
    { "a\rb\r\r\n", "\"a\rb\r\"" },
    { "z\xc3\xbc\nrich\n", "\"z\xc3\xbc\"\"rich\"" },
    { "good\nbad\xff\ngood\n", "\"good\"'bad\xff'\"good\"" },
    { "\xff\n\xfe\n", "'\xff''\xfe'" },
    /* Characters cut off by the end of a line, and by the end of the file. */
    { "\xe2\x82\nok\n", "'\xe2\x82'\"ok\"" },
    { "ok\n\xe2\x82", "\"ok\"'\xe2\x82'" },
    { "ok\n\xe2\x82\xac", "\"ok\"\"\xe2\x82\xac\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize piece = 1; piece < 20; piece++)
      {
        guint64 overlong;
        gsize length = strlen (rows[i].data);
        g_autofree char *lines = split (rows[i].data, length, piece, 100, &overlong);

        g_assert_cmpuint (overlong, ==, 0);
        g_assert_cmpstr (lines, ==, rows[i].lines);
      }
}

static void
test_nul (void)
{
  guint64 overlong;
  g_autofree char *lines = split ("a\0b\n", 4, 4, 100, &overlong);

  g_assert_cmpmem (lines, 5, "\"a\0b\"", 5);
}

static void
test_overlong (void)
{
  static const struct
  {
    const char *data;
    const char *lines;
    guint64 overlong;
  } rows[] = {
    { "12345\n", "\"12345\"", 0 },
    { "12345\r\n", "\"12345\"", 0 },
    { "12345", "\"12345\"", 0 },
    { "12345\r", "", 1 },
    { "1\n123456\n2\n", "\"1\"", 2 },
    { "1\n2\n123456", "\"1\"\"2\"", 3 },
    { "123456", "", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize piece = 1; piece < 20; piece++)
      {
        guint64 overlong;
        gsize length = strlen (rows[i].data);
        g_autofree char *lines = NULL;

        lines = split (rows[i].data, length, piece, 5, &overlong);
        g_assert_cmpuint (overlong, ==, rows[i].overlong);
        g_assert_cmpstr (lines, ==, rows[i].lines);
      }
}

/* Lines larger than a read, read in pieces of odd sizes. */
static void
test_large (void)
{
  static const gsize pieces[] = { 4099, 16384, 65536 };
  g_autoptr (GString) data = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);

  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *line = g_strnfill (1 << (i + 8), (char) ('a' + i));

      g_string_append_printf (data, "%s\n", line);
      g_string_append_printf (expected, "\"%s\"", line);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      guint64 overlong;
      g_autofree char *lines = split (data->str, data->len, pieces[i], 1 << 20, &overlong);

      g_assert_true (strcmp (lines, expected->str) == 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/line-splitter/lines", test_lines);
  g_test_add_func ("/core/line-splitter/nul", test_nul);
  g_test_add_func ("/core/line-splitter/overlong", test_overlong);
  g_test_add_func ("/core/line-splitter/large", test_large);

  return g_test_run ();
}
