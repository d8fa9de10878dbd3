/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-fault.h"

#include "ef-harness.h"
#include "ef-test-clock.h"
#include "ef-test-loop.h"

typedef struct
{
  EfTestClock *clock;
  EfElement *element;
  EfHarness *harness;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = ef_test_clock_new ();
  fixture->element = g_object_new (EF_TYPE_FAULT, "every", 2, NULL);
  ef_element_set_clock (fixture->element, EF_CLOCK (fixture->clock));
  fixture->harness = ef_harness_new (fixture->element);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ef_harness_free (fixture->harness);
  g_assert_finalize_object (fixture->clock);
}

static void
push_five (Fixture *fixture)
{
  g_autoptr (EfBatch) batch = ef_batch_new ();

  for (int i = 1; i <= 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("%d", i);

      ef_batch_append (batch, ef_event_new_text (0, text, -1));
    }
  ef_harness_push (fixture->harness, batch);
}

static void
assert_out (Fixture *fixture, const char *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);
  EfEvent *event;

  ef_test_drain (NULL);
  while ((event = ef_harness_try_pull (fixture->harness)) != NULL)
    {
      g_autofree char *text = ef_event_dup_string (event, 0);

      g_string_append (out, text);
      ef_event_unref (event);
    }
  g_assert_cmpstr (out->str, ==, expected);
}

/* Every second event is dropped; those that pass do so once, and no event counts twice. */
static void
test_every (Fixture *fixture, gconstpointer data)
{
  ef_harness_start (fixture->harness);
  push_five (fixture);
  push_five (fixture);
  assert_out (fixture, "135" "24");
  g_assert_cmpuint (ef_harness_get_stat (fixture->harness, "errors-dropped"), ==, 5);

  /* A new start counts anew. */
  ef_harness_stop (fixture->harness);
  ef_harness_start (fixture->harness);
  push_five (fixture);
  assert_out (fixture, "135");
}

/* An event that fails twice passes at the second retry, in its place. */
static void
test_times (Fixture *fixture, gconstpointer data)
{
  g_object_set (fixture->element, "times", 2, "error-strategy", EF_ERROR_STRATEGY_RETRY, NULL);
  ef_harness_start (fixture->harness);
  push_five (fixture);
  assert_out (fixture, "1");
  ef_test_clock_advance (fixture->clock, 100 * 1000);
  ef_test_drain (NULL);
  assert_out (fixture, "");
  ef_test_clock_advance (fixture->clock, 200 * 1000);
  assert_out (fixture, "23");
  ef_test_clock_advance (fixture->clock, 300 * 1000);
  ef_test_drain (NULL);
  ef_test_clock_advance (fixture->clock, 300 * 1000);
  assert_out (fixture, "45");
  g_assert_cmpuint (ef_harness_get_stat (fixture->harness, "errors-recovered"), ==, 2);
  g_assert_cmpuint (ef_harness_get_stat (fixture->harness, "errors-retried"), ==, 4);
}

/* For ever: each event goes after its tries, and the next one is counted right. */
static void
test_always (Fixture *fixture, gconstpointer data)
{
  g_object_set (fixture->element, "times", -1, "error-strategy", EF_ERROR_STRATEGY_RETRY,
                "error-retry-max-attempts", 1, NULL);
  ef_harness_start (fixture->harness);
  push_five (fixture);
  for (int i = 0; i < 2; i++)
    {
      ef_test_drain (NULL);
      ef_test_clock_advance (fixture->clock, 100 * 1000);
    }
  assert_out (fixture, "135");
  g_assert_cmpuint (ef_harness_get_stat (fixture->harness, "errors-dropped"), ==, 2);
}

static void
test_data (Fixture *fixture, gconstpointer data)
{
  g_object_set (fixture->element, "kind", EF_FAULT_DATA, "times", -1, "error-strategy",
                EF_ERROR_STRATEGY_RETRY, "error-retry-exhausted", EF_ERROR_EXHAUSTED_FAIL, NULL);
  ef_harness_start (fixture->harness);
  push_five (fixture);
  ef_harness_pull_error (fixture->harness, EF_ERROR, EF_ERROR_DATA, "event 2 fails on purpose");
  assert_out (fixture, "1");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/fault/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("every", test_every);
  ADD ("times", test_times);
  ADD ("always", test_always);
  ADD ("data", test_data);
#undef ADD

  return g_test_run ();
}
