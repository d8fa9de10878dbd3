/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-element-private.h"
#include "ef-relaxed-private.h"

/* Operations that are tried again, such as a write: what an element does for many events together, some
 * time after it took them, and for which it keeps what it needs. */

static void
stop_waiting (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfOperation *operation = &priv->operation;

  if (operation->timer == NULL)
    return;

  ef_clear_source (&operation->timer);
  if (priv->sink != NULL)
    ef_element_set_hold (self, EF_HOLD_OPERATION, FALSE);
}

static gboolean
on_timer (gpointer user_data)
{
  EfElement *self = user_data;

  g_object_ref (self);
  stop_waiting (self);
  EF_ELEMENT_GET_CLASS (self)->retry (self);
  g_object_unref (self);

  return G_SOURCE_REMOVE;
}

static void
start_waiting (EfElement *self, gint64 delay)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfOperation *operation = &priv->operation;

  operation->timer = ef_clock_create_timeout (ef_element_get_clock (self), delay);
  g_source_set_static_name (operation->timer, "[EventFlux] operation tried again");
  g_source_set_callback (operation->timer, on_timer, self, NULL);
  g_source_attach (operation->timer, priv->context);
  if (priv->sink != NULL)
    ef_element_set_hold (self, EF_HOLD_OPERATION, TRUE);
}

/**
 * ef_element_retry_operation: (skip)
 * @self: an element
 * @error: why an operation failed
 *
 * Asks whether an operation that has failed, such as a write, is to be tried again. If so, the input is
 * held, and [vfunc@EventFlux.Element.retry] is called after the wait that the error policy wants. If not,
 * the element asks [method@EventFlux.Element.is_loss_fatal] what to do. One that succeeds ends with
 * [method@EventFlux.Element.operation_succeeded].
 *
 * An element has one such operation at a time. For those who write elements; it is called in the
 * element's context.
 *
 * Returns: %TRUE if the operation is to be tried again, %FALSE if it is given up
 */
gboolean
ef_element_retry_operation (EfElement *self, const GError *error)
{
  EfElementPrivate *priv;
  EfOperation *operation;
  gint64 delay;

  g_return_val_if_fail (EF_IS_ELEMENT (self), FALSE);
  g_return_val_if_fail (error != NULL, FALSE);
  g_return_val_if_fail (EF_ELEMENT_GET_CLASS (self)->retry != NULL, FALSE);

  priv = ef_element_get_private (self);
  operation = &priv->operation;
  if (!operation->is_failing)
    ef_retry_options_start (&priv->policy.retry, &operation->backoff);
  operation->is_failing = TRUE;

  /* A stop does not wait. */
  if (priv->target < EF_STATE_PAUSED || !ef_error_policy_may_retry (&priv->policy, error)
      || !ef_backoff_next (&operation->backoff, &delay))
    {
      operation->is_failing = FALSE;
      operation->n_tries = ef_backoff_get_attempts (&operation->backoff) + 1;
      return FALSE;
    }

  ef_relaxed_add (&priv->counts.n_retried, 1);
  ef_element_tell_wait (self, error, &operation->backoff, delay);
  start_waiting (self, delay);

  return TRUE;
}

/**
 * ef_element_operation_succeeded: (skip)
 * @self: an element
 *
 * Tells that an operation has succeeded for which [method@EventFlux.Element.retry_operation] may have
 * been called: the next failure is a first one. For those who write elements; it is called in the
 * element's context.
 */
void
ef_element_operation_succeeded (EfElement *self)
{
  EfElementPrivate *priv;

  g_return_if_fail (EF_IS_ELEMENT (self));

  priv = ef_element_get_private (self);
  if (priv->operation.is_failing)
    ef_relaxed_add (&priv->counts.n_recovered, 1);
  priv->operation.is_failing = FALSE;
  priv->operation.n_tries = 0;
}

/* The element stops: what waits for its next try has its last one now. */
void
ef_element_end_operation (EfElement *self)
{
  if (ef_element_get_private (self)->operation.timer == NULL)
    return;

  stop_waiting (self);
  EF_ELEMENT_GET_CLASS (self)->retry (self);
}
