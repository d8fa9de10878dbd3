/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The servers that test-killed-servers kills:
 *
 * chaos-server feed PORT FIRST sends numbers from FIRST on to all clients, many each millisecond;
 * chaos-server collect PORT prints each message that it gets.
 *
 * Both print `listening URL` once clients may come. Port 0 takes a free one. */

#include <eventflux.h>
#include <string.h>
#include <unistd.h>

#define NUMBERS_PER_TICK 50

static gint64 next_number;

static EfElement *
start_server (GType type, const char *port)
{
  g_autofree char *url = g_strdup_printf ("ws://127.0.0.1:%s/", port);
  EfElement *server = g_object_new (type, "url", url, NULL);
  g_autoptr (GError) error = NULL;
  guint actual_port;

  if (!ef_element_start (server, &error))
    g_error ("%s", error->message);
  while (g_object_get (server, "port", &actual_port, NULL), actual_port == 0)
    g_main_context_iteration (NULL, TRUE);

  g_print ("listening ws://127.0.0.1:%u/\n", actual_port);

  return server;
}

static gboolean
send_numbers (gpointer user_data)
{
  guint n_clients;

  g_object_get (user_data, "n-clients", &n_clients, NULL);
  for (guint i = 0; n_clients > 0 && i < NUMBERS_PER_TICK; i++)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, next_number++);
      g_autoptr (EfEvent) event = ef_event_new_text (0, text, -1);
      g_autoptr (GError) error = NULL;

      if (!ef_sink_publish_event (user_data, event, &error))
        g_error ("%s", error->message);
    }

  return G_SOURCE_CONTINUE;
}

/* Without a buffer: what was received when the process is killed has been told. */
static void
on_message (EfWebSocketServerSource *source,
            GBytes *message,
            EfWebSocketMessageType type,
            guint64 client,
            gpointer user_data)
{
  gsize size;
  const char *data = g_bytes_get_data (message, &size);
  g_autofree char *line = g_strdup_printf ("%.*s\n", (int) size, data);

  if (write (STDOUT_FILENO, line, strlen (line)) != (gssize) strlen (line))
    _exit (1);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (EfElement) server = NULL;

  if (argc == 4 && strcmp (argv[1], "feed") == 0)
    {
      next_number = g_ascii_strtoll (argv[3], NULL, 10);
      server = start_server (EF_TYPE_WEB_SOCKET_SERVER_SINK, argv[2]);
      g_timeout_add (1, send_numbers, server);
    }
  else if (argc == 3 && strcmp (argv[1], "collect") == 0)
    {
      server = start_server (EF_TYPE_WEB_SOCKET_SERVER_SOURCE, argv[2]);
      g_signal_connect (server, "message", G_CALLBACK (on_message), NULL);
    }
  else
    {
      g_printerr ("usage: chaos-server feed PORT FIRST | collect PORT\n");
      return 2;
    }

  g_main_loop_run (loop);

  return 0;
}
