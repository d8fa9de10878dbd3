/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ws-idle: a server that takes connections and keeps them open in silence, until its standard input
 * ends. */

#include "config.h"

#include <bench-frame.h>
#include <bench-report.h>

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

static int n_connections = 1000;

static const GOptionEntry entries[] = {
  { "connections", 'c', 0, G_OPTION_ARG_INT, &n_connections, "Connections to expect", "N" },
  G_OPTION_ENTRY_NULL,
};

static void
parse_options (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    bench_fail ("%s", error->message);
}

static void
allow_many_files (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &limit) < 0)
    bench_fail ("cannot raise the limit of open files: %s", g_strerror (errno));
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) streams =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bench_stream_free);
  guint16 port;
  int listener;
  char byte;

  parse_options (argc, argv);
  allow_many_files ();

  listener = bench_listen (&port);
  bench_announce_port (port);

  while (streams->len < (guint) n_connections)
    {
      BenchStream *stream = bench_stream_accept (listener, NULL);

      g_ptr_array_add (streams, stream);
      if (!bench_handshake_accept (stream))
        bench_fail ("a client left before the handshake");
    }

  while (read (STDIN_FILENO, &byte, 1) > 0)
    ;
  close (listener);

  return 0;
}
