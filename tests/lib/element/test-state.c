/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-test-loop.h"
#include "ef-test-node.h"

/* How far the wait for a state has come. */
typedef struct
{
  gboolean done;
  GError *error;
} Wait;

static void
on_waited (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  g_assert_false (wait->done);
  wait->done = TRUE;
  ef_element_set_state_finish (EF_ELEMENT (object), result, &wait->error);
}

static void
wait_clear (Wait *wait)
{
  g_clear_error (&wait->error);
  wait->done = FALSE;
}

static void
go (EfTestNode *node, EfState state, Wait *wait)
{
  ef_element_set_state_async (EF_ELEMENT (node), state, NULL, on_waited, wait);
}

static void
wait_ok (Wait *wait)
{
  ef_test_wait_for (NULL, wait->done);
  g_assert_no_error (wait->error);
  wait_clear (wait);
}

static void
wait_error (Wait *wait, GQuark domain, int code)
{
  ef_test_wait_for (NULL, wait->done);
  g_assert_error (wait->error, domain, code);
  wait_clear (wait);
}

static EfState
state_of (EfTestNode *node)
{
  return ef_element_get_state (EF_ELEMENT (node));
}

static void
release_open (EfTestNode *node, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&node->opening);

  g_assert_nonnull (task);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
release_close (EfTestNode *node)
{
  g_autoptr (GTask) task = g_steal_pointer (&node->closing);

  g_assert_nonnull (task);
  g_task_return_boolean (task, TRUE);
}

/* Each way from each state to each other one takes the steps between, in order, and no others. */
static void
test_edges (void)
{
  static const char *const up[] = { "prepare", "open", "play" };
  static const char *const down[] = { "unprepare", "close", "pause" };

  for (int from = EF_STATE_NULL; from <= EF_STATE_PLAYING; from++)
    for (int to = EF_STATE_NULL; to <= EF_STATE_PLAYING; to++)
      {
        EfTestNode *node = ef_test_node_new (NULL);
        g_autoptr (GString) expected = g_string_new (NULL);
        Wait wait = { 0 };

        go (node, (EfState) from, &wait);
        wait_ok (&wait);
        g_assert_cmpint (state_of (node), ==, from);
        g_string_truncate (node->log, 0);

        for (int i = from; i < to; i++)
          g_string_append_printf (expected, "%s%s", i > from ? " " : "", up[i]);
        for (int i = from; i > to; i--)
          g_string_append_printf (expected, "%s%s", i < from ? " " : "", down[i - 1]);

        go (node, (EfState) to, &wait);
        wait_ok (&wait);
        g_assert_cmpint (state_of (node), ==, to);
        ef_test_assert_log (node, expected->str);

        ef_test_stop (node);
        g_assert_finalize_object (node);
      }
}

static void
on_notify_state (EfTestNode *node, GParamSpec *pspec, GString *states)
{
  g_string_append_printf (states, "%s ", ef_state_to_string (state_of (node)));
}

static void
on_state_message (EfBus *bus, EfMessage *message, GString *states)
{
  const char *old, *new;

  g_assert_cmpint (ef_message_get_kind (message), ==, EF_MESSAGE_STATE_CHANGED);
  g_assert_true (g_variant_lookup (ef_message_get_details (message), "old", "&s", &old));
  g_assert_true (g_variant_lookup (ef_message_get_details (message), "new", "&s", &new));
  g_string_append_printf (states, "%s-%s ", old, new);
}

static void
test_notified (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  EfBus *bus = ef_bus_new ();
  g_autoptr (GString) notified = g_string_new (NULL);
  g_autoptr (GString) posted = g_string_new (NULL);

  g_signal_connect (node, "notify::state", G_CALLBACK (on_notify_state), notified);
  g_signal_connect (bus, "message::state-changed", G_CALLBACK (on_state_message), posted);
  ef_element_set_bus (EF_ELEMENT (node), bus);

  ef_test_node_start (node);
  ef_test_stop (node);
  g_assert_cmpstr (notified->str, ==, "ready paused playing paused ready null ");
  ef_test_drain (NULL);
  g_assert_cmpstr (posted->str, ==,
                   "null-ready ready-paused paused-playing playing-paused paused-ready ready-null ");

  g_assert_finalize_object (node);
  g_assert_finalize_object (bus);
}

