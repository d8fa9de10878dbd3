/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an event costs on its way from the program through the core elements, the making of it
 * included: `core-bench [CASE-PREFIX] [ROUNDS]`. The best of several rounds counts, as everything
 * else that runs only ever makes one slower. Behind a queue that is the time of the thread before
 * it: so it is given as processor time, next to that of both threads. */

#include <eventflux.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ef-fake-sink.h"
#include "ef-queue.h"

#define N_EVENTS 200000
#define BATCH 256
#define SIZE 160

/* appsource ! fakesink, or with a queue between. */
typedef struct
{
  EfAppSource *source;
  EfElement *queue;
  EfElement *sink;
} Chain;

typedef struct
{
  const char *name;
  void (*run) (Chain *chain, guint n_events);
  gboolean queued;
} Case;

static char text[SIZE + 1];

static gint64
clock_ns (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);

  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
start (EfElement *element)
{
  ef_element_start (element, NULL);
  while (ef_element_get_state (element) != EF_STATE_PLAYING)
    g_main_context_iteration (NULL, FALSE);
}

static void
stop (EfElement *element)
{
  ef_element_stop (element);
  while (ef_element_get_state (element) != EF_STATE_NULL)
    g_main_context_iteration (NULL, FALSE);
  g_object_unref (element);
}

static void
chain_init (Chain *self, gboolean queued)
{
  self->source = g_object_new (EF_TYPE_APP_SOURCE, NULL);
  self->sink = g_object_new (EF_TYPE_FAKE_SINK, NULL);
  self->queue = queued ? g_object_new (EF_TYPE_QUEUE, "max-events", 100000, NULL) : NULL;

  if (queued)
    {
      EfThreadBoundary *boundary = EF_THREAD_BOUNDARY (self->queue);

      ef_element_link (EF_ELEMENT (self->source), self->queue, NULL);
      ef_element_link (self->queue, self->sink, NULL);
      ef_element_set_context (self->sink, ef_thread_boundary_get_context (boundary));
      ef_thread_boundary_start (boundary);
    }
  else
    {
      ef_element_link (EF_ELEMENT (self->source), self->sink, NULL);
    }

  start (self->sink);
  if (queued)
    start (self->queue);
  start (EF_ELEMENT (self->source));
}

static void
chain_clear (Chain *self)
{
  stop (EF_ELEMENT (self->source));
  if (self->queue != NULL)
    {
      g_autoptr (EfElement) queue = g_object_ref (self->queue);

      stop (self->queue);
      stop (self->sink);
      ef_thread_boundary_stop (EF_THREAD_BOUNDARY (queue));
    }
  else
    {
      stop (self->sink);
    }
}

static void
push_texts (Chain *chain, guint n_events)
{
  for (guint i = 0; i < n_events; i++)
    {
      ef_app_source_push_text (chain->source, text, SIZE, NULL);
      if (i % 1024 == 0)
        g_main_context_iteration (NULL, FALSE);
    }
}

static void
push_events (Chain *chain, guint n_events)
{
  g_autoptr (EfEvent) event = ef_event_new_text (0, text, SIZE);

  for (guint i = 0; i < n_events; i++)
    {
      ef_app_source_push_event (chain->source, event, NULL);
      if (i % 1024 == 0)
        g_main_context_iteration (NULL, FALSE);
    }
}

static EfBatch *
make_batch (guint n_events)
{
  EfBatch *batch = ef_batch_new ();
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (ef_schema_get_text_payload ());

  for (guint i = 0; i < n_events; i++)
    {
      ef_event_builder_begin (builder, 0);
      ef_event_builder_set_slice (builder, 0, EF_COLUMN_STRING, text, SIZE);
      ef_batch_append (batch, ef_event_builder_end (builder));
    }
  ef_event_builder_flush (builder);

  return batch;
}

static void
push_batches_of (Chain *chain, guint n_events, guint n_batch)
{
  g_autoptr (EfBatch) batch = make_batch (n_batch);

  for (guint i = 0; i < n_events; i += n_batch)
    while (!ef_app_source_push_batch (chain->source, batch, NULL)
           || ef_element_is_output_held (EF_ELEMENT (chain->source)))
      g_main_context_iteration (NULL, TRUE);
}

static void
push_batches (Chain *chain, guint n_events)
{
  push_batches_of (chain, n_events, BATCH);
}

static void
push_small_batches (Chain *chain, guint n_events)
{
  push_batches_of (chain, n_events, 1);
}

static const Case cases[] = {
  { "push-text", push_texts, FALSE },
  { "push-event", push_events, FALSE },
  { "push-batches", push_batches, FALSE },
  { "push-single", push_small_batches, FALSE },
  { "queue-batches", push_batches, TRUE },
  { "queue-single", push_small_batches, TRUE },
};

static void
measure (const Case *self, guint n_rounds)
{
  gint64 best_wall = G_MAXINT64, best_own = G_MAXINT64, best_all = G_MAXINT64;

  for (guint i = 0; i < n_rounds; i++)
    {
      Chain chain;
      gint64 wall, own, all;
      guint64 n_events;

      chain_init (&chain, self->queued);
      wall = clock_ns (CLOCK_MONOTONIC);
      own = clock_ns (CLOCK_THREAD_CPUTIME_ID);
      all = clock_ns (CLOCK_PROCESS_CPUTIME_ID);

      self->run (&chain, N_EVENTS);
      own = clock_ns (CLOCK_THREAD_CPUTIME_ID) - own;
      do
        {
          g_object_get (chain.sink, "n-events", &n_events, NULL);
          g_main_context_iteration (NULL, FALSE);
        }
      while (n_events < N_EVENTS);

      best_wall = MIN (best_wall, clock_ns (CLOCK_MONOTONIC) - wall);
      best_all = MIN (best_all, clock_ns (CLOCK_PROCESS_CPUTIME_ID) - all);
      best_own = MIN (best_own, own);
      chain_clear (&chain);
    }

  g_print ("%-16s %7.1f ns an event, processor %7.1f ns before the queue, %7.1f ns in all\n",
           self->name, (double) best_wall / N_EVENTS, (double) best_own / N_EVENTS,
           (double) best_all / N_EVENTS);
}

int
main (int argc, char *argv[])
{
  const char *prefix = argc > 1 ? argv[1] : "";
  guint n_rounds = argc > 2 ? (guint) atoi (argv[2]) : 10;

  memset (text, 'x', SIZE);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (g_str_has_prefix (cases[i].name, prefix))
      measure (&cases[i], n_rounds);

  return EXIT_SUCCESS;
}
