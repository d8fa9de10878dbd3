/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-app-source.h"

#include "ef-app-buffer-private.h"
#include "ef-app-limits-private.h"
#include "ef-error.h"
#include "ef-flag-source-private.h"
#include "ef-relaxed-private.h"

#include <string.h>

/**
 * EfAppSource:
 *
 * A source whose events come from the program: the element `appsource`.
 *
 * Each call pushes on without a queue or a thread between. Events that are pushed one by one share
 * batches: the first one leaves at once, for latency, and those that follow it in the same iteration of
 * the main context leave together, at its end or as soon as 256 of them or 64 KiB wait.
 *
 * While the elements behind it hold, or before the source plays, what is pushed waits, up to
 * [property@EventFlux.AppSource:max-events] and [property@EventFlux.AppSource:max-bytes]. Beyond
 * that a push fails with %G_IO_ERROR_WOULD_BLOCK and takes nothing; a program that meets this, or
 * that has seen [signal@EventFlux.AppSource::enough-data], goes on at
 * [signal@EventFlux.AppSource::need-data]. What still waits when the source stops is dropped.
 *
 * All calls are made in the context of the element, and its signals are emitted there.
 */

/* How many waiting batches leave in one go once a hold ends, for the sake of the context's others. */
#define BATCHES_PER_DISPATCH 16


struct _EfAppSource
{
  EfSource parent_instance;

  EfAppLimits limits;

  EfAppBuffer buffer;
  gint64 now;                  /* the timestamp of what is pushed in this iteration */
  EfFlagSource *flush_source;  /* NULL in the state NULL, as the next */
  EfFlagSource *need_source;
  gboolean playing;
  gboolean pushing;            /* within a push of our own */
  gboolean asking;             /* within an emission of need-data */
  gboolean full;               /* enough-data was said, need-data was not yet */
  gboolean ending;
  gboolean ended;
};

G_DEFINE_FINAL_TYPE (EfAppSource, ef_app_source, EF_TYPE_SOURCE)

static guint need_data_signal;
static guint enough_data_signal;

/* Whether what is pushed can leave now. */
static gboolean
can_flow (EfAppSource *self)
{
  return self->playing && !self->pushing && !ef_element_is_output_held (EF_ELEMENT (self));
}

static void
push_on (EfAppSource *self, EfBatch *batch)
{
  self->pushing = TRUE;
  ef_element_push (EF_ELEMENT (self), batch);
  self->pushing = FALSE;
}

/* Only a program that listens is asked for more. */
static void
want_data (EfAppSource *self)
{
  if (!ef_flag_source_is_due (self->need_source)
      && g_signal_has_handler_pending (self, need_data_signal, 0, FALSE))
    ef_flag_source_set_due (self->need_source);
}

static void
all_left (EfAppSource *self)
{
  gboolean end = self->ending && !self->ended;

  self->ended = self->ending;
  if (end)
    ef_source_end (EF_SOURCE (self));
  else if (!self->ending)
    want_data (self);
}

/* Pushes on what waits, as far as it can go now. */
static void
flush (EfAppSource *self)
{
  for (guint i = 0; i < BATCHES_PER_DISPATCH && can_flow (self); i++)
    {
      EfBatch *batch = ef_app_buffer_take (&self->buffer);

      if (batch == NULL)
        {
          all_left (self);
          return;
        }
      push_on (self, batch);
      ef_app_buffer_give_back (&self->buffer, batch);
    }

  if (can_flow (self))
    ef_flag_source_set_due (self->flush_source);
}

static void
say_enough (EfAppSource *self)
{
  if (self->full)
    return;

  self->full = TRUE;
  g_signal_emit (self, enough_data_signal, 0);
}

static gboolean
has_room (EfAppSource *self)
{
  return ef_app_limits_allow (&self->limits, self->buffer.n_events, self->buffer.n_bytes);
}

