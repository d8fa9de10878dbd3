/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-clock.h"

#include "ef-test-loop.h"

typedef struct
{
  EfTestClock *clock;
  GMainContext *context;
  int fired;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = ef_test_clock_new ();
  fixture->context = g_main_context_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_main_context_unref (fixture->context);
  g_assert_finalize_object (fixture->clock);
}

static gboolean
fired_cb (gpointer user_data)
{
  g_atomic_int_inc (&((Fixture *) user_data)->fired);

  return G_SOURCE_REMOVE;
}

/* The context owns what this returns. */
static GSource *
add_timeout (Fixture *fixture, gint64 delay)
{
  GSource *source = ef_clock_create_timeout (EF_CLOCK (fixture->clock), delay);

  g_source_set_callback (source, fired_cb, fixture, NULL);
  g_source_attach (source, fixture->context);
  g_source_unref (source);

  return source;
}

static void
test_stands_still (Fixture *fixture, gconstpointer data)
{
  EfClock *clock = EF_CLOCK (fixture->clock);

  g_assert_cmpint (ef_clock_get_time (clock), ==, EF_TEST_CLOCK_START);
  g_assert_cmpint (ef_clock_get_real_time (clock), ==, EF_TEST_CLOCK_REAL_START);

  ef_test_clock_advance (fixture->clock, 5);
  g_assert_cmpint (ef_clock_get_time (clock), ==, EF_TEST_CLOCK_START + 5);
  g_assert_cmpint (ef_clock_get_real_time (clock), ==, EF_TEST_CLOCK_REAL_START + 5);

  ef_test_clock_set_real_time (fixture->clock, 1000);
  g_assert_cmpint (ef_clock_get_real_time (clock), ==, 1000);
  g_assert_cmpint (ef_clock_get_time (clock), ==, EF_TEST_CLOCK_START + 5);
}

static void
test_due_exactly (Fixture *fixture, gconstpointer data)
{
  add_timeout (fixture, 1000);
  g_assert_cmpint (ef_test_clock_get_next_delay (fixture->clock), ==, 1000);
  ef_test_clock_advance (fixture->clock, 999);
  g_assert_false (g_main_context_pending (fixture->context));
  g_assert_cmpint (ef_test_clock_get_next_delay (fixture->clock), ==, 1);

  ef_test_clock_advance (fixture->clock, 1);
  g_assert_true (g_main_context_iteration (fixture->context, FALSE));
  g_assert_cmpint (fixture->fired, ==, 1);
  g_assert_cmpint (ef_test_clock_get_next_delay (fixture->clock), ==, -1);
}

static void
test_no_delay (Fixture *fixture, gconstpointer data)
{
  add_timeout (fixture, 0);
  ef_test_drain (fixture->context);
  g_assert_cmpint (fixture->fired, ==, 1);
}

static void
test_several (Fixture *fixture, gconstpointer data)
{
  GSource *last = add_timeout (fixture, 30);

  add_timeout (fixture, 10);
  add_timeout (fixture, 20);
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 3);
  ef_test_clock_advance (fixture->clock, 25);
  ef_test_drain (fixture->context);
  g_assert_cmpint (fixture->fired, ==, 2);
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 1);

  g_source_destroy (last);
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);
  ef_test_clock_advance (fixture->clock, 25);
  ef_test_drain (fixture->context);
  g_assert_cmpint (fixture->fired, ==, 2);
}

static gpointer
iterate_until_fired (gpointer data)
{
  Fixture *fixture = data;

  add_timeout (fixture, 100);
  g_atomic_int_set (&fixture->fired, -1);
  while (g_atomic_int_get (&fixture->fired) < 0)
    g_main_context_iteration (fixture->context, TRUE);

  return NULL;
}

/* Another thread, asleep in poll(), is woken at the time, not before. */
static void
test_wakes_thread (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GThread) thread = g_thread_new ("sleeper", iterate_until_fired, fixture);

  ef_test_wait_for (NULL, g_atomic_int_get (&fixture->fired) == -1);
  ef_test_clock_advance (fixture->clock, 99);
  g_assert_cmpint (g_atomic_int_get (&fixture->fired), ==, -1);
  ef_test_clock_advance (fixture->clock, 1);
  g_thread_join (g_steal_pointer (&thread));
  g_assert_cmpint (fixture->fired, ==, 0);
}

static gpointer
create_and_drop (gpointer data)
{
  Fixture *fixture = data;

  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (GSource) source = ef_clock_create_timeout (EF_CLOCK (fixture->clock), i % 7);

      g_source_attach (source, fixture->context);
      g_source_destroy (source);
    }

  return NULL;
}

/* Timeouts come and go in one thread while another moves the clock. */
static void
test_races (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GThread) thread = g_thread_new ("creator", create_and_drop, fixture);

  for (guint i = 0; i < 2000; i++)
    ef_test_clock_advance (fixture->clock, 1);
  g_thread_join (g_steal_pointer (&thread));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  ADD ("/support/clock/stands-still", test_stands_still);
  ADD ("/support/clock/due-exactly", test_due_exactly);
  ADD ("/support/clock/no-delay", test_no_delay);
  ADD ("/support/clock/several", test_several);
  ADD ("/support/clock/wakes-thread", test_wakes_thread);
  ADD ("/support/clock/races", test_races);
#undef ADD

  return g_test_run ();
}
