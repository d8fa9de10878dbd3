/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error-policy-private.h"
#include "ef-error.h"
#include "ef-web-socket-error.h"

#include <gio/gio.h>

static void
retry_options_init (EfRetryOptions *self)
{
  self->max_attempts = EF_RETRY_DEFAULT_MAX_ATTEMPTS;
  self->backoff = EF_BACKOFF_EXPONENTIAL;
  self->initial_delay = EF_RETRY_DEFAULT_INITIAL_DELAY;
  self->max_delay = EF_RETRY_DEFAULT_MAX_DELAY;
  self->jitter = 0;
}

void
ef_error_policy_init (EfErrorPolicy *self)
{
  *self = (EfErrorPolicy) {
    .strategy = EF_ERROR_STRATEGY_DROP,
    .log_level = EF_ERROR_LOG_WARN,
    .exhausted = EF_ERROR_EXHAUSTED_DROP,
    .fallback = EF_ERROR_FALLBACK_LOG,
  };
  retry_options_init (&self->retry);
  retry_options_init (&self->fallback_retry);
}

void
ef_error_policy_clear (EfErrorPolicy *self)
{
  g_clear_pointer (&self->dlq_stream, g_free);
  g_clear_pointer (&self->stream_name, g_free);
}

void
ef_error_policy_copy (EfErrorPolicy *self, const EfErrorPolicy *other)
{
  ef_error_policy_clear (self);
  *self = *other;
  self->dlq_stream = g_strdup (other->dlq_stream);
  self->stream_name = g_strdup (other->stream_name);
}

static gboolean
check_delays (const EfRetryOptions *self, const char *key, GError **error)
{
  if (self->max_delay >= self->initial_delay)
    return TRUE;

  g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
               "“%s-max-delay” (%d ms) is shorter than “%s-initial-delay” (%d ms): the longest wait "
               "can not be shorter than the first",
               key, self->max_delay, key, self->initial_delay);

  return FALSE;
}

/* What can not be seen from one value alone. */
gboolean
ef_error_policy_check (const EfErrorPolicy *self, GError **error)
{
  return check_delays (&self->retry, "error-retry", error)
         && check_delays (&self->fallback_retry, "error-dlq-fallback-retry", error);
}

void
ef_retry_options_start (const EfRetryOptions *self, EfBackoff *backoff)
{
  ef_backoff_init (backoff, (gint64) self->initial_delay * 1000, (gint64) self->max_delay * 1000,
                   self->max_attempts);
  ef_backoff_set_kind (backoff, self->backoff);
  ef_backoff_set_jitter (backoff, self->jitter);
}

/* Whether it is the event that is at fault, so that the next try would end as this one did. */
gboolean
ef_error_is_data (const GError *error)
{
  if (error->domain == EF_ERROR)
    return error->code == EF_ERROR_DATA || error->code == EF_ERROR_SYNTAX
           || error->code == EF_ERROR_INVALID_VALUE;

  if (error->domain == EF_WEB_SOCKET_ERROR)
    return error->code == EF_WEB_SOCKET_ERROR_INVALID_UTF8;

  if (error->domain == G_IO_ERROR)
    return error->code == G_IO_ERROR_INVALID_DATA || error->code == G_IO_ERROR_INVALID_ARGUMENT
           || error->code == G_IO_ERROR_MESSAGE_TOO_LARGE || error->code == G_IO_ERROR_NOT_SUPPORTED;

  return error->domain == G_CONVERT_ERROR || error->domain == G_VARIANT_PARSE_ERROR
         || error->domain == G_NUMBER_PARSER_ERROR;
}

gboolean
ef_error_policy_may_retry (const EfErrorPolicy *self, const GError *error)
{
  return self->strategy == EF_ERROR_STRATEGY_RETRY && !ef_error_is_data (error);
}

/* Where an event goes that is not tried again. Who links the pad for dead letters and chooses nothing
 * else wants them there; who chooses to drop does not. */
EfErrorExhausted
ef_error_policy_get_end (const EfErrorPolicy *self, gboolean has_dead_letters)
{
  const EfErrorExhausted silent
    = has_dead_letters ? EF_ERROR_EXHAUSTED_DLQ : EF_ERROR_EXHAUSTED_DROP;

  switch (self->strategy)
    {
    case EF_ERROR_STRATEGY_RETRY:
      return self->has_exhausted ? self->exhausted : silent;
    case EF_ERROR_STRATEGY_DLQ:
      return EF_ERROR_EXHAUSTED_DLQ;
    case EF_ERROR_STRATEGY_FAIL:
      return EF_ERROR_EXHAUSTED_FAIL;
    case EF_ERROR_STRATEGY_DROP:
    default:
      return self->has_strategy ? EF_ERROR_EXHAUSTED_DROP : silent;
    }
}

/* Whether the loss of what an element works with, such as a file, is its end. It is if nobody has said
 * what is to become of the events: a full disk does not lose them on the quiet. */
gboolean
ef_error_policy_is_fatal (const EfErrorPolicy *self, gboolean has_dead_letters)
{
  gboolean was_chosen
    = self->strategy == EF_ERROR_STRATEGY_RETRY ? self->has_exhausted : self->has_strategy;

  switch (ef_error_policy_get_end (self, has_dead_letters))
    {
    case EF_ERROR_EXHAUSTED_DLQ:
      return FALSE;
    case EF_ERROR_EXHAUSTED_FAIL:
      return TRUE;
    case EF_ERROR_EXHAUSTED_DROP:
    default:
      return !was_chosen;
    }
}
