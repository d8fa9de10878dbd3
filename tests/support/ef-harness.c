/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-harness.h"

#include "ef-harness-elements.h"
#include "ef-test-element.h"
#include "ef-test-loop.h"

struct _EfHarness
{
  GMainContext *context;
  EfElement *element;
  EfHarnessSource *source;  /* NULL if the element has no input */
  EfHarnessSink *sink;      /* NULL if the element has no output */
  EfHarnessSink *letters;   /* NULL unless the test wants dead letters */
  EfState state;
  gboolean boundary_runs;

  EfBus *bus;
  GQueue messages;          /* of EfMessage */
};

static void
on_message (EfBus *bus, EfMessage *message, gpointer user_data)
{
  EfHarness *self = user_data;

  if (ef_message_get_kind (message) != EF_MESSAGE_STATE_CHANGED
      && ef_message_get_source (message) == G_OBJECT (self->element))
    g_queue_push_tail (&self->messages, ef_message_ref (message));
}

static void
add_source (EfHarness *self)
{
  self->source = g_object_new (EF_TYPE_HARNESS_SOURCE, "name", "before", NULL);
  ef_test_link (self->source, self->element);
}

static EfHarnessSink *
make_sink (EfHarness *self, const char *name)
{
  EfHarnessSink *sink = g_object_new (EF_TYPE_HARNESS_SINK, "name", name, NULL);

  ef_harness_sink_set_awaiting (sink, self->context);

  return sink;
}

static void
add_sink (EfHarness *self)
{
  self->sink = make_sink (self, "behind");
  ef_test_link (self->element, self->sink);

  if (EF_IS_THREAD_BOUNDARY (self->element))
    ef_element_set_context (
      EF_ELEMENT (self->sink),
      ef_thread_boundary_get_context (EF_THREAD_BOUNDARY (self->element)));
}

/* ef_harness_new: takes the reference of the element. */
EfHarness *
ef_harness_new (EfElement *element)
{
  EfHarness *self = g_new0 (EfHarness, 1);

  g_assert_true (EF_IS_ELEMENT (element));

  self->context = g_main_context_ref_thread_default ();
  self->element = element;
  self->bus = ef_bus_new ();
  g_queue_init (&self->messages);
  g_signal_connect (self->bus, "message", G_CALLBACK (on_message), self);
  ef_element_set_bus (element, self->bus);

  if (ef_element_get_sink_pad (element) != NULL)
    add_source (self);
  if (ef_element_get_src_pad (element) != NULL)
    add_sink (self);

  return self;
}

EfElement *
ef_harness_get_element (EfHarness *self)
{
  return self->element;
}

/* ef_harness_configure: as a person does, with keys and values between “|”. */
void
ef_harness_configure (EfHarness *self, const char *config)
{
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) words = g_strsplit (config, "|", -1);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; words[i] != NULL && words[i + 1] != NULL; i += 2)
    g_hash_table_insert (table, g_strdup (words[i]), g_strdup (words[i + 1]));

  ef_element_configure (self->element, table, &error);
  g_assert_no_error (error);
}

/* ef_harness_link_errors: has dead letters kept for the test. Before the element is started. */
void
ef_harness_link_errors (EfHarness *self)
{
  g_assert_null (self->letters);
  g_assert_cmpint (self->state, ==, EF_STATE_NULL);

  self->letters = make_sink (self, "letters");
  ef_test_link_errors (self->element, self->letters);
}

static void
run_boundary (EfHarness *self, gboolean run)
{
  if (!EF_IS_THREAD_BOUNDARY (self->element) || self->boundary_runs == run)
    return;

  self->boundary_runs = run;
  if (run)
    ef_thread_boundary_start (EF_THREAD_BOUNDARY (self->element));
  else
    ef_thread_boundary_stop (EF_THREAD_BOUNDARY (self->element));
}

/* ef_harness_try_set_state: what is behind the element goes up first and down last, as in a pipeline.
 * If the element fails, the elements of the test stay where they are. */
gboolean
ef_harness_try_set_state (EfHarness *self, EfState state, GError **error)
{
  gboolean up = state > self->state;
  gpointer order[] = { self->letters, self->sink, self->element, self->source };

  if (state != EF_STATE_NULL)
    run_boundary (self, TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      gpointer element = order[up ? i : G_N_ELEMENTS (order) - 1 - i];

      if (element != NULL && !ef_test_try_set_state (element, state, error))
        return FALSE;
    }

  self->state = state;
  if (state == EF_STATE_NULL)
    run_boundary (self, FALSE);

  return TRUE;
}

void
ef_harness_set_state (EfHarness *self, EfState state)
{
  GError *error = NULL;

  ef_harness_try_set_state (self, state, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ef_element_get_state (self->element), ==, state);
}

void
ef_harness_start (EfHarness *self)
{
  ef_harness_set_state (self, EF_STATE_PLAYING);
}

void
ef_harness_stop (EfHarness *self)
{
  ef_harness_set_state (self, EF_STATE_NULL);
}

