/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element-class-private.h"
#include "ef-element-private.h"
#include "ef-error.h"
#include "ef-pad-private.h"
#include "ef-relaxed-private.h"

/* The ways from state to state. An element has a state, a target, and at most one step that is under
 * way; each end of a step looks for the next one towards the target that holds then. So a new target
 * may come at any time and from any place, a vfunc included, and takes effect after the step.
 *
 * A stop may come from a handler that the element itself calls, at the bottom of a stack of pushes.
 * The element ceases to deliver then and there, but what takes things away from it runs from a
 * dispatch of its own, so that no element has to fear for what it has in hand. */

typedef enum
{
  STEP_DONE,
  STEP_PENDING, /* its callback ends it */
  STEP_FAILED,
} StepResult;

struct _EfStep
{
  EfState from;
  EfState to;
  gboolean dispatched; /* on a clean stack */
  StepResult (*run) (EfElement *self, GError **error);
};

static StepResult run_prepare (EfElement *self, GError **error);
static StepResult run_open (EfElement *self, GError **error);
static StepResult run_play (EfElement *self, GError **error);
static StepResult run_pause (EfElement *self, GError **error);
static StepResult run_close (EfElement *self, GError **error);
static StepResult run_unprepare (EfElement *self, GError **error);

static const EfStep steps[] = {
  { EF_STATE_NULL, EF_STATE_READY, FALSE, run_prepare },
  { EF_STATE_READY, EF_STATE_PAUSED, FALSE, run_open },
  { EF_STATE_PAUSED, EF_STATE_PLAYING, FALSE, run_play },
  { EF_STATE_PLAYING, EF_STATE_PAUSED, FALSE, run_pause },
  { EF_STATE_PAUSED, EF_STATE_READY, TRUE, run_close },
  { EF_STATE_READY, EF_STATE_NULL, TRUE, run_unprepare },
};

static void advance (EfElement *self, gboolean dispatched);

static const EfStep *
find_step (EfState from, EfState target)
{
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i].from == from && (steps[i].to > from) == (target > from))
      return &steps[i];

  g_assert_not_reached ();
}

/**
 * ef_element_get_state:
 * @self: an element
 *
 * The state that the element has. May be called from any thread.
 *
 * Returns: the state
 */
EfState
ef_element_get_state (EfElement *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT (self), EF_STATE_NULL);

  return ef_relaxed_get (&ef_element_get_private (self)->state);
}

static void
set_state (EfElement *self, EfState state)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfState old_state = priv->state;
  g_autoptr (EfMessage) message = NULL;

  ef_relaxed_set (&priv->state, state);
  ef_element_notify_state (self);
  if (priv->bus == NULL)
    return;

  message = ef_message_new_state_changed (G_OBJECT (self), old_state, state);
  ef_element_post_message (self, message);
}

static void
step_done (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  const EfStep *step = g_steal_pointer (&priv->step);

  set_state (self, step->to);
}

/* The element stays where it is. Who waits gets the error; if nobody does, it goes to the bus. */
static void
step_failed (EfElement *self, const GError *error)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  gboolean awaited = !g_queue_is_empty (&priv->waiters);

  priv->step = NULL;
  priv->target = priv->state;

  if (priv->start_error != NULL && *priv->start_error == NULL)
    *priv->start_error = g_error_copy (error);
  else if (awaited)
    ef_element_emit_error (self, error);
  else
    ef_element_post_error (self, error, NULL);

  ef_element_end_waits (self, error);
}

static StepResult
run_prepare (EfElement *self, GError **error)
{
  EfElementClass *klass = EF_ELEMENT_GET_CLASS (self);
  EfElementPrivate *priv = ef_element_get_private (self);

  if (!ef_element_check_required (self, error) || !ef_element_check_policy (self, error))
    return STEP_FAILED;
  if (klass->prepare != NULL && !klass->prepare (self, error))
    return STEP_FAILED;

  ef_pad_set_flowing (priv->errors, TRUE);

  return STEP_DONE;
}

static void
on_opened (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfElement *self = EF_ELEMENT (object);
  EfElementPrivate *priv = ef_element_get_private (self);
  g_autoptr (GCancellable) opening = g_steal_pointer (&priv->opening);
  g_autoptr (GError) error = NULL;

  g_object_ref (self);
  if (EF_ELEMENT_GET_CLASS (self)->open_finish (self, result, &error))
    step_done (self);
  else if (g_cancellable_is_cancelled (opening))
    priv->step = NULL; /* as a later target wished */
  else
    step_failed (self, error);

  ef_element_advance (self);
  g_object_unref (self);
}

static StepResult
run_open (EfElement *self, GError **error)
{
  EfElementClass *klass = EF_ELEMENT_GET_CLASS (self);
  EfElementPrivate *priv = ef_element_get_private (self);

  if (priv->sink != NULL)
    ef_pad_forget_eos (priv->sink);
  if (klass->open_async == NULL)
    return STEP_DONE;

  priv->opening = g_cancellable_new ();
  klass->open_async (self, priv->opening, on_opened, NULL);

  return STEP_PENDING;
}

static StepResult
run_play (EfElement *self, GError **error)
{
  EfElementClass *klass = EF_ELEMENT_GET_CLASS (self);

  ef_element_set_flowing (self, TRUE);
  if (klass->play != NULL)
    klass->play (self);
  ef_element_resume_input (self);

  return STEP_DONE;
}

