/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

static char *
describe (EfJsonPath *path)
{
  GString *text = g_string_new (path->from_item ? "@" : "$");

  for (guint i = 0; i < path->steps->len; i++)
    {
      EfJsonStep *step = &g_array_index (path->steps, EfJsonStep, i);

      if (step->key != NULL)
        g_string_append_printf (text, "<%s>", step->key);
      else
        g_string_append_printf (text, "<%u>", step->index);
    }

  return g_string_free (text, FALSE);
}

static void
test_valid (void)
{
  static const struct
  {
    const char *text;
    const char *steps;
  } rows[] = {
    { "$", "$" },
    { "@", "@" },
    { "$.a", "$<a>" },
    { "$.data.p", "$<data><p>" },
    { "@.p", "@<p>" },
    { "$[0]", "$<0>" },
    { "$.asks[12][1]", "$<asks><12><1>" },
    { "$['a b']", "$<a b>" },
    { "$[\"a.b\"].c", "$<a.b><c>" },
    { "$['it\\'s']", "$<it's>" },
    { "$['\\\\']", "$<\\>" },
    { "$['']", "$<>" },
    { "$.größe", "$<größe>" },
    { "$.btcusdt@trade", "$<btcusdt@trade>" },
    { "$[2147483647]", "$<2147483647>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (EfJsonPath) path = ef_json_path_parse (rows[i].text, &error);
      g_autofree char *steps = NULL;

      g_assert_no_error (error);
      steps = describe (path);
      g_assert_cmpstr (steps, ==, rows[i].steps);
    }
}

static void
test_invalid (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } rows[] = {
    { "", "path “”: it begins with “$”, the message, as in “$.data.price”" },
    { "data.p", "path “data.p”: it begins with “$”, the message, as in “$.data.price”" },
    { "$data", "path “$data”, at character 2: a step begins with “.” or “[”" },
    { "$.", "path “$.”, at character 3: a name belongs behind “.”; one with other characters than "
            "letters and digits is written ['…']" },
    { "$..p", "path “$..p”, at character 3: “..” looks everywhere, which is not supported: name each "
              "step" },
    { "$.a[-1]", "path “$.a[-1]”, at character 5: an index counts from 0; from the end is not "
                 "supported" },
    { "$.a[*]", "path “$.a[*]”, at character 5: an index such as [0] or a name such as ['a'] belongs "
                "in brackets" },
    { "$.ä[1:2]", "path “$.ä[1:2]”, at character 6: “]” belongs here" },
    { "$[0", "path “$[0”, at character 4: “]” belongs here" },
    { "$['a]", "path “$['a]”, at character 6: the closing quote is missing" },
    { "$['a'", "path “$['a'”, at character 5: “]” belongs here" },
    { "$[2147483648]", "path “$[2147483648]”, at character 13: the index is too big" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ef_json_path_parse (rows[i].text, &error));
      g_assert_error (error, EF_ERROR, EF_ERROR_SYNTAX);
      g_assert_cmpstr (error->message, ==, rows[i].message);
    }
}

static void
test_find (void)
{
  static const struct
  {
    const char *path;
    const char *text;
    const char *found;
  } rows[] = {
    { "$", " 5 ", "5" },
    { "$", "\"a\"", "\"a\"" },
    { "$.a", "{\"a\":1}", "1" },
    { "$.a", " { \"b\" : {\"a\": [1, \"}\"]} , \"a\" : -2.5e3 } ", "-2.5e3" },
    { "$.a.b", "{\"x\":\"\\\"a\",\"a\":{\"c\":null,\"b\":true}}", "true" },
    { "$.a", "{\"x\":\"\\\\\",\"a\":\"b\\\"c\"}", "\"b\\\"c\"" },
    { "$['a b'][1]", "{\"a b\":[[1,2],{\"c\":[3]},5]}", "{\"c\":[3]}" },
    { "$[2]", "[1,\"two\",[3]]", "[3]" },
    { "$.a", "{\"a\":1,\"a\":2}", "1" },
    /* What is not there. */
    { "$.a", "{\"b\":1}", NULL },
    { "$.a", "[1]", NULL },
    { "$[1]", "[1]", NULL },
    { "$[0]", "[]", NULL },
    { "$.a", "{}", NULL },
    { "$.a.b", "{\"a\":\"b\"}", NULL },
    /* What is no JSON. */
    { "$", "", NULL },
    { "$", "  ", NULL },
    { "$.a", "{", NULL },
    { "$.a", "{\"a", NULL },
    { "$.a", "{\"a\"", NULL },
    { "$.a", "{\"a\":", NULL },
    { "$.a", "{\"a\":}", NULL },
    { "$.a", "{\"a\":\"b", NULL },
    { "$.a", "{\"b\":{\"c\":1", NULL },
    { "$.a", "{\"b\\", NULL },
    { "$.a", "{a:1}", NULL },
    { "$[1]", "[1", NULL },
    { "$[1]", "[1,", NULL },
    { "$[1]", "[,1]", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (EfJsonPath) path = ef_json_path_parse (rows[i].path, NULL);
      gsize length = strlen (rows[i].text);
      /* No terminator, so that the sanitizer sees a byte too many. */
      g_autofree char *text = g_memdup2 (rows[i].text, length);
      gsize found_length = 0;
      const char *found = ef_json_path_find (path, text, length, &found_length);
      g_autofree char *copy = found != NULL ? g_strndup (found, found_length) : NULL;

      g_test_message ("%s of %s", rows[i].path, rows[i].text);
      g_assert_cmpstr (copy, ==, rows[i].found);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/path/valid", test_valid);
  g_test_add_func ("/json/path/invalid", test_invalid);
  g_test_add_func ("/json/path/find", test_find);

  return g_test_run ();
}
