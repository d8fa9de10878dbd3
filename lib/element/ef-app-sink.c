/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-app-limits-private.h"
#include "ef-app-sink.h"

#include "ef-relaxed-private.h"

/**
 * EfAppSink:
 *
 * A sink that hands events to the program: the element `appsink`.
 *
 * There are two ways to take them. A program that listens to [signal@EventFlux.AppSink::event] or
 * [signal@EventFlux.AppSink::batch] is called for each, and nothing is kept. If nobody listens,
 * events wait to be pulled, up to [property@EventFlux.AppSink:max-events] and
 * [property@EventFlux.AppSink:max-bytes]; then the sink holds its input until half of that was
 * taken. So a sink that is neither listened to nor pulled from stops what is before it. Handlers
 * are connected before the sink starts: connecting one to a sink that holds does not end the hold.
 * [signal@EventFlux.Element::eos] follows when the stream has ended and all of its events were
 * taken.
 *
 * All calls are made in the context of the element, and its signals are emitted there: behind a
 * `queue`, that is the queue's thread.
 */


struct _EfAppSink
{
  EfSink parent_instance;

  EfAppLimits limits;

  GQueue batches;       /* of EfBatch: what waits to be pulled */
  guint next;           /* which event of the first one is next */
  guint level_events;   /* relaxed */
  gsize level_bytes;    /* relaxed */
  GQueue pulls;         /* of Pull: who waits for events */

  gboolean draining;    /* the end of the stream has come */
  gboolean eos;         /* and there was nothing left, or was taken since */
};

/* Someone who waits for an event. */
typedef struct
{
  EfAppSink *self;      /* unowned: the task owns it */
  GTask *task;
  GSource *cancelled;   /* NULL if it can not be cancelled */
} Pull;

enum
{
  SIGNAL_EVENT,
  SIGNAL_BATCH,
  N_SIGNALS,
};

G_DEFINE_FINAL_TYPE (EfAppSink, ef_app_sink, EF_TYPE_SINK)

static guint signals[N_SIGNALS];

static void
pull_free (Pull *self)
{
  if (self->cancelled != NULL)
    {
      g_source_destroy (self->cancelled);
      g_source_unref (self->cancelled);
    }
  g_object_unref (self->task);
  g_free (self);
}

static void
count (EfAppSink *self, guint n_events, gsize n_bytes)
{
  ef_relaxed_add (&self->level_events, n_events);
  ef_relaxed_add (&self->level_bytes, n_bytes);
}

static gboolean
is_full (EfAppSink *self)
{
  return !ef_app_limits_allow (&self->limits, self->level_events, self->level_bytes);
}

static gboolean
is_half_empty (EfAppSink *self)
{
  return self->level_events <= self->limits.max_events / 2
         && self->level_bytes <= self->limits.max_bytes / 2;
}

/* The next event that waits, or NULL. */
static EfEvent *
take_event (EfAppSink *self)
{
  EfBatch *batch = g_queue_peek_head (&self->batches);
  EfEvent *event;

  if (batch == NULL)
    return NULL;

  event = ef_event_ref (ef_batch_get_event (batch, self->next));
  count (self, -1, -ef_event_get_size (event));
  if (++self->next == ef_batch_get_n_events (batch))
    {
      self->next = 0;
      ef_batch_unref (g_queue_pop_head (&self->batches));
    }

  return event;
}

static void
end_pulls (EfAppSink *self, const GError *error)
{
  Pull *pull;

  while ((pull = g_queue_pop_head (&self->pulls)) != NULL)
    {
      if (error != NULL)
        g_task_return_error (pull->task, g_error_copy (error));
      else
        g_task_return_pointer (pull->task, NULL, NULL);
      pull_free (pull);
    }
}

/* Tells of the end of the stream, once nothing is left. */
static void
check_end (EfAppSink *self)
{
  if (!self->draining || self->eos || self->level_events > 0)
    return;

  self->eos = TRUE;
  end_pulls (self, NULL);
  ef_sink_drained (EF_SINK (self));
}

/* After events were taken. */
static void
events_taken (EfAppSink *self)
{
  if (is_half_empty (self))
    ef_element_release_input (EF_ELEMENT (self));
  check_end (self);
}

static void
serve_pulls (EfAppSink *self)
{
  while (!g_queue_is_empty (&self->pulls) && self->level_events > 0)
    {
      Pull *pull = g_queue_pop_head (&self->pulls);

      g_task_return_pointer (pull->task, take_event (self), (GDestroyNotify) ef_event_unref);
      pull_free (pull);
    }
}

static gboolean
has_listener (EfAppSink *self)
{
  return g_signal_has_handler_pending (self, signals[SIGNAL_EVENT], 0, FALSE)
         || g_signal_has_handler_pending (self, signals[SIGNAL_BATCH], 0, FALSE);
}