static void
test_start_error (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  g_autoptr (GError) error = NULL;

  node->prepare_error = g_error_new (EF_ERROR, EF_ERROR_INVALID_VALUE, "no");
  g_assert_false (ef_element_start (EF_ELEMENT (node), &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_assert_cmpint (state_of (node), ==, EF_STATE_NULL);
  ef_test_assert_log (node, "prepare");

  /* A failed start leaves nothing behind that a later one would meet. */
  ef_test_node_start (node);
  ef_test_node_stop_all (node, NULL);
}

static void
test_missing_key (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  g_autoptr (GError) error = NULL;

  g_object_set (node, "key", "", NULL);
  g_assert_false (ef_element_start (EF_ELEMENT (node), &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_MISSING_KEY);
  g_assert_cmpstr (error->message, ==, "n: property “key” (config key “node.key”) is required");
  ef_test_assert_log (node, "");
  g_assert_finalize_object (node);
}

static void
on_error (EfTestNode *node, const GError *error, GError **got)
{
  g_assert_null (*got);
  *got = g_error_copy (error);
}

static void
on_error_message (EfBus *bus, EfMessage *message, EfMessage **got)
{
  g_assert_null (*got);
  *got = ef_message_ref (message);
}

/* What fails after start() has returned is told by signal and by the bus. */
static void
test_open_fails (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  EfBus *bus = ef_bus_new ();
  g_autoptr (EfMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_signal_connect (node, "error", G_CALLBACK (on_error), &error);
  g_signal_connect (bus, "message::error", G_CALLBACK (on_error_message), &message);
  ef_element_set_bus (EF_ELEMENT (node), bus);
  node->slow = TRUE;

  g_assert_true (ef_element_start (EF_ELEMENT (node), NULL));
  g_assert_cmpint (state_of (node), ==, EF_STATE_READY);
  release_open (node, g_error_new (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused"));
  ef_test_wait_for (NULL, message != NULL);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_true (ef_message_get_source (message) == G_OBJECT (node));
  text = ef_message_to_string (message);
  g_assert_cmpstr (text, ==, "n: error: refused");
  g_clear_pointer (&message, ef_message_unref);
  g_assert_cmpint (state_of (node), ==, EF_STATE_READY);

  ef_test_node_stop_all (node, NULL);
  g_assert_finalize_object (bus);
}

/* A failure goes to all who wait, and not to the bus then. */
static void
test_open_fails_awaited (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  EfBus *bus = ef_bus_new ();
  g_autoptr (EfMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  Wait first = { 0 }, second = { 0 };

  g_signal_connect (node, "error", G_CALLBACK (on_error), &error);
  g_signal_connect (bus, "message::error", G_CALLBACK (on_error_message), &message);
  ef_element_set_bus (EF_ELEMENT (node), bus);
  node->slow = TRUE;

  go (node, EF_STATE_PLAYING, &first);
  go (node, EF_STATE_PLAYING, &second);
  release_open (node, g_error_new (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused"));
  wait_error (&first, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  wait_error (&second, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  ef_test_drain (NULL);
  g_assert_null (message);

  /* It stays where it is, and can be taken up again. */
  g_assert_cmpint (state_of (node), ==, EF_STATE_READY);
  go (node, EF_STATE_PLAYING, &first);
  release_open (node, NULL);
  wait_ok (&first);

  node->slow = FALSE;
  ef_test_node_stop_all (node, NULL);
  g_assert_finalize_object (bus);
}

/* A stop gives up a connection that is being opened. */
static void
test_stop_while_opening (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  Wait up = { 0 }, down = { 0 };

  node->slow = TRUE;
  go (node, EF_STATE_PLAYING, &up);
  go (node, EF_STATE_NULL, &down);
  wait_error (&up, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  wait_ok (&down);
  ef_test_assert_log (node, "prepare open cancelled unprepare");
  g_assert_finalize_object (node);
}

/* The element may come to be opened although that was cancelled: then it is closed again. */
static void
test_opened_in_spite_of_stop (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  Wait up = { 0 }, down = { 0 };

  node->slow = TRUE;
  go (node, EF_STATE_PLAYING, &up);
  g_task_set_check_cancellable (node->opening, FALSE);
  release_open (node, NULL);
  go (node, EF_STATE_NULL, &down);
  wait_error (&up, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ef_test_wait_for (NULL, node->closing != NULL);
  release_close (node);
  wait_ok (&down);
  g_assert_nonnull (strstr (node->log->str, "open"));
  g_assert_nonnull (strstr (node->log->str, "close unprepare"));
  g_assert_finalize_object (node);
}

/* Up, down, and up again while the first connection is being given up. */
static void
test_up_down_up (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  Wait first = { 0 }, down = { 0 }, second = { 0 };

  node->slow = TRUE;
  go (node, EF_STATE_PLAYING, &first);
  go (node, EF_STATE_READY, &down);
  go (node, EF_STATE_PLAYING, &second);
  wait_error (&first, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  wait_error (&down, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ef_test_wait_for (NULL, g_str_has_suffix (node->log->str, "cancelled open"));
  release_open (node, NULL);
  wait_ok (&second);
  ef_test_assert_log (node, "prepare open cancelled open play");

  node->slow = FALSE;
  ef_test_node_stop_all (node, NULL);
}

/* A start while the element closes: it goes down as far as it is, and up again. */
static void
test_start_while_closing (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  Wait down = { 0 }, up = { 0 };

  ef_test_node_start (node);
  node->slow = TRUE;
  go (node, EF_STATE_NULL, &down);
  ef_test_wait_for (NULL, node->closing != NULL);
  go (node, EF_STATE_PLAYING, &up);
  wait_error (&down, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  node->slow = FALSE;
  release_close (node);
  wait_ok (&up);
  ef_test_assert_log (node, "pause close open play");
  ef_test_node_stop_all (node, NULL);
}

static void
test_cancel_start (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Wait wait = { 0 };

  node->slow = TRUE;
  ef_element_start_async (EF_ELEMENT (node), cancellable, on_waited, &wait);
  g_cancellable_cancel (cancellable);
  wait_error (&wait, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ef_test_wait_for (NULL, node->opening == NULL);
  ef_test_drain (NULL);
  g_assert_cmpint (state_of (node), ==, EF_STATE_READY);
  ef_test_assert_log (node, "prepare open cancelled");

  /* Cancelled before it began. */
  ef_element_start_async (EF_ELEMENT (node), cancellable, on_waited, &wait);
  wait_error (&wait, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ef_test_assert_log (node, "");

  ef_test_node_stop_all (node, NULL);
}

/* Of two who wait, one gives up: the other one still gets what it waits for. */
static void
test_cancel_one_of_two (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Wait first = { 0 }, second = { 0 };

  node->slow = TRUE;
  ef_element_start_async (EF_ELEMENT (node), cancellable, on_waited, &first);
  go (node, EF_STATE_PLAYING, &second);
  g_cancellable_cancel (cancellable);
  wait_error (&first, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_nonnull (node->opening);
  release_open (node, NULL);
  wait_ok (&second);

  node->slow = FALSE;
  ef_test_node_stop_all (node, NULL);
}

/* Who gives up waiting for a stop does not stop the stop. */
static void
test_cancel_stop (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Wait wait = { 0 };

  ef_test_node_start (node);
  node->slow = TRUE;
  ef_element_stop_async (EF_ELEMENT (node), cancellable, on_waited, &wait);
  ef_test_wait_for (NULL, node->closing != NULL);
  g_cancellable_cancel (cancellable);
  wait_error (&wait, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  release_close (node);
  ef_test_wait_for (NULL, state_of (node) == EF_STATE_NULL);
  ef_test_assert_log (node, "pause close unprepare");
  g_assert_finalize_object (node);
}

/* A cancelled start of an element on its way down leaves it where the present step takes it. */
static void
test_cancel_start_while_closing (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Wait wait = { 0 };

  ef_test_node_start (node);
  node->slow = TRUE;
  ef_element_stop (EF_ELEMENT (node));
  ef_test_wait_for (NULL, node->closing != NULL);
  ef_element_start_async (EF_ELEMENT (node), cancellable, on_waited, &wait);
  g_cancellable_cancel (cancellable);
  wait_error (&wait, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  release_close (node);
  ef_test_drain (NULL);
  g_assert_cmpint (state_of (node), ==, EF_STATE_READY);
  ef_test_assert_log (node, "pause close");
  ef_test_node_stop_all (node, NULL);
}

static void
stop_at_once (EfTestNode *node, gpointer data)
{
  ef_element_stop (EF_ELEMENT (node));
}

static void
start_again (EfTestNode *node, gpointer data)
{
  node->on_pause = NULL;
  g_assert_true (ef_element_start (EF_ELEMENT (node), NULL));
}

/* A vfunc may change the target. */
static void
test_change_in_vfunc (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  Wait wait = { 0 };

  node->on_play = stop_at_once;
  ef_element_start (EF_ELEMENT (node), NULL);
  ef_test_wait_for (NULL, g_str_has_suffix (node->log->str, "unprepare"));
  ef_test_assert_log (node, "prepare open play pause close unprepare");
  node->on_play = NULL;

  ef_test_node_start (node);
  node->on_pause = start_again;
  go (node, EF_STATE_NULL, &wait);
  wait_error (&wait, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ef_test_drain (NULL);
  g_assert_cmpint (state_of (node), ==, EF_STATE_PLAYING);
  ef_test_assert_log (node, "pause play");
  ef_test_node_stop_all (node, NULL);
}

static void
start_on_waited (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (ef_element_stop_finish (EF_ELEMENT (object), result, NULL));
  go (EF_TEST_NODE (object), EF_STATE_PLAYING, user_data);
}

static void
test_start_in_callback (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  Wait wait = { 0 };

  ef_test_node_start (node);
  ef_element_stop_async (EF_ELEMENT (node), NULL, start_on_waited, &wait);
  wait_ok (&wait);
  g_assert_cmpint (state_of (node), ==, EF_STATE_PLAYING);
  ef_test_assert_log (node, "pause close unprepare prepare open play");
  ef_test_node_stop_all (node, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/element/state/edges", test_edges);
  g_test_add_func ("/element/state/notified", test_notified);
  g_test_add_func ("/element/state/start-error", test_start_error);
  g_test_add_func ("/element/state/missing-key", test_missing_key);
  g_test_add_func ("/element/state/open-fails", test_open_fails);
  g_test_add_func ("/element/state/open-fails-awaited", test_open_fails_awaited);
  g_test_add_func ("/element/state/stop-while-opening", test_stop_while_opening);
  g_test_add_func ("/element/state/opened-in-spite-of-stop", test_opened_in_spite_of_stop);
  g_test_add_func ("/element/state/up-down-up", test_up_down_up);
  g_test_add_func ("/element/state/start-while-closing", test_start_while_closing);
  g_test_add_func ("/element/state/cancel-start", test_cancel_start);
  g_test_add_func ("/element/state/cancel-one-of-two", test_cancel_one_of_two);
  g_test_add_func ("/element/state/cancel-stop", test_cancel_stop);
  g_test_add_func ("/element/state/cancel-start-while-closing", test_cancel_start_while_closing);
  g_test_add_func ("/element/state/change-in-vfunc", test_change_in_vfunc);
  g_test_add_func ("/element/state/start-in-callback", test_start_in_callback);

  return g_test_run ();
}