void
ef_harness_push (EfHarness *self, EfBatch *batch)
{
  g_assert_nonnull (self->source);
  g_assert_cmpint (self->state, ==, EF_STATE_PLAYING);

  ef_element_push (EF_ELEMENT (self->source), batch);
}

/* ef_harness_push_event: takes the reference. */
void
ef_harness_push_event (EfHarness *self, EfEvent *event)
{
  g_autoptr (EfBatch) batch = ef_batch_new ();

  ef_batch_append (batch, event);
  ef_harness_push (self, batch);
}

void
ef_harness_push_text (EfHarness *self, const char *text)
{
  gint64 now = ef_clock_get_real_time (ef_element_get_clock (self->element));

  ef_harness_push_event (self, ef_event_new_text (now, text, -1));
}

static void
push_marker (EfHarness *self, EfMarker *marker)
{
  g_assert_nonnull (self->source);

  ef_element_push_marker (EF_ELEMENT (self->source), marker);
  ef_marker_unref (marker);
}

void
ef_harness_push_eos (EfHarness *self)
{
  push_marker (self, ef_marker_new_eos ());
}

void
ef_harness_push_gap (EfHarness *self, const char *cause)
{
  push_marker (self, ef_marker_new_gap (1, 2, cause));
}

/* ef_harness_is_held: whether the element holds its input. */
gboolean
ef_harness_is_held (EfHarness *self)
{
  g_assert_nonnull (self->source);

  return ef_element_is_output_held (EF_ELEMENT (self->source));
}

static EfHarnessItem *
pull_item (EfHarness *self)
{
  EfHarnessItem *item = NULL;

  g_assert_nonnull (self->sink);
  ef_test_wait_for (self->context, (item = ef_harness_sink_take (self->sink)) != NULL);

  return item;
}

/* Takes the item. */
static EfEvent *
item_to_event (EfHarnessItem *item)
{
  EfEvent *event = g_steal_pointer (&item->event);

  if (event == NULL)
    g_error ("a marker has come where an event was expected");
  ef_harness_item_free (item);

  return event;
}

static EfMarker *
pull_marker (EfHarness *self, EfMarkerKind kind)
{
  g_autoptr (EfHarnessItem) item = pull_item (self);

  if (item->marker == NULL)
    {
      g_autofree char *json = ef_event_to_json (item->event);

      g_error ("an event has come where a marker was expected: %s", json);
    }
  g_assert_cmpint (ef_marker_get_kind (item->marker), ==, kind);

  return g_steal_pointer (&item->marker);
}

/* ef_harness_try_pull: without waiting; NULL if nothing has come. */
EfEvent *
ef_harness_try_pull (EfHarness *self)
{
  EfHarnessItem *item;

  g_assert_nonnull (self->sink);
  item = ef_harness_sink_take (self->sink);

  return item != NULL ? item_to_event (item) : NULL;
}

EfEvent *
ef_harness_pull (EfHarness *self)
{
  return item_to_event (pull_item (self));
}

/* ef_harness_pull_text: the first column of the next event. */
char *
ef_harness_pull_text (EfHarness *self)
{
  g_autoptr (EfEvent) event = ef_harness_pull (self);
  char *text = ef_event_dup_string (event, 0);

  g_assert_nonnull (text);

  return text;
}

/* ef_harness_assert_text: the next event is a message of text, and there it is. */
void
ef_harness_assert_text (EfHarness *self, const char *expected)
{
  g_autoptr (EfEvent) event = ef_harness_try_pull (self);
  g_autofree char *text = NULL;

  g_assert_nonnull (event);
  g_assert_true (ef_event_get_schema (event) == ef_schema_get_text_payload ());
  text = ef_event_dup_string (event, 0);
  g_assert_cmpstr (text, ==, expected);
}

/* ef_harness_assert_json: the next event as JSON, which must be there; NULL if there must be none. */
void
ef_harness_assert_json (EfHarness *self, const char *expected)
{
  g_autoptr (EfEvent) event = ef_harness_try_pull (self);
  g_autofree char *json = event != NULL ? ef_event_to_json (event) : NULL;

  g_assert_cmpstr (json, ==, expected);
}

/* ef_harness_try_pull_dead_letter: without waiting; NULL if none has come. */
EfEvent *
ef_harness_try_pull_dead_letter (EfHarness *self)
{
  EfHarnessItem *item;

  g_assert_nonnull (self->letters);
  item = ef_harness_sink_take (self->letters);

  return item != NULL ? item_to_event (item) : NULL;
}

void
ef_harness_pull_eos (EfHarness *self)
{
  ef_marker_unref (pull_marker (self, EF_MARKER_EOS));
}

EfMarker *
ef_harness_pull_gap (EfHarness *self)
{
  return pull_marker (self, EF_MARKER_GAP);
}

/* ef_harness_get_n_waiting: how many events and markers have come that were not pulled. */
guint
ef_harness_get_n_waiting (EfHarness *self)
{
  g_assert_nonnull (self->sink);

  return ef_harness_sink_get_n_items (self->sink);
}