/* A handler may stop the sink: what comes after that is not for the program any more. */
static void
emit (EfAppSink *self, EfBatch *batch)
{
  guint n_events = ef_batch_get_n_events (batch);

  if (g_signal_has_handler_pending (self, signals[SIGNAL_BATCH], 0, FALSE))
    g_signal_emit (self, signals[SIGNAL_BATCH], 0, batch);

  if (!g_signal_has_handler_pending (self, signals[SIGNAL_EVENT], 0, FALSE))
    return;

  for (guint i = 0; i < n_events; i++)
    {
      if (ef_element_get_state (EF_ELEMENT (self)) != EF_STATE_PLAYING)
        return;
      g_signal_emit (self, signals[SIGNAL_EVENT], 0, ef_batch_get_event (batch, i));
    }
}

/* What waited to be pulled goes first to a program that has begun to listen. */
static void
emit_waiting (EfAppSink *self)
{
  EfEvent *event;

  while ((event = take_event (self)) != NULL)
    {
      g_autoptr (EfBatch) batch = ef_batch_new ();

      ef_batch_append (batch, event);
      emit (self, batch);
    }
  events_taken (self);
}

static void
ef_app_sink_process (EfElement *element, EfBatch *batch)
{
  EfAppSink *self = EF_APP_SINK (element);

  if (ef_batch_get_n_events (batch) == 0)
    return;

  if (has_listener (self))
    {
      emit_waiting (self);
      emit (self, batch);
      return;
    }

  g_queue_push_tail (&self->batches, ef_batch_detach (batch));
  count (self, ef_batch_get_n_events (batch), ef_batch_get_size (batch));
  serve_pulls (self);
  if (is_full (self))
    ef_element_hold_input (element);
}

static void
ef_app_sink_drain (EfSink *sink)
{
  EfAppSink *self = EF_APP_SINK (sink);

  self->draining = TRUE;
  if (has_listener (self))
    emit_waiting (self);
  check_end (self);
}

/* A receipt of what was not pulled settles as failed. */
static void
ef_app_sink_unprepare (EfElement *element)
{
  EfAppSink *self = EF_APP_SINK (element);
  g_autoptr (GError) error = NULL;
  EfBatch *batch;

  error = g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "%s was stopped",
                       ef_element_get_name (element));
  end_pulls (self, error);
  while ((batch = g_queue_pop_head (&self->batches)) != NULL)
    {
      EfReceipt *receipt = ef_batch_get_receipt (batch);

      if (receipt != NULL)
        ef_receipt_fail (receipt, error);
      ef_batch_unref (batch);
    }

  self->next = 0;
  ef_relaxed_set (&self->level_events, 0);
  ef_relaxed_set (&self->level_bytes, 0);
}

static gboolean
ef_app_sink_prepare (EfElement *element, GError **error)
{
  EfAppSink *self = EF_APP_SINK (element);

  self->draining = self->eos = FALSE;

  return TRUE;
}

static void
ef_app_sink_add_stats (EfElement *element, GVariantDict *stats)
{
  EfAppSink *self = EF_APP_SINK (element);

  g_variant_dict_insert (stats, "level-events", "u", ef_relaxed_get (&self->level_events));
  g_variant_dict_insert (stats, "level-bytes", "t", (guint64) ef_relaxed_get (&self->level_bytes));
}

static void
ef_app_sink_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ef_app_limits_get_property (&EF_APP_SINK (object)->limits, object, id, value, pspec);
}

static void
ef_app_sink_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ef_app_limits_set_property (&EF_APP_SINK (object)->limits, object, id, value, pspec);
}

