/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-test-element.h"
#include "ef-test-kinds.h"
#include "ef-test-loop.h"
#include "ef-test-node.h"

static void
push_eos (EfTestNode *node)
{
  g_autoptr (EfMarker) eos = ef_marker_new_eos ();

  ef_element_push_marker (EF_ELEMENT (node), eos);
}

static void
test_counts (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *b = ef_test_node_new ("b"), *c = ef_test_node_new ("c");

  ef_test_link (a, b);
  ef_test_link (a, c);
  ef_test_node_start (b);
  ef_test_node_start (a);

  /* Out of an element that has two links an event goes once; one of the two does not play. */
  ef_test_node_push (a, "1");
  ef_test_node_push (a, "2");
  g_assert_cmpint (b->n_events, ==, 2);
  g_assert_cmpint (c->n_events, ==, 0);
  g_assert_cmpint (ef_test_get_stat (a, "events-out"), ==, 2);
  g_assert_cmpint (ef_test_get_stat (b, "events-in"), ==, 2);
  g_assert_cmpint (ef_test_get_stat (c, "events-in"), ==, 0);
  g_assert_cmpint (ef_test_get_stat (c, "dropped"), ==, 2);

  /* What goes nowhere is counted as well. */
  g_assert_cmpint (ef_test_get_stat (b, "events-out"), ==, 2);

  ef_test_node_stop_all (a, b, c, NULL);
}

typedef struct
{
  EfTestNode *from;
  EfTestNode *to;
} Unlink;

static void
unlink_within (EfTestNode *node, gpointer data)
{
  Unlink *pair = data;

  ef_pad_unlink (ef_element_get_src_pad (EF_ELEMENT (pair->from)),
                 ef_element_get_sink_pad (EF_ELEMENT (pair->to)));
}

/* A handler changes the links while a batch goes round. */
static void
test_unlink_in_push (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *b = ef_test_node_new ("b"), *c = ef_test_node_new ("c");
  Unlink second = { a, c }, first = { a, b };

  ef_test_link (a, b);
  ef_test_link (a, c);
  ef_test_node_start (b);
  ef_test_node_start (c);
  ef_test_node_start (a);

  b->on_process = unlink_within;
  b->data = &second;
  ef_test_node_push (a, "1");
  g_assert_cmpint (b->n_events, ==, 1);
  g_assert_cmpint (c->n_events, ==, 0);

  /* The only one takes its own link away. */
  b->data = &first;
  ef_test_node_push (a, "2");
  b->on_process = NULL;
  g_assert_cmpint (b->n_events, ==, 2);
  ef_test_node_push (a, "3");
  g_assert_cmpint (b->n_events, ==, 2);

  ef_test_node_stop_all (a, b, c, NULL);
}

static void
test_eos_merges (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *b = ef_test_node_new ("b"), *c = ef_test_node_new ("c");
  EfTestNode *d = ef_test_node_new ("d");

  ef_test_link (a, d);
  ef_test_link (b, d);
  ef_test_link (c, d);
  ef_test_node_start (d);
  ef_test_node_start (c);
  ef_test_node_start (b);
  ef_test_node_start (a);

  push_eos (a);
  push_eos (a);
  push_eos (b);
  ef_test_assert_log (d, "");
  push_eos (c);
  ef_test_assert_log (d, "eos");

  /* The next round. The one that is waited for is unlinked: that is its end too. */
  push_eos (a);
  push_eos (b);
  ef_test_assert_log (d, "");
  ef_pad_unlink (ef_element_get_src_pad (EF_ELEMENT (c)), ef_element_get_sink_pad (EF_ELEMENT (d)));
  ef_test_assert_log (d, "eos");

  /* A fresh start waits for all again. */
  push_eos (a);
  ef_test_stop (d);
  g_string_truncate (d->log, 0);
  ef_test_node_start (d);
  push_eos (b);
  ef_test_assert_log (d, "");
  push_eos (a);
  ef_test_assert_log (d, "eos");

  ef_test_node_stop_all (a, b, c, d, NULL);
}

static void
test_gap (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *b = ef_test_node_new ("b");
  g_autoptr (EfMarker) gap = ef_marker_new_gap (10, 20, "the peer went");

  ef_test_link (a, b);
  ef_test_node_start (b);
  ef_test_node_start (a);
  ef_element_push_marker (EF_ELEMENT (a), gap);
  ef_test_assert_log (b, "gap");

  ef_test_node_stop_all (a, b, NULL);
}

/* The end of the stream is the end of the dead letters too. */
static void
test_eos_of_errors (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *b = ef_test_node_new ("b");

  g_assert_true (ef_pad_link (ef_element_get_errors_pad (EF_ELEMENT (a)),
                              ef_element_get_sink_pad (EF_ELEMENT (b)), NULL));
  ef_test_node_start (b);
  ef_test_node_start (a);
  push_eos (a);
  ef_test_assert_log (b, "eos");

  ef_test_node_stop_all (a, b, NULL);
}

