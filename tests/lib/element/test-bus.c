/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-test-loop.h"
#include "ef-test-node.h"

#include <string.h>

static void
on_message (EfBus *bus, EfMessage *message, GString *text)
{
  g_autofree char *printed = ef_message_to_string (message);

  g_string_append_printf (text, "%s\n", printed);
}

static EfMessage *
new_details (gpointer source, const char *name)
{
  return ef_message_new_element (source, name, NULL);
}

static void
post (EfBus *bus, EfMessage *message)
{
  ef_bus_post (bus, message);
  ef_message_unref (message);
}

static void
test_messages (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  GObject *source = G_OBJECT (node);
  g_autoptr (GError) error = g_error_new (EF_ERROR, EF_ERROR_DATA, "bad");
  g_autoptr (EfMessage) failed = ef_message_new_error (source, error, "at byte 3");
  g_autoptr (EfMessage) warning = ef_message_new_warning (source, error, NULL);
  g_autoptr (EfMessage) eos = ef_message_new_eos (source);
  g_autoptr (EfMessage) state = NULL;
  g_autoptr (EfMessage) details = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpint (ef_message_get_kind (failed), ==, EF_MESSAGE_ERROR);
  g_assert_cmpstr (ef_message_get_name (failed), ==, "error");
  g_assert_error (ef_message_get_error (failed), EF_ERROR, EF_ERROR_DATA);
  g_assert_cmpstr (ef_message_get_debug (failed), ==, "at byte 3");
  g_assert_cmpint (ef_message_get_timestamp (failed), >, 0);
  text = ef_message_to_string (failed);
  g_assert_cmpstr (text, ==, "n: error: bad (at byte 3)");

  g_assert_cmpint (ef_message_get_kind (warning), ==, EF_MESSAGE_WARNING);
  g_assert_cmpstr (ef_message_get_name (warning), ==, "warning");
  g_assert_null (ef_message_get_details (warning));
  g_assert_cmpstr (ef_message_get_name (eos), ==, "eos");
  g_assert_null (ef_message_get_error (eos));

  state = ef_message_new_state_changed (source, EF_STATE_NULL, EF_STATE_READY);
  g_clear_pointer (&text, g_free);
  text = ef_message_to_string (state);
  g_assert_cmpstr (text, ==, "n: state-changed {'old': <'null'>, 'new': <'ready'>}");

  details = ef_message_new_element (source, "connected", g_variant_new_parsed ("{'port': <7>}"));
  g_assert_cmpint (ef_message_get_kind (details), ==, EF_MESSAGE_ELEMENT);
  g_assert_cmpstr (ef_message_get_name (details), ==, "connected");
  g_clear_pointer (&text, g_free);
  text = ef_message_to_string (details);
  g_assert_cmpstr (text, ==, "n: connected {'port': <7>}");

  /* Messages do not keep their source, but who asked for it has it. */
  g_assert_true (ef_message_get_source (eos) == source);
  g_object_unref (node);
  g_assert_true (ef_message_get_source (failed) == source);
  g_clear_pointer (&eos, ef_message_unref);
  g_clear_pointer (&failed, ef_message_unref);
  g_assert_null (ef_message_get_source (details));
  g_assert_cmpstr (ef_message_get_source_name (details), ==, "n");
}

static void
test_details (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  EfBus *bus = ef_bus_new ();
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (GString) some = g_string_new (NULL);

  /* Nobody listens: nothing is kept for those who come later. */
  post (bus, new_details (node, "early"));
  g_signal_connect (bus, "message::here", G_CALLBACK (on_message), some);
  post (bus, new_details (node, "there"));
  post (bus, new_details (node, "here"));
  ef_test_drain (NULL);
  g_assert_cmpstr (some->str, ==, "n: here\n");

  g_signal_connect (bus, "message", G_CALLBACK (on_message), all);
  post (bus, new_details (node, "there"));
  post (bus, new_details (node, "here"));
  g_assert_cmpstr (all->str, ==, "");
  ef_test_drain (NULL);
  g_assert_cmpstr (all->str, ==, "n: there\nn: here\n");
  g_assert_cmpstr (some->str, ==, "n: here\nn: here\n");

  g_assert_finalize_object (node);
  g_assert_finalize_object (bus);
}

