/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-pipeline.h"

#include "ef-test-loop.h"

/* Elements are READY before one connects; sinks go up before sources and down after them. */
static void
test_order (void)
{
  EfTestPipeline fixture;
  gpointer source, transform, sink;

  ef_test_pipeline_init_chain (&fixture, "source", &source, "transform", &transform,
                               "sink", &sink, NULL);

  ef_test_pipeline_set_state_well (&fixture, EF_STATE_READY);
  ef_test_assert_log ("source prepare, transform prepare, sink prepare");
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_PAUSED);
  ef_test_assert_log ("transform open, sink open, source open");
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_PLAYING);
  ef_test_assert_log ("sink play, transform play, source play");
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_PAUSED);
  ef_test_assert_log ("source pause, transform pause, sink pause");
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_PLAYING);
  ef_test_assert_log ("sink play, transform play, source play");
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_NULL);
  ef_test_assert_log ("source pause, source close, transform pause, transform close, "
                      "sink pause, sink close, "
                      "source unprepare, transform unprepare, sink unprepare");

  ef_test_pipeline_clear (&fixture);
}

/* start() and stop() return at once, and the pipeline can be started again. */
static void
test_start_stop (void)
{
  EfTestPipeline fixture;
  gpointer source, sink;
  g_autoptr (GError) error = NULL;

  ef_test_pipeline_init_chain (&fixture, "source", &source, "sink", &sink, NULL);

  for (guint i = 0; i < 2; i++)
    {
      guint n_events = ef_test_sink_get_n_events (sink);

      g_assert_true (ef_pipeline_start (fixture.pipeline, &error));
      g_assert_no_error (error);
      g_assert_cmpint (ef_pipeline_get_state (fixture.pipeline), ==, EF_STATE_NULL);
      ef_test_wait_until (NULL, ef_test_pipeline_plays, fixture.pipeline);
      ef_test_wait_for (NULL, ef_test_sink_get_n_events (sink) > n_events);
      ef_pipeline_stop (fixture.pipeline);
      ef_test_wait_until (NULL, ef_test_pipeline_is_null, fixture.pipeline);
      ef_test_pipeline_assert_null (&fixture);
    }

  g_assert_cmpuint (fixture.errors->len, ==, 0);
  ef_test_pipeline_clear (&fixture);
}

/* The end comes when all sinks have seen it, once, and from the pipeline. */
static void
test_eos (void)
{
  EfTestPipeline fixture;
  gpointer first, second, one, two;

  ef_test_pipeline_init (&fixture);
  first = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SOURCE, "first");
  second = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SOURCE, "second");
  one = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SINK, "one");
  two = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SINK, "two");
  ef_test_link (first, one);
  ef_test_link (second, two);
  g_object_set (first, "count", 5, NULL);

  ef_test_pipeline_set_state_well (&fixture, EF_STATE_PLAYING);
  ef_test_wait_for (NULL, ef_test_sink_get_n_events (two) > 100);
  g_assert_cmpuint (ef_test_sink_get_n_events (one), ==, 5);
  g_assert_cmpuint (fixture.n_eos, ==, 0);

  ef_pipeline_send_eos (fixture.pipeline);
  ef_test_wait_for (NULL, fixture.n_eos > 0);
  g_assert_cmpint (ef_pipeline_get_state (fixture.pipeline), ==, EF_STATE_PLAYING);

  /* What comes after an end is nothing. */
  guint n_events = ef_test_sink_get_n_events (two);
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_NULL);
  g_assert_cmpuint (ef_test_sink_get_n_events (two), ==, n_events);
  g_assert_cmpuint (fixture.n_eos, ==, 1);
  g_assert_cmpuint (fixture.n_eos_signals, ==, 1);

  ef_test_pipeline_clear (&fixture);
}

