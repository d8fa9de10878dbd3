/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-log-sink.h"

G_DEFINE_FINAL_TYPE (EfLogSink, ef_log_sink, EF_TYPE_SINK)

static void
ef_log_sink_process (EfElement *element, EfBatch *batch)
{
  EfLogSink *self = EF_LOG_SINK (element);

  for (guint i = 0; i < ef_batch_get_n_events (batch); i++)
    {
      EfEvent *event = ef_batch_get_event (batch, i);
      gboolean text = ef_event_get_value_type (event, 0) == EF_COLUMN_STRING;
      gsize length;
      const char *data = ef_event_peek_data (event, 0, &length);

      g_string_append (self->log, text ? "" : "<");
      g_string_append_len (self->log, data, (gssize) length);
      g_string_append (self->log, text ? ";" : ">;");
      self->n_events++;
    }
  g_string_append_c (self->log, '|');

  if (self->hold_after > 0 && self->n_events >= self->hold_after)
    ef_element_hold_input (element);
}

static void
ef_log_sink_marker (EfElement *element, EfMarker *marker)
{
  EfLogSink *self = EF_LOG_SINK (element);

  if (ef_marker_get_kind (marker) == EF_MARKER_EOS)
    g_string_append (self->log, "EOS;");
  else
    g_string_append_printf (self->log, "GAP(%s);", ef_marker_get_cause (marker));

  EF_ELEMENT_CLASS (ef_log_sink_parent_class)->marker (element, marker);
}

static void
ef_log_sink_finalize (GObject *object)
{
  g_string_free (EF_LOG_SINK (object)->log, TRUE);

  G_OBJECT_CLASS (ef_log_sink_parent_class)->finalize (object);
}

static void
ef_log_sink_class_init (EfLogSinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ef_log_sink_finalize;
  EF_ELEMENT_CLASS (klass)->process = ef_log_sink_process;
  EF_ELEMENT_CLASS (klass)->marker = ef_log_sink_marker;
}

static void
ef_log_sink_init (EfLogSink *self)
{
  self->log = g_string_new (NULL);
}

EfLogSink *
ef_log_sink_new (void)
{
  return g_object_new (EF_TYPE_LOG_SINK, NULL);
}
