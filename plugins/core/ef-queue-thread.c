/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-queue-thread.h"

/* One run of the thread, which may outlast its owner for a moment. */
typedef struct
{
  int ref_count;      /* atomic */
  GMainContext *context;
  GThread *before;    /* the run before this one; owned */
  int quit;           /* atomic */
} Run;

struct _EfQueueThread
{
  GMainContext *context;
  GThread *thread;    /* the last one that was begun; owned */
  Run *run;           /* NULL while none is to run; shared with the thread */
};

EfQueueThread *
ef_queue_thread_new (GMainContext *context)
{
  EfQueueThread *self = g_new0 (EfQueueThread, 1);

  self->context = g_main_context_ref (context);

  return self;
}

static void
run_unref (Run *run)
{
  if (!g_atomic_int_dec_and_test (&run->ref_count))
    return;

  g_main_context_unref (run->context);
  g_free (run);
}

static gpointer
run_thread (gpointer data)
{
  Run *run = data;

  /* Two threads can not iterate one context. */
  if (run->before != NULL)
    g_thread_join (g_steal_pointer (&run->before));

  g_main_context_push_thread_default (run->context);
  while (!g_atomic_int_get (&run->quit))
    g_main_context_iteration (run->context, TRUE);
  g_main_context_pop_thread_default (run->context);

  run_unref (run);

  return NULL;
}

/* Begins to iterate the context. */
void
ef_queue_thread_begin (EfQueueThread *self, const char *name)
{
  g_return_if_fail (self->run == NULL);

  self->run = g_new0 (Run, 1);
  self->run->ref_count = 2; /* ours and the thread's */
  self->run->context = g_main_context_ref (self->context);
  self->run->before = g_steal_pointer (&self->thread);
  self->thread = g_thread_new (name, run_thread, self->run);
}

/* Has the thread end when it has returned from what it does, and does not wait for that. */
void
ef_queue_thread_end (EfQueueThread *self)
{
  g_return_if_fail (self->run != NULL);

  g_atomic_int_set (&self->run->quit, TRUE);
  g_main_context_wakeup (self->context);
  g_clear_pointer (&self->run, run_unref);
}

/* May be called from the thread itself, and so does not wait for it either. */
void
ef_queue_thread_free (EfQueueThread *self)
{
  if (self->run != NULL)
    ef_queue_thread_end (self);
  g_clear_pointer (&self->thread, g_thread_unref);
  g_main_context_unref (self->context);
  g_free (self);
}