static void
ef_app_sink_finalize (GObject *object)
{
  EfAppSink *self = EF_APP_SINK (object);

  g_assert (g_queue_is_empty (&self->pulls));
  g_queue_clear_full (&self->batches, (GDestroyNotify) ef_batch_unref);

  G_OBJECT_CLASS (ef_app_sink_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  /**
   * EfAppSink:max-events:
   *
   * How many events may wait to be pulled. A batch that begins below is taken as a whole.
   */

  /**
   * EfAppSink:max-bytes:
   *
   * How many bytes of events may wait to be pulled. A batch that begins below is taken as a whole.
   */
  ef_app_limits_install (object_class, "How many events may wait to be pulled",
                         "How many bytes of events may wait to be pulled");
}

static void
install_signals (GType type)
{
  /**
   * EfAppSink::event:
   * @self: the sink
   * @event: an event
   *
   * An event has arrived. A handler that keeps it keeps what [method@EventFlux.Event.detach]
   * returns.
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1,
                                        EF_TYPE_EVENT);
  g_signal_set_va_marshaller (signals[SIGNAL_EVENT], type, g_cclosure_marshal_VOID__BOXEDv);

  /**
   * EfAppSink::batch:
   * @self: the sink
   * @batch: events that arrived together
   *
   * Events have arrived. It is emitted before [signal@EventFlux.AppSink::event] is for each of
   * them. A handler that keeps them keeps what [method@EventFlux.Batch.detach] returns.
   */
  signals[SIGNAL_BATCH] = g_signal_new ("batch", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1,
                                        EF_TYPE_BATCH);
  g_signal_set_va_marshaller (signals[SIGNAL_BATCH], type, g_cclosure_marshal_VOID__BOXEDv);
}

static void
ef_app_sink_class_init (EfAppSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);
  EfSinkClass *sink_class = EF_SINK_CLASS (klass);

  object_class->get_property = ef_app_sink_get_property;
  object_class->set_property = ef_app_sink_set_property;
  object_class->finalize = ef_app_sink_finalize;

  element_class->prepare = ef_app_sink_prepare;
  element_class->unprepare = ef_app_sink_unprepare;
  element_class->process = ef_app_sink_process;
  element_class->add_stats = ef_app_sink_add_stats;

  sink_class->drain = ef_app_sink_drain;

  ef_element_class_set_metadata (element_class, "appsink",
                                 "Hands events to the program that runs the pipeline.",
                                 "websocketsource url=ws://localhost:8080 ! appsink name=out");
  ef_element_class_set_config_prefix (element_class, "app");

  install_properties (object_class);
  install_signals (EF_TYPE_APP_SINK);
}

static void
ef_app_sink_init (EfAppSink *self)
{
  g_queue_init (&self->batches);
  g_queue_init (&self->pulls);
}

/**
 * ef_app_sink_new:
 *
 * Makes a sink.
 *
 * Returns: (transfer full): a new sink
 */
EfAppSink *
ef_app_sink_new (void)
{
  return g_object_new (EF_TYPE_APP_SINK, NULL);
}

/**
 * ef_app_sink_try_pull:
 * @self: a sink
 *
 * Takes the next event, if there is one. An event that is kept for long is detached, see
 * [method@EventFlux.Event.detach].
 *
 * Returns: (transfer full) (nullable): the event, or %NULL if none waits
 */
EfEvent *
ef_app_sink_try_pull (EfAppSink *self)
{
  EfEvent *event;

  g_return_val_if_fail (EF_IS_APP_SINK (self), NULL);

  event = take_event (self);
  if (event != NULL)
    events_taken (self);

  return event;
}

static gboolean
on_pull_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Pull *pull = user_data;

  g_queue_remove (&pull->self->pulls, pull);
  g_task_return_error_if_cancelled (pull->task);
  pull_free (pull);

  return G_SOURCE_REMOVE;
}

static void
wait_for_event (EfAppSink *self, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Pull *pull = g_new0 (Pull, 1);

  pull->self = self;
  pull->task = g_object_ref (task);
  g_queue_push_tail (&self->pulls, pull);

  if (cancellable == NULL)
    return;

  pull->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_static_name (pull->cancelled, "[EventFlux] appsink pull cancelled");
  g_source_set_callback (pull->cancelled, G_SOURCE_FUNC (on_pull_cancelled), pull, NULL);
  g_source_attach (pull->cancelled, g_main_context_get_thread_default ());
}

/**
 * ef_app_sink_pull_async:
 * @self: a sink
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when there is an event, or none will come
 * @user_data: data for @callback
 *
 * Takes the next event as soon as there is one. Several calls may wait; they are served in order.
 */
void
ef_app_sink_pull_async (EfAppSink *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  EfEvent *event;

  g_return_if_fail (EF_IS_APP_SINK (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_app_sink_pull_async);
  /* An event that was taken out of the sink is not to be lost to a late cancellation. */
  g_task_set_check_cancellable (task, FALSE);
  if (g_task_return_error_if_cancelled (task))
    return;

  event = take_event (self);
  if (event == NULL && !self->eos)
    {
      wait_for_event (self, task);
      return;
    }

  g_task_return_pointer (task, event, (GDestroyNotify) ef_event_unref);
  events_taken (self);
}

/**
 * ef_app_sink_pull_finish:
 * @self: a sink
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends [method@EventFlux.AppSink.pull_async]. It fails with %G_IO_ERROR_CLOSED if the sink was
 * stopped meanwhile.
 *
 * Returns: (transfer full) (nullable): the event; %NULL without an error at the end of the stream
 */
EfEvent *
ef_app_sink_pull_finish (EfAppSink *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (EF_IS_APP_SINK (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (
    g_async_result_is_tagged (result, G_GNUC_EXTENSION (gpointer) ef_app_sink_pull_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ef_app_sink_is_eos:
 * @self: a sink
 *
 * Whether the stream has ended and all of its events were taken.
 *
 * Returns: %TRUE if nothing more comes
 */
gboolean
ef_app_sink_is_eos (EfAppSink *self)
{
  g_return_val_if_fail (EF_IS_APP_SINK (self), FALSE);

  return self->eos;
}