static void
count (EfElement *element, int *n)
{
  (*n)++;
}

static void
test_sink_drains (void)
{
  EfTestNode *a = ef_test_node_new ("a");
  EfElement *sink = ef_test_payload_sink_new ("sink");
  int n = 0;

  g_signal_connect (sink, "eos", G_CALLBACK (count), &n);
  ef_test_link (a, sink);
  ef_test_start (sink);
  ef_test_node_start (a);
  push_eos (a);
  g_assert_cmpint (n, ==, 1);

  ef_test_stop (sink);
  ef_test_node_stop_all (a, NULL);
  g_assert_finalize_object (sink);
}

static void
test_source_ends (void)
{
  EfElement *source = ef_test_payload_source_new ("source");
  EfTestNode *b = ef_test_node_new ("b");
  int n = 0;

  g_signal_connect (source, "eos", G_CALLBACK (count), &n);
  ef_test_link (source, b);
  ef_test_node_start (b);
  ef_test_start (source);
  ef_source_end (EF_SOURCE (source));
  g_assert_cmpint (n, ==, 1);
  ef_test_assert_log (b, "eos");

  ef_test_stop (source);
  g_assert_finalize_object (source);
  ef_test_node_stop_all (b, NULL);
}

static void
test_publish (void)
{
  EfElement *sink = ef_test_payload_sink_new ("sink");
  g_autoptr (EfEvent) event = ef_event_new_text (0, "hello", -1);
  g_autoptr (GError) error = NULL;

  g_assert_false (ef_sink_publish_event (EF_SINK (sink), event, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_STATE);
  g_assert_cmpstr (error->message, ==, "sink is null: it takes events while it is playing");
  g_clear_error (&error);

  ef_test_start (sink);
  g_assert_true (ef_sink_publish_event (EF_SINK (sink), event, NULL));
  g_assert_cmpint (ef_test_get_stat (sink, "events-in"), ==, 1);
  g_assert_cmpint (ef_test_get_stat (sink, "held"), ==, 0);
  ef_element_hold_input (sink);
  g_assert_cmpint (ef_test_get_stat (sink, "held"), ==, 1);
  g_assert_false (ef_sink_publish_event (EF_SINK (sink), event, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  ef_element_release_input (sink);
  g_assert_true (ef_sink_publish_event (EF_SINK (sink), event, NULL));

  ef_test_stop (sink);
  g_assert_finalize_object (sink);
}

static void
on_receipt (const GError *error, gpointer user_data)
{
  gboolean *settled = user_data;

  g_assert_no_error (error);
  *settled = TRUE;
}

/* What a transform makes gets the receipt of what it came from, and nothing is pushed that is empty. */
static void
test_transform (void)
{
  static const guint passed[] = { 1, 1, 0, 0 };

  for (int mode = EF_TEST_RELAY_SAME; mode <= EF_TEST_RELAY_NOTHING; mode++)
    {
      EfTestNode *a = ef_test_node_new ("a"), *c = ef_test_node_new ("c");
      EfElement *b = ef_test_relay_new ("b", (EfTestRelayMode) mode);
      EfBatch *batch = ef_batch_new ();
      gboolean settled = FALSE;
      EfReceipt *receipt = ef_receipt_new (on_receipt, &settled, NULL);

      ef_test_link (a, b);
      ef_test_link (b, c);
      ef_test_node_start (c);
      ef_test_start (b);
      ef_test_node_start (a);

      ef_batch_append (batch, ef_event_new_text (0, "x", -1));
      ef_batch_set_receipt (batch, receipt);
      ef_receipt_unref (receipt);
      c->keep = TRUE;
      ef_element_push (EF_ELEMENT (a), batch);
      g_assert_cmpint (c->n_events, ==, passed[mode]);
      ef_batch_unref (batch);
      g_assert_cmpint (settled, ==, !passed[mode]);
      g_clear_pointer (&c->kept, ef_batch_unref);
      g_assert_true (settled);

      ef_test_stop (b);
      ef_test_node_stop_all (a, NULL);
      g_assert_finalize_object (b);
      ef_test_node_stop_all (c, NULL);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/element/flow/counts", test_counts);
  g_test_add_func ("/element/flow/unlink-in-push", test_unlink_in_push);
  g_test_add_func ("/element/flow/eos-merges", test_eos_merges);
  g_test_add_func ("/element/flow/gap", test_gap);
  g_test_add_func ("/element/flow/eos-of-errors", test_eos_of_errors);
  g_test_add_func ("/element/flow/sink-drains", test_sink_drains);
  g_test_add_func ("/element/flow/source-ends", test_source_ends);
  g_test_add_func ("/element/flow/publish", test_publish);
  g_test_add_func ("/element/flow/transform", test_transform);

  return g_test_run ();
}
