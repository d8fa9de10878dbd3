/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-queue.h"

#include "ef-queue-buffer.h"
#include "ef-queue-thread.h"

/*
 * EfQueue:
 *
 * The boundary between two threads: the element `queue`.
 *
 * Batches come in on the context of the element and leave on another one, which a thread of the
 * queue iterates; see EfThreadBoundary for how that thread and the elements behind the queue go
 * together.
 *
 * What waits here is bounded by `max-events` and `max-bytes`. A batch that begins below the bounds
 * is taken as a whole. When they are reached the queue holds its input, until half of what it may
 * have has left; or, as `overflow` says, drops the oldest events, the newest, or all but the newest
 * with each `overflow-key`. What was dropped is counted, a warning tells when that begins, and a
 * message `overflow` how much it was, once half of what may wait has left. When the elements behind
 * the queue hold, it pushes no more, and so fills.
 *
 * Markers keep their place among the batches. What waits when the queue stops is dropped, with a
 * warning, and its receipts settle as failed; whoever wants it to leave first waits for the end of the
 * stream, or with ef_thread_boundary_drain_async().
 */

/* How long batches are pushed before the other sources of the context get their turn. */
#define DISPATCH_USEC 2000

struct _EfQueue
{
  EfElement parent_instance;

  EfQueueBuffer *buffer;
  EfOverflowPolicy *policy;
  GMainContext *src_context;
  EfQueueThread *thread;

  /* On the context of the element. */
  GSource *news_source;    /* runs when the other thread has something to tell; NULL in NULL */
  GQueue drains;           /* of Drain: who waits until nothing is left */

  /* On the context behind the queue. */
  GMutex drain_lock;       /* of the next one */
  GSource *drain_source;   /* NULL in NULL */

  int playing;             /* atomic */
  GMutex push_lock;        /* held while something is pushed */
};

typedef struct
{
  EfQueue *queue;          /* unowned: the task owns it */
  GTask *task;
  GSource *cancelled;      /* NULL if it can not be cancelled */
} Drain;

typedef enum
{
  PROP_MAX_EVENTS = 1,
  PROP_MAX_BYTES,
} EfQueueProperty;

#define N_PROPERTIES (PROP_MAX_BYTES + 1)
#define FIRST_OVERFLOW_PROPERTY N_PROPERTIES

static void ef_queue_thread_boundary_init (EfThreadBoundaryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (EfQueue, ef_queue, EF_TYPE_ELEMENT,
                               G_IMPLEMENT_INTERFACE (EF_TYPE_THREAD_BOUNDARY,
                                                      ef_queue_thread_boundary_init))

static GParamSpec *properties[N_PROPERTIES];

static gboolean
queue_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  /* Before the callback, so that what is set meanwhile counts. */
  g_source_set_ready_time (source, -1);

  return callback (user_data);
}

static GSourceFuncs queue_source_funcs = { .dispatch = queue_source_dispatch };

/* A source that runs when the other thread sets its ready time. It keeps the queue, as it may be
 * running while the queue goes down. */
static GSource *
queue_source_new (EfQueue *self, const char *name, GMainContext *context, GSourceFunc func)
{
  GSource *source = g_source_new (&queue_source_funcs, sizeof (GSource));

  g_source_set_static_name (source, name);
  g_source_set_callback (source, func, g_object_ref (self), g_object_unref);
  g_source_attach (source, context);

  return source;
}

