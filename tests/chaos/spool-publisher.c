/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* spool-publisher URL SPOOL FIRST [ACK-PATH]
 *
 * Publishes numbered messages from FIRST on by a sink with a spool, one by one and in batches, and
 * prints each number when the sink has taken it. It goes on until it is killed, or has published
 * MAX_MESSAGES. With FIRST 0 it publishes nothing, and ends when all that was in the spool is sent. */

#include <eventflux.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MESSAGES 3000
#define MAX_SIZE 3000
#define BATCH_SIZE 10

typedef struct
{
  EfWebSocketSink *sink;
  guint next;
  guint end;
} Publisher;

/* {"id":NUMBER,"x":"…"} */
static char *
make_message (guint number)
{
  g_autofree char *padding = g_strnfill ((gsize) g_random_int_range (0, MAX_SIZE), 'x');

  return g_strdup_printf ("{\"id\":%u,\"x\":\"%s\"}", number, padding);
}

static gboolean
publish_one (Publisher *self)
{
  char *text = make_message (self->next);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  return ef_web_socket_sink_publish (self->sink, bytes, NULL);
}

static gboolean
publish_batch (Publisher *self, guint n)
{
  g_autoptr (EfBatch) batch = ef_batch_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = make_message (self->next + i);

      ef_batch_append (batch, ef_event_new_text (0, text, -1));
    }

  return ef_sink_publish_batch (EF_SINK (self->sink), batch, NULL);
}

static gboolean
publish_some (gpointer user_data)
{
  Publisher *self = user_data;
  gboolean batch = ef_element_get_state (EF_ELEMENT (self->sink)) == EF_STATE_PLAYING
                   && g_random_boolean ();
  guint n = batch ? (guint) g_random_int_range (1, BATCH_SIZE) : 1;

  if (self->next == self->end)
    return G_SOURCE_REMOVE;

  /* What is refused is tried again. */
  if (batch ? publish_batch (self, n) : publish_one (self))
    {
      for (; n > 0; n--)
        printf ("%u\n", self->next++);
      fflush (stdout);
      self->next = MIN (self->next, self->end);
    }

  return G_SOURCE_CONTINUE;
}

/* Losing the connection is what this is about, anything else is not. */
static void
on_error (EfElement *sink, const GError *error, gpointer user_data)
{
  if (error->domain != EF_ERROR)
    return;

  fprintf (stderr, "spool-publisher: %s\n", error->message);
  exit (1);
}

static void
on_stopped (GObject *object, GAsyncResult *result, gpointer user_data)
{
  ef_element_stop_finish (EF_ELEMENT (object), result, NULL);
  g_main_loop_quit (user_data);
}

static void
on_started (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!ef_element_start_finish (EF_ELEMENT (object), result, &error))
    on_error (EF_ELEMENT (object), error, NULL);
  if (user_data != NULL)
    ef_element_stop_async (EF_ELEMENT (object), NULL, on_stopped, user_data);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Publisher self = { ef_web_socket_sink_new () };

  if (argc < 4)
    return 2;

  /* Little memory, so that messages are in the file alone too. */
  g_object_set (self.sink, "url", argv[1], "spool", argv[2], "reconnect-delay-ms", 10,
                "reconnect-max-delay-ms", 50, "buffer-max-messages", 100, "drain-timeout-ms",
                G_MAXINT32, NULL);
  if (argc > 4)
    g_object_set (self.sink, "ack-path", argv[4], "ack-id-path", "$.id", NULL);
  g_signal_connect (self.sink, "error", G_CALLBACK (on_error), NULL);

  self.next = (guint) g_ascii_strtoull (argv[3], NULL, 10);
  self.end = self.next + MAX_MESSAGES;
  ef_element_start_async (EF_ELEMENT (self.sink), NULL, on_started, self.next == 0 ? loop : NULL);
  if (self.next > 0)
    g_idle_add (publish_some, &self);

  g_main_loop_run (loop);
  g_object_unref (self.sink);

  return 0;
}
