/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Seconds that a wait may take before it fails its test. Nothing that works comes near it: it is
 * there so that what hangs says where. EF_TEST_TIME_SCALE in the environment stretches it. */
#define EF_TEST_DEADLINE_S 15

typedef gboolean (*EfTestCondition) (gpointer data);

typedef struct
{
  GMainContext *context;
  GSource *tick;
  gint64 deadline;
  const char *awaited;
  const char *file;
  int line;
  const char *function;
} EfTestDeadline;

void ef_test_deadline_init (EfTestDeadline *self,
                            GMainContext *context,
                            const char *awaited,
                            const char *file,
                            int line,
                            const char *function);

void ef_test_deadline_iterate (EfTestDeadline *self);

void ef_test_deadline_clear (EfTestDeadline *self);

guint ef_test_get_time_scale (void);

void ef_test_wait_until_full (GMainContext *context,
                              EfTestCondition condition,
                              gpointer data,
                              const char *awaited,
                              const char *file,
                              int line,
                              const char *function);

void ef_test_drain (GMainContext *context);

void ef_test_settle (void);

/* Iterates `context` (NULL: the calling thread's default one) until `condition (data)` is true.
 * Fails the test, naming the condition and the line, when the deadline comes first. */
#define ef_test_wait_until(context, condition, data) \
  ef_test_wait_until_full ((context), (condition), (data), #condition " (" #data ")", __FILE__, \
                           __LINE__, G_STRFUNC)

/* The same for any expression. It is evaluated again after each iteration, so it may well be a call
 * that has an effect, such as taking the next frame out of a peer. */
#define ef_test_wait_for(context, expression) \
  G_STMT_START \
  { \
    EfTestDeadline ef_test_deadline_; \
\
    ef_test_deadline_init (&ef_test_deadline_, (context), #expression, __FILE__, __LINE__, \
                           G_STRFUNC); \
    while (!(expression)) \
      ef_test_deadline_iterate (&ef_test_deadline_); \
    ef_test_deadline_clear (&ef_test_deadline_); \
  } \
  G_STMT_END

/* Iterates the context until the last other reference to `object` is gone, then drops this one:
 * for objects that an operation under way may still hold for an iteration or two. */
#define ef_test_assert_finalizes(context, object) \
  G_STMT_START \
  { \
    gpointer ef_test_object_ = (object); \
\
    g_object_add_weak_pointer (ef_test_object_, &ef_test_object_); \
    g_object_unref (ef_test_object_); \
    ef_test_wait_for ((context), ef_test_object_ == NULL); \
  } \
  G_STMT_END

G_END_DECLS