/* What waits is bounded; errors and ends have room where others have none; what is dropped is told. */
static void
test_bounded (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  EfBus *bus = ef_bus_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = g_error_new (EF_ERROR, EF_ERROR_FAILED, "bad");
  guint64 dropped;

  g_object_set (bus, "max-messages", 2, NULL);
  g_signal_connect (bus, "message", G_CALLBACK (on_message), text);
  for (int i = 0; i < 5; i++)
    post (bus, new_details (node, "hello"));
  for (int i = 0; i < 3; i++)
    post (bus, ef_message_new_error (G_OBJECT (node), error, NULL));
  ef_test_drain (NULL);
  g_assert_cmpstr (text->str, ==,
                   "n: hello\nn: hello\nn: error: bad\nn: error: bad\n"
                   "eventflux: warning: 4 messages were dropped here, as the application did not "
                   "take them in time\n");
  g_object_get (bus, "dropped", &dropped, NULL);
  g_assert_cmpuint (dropped, ==, 4);

  /* Then there is room again. */
  g_string_truncate (text, 0);
  post (bus, new_details (node, "hello"));
  ef_test_drain (NULL);
  g_assert_cmpstr (text->str, ==, "n: hello\n");

  g_object_unref (node);
  g_object_unref (bus);
}

static void
post_another (EfBus *bus, EfMessage *message, EfTestNode *node)
{
  post (bus, new_details (node, "answer"));
  g_signal_handlers_disconnect_by_func (bus, G_GNUC_EXTENSION (gpointer) post_another, node);
}

static void
test_post_in_handler (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  EfBus *bus = ef_bus_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  g_signal_connect (bus, "message", G_CALLBACK (on_message), text);
  g_signal_connect (bus, "message", G_CALLBACK (post_another), node);
  post (bus, new_details (node, "question"));
  ef_test_drain (NULL);
  g_assert_cmpstr (text->str, ==, "n: question\nn: answer\n");

  g_object_unref (node);
  g_object_unref (bus);
}

#define N_THREADS 4
#define N_MESSAGES 500

typedef struct
{
  EfBus *bus;
  EfTestNode *node;
} Poster;

static gpointer
post_many (gpointer data)
{
  Poster *poster = data;

  for (int i = 0; i < N_MESSAGES; i++)
    post (poster->bus,
          ef_message_new_element (G_OBJECT (poster->node), "count",
                                  g_variant_new_parsed ("{'n': <%i>}", i)));

  g_object_unref (poster->bus);

  return NULL;
}

typedef struct
{
  int next[N_THREADS];
  guint total;
  GThread *thread;
} Counts;

static void
on_count (EfBus *bus, EfMessage *message, Counts *counts)
{
  int thread = ef_message_get_source_name (message)[0] - '0';
  int n;

  g_assert_true (g_thread_self () == counts->thread);
  g_assert_true (g_variant_lookup (ef_message_get_details (message), "n", "i", &n));
  g_assert_cmpint (n, ==, counts->next[thread]);
  counts->next[thread]++;
  counts->total++;
}

/* From many threads: each one's messages come in order, none is lost, and all in this thread. */
static void
test_threads (void)
{
  Poster posters[N_THREADS];
  GThread *threads[N_THREADS];
  EfBus *bus = ef_bus_new ();
  Counts counts = { .thread = g_thread_self () };

  g_object_set (bus, "max-messages", N_THREADS * N_MESSAGES, NULL);
  g_signal_connect (bus, "message::count", G_CALLBACK (on_count), &counts);
  for (int i = 0; i < N_THREADS; i++)
    {
      char name[] = { (char) ('0' + i), '\0' };

      posters[i] = (Poster) { g_object_ref (bus), ef_test_node_new (name) };
      threads[i] = g_thread_new (name, post_many, &posters[i]);
    }

  ef_test_wait_for (NULL, counts.total == N_THREADS * N_MESSAGES);
  for (int i = 0; i < N_THREADS; i++)
    {
      g_thread_join (threads[i]);
      g_object_unref (posters[i].node);
    }
  g_assert_finalize_object (bus);
}

