/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-feedback.h"

#include "ef-sql-loop.h"

/*
 * EfSqlFeedback:
 *
 * A stream that events come back to: the element `feedback`.
 *
 * Links may not go in circles. So what comes back goes to a `feedbacksink` of the same stream and
 * leaves here, between what comes by links, in a dispatch of its own. The stream ends when what comes
 * by links has ended and nothing waits that came back.
 */

/* How many batches leave before the other sources of the context get their turn. */
#define BATCHES_A_DISPATCH 16

struct _EfSqlFeedback
{
  EfTransform parent_instance;

  char *stream;
  guint max_events;

  EfSqlLoop *loop; /* NULL in NULL */
  GSource *reader;
  EfMarker *end; /* of the stream, which waits until nothing comes back any more */
};

typedef enum
{
  PROP_STREAM = 1,
  PROP_MAX_EVENTS,
} EfSqlFeedbackProperty;

#define N_PROPERTIES (PROP_MAX_EVENTS + 1)

#define DEFAULT_MAX_EVENTS 100000

G_DEFINE_FINAL_TYPE (EfSqlFeedback, ef_sql_feedback, EF_TYPE_TRANSFORM)

static GParamSpec *properties[N_PROPERTIES];

static gboolean
reader_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_source_set_ready_time (source, -1);

  return callback (user_data);
}

static GSourceFuncs reader_funcs = { .dispatch = reader_dispatch };

static gboolean
can_push (EfSqlFeedback *self)
{
  EfElement *element = EF_ELEMENT (self);

  return self->loop != NULL && ef_element_get_state (element) == EF_STATE_PLAYING &&
         !ef_element_is_output_held (element);
}

static void
end_stream (EfSqlFeedback *self)
{
  g_autoptr (EfMarker) end = g_steal_pointer (&self->end);

  ef_sql_loop_detach (self->loop);
  EF_ELEMENT_CLASS (ef_sql_feedback_parent_class)->marker (EF_ELEMENT (self), end);
}

static gboolean
on_readable (gpointer user_data)
{
  g_autoptr (EfSqlFeedback) self = g_object_ref (user_data);

  for (guint i = 0; can_push (self); i++)
    {
      g_autoptr (EfBatch) batch = NULL;

      if (i == BATCHES_A_DISPATCH)
        {
          g_source_set_ready_time (self->reader, 0);
          break;
        }

      batch = ef_sql_loop_pop (self->loop);
      if (batch == NULL)
        {
          if (self->end != NULL)
            end_stream (self);
          break;
        }
      ef_element_push (EF_ELEMENT (self), batch);
    }

  return G_SOURCE_CONTINUE;
}

static EfBatch *
ef_sql_feedback_transform (EfTransform *transform, EfBatch *batch)
{
  return ef_batch_ref (batch);
}

static void
ef_sql_feedback_marker (EfElement *element, EfMarker *marker)
{
  EfSqlFeedback *self = EF_SQL_FEEDBACK (element);

  if (ef_marker_get_kind (marker) != EF_MARKER_EOS)
    {
      EF_ELEMENT_CLASS (ef_sql_feedback_parent_class)->marker (element, marker);
      return;
    }

  self->end = ef_marker_ref (marker);
  g_source_set_ready_time (self->reader, 0);
}

static void
ef_sql_feedback_output_held (EfElement *element, gboolean held)
{
  EfSqlFeedback *self = EF_SQL_FEEDBACK (element);

  EF_ELEMENT_CLASS (ef_sql_feedback_parent_class)->output_held (element, held);

  if (!held && self->reader != NULL)
    g_source_set_ready_time (self->reader, 0);
}

