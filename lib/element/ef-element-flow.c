/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element-flow-private.h"
#include "ef-element-private.h"
#include "ef-pad-private.h"
#include "ef-relaxed-private.h"

/* What elements do with their pads: pushes, and holds on their way up. */

/**
 * ef_element_push: (skip)
 * @self: an element with an output
 * @batch: events
 *
 * Pushes events out of the element. For those who write elements; it is called in the element's
 * context.
 *
 * When it returns, [method@EventFlux.Element.is_output_held] tells whether to go on.
 */
void
ef_element_push (EfElement *self, EfBatch *batch)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  /* Cheap checks alone: a cast to a derivable type costs as much as the rest of a push. */
  g_return_if_fail (priv->src != NULL);
  g_return_if_fail (batch != NULL);

  ef_pad_push_unchecked (priv->src, batch);
}

/**
 * ef_element_push_marker: (skip)
 * @self: an element
 * @marker: a marker
 *
 * Pushes a marker out of the element; the end of a stream is the end of its dead letters too. For
 * those who write elements; it is called in the element's context.
 */
void
ef_element_push_marker (EfElement *self, EfMarker *marker)
{
  EfElementPrivate *priv;

  g_return_if_fail (EF_IS_ELEMENT (self));
  g_return_if_fail (marker != NULL);

  priv = ef_element_get_private (self);
  if (priv->src != NULL)
    ef_pad_push_marker (priv->src, marker);

  if (ef_marker_get_kind (marker) != EF_MARKER_EOS || priv->is_boundary)
    return;

  ef_element_end_dead_letters (self);
  ef_pad_push_marker (priv->errors, marker);
}

/* Opens or shuts what events come in and go out by. Dead letters leave in other states too. */
void
ef_element_set_flowing (EfElement *self, gboolean flowing)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  if (priv->sink != NULL)
    ef_pad_set_flowing (priv->sink, flowing);
  if (priv->src != NULL)
    ef_pad_set_flowing (priv->src, flowing);
}

void
ef_element_set_hold (EfElement *self, EfHold who, gboolean held)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  priv->holds = held ? priv->holds | who : priv->holds & ~who;
  ef_pad_set_held (priv->sink, priv->holds != 0);
  if (!held && priv->retry != NULL)
    ef_element_resume_input (self);
}

/* What an element does that has no room of its own: it holds while what is behind it does. */
void
ef_element_hold_for_output (EfElement *self, gboolean held)
{
  ef_element_set_hold (self, EF_HOLD_OUTPUT, held);
}

/**
 * ef_element_hold_input: (skip)
 * @self: an element with an input
 *
 * Tells those that push to the element to stop, until [method@EventFlux.Element.release_input]. What
 * is already under way, a batch at most, still comes. Holds do not count: one release ends them. For
 * those who write elements; it is called in the element's context.
 */
void
ef_element_hold_input (EfElement *self)
{
  g_return_if_fail (EF_IS_ELEMENT (self));
  g_return_if_fail (ef_element_get_sink_pad (self) != NULL);

  ef_element_set_hold (self, EF_HOLD_OWN, TRUE);
}

/**
 * ef_element_release_input: (skip)
 * @self: an element with an input
 *
 * Tells those that push to the element to go on. A transform goes on being held by what is behind
 * it. For those who write elements; it is called in the element's context.
 */
void
ef_element_release_input (EfElement *self)
{
  g_return_if_fail (EF_IS_ELEMENT (self));
  g_return_if_fail (ef_element_get_sink_pad (self) != NULL);

  ef_element_set_hold (self, EF_HOLD_OWN, FALSE);
}

/**
 * ef_element_is_output_held: (skip)
 * @self: an element
 *
 * Whether what is behind the element wants no more for now. For those who write elements.
 *
 * Returns: %TRUE if the element should push no more
 */
gboolean
ef_element_is_output_held (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  return (priv->src != NULL && ef_relaxed_get (&priv->src->held))
         || ef_relaxed_get (&priv->errors->held);
}

/* Whether a push of the element, or a call that may push, is on the stack of whoever it pushes for. */
static gboolean
is_output_busy (EfElementPrivate *priv)
{
  if (priv->is_boundary)
    return priv->src->depth > 0;

  return (priv->src != NULL && priv->src->depth > 0) || priv->errors->depth > 0
         || (priv->sink != NULL && priv->sink->depth > 0);
}

/* Whether anything of the element is on the stack of its context. */
gboolean
ef_element_is_busy (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  return (priv->sink != NULL && priv->sink->depth > 0) || priv->errors->depth > 0
         || (!priv->is_boundary && priv->src != NULL && priv->src->depth > 0);
}

static void
recall_pad (EfPad *pad)
{
  if (pad != NULL)
    pad->recalled = pad->depth > 0;
}

/* Asks for a call of ef_element_calls_returned() when what is on the stack has returned. */
void
ef_element_recall (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  recall_pad (priv->sink);
  recall_pad (priv->errors);
  if (!priv->is_boundary)
    recall_pad (priv->src);
}

/* An output pad holds, or does so no more. The element is told of changes alone, and not while it is
 * at work: what ends before the work does was no change. */
void
ef_element_outputs_changed (EfElement *self)
{
  EfElementClass *klass = EF_ELEMENT_GET_CLASS (self);
  EfElementPrivate *priv = ef_element_get_private (self);
  gboolean held = ef_element_is_output_held (self);

  if (held == priv->told_held)
    return;

  if (is_output_busy (priv))
    {
      if (priv->is_boundary)
        recall_pad (priv->src);
      else
        ef_element_recall (self);
      return;
    }

  priv->told_held = held;
  if (klass->output_held != NULL)
    klass->output_held (self, held);
}

/* The outermost call by @pad has returned, and someone waited for that. */
void
ef_element_calls_returned (EfElement *self, EfPad *pad)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  g_object_ref (self);
  if (pad == priv->sink)
    ef_element_push_dead_letters (self);
  ef_element_tell_failure (self);
  ef_element_outputs_changed (self);
  if (priv->retry != NULL)
    ef_element_resume_input (self);
  if ((pad != priv->src || !priv->is_boundary) && priv->state != priv->target)
    {
      if (ef_element_is_busy (self))
        ef_element_recall (self);
      else
        ef_element_advance (self);
    }
  g_object_unref (self);
}