/* A source alone, and one behind which nothing ends, end the pipeline too. */
static void
test_eos_without_sink (void)
{
  EfTestPipeline fixture;
  gpointer first, second, transform;

  ef_test_pipeline_init (&fixture);
  first = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SOURCE, "first");
  second = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SOURCE, "second");
  transform = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_TRANSFORM, "transform");
  ef_test_link (second, transform);
  g_object_set (first, "count", 1, NULL);
  g_object_set (second, "count", 2, NULL);

  ef_test_pipeline_set_state_well (&fixture, EF_STATE_PLAYING);
  ef_test_wait_for (NULL, fixture.n_eos > 0);
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_NULL);
  g_assert_cmpuint (fixture.n_eos, ==, 1);

  ef_test_pipeline_clear (&fixture);
}

/* A wrong configuration is found before anything connects. */
static void
test_prepare_fails (void)
{
  EfTestPipeline fixture;
  gpointer source, sink;

  ef_test_pipeline_init_chain (&fixture, "source", &source, "sink", &sink, NULL);
  ef_test_element_set_outcome (sink, "prepare", EF_TEST_FAIL);

  ef_test_pipeline_set_state (&fixture, EF_STATE_PLAYING);
  g_assert_error (fixture.error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_assert_cmpstr (fixture.error->message, ==, "sink: told to fail");
  ef_test_assert_log ("source prepare, sink prepare, source unprepare");
  ef_test_pipeline_assert_null (&fixture);

  ef_test_drain (NULL);
  g_assert_cmpuint (fixture.errors->len, ==, 1);
  g_assert_cmpuint (fixture.n_error_signals, ==, 1);

  ef_test_pipeline_clear (&fixture);
}

/* A connection that fails takes all down, those that came up too, and is told once. */
static void
test_open_fails (void)
{
  EfTestPipeline fixture;
  gpointer source, sink, other;

  ef_test_pipeline_init (&fixture);
  source = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SOURCE, "source");
  sink = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SINK, "sink");
  other = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SINK, "other");
  ef_test_link (source, sink);
  ef_test_link (source, other);
  ef_test_element_set_outcome (sink, "open", EF_TEST_FAIL);
  ef_test_element_set_outcome (other, "open", EF_TEST_HANG);

  ef_test_pipeline_set_state (&fixture, EF_STATE_PLAYING);
  g_assert_error (fixture.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpstr (fixture.error->message, ==, "sink: nobody is there");
  ef_test_assert_log ("source prepare, sink prepare, other prepare, sink open, other open, "
                      "source unprepare, sink unprepare, other unprepare");
  ef_test_pipeline_assert_null (&fixture);

  ef_test_drain (NULL);
  g_assert_cmpuint (fixture.errors->len, ==, 1);
  g_assert_cmpstr (fixture.errors->pdata[0], ==, "sink: nobody is there");

  ef_test_pipeline_clear (&fixture);
}

/* An element that fails while it plays ends the pipeline; nothing is dead and running. */
static void
test_element_fails (void)
{
  EfTestPipeline fixture;
  gpointer source, sink;

  ef_test_pipeline_init_chain (&fixture, "source", &source, "sink", &sink, NULL);

  ef_test_pipeline_set_state_well (&fixture, EF_STATE_PLAYING);
  ef_test_element_fail (source);
  ef_test_element_fail (sink);
  ef_test_wait_until (NULL, ef_test_pipeline_is_null, fixture.pipeline);
  ef_test_drain (NULL);
  ef_test_pipeline_assert_null (&fixture);
  g_assert_cmpuint (fixture.errors->len, ==, 1);
  g_assert_cmpstr (fixture.errors->pdata[0], ==, "source: broken");
  g_assert_cmpuint (fixture.n_error_signals, ==, 1);

  ef_test_pipeline_clear (&fixture);
}

