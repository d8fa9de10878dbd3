/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element-policy-private.h"
#include "ef-element-private.h"
#include "ef-enum-types.h"
#include "ef-error.h"
#include "ef-pad.h"

#include <string.h>

/* The properties, of every element, that say what becomes of events that it can not handle. */

#define SETTABLE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define CHANGEABLE (SETTABLE | EF_PARAM_MUTABLE_PLAYING)

/* The ten properties about retries are five, twice. */
typedef enum
{
  OPTION_MAX_ATTEMPTS,
  OPTION_BACKOFF,
  OPTION_INITIAL_DELAY,
  OPTION_MAX_DELAY,
  OPTION_JITTER,
} RetryOption;

static void
install_retry (GObjectClass *klass, guint first_id, const char *const *names)
{
  g_object_class_install_property (
    klass, first_id + OPTION_MAX_ATTEMPTS,
    g_param_spec_int (names[OPTION_MAX_ATTEMPTS], NULL,
                      "How many tries to make after the first failure; -1 is without limit", -1,
                      G_MAXINT, EF_RETRY_DEFAULT_MAX_ATTEMPTS, CHANGEABLE));
  g_object_class_install_property (
    klass, first_id + OPTION_BACKOFF,
    g_param_spec_enum (names[OPTION_BACKOFF], NULL,
                       "How the wait grows with each try: doubled, by the first wait, or not at all",
                       EF_TYPE_BACKOFF_KIND, EF_BACKOFF_EXPONENTIAL, CHANGEABLE));
  g_object_class_install_property (
    klass, first_id + OPTION_INITIAL_DELAY,
    g_param_spec_int (names[OPTION_INITIAL_DELAY], NULL,
                      "How many milliseconds to wait before the first try", 0, G_MAXINT,
                      EF_RETRY_DEFAULT_INITIAL_DELAY, CHANGEABLE | EF_PARAM_MILLISECONDS));
  g_object_class_install_property (
    klass, first_id + OPTION_MAX_DELAY,
    g_param_spec_int (names[OPTION_MAX_DELAY], NULL,
                      "How many milliseconds to wait at most before a try", 0, G_MAXINT,
                      EF_RETRY_DEFAULT_MAX_DELAY, CHANGEABLE | EF_PARAM_MILLISECONDS));
  g_object_class_install_property (
    klass, first_id + OPTION_JITTER,
    g_param_spec_double (names[OPTION_JITTER], NULL,
                         "The share of a wait by which chance makes it longer or shorter", 0, 1, 0,
                         CHANGEABLE));
}

