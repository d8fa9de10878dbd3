/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-pipeline.h"

#include "ef-test-loop.h"

/* What is behind a queue runs in its thread, in every state, and loses nothing on the way down. */
static void
test_threads (void)
{
  EfTestPipeline fixture;
  gpointer source, queue, transform, second, sink;

  ef_test_pipeline_init (&fixture);
  source = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SOURCE, "source");
  queue = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_QUEUE, "queue");
  transform = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_TRANSFORM, "transform");
  second = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_QUEUE, "second");
  sink = ef_test_pipeline_add (&fixture, EF_TYPE_TEST_SINK, "sink");
  ef_test_link (source, queue);
  ef_test_link (queue, transform);
  ef_test_link (transform, second);
  ef_test_link (second, sink);

  ef_test_pipeline_set_state_well (&fixture, EF_STATE_READY);
  ef_test_assert_log ("queue start, source prepare, queue prepare, second start, "
                      "transform prepare, second prepare, sink prepare");
  g_assert_true (ef_element_get_context (source) == ef_element_get_context (queue));
  g_assert_true (ef_element_get_context (source) != ef_element_get_context (transform));
  g_assert_true (ef_element_get_context (transform) == ef_element_get_context (second));
  g_assert_true (ef_element_get_context (second) != ef_element_get_context (sink));

  ef_test_pipeline_set_state_well (&fixture, EF_STATE_PLAYING);
  ef_test_wait_for (NULL, ef_test_sink_get_n_events (sink) > 50);
  g_assert_true (ef_test_sink_get_thread (sink) != g_thread_self ());
  g_free (ef_test_steal_log ());

  ef_test_pipeline_set_state_well (&fixture, EF_STATE_NULL);
  ef_test_assert_log ("source pause, source close, queue drain, second drain, "
                      "queue pause, queue close, "
                      "transform pause, transform close, second pause, second close, "
                      "sink pause, sink close, "
                      "sink unprepare, transform unprepare, second unprepare, second stop, "
                      "source unprepare, queue unprepare, queue stop");
  g_assert_cmpuint (ef_test_sink_get_n_events (sink), ==,
                    ef_pad_get_n_events (ef_element_get_src_pad (source)));

  ef_test_pipeline_clear (&fixture);
}

/* The end of a stream passes all threads. */
static void
test_threads_eos (void)
{
  EfTestPipeline fixture;
  gpointer source, queue, sink;

  ef_test_pipeline_init_chain (&fixture, "source", &source, "queue", &queue, "sink", &sink, NULL);
  g_object_set (source, "count", 1000, NULL);

  for (guint i = 1; i <= 2; i++)
    {
      ef_test_pipeline_set_state_well (&fixture, EF_STATE_PLAYING);
      ef_test_wait_for (NULL, fixture.n_eos == i);
      g_assert_cmpuint (ef_test_sink_get_n_events (sink), ==, 1000 * i);
      ef_test_pipeline_set_state_well (&fixture, EF_STATE_NULL);
    }

  ef_test_pipeline_clear (&fixture);
}

/* A queue that can not send on what it keeps holds a stop up for a bounded time. */
static void
test_drain_timeout (void)
{
  EfTestPipeline fixture;
  gpointer source, queue, sink;

  ef_test_pipeline_init_chain (&fixture, "source", &source, "queue", &queue, "sink", &sink, NULL);
  ef_test_element_set_outcome (queue, "drain", EF_TEST_HANG);
  ef_pipeline_set_drain_timeout_ms (fixture.pipeline, 20);
  g_object_set (source, "count", 1, NULL);

  ef_test_pipeline_set_state_well (&fixture, EF_STATE_PLAYING);
  ef_test_wait_for (NULL, fixture.n_eos == 1);
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_NULL);

  ef_test_pipeline_clear (&fixture);
}

/* A failure behind a queue takes all threads down, and waits for no drain. */
static void
test_threads_fail (void)
{
  EfTestPipeline fixture;
  gpointer source, queue, sink;
  g_autofree char *log = NULL;

  ef_test_pipeline_init_chain (&fixture, "source", &source, "queue", &queue, "sink", &sink, NULL);
  ef_test_element_set_outcome (sink, "prepare", EF_TEST_FAIL);

  ef_test_pipeline_set_state (&fixture, EF_STATE_PLAYING);
  g_assert_error (fixture.error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  ef_test_assert_log ("queue start, source prepare, queue prepare, sink prepare, "
                      "source unprepare, queue unprepare, queue stop");

  ef_test_element_set_outcome (sink, "prepare", EF_TEST_WELL);
  ef_test_pipeline_set_state_well (&fixture, EF_STATE_PLAYING);
  ef_test_wait_for (NULL, ef_test_sink_get_n_events (sink) > 0);
  ef_test_element_fail (source);
  ef_test_wait_until (NULL, ef_test_pipeline_is_null, fixture.pipeline);
  ef_test_pipeline_assert_null (&fixture);
  log = ef_test_steal_log ();
  ef_test_assert_text_has (log, "drain", FALSE);
  ef_test_assert_text_has (log, "queue unprepare, queue stop", TRUE);

  ef_test_pipeline_clear (&fixture);
}

/* An element that two threads would push to is refused, with words that help. */
static void
test_two_threads_meet (void)
{
  EfTestPipeline fixture;
  gpointer source, queue, sink;
  g_autoptr (GError) error = NULL;

  ef_test_pipeline_init_chain (&fixture, "source", &source, "queue", &queue, "sink", &sink, NULL);
  ef_test_link (source, sink);

  g_assert_false (ef_pipeline_start (fixture.pipeline, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_LINK);
  g_assert_cmpstr (
    error->message, ==,
    "“sink” would run in two threads: it is reached from “source” in the thread "
    "of the pipeline and from “queue” in a thread of its own; let the branches meet before "
    "one queue, or end each in an element of its own");

  ef_test_pipeline_set_state (&fixture, EF_STATE_PLAYING);
  g_assert_error (fixture.error, EF_ERROR, EF_ERROR_LINK);
  ef_test_drain (NULL);
  g_assert_cmpuint (fixture.errors->len, ==, 1);

  ef_test_pipeline_clear (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pipeline/threads", test_threads);
  g_test_add_func ("/pipeline/threads-eos", test_threads_eos);
  g_test_add_func ("/pipeline/drain-timeout", test_drain_timeout);
  g_test_add_func ("/pipeline/threads-fail", test_threads_fail);
  g_test_add_func ("/pipeline/two-threads-meet", test_two_threads_meet);

  return g_test_run ();
}
