/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-feedback-sink.h"

#include "ef-sql-loop.h"

/*
 * EfSqlFeedbackSink:
 *
 * Sends events back to where a stream begins: the element `feedbacksink`.
 *
 * They leave the element `feedback` of the same stream, in the same pipeline. What comes when that
 * has ended is let go of.
 */

struct _EfSqlFeedbackSink
{
  EfSink parent_instance;

  char *stream;
  EfSqlLoop *loop; /* NULL in NULL */
};

typedef enum
{
  PROP_STREAM = 1,
} EfSqlFeedbackSinkProperty;

G_DEFINE_FINAL_TYPE (EfSqlFeedbackSink, ef_sql_feedback_sink, EF_TYPE_SINK)

static void
ef_sql_feedback_sink_process (EfElement *element, EfBatch *batch)
{
  g_autoptr (GError) error = NULL;

  if (ef_sql_loop_push (EF_SQL_FEEDBACK_SINK (element)->loop, batch, &error))
    return;

  for (guint i = 0; i < ef_batch_get_n_events (batch); i++)
    ef_element_reject_event (element, ef_batch_get_event (batch, i), error);
}

static gboolean
ef_sql_feedback_sink_prepare (EfElement *element, GError **error)
{
  EfSqlFeedbackSink *self = EF_SQL_FEEDBACK_SINK (element);

  self->loop = ef_sql_loop_open (ef_element_get_bus (element), self->stream);

  return TRUE;
}

static void
ef_sql_feedback_sink_unprepare (EfElement *element)
{
  g_clear_pointer (&EF_SQL_FEEDBACK_SINK (element)->loop, ef_sql_loop_unref);
}

static void
ef_sql_feedback_sink_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STREAM)
    g_value_set_string (value, EF_SQL_FEEDBACK_SINK (object)->stream);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ef_sql_feedback_sink_set_property (GObject *object,
                                   guint id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  EfSqlFeedbackSink *self = EF_SQL_FEEDBACK_SINK (object);

  if (id != PROP_STREAM)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  if (g_strcmp0 (self->stream, g_value_get_string (value)) == 0)
    return;
  g_free (self->stream);
  self->stream = g_value_dup_string (value);
  g_object_notify_by_pspec (object, pspec);
}

static void
ef_sql_feedback_sink_finalize (GObject *object)
{
  g_free (EF_SQL_FEEDBACK_SINK (object)->stream);

  G_OBJECT_CLASS (ef_sql_feedback_sink_parent_class)->finalize (object);
}

static void
ef_sql_feedback_sink_class_init (EfSqlFeedbackSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_sql_feedback_sink_get_property;
  object_class->set_property = ef_sql_feedback_sink_set_property;
  object_class->finalize = ef_sql_feedback_sink_finalize;

  element_class->prepare = ef_sql_feedback_sink_prepare;
  element_class->unprepare = ef_sql_feedback_sink_unprepare;
  element_class->process = ef_sql_feedback_sink_process;

  g_object_class_install_property (
    object_class, PROP_STREAM,
    g_param_spec_string ("stream", NULL, "The stream that events go back to.", NULL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY |
                           EF_PARAM_REQUIRED));

  ef_element_class_set_metadata (element_class, "feedbacksink",
                                 "Sends events back to the element feedback of the same stream.",
                                 "timersource count=1 ! feedback stream=s ! sql query=\"SELECT "
                                 "sequence + 1 AS sequence, timestamp FROM input WHERE sequence < "
                                 "9\" window=\"LENGTHBATCH(1)\" ! feedbacksink stream=s");
}

static void
ef_sql_feedback_sink_init (EfSqlFeedbackSink *self)
{
}
