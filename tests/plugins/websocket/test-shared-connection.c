/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-raw-server.h"
#include "ef-test-loop.h"

#include <string.h>

/* Pipelines whose sink sends on the connection of their source: they answer whoever they hear. */

static void
keep_result (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
start (EfPipeline *pipeline)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ef_pipeline_start_async (pipeline, NULL, keep_result, &result);
  ef_test_wait_for (NULL, result != NULL);
  ef_pipeline_start_finish (pipeline, result, &error);
  g_assert_no_error (error);
}

static void
stop (EfPipeline *pipeline, EfRawPeer *peer)
{
  g_autoptr (GAsyncResult) result = NULL;

  ef_pipeline_stop_async (pipeline, NULL, keep_result, &result);
  ef_raw_peer_skip_to (peer, EF_RAW_CLOSE);
  ef_raw_peer_send_close (peer, 1000, NULL);
  ef_raw_peer_shutdown (peer);
  ef_test_wait_for (NULL, result != NULL);
}

static EfPipeline *
make_echo (EfRawServer *server)
{
  g_autofree char *description
    = g_strdup_printf ("websocketsource name=feed url=%s ! websocketsink source=feed",
                       ef_raw_server_get_url (server));
  g_autoptr (GError) error = NULL;
  EfPipeline *pipeline = ef_pipeline_new_from_description (description, NULL, &error);

  g_assert_no_error (error);

  return pipeline;
}

static void
test_description (void)
{
  g_autoptr (EfRawServer) server = ef_raw_server_new ();
  g_autoptr (EfPipeline) pipeline = make_echo (server);
  EfRawPeer *peer;

  start (pipeline);
  peer = ef_raw_server_wait_peer (server, 0);
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "one", 3);
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "two", 3);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "one");
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "two");
  g_assert_cmpuint (ef_raw_server_get_n_peers (server), ==, 1);
  stop (pipeline, peer);
}

/* All is as it should be if the source's server answers. */
static void
test_validation (void)
{
  g_autoptr (EfRawServer) server = ef_raw_server_new ();
  g_autoptr (EfPipeline) pipeline = make_echo (server);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ef_pipeline_validate_async (pipeline, NULL, keep_result, &result);
  for (guint i = 0; i < 2; i++)
    {
      EfRawPeer *peer = ef_raw_server_wait_peer (server, i);

      ef_raw_peer_send_close (peer, 1000, NULL);
      ef_raw_peer_shutdown (peer);
    }
  ef_test_wait_for (NULL, result != NULL);
  ef_pipeline_validate_finish (pipeline, result, &error);
  g_assert_no_error (error);
}

/* In an application the source is called by its stream. */
static void
test_application (void)
{
  static const char body[]
    = "CREATE STREAM Questions (id LONG, n LONG);\n"
      "@sink(type='websocket', websocket.source='Questions', @map(type='json'))\n"
      "CREATE STREAM Answers (id LONG, answer LONG);\n"
      "INSERT INTO Answers SELECT id, n * 2 AS answer FROM Questions;\n";
  g_autoptr (EfRawServer) server = ef_raw_server_new ();
  g_autofree char *text
    = g_strdup_printf ("@source(type='websocket', websocket.url='%s', @map(type='json'))\n%s",
                       ef_raw_server_get_url (server), body);
  g_autoptr (GError) error = NULL;
  g_autoptr (EfPipeline) pipeline = ef_pipeline_new_from_sql (text, NULL, &error);
  EfRawPeer *peer;

  g_assert_no_error (error);
  start (pipeline);
  peer = ef_raw_server_wait_peer (server, 0);
  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "{\"id\":7,\"n\":21}", 15);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "{\"id\":7,\"answer\":42}");
  g_assert_cmpuint (ef_raw_server_get_n_peers (server), ==, 1);
  stop (pipeline, peer);
}

typedef EfPipeline *(*BuildFunc) (const char *text, EfContext *context, GError **error);

static const struct
{
  const char *name;
  BuildFunc build;
  const char *text;
  const char *message;
} mistakes[] = {
  { "unknown", ef_pipeline_new_from_description,
    "websocketsource name=feed url=ws://a/ ! websocketsink source=fed",
    "1:62: websocketsink0: property “source”: no element of the pipeline is called “fed”; did you "
    "mean “feed”?\n"
    "  websocketsource name=feed url=ws://a/ ! websocketsink source=fed\n"
    "                                                               ^" },
  { "kind", ef_pipeline_new_from_description, "timersource name=tick ! websocketsink source=tick",
    "1:46: websocketsink0: property “source”: “tick” is no websocketsource\n"
    "  timersource name=tick ! websocketsink source=tick\n"
    "                                               ^" },
  { "thread", ef_pipeline_new_from_description,
    "websocketsource name=feed url=ws://a/ ! queue ! websocketsink source=feed",
    "1:70: websocketsink0: property “source”: “feed” runs in another thread: have no queue between "
    "them\n"
    "  websocketsource name=feed url=ws://a/ ! queue ! websocketsink source=feed\n"
    "                                                                       ^" },
  { "stream", ef_pipeline_new_from_sql,
    "@source(type='timer') CREATE STREAM Ticks (n LONG);\n"
    "@sink(type='websocket', source='Tics') CREATE STREAM Out (n LONG);\n",
    "2:32: “source” takes the name of a stream; there is none called “Tics”; did you mean “Ticks”?\n"
    "  @sink(type='websocket', source='Tics') CREATE STREAM Out (n LONG);\n"
    "                                 ^" },
  { "stream-without-source", ef_pipeline_new_from_sql,
    "@sink(type='websocket', source='Out') CREATE STREAM Out (n LONG);\n",
    "1:32: the stream “Out” has no source\n"
    "  @sink(type='websocket', source='Out') CREATE STREAM Out (n LONG);\n"
    "                                 ^" },
};

static void
test_mistake (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (EfPipeline) pipeline = mistakes[i].build (mistakes[i].text, NULL, &error);

  g_assert_null (pipeline);
  g_assert_cmpstr (error->message, ==, mistakes[i].message);
}

/* Without a pipeline there is nobody to look a name up. */
static void
test_configure (void)
{
  g_autoptr (EfWebSocketSink) sink = ef_web_socket_sink_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (ef_element_set_from_string (EF_ELEMENT (sink), "websocket.source", "feed", &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_assert_nonnull (strstr (error->message, "the description of a pipeline"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/websocket/shared-connection/description", test_description);
  g_test_add_func ("/websocket/shared-connection/validation", test_validation);
  g_test_add_func ("/websocket/shared-connection/application", test_application);
  g_test_add_func ("/websocket/shared-connection/configure", test_configure);
  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autofree char *path
        = g_strconcat ("/websocket/shared-connection/mistake/", mistakes[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_mistake);
    }

  return g_test_run ();
}