static void
source_clear (GSource **source)
{
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
drain_free (Drain *drain)
{
  if (drain->cancelled != NULL)
    source_clear (&drain->cancelled);
  g_object_unref (drain->task);
  g_free (drain);
}

/* Ends the waits until nothing is left, with a copy of @error or well. */
static void
end_drains (EfQueue *self, const GError *error)
{
  Drain *drain;

  while ((drain = g_queue_pop_head (&self->drains)) != NULL)
    {
      if (error != NULL)
        g_task_return_error (drain->task, g_error_copy (error));
      else
        g_task_return_boolean (drain->task, TRUE);
      drain_free (drain);
    }
}

/* Writing to the other thread's eventfd, which is what setting a ready time does, is left out while
 * that thread is awake: under load most batches cross without a system call. */
static void
add (EfQueue *self, EfBatch *batch, EfMarker *marker)
{
  EfQueueDropped dropped;
  EfQueueNews news = ef_queue_buffer_add (self->buffer, batch, marker, &dropped);

  if (news & EF_QUEUE_WAKE)
    g_source_set_ready_time (self->drain_source, 0);
  if (news & EF_QUEUE_HOLD)
    ef_element_hold_input (EF_ELEMENT (self));
  if (G_UNLIKELY (dropped.n_events > 0))
    ef_overflow_policy_dropped (self->policy, dropped.n_events, dropped.n_bytes);
}

static void
ef_queue_process (EfElement *element, EfBatch *batch)
{
  add (EF_QUEUE (element), batch, NULL);
}

static void
ef_queue_marker (EfElement *element, EfMarker *marker)
{
  add (EF_QUEUE (element), NULL, marker);
}

/* On the context of the element. */
static gboolean
on_news (gpointer user_data)
{
  EfQueue *self = user_data;
  EfQueueNews news = ef_queue_buffer_take_news (self->buffer);

  if (news & EF_QUEUE_RELEASE)
    ef_element_release_input (EF_ELEMENT (self));
  if (news & EF_QUEUE_RELIEVED)
    ef_overflow_policy_relieved (self->policy);
  if (news & EF_QUEUE_EMPTY)
    end_drains (self, NULL);

  return G_SOURCE_CONTINUE;
}

static void
push_item (EfQueue *self, EfQueueItem *item)
{
  if (item->batch != NULL)
    ef_element_push (EF_ELEMENT (self), item->batch);
  else
    ef_element_push_marker (EF_ELEMENT (self), item->marker);

  if (ef_queue_buffer_item_left (self->buffer, item) != 0)
    g_source_set_ready_time (self->news_source, 0);
}

static gboolean
can_push (EfQueue *self)
{
  return g_atomic_int_get (&self->playing) && !ef_element_is_output_held (EF_ELEMENT (self));
}

/* On the context behind the queue. When it stops for a hold or a pause, the end of that has it go
 * on. */
static gboolean
on_drain (gpointer user_data)
{
  EfQueue *self = user_data;
  gint64 end = g_get_monotonic_time () + DISPATCH_USEC;
  EfQueueItem item;

  g_mutex_lock (&self->push_lock);
  while (can_push (self) && ef_queue_buffer_take (self->buffer, &item))
    {
      push_item (self, &item);
      if (g_get_monotonic_time () >= end)
        {
          g_source_set_ready_time (g_main_current_source (), 0);
          break;
        }
    }
  g_mutex_unlock (&self->push_lock);

  return G_SOURCE_CONTINUE;
}

/* Goes on pushing. From any thread. */
static void
wake_drain (EfQueue *self)
{
  g_autoptr (GSource) source = NULL;

  g_mutex_lock (&self->drain_lock);
  if (self->drain_source != NULL)
    source = g_source_ref (self->drain_source);
  g_mutex_unlock (&self->drain_lock);

  if (source == NULL)
    return;

  ef_queue_buffer_set_awake (self->buffer);
  g_source_set_ready_time (source, 0);
}

/* On the context behind the queue, and there in any state: the elements there go down later. */
static void
ef_queue_output_held (EfElement *element, gboolean held)
{
  if (!held)
    wake_drain (EF_QUEUE (element));
}

static gboolean
ef_queue_prepare (EfElement *element, GError **error)
{
  EfQueue *self = EF_QUEUE (element);
  gboolean drops;

  if (!ef_overflow_policy_prepare (self->policy, error))
    return FALSE;

  drops = ef_overflow_policy_get_overflow (self->policy) != EF_OVERFLOW_BLOCK;
  ef_queue_buffer_set_policy (self->buffer, drops ? self->policy : NULL);

  g_mutex_lock (&self->drain_lock);
  self->drain_source =
    queue_source_new (self, "[EventFlux] queue drain", self->src_context, on_drain);
  g_mutex_unlock (&self->drain_lock);

  self->news_source =
    queue_source_new (self, "[EventFlux] queue news", ef_element_get_context (element), on_news);
  ef_thread_boundary_start (EF_THREAD_BOUNDARY (self));

  return TRUE;
}

static void
ef_queue_play (EfElement *element)
{
  EfQueue *self = EF_QUEUE (element);

  g_atomic_int_set (&self->playing, TRUE);
  wake_drain (self);
}

/* Waits for the batch that is being pushed at this moment, if there is one: elements do not block,
 * so that is soon. */
static void
ef_queue_pause (EfElement *element)
{
  EfQueue *self = EF_QUEUE (element);

  g_atomic_int_set (&self->playing, FALSE);
  g_mutex_lock (&self->push_lock);
  g_mutex_unlock (&self->push_lock);
}

/* Drops what waits, and tells how much it was. */
static void
drop_all (EfQueue *self, const GError *error)
{
  EfQueueDropped dropped = ef_queue_buffer_drop (self->buffer, error);
  g_autoptr (GError) warning = NULL;

  if (dropped.n_events == 0)
    return;

  warning = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                         "%s was stopped before %u events with %" G_GSIZE_FORMAT " bytes left it",
                         ef_element_get_name (EF_ELEMENT (self)), dropped.n_events,
                         dropped.n_bytes);
  ef_element_post_warning (EF_ELEMENT (self), warning, NULL);
}

