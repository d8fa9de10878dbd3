/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element-flow-private.h"
#include "ef-error.h"
#include "ef-pad-private.h"
#include "ef-sink.h"

/**
 * EfSink:
 *
 * An element that takes events to the outside: it has an input and no output.
 *
 * Used alone, it is given events with [method@EventFlux.Sink.publish_event]. It lives in one context,
 * as every element does, and publishing is called there.
 */

G_DEFINE_ABSTRACT_TYPE (EfSink, ef_sink, EF_TYPE_ELEMENT)

static void
ef_sink_marker (EfElement *element, EfMarker *marker)
{
  EfSink *self = EF_SINK (element);

  if (ef_marker_get_kind (marker) == EF_MARKER_EOS)
    EF_SINK_GET_CLASS (self)->drain (self);
}

static void
ef_sink_class_init (EfSinkClass *klass)
{
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  element_class->marker = ef_sink_marker;
  element_class->output_held = ef_element_hold_for_output; /* for its dead letters */
  klass->drain = ef_sink_drained;

  ef_element_class_set_pads (element_class, TRUE, FALSE);
}

static void
ef_sink_init (EfSink *self)
{
}

/**
 * ef_sink_drained: (skip)
 * @self: a sink
 *
 * Tells that all that came before the end of the stream is dealt with. For those who write sinks; it
 * is called in the element's context, once for each call of [vfunc@EventFlux.Sink.drain].
 */
void
ef_sink_drained (EfSink *self)
{
  g_autoptr (EfMarker) eos = NULL;

  g_return_if_fail (EF_IS_SINK (self));

  /* Dead letters may have their own way from here. */
  eos = ef_marker_new_eos ();
  ef_element_push_marker (EF_ELEMENT (self), eos);
  ef_element_post_eos (EF_ELEMENT (self));
}

/**
 * ef_sink_publish_batch:
 * @self: a sink
 * @batch: events
 * @error: return location for an error
 *
 * Gives events to a sink that is used alone, as if they had come by a link. It is called in the
 * element's context, and does not wait for what becomes of them.
 *
 * Returns: %TRUE if the sink took them; %FALSE with %EF_ERROR_STATE if it is not playing, or with
 *   %G_IO_ERROR_WOULD_BLOCK if it can take no more for now
 */
gboolean
ef_sink_publish_batch (EfSink *self, EfBatch *batch, GError **error)
{
  EfElement *element;
  EfPad *sink;

  g_return_val_if_fail (EF_IS_SINK (self), FALSE);
  g_return_val_if_fail (batch != NULL, FALSE);

  element = EF_ELEMENT (self);
  sink = ef_element_get_sink_pad (element);

  if (ef_element_get_state (element) != EF_STATE_PLAYING)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_STATE, "%s is %s: it takes events while it is playing",
                   ef_element_get_name (element),
                   ef_state_to_string (ef_element_get_state (element)));
      return FALSE;
    }

  if (ef_pad_is_held (sink))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "%s can take no more events for now",
                   ef_element_get_name (element));
      return FALSE;
    }

  ef_pad_receive (sink, batch);

  return TRUE;
}

/**
 * ef_sink_publish_event:
 * @self: a sink
 * @event: an event
 * @error: return location for an error
 *
 * Gives an event to a sink that is used alone; see [method@EventFlux.Sink.publish_batch].
 *
 * Returns: %TRUE if the sink took it
 */
gboolean
ef_sink_publish_event (EfSink *self, EfEvent *event, GError **error)
{
  g_autoptr (EfBatch) batch = NULL;

  g_return_val_if_fail (event != NULL, FALSE);

  batch = ef_batch_new ();
  ef_batch_append (batch, ef_event_ref (event));

  return ef_sink_publish_batch (self, batch, error);
}
