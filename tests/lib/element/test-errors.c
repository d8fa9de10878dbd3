/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-errors-fixture.h"
#include "ef-test-element.h"
#include "ef-test-kinds.h"
#include "ef-test-loop.h"

#include <string.h>

/* What becomes of events that an element can not handle, by its error policy. */

/* Without a word, an event is dropped, counted and told of; the others go on. */
static void
test_drop (ErrorsFixture *fixture, gconstpointer data)
{
  ef_test_faulty_fail (fixture->faulty, "b", 1, fixture->soft);
  ef_harness_start (fixture->harness);
  errors_fixture_push (fixture, "a b c");
  errors_fixture_assert_out (fixture, "a c");
  errors_fixture_assert_stats (fixture, "rejected=1 errors-dropped=1");
  ef_harness_assert_warning (fixture->harness, EF_ERROR_RESOURCE, "busy");
}

/* Without a word, dead letters go where they can; who chose to drop gets none. */
static void
test_drop_linked (ErrorsFixture *fixture, gconstpointer data)
{
  errors_fixture_link_dead (fixture);
  ef_test_start (fixture->dead);
  ef_test_faulty_fail (fixture->faulty, "b", 2, fixture->hard);
  ef_harness_start (fixture->harness);
  errors_fixture_push (fixture, "a b c");
  errors_fixture_assert_out (fixture, "a c");
  errors_fixture_assert_stats (fixture, "rejected=1 errors-dead-lettered=1");

  ef_harness_configure (fixture->harness, "error.strategy|drop");
  errors_fixture_push (fixture, "b d");
  errors_fixture_assert_out (fixture, "d");
  errors_fixture_assert_stats (fixture, "rejected=2 errors-dropped=1 errors-dead-lettered=1");
}

/* The event is the end: what was before it arrives, nothing else does, and there is an error. */
static void
test_fail (ErrorsFixture *fixture, gconstpointer data)
{
  ef_test_faulty_fail (fixture->faulty, "b", 1, fixture->hard);
  errors_fixture_start (fixture, "error.strategy|fail");
  errors_fixture_push (fixture, "a b c d");
  ef_harness_pull_error (fixture->harness, EF_ERROR, EF_ERROR_DATA, "bad");
  g_assert_true (ef_harness_is_held (fixture->harness));
  errors_fixture_push (fixture, "e");
  errors_fixture_assert_out (fixture, "a");
  errors_fixture_assert_stats (fixture, "rejected=1 errors-failed=1");
  g_assert_cmpuint (ef_harness_get_stat (fixture->harness, "dropped"), ==, 3);

  ef_harness_stop (fixture->harness);
  ef_harness_start (fixture->harness);
  errors_fixture_push (fixture, "f");
  errors_fixture_assert_out (fixture, "f");
}

static void
on_error_stop (EfElement *element, const GError *error, gpointer user_data)
{
  ef_element_stop (element);
}

/* A handler that stops the element takes nothing away from what was pushed before. */
static void
test_fail_handler (ErrorsFixture *fixture, gconstpointer data)
{
  g_signal_connect (fixture->element, "error", G_CALLBACK (on_error_stop), NULL);
  ef_test_faulty_fail (fixture->faulty, "b", 1, fixture->hard);
  errors_fixture_start (fixture, "error.strategy|retry|error.retry.exhausted|fail");
  errors_fixture_push (fixture, "a b c d");
  ef_test_wait_for (NULL, ef_element_get_state (fixture->element) == EF_STATE_NULL);
  ef_harness_pull_error (fixture->harness, EF_ERROR, EF_ERROR_DATA, "bad");
  errors_fixture_assert_out (fixture, "a");
}

