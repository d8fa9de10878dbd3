/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "json-decoding.h"

#include <string.h>

#include "ef-json-scan.h"

/* A text is gone over in three ways, which must agree: as a value that is wanted, as one that is
 * not, and as one between others that are. */
static const JsonDecoding whole = { .schema = "v JSON", .mapping = "v=$" };
static const JsonDecoding around = { .schema = "k INT" };
static const JsonDecoding deep = { .schema = "k INT", .mapping = "k=$.skip.a.no" };

static gboolean
is_taken (const JsonDecoding *decoding, const char *text, gsize length, char **message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EfJsonReader) reader = json_decoding_new_reader (decoding, &error);
  g_autoptr (EfBatch) batch = NULL;

  g_assert_no_error (error);
  batch = json_decoding_read (reader, text, length, &error);
  if (batch == NULL)
    {
      g_assert_error (error, EF_ERROR, EF_ERROR_DATA);
      *message = g_strdup (error->message);
    }

  return batch != NULL;
}

static void
check (const char *text, gsize length, gboolean valid)
{
  g_autoptr (GString) nested = g_string_new ("{\"skip\":");
  g_autofree char *whole_message = NULL, *around_message = NULL, *deep_message = NULL;

  g_string_append_len (nested, text, (gssize) length);
  g_string_append (nested, ",\"k\":1}");

  if (is_taken (&whole, text, length, &whole_message) != valid
      || is_taken (&around, nested->str, nested->len, &around_message) != valid
      || is_taken (&deep, nested->str, nested->len, &deep_message) != valid)
    g_error ("%s is %s JSON, but: %s; %s; %s", text, valid ? "" : "no",
             whole_message != NULL ? whole_message : "taken",
             around_message != NULL ? around_message : "taken",
             deep_message != NULL ? deep_message : "taken");
}

static char **
load_lines (const char *file)
{
  g_autofree char *text = json_decoding_load (file);

  return g_strsplit (text, "\n", -1);
}

static void
test_valid (void)
{
  g_auto (GStrv) lines = load_lines ("valid.txt");

  g_assert_cmpuint (g_strv_length (lines), >, 40);
  for (char **line = lines; *line != NULL; line++)
    if (**line != '#' && **line != '\0')
      check (*line, strlen (*line), TRUE);
}

/* What is cut off anywhere is not taken, and nothing behind the cut is looked at. */
static void
test_truncated (void)
{
  g_auto (GStrv) lines = load_lines ("valid.txt");

  for (char **line = lines; *line != NULL; line++)
    {
      g_autofree char *text = g_strstrip (g_strdup (*line));

      if (*text != '{' && *text != '[' && *text != '"')
        continue;

      for (gsize length = 0; length < strlen (text); length++)
        {
          g_autofree char *message = NULL;

          if (is_taken (&whole, text, length, &message))
            g_error ("%.*s was taken", (int) length, text);
        }
    }
}

static void
test_invalid (void)
{
  g_auto (GStrv) lines = load_lines ("invalid.txt");

  g_assert_cmpuint (g_strv_length (lines), >, 50);
  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) fields = g_strsplit (*line, "\t", 2);
      g_autofree char *message = NULL;

      if (**line == '#' || **line == '\0')
        continue;

      check (fields[0], strlen (fields[0]), FALSE);
      g_assert_false (is_taken (&whole, fields[0], strlen (fields[0]), &message));
      g_assert_cmpstr (message, ==, fields[1]);
    }
}

/* Bytes that a line of a file can not hold. */
static void
test_bytes (void)
{
  g_autofree char *message = NULL;

  for (char c = 0; c < 0x20; c++)
    for (gsize padding = 0; padding < 20; padding++)
      {
        g_autoptr (GString) string = g_string_new ("\"");
        g_autoptr (GString) array = g_string_new ("[1,");
        gboolean is_space = c == '\t' || c == '\n' || c == '\r';

        for (gsize i = 0; i < padding; i++)
          g_string_append_c (string, 'x');
        g_string_append_c (string, c);
        g_string_append (string, "and more text\"");
        check (string->str, string->len, FALSE);

        g_string_append_c (array, c);
        g_string_append (array, "2]");
        check (array->str, array->len, is_space);
      }

  g_assert_false (is_taken (&whole, "", 0, &message));
  g_assert_cmpstr (message, ==, "invalid JSON at byte 0: an empty message");
  g_clear_pointer (&message, g_free);
  g_assert_false (is_taken (&whole, " \n ", 3, &message));
  g_assert_cmpstr (message, ==, "invalid JSON at byte 3: an empty message");
  g_clear_pointer (&message, g_free);
  g_assert_false (is_taken (&whole, "1\0", 2, &message));
  g_clear_pointer (&message, g_free);
  g_assert_false (is_taken (&whole, "\xef\xbb\xbf{}", 5, &message));
}

static void
test_depth (void)
{
  for (guint depth = EF_JSON_MAX_DEPTH - 2; depth <= EF_JSON_MAX_DEPTH + 2; depth++)
    for (int objects = 0; objects < 2; objects++)
      {
        g_autoptr (GString) text = g_string_new (NULL);
        g_autofree char *message = NULL;

        for (guint i = 0; i < depth; i++)
          g_string_append (text, objects ? "{\"a\":" : "[");
        if (objects)
          g_string_append_c (text, '1');
        for (guint i = 0; i < depth; i++)
          g_string_append_c (text, objects ? '}' : ']');

        g_assert_cmpint (is_taken (&whole, text->str, text->len, &message), ==,
                         depth <= EF_JSON_MAX_DEPTH);
        if (message != NULL)
          g_assert_true (strstr (message, "nested too deeply") != NULL);
      }
}

/* A million brackets take neither the stack nor time. */
static void
test_deep_attack (void)
{
  gsize length = 1000000;
  g_autofree char *text = g_malloc (length);
  g_autofree char *message = NULL;

  memset (text, '[', length);
  g_assert_false (is_taken (&whole, text, length, &message));
  g_clear_pointer (&message, g_free);
  g_assert_false (is_taken (&around, text, length, &message));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/conformance/valid", test_valid);
  g_test_add_func ("/json/conformance/truncated", test_truncated);
  g_test_add_func ("/json/conformance/invalid", test_invalid);
  g_test_add_func ("/json/conformance/bytes", test_bytes);
  g_test_add_func ("/json/conformance/depth", test_depth);
  g_test_add_func ("/json/conformance/deep-attack", test_deep_attack);

  return g_test_run ();
}
