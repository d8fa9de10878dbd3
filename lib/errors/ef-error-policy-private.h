/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-backoff-private.h"
#include "ef-error-policy.h"

G_BEGIN_DECLS

/* How often and when to try again; times in milliseconds. */
typedef struct
{
  int max_attempts;     /* after the first failure; negative: without end */
  EfBackoffKind backoff;
  gint initial_delay;
  gint max_delay;
  double jitter;
} EfRetryOptions;

/* What an element does about events that it can not handle. */
typedef struct
{
  EfErrorStrategy strategy;
  gboolean has_strategy;  /* somebody chose it */
  EfErrorLogLevel log_level;

  EfRetryOptions retry;
  EfErrorExhausted exhausted;
  gboolean has_exhausted; /* somebody chose it */

  char *dlq_stream;       /* what dead letters go to, in an application or a description */
  EfErrorFallback fallback;
  EfRetryOptions fallback_retry;

  char *stream_name;      /* what dead letters call the stream, NULL for the element's name */
} EfErrorPolicy;

#define EF_RETRY_DEFAULT_MAX_ATTEMPTS 3
#define EF_RETRY_DEFAULT_INITIAL_DELAY 100
#define EF_RETRY_DEFAULT_MAX_DELAY (30 * 1000)

void ef_error_policy_init (EfErrorPolicy *self);

void ef_error_policy_clear (EfErrorPolicy *self);

void ef_error_policy_copy (EfErrorPolicy *self, const EfErrorPolicy *other);

gboolean ef_error_policy_check (const EfErrorPolicy *self, GError **error);

gboolean ef_error_policy_may_retry (const EfErrorPolicy *self, const GError *error);

EfErrorExhausted ef_error_policy_get_end (const EfErrorPolicy *self, gboolean has_dead_letters);

gboolean ef_error_policy_is_fatal (const EfErrorPolicy *self, gboolean has_dead_letters);

void ef_retry_options_start (const EfRetryOptions *self, EfBackoff *backoff);

gboolean ef_error_is_data (const GError *error);

G_END_DECLS
