/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"
#include "ef-error-policy-private.h"
#include "ef-event-builder.h"

G_BEGIN_DECLS

/* For the files of EfElement alone: its fields, and what these files call of each other. */

typedef struct _EfStep EfStep;
typedef struct _EfRetry EfRetry;

/* Who holds the input. */
typedef enum
{
  EF_HOLD_OWN = 1 << 0,     /* the element */
  EF_HOLD_OUTPUT = 1 << 1,  /* what is behind it */
  EF_HOLD_RETRY = 1 << 2,   /* an event that waits for another try */
  EF_HOLD_OPERATION = 1 << 3, /* an operation that waits for another try */
  EF_HOLD_FAILURE = 1 << 4, /* an event that was the end */
} EfHold;

/* The properties of an error policy. Those about retries are five each, see ef-element-policy.c. */
typedef enum
{
  EF_ERROR_PROPERTY_STRATEGY,
  EF_ERROR_PROPERTY_LOG_LEVEL,
  EF_ERROR_PROPERTY_RETRY,
  EF_ERROR_PROPERTY_EXHAUSTED = EF_ERROR_PROPERTY_RETRY + 5,
  EF_ERROR_PROPERTY_DLQ_STREAM,
  EF_ERROR_PROPERTY_FALLBACK,
  EF_ERROR_PROPERTY_FALLBACK_RETRY,
  EF_ERROR_PROPERTY_STREAM_NAME = EF_ERROR_PROPERTY_FALLBACK_RETRY + 5,
} EfErrorProperty;

/* What became of events that the element could not handle. Read from any thread. */
typedef struct
{
  guint64 n_rejected;      /* in all, less those that a retry has helped */
  guint64 n_dropped;
  guint64 n_dead_letters;  /* delivered */
  guint64 n_undelivered;
  guint64 n_failed;
  guint64 n_retried;       /* tries */
  guint64 n_recovered;     /* events */
} EfErrorCounts;

/* What an element does for many events together and may have to do again. */
typedef struct
{
  gboolean is_failing;
  guint n_tries;           /* of one that was given up */
  EfBackoff backoff;
  GSource *timer;          /* until the next try */
} EfOperation;

/* Dead letters on their way. */
typedef struct
{
  EfEventBuilder *builder;
  EfBatch *collected;      /* of the batch that is being processed */
  EfBatch *undelivered;    /* that wait for another try */
  EfBackoff backoff;
  GSource *timer;
} EfDeadLetters;

typedef struct
{
  char *name;
  EfClock *clock;
  EfBus *bus;

  /* Any thread may ask for a state and so settle the context: the lock guards what follows. */
  GMutex context_lock;
  GMainContext *context;
  gboolean context_is_adopted;
  GThread *thread;             /* that was last seen to iterate the context, not a reference */

  gboolean is_boundary;        /* the output pad is in another thread */

  EfPad *sink;
  EfPad *src;
  EfPad *errors;

  guint holds;                 /* of EfHold */
  gboolean told_held;          /* what output_held was last called with */

  /* ef-element-state.c */
  EfState state;               /* written in the context, read from any thread */
  EfState target;
  const EfStep *step;          /* that is under way */
  gboolean advancing;          /* a loop over the steps is on the stack */
  gboolean unattended;         /* the target was also set by a call that nobody waits for */
  gboolean alive;              /* the element holds a reference to itself */
  GSource *dispatch;           /* for a step that wants a clean stack */
  GQueue waiters;              /* ef-element-request.c */
  GCancellable *opening;
  GError **start_error;        /* where a synchronous start wants its error */

  /* ef-element-post.c */
  GSource *warning_timer;      /* runs until the end of the present second of warnings */
  guint n_warnings;            /* posted in it */
  guint64 n_suppressed;        /* not posted in it */
  GError *suppressed;          /* the last of these */

  EfErrorPolicy policy;
  EfErrorCounts counts;
  EfDeadLetters letters;       /* ef-element-letters.c */
  EfOperation operation;       /* ef-element-operation.c */
  EfRetry *retry;              /* ef-element-retry.c; NULL until something is tried again */
  gboolean failed;             /* an event was the end of it */
  GError *failure;             /* which is still to be told of */
} EfElementPrivate;

/* ef-element.c */

EfElementPrivate *ef_element_get_private (EfElement *self);

void ef_element_notify_state (EfElement *self);

/* ef-element-flow.c */

gboolean ef_element_is_busy (EfElement *self);

void ef_element_recall (EfElement *self);

void ef_element_calls_returned (EfElement *self, EfPad *pad);

void ef_element_outputs_changed (EfElement *self);

void ef_element_set_hold (EfElement *self, EfHold who, gboolean held);

void ef_element_set_flowing (EfElement *self, gboolean flowing);

/* ef-element-state.c */

void ef_element_advance (EfElement *self);

void ef_element_cancel_open (EfElement *self);

void ef_element_rest (EfElement *self);

/* ef-element-request.c */

void ef_element_end_waits (EfElement *self, const GError *error);

/* ef-element-post.c */

void ef_element_install_signals (EfElementClass *klass);

void ef_element_emit_error (EfElement *self, const GError *error);

void ef_element_end_warnings (EfElement *self);

void ef_element_tell (EfElement *self,
                      const GError *error,
                      const char *debug,
                      EfErrorLogLevel level);

void ef_element_tell_wait (EfElement *self,
                           const GError *error,
                           const EfBackoff *backoff,
                           gint64 delay);

/* ef-element-policy.c */

void ef_element_install_error_properties (GObjectClass *klass, guint first_id);

void ef_element_get_error_property (EfElement *self, EfErrorProperty property, GValue *value);

void ef_element_set_error_property (EfElement *self,
                                    EfErrorProperty property,
                                    const GValue *value,
                                    GParamSpec *pspec);

gboolean ef_element_check_policy (EfElement *self, GError **error);

/* ef-element-reject.c */

typedef enum
{
  EF_REJECT_GOING_ON,
  EF_REJECT_STOPPING, /* what would fail the element is dropped */
} EfRejectMode;

void ef_element_settle_event (EfElement *self,
                              EfEvent *event,
                              const GError *error,
                              guint n_tries,
                              EfRejectMode mode);

void ef_element_fail (EfElement *self, const GError *error);

void ef_element_tell_failure (EfElement *self);

void ef_element_forget_failure (EfElement *self);

void ef_element_add_error_stats (EfElement *self, GVariantDict *stats);

/* ef-element-letters.c */

void ef_element_add_dead_letter (EfElement *self,
                                 EfEvent *event,
                                 const GError *error,
                                 guint n_tries);

void ef_element_push_dead_letters (EfElement *self);

void ef_element_end_dead_letters (EfElement *self);

void ef_element_clear_dead_letters (EfElement *self);

/* ef-element-retry.c */

gboolean ef_element_is_retrying (EfElement *self);

gboolean ef_element_retry_event (EfElement *self, EfEvent *event, const GError *error);

guint ef_element_take_tries (EfElement *self, EfEvent *event);

void ef_element_defer_input (EfElement *self);

void ef_element_resume_input (EfElement *self);

void ef_element_pause_retries (EfElement *self);

void ef_element_end_retries (EfElement *self);

void ef_element_free_retry (EfElement *self);

/* ef-element-operation.c */

void ef_element_end_operation (EfElement *self);

G_END_DECLS
