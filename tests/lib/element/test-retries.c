/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-errors-fixture.h"
#include "ef-test-element.h"
#include "ef-test-kinds.h"
#include "ef-test-loop.h"

#include <string.h>

/* Events, and operations, that are tried again by an error policy. */

/* Three tries after the first failure, each wait twice as long as the one before; what is behind the
 * event waits, and what comes meanwhile behind that. */
static void
test_retry (ErrorsFixture *fixture, gconstpointer data)
{
  ef_test_faulty_fail (fixture->faulty, "b", 3, fixture->soft);
  errors_fixture_start (fixture, "error.strategy|retry");
  errors_fixture_push (fixture, "a b c");
  errors_fixture_assert_out (fixture, "a");
  ef_harness_assert_warning (fixture->harness, EF_ERROR_RESOURCE,
                             "busy; to be tried again in 100 ms, try 1 of 3");
  g_assert_true (ef_harness_is_held (fixture->harness));
  errors_fixture_push (fixture, "d");
  ef_harness_push_gap (fixture->harness, "here");
  ef_harness_push_eos (fixture->harness);

  errors_fixture_assert_delay (fixture, 100);
  errors_fixture_advance (fixture, 99);
  g_assert_cmpuint (ef_test_faulty_get_n_seen (fixture->faulty, "b"), ==, 1);
  errors_fixture_advance (fixture, 1);
  g_assert_cmpuint (ef_test_faulty_get_n_seen (fixture->faulty, "b"), ==, 2);
  errors_fixture_assert_delay (fixture, 200);
  errors_fixture_advance (fixture, 200);
  errors_fixture_assert_delay (fixture, 400);
  g_assert_cmpuint (ef_harness_get_n_waiting (fixture->harness), ==, 0);
  errors_fixture_assert_stats (fixture, "errors-retried=3");
  errors_fixture_advance (fixture, 400);

  for (const char *text = "bcd"; *text != '\0'; text++)
    {
      g_autofree char *pulled = ef_harness_pull_text (fixture->harness);

      g_assert_cmpint (pulled[0], ==, *text);
    }
  ef_marker_unref (ef_harness_pull_gap (fixture->harness));
  ef_harness_pull_eos (fixture->harness);
  g_assert_cmpuint (ef_test_faulty_get_n_seen (fixture->faulty, "b"), ==, 4);
  g_assert_cmpuint (ef_test_faulty_get_n_seen (fixture->faulty, "c"), ==, 1);
  g_assert_false (ef_harness_is_held (fixture->harness));
  errors_fixture_assert_stats (fixture, "errors-retried=3 errors-recovered=1");
  g_assert_cmpuint (ef_harness_get_stat (fixture->harness, "events-in"), ==, 4);
}

/* After the last try the event is dropped, and the others have their turn. */
static void
test_retry_exhausted (ErrorsFixture *fixture, gconstpointer data)
{
  ef_test_faulty_fail (fixture->faulty, "b", 10, fixture->soft);
  errors_fixture_start (fixture, "error.strategy|retry|error.retry.max-attempts|2|"
                                "error.retry.backoff|fixed|error.retry.initial-delay|1.5s");
  errors_fixture_push (fixture, "a b c");
  errors_fixture_assert_delay (fixture, 1000); /* of warnings */
  errors_fixture_advance (fixture, 1500);
  errors_fixture_advance (fixture, 1500);
  errors_fixture_assert_out (fixture, "a c");
  g_assert_cmpuint (ef_test_faulty_get_n_seen (fixture->faulty, "b"), ==, 3);
  errors_fixture_assert_stats (fixture, "rejected=1 errors-dropped=1 errors-retried=2");
  g_assert_false (ef_harness_is_held (fixture->harness));
}

/* Two of one batch, one behind the other, and each has all its tries. */
static void
test_retry_two (ErrorsFixture *fixture, gconstpointer data)
{
  ef_test_faulty_fail (fixture->faulty, "a", 2, fixture->soft);
  ef_test_faulty_fail (fixture->faulty, "c", 1, fixture->soft);
  errors_fixture_start (fixture, "error.strategy|retry|error.retry.backoff|linear");
  errors_fixture_push (fixture, "a b c d");
  errors_fixture_advance (fixture, 100);
  errors_fixture_assert_delay (fixture, 200);
  errors_fixture_advance (fixture, 200);
  errors_fixture_assert_out (fixture, "a b");
  errors_fixture_assert_delay (fixture, 100);
  errors_fixture_assert_stats (fixture, "errors-retried=3 errors-recovered=1");
  errors_fixture_advance (fixture, 100);
  errors_fixture_assert_out (fixture, "c d");
  errors_fixture_assert_stats (fixture, "errors-retried=3 errors-recovered=2");
}

