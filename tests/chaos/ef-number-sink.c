/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-number-sink.h"

G_DEFINE_FINAL_TYPE (EfNumberSink, ef_number_sink, EF_TYPE_SINK)

static void
take_number (EfNumberSink *self, gint64 number)
{
  g_assert_cmpint (number, >, self->last);
  if (!self->may_miss)
    g_assert_cmpint (number, ==, self->last + 1);

  if (self->last >= 0)
    self->n_missing += (guint64) (number - self->last - 1);
  self->n_events++;
  self->last = number;
  self->may_miss = FALSE;
}

static void
ef_number_sink_process (EfElement *element, EfBatch *batch)
{
  EfNumberSink *self = EF_NUMBER_SINK (element);

  for (guint i = 0; i < ef_batch_get_n_events (batch); i++)
    {
      g_autofree char *text = ef_event_dup_string (ef_batch_get_event (batch, i), 0);
      gint64 number = 0;

      g_assert_true (g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &number, NULL));
      take_number (self, number);
    }
}

static void
ef_number_sink_marker (EfElement *element, EfMarker *marker)
{
  EfNumberSink *self = EF_NUMBER_SINK (element);

  if (ef_marker_get_kind (marker) == EF_MARKER_GAP)
    {
      self->may_miss = TRUE;
      self->n_gaps++;
    }

  EF_ELEMENT_CLASS (ef_number_sink_parent_class)->marker (element, marker);
}

static void
ef_number_sink_class_init (EfNumberSinkClass *klass)
{
  EF_ELEMENT_CLASS (klass)->process = ef_number_sink_process;
  EF_ELEMENT_CLASS (klass)->marker = ef_number_sink_marker;
}

static void
ef_number_sink_init (EfNumberSink *self)
{
  self->last = -1;
  self->may_miss = TRUE; /* a feed may be joined at any number */
}

EfNumberSink *
ef_number_sink_new (void)
{
  return g_object_new (EF_TYPE_NUMBER_SINK, NULL);
}
