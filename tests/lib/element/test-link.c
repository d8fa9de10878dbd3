/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-test-kinds.h"
#include "ef-test-node.h"

static void
assert_link_error (EfPad *src, EfPad *sink, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ef_pad_link (src, sink, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_LINK);
  g_assert_cmpstr (error->message, ==, message);
}

static EfPad *
pad_of (gpointer element, const char *name)
{
  EfPad *pad = ef_element_get_pad (element, name);

  g_assert_nonnull (pad);

  return pad;
}

static void
test_pads (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  EfElement *source = ef_test_payload_source_new ("s");
  EfPad *src = pad_of (node, "src");

  g_assert_cmpstr (ef_pad_get_name (src), ==, "src");
  g_assert_cmpint (ef_pad_get_direction (src), ==, EF_PAD_SRC);
  g_assert_cmpint (ef_pad_get_direction (pad_of (node, "sink")), ==, EF_PAD_SINK);
  g_assert_cmpint (ef_pad_get_direction (pad_of (node, "errors")), ==, EF_PAD_SRC);
  g_assert_cmpint (ef_pad_get_content (pad_of (node, "errors")), ==, EF_PAD_CONTENT_COLUMNS);
  g_assert_true (ef_pad_get_element (src) == EF_ELEMENT (node));
  g_assert_true (ef_element_get_src_pad (EF_ELEMENT (node)) == src);
  g_assert_null (ef_element_get_pad (EF_ELEMENT (node), "side"));

  g_assert_null (ef_element_get_pad (source, "sink"));
  g_assert_cmpint (ef_pad_get_content (pad_of (source, "src")), ==, EF_PAD_CONTENT_PAYLOAD);

  g_object_ref (src);
  g_assert_finalize_object (node);
  g_assert_null (ef_pad_get_element (src));
  g_assert_finalize_object (src);
  g_assert_finalize_object (source);
}

static void
test_links (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *b = ef_test_node_new ("b"), *c = ef_test_node_new ("c");

  g_assert_true (ef_pad_link (pad_of (a, "src"), pad_of (b, "sink"), NULL));
  g_assert_true (ef_pad_link (pad_of (a, "src"), pad_of (c, "sink"), NULL));
  g_assert_true (ef_pad_link (pad_of (b, "src"), pad_of (c, "sink"), NULL));
  g_assert_cmpuint (ef_pad_get_n_links (pad_of (a, "src")), ==, 2);
  g_assert_cmpuint (ef_pad_get_n_links (pad_of (c, "sink")), ==, 2);
  g_assert_true (ef_pad_get_peer (pad_of (a, "src"), 1) == pad_of (c, "sink"));
  g_assert_true (ef_pad_get_peer (pad_of (c, "sink"), 1) == pad_of (b, "src"));

  ef_pad_unlink (pad_of (a, "src"), pad_of (c, "sink"));
  g_assert_cmpuint (ef_pad_get_n_links (pad_of (a, "src")), ==, 1);
  g_assert_true (ef_pad_get_peer (pad_of (c, "sink"), 0) == pad_of (b, "src"));

  /* A chain is kept by its first element. */
  g_object_unref (b);
  g_object_unref (c);
  g_assert_cmpuint (ef_pad_get_n_links (pad_of (a, "src")), ==, 1);
  g_object_add_weak_pointer (G_OBJECT (c), (gpointer *) &c);
  g_assert_finalize_object (a);
  g_assert_null (c);
}

static void
test_errors (void)
{
  EfTestNode *a = ef_test_node_new ("a"), *b = ef_test_node_new ("b"), *c = ef_test_node_new ("c");
  EfElement *payload_source = ef_test_payload_source_new ("feed");
  EfElement *payload_sink = ef_test_payload_sink_new ("out");
  EfElement *columns_sink = ef_test_columns_sink_new ("table");
  g_autoptr (GError) error = NULL;

  assert_link_error (pad_of (a, "src"), pad_of (b, "errors"),
                     "a.src and b.errors are both outputs: link an output (src or errors) to an "
                     "input (sink)");
  assert_link_error (pad_of (a, "sink"), pad_of (b, "sink"),
                     "a.sink and b.sink are both inputs: link an output (src or errors) to an input "
                     "(sink)");
  assert_link_error (pad_of (a, "sink"), pad_of (b, "src"),
                     "a.sink is an input and b.src an output: name the output first");

  g_assert_true (ef_element_link (EF_ELEMENT (a), EF_ELEMENT (b), NULL));
  assert_link_error (pad_of (a, "src"), pad_of (b, "sink"), "a.src is already linked to b.sink");

  assert_link_error (pad_of (a, "src"), pad_of (a, "sink"),
                     "a.src can not be linked to a.sink: events would go round in a circle");
  g_assert_true (ef_pad_link (pad_of (b, "errors"), pad_of (c, "sink"), NULL));
  assert_link_error (pad_of (c, "src"), pad_of (a, "sink"),
                     "c.src can not be linked to a.sink: events would go round in a circle");

  assert_link_error (pad_of (payload_source, "src"), pad_of (columns_sink, "sink"),
                     "feed.src gives raw messages, table.sink takes events with columns: put a "
                     "decoder such as jsondecode between");
  assert_link_error (pad_of (a, "errors"), pad_of (payload_sink, "sink"),
                     "a.errors gives events with columns, out.sink takes raw messages: put an "
                     "encoder such as jsonencode between");
  g_assert_true (ef_element_link (payload_source, payload_sink, NULL));
  g_assert_true (ef_pad_link (pad_of (a, "errors"), pad_of (columns_sink, "sink"), NULL));

  g_assert_false (ef_element_link (payload_sink, EF_ELEMENT (a), &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_LINK);
  g_assert_cmpstr (error->message, ==, "out has no src pad: nothing can come after it");
  g_clear_error (&error);
  g_assert_false (ef_element_link (EF_ELEMENT (a), payload_source, &error));
  g_assert_cmpstr (error->message, ==, "feed has no sink pad: nothing can come before it");

  g_assert_finalize_object (payload_source);
  g_assert_finalize_object (payload_sink);
  g_assert_finalize_object (a);
  g_assert_finalize_object (columns_sink);
  g_assert_finalize_object (b);
  g_assert_finalize_object (c);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/element/link/pads", test_pads);
  g_test_add_func ("/element/link/links", test_links);
  g_test_add_func ("/element/link/errors", test_errors);

  return g_test_run ();
}
