/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-elements.h"

struct _EfTestQueue
{
  EfElement parent_instance;

  GMainContext *behind;
  GThread *thread;
  int quit;
  GMutex lock;
  GQueue waiting; /* of EfBatch, or NULL for the end of the stream; the lock guards it */
  GTask *drain;   /* the lock guards it */
};

static void ef_test_queue_boundary_init (EfThreadBoundaryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (EfTestQueue,
                               ef_test_queue,
                               EF_TYPE_ELEMENT,
                               G_IMPLEMENT_INTERFACE (EF_TYPE_THREAD_BOUNDARY,
                                                      ef_test_queue_boundary_init))

static gpointer
run_queue (gpointer data)
{
  EfTestQueue *self = data;

  g_main_context_push_thread_default (self->behind);
  while (!g_atomic_int_get (&self->quit))
    g_main_context_iteration (self->behind, TRUE);
  g_main_context_pop_thread_default (self->behind);

  return NULL;
}

static void
push_one (EfTestQueue *self)
{
  g_autoptr (EfBatch) batch = NULL;
  g_autoptr (EfMarker) eos = NULL;

  g_mutex_lock (&self->lock);
  batch = g_queue_pop_head (&self->waiting);
  g_mutex_unlock (&self->lock);

  if (batch != NULL)
    {
      ef_element_push (EF_ELEMENT (self), batch);
      return;
    }

  eos = ef_marker_new_eos ();
  ef_element_push_marker (EF_ELEMENT (self), eos);
}

/* One at a time, and each with its own source: there is something left to drain. */
static gboolean
on_queue_push (gpointer user_data)
{
  EfTestQueue *self = user_data;
  g_autoptr (GTask) drained = NULL;

  push_one (self);

  g_mutex_lock (&self->lock);
  if (g_queue_is_empty (&self->waiting))
    drained = g_steal_pointer (&self->drain);
  g_mutex_unlock (&self->lock);

  if (drained != NULL)
    g_task_return_boolean (drained, TRUE);

  return G_SOURCE_REMOVE;
}

static void
queue_take (EfTestQueue *self, EfBatch *batch)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->waiting, batch);
  g_mutex_unlock (&self->lock);

  g_source_set_callback (source, on_queue_push, self, NULL);
  g_source_attach (source, self->behind);
}

static void
ef_test_queue_process (EfElement *element, EfBatch *batch)
{
  queue_take (EF_TEST_QUEUE (element), ef_batch_detach (batch));
}

static void
ef_test_queue_marker (EfElement *element, EfMarker *marker)
{
  queue_take (EF_TEST_QUEUE (element), NULL);
}

static GMainContext *
ef_test_queue_get_context (EfThreadBoundary *boundary)
{
  return EF_TEST_QUEUE (boundary)->behind;
}

static void
ef_test_queue_start (EfThreadBoundary *boundary)
{
  EfTestQueue *self = EF_TEST_QUEUE (boundary);

  ef_test_element_write_log (self, "start");
  g_atomic_int_set (&self->quit, FALSE);
  self->thread = g_thread_new ("test queue", run_queue, self);
}

static void
ef_test_queue_stop (EfThreadBoundary *boundary)
{
  EfTestQueue *self = EF_TEST_QUEUE (boundary);

  ef_test_element_write_log (self, "stop");
  g_atomic_int_set (&self->quit, TRUE);
  g_main_context_wakeup (self->behind);
  g_thread_join (g_steal_pointer (&self->thread));
}

static gboolean
on_drain_cancelled (GCancellable *cancellable, gpointer user_data)
{
  EfTestQueue *self = user_data;
  g_autoptr (GTask) task = NULL;

  g_mutex_lock (&self->lock);
  task = g_steal_pointer (&self->drain);
  g_mutex_unlock (&self->lock);

  if (task != NULL)
    g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
ef_test_queue_drain_async (EfThreadBoundary *boundary,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  EfTestQueue *self = EF_TEST_QUEUE (boundary);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GSource) cancelled = g_cancellable_source_new (cancellable);

  ef_test_element_write_log (self, "drain");
  g_source_set_callback (cancelled, G_SOURCE_FUNC (on_drain_cancelled), self, NULL);
  g_source_attach (cancelled, ef_element_get_context (EF_ELEMENT (self)));
  g_task_set_task_data (task, g_steal_pointer (&cancelled), (GDestroyNotify) g_source_destroy);

  g_mutex_lock (&self->lock);
  if (!g_queue_is_empty (&self->waiting) ||
      ef_test_element_get_outcome (self, "drain") == EF_TEST_HANG)
    self->drain = g_steal_pointer (&task);
  g_mutex_unlock (&self->lock);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static gboolean
ef_test_queue_drain_finish (EfThreadBoundary *boundary, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
ef_test_queue_boundary_init (EfThreadBoundaryInterface *iface)
{
  iface->get_context = ef_test_queue_get_context;
  iface->start = ef_test_queue_start;
  iface->stop = ef_test_queue_stop;
  iface->drain_async = ef_test_queue_drain_async;
  iface->drain_finish = ef_test_queue_drain_finish;
}

static void
ef_test_queue_finalize (GObject *object)
{
  EfTestQueue *self = EF_TEST_QUEUE (object);

  g_assert_null (self->thread);
  g_assert_null (self->drain);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) ef_batch_unref);
  g_mutex_clear (&self->lock);
  g_main_context_unref (self->behind);

  G_OBJECT_CLASS (ef_test_queue_parent_class)->finalize (object);
}

static void
ef_test_queue_class_init (EfTestQueueClass *klass)
{
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ef_test_queue_finalize;

  ef_test_element_set_steps (element_class);
  element_class->process = ef_test_queue_process;
  element_class->marker = ef_test_queue_marker;
  ef_element_class_set_pads (element_class, TRUE, TRUE);
  ef_element_class_set_metadata (element_class, "testqueue", "Hands over to a thread", NULL);
}

static void
ef_test_queue_init (EfTestQueue *self)
{
  self->behind = g_main_context_new ();
  g_mutex_init (&self->lock);
  g_queue_init (&self->waiting);
}
