/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-dead-letter-private.h"
#include "ef-error.h"

#include <gio/gio.h>
#include <string.h>

/* The dead letter of an event, which is taken. */
static EfEvent *
make_letter (EfEvent *event, const GError *error)
{
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (ef_dead_letter_get_schema ());
  EfEvent *letter = ef_dead_letter_build (builder, event, error, "Trades", 3, 1234567);

  ef_event_builder_flush (builder);
  ef_event_unref (event);

  return letter;
}

/* What goes into a dead letter comes out of it, whatever it looks like. */
static void
assert_comes_back (const char *data, gsize length, gboolean binary)
{
  g_autoptr (GError) why = g_error_new (EF_ERROR, EF_ERROR_DATA, "bad %s", binary ? "" : data);
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  g_autoptr (GBytes) got = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (EfEvent) letter = NULL;
  g_autoptr (EfEvent) original = NULL;

  letter = make_letter (binary ? ef_event_new_bytes (7, bytes)
                               : ef_event_new_text (7, data, (gssize) length),
                        why);
  original = ef_dead_letter_get_original (letter, &error);
  g_assert_no_error (error);
  got = ef_event_get_bytes (original, 0);
  g_assert_true (g_bytes_equal (got, bytes));
  g_assert_cmpint (ef_event_get_value_type (original, 0), ==,
                   g_utf8_validate_len (data, length, NULL) ? EF_COLUMN_STRING : EF_COLUMN_BYTES);
}

static void
test_original (void)
{
  static const char *const texts[] = {
    "", "{\"a\": 1}", "null", "ping", "/wAB", "x (originalEvent is base64)", "ab\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      assert_comes_back (texts[i], strlen (texts[i]), FALSE);
      assert_comes_back (texts[i], strlen (texts[i]), TRUE);
    }
  assert_comes_back ("\xff", 1, TRUE);
  assert_comes_back ("\x00\xff\x80", 3, TRUE);
  assert_comes_back ("\xc3\x28 (originalEvent is base64)", 28, TRUE);
}

static void
assert_column (EfEvent *letter, guint column, const char *expected)
{
  g_autofree char *text = ef_event_dup_string (letter, column);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_columns (void)
{
  static const char *const names[] = { "originalEvent", "errorMessage", "errorType",
                                       "streamName",    "timestamp",    "attemptCount" };
  g_autoptr (GError) io = g_error_new (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  g_autoptr (GError) other = g_error_new (g_quark_from_string ("my-domain"), 42, "odd");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\xff", 1);
  g_autoptr (EfEvent) text_letter = make_letter (ef_event_new_text (7, "a", 1), io);
  g_autoptr (EfEvent) byte_letter = make_letter (ef_event_new_bytes (7, bytes), other);
  EfSchema *schema = ef_event_get_schema (text_letter);

  g_assert_cmpuint (ef_schema_get_n_columns (schema), ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_cmpstr (ef_schema_get_column_name (schema, i), ==, names[i]);
      g_assert_cmpint (ef_schema_get_column_type (schema, i), ==,
                       i < 4 ? EF_COLUMN_STRING : (i == 4 ? EF_COLUMN_LONG : EF_COLUMN_INT));
    }

  assert_column (text_letter, 0, "a");
  assert_column (text_letter, 1, "full");
  assert_column (text_letter, 2, "g-io-error/no-space");
  assert_column (text_letter, 3, "Trades");
  g_assert_cmpint (ef_event_get_int64 (text_letter, 4), ==, 1234);
  g_assert_cmpint (ef_event_get_int64 (text_letter, 5), ==, 3);
  assert_column (byte_letter, 0, "/w==");
  assert_column (byte_letter, 1, "odd (originalEvent is base64)");
  assert_column (byte_letter, 2, "my-domain/42");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/errors/dead-letter/original", test_original);
  g_test_add_func ("/errors/dead-letter/columns", test_columns);

  return g_test_run ();
}