static void
test_fail_exhausted (ErrorsFixture *fixture, gconstpointer data)
{
  ef_test_faulty_fail (fixture->faulty, "a", 2, fixture->soft);
  errors_fixture_start (fixture, "error.strategy|retry|error.retry.exhausted|fail|"
                                "error.retry.max-attempts|1");
  errors_fixture_push (fixture, "a b");
  errors_fixture_advance (fixture, 100);
  ef_harness_pull_error (fixture->harness, EF_ERROR, EF_ERROR_RESOURCE, "busy (tried 2 times)");
  errors_fixture_assert_out (fixture, "");
  errors_fixture_assert_stats (fixture, "rejected=1 errors-failed=1 errors-retried=1");
}

/* Nothing is linked: by default it is told of, with the event. */
static void
test_fallback_log (ErrorsFixture *fixture, gconstpointer data)
{
  g_autoptr (EfMessage) message = NULL;

  ef_test_faulty_fail (fixture->faulty, "bcd", 1, fixture->hard);
  errors_fixture_start (fixture, "error.strategy|dlq");
  errors_fixture_push (fixture, "a bcd e");
  errors_fixture_assert_out (fixture, "a e");
  ef_harness_assert_warning (fixture->harness, EF_ERROR_DATA, "bad");
  message = ef_harness_pull_message (fixture->harness, EF_MESSAGE_WARNING);
  g_assert_cmpstr (ef_message_get_error (message)->message, ==,
                   "a dead letter could not be delivered, as nothing is linked to the pad “errors”; "
                   "it is lost: bad");
  g_assert_cmpstr (ef_message_get_debug (message), ==, "bcd");
  errors_fixture_assert_stats (fixture, "rejected=1 errors-undelivered=1");
}

static void
test_fallback_fail (ErrorsFixture *fixture, gconstpointer data)
{
  errors_fixture_link_dead (fixture);
  ef_test_faulty_fail (fixture->faulty, "b", 1, fixture->hard);
  errors_fixture_start (fixture, "error.strategy|dlq|error.dlq.fallback-strategy|fail");
  errors_fixture_push (fixture, "a b");
  ef_harness_pull_error (fixture->harness, EF_ERROR, EF_ERROR_RESOURCE,
                         "a dead letter could not be delivered, as nothing that is linked to the pad "
                         "“errors” plays: bad");
  errors_fixture_assert_out (fixture, "a");
  errors_fixture_assert_stats (fixture, "rejected=1 errors-undelivered=1");
  g_assert_true (ef_harness_is_held (fixture->harness));
}

/* The dead letter waits for what it goes to, and the input with it, the end of the stream too. */
static void
test_fallback_retry (ErrorsFixture *fixture, gconstpointer data)
{
  errors_fixture_link_dead (fixture);
  ef_test_faulty_fail (fixture->faulty, "b", 1, fixture->hard);
  errors_fixture_start (fixture, "error.strategy|dlq|error.dlq.fallback-strategy|retry|"
                                "error.dlq.fallback-retry.initial-delay|200");
  errors_fixture_push (fixture, "a b c");
  errors_fixture_assert_out (fixture, "a c");
  g_assert_true (ef_harness_is_held (fixture->harness));
  errors_fixture_push (fixture, "d");
  ef_harness_push_eos (fixture->harness);
  errors_fixture_assert_delay (fixture, 200);
  errors_fixture_advance (fixture, 200);
  errors_fixture_assert_delay (fixture, 400);
  errors_fixture_assert_out (fixture, "");

  ef_test_start (fixture->dead);
  errors_fixture_advance (fixture, 400);
  errors_fixture_assert_stats (fixture, "rejected=1 errors-dead-lettered=1");
  g_assert_nonnull (strstr (ef_test_columns_sink_get_text (fixture->dead), "\"originalEvent\":\"b\""));
  g_assert_false (ef_harness_is_held (fixture->harness));
  ef_event_unref (ef_harness_pull (fixture->harness));
  ef_harness_pull_eos (fixture->harness);
}

