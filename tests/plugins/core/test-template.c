/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-template.h"

static char *
expand (const char *text, gint64 sequence, gint64 timestamp, GRand *random)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EfTemplate) template = ef_template_new (text, &error);
  g_autoptr (GString) out = g_string_new (NULL);

  g_assert_no_error (error);
  ef_template_expand (template, sequence, timestamp, random, out);

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
test_plain (void)
{
  static const struct
  {
    const char *text;
    const char *expanded;
  } rows[] = {
    { "", "" },
    { "no placeholder", "no placeholder" },
    { "{{sequence}}", "-7" },
    { "a{{sequence}}b{{timestamp}}c{{milliseconds}}", "a-7b1672515782136999c1672515782136" },
    { "{\"t\":{{sequence}}}", "{\"t\":-7}" },
    { "}} { {{sequence}}}}", "}} { -7}}" },
    { "{{pick:only}}{{random:5:5}}{{random:-3:-3}}", "only5-3" },
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *expanded = expand (rows[i].text, -7, 1672515782136999, random);

      g_assert_cmpstr (expanded, ==, rows[i].expanded);
    }
}

/* Within its bounds, both ends reached, and the same again from the same seed. */
static void
test_random (void)
{
  g_autoptr (GString) first = g_string_new (NULL);
  g_autoptr (GString) second = g_string_new (NULL);
  gboolean seen[3] = { FALSE };

  for (guint run = 0; run < 2; run++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (42);

      for (guint i = 0; i < 200; i++)
        {
          g_autofree char *text = expand ("{{random:-1:1}} {{pick:a|b|c}}", 0, 0, random);
          gint64 number = g_ascii_strtoll (text, NULL, 10);

          g_assert_cmpint (number, >=, -1);
          g_assert_cmpint (number, <=, 1);
          seen[number + 1] = TRUE;
          g_string_append (run == 0 ? first : second, text);
        }
    }

  g_assert_true (seen[0] && seen[1] && seen[2]);
  g_assert_nonnull (strchr (first->str, 'a'));
  g_assert_nonnull (strchr (first->str, 'c'));
  g_assert_cmpstr (first->str, ==, second->str);
}

static void
test_errors (void)
{
  static const struct
  {
    const char *text;
    const char *named;
  } rows[] = {
    { "{{sequense}}", "“{{sequense}}”" },
    { "{{}}", "“{{}}”" },
    { "{{sequence:1}}", "“{{sequence:1}}”" },
    { "{{random}}", "“{{random}}”" },
    { "{{random:1}}", "“{{random:1}}”" },
    { "{{random:2:1}}", "“{{random:2:1}}”" },
    { "{{random:a:b}}", "“{{random:a:b}}”" },
    { "{{random:1:99999999999}}", "“{{random:1:99999999999}}”" },
    { "{{pick}}", "“{{pick}}”" },
    { "{{pick:}}", "“{{pick:}}”" },
    { "open {{sequence", "“{{sequence”" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ef_template_new (rows[i].text, &error));
      g_assert_error (error, EF_ERROR, EF_ERROR_SYNTAX);
      if (strstr (error->message, rows[i].named) == NULL)
        g_error ("“%s” is not named: %s", rows[i].text, error->message);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/template/plain", test_plain);
  g_test_add_func ("/core/template/random", test_random);
  g_test_add_func ("/core/template/errors", test_errors);

  return g_test_run ();
}