/* An error that an element posts while others are still on their way up ends the way. */
static void
test_element_fails_going_up (void)
{
  EfTestPipeline fixture;
  gpointer source, sink;

  ef_test_pipeline_init_chain (&fixture, "source", &source, "sink", &sink, NULL);
  ef_test_element_set_outcome (source, "open", EF_TEST_HANG);

  ef_pipeline_set_state_async (fixture.pipeline, EF_STATE_PLAYING, NULL,
                               ef_test_pipeline_on_set_state, &fixture);
  ef_test_wait_for (NULL, ef_element_get_state (sink) == EF_STATE_PAUSED);
  ef_test_element_fail (sink);
  ef_test_wait_for (NULL, fixture.finished);
  g_assert_error (fixture.error, EF_ERROR, EF_ERROR_FAILED);
  g_assert_cmpstr (fixture.error->message, ==, "sink: broken");
  ef_test_pipeline_assert_null (&fixture);
  ef_test_drain (NULL);
  g_assert_cmpuint (fixture.errors->len, ==, 1);

  ef_test_pipeline_clear (&fixture);
}

/* A stop does not wait for what hangs. */
static void
test_stop_interrupts (void)
{
  EfTestPipeline fixture;
  gpointer source;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  ef_test_pipeline_init (&fixture);
  source = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SOURCE, "source");
  ef_test_element_set_outcome (source, "open", EF_TEST_HANG);

  ef_pipeline_set_state_async (fixture.pipeline, EF_STATE_PLAYING, NULL,
                               ef_test_pipeline_on_set_state, &fixture);
  ef_test_wait_for (NULL, ef_pipeline_get_state (fixture.pipeline) == EF_STATE_READY);
  ef_pipeline_stop (fixture.pipeline);
  ef_test_wait_for (NULL, fixture.finished);
  g_assert_error (fixture.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ef_test_pipeline_assert_null (&fixture);

  fixture.finished = FALSE;
  ef_pipeline_set_state_async (fixture.pipeline, EF_STATE_PLAYING, cancellable,
                               ef_test_pipeline_on_set_state, &fixture);
  ef_test_wait_for (NULL, ef_pipeline_get_state (fixture.pipeline) == EF_STATE_READY);
  g_cancellable_cancel (cancellable);
  ef_test_wait_for (NULL, fixture.finished);
  g_assert_error (fixture.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ef_test_pipeline_assert_null (&fixture);

  ef_test_drain (NULL);
  g_assert_cmpuint (fixture.errors->len, ==, 0);

  ef_test_pipeline_clear (&fixture);
}

/* Calls are carried out in their order. */
static void
test_requests_wait (void)
{
  EfTestPipeline fixture;

  ef_test_pipeline_init (&fixture);
  ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SOURCE, "source");

  ef_pipeline_set_state_async (fixture.pipeline, EF_STATE_READY, NULL, NULL, NULL);
  ef_pipeline_set_state_async (fixture.pipeline, EF_STATE_PLAYING, NULL, NULL, NULL);
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_PAUSED);
  ef_test_assert_log ("source prepare, source open, source play, source pause");
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_NULL);

  ef_test_pipeline_clear (&fixture);
}

static void
test_link_to_outside (void)
{
  EfTestPipeline fixture;
  gpointer source;
  g_autoptr (EfElement) sink = g_object_new (EF_TYPE_TEST_SINK, "name", "stranger", NULL);
  g_autoptr (GError) error = NULL;

  ef_test_pipeline_init (&fixture);
  source = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SOURCE, "source");
  ef_test_link (source, sink);

  g_assert_false (ef_pipeline_start (fixture.pipeline, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_LINK);
  g_assert_cmpstr (error->message, ==,
                   "“source.src” is linked to “stranger”, which is no part of the pipeline: "
                   "add it");

  ef_test_pipeline_clear (&fixture);
}