/* What no retry helps is not tried again. */
static void
test_retry_data (ErrorsFixture *fixture, gconstpointer data)
{
  errors_fixture_link_dead (fixture);
  ef_test_start (fixture->dead);
  ef_test_faulty_fail (fixture->faulty, "b", 10, fixture->hard);
  errors_fixture_start (fixture, "error.strategy|retry|error.retry.exhausted|dlq");
  errors_fixture_push (fixture, "a b c");
  errors_fixture_assert_out (fixture, "a c");
  g_assert_cmpuint (ef_test_faulty_get_n_seen (fixture->faulty, "b"), ==, 1);
  g_assert_nonnull (strstr (ef_test_columns_sink_get_text (fixture->dead), "\"attemptCount\":1"));
  errors_fixture_assert_stats (fixture, "rejected=1 errors-dead-lettered=1");
}

/* The dead letter of an event that was tried says so, and comes in its place. */
static void
test_retry_dlq (ErrorsFixture *fixture, gconstpointer data)
{
  errors_fixture_link_dead (fixture);
  ef_test_start (fixture->dead);
  ef_test_faulty_fail (fixture->faulty, "b", 10, fixture->soft);
  errors_fixture_start (fixture, "faulty.error.strategy|retry|error-retry-max-attempts|2|"
                                "error.stream-name|Trades");
  errors_fixture_push (fixture, "a b c");
  errors_fixture_advance (fixture, 100);
  errors_fixture_advance (fixture, 200);
  errors_fixture_assert_out (fixture, "a c");
  g_assert_cmpstr (ef_test_columns_sink_get_text (fixture->dead), ==,
                   "{\"originalEvent\":\"b\",\"errorMessage\":\"busy\","
                   "\"errorType\":\"ef-error/resource\",\"streamName\":\"Trades\","
                   "\"timestamp\":1767225600300,\"attemptCount\":3}");
  errors_fixture_assert_stats (fixture, "rejected=1 errors-dead-lettered=1 errors-retried=2");
}

/* A stop ends the wait: the event goes where it would have gone, what is behind it is counted. */
static void
test_retry_stop (ErrorsFixture *fixture, gconstpointer data)
{
  errors_fixture_link_dead (fixture);
  ef_test_start (fixture->dead);
  ef_test_faulty_fail (fixture->faulty, "b", 10, fixture->soft);
  errors_fixture_start (fixture, "error.strategy|retry|error.retry.exhausted|dlq");
  errors_fixture_push (fixture, "a b c d");
  errors_fixture_push (fixture, "e");
  ef_harness_stop (fixture->harness);
  errors_fixture_assert_out (fixture, "a");
  g_assert_nonnull (strstr (ef_test_columns_sink_get_text (fixture->dead), "\"attemptCount\":1"));
  errors_fixture_assert_stats (fixture, "rejected=1 errors-dead-lettered=1 errors-retried=1");
  g_assert_cmpuint (ef_harness_get_stat (fixture->harness, "dropped"), ==, 3);

  /* And it can be started again. */
  ef_harness_start (fixture->harness);
  g_assert_false (ef_harness_is_held (fixture->harness));
  errors_fixture_push (fixture, "f");
  errors_fixture_assert_out (fixture, "f");
}

/* A pause keeps what waits. */
static void
test_retry_pause (ErrorsFixture *fixture, gconstpointer data)
{
  ef_test_faulty_fail (fixture->faulty, "a", 1, fixture->soft);
  errors_fixture_start (fixture, "error.strategy|retry");
  errors_fixture_push (fixture, "a b");
  ef_harness_set_state (fixture->harness, EF_STATE_PAUSED);
  errors_fixture_advance (fixture, 10000);
  errors_fixture_assert_out (fixture, "");
  ef_harness_set_state (fixture->harness, EF_STATE_PLAYING);
  errors_fixture_assert_out (fixture, "a b");
  errors_fixture_assert_stats (fixture, "errors-retried=1 errors-recovered=1");
}

/* What waits respects what is behind the element. */
static void
test_retry_held (ErrorsFixture *fixture, gconstpointer data)
{
  ef_test_faulty_fail (fixture->faulty, "a", 1, fixture->soft);
  errors_fixture_start (fixture, "error.strategy|retry");
  errors_fixture_push (fixture, "a b");
  ef_harness_hold (fixture->harness);
  errors_fixture_advance (fixture, 100);
  errors_fixture_assert_out (fixture, "");
  ef_harness_release (fixture->harness);
  errors_fixture_assert_out (fixture, "a b");
  g_assert_false (ef_harness_is_held (fixture->harness));
}

