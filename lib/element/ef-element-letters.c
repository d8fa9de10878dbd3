/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-dead-letter-private.h"
#include "ef-element-private.h"
#include "ef-error.h"
#include "ef-pad-private.h"
#include "ef-relaxed-private.h"

/* Dead letters on their way out of an element by the pad `errors`: those of one batch leave together,
 * and what could not be delivered waits, is told of, or is the end. */

/* Of an event that is told of, so much is printed. */
#define PRINTED_BYTES 4096

static void deliver (EfElement *self, EfBatch *batch);

/* The fallbacks. */

static void
tell_letter (EfElement *self, EfEvent *letter, const char *obstacle)
{
  gsize length;
  const char *original = ef_dead_letter_peek_original (letter, &length);
  g_autofree char *debug = g_strndup (original, MIN (length, PRINTED_BYTES));
  g_autofree char *message = ef_dead_letter_dup_message (letter);
  g_autoptr (GError) error = NULL;

  error = g_error_new (EF_ERROR, EF_ERROR_RESOURCE,
                       "a dead letter could not be delivered, as %s; it is lost: %s", obstacle,
                       message);
  ef_element_tell (self, error, debug, EF_ERROR_LOG_ERROR);
}

static void
tell_letters (EfElement *self, EfBatch *batch, const char *obstacle)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  guint n_events;
  EfEvent *const *letters = ef_batch_peek_events (batch, &n_events);

  ef_relaxed_add (&priv->counts.n_undelivered, n_events);
  for (guint i = 0; i < n_events; i++)
    tell_letter (self, letters[i], obstacle);
}

static void
fail_for_letters (EfElement *self, EfBatch *batch, const char *obstacle)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  g_autofree char *message = ef_dead_letter_dup_message (ef_batch_get_event (batch, 0));
  g_autoptr (GError) error = NULL;

  ef_relaxed_add (&priv->counts.n_undelivered, ef_batch_get_n_events (batch));
  error = g_error_new (EF_ERROR, EF_ERROR_RESOURCE,
                       "a dead letter could not be delivered, as %s: %s", obstacle, message);
  ef_element_fail (self, error);
}

static void
clear_timer (EfElement *self)
{
  EfDeadLetters *letters = &ef_element_get_private (self)->letters;

  ef_clear_source (&letters->timer);
}

/* Takes what waits, for a try. */
static EfBatch *
take_undelivered (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  clear_timer (self);

  return g_steal_pointer (&priv->letters.undelivered);
}

/* Nothing waits any more. */
static void
end_waiting (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  if (priv->letters.undelivered != NULL)
    return;

  ef_pad_set_stuck (priv->errors, FALSE);
  ef_element_resume_input (self);
}

static gboolean
on_try_again (gpointer user_data)
{
  EfElement *self = user_data;
  g_autoptr (EfBatch) batch = take_undelivered (self);

  g_object_ref (self);
  deliver (self, batch);
  end_waiting (self);
  g_object_unref (self);

  return G_SOURCE_REMOVE;
}

/* Has the letters wait for another try, if there is one. The element takes no more meanwhile. */
static gboolean
wait_for_try (EfElement *self, EfBatch *batch)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfDeadLetters *letters = &priv->letters;
  gint64 delay;

  if (!ef_backoff_next (&letters->backoff, &delay))
    return FALSE;

  letters->undelivered = ef_batch_ref (batch);
  letters->timer = ef_clock_create_timeout (ef_element_get_clock (self), delay);
  g_source_set_static_name (letters->timer, "[EventFlux] dead letters tried again");
  g_source_set_callback (letters->timer, on_try_again, self, NULL);
  g_source_attach (letters->timer, priv->context);

  ef_pad_set_stuck (priv->errors, TRUE);
  if (priv->sink != NULL)
    ef_element_defer_input (self);

  return TRUE;
}