static gboolean
ef_sql_feedback_prepare (EfElement *element, GError **error)
{
  EfSqlFeedback *self = EF_SQL_FEEDBACK (element);

  self->loop = ef_sql_loop_open (ef_element_get_bus (element), self->stream);
  self->reader = g_source_new (&reader_funcs, sizeof (GSource));
  g_source_set_static_name (self->reader, "[EventFlux] feedback");
  g_source_set_callback (self->reader, on_readable, self, NULL);
  g_source_attach (self->reader, ef_element_get_context (element));

  return TRUE;
}

static void
ef_sql_feedback_play (EfElement *element)
{
  EfSqlFeedback *self = EF_SQL_FEEDBACK (element);

  ef_sql_loop_attach (self->loop, self->reader, self->max_events);
  g_source_set_ready_time (self->reader, 0);
}

static void
ef_sql_feedback_pause (EfElement *element)
{
  ef_sql_loop_detach (EF_SQL_FEEDBACK (element)->loop);
}

static void
ef_sql_feedback_unprepare (EfElement *element)
{
  EfSqlFeedback *self = EF_SQL_FEEDBACK (element);

  g_source_destroy (self->reader);
  g_clear_pointer (&self->end, ef_marker_unref);
  g_clear_pointer (&self->reader, g_source_unref);
  g_clear_pointer (&self->loop, ef_sql_loop_unref);
}

static void
ef_sql_feedback_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfSqlFeedback *self = EF_SQL_FEEDBACK (object);

  switch ((EfSqlFeedbackProperty) id)
    {
    case PROP_STREAM:
      g_value_set_string (value, self->stream);
      break;
    case PROP_MAX_EVENTS:
      g_value_set_uint (value, self->max_events);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_sql_feedback_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfSqlFeedback *self = EF_SQL_FEEDBACK (object);

  switch ((EfSqlFeedbackProperty) id)
    {
    case PROP_STREAM:
      if (g_strcmp0 (self->stream, g_value_get_string (value)) == 0)
        return;
      g_free (self->stream);
      self->stream = g_value_dup_string (value);
      break;
    case PROP_MAX_EVENTS:
      if (self->max_events == g_value_get_uint (value))
        return;
      self->max_events = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  g_object_notify_by_pspec (object, pspec);
}

static void
ef_sql_feedback_finalize (GObject *object)
{
  g_free (EF_SQL_FEEDBACK (object)->stream);

  G_OBJECT_CLASS (ef_sql_feedback_parent_class)->finalize (object);
}

static void
ef_sql_feedback_class_init (EfSqlFeedbackClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_sql_feedback_get_property;
  object_class->set_property = ef_sql_feedback_set_property;
  object_class->finalize = ef_sql_feedback_finalize;

  element_class->prepare = ef_sql_feedback_prepare;
  element_class->play = ef_sql_feedback_play;
  element_class->pause = ef_sql_feedback_pause;
  element_class->unprepare = ef_sql_feedback_unprepare;
  element_class->marker = ef_sql_feedback_marker;
  element_class->output_held = ef_sql_feedback_output_held;
  EF_TRANSFORM_CLASS (klass)->transform = ef_sql_feedback_transform;

  properties[PROP_STREAM] = g_param_spec_string (
    "stream", NULL, "The name of the stream, by which a feedbacksink finds this element.", NULL,
    flags | EF_PARAM_REQUIRED);
  properties[PROP_MAX_EVENTS] = g_param_spec_uint (
    "max-events", NULL, "How many events may wait to come back; those beyond are rejected.", 1,
    G_MAXINT32, DEFAULT_MAX_EVENTS, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  ef_element_class_set_metadata (element_class, "feedback",
                                 "Passes events on, and those that a feedbacksink sends back.",
                                 "timersource count=1 ! feedback stream=s ! sql query=\"SELECT "
                                 "sequence + 1 AS sequence, timestamp FROM input WHERE sequence < "
                                 "9\" window=\"LENGTHBATCH(1)\" ! feedbacksink stream=s");
}

static void
ef_sql_feedback_init (EfSqlFeedback *self)
{
  self->max_events = DEFAULT_MAX_EVENTS;
}