static void
on_settled (const GError *error, gpointer user_data)
{
  *(char **) user_data = g_strdup (error != NULL ? error->message : "well");
}

/* Who asked hears of the batch when the last of it is dealt with. */
static void
test_retry_receipt (ErrorsFixture *fixture, gconstpointer data)
{
  g_autofree char *settled = NULL;
  EfBatch *batch = ef_batch_new ();
  EfReceipt *receipt = ef_receipt_new (on_settled, &settled, NULL);

  ef_test_faulty_fail (fixture->faulty, "a", 1, fixture->soft);
  errors_fixture_start (fixture, "error.strategy|retry");
  ef_batch_append (batch, ef_event_new_text (0, "a", -1));
  ef_batch_set_receipt (batch, receipt);
  ef_receipt_unref (receipt);
  ef_harness_push (fixture->harness, batch);
  ef_batch_unref (batch);
  g_assert_null (settled);
  errors_fixture_advance (fixture, 100);
  errors_fixture_assert_out (fixture, "a");
  g_assert_cmpstr (settled, ==, "well");
}

/* An operation is tried again by the element, with what it keeps. */
static void
test_operation (ErrorsFixture *fixture, gconstpointer data)
{
  errors_fixture_start (fixture, "error.strategy|retry");
  g_assert_false (ef_test_faulty_operate (fixture->faulty, 2, fixture->soft));
  g_assert_true (ef_harness_is_held (fixture->harness));
  errors_fixture_advance (fixture, 100);
  errors_fixture_assert_delay (fixture, 200);
  errors_fixture_advance (fixture, 200);
  g_assert_cmpuint (ef_test_faulty_get_n_operations (fixture->faulty), ==, 3);
  g_assert_false (ef_harness_is_held (fixture->harness));
  errors_fixture_assert_stats (fixture, "errors-retried=2 errors-recovered=1");

  /* The next one has all its tries again. */
  g_assert_false (ef_test_faulty_operate (fixture->faulty, 1, fixture->soft));
  errors_fixture_advance (fixture, 100);
  g_assert_cmpuint (ef_test_faulty_get_n_operations (fixture->faulty), ==, 5);
}

static void
test_operation_given_up (ErrorsFixture *fixture, gconstpointer data)
{
  errors_fixture_link_dead (fixture);
  ef_test_start (fixture->dead);
  errors_fixture_start (fixture, "error.strategy|retry|error.retry.exhausted|dlq|"
                                "error.retry.max-attempts|2");
  g_assert_false (ef_test_faulty_operate (fixture->faulty, 100, fixture->soft));
  errors_fixture_advance (fixture, 100);
  errors_fixture_advance (fixture, 200);
  g_assert_cmpuint (ef_test_faulty_get_n_operations (fixture->faulty), ==, 3);
  g_assert_nonnull (strstr (ef_test_columns_sink_get_text (fixture->dead), "\"attemptCount\":3"));
  errors_fixture_assert_stats (fixture, "rejected=1 errors-dead-lettered=1 errors-retried=2");
  g_assert_true (ef_test_faulty_operate (fixture->faulty, 1, fixture->hard));
}

/* A stop does not wait: there is one last try. */
static void
test_operation_stop (ErrorsFixture *fixture, gconstpointer data)
{
  errors_fixture_start (fixture, "error.strategy|retry|error.retry.max-attempts|-1");
  g_assert_false (ef_test_faulty_operate (fixture->faulty, 100, fixture->soft));
  ef_harness_stop (fixture->harness);
  g_assert_cmpuint (ef_test_faulty_get_n_operations (fixture->faulty), ==, 2);
  errors_fixture_assert_stats (fixture, "rejected=1 errors-dropped=1 errors-retried=1");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  errors_fixture_add ("/element/retries/retry", test_retry);
  errors_fixture_add ("/element/retries/exhausted", test_retry_exhausted);
  errors_fixture_add ("/element/retries/two", test_retry_two);
  errors_fixture_add ("/element/retries/data", test_retry_data);
  errors_fixture_add ("/element/retries/dlq", test_retry_dlq);
  errors_fixture_add ("/element/retries/stop", test_retry_stop);
  errors_fixture_add ("/element/retries/pause", test_retry_pause);
  errors_fixture_add ("/element/retries/held", test_retry_held);
  errors_fixture_add ("/element/retries/receipt", test_retry_receipt);
  errors_fixture_add ("/element/retries/operation", test_operation);
  errors_fixture_add ("/element/retries/operation-given-up", test_operation_given_up);
  errors_fixture_add ("/element/retries/operation-stop", test_operation_stop);

  return g_test_run ();
}