static void
fall_back (EfElement *self, EfBatch *batch, const char *obstacle)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  switch (priv->policy.fallback)
    {
    case EF_ERROR_FALLBACK_FAIL:
      fail_for_letters (self, batch, obstacle);
      return;
    case EF_ERROR_FALLBACK_RETRY:
      if (wait_for_try (self, batch))
        return;
      break;
    case EF_ERROR_FALLBACK_LOG:
    default:
      break;
    }

  tell_letters (self, batch, obstacle);
}

/* Delivery. */

/* Why letters can not be delivered now, NULL if they can. */
static const char *
find_obstacle (EfElement *self)
{
  EfPad *errors = ef_element_get_errors_pad (self);

  if (ef_pad_get_n_links (errors) == 0)
    return "nothing is linked to the pad “errors”";
  if (!ef_pad_reaches_any (errors))
    return "nothing that is linked to the pad “errors” plays";

  return NULL;
}

static void
deliver (EfElement *self, EfBatch *batch)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  const char *obstacle = find_obstacle (self);

  if (obstacle != NULL)
    {
      fall_back (self, batch, obstacle);
      return;
    }

  ef_relaxed_add (&priv->counts.n_dead_letters, ef_batch_get_n_events (batch));
  ef_pad_push_unchecked (priv->errors, batch);
}

/* What waits stays in front. */
static void
append_to_undelivered (EfDeadLetters *letters, EfBatch *batch)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  for (guint i = 0; i < n_events; i++)
    ef_batch_append (letters->undelivered, ef_event_ref (events[i]));
  if (ef_batch_get_receipt (letters->undelivered) == NULL)
    ef_batch_set_receipt (letters->undelivered, ef_batch_get_receipt (batch));
}

/* Pushes what was rejected of a batch, with the receipt of that batch. */
void
ef_element_push_dead_letters (EfElement *self)
{
  EfDeadLetters *letters = &ef_element_get_private (self)->letters;
  g_autoptr (EfBatch) batch = g_steal_pointer (&letters->collected);

  if (batch == NULL)
    return;

  ef_event_builder_flush (letters->builder);
  if (letters->undelivered != NULL)
    {
      append_to_undelivered (letters, batch);
      return;
    }

  ef_retry_options_start (&ef_element_get_private (self)->policy.fallback_retry,
                          &letters->backoff);
  deliver (self, batch);
}

void
ef_element_add_dead_letter (EfElement *self, EfEvent *event, const GError *error, guint n_tries)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfDeadLetters *letters = &priv->letters;
  EfBatch *processed = priv->sink != NULL ? priv->sink->batch : NULL;
  const char *stream = priv->policy.stream_name != NULL ? priv->policy.stream_name : priv->name;

  if (letters->builder == NULL)
    letters->builder = ef_event_builder_new (ef_dead_letter_get_schema ());

  if (letters->collected == NULL)
    {
      letters->collected = ef_batch_new ();
      if (processed != NULL)
        ef_batch_set_receipt (letters->collected, ef_batch_get_receipt (processed));
    }

  ef_batch_append (letters->collected,
                   ef_dead_letter_build (letters->builder, event, error, stream, n_tries,
                                         ef_clock_get_real_time (ef_element_get_clock (self))));

  if (processed != NULL)
    ef_element_recall (self);
  else
    ef_element_push_dead_letters (self);
}

/* Delivers what there is, at the end of the stream or of the element: now or never. */
void
ef_element_end_dead_letters (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  const char *obstacle = find_obstacle (self);
  g_autoptr (EfBatch) batch = NULL;

  ef_element_push_dead_letters (self);
  batch = take_undelivered (self);
  if (batch == NULL)
    return;

  if (obstacle == NULL)
    deliver (self, batch);
  else
    tell_letters (self, batch, obstacle);
  ef_pad_set_stuck (priv->errors, FALSE);
}

void
ef_element_clear_dead_letters (EfElement *self)
{
  EfDeadLetters *letters = &ef_element_get_private (self)->letters;

  g_clear_pointer (&letters->collected, ef_batch_unref);
  g_clear_pointer (&letters->undelivered, ef_batch_unref);
  g_clear_pointer (&letters->builder, ef_event_builder_unref);
}
