/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-utf8-private.h"

#include <string.h>

/* The text, and at which byte it is found to be wrong: the first that can not stand there. -1 if
 * it is valid, -2 if it is valid but ends within a character. The cases are those of Markus
 * Kuhn's “UTF-8 decoder capability and stress test” and of the Autobahn test suite. */
static const struct
{
  const char *text;
  int bad;
} cases[] = {
  { "", -1 },
  { "plain ASCII", -1 },
  { "\x7f", -1 },
  { "κόσμε", -1 },
  { "Hello-µ@ßöäüàá-UTF-8!!", -1 },
  { "\xe2\x82\xac", -1 },
  { "\xf0\x9f\x9a\x80", -1 },
  /* first and last of each length */
  { "\xc2\x80", -1 },
  { "\xdf\xbf", -1 },
  { "\xe0\xa0\x80", -1 },
  { "\xef\xbf\xbf", -1 },
  { "\xf0\x90\x80\x80", -1 },
  { "\xf4\x8f\xbf\xbf", -1 },
  { "\xed\x9f\xbf", -1 },
  { "\xee\x80\x80", -1 },
  { "\xef\xbf\xbd", -1 },
  /* noncharacters are characters enough */
  { "\xef\xbf\xbe", -1 },
  { "\xef\xb7\x90", -1 },
  { "\xf0\x9f\xbf\xbe", -1 },
  { "\xf3\xbf\xbf\xbf", -1 },
  /* above U+10FFFF, and forms of five and six bytes */
  { "\xf4\x90\x80\x80", 1 },
  { "\xf5\x80\x80\x80", 0 },
  { "\xf7\xbf\xbf\xbf", 0 },
  { "\xf8\x88\x80\x80\x80", 0 },
  { "\xfb\xbf\xbf\xbf\xbf", 0 },
  { "\xfc\x84\x80\x80\x80\x80", 0 },
  { "\xfd\xbf\xbf\xbf\xbf\xbf", 0 },
  { "\xfe", 0 },
  { "\xff", 0 },
  { "ab\xfe\xfe\xff\xff", 2 },
  /* continuations alone */
  { "\x80", 0 },
  { "\xbf", 0 },
  { "\x80\xbf", 0 },
  { "abc\x80\xbf\x80", 3 },
  /* lead bytes alone */
  { "\xc2 ", 1 },
  { "\xdf\xdf", 1 },
  { "\xe1 ", 1 },
  { "\xe1\x80 ", 2 },
  { "\xf1 ", 1 },
  { "\xf1\x80 ", 2 },
  { "\xf1\x80\x80 ", 3 },
  { "\xf1\x80\x80\xc2\x80", 3 },
  /* cut short at the end */
  { "\xc2", -2 },
  { "\xe0\xa0", -2 },
  { "\xe1\x80", -2 },
  { "\xf0\x90\x80", -2 },
  { "\xf4\x8f\xbf", -2 },
  { "Hello-\xc2", -2 },
  { "κόσμ\xce", -2 },
  /* overlong */
  { "\xc0\xaf", 0 },
  { "\xc1\xbf", 0 },
  { "\xe0\x80\xaf", 1 },
  { "\xe0\x9f\xbf", 1 },
  { "\xf0\x80\x80\xaf", 1 },
  { "\xf0\x8f\xbf\xbf", 1 },
  { "\xf8\x80\x80\x80\xaf", 0 },
  { "\xc0\x80", 0 },
  { "\xe0\x80\x80", 1 },
  { "\xf0\x80\x80\x80", 1 },
  /* surrogates, alone and in pairs */
  { "\xed\xa0\x80", 1 },
  { "\xed\xad\xbf", 1 },
  { "\xed\xae\x80", 1 },
  { "\xed\xaf\xbf", 1 },
  { "\xed\xb0\x80", 1 },
  { "\xed\xbf\xbf", 1 },
  { "\xed\xa0\x80\xed\xb0\x80", 1 },
  { "κόσμε\xed\xa0\x80"
    "edited",
    11 },
};