static void
test_add_element (void)
{
  EfTestPipeline fixture;
  gpointer source;
  g_autoptr (EfElement) other = g_object_new (EF_TYPE_TEST_SINK, "name", "source", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) stats = NULL;
  g_autoptr (GVariant) figures = NULL;

  ef_test_pipeline_init (&fixture);
  source = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SOURCE, "source");
  g_assert_true (ef_pipeline_get_element (fixture.pipeline, "source") == source);
  g_assert_null (ef_pipeline_get_element (fixture.pipeline, "sink"));

  g_assert_false (ef_pipeline_add_element (fixture.pipeline, other, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_clear_error (&error);

  ef_test_pipeline_set_state_well (&fixture, EF_STATE_READY);
  ef_element_set_name (other, "other");
  g_assert_false (ef_pipeline_add_element (fixture.pipeline, other, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_STATE);

  stats = ef_pipeline_get_stats (fixture.pipeline);
  g_assert_true (g_variant_lookup (stats, "source", "@a{sv}", &figures));
  g_assert_true (g_variant_lookup (figures, "events-out", "t", NULL));
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_NULL);

  ef_test_pipeline_clear (&fixture);
}

/* A pipeline that is let go stops first. */
static void
test_let_go (void)
{
  EfTestPipeline fixture;
  gpointer source;

  ef_test_pipeline_init (&fixture);
  source = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SOURCE, "source");
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_PLAYING);
  g_object_add_weak_pointer (source, &source);
  ef_test_pipeline_clear (&fixture);
  ef_test_wait_for (NULL, source == NULL);
}

static void
on_validated (EfPipeline *pipeline,
              EfElement *element,
              gboolean connectivity,
              const GError *error,
              gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup_printf ("%s, %s: %s", ef_element_get_name (element),
                                               connectivity ? "endpoint" : "configuration",
                                               error != NULL ? error->message : "well"));
}

static void
on_validate (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfTestPipeline *self = user_data;

  g_clear_error (&self->error);
  ef_pipeline_validate_finish (EF_PIPELINE (object), result, &self->error);
  self->finished = TRUE;
}

static void
validate (EfTestPipeline *self)
{
  self->finished = FALSE;
  ef_pipeline_validate_async (self->pipeline, NULL, on_validate, self);
  ef_test_wait_for (NULL, self->finished);
  ef_test_pipeline_assert_null (self);
}

/* Each element is told of, the failure of one does not hide that of another, and nothing connects.
 * */
static void
test_validate (void)
{
  EfTestPipeline fixture;
  gpointer source, queue, sink;
  g_autoptr (GPtrArray) told = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *log = NULL;

  ef_test_pipeline_init_chain (&fixture, "source", &source, "queue", &queue, "sink", &sink, NULL);
  g_signal_connect (fixture.pipeline, "validated", G_CALLBACK (on_validated), told);

  validate (&fixture);
  g_assert_no_error (fixture.error);
  g_assert_cmpuint (told->len, ==, 3);
  log = ef_test_steal_log ();
  ef_test_assert_text_has (log, "source validate", TRUE);
  ef_test_assert_text_has (log, "open", FALSE);

  g_ptr_array_set_size (told, 0);
  ef_test_element_set_outcome (source, "validate", EF_TEST_FAIL);
  ef_test_element_set_outcome (sink, "prepare", EF_TEST_FAIL);
  validate (&fixture);
  g_assert_error (fixture.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpstr (fixture.error->message, ==, "source: nobody is there");
  g_assert_cmpuint (told->len, ==, 3);
  g_assert_true (g_ptr_array_find_with_equal_func (told, "source, endpoint: nobody is there",
                                                   g_str_equal, NULL));
  g_assert_true (g_ptr_array_find_with_equal_func (told, "sink, configuration: sink: told to fail",
                                                   g_str_equal, NULL));
  g_assert_true (
    g_ptr_array_find_with_equal_func (told, "queue, configuration: well", g_str_equal, NULL));

  /* A check that was made in time does not stand in the way. */
  ef_test_element_set_outcome (source, "validate", EF_TEST_WELL);
  ef_test_element_set_outcome (sink, "prepare", EF_TEST_WELL);
  fixture.finished = FALSE;
  ef_pipeline_validate_async (fixture.pipeline, NULL, on_validate, &fixture);
  ef_pipeline_stop (fixture.pipeline);
  g_assert_true (ef_pipeline_start (fixture.pipeline, NULL));
  ef_test_wait_until (NULL, ef_test_pipeline_plays, fixture.pipeline);
  g_assert_true (fixture.finished);
  g_assert_no_error (fixture.error);

  fixture.finished = FALSE;
  ef_pipeline_validate_async (fixture.pipeline, NULL, on_validate, &fixture);
  ef_test_wait_for (NULL, fixture.finished);
  g_assert_error (fixture.error, EF_ERROR, EF_ERROR_STATE);
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_NULL);

  ef_test_pipeline_clear (&fixture);
}

