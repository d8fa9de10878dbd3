/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-test-loop.h"
#include "ef-test-node.h"

static EfState
state_of (EfTestNode *node)
{
  return ef_element_get_state (EF_ELEMENT (node));
}

static void
stop_from_within (EfTestNode *node, gpointer data)
{
  EfTestNode *stopped = data != NULL ? data : node;
  const char *log = stopped->log->str;

  ef_element_stop (EF_ELEMENT (stopped));

  /* It ceases at once, and keeps what it has for as long as it may be at work. */
  g_assert_true (stopped == node || g_str_has_suffix (log, "pause"));
  g_assert_null (strstr (stopped->log->str, "close"));
  g_assert_null (strstr (stopped->log->str, "unprepare"));
}

static void
test_stop_in_push (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *b = ef_test_node_new ("b"), *c = ef_test_node_new ("c");

  g_assert_true (ef_element_link (EF_ELEMENT (a), EF_ELEMENT (b), NULL));
  g_assert_true (ef_element_link (EF_ELEMENT (b), EF_ELEMENT (c), NULL));
  ef_test_node_start (c);
  ef_test_node_start (b);
  ef_test_node_start (a);

  /* The last one stops the first one, in the middle of its push. */
  c->on_process = stop_from_within;
  c->data = a;
  ef_test_node_push (a, "1");
  g_assert_cmpint (state_of (a), ==, EF_STATE_PAUSED);
  c->on_process = NULL;

  /* Nothing leaves it any more. */
  ef_test_node_push (a, "2");
  g_assert_cmpint (c->n_events, ==, 1);
  g_assert_cmpint (ef_test_get_stat (a, "dropped"), ==, 1);
  ef_test_wait_for (NULL, state_of (a) == EF_STATE_NULL);
  ef_test_assert_log (a, "pause close unprepare");

  ef_test_node_start (a);
  /* An element stops itself while it processes. */
  b->on_process = stop_from_within;
  ef_test_node_push (a, "3");
  g_assert_cmpint (state_of (b), ==, EF_STATE_PAUSED);
  g_assert_cmpint (c->n_events, ==, 1);
  g_assert_cmpint (ef_test_get_stat (b, "dropped"), ==, 1);
  ef_test_node_push (a, "4");
  g_assert_cmpint (ef_test_get_stat (b, "dropped"), ==, 2);

  ef_test_node_stop_all (a, b, c, NULL);
}

static void
stop_in_nested_loop (EfTestNode *node, gpointer data)
{
  ef_element_stop (EF_ELEMENT (node));
  for (int i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (state_of (node), ==, EF_STATE_PAUSED);
}

/* A handler that iterates the context does not get the element taken from under the push either. */
static void
test_nested_loop_in_push (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *b = ef_test_node_new ("b");

  g_assert_true (ef_element_link (EF_ELEMENT (a), EF_ELEMENT (b), NULL));
  ef_test_node_start (b);
  ef_test_node_start (a);
  b->on_process = stop_in_nested_loop;
  ef_test_node_push (a, "1");
  ef_test_wait_for (NULL, state_of (b) == EF_STATE_NULL);
  ef_test_assert_log (b, "pause close unprepare");
  ef_test_node_stop_all (a, b, NULL);
}

/* A started element needs nobody to keep it. */
static void
test_keeps_itself (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  EfTestNode *alive = node;

  g_object_add_weak_pointer (G_OBJECT (node), (gpointer *) &alive);
  ef_test_node_start (node);
  g_object_unref (node);
  ef_test_drain (NULL);
  g_assert_nonnull (alive);

  ef_element_stop (EF_ELEMENT (alive));
  ef_test_wait_for (NULL, alive == NULL);
}

static void
test_names (void)
{
  EfTestNode *a = ef_test_node_new (NULL), *b = ef_test_node_new (NULL), *c = ef_test_node_new ("x");

  g_assert_true (g_str_has_prefix (ef_element_get_name (EF_ELEMENT (a)), "testnode"));
  g_assert_cmpstr (ef_element_get_name (EF_ELEMENT (a)), !=, ef_element_get_name (EF_ELEMENT (b)));
  g_assert_cmpstr (ef_element_get_name (EF_ELEMENT (c)), ==, "x");
  ef_element_set_name (EF_ELEMENT (c), "y");
  g_assert_cmpstr (ef_element_get_name (EF_ELEMENT (c)), ==, "y");

  g_object_unref (a);
  g_object_unref (b);
  g_object_unref (c);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/element/life/stop-in-push", test_stop_in_push);
  g_test_add_func ("/element/life/nested-loop-in-push", test_nested_loop_in_push);
  g_test_add_func ("/element/life/keeps-itself", test_keeps_itself);
  g_test_add_func ("/element/life/names", test_names);

  return g_test_run ();
}
