/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <glib-object.h>

#include "ef-version.h"

G_BEGIN_DECLS

/**
 * EfErrorStrategy:
 * @EF_ERROR_STRATEGY_DROP: it is dropped, counted and told of
 * @EF_ERROR_STRATEGY_RETRY: it is tried again, unless the event itself is at fault
 * @EF_ERROR_STRATEGY_DLQ: it leaves as a dead letter, by the pad `errors`
 * @EF_ERROR_STRATEGY_FAIL: the element fails, and with it the pipeline
 *
 * What becomes of an event that an element could not handle.
 *
 * Since: 1.0
 */
typedef enum
{
  EF_ERROR_STRATEGY_DROP,
  EF_ERROR_STRATEGY_RETRY,
  EF_ERROR_STRATEGY_DLQ,
  EF_ERROR_STRATEGY_FAIL,
} EfErrorStrategy;

/**
 * EfErrorExhausted:
 * @EF_ERROR_EXHAUSTED_DROP: it is dropped, counted and told of
 * @EF_ERROR_EXHAUSTED_DLQ: it leaves as a dead letter, by the pad `errors`
 * @EF_ERROR_EXHAUSTED_FAIL: the element fails, and with it the pipeline
 *
 * What becomes of an event that no retry will help, or none has.
 *
 * Since: 1.0
 */
typedef enum
{
  EF_ERROR_EXHAUSTED_DROP,
  EF_ERROR_EXHAUSTED_DLQ,
  EF_ERROR_EXHAUSTED_FAIL,
} EfErrorExhausted;

/**
 * EfErrorFallback:
 * @EF_ERROR_FALLBACK_LOG: it is told of with the event, counted, and gone
 * @EF_ERROR_FALLBACK_FAIL: the element fails, and with it the pipeline
 * @EF_ERROR_FALLBACK_RETRY: it is tried again, and told of if that does not help
 *
 * What becomes of a dead letter that could not be delivered.
 *
 * Since: 1.0
 */
typedef enum
{
  EF_ERROR_FALLBACK_LOG,
  EF_ERROR_FALLBACK_FAIL,
  EF_ERROR_FALLBACK_RETRY,
} EfErrorFallback;

/**
 * EfErrorLogLevel:
 * @EF_ERROR_LOG_ERROR: a warning on the bus, which `eventflux-launch -q` prints too
 * @EF_ERROR_LOG_WARN: a warning on the bus
 * @EF_ERROR_LOG_INFO: a line in the log, of level info
 * @EF_ERROR_LOG_DEBUG: a line in the log, of level debug
 *
 * How loudly an element tells of events that it could not handle.
 *
 * Since: 1.0
 */
typedef enum
{
  EF_ERROR_LOG_ERROR,
  EF_ERROR_LOG_WARN,
  EF_ERROR_LOG_INFO,
  EF_ERROR_LOG_DEBUG,
} EfErrorLogLevel;

/**
 * EfBackoffKind:
 * @EF_BACKOFF_EXPONENTIAL: each wait is twice as long as the one before it
 * @EF_BACKOFF_LINEAR: each wait is longer than the one before it by the first
 * @EF_BACKOFF_FIXED: all waits are as long as the first
 *
 * How the waits between tries grow.
 *
 * Since: 1.0
 */
typedef enum
{
  EF_BACKOFF_EXPONENTIAL,
  EF_BACKOFF_LINEAR,
  EF_BACKOFF_FIXED,
} EfBackoffKind;

G_END_DECLS
