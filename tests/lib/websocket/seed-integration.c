/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-log-sink.h"
#include "seed-common.h"

#include <string.h>

/* The integration tests, by the names that the seed gives them: all against real servers. */

static char *
get_url (gpointer server)
{
  guint port;

  g_object_get (server, "port", &port, NULL);

  return g_strdup_printf ("ws://127.0.0.1:%u/", port);
}

static EfElement *
start_feed (const char *url)
{
  EfElement *feed = g_object_new (EF_TYPE_WEB_SOCKET_SERVER_SINK, "url", url, NULL);

  seed_start (feed);

  return feed;
}

static void
feed_text (EfElement *feed, const char *text)
{
  g_autoptr (EfEvent) event = ef_event_new_text (0, text, -1);

  g_assert_true (ef_sink_publish_event (EF_SINK (feed), event, NULL));
}

static void
wait_n_clients (EfElement *feed, guint expected)
{
  guint n_clients;

  ef_test_wait_for (NULL, (g_object_get (feed, "n-clients", &n_clients, NULL),
                           n_clients == expected));
}

static void
source_connect_disconnect (void)
{
  EfElement *feed = start_feed ("ws://127.0.0.1:0/");
  g_autofree char *url = get_url (feed);
  EfElement *source = g_object_new (EF_TYPE_WEB_SOCKET_SOURCE, "url", url, NULL);
  gboolean connected;

  seed_start (source);
  g_object_get (source, "connected", &connected, NULL);
  g_assert_true (connected);
  wait_n_clients (feed, 1);

  seed_stop (source);
  g_object_get (source, "connected", &connected, NULL);
  g_assert_false (connected);
  wait_n_clients (feed, 0);

  seed_stop (feed);
  ef_test_assert_finalizes (NULL, source);
  ef_test_assert_finalizes (NULL, feed);
}

static void
source_reconnect (void)
{
  EfElement *feed = start_feed ("ws://127.0.0.1:0/");
  g_autofree char *url = get_url (feed);
  EfElement *source = g_object_new (EF_TYPE_WEB_SOCKET_SOURCE, "url", url, "reconnect-delay-ms", 10,
                                    NULL);
  EfLogSink *sink = ef_log_sink_new ();

  g_assert_true (ef_element_link (source, EF_ELEMENT (sink), NULL));
  seed_start (sink);
  seed_start (source);
  feed_text (feed, "before");
  ef_test_wait_for (NULL, sink->n_events == 1);

  /* The server goes, stays away for a while, and comes back. */
  seed_stop (feed);
  ef_test_assert_finalizes (NULL, feed);
  feed = start_feed (url);
  wait_n_clients (feed, 1);
  feed_text (feed, "after");
  ef_test_wait_for (NULL, sink->n_events == 2);
  g_assert_cmpstr (sink->log->str, ==,
                   "before;|GAP(closed with code 1001: the server stops);after;|");

  seed_stop (source);
  seed_stop (sink);
  seed_stop (feed);
  ef_pad_unlink (ef_element_get_src_pad (source), ef_element_get_sink_pad (EF_ELEMENT (sink)));
  ef_test_assert_finalizes (NULL, source);
  ef_test_assert_finalizes (NULL, sink);
  ef_test_assert_finalizes (NULL, feed);
}

typedef struct
{
  GString *log;
  guint n_messages;
} Collected;

static void
collect (EfWebSocketServerSource *source,
         GBytes *bytes,
         EfWebSocketMessageType type,
         guint64 client,
         Collected *collected)
{
  g_string_append_printf (collected->log, "%s:%.*s;",
                          type == EF_WEB_SOCKET_MESSAGE_TEXT ? "text" : "binary",
                          (int) g_bytes_get_size (bytes),
                          (const char *) g_bytes_get_data (bytes, NULL));
  collected->n_messages++;
}

static EfElement *
start_collector (Collected *collected)
{
  EfElement *collector = g_object_new (EF_TYPE_WEB_SOCKET_SERVER_SOURCE, "url", "ws://127.0.0.1:0/",
                                       NULL);

  collected->log = g_string_new (NULL);
  collected->n_messages = 0;
  g_signal_connect (collector, "message", G_CALLBACK (collect), collected);
  seed_start (collector);

  return collector;
}