/* Not the usual case: finds out why a push can not be taken, or makes room for it. */
static gboolean
make_room (EfAppSource *self, GError **error)
{
  const char *name = ef_element_get_name (EF_ELEMENT (self));

  if (self->flush_source == NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_STATE,
                   "%s takes no events before it is started or after it is stopped", name);
      return FALSE;
    }

  if (self->ending)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                   "%s takes no events after the end of the stream", name);
      return FALSE;
    }

  flush (self);
  if (has_room (self))
    return TRUE;

  say_enough (self);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK,
               "%s is full: %u events, %" G_GSIZE_FORMAT " bytes, wait for the elements behind it",
               name, self->buffer.n_events, self->buffer.n_bytes);
  return FALSE;
}

static inline gboolean
check_room (EfAppSource *self, GError **error)
{
  return G_LIKELY (self->flush_source != NULL && !self->ending && has_room (self))
         || make_room (self, error);
}

static void
flush_or_keep (EfAppSource *self)
{
  if (self->pushing)
    ef_flag_source_set_due (self->flush_source);
  flush (self);
  if (!ef_app_buffer_is_open (&self->buffer))
    ef_app_buffer_complete (&self->buffer);
  if (!has_room (self))
    say_enough (self);
}

static void
ask_for_data (EfAppSource *self)
{
  g_autoptr (EfAppSource) alive = g_object_ref (self);

  if (self->ending || self->buffer.n_events > 0 || !can_flow (self))
    return;

  self->full = FALSE;
  self->asking = TRUE;
  g_signal_emit (self, need_data_signal, 0);
  self->asking = FALSE;
  if (self->flush_source != NULL && (self->buffer.n_events > 0 || self->ending))
    flush_or_keep (self);
}

/* The first event of an iteration leaves now if it can; others wait for the flush source, so that a
 * thousand pushes are four batches. An answer to need-data waits whole, or its first cost a call. */
static void
mind_event (EfAppSource *self)
{
  if (ef_app_buffer_is_open (&self->buffer) && can_flow (self)
      && (self->asking || !ef_flag_source_is_new_iteration (self->flush_source)))
    ef_flag_source_set_due (self->flush_source);
  else
    flush_or_keep (self);
}

static inline void
event_added (EfAppSource *self)
{
  if (G_UNLIKELY (!ef_flag_source_is_due (self->flush_source)
                  || !ef_app_buffer_is_open (&self->buffer)))
    mind_event (self);
}

/* The clock is read once for what shares an iteration and a batch: it took two fifths of a push. */
static inline void
add_payload (EfAppSource *self, EfColumnType type, gconstpointer data, gsize length)
{
  if (G_UNLIKELY (!ef_flag_source_is_due (self->flush_source) || self->buffer.open->n_events == 0))
    self->now = ef_clock_get_real_time (ef_element_get_clock (EF_ELEMENT (self)));

  ef_app_buffer_add_payload (&self->buffer, self->now, type, data, length);
  event_added (self);
}

/**
 * ef_app_source_new:
 *
 * Makes a source.
 *
 * Returns: (transfer full): a new source
 */
EfAppSource *
ef_app_source_new (void)
{
  return g_object_new (EF_TYPE_APP_SOURCE, NULL);
}

/**
 * ef_app_source_push_event:
 * @self: a source
 * @event: an event
 * @error: return location for an error
 *
 * Pushes an event on. The source takes a reference of its own.
 *
 * It fails with %G_IO_ERROR_WOULD_BLOCK while the source is full, with %G_IO_ERROR_CLOSED after
 * [method@EventFlux.AppSource.end], and with %EF_ERROR_STATE if the source is not started.
 *
 * Returns: %TRUE if the event was taken
 */
gboolean
ef_app_source_push_event (EfAppSource *self, EfEvent *event, GError **error)
{
  g_return_val_if_fail (EF_IS_APP_SOURCE (self), FALSE);
  g_return_val_if_fail (event != NULL, FALSE);

  if (!check_room (self, error))
    return FALSE;

  ef_app_buffer_add_event (&self->buffer, ef_event_ref (event), ef_event_get_size (event));
  event_added (self);

  return TRUE;
}

