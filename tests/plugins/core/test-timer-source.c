/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-harness.h"
#include "ef-test-clock.h"
#include "ef-test-loop.h"
#include "ef-timer-source.h"

typedef struct
{
  EfHarness *harness;
  EfElement *source;
  EfTestClock *clock;
} Fixture;

static void
fixture_init (Fixture *self, const char *first_property, ...)
{
  va_list properties;

  va_start (properties, first_property);
  self->source =
    EF_ELEMENT (g_object_new_valist (EF_TYPE_TIMER_SOURCE, first_property, properties));
  va_end (properties);

  self->clock = ef_test_clock_new ();
  ef_element_set_clock (self->source, EF_CLOCK (self->clock));
  self->harness = ef_harness_new (self->source);
}

static void
fixture_clear (Fixture *self)
{
  ef_harness_free (self->harness);
  g_object_unref (self->clock);
}

static void
advance_ms (Fixture *self, gint64 ms)
{
  ef_test_clock_advance (self->clock, ms * 1000);
  ef_test_drain (NULL);
}

static void
assert_pull (Fixture *self, gint64 sequence, gint64 ms)
{
  g_autoptr (EfEvent) event = ef_harness_pull (self->harness);
  gint64 timestamp = EF_TEST_CLOCK_REAL_START + ms * 1000;

  g_assert_cmpint (ef_event_get_int64 (event, 0), ==, sequence);
  g_assert_cmpint (ef_event_get_int64 (event, 1), ==, timestamp);
  g_assert_cmpint (ef_event_get_timestamp (event), ==, timestamp);
}

#define assert_nothing(self) \
  g_assert_cmpuint (ef_harness_get_n_waiting ((self)->harness), ==, 0)

/* The first one at the start, then one an interval, until the count is reached. */
static void
test_pace (void)
{
  Fixture fixture;
  g_autoptr (EfEvent) event = NULL;
  g_autofree char *schema = NULL;

  fixture_init (&fixture, "interval-ms", 100, "count", (gint64) 4, NULL);
  ef_harness_start (fixture.harness);
  event = ef_harness_pull (fixture.harness);
  schema = ef_schema_to_string (ef_event_get_schema (event));
  g_assert_cmpstr (schema, ==, "sequence LONG, timestamp LONG");
  g_assert_cmpint (ef_event_get_int64 (event, 0), ==, 0);

  advance_ms (&fixture, 99);
  assert_nothing (&fixture);
  advance_ms (&fixture, 1);
  assert_pull (&fixture, 1, 100);

  /* A late tick does not delay the next one. */
  advance_ms (&fixture, 150);
  assert_pull (&fixture, 2, 250);
  advance_ms (&fixture, 50);
  assert_pull (&fixture, 3, 300);
  ef_harness_pull_eos (fixture.harness);
  ef_message_unref (ef_harness_pull_message (fixture.harness, EF_MESSAGE_EOS));
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture.clock), ==, 0);

  fixture_clear (&fixture);
}

static void
test_batch (void)
{
  Fixture fixture;

  fixture_init (&fixture, "interval-ms", 10, "batch", 3, "count", (gint64) 7, "start", (gint64) -2,
                NULL);
  ef_harness_start (fixture.harness);
  for (gint64 i = 0; i < 3; i++)
    assert_pull (&fixture, i - 2, 0);
  assert_nothing (&fixture);
  advance_ms (&fixture, 10);
  for (gint64 i = 3; i < 6; i++)
    assert_pull (&fixture, i - 2, 10);
  advance_ms (&fixture, 10);
  assert_pull (&fixture, 4, 20);
  ef_harness_pull_eos (fixture.harness);
  g_assert_cmpuint (ef_harness_get_n_batches (fixture.harness), ==, 3);

  fixture_clear (&fixture);
}

/* Ticks that come while the output is held are made up for: no number is missing. */
static void
test_hold (void)
{
  Fixture fixture;

  fixture_init (&fixture, "interval-ms", 100, NULL);
  ef_harness_start (fixture.harness);
  assert_pull (&fixture, 0, 0);

  ef_harness_hold (fixture.harness);
  advance_ms (&fixture, 450);
  assert_nothing (&fixture);
  ef_harness_release (fixture.harness);
  for (gint64 i = 1; i <= 4; i++)
    assert_pull (&fixture, i, 450);
  ef_test_drain (NULL);
  assert_nothing (&fixture);
  advance_ms (&fixture, 50);
  assert_pull (&fixture, 5, 500);

  fixture_clear (&fixture);
}