static void
test_dot (void)
{
  EfTestPipeline fixture;
  gpointer source, queue, sink, letters;
  g_autofree char *dot = NULL;

  ef_test_pipeline_init (&fixture);
  source = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SOURCE, "a \"source\"");
  queue = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_QUEUE, "queue");
  sink = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SINK, "sink");
  letters = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SINK, "letters");
  ef_test_link (source, queue);
  ef_test_link (queue, sink);
  g_assert_true (
    ef_pad_link (ef_element_get_errors_pad (source), ef_element_get_sink_pad (letters), NULL));
  g_object_set (source, "count", 7, "secret", "open sesame", NULL);

  ef_test_pipeline_set_state_well (&fixture, EF_STATE_PLAYING);
  ef_test_wait_for (NULL, ef_test_sink_get_n_events (sink) == 7);
  dot = ef_pipeline_to_dot (fixture.pipeline);
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_NULL);

  ef_test_assert_text_has (dot, "digraph pipeline {\n", TRUE);
  ef_test_assert_text_has (dot, "label=\"pipeline, playing\";", TRUE);
  ef_test_assert_text_has (dot, "label=\"thread of the pipeline\";", TRUE);
  ef_test_assert_text_has (dot, "label=\"thread behind queue\";", TRUE);
  ef_test_assert_text_has (dot,
                           "\"a \\\"source\\\"\" "
                           "[label=\"a \\\"source\\\"\\ntestsource, playing\\n"
                           "count=7\\l",
                           TRUE);
  ef_test_assert_text_has (dot, "secret=", TRUE);
  ef_test_assert_text_has (dot, "sesame", FALSE);
  ef_test_assert_text_has (dot,
                           "\"queue\" -> \"sink\" [taillabel=\"src\", headlabel=\"sink\", "
                           "label=\"any\\n7\"];",
                           TRUE);
  ef_test_assert_text_has (dot,
                           "\"letters\" [taillabel=\"errors\", headlabel=\"sink\", "
                           "label=\"columns\\n0\", style=dashed, color=red];",
                           TRUE);

  ef_test_pipeline_clear (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pipeline/order", test_order);
  g_test_add_func ("/pipeline/start-stop", test_start_stop);
  g_test_add_func ("/pipeline/eos", test_eos);
  g_test_add_func ("/pipeline/eos-without-sink", test_eos_without_sink);
  g_test_add_func ("/pipeline/prepare-fails", test_prepare_fails);
  g_test_add_func ("/pipeline/open-fails", test_open_fails);
  g_test_add_func ("/pipeline/element-fails", test_element_fails);
  g_test_add_func ("/pipeline/element-fails-going-up", test_element_fails_going_up);
  g_test_add_func ("/pipeline/stop-interrupts", test_stop_interrupts);
  g_test_add_func ("/pipeline/requests-wait", test_requests_wait);
  g_test_add_func ("/pipeline/link-to-outside", test_link_to_outside);
  g_test_add_func ("/pipeline/add-element", test_add_element);
  g_test_add_func ("/pipeline/validate", test_validate);
  g_test_add_func ("/pipeline/dot", test_dot);
  g_test_add_func ("/pipeline/let-go", test_let_go);

  return g_test_run ();
}
