/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-cases.h"
#include "ef-test-elements.h"

#include "ef-test-loop.h"

/* A context that knows the elements of the tests. */
static EfContext *
make_context (void)
{
  const GType types[] = { EF_TYPE_TEST_SOURCE, EF_TYPE_TEST_TRANSFORM, EF_TYPE_TEST_SINK,
                          EF_TYPE_TEST_QUEUE };
  EfContext *context = ef_context_new ();

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (EfElementFactory) factory = ef_element_factory_new (types[i]);
      g_autoptr (GError) error = NULL;

      ef_context_add_element_factory (context, factory, &error);
      g_assert_no_error (error);
    }

  return context;
}

static void
test_errors (void)
{
  g_autoptr (EfContext) context = make_context ();
  g_autoptr (GArray) cases = ef_test_load_cases ("build-errors.txt");

  for (guint i = 0; i < cases->len; i++)
    {
      EfTestCase *item = &g_array_index (cases, EfTestCase, i);
      g_autoptr (EfPipeline) pipeline = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", item->description);
      pipeline = ef_pipeline_new_from_description (item->description, context, &error);
      g_assert_null (pipeline);
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
    { "testsource !", EF_ERROR_SYNTAX },
    { "testsorce", EF_ERROR_UNKNOWN_ELEMENT },
    { "testsource cuont=3", EF_ERROR_UNKNOWN_KEY },
    { "testsource count=x", EF_ERROR_INVALID_VALUE },
    { "testsink ! testsink", EF_ERROR_LINK },
  };
  g_autoptr (EfContext) context = make_context ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ef_pipeline_new_from_description (cases[i].description, context, &error));
      g_assert_error (error, EF_ERROR, (int) cases[i].code);
    }
}

/* The element that dead letters are to go to is linked by its name, unless links say it already. */
static void
test_dlq_stream (void)
{
  static const char *const descriptions[] = {
    "testsource ! testtransform name=t error-dlq-stream=dead ! testsink testsink name=dead",
    "testsource ! testtransform name=t error.dlq.stream=Dead ! testsink t.errors ! testsink name=dead",
  };
  g_autoptr (EfContext) context = make_context ();

  for (gsize i = 0; i < G_N_ELEMENTS (descriptions); i++)
    {
      g_autoptr (EfPipeline) pipeline = NULL;
      g_autoptr (GError) error = NULL;
      EfPad *errors;

      pipeline = ef_pipeline_new_from_description (descriptions[i], context, &error);
      g_assert_no_error (error);
      errors = ef_element_get_errors_pad (ef_pipeline_get_element (pipeline, "t"));
      g_assert_cmpuint (ef_pad_get_n_links (errors), ==, 1);
      g_assert_true (ef_pad_get_element (ef_pad_get_peer (errors, 0))
                     == ef_pipeline_get_element (pipeline, "dead"));
    }
}

/* A pipeline in words is the one that they say. */
static void
test_build (void)
{
  g_autoptr (EfContext) context = make_context ();
  g_autoptr (EfPipeline) pipeline = NULL;
  g_autoptr (GPtrArray) elements = NULL;
  g_autoptr (GError) error = NULL;
  EfElement *source, *letters;
  EfPad *src;
  guint count;

  pipeline = ef_pipeline_new_from_description ("testsource name=in count=7 ! testtransform ! out. "
                                               "testsink name=out testsink name=letters "
                                               "testtransform0.errors ! letters. in. ! testsink",
                                               context, &error);
  g_assert_no_error (error);

  elements = ef_pipeline_get_elements (pipeline);
  g_assert_cmpuint (elements->len, ==, 5);
  source = ef_pipeline_get_element (pipeline, "in");
  g_assert_true (EF_IS_TEST_SOURCE (source));
  g_object_get (source, "count", &count, NULL);
  g_assert_cmpuint (count, ==, 7);

  src = ef_element_get_src_pad (source);
  g_assert_cmpuint (ef_pad_get_n_links (src), ==, 2);
  g_assert_true (ef_pad_get_element (ef_pad_get_peer (src, 0)) ==
                 ef_pipeline_get_element (pipeline, "testtransform0"));
  g_assert_true (ef_pad_get_element (ef_pad_get_peer (src, 1)) ==
                 ef_pipeline_get_element (pipeline, "testsink0"));

  letters = ef_pipeline_get_element (pipeline, "letters");
  g_assert_cmpstr (ef_pad_get_name (ef_pad_get_peer (ef_element_get_sink_pad (letters), 0)), ==,
                   "errors");
}

static void
on_eos (EfPipeline *pipeline, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static gboolean
pipeline_is_null (gpointer data)
{
  return ef_pipeline_get_state (data) == EF_STATE_NULL;
}

static void
test_run (void)
{
  g_autoptr (EfContext) context = make_context ();
  g_autoptr (GError) error = NULL;
  gboolean ended = FALSE;
  EfPipeline *pipeline;
  EfElement *sink;

  pipeline = ef_pipeline_new_from_description ("testsource count=100 ! testqueue ! testtransform ! "
                                               "testsink name=out",
                                               context, &error);
  g_assert_no_error (error);
  g_signal_connect (pipeline, "eos", G_CALLBACK (on_eos), &ended);

  ef_pipeline_start (pipeline, &error);
  g_assert_no_error (error);
  ef_test_wait_for (NULL, ended);
  sink = ef_pipeline_get_element (pipeline, "out");
  g_assert_cmpuint (ef_test_sink_get_n_events (EF_TEST_SINK (sink)), ==, 100);

  ef_pipeline_stop (pipeline);
  ef_test_wait_until (NULL, pipeline_is_null, pipeline);
  ef_test_assert_finalizes (NULL, pipeline);
}

/* A spec that a program made has no text to show a place in. */
static void
test_spec_without_text (void)
{
  g_autoptr (EfContext) context = make_context ();
  g_autoptr (EfPipelineSpec) spec = ef_pipeline_spec_new (NULL);
  g_autoptr (EfPipeline) pipeline = NULL;
  g_autoptr (GError) error = NULL;

  ef_pipeline_spec_add_element (spec, "testsource", NULL, NULL);
  ef_pipeline_spec_add_property (spec, 0, "count", "-1", NULL, NULL);

  pipeline = ef_pipeline_new_from_spec (spec, context, &error);
  g_assert_null (pipeline);
  g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_assert_false (g_str_has_prefix (error->message, "1:"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/build/errors", test_errors);
  g_test_add_func ("/build/error-codes", test_error_codes);
  g_test_add_func ("/build/dlq-stream", test_dlq_stream);
  g_test_add_func ("/build/build", test_build);
  g_test_add_func ("/build/run", test_run);
  g_test_add_func ("/build/spec-without-text", test_spec_without_text);

  return g_test_run ();
}