/* Feeds pieces of @step bytes. Returns as in the table. */
static int
check (const guint8 *data, gsize len, gsize step)
{
  EfUtf8 utf8 = EF_UTF8_INIT;

  for (gsize i = 0; i < len; i += step)
    {
      gsize n = MIN (step, len - i);
      /* A copy of its own, so that a sanitizer sees a read past its end. */
      g_autofree guint8 *piece = g_memdup2 (data + i, n);
      gsize good = ef_utf8_feed (&utf8, piece, n);

      g_assert_cmpuint (good, <=, n);
      if (good < n)
        return (int) (i + good);
    }

  return ef_utf8_is_complete (&utf8) ? -1 : -2;
}

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize len = strlen (cases[i].text);

      for (gsize step = 1; step <= MAX (len, 1); step++)
        g_assert_cmpint (check ((const guint8 *) cases[i].text, len, step), ==, cases[i].bad);

      g_assert_cmpint (ef_utf8_is_valid ((const guint8 *) cases[i].text, len), ==,
                       cases[i].bad == -1);

      gsize bad_at = G_MAXSIZE;

      g_assert_cmpint (ef_utf8_validate (cases[i].text, len, &bad_at), ==, cases[i].bad == -1);
      g_assert_cmpuint (bad_at, ==,
                        cases[i].bad == -1   ? G_MAXSIZE
                        : cases[i].bad == -2 ? len
                                             : (gsize) cases[i].bad);
    }
}

/* Each case at each offset of texts long enough for the wide paths, in ASCII and out of it. */
static void
test_surrounded (void)
{
  static const char *const fillers[] = { "a", "é", "€", "🚀", "aé€🚀" };

  for (gsize f = 0; f < G_N_ELEMENTS (fillers); f++)
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
      for (gsize before = 0; before < 150; before += strlen (fillers[f]))
        {
          g_autoptr (GString) text = g_string_new (NULL);
          int expected = cases[i].bad;

          while (text->len < before)
            g_string_append (text, fillers[f]);

          int offset = (int) text->len;

          g_string_append (text, cases[i].text);
          if (expected == -2)
            expected = (int) strlen (cases[i].text);
          while (expected != -1 && text->len < before + 150)
            g_string_append (text, "a€é🚀");

          g_assert_cmpint (check ((const guint8 *) text->str, text->len, text->len + 1), ==,
                           expected < 0 ? -1 : offset + expected);
          g_assert_cmpint (check ((const guint8 *) text->str, text->len, 67), ==,
                           expected < 0 ? -1 : offset + expected);
        }
}

/* Every sequence of up to three bytes against the definition in RFC 3629. */
static void
test_exhaustive (void)
{
  for (guint code = 0; code <= 0xffffff; code += code < 0x10000 ? 1 : 7)
    {
      char bytes[3] = { (char) (code >> 16), (char) (code >> 8), (char) code };
      gboolean valid = g_utf8_validate_len (bytes, sizeof bytes, NULL);

      /* GLib's has no NUL in a text; ours has. */
      if (memchr (bytes, 0, sizeof bytes) == NULL)
        g_assert_cmpint (ef_utf8_is_valid ((const guint8 *) bytes, sizeof bytes), ==, valid);
    }
}

/* Damaged texts: GLib tells where the last whole character before the damage ends. */
static void
test_random (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      gsize size = (gsize) g_test_rand_int_range (0, 400);
      const char *end;

      while (text->len < size)
        {
          gunichar limits[] = { 0x7f, 0x7ff, 0xd7ff, 0x10ffff };
          gunichar c =
            (gunichar) g_test_rand_int_range (1, (gint32) limits[g_test_rand_bit () * 3]);

          if (round % 3 == 0)
            c = (gunichar) g_test_rand_int_range (1, (gint32) limits[g_test_rand_int_range (0, 4)]);
          if (c < 0xd800 || c > 0xdfff)
            g_string_append_unichar (text, c);
        }

      for (guint i = round % 3; i > 0 && text->len > 0; i--)
        text->str[g_test_rand_int_range (0, (gint32) text->len)] =
          (char) g_test_rand_int_range (1, 256);

      gboolean valid = g_utf8_validate_len (text->str, text->len, &end);
      gsize good = (gsize) (end - text->str);
      gsize step = (gsize) g_test_rand_int_range (1, 500);
      int bad = check ((const guint8 *) text->str, text->len, step);

      if (valid)
        g_assert_cmpint (bad, ==, -1);
      else if (bad == -2)
        g_assert_cmpuint (text->len - good, <, 4);
      else
        {
          g_assert_cmpint (bad, >=, (int) good);
          g_assert_cmpint (bad, <, (int) good + 4);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/utf8/table", test_table);
  g_test_add_func ("/utf8/surrounded", test_surrounded);
  g_test_add_func ("/utf8/exhaustive", test_exhaustive);
  g_test_add_func ("/utf8/random", test_random);

  return g_test_run ();
}
