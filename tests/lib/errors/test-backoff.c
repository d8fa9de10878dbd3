/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-backoff-private.h"

static void
assert_delays (EfBackoff *backoff, const gint64 *delays, guint n_delays)
{
  for (guint i = 0; i < n_delays; i++)
    {
      gint64 delay = -1;

      g_assert_true (ef_backoff_next (backoff, &delay));
      g_assert_cmpint (delay, ==, delays[i]);
      g_assert_cmpuint (ef_backoff_get_attempts (backoff), ==, i + 1);
    }
}

static void
test_doubles (void)
{
  static const gint64 delays[] = { 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000 };
  EfBackoff backoff;

  ef_backoff_init (&backoff, 1000, 30000, -1);
  assert_delays (&backoff, delays, G_N_ELEMENTS (delays));

  ef_backoff_reset (&backoff);
  g_assert_cmpuint (ef_backoff_get_attempts (&backoff), ==, 0);
  assert_delays (&backoff, delays, G_N_ELEMENTS (delays));
}

static void
test_attempts (void)
{
  static const gint64 delays[] = { 10, 20, 40 };
  gint64 delay = -1;
  EfBackoff backoff;

  ef_backoff_init (&backoff, 10, 1000, 3);
  assert_delays (&backoff, delays, G_N_ELEMENTS (delays));
  g_assert_false (ef_backoff_next (&backoff, &delay));
  g_assert_cmpint (delay, ==, -1);
  g_assert_cmpuint (ef_backoff_get_attempts (&backoff), ==, 3);

  ef_backoff_reset (&backoff);
  assert_delays (&backoff, delays, G_N_ELEMENTS (delays));

  ef_backoff_init (&backoff, 10, 1000, 0);
  g_assert_false (ef_backoff_next (&backoff, &delay));
}

static void
test_limits (void)
{
  static const gint64 none[] = { 0, 0, 0, 0 };
  static const gint64 constant[] = { 500, 500, 500 };
  EfBackoff backoff;
  gint64 delay = 0;

  ef_backoff_init (&backoff, 0, 1000, -1);
  assert_delays (&backoff, none, G_N_ELEMENTS (none));

  /* A longest wait that is shorter than the first one. */
  ef_backoff_init (&backoff, 500, 100, -1);
  assert_delays (&backoff, constant, G_N_ELEMENTS (constant));

  /* Doubling does not run over, however long it fails. */
  ef_backoff_init (&backoff, 3, G_MAXINT64, -1);
  for (int i = 0; i < 1000; i++)
    g_assert_true (ef_backoff_next (&backoff, &delay));
  g_assert_cmpint (delay, ==, G_MAXINT64);
}

static void
test_kinds (void)
{
  static const gint64 linear[] = { 300, 600, 900, 1000, 1000 };
  static const gint64 fixed[] = { 300, 300, 300 };
  EfBackoff backoff;
  gint64 delay = 0;

  ef_backoff_init (&backoff, 300, 1000, -1);
  ef_backoff_set_kind (&backoff, EF_BACKOFF_LINEAR);
  assert_delays (&backoff, linear, G_N_ELEMENTS (linear));

  ef_backoff_reset (&backoff);
  ef_backoff_set_kind (&backoff, EF_BACKOFF_FIXED);
  assert_delays (&backoff, fixed, G_N_ELEMENTS (fixed));

  ef_backoff_init (&backoff, G_MAXINT64 / 2, G_MAXINT64, -1);
  ef_backoff_set_kind (&backoff, EF_BACKOFF_LINEAR);
  for (int i = 0; i < 5; i++)
    g_assert_true (ef_backoff_next (&backoff, &delay));
  g_assert_cmpint (delay, ==, G_MAXINT64);
}

/* Chance varies a wait within the share that was asked for, and the longest stays the longest. */
static void
test_jitter (void)
{
  gint64 shortest = G_MAXINT64, longest = 0;
  EfBackoff backoff;
  gint64 delay = 0;

  ef_backoff_init (&backoff, 1000, 1200, -1);
  ef_backoff_set_kind (&backoff, EF_BACKOFF_FIXED);
  ef_backoff_set_jitter (&backoff, 0.5);
  for (int i = 0; i < 1000; i++)
    {
      g_assert_true (ef_backoff_next (&backoff, &delay));
      shortest = MIN (shortest, delay);
      longest = MAX (longest, delay);
    }
  g_assert_cmpint (shortest, >=, 500);
  g_assert_cmpint (shortest, <, 600);
  g_assert_cmpint (longest, ==, 1200);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/errors/backoff/doubles", test_doubles);
  g_test_add_func ("/errors/backoff/attempts", test_attempts);
  g_test_add_func ("/errors/backoff/limits", test_limits);
  g_test_add_func ("/errors/backoff/kinds", test_kinds);
  g_test_add_func ("/errors/backoff/jitter", test_jitter);

  return g_test_run ();
}
