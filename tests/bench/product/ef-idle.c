/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ef-idle: what idle client connections weigh. Arguments: URL COUNT. */

#include "config.h"

#include <bench-job.h>
#include <bench-memory.h>
#include <bench-stream.h>

#include <eventflux.h>

typedef struct
{
  GMainLoop *loop;
  guint64 waiting;
} Idle;

static void
on_started (GObject *object, GAsyncResult *result, gpointer data)
{
  Idle *idle = data;
  g_autoptr (GError) error = NULL;

  if (!ef_element_start_finish (EF_ELEMENT (object), result, &error))
    bench_fail ("%s", error->message);

  if (--idle->waiting == 0)
    g_main_loop_quit (idle->loop);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GPtrArray) sources = g_ptr_array_new_with_free_func (g_object_unref);
  Idle idle = { .loop = loop };
  BenchMemory memory;
  BenchClock clock;
  guint64 count;

  if (argc != 3)
    bench_fail ("usage: URL COUNT");
  count = idle.waiting = bench_parse_count (argv[2]);

  bench_clock_start (&clock);
  bench_memory_start (&memory);
  for (guint64 i = 0; i < count; i++)
    {
      EfWebSocketSource *source = ef_web_socket_source_new ();

      g_ptr_array_add (sources, source);
      g_object_set (source, "url", argv[1], NULL);
      ef_element_start_async (EF_ELEMENT (source), NULL, on_started, &idle);
    }
  g_main_loop_run (loop);
  bench_memory_report_each (&memory, count, &clock);

  return 0;
}