static void
test_fallback_retry_exhausted (ErrorsFixture *fixture, gconstpointer data)
{
  ef_test_faulty_fail (fixture->faulty, "b", 1, fixture->hard);
  errors_fixture_start (fixture, "error.strategy|dlq|error.dlq.fallback-strategy|retry|"
                                "error.dlq.fallback-retry.max-attempts|1");
  errors_fixture_push (fixture, "a b c");
  errors_fixture_assert_stats (fixture, "rejected=1");
  errors_fixture_advance (fixture, 100);
  errors_fixture_assert_stats (fixture, "rejected=1 errors-undelivered=1");
  g_assert_false (ef_harness_is_held (fixture->harness));
  errors_fixture_assert_out (fixture, "a c");
}

/* A stop tells of the dead letters that wait. */
static void
test_fallback_retry_stop (ErrorsFixture *fixture, gconstpointer data)
{
  ef_test_faulty_fail (fixture->faulty, "b", 1, fixture->hard);
  errors_fixture_start (fixture, "error.strategy|dlq|error.dlq.fallback-strategy|retry");
  errors_fixture_push (fixture, "a b c");
  ef_harness_stop (fixture->harness);
  errors_fixture_assert_stats (fixture, "rejected=1 errors-undelivered=1");
}

/* A source that brings what it can not read, with the fixture's clock. */
static EfElement *
start_source (ErrorsFixture *fixture, const char *key, const char *value)
{
  EfElement *source = ef_test_payload_source_new ("source");

  ef_element_set_clock (source, EF_CLOCK (fixture->clock));
  g_assert_true (ef_element_set_from_string (source, key, value, NULL));
  g_assert_true (ef_element_set_from_string (source, "error.log-level", "debug", NULL));
  ef_test_start (source);

  return source;
}

static void
stop_and_free (EfElement *source)
{
  ef_test_stop (source);
  g_assert_finalize_object (source);
}

/* What a source can not read is no part of a batch: a retry has nothing to give to it again, and it
 * goes on or not, as the policy wants. */
static void
test_source (ErrorsFixture *fixture, gconstpointer data)
{
  g_autoptr (EfEvent) event = ef_event_new_text (0, "x", -1);
  EfElement *source = start_source (fixture, "error.strategy", "retry");

  g_assert_true (ef_element_reject_event (source, event, fixture->soft));
  g_assert_cmpuint (ef_test_get_stat (source, "errors-dropped"), ==, 1);
  g_assert_true (ef_element_set_from_string (source, "error.strategy", "fail", NULL));
  g_test_expect_message ("EventFlux", G_LOG_LEVEL_MESSAGE, "source: error: bad");
  g_assert_false (ef_element_reject_event (source, event, fixture->hard));
  g_test_assert_expected_messages ();
  g_assert_cmpuint (ef_test_get_stat (source, "errors-failed"), ==, 1);
  stop_and_free (source);
}

/* A source brings no more while a dead letter waits, so that no more of them can be made. */
static void
test_source_fallback (ErrorsFixture *fixture, gconstpointer data)
{
  g_autoptr (EfEvent) event = ef_event_new_text (0, "x", -1);
  EfElement *source = start_source (fixture, "error.strategy", "dlq");

  fixture->dead = ef_test_columns_sink_new ("dead");
  g_assert_true (ef_element_set_from_string (source, "error.dlq.fallback-strategy", "retry", NULL));
  ef_test_link_errors (source, fixture->dead);
  g_assert_true (ef_element_reject_event (source, event, fixture->hard));
  g_assert_true (ef_element_reject_event (source, event, fixture->hard));
  g_assert_true (ef_element_is_output_held (source));

  ef_test_start (fixture->dead);
  errors_fixture_advance (fixture, 100);
  g_assert_false (ef_element_is_output_held (source));
  g_assert_cmpuint (ef_test_get_stat (source, "errors-dead-lettered"), ==, 2);
  stop_and_free (source);
}

