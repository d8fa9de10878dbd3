/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element-private.h"
#include "ef-pad-private.h"
#include "ef-relaxed-private.h"

/* What becomes of an event that an element can not handle. */

/* What the element was given with the event and is not going to look at any more. */
static void
drop_rest (EfElement *self, EfEvent *event)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfBatch *batch = priv->sink != NULL ? priv->sink->batch : NULL;
  guint n_events, index;
  EfEvent *const *events;

  if (batch == NULL)
    return;

  events = ef_batch_peek_events (batch, &n_events);
  for (index = 0; index < n_events && events[index] != event; index++)
    continue;
  if (index < n_events)
    ef_relaxed_add (&priv->sink->n_dropped, n_events - index - 1);
}

static GError *
count_tries (const GError *error, guint n_tries)
{
  GError *counted = g_error_copy (error);

  if (n_tries > 1)
    {
      g_free (counted->message);
      counted->message = g_strdup_printf ("%s (tried %u times)", error->message, n_tries);
    }

  return counted;
}

/* Has an event go where the policy wants it that is not tried again. */
void
ef_element_settle_event (
  EfElement *self, EfEvent *event, const GError *error, guint n_tries, EfRejectMode mode)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfErrorExhausted end = ef_error_policy_get_end (&priv->policy,
                                                  ef_pad_get_n_links (priv->errors) > 0);
  g_autoptr (GError) counted = count_tries (error, n_tries);

  ef_relaxed_add (&priv->counts.n_rejected, 1);
  if (end == EF_ERROR_EXHAUSTED_FAIL && mode == EF_REJECT_GOING_ON)
    {
      ef_relaxed_add (&priv->counts.n_failed, 1);
      drop_rest (self, event);
      ef_element_fail (self, counted);
      return;
    }

  if (end == EF_ERROR_EXHAUSTED_DLQ)
    ef_element_add_dead_letter (self, event, error, n_tries);
  else
    ef_relaxed_add (&priv->counts.n_dropped, 1);

  ef_element_tell (self, counted, NULL, priv->policy.log_level);
}

/**
 * ef_element_reject_event: (skip)
 * @self: an element
 * @event: an event that it can not handle
 * @error: why
 *
 * Has an event go where the error policy of the element wants it, see
 * [property@EventFlux.Element:error-strategy]. For those who write elements; it is called in the
 * element's context, with an event of the batch that is being processed or any other one.
 *
 * The event is dropped, or leaves by the pad `errors` as a dead letter, those of one batch together
 * when the element is done with it; it is counted and told of. Then the element goes on with the next
 * event. With the strategy `retry`, an event of the batch that is being processed, and an error that
 * says nothing against the event itself (as %EF_ERROR_DATA and the like do), the element is given the
 * event again later, with all that came behind it. Then, and when the element fails, it processes no
 * more of the batch: what it made of the events before is pushed as usual.
 *
 * A dead letter has the columns `originalEvent` (the text of a raw message, base64 of one that is not
 * UTF-8, or the event as JSON), `errorMessage`, `errorType` (such as `ef-error/data`) and `streamName`
 * (the name of the element, or [property@EventFlux.Element:error-stream-name]), all STRING, `timestamp`
 * (LONG, when it was rejected, in milliseconds since the epoch) and `attemptCount` (INT, how many times
 * it was tried).
 *
 * Returns: %TRUE if the element is to go on with the next event, %FALSE if it is to process no more of
 *   the batch
 */
gboolean
ef_element_reject_event (EfElement *self, EfEvent *event, const GError *error)
{
  EfElementPrivate *priv;

  g_return_val_if_fail (EF_IS_ELEMENT (self), TRUE);
  g_return_val_if_fail (event != NULL, TRUE);
  g_return_val_if_fail (error != NULL, TRUE);

  priv = ef_element_get_private (self);
  if (priv->failed || ef_element_is_retrying (self))
    return FALSE;

  if (ef_error_policy_may_retry (&priv->policy, error)
      && ef_element_retry_event (self, event, error))
    return FALSE;

  ef_element_settle_event (self, event, error, ef_element_take_tries (self, event),
                           EF_REJECT_GOING_ON);

  return !priv->failed;
}

/**
 * ef_element_is_loss_fatal: (skip)
 * @self: an element
 *
 * Whether the loss of what the element works with, such as the file it writes to, ends the pipeline:
 * if so, the element tells of it with [method@EventFlux.Element.post_error]. If not, it gives the events
 * that it could not bring there to [method@EventFlux.Element.reject_event] and goes on with those that
 * come. For those who write elements; see also [method@EventFlux.Element.retry_operation].
 *
 * Returns: %TRUE if nobody has said what is to become of the events, or that the pipeline is to fail
 */
gboolean
ef_element_is_loss_fatal (EfElement *self)
{
  EfElementPrivate *priv;

  g_return_val_if_fail (EF_IS_ELEMENT (self), TRUE);

  priv = ef_element_get_private (self);

  return ef_error_policy_is_fatal (&priv->policy, ef_pad_get_n_links (priv->errors) > 0);
}

/* Fails the element: it takes nothing more, and when it is done with what it has in hand it gives
 * nothing more either, and tells why. */
void
ef_element_fail (EfElement *self, const GError *error)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfBatch *batch = priv->sink != NULL ? priv->sink->batch : NULL;

  if (priv->failed)
    return;

  priv->failed = TRUE;
  priv->failure = g_error_copy (error);
  if (batch != NULL && ef_batch_get_receipt (batch) != NULL)
    ef_receipt_fail (ef_batch_get_receipt (batch), error);
  if (priv->sink != NULL)
    {
      ef_pad_set_flowing (priv->sink, FALSE);
      ef_element_set_hold (self, EF_HOLD_FAILURE, TRUE);
    }

  if (ef_element_is_busy (self))
    ef_element_recall (self);
  else
    ef_element_tell_failure (self);
}

/* Tells of a failure once the element has nothing in hand any more. */
void
ef_element_tell_failure (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  g_autoptr (GError) failure = NULL;

  if (priv->failure == NULL || ef_element_is_busy (self))
    return;

  failure = g_steal_pointer (&priv->failure);
  ef_element_set_flowing (self, FALSE);
  ef_element_post_error (self, failure, NULL);
}

/* The element is down, and may begin anew. */
void
ef_element_forget_failure (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  priv->failed = FALSE;
  g_clear_error (&priv->failure);
  if (priv->sink != NULL)
    ef_element_set_hold (self, EF_HOLD_FAILURE, FALSE);
}

/* May be called from any thread. */
void
ef_element_add_error_stats (EfElement *self, GVariantDict *stats)
{
  EfErrorCounts *counts = &ef_element_get_private (self)->counts;

  g_variant_dict_insert (stats, "rejected", "t", ef_relaxed_get (&counts->n_rejected));
  g_variant_dict_insert (stats, "errors-dropped", "t", ef_relaxed_get (&counts->n_dropped));
  g_variant_dict_insert (stats, "errors-dead-lettered", "t",
                         ef_relaxed_get (&counts->n_dead_letters));
  g_variant_dict_insert (stats, "errors-undelivered", "t", ef_relaxed_get (&counts->n_undelivered));
  g_variant_dict_insert (stats, "errors-failed", "t", ef_relaxed_get (&counts->n_failed));
  g_variant_dict_insert (stats, "errors-retried", "t", ef_relaxed_get (&counts->n_retried));
  g_variant_dict_insert (stats, "errors-recovered", "t", ef_relaxed_get (&counts->n_recovered));
}
