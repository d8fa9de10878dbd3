/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-errors-fixture.h"

#include "ef-test-element.h"
#include "ef-test-kinds.h"
#include "ef-test-loop.h"

void
errors_fixture_set_up (ErrorsFixture *fixture, gconstpointer data)
{
  fixture->clock = ef_test_clock_new ();
  fixture->faulty = ef_test_faulty_new ();
  fixture->element = EF_ELEMENT (fixture->faulty);
  ef_element_set_clock (fixture->element, EF_CLOCK (fixture->clock));
  fixture->harness = ef_harness_new (fixture->element);
  fixture->soft = g_error_new (EF_ERROR, EF_ERROR_RESOURCE, "busy");
  fixture->hard = g_error_new (EF_ERROR, EF_ERROR_DATA, "bad");
}

void
errors_fixture_tear_down (ErrorsFixture *fixture, gconstpointer data)
{
  ef_harness_free (fixture->harness);
  if (fixture->dead != NULL)
    {
      ef_test_stop (fixture->dead);
      g_assert_finalize_object (fixture->dead);
    }
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);
  g_assert_finalize_object (fixture->clock);
  g_error_free (fixture->soft);
  g_error_free (fixture->hard);
}

void
errors_fixture_link_dead (ErrorsFixture *fixture)
{
  fixture->dead = ef_test_columns_sink_new ("dead");
  ef_test_link_errors (fixture->element, fixture->dead);
}

/* Configures the element, as @config has it, and starts it. */
void
errors_fixture_start (ErrorsFixture *fixture, const char *config)
{
  ef_harness_configure (fixture->harness, config);
  ef_harness_start (fixture->harness);
}

/* Pushes a batch of texts that @words has with blanks between. */
void
errors_fixture_push (ErrorsFixture *fixture, const char *words)
{
  g_auto (GStrv) texts = g_strsplit (words, " ", -1);
  g_autoptr (EfBatch) batch = ef_batch_new ();

  for (guint i = 0; texts[i] != NULL; i++)
    ef_batch_append (batch, ef_event_new_text (0, texts[i], -1));
  ef_harness_push (fixture->harness, batch);
}

/* What has come out by now. */
void
errors_fixture_assert_out (ErrorsFixture *fixture, const char *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);
  EfEvent *event;

  ef_test_drain (NULL);
  while (ef_harness_get_n_waiting (fixture->harness) > 0
         && (event = ef_harness_try_pull (fixture->harness)) != NULL)
    {
      g_autofree char *text = ef_event_dup_string (event, 0);

      g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", text);
      ef_event_unref (event);
    }
  g_assert_cmpstr (out->str, ==, expected);
}

void
errors_fixture_assert_stats (ErrorsFixture *fixture, const char *expected)
{
  static const char *const names[] = { "rejected",      "errors-dropped", "errors-dead-lettered",
                                       "errors-failed", "errors-undelivered", "errors-retried",
                                       "errors-recovered" };
  g_autoptr (GString) stats = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      guint64 value = ef_harness_get_stat (fixture->harness, names[i]);

      if (value > 0)
        g_string_append_printf (stats, "%s%s=%" G_GUINT64_FORMAT, stats->len > 0 ? " " : "",
                                names[i], value);
    }
  g_assert_cmpstr (stats->str, ==, expected);
}

void
errors_fixture_assert_delay (ErrorsFixture *fixture, gint64 milliseconds)
{
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), >, 0);
  g_assert_cmpint (ef_test_clock_get_next_delay (fixture->clock), ==, milliseconds * 1000);
}

void
errors_fixture_advance (ErrorsFixture *fixture, gint64 milliseconds)
{
  ef_test_clock_advance (fixture->clock, milliseconds * 1000);
  ef_test_drain (NULL);
}