/* What takes the dead letters of a sink slows the sink down, as what is behind a transform does. */
static void
test_sink_held (ErrorsFixture *fixture, gconstpointer data)
{
  EfElement *sink = ef_test_payload_sink_new ("sink");
  EfPad *input = ef_element_get_sink_pad (sink);

  fixture->dead = ef_test_columns_sink_new ("dead");
  ef_test_link_errors (sink, fixture->dead);
  ef_test_start (fixture->dead);
  ef_test_start (sink);
  ef_element_hold_input (fixture->dead);
  g_assert_true (ef_pad_is_held (input));
  ef_element_release_input (fixture->dead);
  g_assert_false (ef_pad_is_held (input));
  stop_and_free (sink);
}

static void
on_error_count (EfElement *element, const GError *error, guint *n_errors)
{
  (*n_errors)++;
}

/* Quiet levels leave the bus alone, loud ones are marked; the signal has all. */
static void
test_log_level (ErrorsFixture *fixture, gconstpointer data)
{
  g_autoptr (EfMessage) message = NULL;
  const char *level = NULL;
  guint n_errors = 0;

  g_signal_connect (fixture->element, "error", G_CALLBACK (on_error_count), &n_errors);
  ef_test_faulty_fail (fixture->faulty, "b", 3, fixture->hard);
  ef_harness_start (fixture->harness);
  ef_harness_configure (fixture->harness, "error.log-level|debug");
  errors_fixture_push (fixture, "b");
  ef_harness_configure (fixture->harness, "error.log-level|info");
  errors_fixture_push (fixture, "b");
  ef_test_drain (NULL);
  g_assert_null (ef_harness_try_pull_message (fixture->harness, EF_MESSAGE_WARNING));

  ef_harness_configure (fixture->harness, "error.log-level|error");
  errors_fixture_push (fixture, "b");
  message = ef_harness_pull_message (fixture->harness, EF_MESSAGE_WARNING);
  g_assert_true (g_variant_lookup (ef_message_get_details (message), "level", "&s", &level));
  g_assert_cmpstr (level, ==, "error");
  g_assert_cmpuint (n_errors, ==, 3);
}

static void
assert_refused (ErrorsFixture *fixture, const char *key, const char *value, const char *expected)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ef_element_set_from_string (fixture->element, key, value, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_assert_cmpstr (error->message, ==, expected);
}

/* Errors name the key, the value, and what is allowed. */
static void
test_values (ErrorsFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) delays = NULL;
  g_autoptr (GError) nowhere = NULL;

  assert_refused (fixture, "error.strategy", "ignore",
                  "f: config key “error.strategy”: “ignore” is not one of drop, retry, dlq, fail");
  assert_refused (fixture, "error.retry.max-attempts", "-2",
                  "f: config key “error.retry.max-attempts”: -2 is out of range, allowed are -1 to "
                  "2147483647");
  g_assert_false (ef_element_set_from_string (fixture->element, "error.retry.max-attemps", "2",
                                              &unknown));
  g_assert_error (unknown, EF_ERROR, EF_ERROR_UNKNOWN_KEY);
  g_assert_nonnull (strstr (unknown->message, "did you mean “error.retry.max-attempts”?"));

  ef_harness_configure (fixture->harness, "error.retry.max-delay|50ms");
  g_assert_false (ef_harness_try_set_state (fixture->harness, EF_STATE_READY, &delays));
  g_assert_error (delays, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_assert_cmpstr (delays->message, ==,
                   "f: “error-retry-max-delay” (50 ms) is shorter than “error-retry-initial-delay” (100 "
                   "ms): the longest wait can not be shorter than the first");

  ef_harness_configure (fixture->harness, "error.retry.initial-delay|50ms");
  ef_harness_configure (fixture->harness, "error.dlq.stream|Dead");
  g_assert_false (ef_harness_try_set_state (fixture->harness, EF_STATE_READY, &nowhere));
  g_assert_error (nowhere, EF_ERROR, EF_ERROR_LINK);
  ef_harness_set_state (fixture->harness, EF_STATE_NULL);
}