/* The last reference goes in another thread while messages are delivered in this one. */
static void
test_let_go_in_thread (void)
{
  for (int i = 0; i < 20; i++)
    {
      EfBus *bus = ef_bus_new ();
      Poster poster = { bus, ef_test_node_new ("0") };
      g_autoptr (GString) text = g_string_new (NULL);
      GThread *thread;

      g_signal_connect (bus, "message", G_CALLBACK (on_message), text);
      thread = g_thread_new ("poster", post_many, &poster);
      while (text->len == 0 && g_main_context_iteration (NULL, FALSE))
        ;
      g_thread_join (thread);
      ef_test_drain (NULL);
      g_object_unref (poster.node);
    }
}

static gpointer
stop_node (gpointer data)
{
  ef_element_stop (data);

  return NULL;
}

static gpointer
start_node (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  g_assert_true (ef_element_start (data, NULL));
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
on_state (EfTestNode *node, GParamSpec *pspec, GThread *thread)
{
  g_assert_true (g_thread_self () == thread);
}

/* Changes of state are asked for anywhere and happen in the element's context. */
static void
test_states_from_threads (void)
{
  EfTestNode *node = ef_test_node_new ("n");

  g_signal_connect (node, "notify::state", G_CALLBACK (on_state), g_thread_self ());
  ef_element_set_context (EF_ELEMENT (node), g_main_context_default ());
  g_thread_join (g_thread_new ("start", start_node, node));
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (node)) == EF_STATE_PLAYING);
  g_thread_join (g_thread_new ("stop", stop_node, node));
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (node)) == EF_STATE_NULL);
  g_assert_finalize_object (node);
}

typedef struct
{
  EfTestNode *node;
  GMainLoop *loop;
  GThread *thread;
} Other;

static void
on_other_started (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Other *other = user_data;

  /* The callback comes to who asked, though the element is elsewhere. */
  g_assert_true (g_thread_self () != other->thread);
  g_assert_true (ef_element_start_finish (EF_ELEMENT (object), result, NULL));
  other->node = NULL;
}

static gpointer
run_loop (gpointer data)
{
  Other *other = data;
  GMainContext *context = g_main_loop_get_context (other->loop);

  g_main_context_push_thread_default (context);
  g_main_loop_run (other->loop);
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
test_other_context (void)
{
  EfTestNode *node = ef_test_node_new ("n");
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  Other other = { .node = node, .loop = loop };

  ef_element_set_context (EF_ELEMENT (node), context);
  other.thread = g_thread_new ("other", run_loop, &other);
  g_signal_connect (node, "notify::state", G_CALLBACK (on_state), other.thread);
  ef_element_start_async (EF_ELEMENT (node), NULL, on_other_started, &other);
  ef_test_wait_for (NULL, other.node == NULL);

  ef_element_stop (EF_ELEMENT (node));
  ef_test_wait_for (NULL, ef_element_get_state (EF_ELEMENT (node)) == EF_STATE_NULL);
  g_main_loop_quit (loop);
  g_thread_join (other.thread);
  g_assert_finalize_object (node);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/element/bus/messages", test_messages);
  g_test_add_func ("/element/bus/details", test_details);
  g_test_add_func ("/element/bus/bounded", test_bounded);
  g_test_add_func ("/element/bus/post-in-handler", test_post_in_handler);
  g_test_add_func ("/element/bus/threads", test_threads);
  g_test_add_func ("/element/bus/let-go-in-thread", test_let_go_in_thread);
  g_test_add_func ("/element/bus/states-from-threads", test_states_from_threads);
  g_test_add_func ("/element/bus/other-context", test_other_context);

  return g_test_run ();
}