static StepResult
run_pause (EfElement *self, GError **error)
{
  EfElementClass *klass = EF_ELEMENT_GET_CLASS (self);
  EfElementPrivate *priv = ef_element_get_private (self);

  if (klass->pause != NULL)
    klass->pause (self);
  ef_element_set_flowing (self, FALSE);
  if (priv->target < EF_STATE_PAUSED)
    ef_element_end_retries (self);
  else
    ef_element_pause_retries (self);

  return STEP_DONE;
}

static void
on_closed (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfElement *self = EF_ELEMENT (object);

  g_object_ref (self);
  EF_ELEMENT_GET_CLASS (self)->close_finish (self, result);
  step_done (self);
  ef_element_advance (self);
  g_object_unref (self);
}

static StepResult
run_close (EfElement *self, GError **error)
{
  EfElementClass *klass = EF_ELEMENT_GET_CLASS (self);

  ef_element_end_retries (self);
  ef_element_end_operation (self);
  ef_element_end_dead_letters (self);
  if (klass->close_async == NULL)
    return STEP_DONE;

  klass->close_async (self, on_closed, NULL);

  return STEP_PENDING;
}

static StepResult
run_unprepare (EfElement *self, GError **error)
{
  EfElementClass *klass = EF_ELEMENT_GET_CLASS (self);
  EfElementPrivate *priv = ef_element_get_private (self);

  if (klass->unprepare != NULL)
    klass->unprepare (self);

  ef_element_end_dead_letters (self);
  ef_element_forget_failure (self);
  ef_element_end_warnings (self);
  ef_pad_set_flowing (priv->errors, FALSE);
  if (priv->sink != NULL)
    ef_element_set_hold (self, EF_HOLD_OWN, FALSE);

  return STEP_DONE;
}

static void
run_step (EfElement *self, const EfStep *step)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  g_autoptr (GError) error = NULL;

  priv->step = step;
  switch (step->run (self, &error))
    {
    case STEP_DONE:
      step_done (self);
      break;
    case STEP_FAILED:
      step_failed (self, error);
      break;
    case STEP_PENDING:
    default:
      break;
    }
}

/* An element that is not %EF_STATE_NULL keeps itself alive: so nothing that it began can outlive it,
 * and a push into it needs no reference. Whoever starts an element stops it. */
static void
set_alive (EfElement *self, gboolean alive)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  if (priv->alive == alive)
    return;

  priv->alive = alive;
  if (alive)
    g_object_ref (self);
  else
    g_object_unref (self);
}

static void
forget_adopted_context (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  g_mutex_lock (&priv->context_lock);
  if (priv->context_is_adopted)
    {
      priv->context_is_adopted = FALSE;
      priv->thread = NULL;
      g_clear_pointer (&priv->context, g_main_context_unref);
    }
  g_mutex_unlock (&priv->context_lock);
}

static void
arrive (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  ef_element_end_waits (self, NULL);
  if (priv->state != EF_STATE_NULL)
    return;

  forget_adopted_context (self);
  set_alive (self, FALSE);
}

static gboolean
on_dispatch (gpointer user_data)
{
  EfElement *self = user_data;
  EfElementPrivate *priv = ef_element_get_private (self);

  g_clear_pointer (&priv->dispatch, g_source_unref);
  if (ef_element_is_busy (self))
    ef_element_recall (self); /* a handler iterates the context within a push */
  else
    advance (self, TRUE);

  return G_SOURCE_REMOVE;
}

static void
schedule_dispatch (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  if (priv->dispatch != NULL)
    return;

  priv->dispatch = g_idle_source_new ();
  g_source_set_static_name (priv->dispatch, "[EventFlux] way down");
  g_source_set_priority (priv->dispatch, G_PRIORITY_DEFAULT);
  g_source_set_callback (priv->dispatch, on_dispatch, self, NULL);
  g_source_attach (priv->dispatch, priv->context);
}

/* Takes steps towards the target until one has to wait. */
static void
take_steps (EfElement *self, gboolean dispatched)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  while (priv->step == NULL && priv->state != priv->target)
    {
      const EfStep *step = find_step (priv->state, priv->target);

      if (step->dispatched && !dispatched)
        {
          schedule_dispatch (self);
          return;
        }

      run_step (self, step);
      dispatched = FALSE;
    }
}

static void
advance (EfElement *self, gboolean dispatched)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  g_autoptr (GMainContext) context = NULL;

  if (priv->advancing || priv->step != NULL)
    return;

  if (priv->state == priv->target)
    {
      arrive (self);
      return;
    }

  /* What the vfuncs begin has to come back to the element's context, also if the caller's thread has
   * another default at this moment. */
  context = g_main_context_ref (priv->context);
  g_main_context_push_thread_default (context);
  priv->advancing = TRUE;
  set_alive (self, TRUE);

  take_steps (self, dispatched);

  priv->advancing = FALSE;
  g_main_context_pop_thread_default (context);

  if (priv->step == NULL && priv->state == priv->target)
    arrive (self);
}

/* Goes on towards the target, after it was changed or a wait has ended. */
void
ef_element_advance (EfElement *self)
{
  advance (self, FALSE);
}

/* A later target may make an open step needless. */
void
ef_element_cancel_open (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  if (priv->opening != NULL && priv->target < EF_STATE_PAUSED)
    g_cancellable_cancel (priv->opening);
}

/* Has the element stay where the present step leaves it. */
void
ef_element_rest (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  if (priv->step != NULL && priv->step->to < priv->step->from)
    priv->target = priv->step->to;
  else
    priv->target = priv->state;

  ef_element_cancel_open (self);
}