/**
 * ef_app_source_push_batch:
 * @self: a source
 * @batch: events, which are not changed any more
 * @error: return location for an error
 *
 * Pushes events on together: the quickest way, if the program has many at once. A batch is taken as
 * a whole or not at all; the bounds may be exceeded by one.
 *
 * It fails as [method@EventFlux.AppSource.push_event] does.
 *
 * Returns: %TRUE if the events were taken
 */
gboolean
ef_app_source_push_batch (EfAppSource *self, EfBatch *batch, GError **error)
{
  g_return_val_if_fail (EF_IS_APP_SOURCE (self), FALSE);
  g_return_val_if_fail (batch != NULL, FALSE);

  if (!check_room (self, error))
    return FALSE;

  if (self->buffer.n_events > 0)
    flush (self);

  if (self->buffer.n_events == 0 && can_flow (self))
    {
      push_on (self, batch);
      want_data (self);
      return TRUE;
    }

  ef_app_buffer_add_batch (&self->buffer, batch);
  flush_or_keep (self);

  return TRUE;
}

/**
 * ef_app_source_push_text:
 * @self: a source
 * @text: the text, UTF-8
 * @length: the length of @text in bytes, or -1 if it is nul-terminated
 * @error: return location for an error
 *
 * Pushes a text message on: an event whose column `payload` is a copy of @text, and whose timestamp
 * is that of the iteration of the main context.
 *
 * It fails as [method@EventFlux.AppSource.push_event] does.
 *
 * Returns: %TRUE if the message was taken
 */
gboolean
ef_app_source_push_text (EfAppSource *self, const char *text, gssize length, GError **error)
{
  gsize size;

  g_return_val_if_fail (EF_IS_APP_SOURCE (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);
  size = length < 0 ? strlen (text) : (gsize) length;
  g_return_val_if_fail (size <= G_MAXUINT32, FALSE);

  if (!check_room (self, error))
    return FALSE;

  add_payload (self, EF_COLUMN_STRING, text, size);

  return TRUE;
}

/**
 * ef_app_source_push_bytes:
 * @self: a source
 * @bytes: the message
 * @error: return location for an error
 *
 * Pushes a binary message on: an event whose column `payload` is a copy of @bytes, and whose
 * timestamp is that of the iteration of the main context.
 *
 * It fails as [method@EventFlux.AppSource.push_event] does.
 *
 * Returns: %TRUE if the message was taken
 */
gboolean
ef_app_source_push_bytes (EfAppSource *self, GBytes *bytes, GError **error)
{
  gconstpointer data;
  gsize size;

  g_return_val_if_fail (EF_IS_APP_SOURCE (self), FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);
  data = g_bytes_get_data (bytes, &size);
  g_return_val_if_fail (size <= G_MAXUINT32, FALSE);

  if (!check_room (self, error))
    return FALSE;

  add_payload (self, EF_COLUMN_BYTES, data, size);

  return TRUE;
}

/**
 * ef_app_source_end:
 * @self: a source
 *
 * Ends the stream: once all that was pushed has left, the elements behind are told that nothing
 * more comes. It does nothing while the source is not started.
 */
void
ef_app_source_end (EfAppSource *self)
{
  g_return_if_fail (EF_IS_APP_SOURCE (self));

  if (self->flush_source == NULL || self->ending)
    return;

  self->ending = TRUE;
  flush_or_keep (self);
}

static gboolean
ef_app_source_prepare (EfElement *element, GError **error)
{
  EfAppSource *self = EF_APP_SOURCE (element);
  GMainContext *context = ef_element_get_context (element);

  self->flush_source = ef_flag_source_new ("[EventFlux] appsource flush", G_PRIORITY_HIGH, context,
                                           (EfFlagFunc) flush, self);
  self->need_source = ef_flag_source_new ("[EventFlux] appsource need-data", G_PRIORITY_DEFAULT,
                                          context, (EfFlagFunc) ask_for_data, self);
  return TRUE;
}

static void
ef_app_source_play (EfElement *element)
{
  EfAppSource *self = EF_APP_SOURCE (element);

  self->playing = TRUE;
  ef_flag_source_set_due (self->flush_source);
}

static void
ef_app_source_pause (EfElement *element)
{
  EF_APP_SOURCE (element)->playing = FALSE;
}

static void
ef_app_source_output_held (EfElement *element, gboolean held)
{
  EfAppSource *self = EF_APP_SOURCE (element);

  if (!held && self->flush_source != NULL)
    ef_flag_source_set_due (self->flush_source);
}

static void
ef_app_source_unprepare (EfElement *element)
{
  EfAppSource *self = EF_APP_SOURCE (element);
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                          "%s was stopped before the events left it",
                                          ef_element_get_name (element));

  g_clear_pointer (&self->flush_source, ef_flag_source_free);
  g_clear_pointer (&self->need_source, ef_flag_source_free);
  ef_app_buffer_drop (&self->buffer, error);
  self->full = self->ending = self->ended = FALSE;
}

