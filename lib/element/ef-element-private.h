/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"
#include "ef-event-builder.h"

G_BEGIN_DECLS

typedef struct _EfStep EfStep;

/* Who holds the input. */
typedef enum
{
  EF_HOLD_OWN = 1 << 0,     /* the element */
  EF_HOLD_OUTPUT = 1 << 1,  /* what is behind it */
} EfHold;

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
  guint64 n_rejected;
  EfEventBuilder *dead_letter_builder;
  EfBatch *dead_letters;       /* of the batch that is being processed */

  GHashTable *masked;          /* ef-config.c: names of properties and “property.entry” */
} EfElementPrivate;

/* ef-element.c */

EfElementPrivate *ef_element_get_private (EfElement *self);

gboolean ef_element_is_busy (EfElement *self);

void ef_element_recall (EfElement *self);

void ef_element_calls_returned (EfElement *self, EfPad *pad);

void ef_element_outputs_changed (EfElement *self);

void ef_element_set_hold (EfElement *self, EfHold who, gboolean held);

void ef_element_set_flowing (EfElement *self, gboolean flowing);

void ef_element_notify_state (EfElement *self);

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

void ef_element_push_dead_letters (EfElement *self);

/* ef-element-class.c */

char *ef_element_class_dup_key (EfElementClass *klass, GParamSpec *pspec);

gboolean ef_element_check_required (EfElement *self, GError **error);

G_END_DECLS