/* A clone has the policy, and what nobody chose remains so. */
static void
test_clone (ErrorsFixture *fixture, gconstpointer data)
{
  g_autoptr (EfElement) plain = ef_element_clone (fixture->element);
  g_autoptr (EfElement) clone = NULL;
  g_autofree char *name = NULL;
  EfErrorStrategy strategy;
  double jitter;

  g_assert_true (ef_element_is_loss_fatal (plain));
  ef_harness_configure (fixture->harness, "error.strategy|drop");
  ef_harness_configure (fixture->harness, "error.retry.jitter|0.25");
  ef_harness_configure (fixture->harness, "error.stream-name|S");
  clone = ef_element_clone (fixture->element);
  g_assert_false (ef_element_is_loss_fatal (clone));
  g_object_get (clone, "error-strategy", &strategy, "error-retry-jitter", &jitter,
                "error-stream-name", &name, NULL);
  g_assert_cmpint (strategy, ==, EF_ERROR_STRATEGY_DROP);
  g_assert_cmpfloat (jitter, ==, 0.25);
  g_assert_cmpstr (name, ==, "S");
}

/* The keys as documentation writes them. */
static void
test_keys (ErrorsFixture *fixture, gconstpointer data)
{
  static const char *const expected[] = {
    "error.strategy",
    "error.log-level",
    "error.retry.max-attempts",
    "error.retry.backoff",
    "error.retry.initial-delay",
    "error.retry.max-delay",
    "error.retry.jitter",
    "error.retry.exhausted",
    "error.dlq.stream",
    "error.dlq.fallback-strategy",
    "error.dlq.fallback-retry.max-attempts",
    "error.dlq.fallback-retry.backoff",
    "error.dlq.fallback-retry.initial-delay",
    "error.dlq.fallback-retry.max-delay",
    "error.dlq.fallback-retry.jitter",
    "error.stream-name",
  };
  g_auto (GStrv) keys
    = ef_element_class_dup_config_keys (EF_ELEMENT_GET_CLASS (fixture->element), FALSE);

  g_assert_cmpuint (g_strv_length (keys), ==, G_N_ELEMENTS (expected));
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_assert_true (g_strv_contains ((const char *const *) keys, expected[i]));
      g_assert_true (ef_element_class_check_key (EF_ELEMENT_GET_CLASS (fixture->element),
                                                 expected[i], NULL));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  errors_fixture_add ("/element/errors/drop", test_drop);
  errors_fixture_add ("/element/errors/drop-linked", test_drop_linked);
  errors_fixture_add ("/element/errors/fail", test_fail);
  errors_fixture_add ("/element/errors/fail-handler", test_fail_handler);
  errors_fixture_add ("/element/errors/fail-exhausted", test_fail_exhausted);
  errors_fixture_add ("/element/errors/fallback-log", test_fallback_log);
  errors_fixture_add ("/element/errors/fallback-fail", test_fallback_fail);
  errors_fixture_add ("/element/errors/fallback-retry", test_fallback_retry);
  errors_fixture_add ("/element/errors/fallback-retry-exhausted", test_fallback_retry_exhausted);
  errors_fixture_add ("/element/errors/fallback-retry-stop", test_fallback_retry_stop);
  errors_fixture_add ("/element/errors/source", test_source);
  errors_fixture_add ("/element/errors/source-fallback", test_source_fallback);
  errors_fixture_add ("/element/errors/sink-held", test_sink_held);
  errors_fixture_add ("/element/errors/log-level", test_log_level);
  errors_fixture_add ("/element/errors/values", test_values);
  errors_fixture_add ("/element/errors/clone", test_clone);
  errors_fixture_add ("/element/errors/keys", test_keys);

  return g_test_run ();
}
