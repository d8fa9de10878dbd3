/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <signal.h>

#include "ef-number-sink.h"
#include "ef-test-element.h"
#include "ef-test-loop.h"
#include "ef-test-peer.h"

/* Servers that are killed and started again, a hundred times, while messages pass. */

#define N_LIVES 100
#define PER_LIFE 100 /* numbers that must have passed before a server is killed */

static const char *program;

static EfTestPeer *
start_feed (guint16 port, gint64 first)
{
  g_autofree char *port_text = g_strdup_printf ("%u", port);
  g_autofree char *first_text = g_strdup_printf ("%" G_GINT64_FORMAT, first);

  return ef_test_peer_spawn (program, "feed", port_text, first_text, NULL);
}

static void
kill_peer (EfTestPeer *peer)
{
  ef_test_peer_signal (peer, SIGKILL);
  g_assert_cmpint (ef_test_peer_wait_exit (peer), ==, -SIGKILL);
}

/* All that a feed sent while it was connected arrives once and in order, and where some is missing
 * a GAP tells of it: the sink checks. */
static void
test_feed (void)
{
  const gint64 span = 1000000000;
  g_autoptr (EfTestPeer) feed = start_feed (0, 0);
  g_autofree char *url = g_strdup (ef_test_peer_wait_listening (feed));
  guint16 port = ef_test_peer_get_port (feed);
  EfElement *source = g_object_new (EF_TYPE_WEB_SOCKET_SOURCE, "url", url, "reconnect-delay-ms", 1,
                                    "reconnect-max-delay-ms", 20, NULL);
  EfNumberSink *sink = ef_number_sink_new ();

  g_assert_true (ef_element_link (source, EF_ELEMENT (sink), NULL));
  g_assert_true (ef_element_start (EF_ELEMENT (sink), NULL));
  g_assert_true (ef_element_start (source, NULL));

  for (gint64 life = 0; life < N_LIVES; life++)
    {
      ef_test_wait_for (NULL, sink->last >= life * span + PER_LIFE);
      kill_peer (feed);
      g_object_unref (feed);
      feed = start_feed (port, (life + 1) * span);
      ef_test_peer_wait_listening (feed);
    }
  ef_test_wait_for (NULL, sink->last >= N_LIVES * span + PER_LIFE);
  g_assert_cmpuint (sink->n_gaps, ==, N_LIVES);
  g_assert_cmpuint (sink->n_events, >, N_LIVES * PER_LIFE);

  ef_test_stop (source);
  ef_test_stop (sink);
  ef_pad_unlink (ef_element_get_src_pad (source), ef_element_get_sink_pad (EF_ELEMENT (sink)));
  ef_test_assert_finalizes (NULL, source);
  ef_test_assert_finalizes (NULL, sink);
}

typedef struct
{
  EfWebSocketSink *sink;
  gint64 next;
  gint64 last; /* received */
  gint64 n_received;
  gint64 n_missing;
  gboolean may_miss;
} Publishing;

static gboolean
publish_some (gpointer user_data)
{
  Publishing *self = user_data;

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, self->next);
      g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
      g_autoptr (GError) error = NULL;

      if (!ef_web_socket_sink_publish (self->sink, bytes, &error))
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
          break;
        }
      self->next++;
    }

  return G_SOURCE_CONTINUE;
}

/* What a collector of one life prints: no number is missing but where a life begins. */
static gboolean
take_line (Publishing *self, EfTestPeer *collector)
{
  g_autofree char *line = ef_test_peer_take_line (collector);
  gint64 number = 0;

  if (line == NULL)
    return FALSE;

  g_assert_true (g_ascii_string_to_signed (line, 10, 0, G_MAXINT64, &number, NULL));
  g_assert_cmpint (number, >, self->last);
  if (!self->may_miss)
    g_assert_cmpint (number, ==, self->last + 1);
  self->n_missing += number - self->last - 1;
  self->may_miss = FALSE;
  self->last = number;
  self->n_received++;

  return TRUE;
}

static EfTestPeer *
start_collector (guint16 port)
{
  g_autofree char *port_text = g_strdup_printf ("%u", port);

  return ef_test_peer_spawn (program, "collect", port_text, NULL);
}

/* What was published arrives once and in order, but for what was with the kernel when a collector
 * died; all of it is accounted for. */
static void
test_collector (void)
{
  g_autoptr (EfTestPeer) collector = start_collector (0);
  g_autofree char *url = g_strdup (ef_test_peer_wait_listening (collector));
  guint16 port = ef_test_peer_get_port (collector);
  Publishing self = { .last = -1 };
  guint timer;

  self.sink = g_object_new (EF_TYPE_WEB_SOCKET_SINK, "url", url, "reconnect-delay-ms", 1,
                            "reconnect-max-delay-ms", 20, NULL);
  g_assert_true (ef_element_start (EF_ELEMENT (self.sink), NULL));
  timer = g_timeout_add (1, publish_some, &self);

  for (guint life = 0; life < N_LIVES; life++)
    {
      gint64 enough = self.n_received + PER_LIFE;

      ef_test_wait_for (NULL, take_line (&self, collector) && self.n_received >= enough);
      kill_peer (collector);
      while (take_line (&self, collector))
        ;
      g_object_unref (collector);
      collector = start_collector (port);
      ef_test_peer_wait_listening (collector);
      self.may_miss = TRUE;
    }

  g_source_remove (timer);
  ef_test_wait_for (NULL, take_line (&self, collector) && self.last == self.next - 1);
  g_test_message ("published %" G_GINT64_FORMAT ", received %" G_GINT64_FORMAT
                  ", lost with the servers %" G_GINT64_FORMAT,
                  self.next, self.n_received, self.n_missing);
  g_assert_cmpint (self.n_received + self.n_missing, ==, self.next);
  g_assert_cmpint ((gint64) ef_test_get_stat (self.sink, "messages-sent"), ==, self.next);
  g_assert_cmpint ((gint64) ef_test_get_stat (self.sink, "messages-dropped"), ==, 0);

  ef_test_stop (self.sink);
  ef_test_assert_finalizes (NULL, self.sink);
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL;

  g_test_init (&argc, &argv, NULL);
  path = g_test_build_filename (G_TEST_BUILT, "chaos", "chaos-server", NULL);
  program = path;

  g_test_add_func ("/chaos/killed-servers/feed", test_feed);
  g_test_add_func ("/chaos/killed-servers/collector", test_collector);

  return g_test_run ();
}
