/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-loop.h"
#include "ef-test-peer.h"

#include <signal.h>

static gboolean
raise_cb (gpointer user_data)
{
  g_atomic_int_inc ((int *) user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
is_raised (gpointer data)
{
  return g_atomic_int_get ((int *) data) > 0;
}

static gpointer
raise_in_thread (gpointer data)
{
  raise_cb (data);

  return NULL;
}

static void
test_wait_own_context (void)
{
  int raised = 0;

  g_idle_add (raise_cb, &raised);
  ef_test_wait_until (NULL, is_raised, &raised);
  g_assert_cmpint (raised, ==, 1);

  g_idle_add (raise_cb, &raised);
  ef_test_wait_for (NULL, raised == 2);
}

static void
test_wait_other_thread (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  int raised = 0;
  g_autoptr (GThread) thread = g_thread_new ("raise", raise_in_thread, &raised);

  ef_test_wait_until (context, is_raised, &raised);
  g_thread_join (g_steal_pointer (&thread));
}

static void
test_drain (void)
{
  int raised = 0;

  g_idle_add (raise_cb, &raised);
  g_idle_add (raise_cb, &raised);
  ef_test_drain (NULL);
  g_assert_cmpint (raised, ==, 2);
}

static void
test_finalizes (void)
{
  GCancellable *object = g_cancellable_new ();

  g_object_ref (object);
  g_idle_add_once (g_object_unref, object);
  ef_test_assert_finalizes (NULL, object);
}

static void
test_deadline (void)
{
  if (g_test_subprocess ())
    {
      /* As if it had been long ago. */
      EfTestDeadline deadline;

      ef_test_deadline_init (&deadline, NULL, "the impossible", "file.c", 12, "function");
      deadline.deadline = g_get_monotonic_time ();
      ef_test_deadline_iterate (&deadline);
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*file.c:12*still waiting*for the impossible*");
}

static void
test_peer_lines (void)
{
  g_autoptr (EfTestPeer) peer = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autofree char *line = NULL;

  peer = ef_test_peer_spawn ("sh", "-c",
                             "echo noise; echo listening ws://127.0.0.1:4711/x;"
                             "read line; echo \"got $line\"; cat >/dev/null;"
                             "echo '{\"event\": \"a\"}';"
                             "echo '{\"event\": \"b\", \"n\": 7}'; exit 3",
                             NULL);
  g_assert_cmpstr (ef_test_peer_wait_listening (peer), ==, "ws://127.0.0.1:4711/x");
  g_assert_cmpuint (ef_test_peer_get_port (peer), ==, 4711);
  g_assert_null (ef_test_peer_take_line (peer));

  ef_test_peer_tell (peer, "word %d", 1);
  line = ef_test_peer_wait_line (peer);
  g_assert_cmpstr (line, ==, "got word 1");
  g_assert_false (ef_test_peer_has_exited (peer));

  g_assert_cmpint (ef_test_peer_stop (peer), ==, 3);
  object = ef_test_peer_wait_event (peer, "b");
  g_assert_cmpint (json_object_get_int_member (object, "n"), ==, 7);
}

static void
test_peer_killed (void)
{
  g_autoptr (EfTestPeer) peer = ef_test_peer_spawn ("sleep", "1000", NULL);

  ef_test_peer_signal (peer, SIGTERM);
  g_assert_cmpint (ef_test_peer_wait_exit (peer), ==, -SIGTERM);

  /* One that runs still goes with its object. */
  g_clear_object (&peer);
  peer = ef_test_peer_spawn ("sleep", "1000", NULL);
}

static void
test_peer_messages (void)
{
  g_autoptr (GBytes) empty = ef_test_peer_make_message (TRUE, 0, 0);
  g_autoptr (GBytes) text = ef_test_peer_make_message (TRUE, 12, 15);
  g_autoptr (GBytes) binary = ef_test_peer_make_message (FALSE, 3, 300);
  const guint8 *bytes = g_bytes_get_data (binary, NULL);

  g_assert_cmpuint (g_bytes_get_size (empty), ==, 0);
  g_assert_cmpmem (g_bytes_get_data (text, NULL), g_bytes_get_size (text), "12:aé€😀xx", 15);
  g_assert_cmpuint (g_bytes_get_size (binary), ==, 300);
  g_assert_cmpmem (bytes, 3, "3:\0", 3);
  g_assert_cmpuint (bytes[2 + 255], ==, 255);
  g_assert_cmpuint (bytes[2 + 256], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/support/loop/own-context", test_wait_own_context);
  g_test_add_func ("/support/loop/other-thread", test_wait_other_thread);
  g_test_add_func ("/support/loop/drain", test_drain);
  g_test_add_func ("/support/loop/finalizes", test_finalizes);
  g_test_add_func ("/support/loop/deadline", test_deadline);
  g_test_add_func ("/support/peer/lines", test_peer_lines);
  g_test_add_func ("/support/peer/killed", test_peer_killed);
  g_test_add_func ("/support/peer/messages", test_peer_messages);

  return g_test_run ();
}