static void
sink_publish (void)
{
  Collected collected;
  EfElement *collector = start_collector (&collected);
  g_autofree char *url = get_url (collector);
  EfWebSocketSink *sink = g_object_new (EF_TYPE_WEB_SOCKET_SINK, "url", url, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);
  g_autoptr (GError) error = NULL;

  seed_start (sink);
  g_assert_true (ef_web_socket_sink_publish (sink, bytes, &error));
  g_assert_true (ef_web_socket_sink_publish (sink, bytes, &error));
  ef_test_wait_for (NULL, collected.n_messages == 2);
  g_assert_cmpstr (collected.log->str, ==, "text:hello;text:hello;");

  seed_stop (sink);
  seed_stop (collector);
  ef_test_assert_finalizes (NULL, sink);
  ef_test_assert_finalizes (NULL, collector);
  g_string_free (collected.log, TRUE);
}

/* What stands between source and sink: makes text upper case. */

#define SHOUT_TYPE_TRANSFORM (shout_transform_get_type ())
G_DECLARE_FINAL_TYPE (ShoutTransform, shout_transform, SHOUT, TRANSFORM, EfTransform)

struct _ShoutTransform
{
  EfTransform parent_instance;
};

G_DEFINE_FINAL_TYPE (ShoutTransform, shout_transform, EF_TYPE_TRANSFORM)

static EfBatch *
shout (EfTransform *transform, EfBatch *batch)
{
  EfBatch *made = ef_batch_new ();

  for (guint i = 0; i < ef_batch_get_n_events (batch); i++)
    {
      EfEvent *event = ef_batch_get_event (batch, i);
      g_autofree char *text = ef_event_dup_string (event, 0);
      g_autofree char *upper = g_ascii_strup (text, -1);

      ef_batch_append (made, ef_event_new_text (ef_event_get_timestamp (event), upper, -1));
    }

  return made;
}

static void
shout_transform_class_init (ShoutTransformClass *klass)
{
  EF_TRANSFORM_CLASS (klass)->transform = shout;
}

static void
shout_transform_init (ShoutTransform *self)
{
}

static void
round_trip (void)
{
  Collected collected;
  EfElement *collector = start_collector (&collected);
  EfElement *feed = start_feed ("ws://127.0.0.1:0/");
  g_autofree char *feed_url = get_url (feed);
  g_autofree char *collector_url = get_url (collector);
  EfElement *source = g_object_new (EF_TYPE_WEB_SOCKET_SOURCE, "url", feed_url, NULL);
  EfElement *transform = g_object_new (SHOUT_TYPE_TRANSFORM, NULL);
  EfElement *sink = g_object_new (EF_TYPE_WEB_SOCKET_SINK, "url", collector_url, NULL);

  g_assert_true (ef_element_link (source, transform, NULL));
  g_assert_true (ef_element_link (transform, sink, NULL));
  seed_start (sink);
  seed_start (transform);
  seed_start (source);
  for (guint i = 0; i < 1000; i++)
    feed_text (feed, "abc");
  feed_text (feed, "last");
  ef_test_wait_for (NULL, collected.n_messages == 1001);
  g_assert_true (g_str_has_prefix (collected.log->str, "text:ABC;text:ABC;"));
  g_assert_true (g_str_has_suffix (collected.log->str, "text:ABC;text:LAST;"));

  seed_stop (source);
  seed_stop (transform);
  seed_stop (sink);
  seed_stop (feed);
  seed_stop (collector);
  ef_pad_unlink (ef_element_get_src_pad (source), ef_element_get_sink_pad (transform));
  ef_pad_unlink (ef_element_get_src_pad (transform), ef_element_get_sink_pad (sink));
  ef_test_assert_finalizes (NULL, source);
  ef_test_assert_finalizes (NULL, transform);
  ef_test_assert_finalizes (NULL, sink);
  ef_test_assert_finalizes (NULL, feed);
  ef_test_assert_finalizes (NULL, collector);
  g_string_free (collected.log, TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/integration/source_connect_disconnect", source_connect_disconnect);
  g_test_add_func ("/integration/source_reconnect", source_reconnect);
  g_test_add_func ("/integration/sink_publish", sink_publish);
  g_test_add_func ("/integration/round_trip", round_trip);

  return g_test_run ();
}