/* ef_harness_get_n_batches: how many batches have come at all. */
guint64
ef_harness_get_n_batches (EfHarness *self)
{
  g_assert_nonnull (self->sink);

  return ef_harness_sink_get_n_batches (self->sink);
}

typedef struct
{
  EfHarnessSink *sink;
  gboolean hold;
  guint n_batches;
  int done;
} HoldCall;

static gboolean
on_hold (gpointer user_data)
{
  HoldCall *call = user_data;

  ef_harness_sink_set_held (call->sink, call->hold, call->n_batches);
  g_atomic_int_set (&call->done, TRUE);

  return G_SOURCE_REMOVE;
}

/* In the sink's context, which may be another thread's. */
static void
set_hold (EfHarness *self, gboolean hold, guint n_batches)
{
  HoldCall call = { self->sink, hold, n_batches, FALSE };
  GMainContext *context;

  g_assert_nonnull (self->sink);

  context = ef_element_get_context (EF_ELEMENT (self->sink));
  g_main_context_invoke (context != NULL ? context : self->context, on_hold, &call);
  ef_test_wait_for (self->context, g_atomic_int_get (&call.done));
}

/* ef_harness_hold: what is behind the element takes no more. */
void
ef_harness_hold (EfHarness *self)
{
  set_hold (self, TRUE, 0);
}

void
ef_harness_release (EfHarness *self)
{
  set_hold (self, FALSE, 0);
}

/* ef_harness_take_batches: has what is behind the element take as many batches and then hold
 * again. */
void
ef_harness_take_batches (EfHarness *self, guint n_batches)
{
  set_hold (self, FALSE, n_batches);
}

/* ef_harness_try_pull_message: takes the first message of that kind from the element, if there is
 * one among those that were delivered. */
EfMessage *
ef_harness_try_pull_message (EfHarness *self, EfMessageKind kind)
{
  for (GList *l = self->messages.head; l != NULL; l = l->next)
    {
      EfMessage *message = l->data;

      if (ef_message_get_kind (message) != kind)
        continue;

      g_queue_delete_link (&self->messages, l);
      return message;
    }

  return NULL;
}

EfMessage *
ef_harness_pull_message (EfHarness *self, EfMessageKind kind)
{
  EfMessage *message = NULL;

  ef_test_wait_for (self->context,
                    (message = ef_harness_try_pull_message (self, kind)) != NULL);

  return message;
}

/* ef_harness_pull_error: waits for an error of the element that has `text` in its message. */
void
ef_harness_pull_error (EfHarness *self, GQuark domain, int code, const char *text)
{
  g_autoptr (EfMessage) message = ef_harness_pull_message (self, EF_MESSAGE_ERROR);
  const GError *error = ef_message_get_error (message);

  g_assert_error (error, domain, code);
  if (strstr (error->message, text) == NULL)
    g_error ("the error does not say “%s”: %s", text, error->message);
}

/* ef_harness_assert_warning: waits for a warning of the element. */
void
ef_harness_assert_warning (EfHarness *self, EfError code, const char *expected)
{
  g_autoptr (EfMessage) message = ef_harness_pull_message (self, EF_MESSAGE_WARNING);
  const GError *error = ef_message_get_error (message);

  g_assert_error (error, EF_ERROR, (int) code);
  g_assert_cmpstr (error->message, ==, expected);
}

guint64
ef_harness_get_stat (EfHarness *self, const char *name)
{
  return ef_test_get_stat (self->element, name);
}

/* Not g_object_add_weak_pointer(): the last reference may be dropped in another thread. */
static gboolean
is_gone (GWeakRef *weak)
{
  g_autoptr (GObject) object = g_weak_ref_get (weak);

  return object == NULL;
}

static void
finalize_element (EfHarness *self)
{
  GWeakRef weak;

  g_weak_ref_init (&weak, self->element);
  g_clear_object (&self->source);
  g_clear_object (&self->element);
  ef_test_wait_for (self->context, is_gone (&weak));
  g_weak_ref_clear (&weak);
}

static gboolean
is_down (gpointer element)
{
  return element == NULL || ef_element_get_state (element) == EF_STATE_NULL;
}

void
ef_harness_free (EfHarness *self)
{
  EfMessage *message;

  /* After a start that failed they may be anywhere. */
  if (!is_down (self->element) || !is_down (self->source) || !is_down (self->sink)
      || !is_down (self->letters))
    ef_harness_stop (self);
  run_boundary (self, FALSE);

  ef_test_drain (self->context);
  while ((message = g_queue_pop_head (&self->messages)) != NULL)
    {
      if (ef_message_get_kind (message) == EF_MESSAGE_ERROR)
        g_error ("an error that the test did not expect: %s",
                 ef_message_get_error (message)->message);
      ef_message_unref (message);
    }

  g_signal_handlers_disconnect_by_data (self->bus, self);
  finalize_element (self);
  g_clear_object (&self->sink);
  g_clear_object (&self->letters);
  g_clear_object (&self->bus);
  g_main_context_unref (self->context);
  g_free (self);
}