static void
test_pause (void)
{
  Fixture fixture;

  fixture_init (&fixture, "interval-ms", 100, "count", (gint64) 3, NULL);
  ef_harness_start (fixture.harness);
  assert_pull (&fixture, 0, 0);
  ef_harness_set_state (fixture.harness, EF_STATE_PAUSED);
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture.clock), ==, 0);
  advance_ms (&fixture, 1000);
  assert_nothing (&fixture);

  ef_harness_start (fixture.harness);
  assert_pull (&fixture, 1, 1000);
  advance_ms (&fixture, 99);
  assert_nothing (&fixture);
  advance_ms (&fixture, 1);
  assert_pull (&fixture, 2, 1100);
  ef_harness_pull_eos (fixture.harness);

  /* The end comes once, and a new start begins anew. */
  ef_harness_set_state (fixture.harness, EF_STATE_PAUSED);
  ef_harness_start (fixture.harness);
  advance_ms (&fixture, 1000);
  assert_nothing (&fixture);
  ef_harness_stop (fixture.harness);
  ef_harness_start (fixture.harness);
  assert_pull (&fixture, 0, 2100);

  fixture_clear (&fixture);
}

static void
test_template (void)
{
  Fixture fixture;
  g_autoptr (EfEvent) event = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  fixture_init (&fixture, "template", "{\"t\":{{sequence}},\"T\":{{milliseconds}}}", "start",
                (gint64) 5, "interval-ms", 1, NULL);
  ef_harness_start (fixture.harness);
  event = ef_harness_pull (fixture.harness);
  g_assert_true (ef_schema_is_payload (ef_event_get_schema (event)));
  g_assert_cmpint (ef_event_get_value_type (event, 0), ==, EF_COLUMN_STRING);
  first = ef_event_dup_string (event, 0);
  g_assert_cmpstr (first, ==, "{\"t\":5,\"T\":1767225600000}");
  advance_ms (&fixture, 1);
  second = ef_harness_pull_text (fixture.harness);
  g_assert_cmpstr (second, ==, "{\"t\":6,\"T\":1767225600001}");

  fixture_clear (&fixture);
}

static void
test_bad_template (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture, "template", "{{secuence}}", NULL);
  g_assert_false (ef_harness_try_set_state (fixture.harness, EF_STATE_READY, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_SYNTAX);
  g_assert_nonnull (strstr (error->message, "secuence"));

  fixture_clear (&fixture);
}

/* With no interval one tick follows the other, and the context's other sources get their turn. */
static gboolean
count_turns (gpointer user_data)
{
  ++*(guint *) user_data;

  return G_SOURCE_CONTINUE;
}

static void
test_no_interval (void)
{
  Fixture fixture;
  guint n_turns = 0;
  guint other = g_idle_add_full (G_PRIORITY_DEFAULT, count_turns, &n_turns, NULL);

  fixture_init (&fixture, "interval-ms", 0, "batch", 100, "count", (gint64) 10000, NULL);
  ef_harness_start (fixture.harness);
  for (gint64 i = 0; i < 10000; i++)
    assert_pull (&fixture, i, 0);
  ef_harness_pull_eos (fixture.harness);
  g_assert_cmpuint (n_turns, >=, 99);

  g_source_remove (other);
  fixture_clear (&fixture);
}

static void
test_count_zero (void)
{
  Fixture fixture;

  fixture_init (&fixture, "count", (gint64) 0, NULL);
  ef_harness_start (fixture.harness);
  ef_harness_pull_eos (fixture.harness);

  fixture_clear (&fixture);
}

/* Keys as they are written in a description. */
static void
test_configure (void)
{
  g_autoptr (EfElement) source = g_object_new (EF_TYPE_TIMER_SOURCE, NULL);
  g_autoptr (GError) error = NULL;
  guint interval;

  g_assert_true (ef_element_set_from_string (source, "timer.interval.ms", "1.5s", &error));
  g_assert_no_error (error);
  g_object_get (source, "interval-ms", &interval, NULL);
  g_assert_cmpuint (interval, ==, 1500);

  g_assert_false (ef_element_set_from_string (source, "timer.batch", "0", &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/timersource/pace", test_pace);
  g_test_add_func ("/core/timersource/batch", test_batch);
  g_test_add_func ("/core/timersource/hold", test_hold);
  g_test_add_func ("/core/timersource/pause", test_pause);
  g_test_add_func ("/core/timersource/template", test_template);
  g_test_add_func ("/core/timersource/bad-template", test_bad_template);
  g_test_add_func ("/core/timersource/no-interval", test_no_interval);
  g_test_add_func ("/core/timersource/count-zero", test_count_zero);
  g_test_add_func ("/core/timersource/configure", test_configure);

  return g_test_run ();
}
