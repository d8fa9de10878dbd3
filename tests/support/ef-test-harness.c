/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-harness.h"

#include "ef-test-loop.h"

/* What is before the element and behind it. It keeps what comes, and does not detach it: what an event
 * points to must be there for as long as the event is. */
#define EF_TYPE_TEST_TAP (ef_test_tap_get_type ())

G_DECLARE_FINAL_TYPE (EfTestTap, ef_test_tap, EF, TEST_TAP, EfElement)

struct _EfTestTap
{
  EfElement parent_instance;

  GQueue events;
};

G_DEFINE_FINAL_TYPE (EfTestTap, ef_test_tap, EF_TYPE_ELEMENT)

static void
ef_test_tap_process (EfElement *element, EfBatch *batch)
{
  EfTestTap *self = EF_TEST_TAP (element);

  for (guint i = 0; i < ef_batch_get_n_events (batch); i++)
    g_queue_push_tail (&self->events, ef_event_ref (ef_batch_get_event (batch, i)));
}

static void
ef_test_tap_finalize (GObject *object)
{
  g_queue_clear_full (&EF_TEST_TAP (object)->events, (GDestroyNotify) ef_event_unref);

  G_OBJECT_CLASS (ef_test_tap_parent_class)->finalize (object);
}

static void
ef_test_tap_class_init (EfTestTapClass *klass)
{
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ef_test_tap_finalize;
  element_class->process = ef_test_tap_process;

  ef_element_class_set_metadata (element_class, "testtap", "Keeps what comes", NULL);
  ef_element_class_set_pads (element_class, TRUE, TRUE);
}

static void
ef_test_tap_init (EfTestTap *self)
{
  g_queue_init (&self->events);
}

struct _EfTestHarness
{
  EfElement *element;
  EfTestTap *before;
  EfTestTap *behind;
  EfTestTap *errors;
  EfBus *bus;
  GQueue warnings;
};

static void
on_warning (EfBus *bus, EfMessage *message, gpointer user_data)
{
  EfTestHarness *self = user_data;

  g_queue_push_tail (&self->warnings, g_error_copy (ef_message_get_error (message)));
}

/* Takes @element. */
EfTestHarness *
ef_test_harness_new (EfElement *element)
{
  EfTestHarness *self = g_new0 (EfTestHarness, 1);
  g_autoptr (GError) error = NULL;

  self->element = element;
  self->before = g_object_new (EF_TYPE_TEST_TAP, "name", "before", NULL);
  self->behind = g_object_new (EF_TYPE_TEST_TAP, "name", "behind", NULL);
  self->errors = g_object_new (EF_TYPE_TEST_TAP, "name", "errors", NULL);
  self->bus = ef_bus_new ();
  g_queue_init (&self->warnings);

  g_signal_connect (self->bus, "message::warning", G_CALLBACK (on_warning), self);
  ef_element_set_bus (element, self->bus);

  ef_element_link (EF_ELEMENT (self->before), element, &error);
  g_assert_no_error (error);
  ef_element_link (element, EF_ELEMENT (self->behind), &error);
  g_assert_no_error (error);
  ef_pad_link (ef_element_get_errors_pad (element),
               ef_element_get_sink_pad (EF_ELEMENT (self->errors)), &error);
  g_assert_no_error (error);

  return self;
}

typedef struct
{
  gboolean done;
  GError *error;
} Change;

static void
on_changed (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Change *change = user_data;

  change->done = TRUE;
  ef_element_set_state_finish (EF_ELEMENT (object), result, &change->error);
}

static gboolean
change_state (gpointer element, EfState state, GError **error)
{
  Change change = { 0 };

  ef_element_set_state_async (element, state, NULL, on_changed, &change);
  ef_test_wait_for (NULL, change.done);
  if (change.error == NULL)
    return TRUE;

  g_propagate_error (error, change.error);

  return FALSE;
}

/* Stops all and finds out whether anything held on to the elements. */
void
ef_test_harness_free (EfTestHarness *self)
{
  EfElement *elements[] = { EF_ELEMENT (self->before), self->element, EF_ELEMENT (self->behind),
                            EF_ELEMENT (self->errors) };

  for (gsize i = 0; i < G_N_ELEMENTS (elements); i++)
    change_state (elements[i], EF_STATE_NULL, NULL);

  g_signal_handlers_disconnect_by_data (self->bus, self);
  for (gsize i = 0; i < G_N_ELEMENTS (elements); i++)
    ef_test_assert_finalizes (NULL, elements[i]);
  ef_test_assert_finalizes (NULL, self->bus);

  g_queue_clear_full (&self->warnings, (GDestroyNotify) g_error_free);
  g_free (self);
}

/* Has the element play, unless it refuses. */
gboolean
ef_test_harness_start (EfTestHarness *self, GError **error)
{
  return change_state (self->errors, EF_STATE_PLAYING, error)
         && change_state (self->behind, EF_STATE_PLAYING, error)
         && change_state (self->element, EF_STATE_PLAYING, error)
         && change_state (self->before, EF_STATE_PLAYING, error);
}

/* Takes @batch. */
void
ef_test_harness_push (EfTestHarness *self, EfBatch *batch)
{
  ef_element_push (EF_ELEMENT (self->before), batch);
  ef_batch_unref (batch);
  ef_test_drain (NULL);
}

/* Takes @event. */
void
ef_test_harness_push_event (EfTestHarness *self, EfEvent *event)
{
  EfBatch *batch = ef_batch_new ();

  ef_batch_append (batch, event);
  ef_test_harness_push (self, batch);
}

void
ef_test_harness_push_text (EfTestHarness *self, const char *text)
{
  ef_test_harness_push_event (self, ef_event_new_text (0, text, -1));
}

/* The next event that came out, or NULL. */
EfEvent *
ef_test_harness_take_event (EfTestHarness *self)
{
  return g_queue_pop_head (&self->behind->events);
}

/* The same, printed. */
char *
ef_test_harness_take_json (EfTestHarness *self)
{
  g_autoptr (EfEvent) event = ef_test_harness_take_event (self);

  return event != NULL ? ef_event_to_json (event) : NULL;
}

EfEvent *
ef_test_harness_take_dead_letter (EfTestHarness *self)
{
  return g_queue_pop_head (&self->errors->events);
}

GError *
ef_test_harness_take_warning (EfTestHarness *self)
{
  return g_queue_pop_head (&self->warnings);
}
