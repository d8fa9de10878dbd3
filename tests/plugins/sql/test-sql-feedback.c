/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <string.h>

#include "ef-test-element.h"
#include "ef-test-loop.h"

/* What comes back to a stream, in pipelines as a whole. */

typedef struct
{
  EfPipeline *pipeline;
  gboolean ended;
} Fixture;

static void
on_eos (Fixture *self)
{
  self->ended = TRUE;
}

static gpointer
get_element (Fixture *self, const char *name)
{
  gpointer element = ef_pipeline_get_element (self->pipeline, name);

  g_assert_nonnull (element);

  return element;
}

static guint64
get_stat (Fixture *self, const char *element, const char *name)
{
  return ef_test_get_stat (get_element (self, element), name);
}

static void
start (Fixture *self, const char *description)
{
  g_autoptr (GError) error = NULL;

  self->pipeline = ef_pipeline_new_from_description (description, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (ef_pipeline_get_bus (self->pipeline), "message::eos",
                            G_CALLBACK (on_eos), self);
  ef_pipeline_start (self->pipeline, &error);
  g_assert_no_error (error);
}

static void
stop (Fixture *self)
{
  ef_pipeline_stop (self->pipeline);
  ef_test_wait_for (NULL, ef_pipeline_get_state (self->pipeline) == EF_STATE_NULL);
  g_assert_finalize_object (self->pipeline);
}

#define COUNT_UP(limit)                                                                            \
  "sql query=\"SELECT sequence + 1 AS sequence, timestamp FROM i WHERE sequence < " limit "\" "    \
  "window=LENGTHBATCH(1)"

/* The stream ends when nothing comes back any more, and not before. */
static void
test_end (void)
{
  Fixture fixture = { 0 };

  start (&fixture, "timersource count=1 interval-ms=1 ! feedback stream=s name=hub ! " COUNT_UP (
                     "1000") " ! feedbacksink stream=S  hub. ! fakesink name=out");
  ef_test_wait_for (NULL, fixture.ended);
  g_assert_cmpuint (get_stat (&fixture, "out", "events-in"), ==, 1001);
  stop (&fixture);
}

/* One that feeds itself for ever starves nothing, and stops when it is told. */
static void
test_endless (void)
{
  Fixture fixture = { 0 };

  start (&fixture, "timersource count=1 interval-ms=1 ! feedback stream=s name=hub ! " COUNT_UP (
                     "1000000000") " ! feedbacksink stream=s  hub. ! fakesink name=out");
  ef_test_wait_for (NULL, get_stat (&fixture, "out", "events-in") > 2000);
  g_assert_false (fixture.ended);
  stop (&fixture);
}

/* More than may wait is rejected. */
static void
test_full (void)
{
  Fixture fixture = { 0 };

  start (&fixture,
         "timersource count=1 interval-ms=1 ! feedback stream=s name=hub max-events=2 ! "
         "sql query=\"SELECT 1 AS sequence, 1 AS timestamp FROM i, (VALUES (1), (2), (3)) WHERE "
         "sequence = 0\" schema=\"sequence LONG, timestamp LONG\" window=LENGTHBATCH(1) ! "
         "feedbacksink stream=s name=back  hub. ! fakesink name=out");
  ef_test_wait_for (NULL, fixture.ended);
  g_assert_cmpuint (get_stat (&fixture, "back", "rejected"), ==, 3);
  g_assert_cmpuint (get_stat (&fixture, "out", "events-in"), ==, 1);
  stop (&fixture);
}

/* While a sink of the stream holds, what comes back waits. */
static void
test_held (void)
{
  Fixture fixture = { 0 };

  start (&fixture, "timersource count=1 interval-ms=1 ! feedback stream=s name=hub ! " COUNT_UP (
                     "50") " ! feedbacksink stream=s name=back  hub. ! fakesink name=out");
  ef_test_wait_for (NULL, get_stat (&fixture, "out", "events-in") > 0);
  g_object_set (get_element (&fixture, "out"), "hold", TRUE, NULL);
  for (guint i = 0; i < 100; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (get_stat (&fixture, "back", "rejected"), ==, 0);
  g_object_set (get_element (&fixture, "out"), "hold", FALSE, NULL);
  ef_test_wait_for (NULL, fixture.ended);
  g_assert_cmpuint (get_stat (&fixture, "out", "events-in"), ==, 51);
  stop (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sql/feedback/end", test_end);
  g_test_add_func ("/sql/feedback/endless", test_endless);
  g_test_add_func ("/sql/feedback/full", test_full);
  g_test_add_func ("/sql/feedback/held", test_held);

  return g_test_run ();
}