static void
ef_queue_unprepare (EfElement *element)
{
  EfQueue *self = EF_QUEUE (element);
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                          "%s was stopped before the events left it",
                                          ef_element_get_name (element));

  g_mutex_lock (&self->drain_lock);
  source_clear (&self->drain_source);
  g_mutex_unlock (&self->drain_lock);
  source_clear (&self->news_source);

  drop_all (self, error);
  ef_overflow_policy_relieved (self->policy);
  end_drains (self, error);
  ef_element_release_input (element);
  ef_thread_boundary_stop (EF_THREAD_BOUNDARY (self));
}

static void
ef_queue_add_stats (EfElement *element, GVariantDict *stats)
{
  EfQueue *self = EF_QUEUE (element);

  ef_queue_buffer_add_stats (self->buffer, stats);
  ef_overflow_policy_add_stats (self->policy, stats);
}

static GMainContext *
ef_queue_get_context (EfThreadBoundary *boundary)
{
  return EF_QUEUE (boundary)->src_context;
}

static void
ef_queue_start (EfThreadBoundary *boundary)
{
  ef_queue_thread_begin (EF_QUEUE (boundary)->thread, ef_element_get_name (EF_ELEMENT (boundary)));
}

static void
ef_queue_stop (EfThreadBoundary *boundary)
{
  ef_queue_thread_end (EF_QUEUE (boundary)->thread);
}

static gboolean
on_drain_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Drain *drain = user_data;

  g_queue_remove (&drain->queue->drains, drain);
  g_task_return_error_if_cancelled (drain->task);
  drain_free (drain);

  return G_SOURCE_REMOVE;
}

static void
wait_for_drain (EfQueue *self, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Drain *drain = g_new0 (Drain, 1);

  drain->queue = self;
  drain->task = g_object_ref (task);
  g_queue_push_tail (&self->drains, drain);

  if (cancellable == NULL)
    return;

  drain->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_static_name (drain->cancelled, "[EventFlux] queue drain cancelled");
  g_source_set_callback (drain->cancelled, G_SOURCE_FUNC (on_drain_cancelled), drain, NULL);
  g_source_attach (drain->cancelled, ef_element_get_context (EF_ELEMENT (self)));
}