static void
ef_app_source_add_stats (EfElement *element, GVariantDict *stats)
{
  EfAppBuffer *buffer = &EF_APP_SOURCE (element)->buffer;

  g_variant_dict_insert (stats, "level-events", "u", ef_relaxed_get (&buffer->n_events));
  g_variant_dict_insert (stats, "level-bytes", "t", (guint64) ef_relaxed_get (&buffer->n_bytes));
}

static void
ef_app_source_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ef_app_limits_get_property (&EF_APP_SOURCE (object)->limits, object, id, value, pspec);
}

static void
ef_app_source_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ef_app_limits_set_property (&EF_APP_SOURCE (object)->limits, object, id, value, pspec);
}

static void
ef_app_source_finalize (GObject *object)
{
  EfAppSource *self = EF_APP_SOURCE (object);

  ef_app_buffer_clear (&self->buffer);

  G_OBJECT_CLASS (ef_app_source_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  /**
   * EfAppSource:max-events:
   *
   * How many events may wait for the elements behind.
   */

  /**
   * EfAppSource:max-bytes:
   *
   * How many bytes of events may wait for the elements behind. One event more is taken than fits.
   */
  ef_app_limits_install (object_class, "How many events may wait for the elements behind",
                         "How many bytes of events may wait for the elements behind");
}

static void
install_signals (GType type)
{
  /**
   * EfAppSource::need-data:
   * @self: the source
   *
   * All that was pushed has left, and more can go. It is emitted when the source begins to play,
   * and then each time after something was pushed, so a handler may push as much as it likes to in
   * one go and will be called again; other sources of the context get their turn in between. What
   * a handler pushes leaves when it returns, or as soon as a batch is complete.
   */
  need_data_signal =
    g_signal_new ("need-data", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * EfAppSource::enough-data:
   * @self: the source
   *
   * The source is full: the next push will fail. [signal@EventFlux.AppSource::need-data] follows
   * when there is room again.
   */
  enough_data_signal =
    g_signal_new ("enough-data", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ef_app_source_class_init (EfAppSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_app_source_get_property;
  object_class->set_property = ef_app_source_set_property;
  object_class->finalize = ef_app_source_finalize;

  element_class->prepare = ef_app_source_prepare;
  element_class->play = ef_app_source_play;
  element_class->pause = ef_app_source_pause;
  element_class->unprepare = ef_app_source_unprepare;
  element_class->output_held = ef_app_source_output_held;
  element_class->add_stats = ef_app_source_add_stats;

  ef_element_class_set_metadata (element_class, "appsource",
                                 "Takes events from the program that runs the pipeline.",
                                 "appsource name=in ! websocketsink url=ws://localhost:8080");
  ef_element_class_set_config_prefix (element_class, "app");

  install_properties (object_class);
  install_signals (EF_TYPE_APP_SOURCE);
}

static void
ef_app_source_init (EfAppSource *self)
{
  ef_app_buffer_init (&self->buffer);
}
