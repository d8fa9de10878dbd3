/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-test-element.h"
#include "ef-test-kinds.h"
#include "ef-test-loop.h"
#include "ef-test-node.h"

static void
hold (EfTestNode *node)
{
  ef_element_hold_input (EF_ELEMENT (node));
}

static void
release (EfTestNode *node)
{
  ef_element_release_input (EF_ELEMENT (node));
}

static gboolean
is_held (gpointer element)
{
  return ef_element_is_output_held (element);
}

/* A hold goes up through transforms, and only changes are told. */
static void
test_chain (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *d = ef_test_node_new ("d");
  EfElement *b = ef_test_relay_new ("b", EF_TEST_RELAY_SAME);
  EfElement *c = ef_test_relay_new ("c", EF_TEST_RELAY_SAME);

  ef_test_link (a, b);
  ef_test_link (b, c);
  ef_test_link (c, d);

  hold (d);
  hold (d);
  g_assert_true (is_held (a));
  ef_test_assert_log (a, "held");
  release (d);
  g_assert_false (is_held (a));
  ef_test_assert_log (a, "released");
  release (d);
  ef_test_assert_log (a, "");

  /* One in the middle that holds for reasons of its own goes on when what is behind it lets go. */
  ef_element_hold_input (b);
  hold (d);
  ef_test_assert_log (a, "held");
  release (d);
  g_assert_true (is_held (a));
  ef_element_release_input (b);
  ef_test_assert_log (a, "released");

  g_assert_finalize_object (a);
  g_assert_finalize_object (b);
  g_assert_finalize_object (c);
  g_assert_finalize_object (d);
}

/* Of several outputs one is enough to hold; several inputs are held together. */
static void
test_fan (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *b = ef_test_node_new ("b");
  EfTestNode *c = ef_test_node_new ("c"), *d = ef_test_node_new ("d");

  ef_test_link (a, c);
  ef_test_link (a, d);
  ef_test_link (b, d);

  hold (c);
  ef_test_assert_log (a, "held");
  ef_test_assert_log (b, "");
  hold (d);
  ef_test_assert_log (a, "");
  ef_test_assert_log (b, "held");
  release (c);
  ef_test_assert_log (a, "");
  release (d);
  ef_test_assert_log (a, "released");
  ef_test_assert_log (b, "released");

  /* So do links that come and go. */
  hold (c);
  ef_test_assert_log (a, "held");
  ef_test_link (b, c);
  ef_test_assert_log (b, "held");
  ef_pad_unlink (ef_element_get_src_pad (EF_ELEMENT (a)), ef_element_get_sink_pad (EF_ELEMENT (c)));
  ef_test_assert_log (a, "released");

  g_object_unref (a);
  g_object_unref (b);
  g_object_unref (c);
  g_object_unref (d);
}

/* Where the dead letters go may hold, too. */
static void
test_errors (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *b = ef_test_node_new ("b");

  g_assert_true (ef_pad_link (ef_element_get_errors_pad (EF_ELEMENT (a)),
                              ef_element_get_sink_pad (EF_ELEMENT (b)), NULL));
  hold (b);
  g_assert_true (is_held (a));
  ef_test_assert_log (a, "held");
  release (b);
  ef_test_assert_log (a, "released");

  g_object_unref (a);
  g_object_unref (b);
}

static void
hold_itself (EfTestNode *node, gpointer data)
{
  hold (node);

  /* The element that pushes sees it at once, and is called when its push is over. */
  g_assert_true (is_held (data));
  g_assert_cmpstr (EF_TEST_NODE (data)->log->str, ==, "");
}

static void
hold_and_release (EfTestNode *node, gpointer data)
{
  hold (node);
  release (node);
}

static void
test_in_push (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *c = ef_test_node_new ("c");
  EfTestNode *b = ef_test_node_new ("b");

  ef_test_link (a, b);
  ef_test_link (b, c);
  ef_test_node_start (c);
  ef_test_node_start (b);
  ef_test_node_start (a);

  c->on_process = hold_itself;
  c->data = b;
  ef_test_node_push (a, "1");
  ef_test_assert_log (b, "held");
  /* A node is no transform: it has taken the hold and does not pass it on. */
  ef_test_assert_log (a, "");

  /* What is on its way is still taken. */
  c->on_process = NULL;
  ef_test_node_push (a, "2");
  g_assert_cmpint (c->n_events, ==, 2);
  release (c);
  ef_test_assert_log (b, "released");

  c->on_process = hold_and_release;
  ef_test_node_push (a, "3");
  ef_test_assert_log (b, "");

  ef_test_node_stop_all (a, b, c, NULL);
}

/* An element that stops holds nobody up. */
static void
test_stop (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *b = ef_test_node_new ("b");

  ef_test_link (a, b);
  ef_test_node_start (b);
  ef_test_node_start (a);
  hold (b);
  ef_test_assert_log (a, "held");
  ef_test_stop (b);
  ef_test_assert_log (a, "released");

  ef_test_node_stop_all (a, b, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/element/hold/chain", test_chain);
  g_test_add_func ("/element/hold/fan", test_fan);
  g_test_add_func ("/element/hold/errors", test_errors);
  g_test_add_func ("/element/hold/in-push", test_in_push);
  g_test_add_func ("/element/hold/stop", test_stop);

  return g_test_run ();
}