static void
get_retry (const EfRetryOptions *options, RetryOption option, GValue *value)
{
  switch (option)
    {
    case OPTION_MAX_ATTEMPTS:
      g_value_set_int (value, options->max_attempts);
      break;
    case OPTION_BACKOFF:
      g_value_set_enum (value, (int) options->backoff);
      break;
    case OPTION_INITIAL_DELAY:
      g_value_set_int (value, options->initial_delay);
      break;
    case OPTION_MAX_DELAY:
      g_value_set_int (value, options->max_delay);
      break;
    case OPTION_JITTER:
      g_value_set_double (value, options->jitter);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
set_retry (EfRetryOptions *options, RetryOption option, const GValue *value)
{
  switch (option)
    {
    case OPTION_MAX_ATTEMPTS:
      options->max_attempts = g_value_get_int (value);
      break;
    case OPTION_BACKOFF:
      options->backoff = (EfBackoffKind) g_value_get_enum (value);
      break;
    case OPTION_INITIAL_DELAY:
      options->initial_delay = g_value_get_int (value);
      break;
    case OPTION_MAX_DELAY:
      options->max_delay = g_value_get_int (value);
      break;
    case OPTION_JITTER:
      options->jitter = g_value_get_double (value);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
install_strategy (GObjectClass *klass, guint first_id)
{
  /**
   * EfElement:error-strategy:
   *
   * What becomes of an event that the element can not handle.
   *
   * As long as nobody sets it, an event is dropped, unless the pad `errors` is linked: then it goes
   * there as a dead letter. And the loss of what the element works with, such as the file it writes
   * to, is the end of the pipeline as long as nobody does either.
   */
  g_object_class_install_property (
    klass, first_id + EF_ERROR_PROPERTY_STRATEGY,
    g_param_spec_enum ("error-strategy", NULL,
                       "What becomes of an event that the element can not handle: it is dropped, "
                       "tried again, put aside as a dead letter, or the end of the pipeline",
                       EF_TYPE_ERROR_STRATEGY, EF_ERROR_STRATEGY_DROP, CHANGEABLE));

  /**
   * EfElement:error-log-level:
   *
   * How loudly the element tells of events that it can not handle. The signal
   * [signal@EventFlux.Element::error] has each of them at any level.
   */
  g_object_class_install_property (
    klass, first_id + EF_ERROR_PROPERTY_LOG_LEVEL,
    g_param_spec_enum ("error-log-level", NULL,
                       "How loudly to tell of events that the element can not handle: on the bus "
                       "(error, warn) or in the log alone (info, debug)",
                       EF_TYPE_ERROR_LOG_LEVEL, EF_ERROR_LOG_WARN, CHANGEABLE));
}

static void
install_retries (GObjectClass *klass, guint first_id)
{
  static const char *const names[] = {
    "error-retry-max-attempts", "error-retry-backoff", "error-retry-initial-delay",
    "error-retry-max-delay",    "error-retry-jitter",
  };

  /**
   * EfElement:error-retry-max-attempts:
   *
   * How many tries to make after the first failure, before an event goes where
   * [property@EventFlux.Element:error-retry-exhausted] says; -1 is without limit.
   */
  /**
   * EfElement:error-retry-backoff:
   *
   * How the wait between tries grows.
   */
  /**
   * EfElement:error-retry-initial-delay:
   *
   * How many milliseconds to wait before the first try.
   */
  /**
   * EfElement:error-retry-max-delay:
   *
   * How many milliseconds to wait at most before a try.
   */
  /**
   * EfElement:error-retry-jitter:
   *
   * The share of a wait, from 0 to 1, by which chance makes it longer or shorter.
   */
  install_retry (klass, first_id + EF_ERROR_PROPERTY_RETRY, names);

  /**
   * EfElement:error-retry-exhausted:
   *
   * What becomes of an event that no retry will help, as it is itself at fault, or that no retry has
   * helped. As long as nobody sets it, the event is dropped, unless the pad `errors` is linked.
   */
  g_object_class_install_property (
    klass, first_id + EF_ERROR_PROPERTY_EXHAUSTED,
    g_param_spec_enum ("error-retry-exhausted", NULL,
                       "What becomes of an event that retries do not help: it is dropped, put aside "
                       "as a dead letter, or the end of the pipeline",
                       EF_TYPE_ERROR_EXHAUSTED, EF_ERROR_EXHAUSTED_DROP, CHANGEABLE));
}

static void
install_dlq (GObjectClass *klass, guint first_id)
{
  static const char *const names[] = {
    "error-dlq-fallback-retry-max-attempts",  "error-dlq-fallback-retry-backoff",
    "error-dlq-fallback-retry-initial-delay", "error-dlq-fallback-retry-max-delay",
    "error-dlq-fallback-retry-jitter",
  };

  /**
   * EfElement:error-dlq-stream:
   *
   * What dead letters go to: a stream of an application in SQL, or the name of an element in a
   * description. It is linked to the pad `errors` when the pipeline is made.
   */
  g_object_class_install_property (
    klass, first_id + EF_ERROR_PROPERTY_DLQ_STREAM,
    g_param_spec_string ("error-dlq-stream", NULL,
                         "The stream (in SQL) or the element (in a description) that dead letters "
                         "go to",
                         NULL, SETTABLE));

  /**
   * EfElement:error-dlq-fallback-strategy:
   *
   * What becomes of a dead letter that could not be delivered, as nothing is linked to the pad
   * `errors`, or what is linked there does not play.
   */
  g_object_class_install_property (
    klass, first_id + EF_ERROR_PROPERTY_FALLBACK,
    g_param_spec_enum ("error-dlq-fallback-strategy", NULL,
                       "What becomes of a dead letter that could not be delivered: it is told of, the "
                       "end of the pipeline, or tried again and then told of",
                       EF_TYPE_ERROR_FALLBACK, EF_ERROR_FALLBACK_LOG, CHANGEABLE));

  /**
   * EfElement:error-dlq-fallback-retry-max-attempts:
   *
   * How many tries to make to deliver a dead letter after the first failure; -1 is without limit.
   */
  /**
   * EfElement:error-dlq-fallback-retry-backoff:
   *
   * How the wait between tries to deliver a dead letter grows.
   */
  /**
   * EfElement:error-dlq-fallback-retry-initial-delay:
   *
   * How many milliseconds to wait before the first new try to deliver a dead letter.
   */
  /**
   * EfElement:error-dlq-fallback-retry-max-delay:
   *
   * How many milliseconds to wait at most before a try to deliver a dead letter.
   */
  /**
   * EfElement:error-dlq-fallback-retry-jitter:
   *
   * The share of a wait, from 0 to 1, by which chance makes it longer or shorter.
   */
  install_retry (klass, first_id + EF_ERROR_PROPERTY_FALLBACK_RETRY, names);

  /**
   * EfElement:error-stream-name:
   *
   * What dead letters have as their `streamName`; as long as it is not set, the element's name.
   */
  g_object_class_install_property (
    klass, first_id + EF_ERROR_PROPERTY_STREAM_NAME,
    g_param_spec_string ("error-stream-name", NULL,
                         "What dead letters have as their streamName, instead of the element's name",
                         NULL, CHANGEABLE));
}

/* The configuration key of one of these properties. Unlike others it is not all dots: keys are grouped,
 * and the last word of a key may have dashes. */
char *
ef_element_dup_error_key (const char *property)
{
  static const char *const groups[][2] = {
    { "error-dlq-fallback-retry-", "error.dlq.fallback-retry." },
    { "error-dlq-", "error.dlq." },
    { "error-retry-", "error.retry." },
    { "error-", "error." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    if (g_str_has_prefix (property, groups[i][0]))
      return g_strconcat (groups[i][1], property + strlen (groups[i][0]), NULL);

  return NULL;
}

/* Installs the properties, with ids from @first_id on. */
void
ef_element_install_error_properties (GObjectClass *klass, guint first_id)
{
  install_strategy (klass, first_id);
  install_retries (klass, first_id);
  install_dlq (klass, first_id);
}

/* The retry that a property is an option of, NULL if it is none. */
static EfRetryOptions *
find_retry (EfErrorPolicy *policy, EfErrorProperty property, RetryOption *option)
{
  if (property >= EF_ERROR_PROPERTY_RETRY && property <= EF_ERROR_PROPERTY_RETRY + OPTION_JITTER)
    {
      *option = (RetryOption) (property - EF_ERROR_PROPERTY_RETRY);
      return &policy->retry;
    }

  if (property >= EF_ERROR_PROPERTY_FALLBACK_RETRY
      && property <= EF_ERROR_PROPERTY_FALLBACK_RETRY + OPTION_JITTER)
    {
      *option = (RetryOption) (property - EF_ERROR_PROPERTY_FALLBACK_RETRY);
      return &policy->fallback_retry;
    }

  return NULL;
}

static void
get_property (const EfErrorPolicy *policy, EfErrorProperty property, GValue *value)
{
  switch (property)
    {
    case EF_ERROR_PROPERTY_STRATEGY:
      g_value_set_enum (value, (int) policy->strategy);
      break;
    case EF_ERROR_PROPERTY_LOG_LEVEL:
      g_value_set_enum (value, (int) policy->log_level);
      break;
    case EF_ERROR_PROPERTY_EXHAUSTED:
      g_value_set_enum (value, (int) policy->exhausted);
      break;
    case EF_ERROR_PROPERTY_DLQ_STREAM:
      g_value_set_string (value, policy->dlq_stream);
      break;
    case EF_ERROR_PROPERTY_FALLBACK:
      g_value_set_enum (value, (int) policy->fallback);
      break;
    case EF_ERROR_PROPERTY_STREAM_NAME:
      g_value_set_string (value, policy->stream_name);
      break;
    case EF_ERROR_PROPERTY_RETRY:
    case EF_ERROR_PROPERTY_FALLBACK_RETRY:
    default:
      g_assert_not_reached ();
    }
}

void
ef_element_get_error_property (EfElement *self, EfErrorProperty property, GValue *value)
{
  EfErrorPolicy *policy = &ef_element_get_private (self)->policy;
  RetryOption option;
  EfRetryOptions *retry = find_retry (policy, property, &option);

  if (retry != NULL)
    get_retry (retry, option, value);
  else
    get_property (policy, property, value);
}

static void
set_text (char **field, const GValue *value)
{
  g_free (*field);
  *field = g_value_dup_string (value);
}

static void
set_property (EfErrorPolicy *policy, EfErrorProperty property, const GValue *value)
{
  switch (property)
    {
    case EF_ERROR_PROPERTY_STRATEGY:
      policy->strategy = (EfErrorStrategy) g_value_get_enum (value);
      policy->has_strategy = TRUE;
      break;
    case EF_ERROR_PROPERTY_LOG_LEVEL:
      policy->log_level = (EfErrorLogLevel) g_value_get_enum (value);
      break;
    case EF_ERROR_PROPERTY_EXHAUSTED:
      policy->exhausted = (EfErrorExhausted) g_value_get_enum (value);
      policy->has_exhausted = TRUE;
      break;
    case EF_ERROR_PROPERTY_DLQ_STREAM:
      set_text (&policy->dlq_stream, value);
      break;
    case EF_ERROR_PROPERTY_FALLBACK:
      policy->fallback = (EfErrorFallback) g_value_get_enum (value);
      break;
    case EF_ERROR_PROPERTY_STREAM_NAME:
      set_text (&policy->stream_name, value);
      break;
    case EF_ERROR_PROPERTY_RETRY:
    case EF_ERROR_PROPERTY_FALLBACK_RETRY:
    default:
      g_assert_not_reached ();
    }
}

void
ef_element_set_error_property (EfElement *self,
                               EfErrorProperty property,
                               const GValue *value,
                               GParamSpec *pspec)
{
  EfErrorPolicy *policy = &ef_element_get_private (self)->policy;
  RetryOption option;
  EfRetryOptions *retry = find_retry (policy, property, &option);
  g_auto (GValue) before = G_VALUE_INIT;

  g_value_init (&before, pspec->value_type);
  ef_element_get_error_property (self, property, &before);
  if (retry != NULL)
    set_retry (retry, option, value);
  else
    set_property (policy, property, value);

  if (g_param_values_cmp (pspec, &before, value) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

/* That the policy is one, and that dead letters find what they are to go to. */
void
ef_element_copy_policy (EfElement *self, EfElement *from)
{
  ef_error_policy_copy (&ef_element_get_private (self)->policy, &ef_element_get_private (from)->policy);
}

gboolean
ef_element_check_policy (EfElement *self, GError **error)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  if (!ef_error_policy_check (&priv->policy, error))
    {
      g_prefix_error (error, "%s: ", priv->name);
      return FALSE;
    }

  if (priv->policy.dlq_stream == NULL || ef_pad_get_n_links (priv->errors) > 0)
    return TRUE;

  g_set_error (error, EF_ERROR, EF_ERROR_LINK,
               "%s: property “error-dlq-stream” is “%s”, but nothing is linked to the pad “errors”; in "
               "a description and in SQL the name is enough, a program has to link the pad",
               priv->name, priv->policy.dlq_stream);

  return FALSE;
}