static void
ef_queue_drain_async (EfThreadBoundary *boundary,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  EfQueue *self = EF_QUEUE (boundary);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_queue_drain_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (ef_queue_buffer_await_empty (self->buffer))
    wait_for_drain (self, task);
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
ef_queue_drain_finish (EfThreadBoundary *boundary, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, boundary), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
ef_queue_thread_boundary_init (EfThreadBoundaryInterface *iface)
{
  iface->get_context = ef_queue_get_context;
  iface->start = ef_queue_start;
  iface->stop = ef_queue_stop;
  iface->drain_async = ef_queue_drain_async;
  iface->drain_finish = ef_queue_drain_finish;
}

static void
ef_queue_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfQueue *self = EF_QUEUE (object);

  if (id >= FIRST_OVERFLOW_PROPERTY)
    {
      ef_overflow_policy_get_property (self->policy, id - FIRST_OVERFLOW_PROPERTY, value);
      return;
    }

  switch ((EfQueueProperty) id)
    {
    case PROP_MAX_EVENTS:
      g_value_set_uint (value, ef_queue_buffer_get_max_events (self->buffer));
      break;
    case PROP_MAX_BYTES:
      g_value_set_uint64 (value, ef_queue_buffer_get_max_bytes (self->buffer));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_queue_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfQueue *self = EF_QUEUE (object);
  gboolean changed = FALSE;

  if (id >= FIRST_OVERFLOW_PROPERTY)
    {
      ef_overflow_policy_set_property (self->policy, id - FIRST_OVERFLOW_PROPERTY, value, pspec);
      return;
    }

  switch ((EfQueueProperty) id)
    {
    case PROP_MAX_EVENTS:
      changed = ef_queue_buffer_set_max_events (self->buffer, g_value_get_uint (value));
      break;
    case PROP_MAX_BYTES:
      changed = ef_queue_buffer_set_max_bytes (self->buffer, g_value_get_uint64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }

  if (changed)
    g_object_notify_by_pspec (object, pspec);
}

static void
ef_queue_finalize (GObject *object)
{
  EfQueue *self = EF_QUEUE (object);

  ef_queue_thread_free (self->thread);
  g_main_context_unref (self->src_context);
  ef_queue_buffer_free (self->buffer);
  ef_overflow_policy_free (self->policy);
  g_mutex_clear (&self->drain_lock);
  g_mutex_clear (&self->push_lock);

  G_OBJECT_CLASS (ef_queue_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  g_autoptr (EfQueueBuffer) defaults = ef_queue_buffer_new ();
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY
                            | EF_PARAM_MUTABLE_PLAYING;

  properties[PROP_MAX_EVENTS] =
    g_param_spec_uint ("max-events", NULL, "How many events may wait before the input is held", 1,
                       G_MAXUINT, ef_queue_buffer_get_max_events (defaults), flags);

  properties[PROP_MAX_BYTES] =
    g_param_spec_uint64 ("max-bytes", NULL,
                         "How many bytes of events may wait before the input is held", 1,
                         G_MAXUINT64, ef_queue_buffer_get_max_bytes (defaults), flags);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  ef_overflow_policy_install (object_class, FIRST_OVERFLOW_PROPERTY);
}

static void
ef_queue_class_init (EfQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_queue_get_property;
  object_class->set_property = ef_queue_set_property;
  object_class->finalize = ef_queue_finalize;

  element_class->prepare = ef_queue_prepare;
  element_class->play = ef_queue_play;
  element_class->pause = ef_queue_pause;
  element_class->unprepare = ef_queue_unprepare;
  element_class->process = ef_queue_process;
  element_class->marker = ef_queue_marker;
  element_class->output_held = ef_queue_output_held;
  element_class->add_stats = ef_queue_add_stats;

  ef_element_class_set_metadata (element_class, "queue",
                                 "Hands events over to a thread of its own.",
                                 "websocketsource url=ws://localhost:8080 ! queue ! consolesink");
  ef_element_class_set_config_prefix (element_class, "queue");
  ef_element_class_set_pads (element_class, TRUE, TRUE);

  install_properties (object_class);
}

static void
ef_queue_init (EfQueue *self)
{
  self->buffer = ef_queue_buffer_new ();
  self->policy = ef_overflow_policy_new (EF_ELEMENT (self));
  self->src_context = g_main_context_new ();
  self->thread = ef_queue_thread_new (self->src_context);
  g_mutex_init (&self->drain_lock);
  g_mutex_init (&self->push_lock);
  g_queue_init (&self->drains);
}
