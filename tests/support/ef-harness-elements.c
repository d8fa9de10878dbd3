/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-harness-elements.h"

/* Pushes what the harness tells it to. */
struct _EfHarnessSource
{
  EfSource parent_instance;
};

G_DEFINE_FINAL_TYPE (EfHarnessSource, ef_harness_source, EF_TYPE_SOURCE)

static void
ef_harness_source_class_init (EfHarnessSourceClass *klass)
{
  ef_element_class_set_metadata (EF_ELEMENT_CLASS (klass), "harnesssource",
                                 "Pushes what a test tells it to", NULL);
}

static void
ef_harness_source_init (EfHarnessSource *self)
{
}

/* Keeps what comes for the test to pull, and does not detach it: what an event points to must be there
 * for as long as the event is. The test may be on another thread. */
struct _EfHarnessSink
{
  EfSink parent_instance;

  GMainContext *awaiting;  /* the test's */
  guint n_until_hold;      /* batches to take before it holds, 0 for any number */
  GMutex lock;             /* of what follows */
  GQueue items;            /* of EfHarnessItem */
  guint n_items;
  guint64 n_batches;
};

G_DEFINE_FINAL_TYPE (EfHarnessSink, ef_harness_sink, EF_TYPE_SINK)

void
ef_harness_item_free (EfHarnessItem *self)
{
  g_clear_pointer (&self->event, ef_event_unref);
  g_clear_pointer (&self->marker, ef_marker_unref);
  g_free (self);
}

static void
add_item_locked (EfHarnessSink *self, EfEvent *event, EfMarker *marker)
{
  EfHarnessItem *item = g_new0 (EfHarnessItem, 1);

  item->event = event;
  item->marker = marker != NULL ? ef_marker_ref (marker) : NULL;
  g_queue_push_tail (&self->items, item);
  self->n_items++;
}

static void
ef_harness_sink_process (EfElement *element, EfBatch *batch)
{
  EfHarnessSink *self = EF_HARNESS_SINK (element);

  g_mutex_lock (&self->lock);
  self->n_batches++;
  for (guint i = 0; i < ef_batch_get_n_events (batch); i++)
    add_item_locked (self, ef_event_ref (ef_batch_get_event (batch, i)), NULL);
  g_mutex_unlock (&self->lock);

  if (self->n_until_hold > 0 && --self->n_until_hold == 0)
    ef_element_hold_input (element);
  g_main_context_wakeup (self->awaiting);
}

static void
ef_harness_sink_marker (EfElement *element, EfMarker *marker)
{
  EfHarnessSink *self = EF_HARNESS_SINK (element);

  g_mutex_lock (&self->lock);
  add_item_locked (self, NULL, marker);
  g_mutex_unlock (&self->lock);

  g_main_context_wakeup (self->awaiting);
  EF_ELEMENT_CLASS (ef_harness_sink_parent_class)->marker (element, marker);
}

static void
ef_harness_sink_finalize (GObject *object)
{
  EfHarnessSink *self = EF_HARNESS_SINK (object);

  g_queue_clear_full (&self->items, (GDestroyNotify) ef_harness_item_free);
  g_clear_pointer (&self->awaiting, g_main_context_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (ef_harness_sink_parent_class)->finalize (object);
}

static void
ef_harness_sink_class_init (EfHarnessSinkClass *klass)
{
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ef_harness_sink_finalize;

  element_class->process = ef_harness_sink_process;
  element_class->marker = ef_harness_sink_marker;

  ef_element_class_set_metadata (element_class, "harnesssink", "Keeps what comes for a test", NULL);
}

static void
ef_harness_sink_init (EfHarnessSink *self)
{
  g_mutex_init (&self->lock);
  g_queue_init (&self->items);
}

/* The context to wake when something has come. */
void
ef_harness_sink_set_awaiting (EfHarnessSink *self, GMainContext *context)
{
  self->awaiting = g_main_context_ref (context);
}

/* Holds the input or not, and after @n_batches again if that is not 0. In the element's context. */
void
ef_harness_sink_set_held (EfHarnessSink *self, gboolean held, guint n_batches)
{
  self->n_until_hold = n_batches;
  if (held)
    ef_element_hold_input (EF_ELEMENT (self));
  else
    ef_element_release_input (EF_ELEMENT (self));
}

EfHarnessItem *
ef_harness_sink_take (EfHarnessSink *self)
{
  EfHarnessItem *item;

  g_mutex_lock (&self->lock);
  item = g_queue_pop_head (&self->items);
  if (item != NULL)
    self->n_items--;
  g_mutex_unlock (&self->lock);

  return item;
}

guint
ef_harness_sink_get_n_items (EfHarnessSink *self)
{
  guint n_items;

  g_mutex_lock (&self->lock);
  n_items = self->n_items;
  g_mutex_unlock (&self->lock);

  return n_items;
}

guint64
ef_harness_sink_get_n_batches (EfHarnessSink *self)
{
  guint64 n_batches;

  g_mutex_lock (&self->lock);
  n_batches = self->n_batches;
  g_mutex_unlock (&self->lock);

  return n_batches;
}
