/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-cases.h"

#include <eventflux.h>

static void
test_valid (void)
{
  g_autoptr (GArray) cases = ef_test_load_cases ("valid.txt");

  g_assert_cmpuint (cases->len, >, 10);

  for (guint i = 0; i < cases->len; i++)
    {
      EfTestCase *item = &g_array_index (cases, EfTestCase, i);
      g_autoptr (EfPipelineSpec) spec = NULL, again = NULL;
      g_autofree char *printed = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", item->description);
      spec = ef_pipeline_spec_new_from_description (item->description, &error);
      g_assert_no_error (error);
      printed = ef_pipeline_spec_to_string (spec);
      g_assert_cmpstr (printed, ==, item->expected);

      again = ef_pipeline_spec_new_from_description (printed, &error);
      g_assert_no_error (error);
      g_assert_true (ef_pipeline_spec_equal (spec, again));
    }
}

static void
test_invalid (void)
{
  g_autoptr (GArray) cases = ef_test_load_cases ("invalid.txt");

  g_assert_cmpuint (cases->len, >, 10);

  for (guint i = 0; i < cases->len; i++)
    {
      EfTestCase *item = &g_array_index (cases, EfTestCase, i);
      g_autoptr (EfPipelineSpec) spec = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", item->description);
      spec = ef_pipeline_spec_new_from_description (item->description, &error);
      g_assert_null (spec);
      g_assert_nonnull (error);
      g_assert_true (error->domain == EF_ERROR);
      g_assert_cmpstr (error->message, ==, item->expected);
    }
}

static void
test_error_codes (void)
{
  static const struct
  {
    const char *description;
    EfError code;
  } cases[] = {
    { "a ! ! b", EF_ERROR_SYNTAX },
    { "a ! nobody.", EF_ERROR_LINK },
    { "a name=x b name=x", EF_ERROR_INVALID_VALUE },
    { "a name=x.y", EF_ERROR_INVALID_VALUE },
    { "a k=1 k=2", EF_ERROR_INVALID_VALUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ef_pipeline_spec_new_from_description (cases[i].description, &error));
      g_assert_error (error, EF_ERROR, (int) cases[i].code);
    }
}

/* A message is UTF-8 even if the description is not. */
static void
test_not_utf8 (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ef_pipeline_spec_new_from_description ("ä b=\xff ! c", &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_SYNTAX);
  g_assert_cmpstr (error->message, ==,
                   "1:5: the description is not UTF-8 here\n"
                   "  ä b=\xef\xbf\xbd ! c\n"
                   "      ^");
}

static void
test_spec (void)
{
  const char *text = "timersource name=t interval=1s !\n  fakesink";
  g_autoptr (EfPipelineSpec) spec = NULL;
  g_autoptr (GError) error = NULL;
  const EfTextLocation *key, *value;
  const char *string, *from_pad, *to_pad;
  guint from, to, index;

  spec = ef_pipeline_spec_new_from_description (text, &error);
  g_assert_no_error (error);

  g_assert_cmpstr (ef_pipeline_spec_get_text (spec), ==, text);
  g_assert_cmpuint (ef_pipeline_spec_get_n_elements (spec), ==, 2);
  g_assert_cmpstr (ef_pipeline_spec_get_element_factory (spec, 0), ==, "timersource");
  g_assert_cmpstr (ef_pipeline_spec_get_element_name (spec, 0), ==, "t");
  g_assert_true (ef_pipeline_spec_has_element_name (spec, 0));
  g_assert_cmpstr (ef_pipeline_spec_get_element_name (spec, 1), ==, "fakesink0");
  g_assert_false (ef_pipeline_spec_has_element_name (spec, 1));
  g_assert_true (ef_pipeline_spec_find_element (spec, "fakesink0", &index));
  g_assert_cmpuint (index, ==, 1);
  g_assert_false (ef_pipeline_spec_find_element (spec, "timersource0", NULL));
  g_assert_cmpuint (ef_pipeline_spec_get_element_location (spec, 1)->line, ==, 2);
  g_assert_cmpuint (ef_pipeline_spec_get_element_location (spec, 1)->column, ==, 3);

  g_assert_cmpuint (ef_pipeline_spec_get_n_properties (spec, 0), ==, 1);
  g_assert_cmpstr (ef_pipeline_spec_get_property (spec, 0, 0, &string), ==, "interval");
  g_assert_cmpstr (string, ==, "1s");
  key = ef_pipeline_spec_get_property_location (spec, 0, 0, &value);
  g_assert_cmpuint (key->column, ==, 20);
  g_assert_cmpuint (value->column, ==, 29);
  g_assert_cmpuint (value->offset, ==, 28);

  g_assert_cmpuint (ef_pipeline_spec_get_n_links (spec), ==, 1);
  ef_pipeline_spec_get_link (spec, 0, &from, &from_pad, &to, &to_pad);
  g_assert_cmpuint (from, ==, 0);
  g_assert_cmpuint (to, ==, 1);
  g_assert_cmpstr (from_pad, ==, "src");
  g_assert_cmpstr (to_pad, ==, "sink");
  g_assert_cmpuint (ef_pipeline_spec_get_link_location (spec, 0)->column, ==, 32);
}

/* What the shell hands over means what the person wrote. */
static void
test_join (void)
{
  static const struct
  {
    const char *words[8];
    const char *description;
  } cases[] = {
    { { "timersource", "!", "fakesink" }, "timersource ! fakesink" },
    { { "timersource interval=1s ! fakesink" }, "timersource interval=1s ! fakesink" },
    { { "jsondecode", "schema=s STRING, p DOUBLE", "!", "fakesink" },
      "jsondecode schema='s STRING, p DOUBLE' ! fakesink" },
    { { "jsonencode", "template={\"a\": 'b'}" }, "jsonencode template=\"{\\\"a\\\": 'b'}\"" },
    { { "websocketsource", "url=ws://h/?a=b!c" }, "websocketsource url='ws://h/?a=b!c'" },
    { { "a", "empty=" }, "a empty=" },
    { { "a", "schema=\"quoted\"" }, "a schema='\"quoted\"'" },
    { { "jsondecode schema='a STRING' !", "fakesink" }, "jsondecode schema='a STRING' ! fakesink" },
    { { NULL }, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *description = ef_pipeline_description_join (cases[i].words);

      g_assert_cmpstr (description, ==, cases[i].description);
    }
}

static void
test_join_keeps_values (void)
{
  const char *values[] = { "a b", "\"", "'", "\\", "\\n", "$x", "`x`", "a\nb", "it's \"so\" \\",
                           "#",   "!",  "=" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *word = g_strconcat ("key=", values[i], NULL);
      const char *words[] = { "element", word, NULL };
      g_autofree char *description = ef_pipeline_description_join (words);
      g_autoptr (GError) error = NULL;
      g_autoptr (EfPipelineSpec) spec = NULL;
      const char *value;

      spec = ef_pipeline_spec_new_from_description (description, &error);
      g_assert_no_error (error);
      ef_pipeline_spec_get_property (spec, 0, 0, &value);
      g_assert_cmpstr (value, ==, values[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/launch/valid", test_valid);
  g_test_add_func ("/launch/invalid", test_invalid);
  g_test_add_func ("/launch/error-codes", test_error_codes);
  g_test_add_func ("/launch/not-utf8", test_not_utf8);
  g_test_add_func ("/launch/spec", test_spec);
  g_test_add_func ("/launch/join", test_join);
  g_test_add_func ("/launch/join-keeps-values", test_join_keeps_values);

  return g_test_run ();
}
