/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-proxy.h"
#include "ef-test-tool.h"

#include <glib/gstdio.h>
#include <string.h>

/* Two runs of eventflux-launch that talk to each other over WebSocket, with the elements that
 * people use. */

#define N_EVENTS "500"

static char *
get_url (EfTestRun *server)
{
  g_autofree char *port = ef_test_run_wait_for_line (server, "websocketserversink0: port = ");

  return g_strdup_printf ("url=ws://127.0.0.1:%s/ticks", port);
}

/* Every event of the server arrives, in its order, mapped to columns and back, across a thread;
 * then the end of the server's stream is the end of the client. */
static void
test_feed (void)
{
  const char *words[] = { "-v",
                          "timersource",
                          "count=" N_EVENTS,
                          "interval-ms=0",
                          "!",
                          "jsonencode",
                          "!",
                          "websocketserversink",
                          "url=ws://127.0.0.1:0/ticks",
                          "wait-for-client=true",
                          NULL };
  EfTestRun server = ef_test_run_start (words);
  g_autofree char *url = get_url (&server);
  g_auto (EfTestTool) client = { 0 };
  g_auto (GStrv) lines = NULL;

  ef_test_tool_run (&client, ef_test_tool_get_launch (), "websocketsource", url, "reconnect=false",
                    "!", "queue", "!", "jsondecode", "schema=sequence LONG", "!", "consolesink",
                    NULL);
  g_assert_cmpstr (client.err, ==, "playing\nend of stream\n");
  g_assert_cmpint (client.status, ==, 0);
  g_assert_cmpint (ef_test_run_end (&server), ==, 0);

  lines = g_strsplit (g_strchomp (client.out), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, g_ascii_strtoull (N_EVENTS, NULL, 10));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *expected = g_strdup_printf ("{\"sequence\":%u}", i);

      g_assert_cmpstr (lines[i], ==, expected);
    }
}

static void
test_validate (void)
{
  const char *words[] = { "-v",
                          "timersource",
                          "!",
                          "jsonencode",
                          "!",
                          "websocketserversink",
                          "url=ws://127.0.0.1:0/ticks",
                          NULL };
  EfTestRun server = ef_test_run_start (words);
  g_autofree char *url = get_url (&server);
  g_auto (EfTestTool) there = { 0 };
  g_auto (EfTestTool) gone = { 0 };

  ef_test_tool_run (&there, ef_test_tool_get_launch (), "--validate", "websocketsource", url, "!",
                    "fakesink", NULL);
  ef_test_assert_has (there.out, "websocketsource0: well, the endpoint answers\n");
  g_assert_cmpint (there.status, ==, 0);

  g_subprocess_send_signal (server.process, 15);
  g_assert_cmpint (ef_test_run_end (&server), ==, 0);

  ef_test_tool_run (&gone, ef_test_tool_get_launch (), "--validate", "websocketsource", url, "!",
                    "fakesink", NULL);
  ef_test_assert_has (gone.out, "websocketsource0: ws://127.0.0.1:");
  g_assert_cmpint (gone.status, ==, 1);
}

/* What is found wrong with a value only when its element is to be READY is shown where it stands, in an
 * application in SQL as in a description, though not who logs in by it. */
static void
test_wrong_url (void)
{
  static const char application[] = "@source(type='websocket',\n"
                                    "  websocket.url='http://me:sesame@feed.invalid/ws', @map(type='json'))\n"
                                    "CREATE STREAM Ticks (n LONG);\n"
                                    "@sink(type='websocket', websocket.url='wss:/feed')\n"
                                    "CREATE STREAM Out (n LONG);\n"
                                    "INSERT INTO Out SELECT n FROM Ticks;\n";
  static const char expected[] = ":2:17: websocketsource0: property “url”: “http://feed.invalid/ws” can "
                                 "not be used: its scheme is “http”; use “ws”\n"
                                 "    websocket.url='http://*********@feed.invalid/ws', @map(type='json'))\n"
                                 "                  ^\n";
  g_autofree char *folder = g_dir_make_tmp ("eventflux-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "wrong.eventflux", NULL);
  g_auto (EfTestTool) run = { 0 };
  g_auto (EfTestTool) checked = { 0 };
  g_auto (EfTestTool) described = { 0 };

  g_assert_true (g_file_set_contents (path, application, -1, NULL));
  ef_test_tool_run (&run, ef_test_tool_get_launch (), path, NULL);
  ef_test_assert_has (run.err, expected);
  ef_test_assert_has_not (run.err, "sesame");
  g_assert_cmpint (run.status, ==, 2);

  /* Each one that is wrong is told. */
  ef_test_tool_run (&checked, ef_test_tool_get_launch (), "--validate", path, NULL);
  ef_test_assert_has (checked.out, expected);
  ef_test_assert_has (checked.out, ":4:39: websocketsink0: property “url”: “wss:/feed” can not be used");
  ef_test_assert_has (checked.out, "jsondecode0: well\n");
  g_assert_cmpint (checked.status, ==, 2);

  ef_test_tool_run (&described, ef_test_tool_get_launch (), "websocketsource", "url=wxs://feed", "!",
                    "fakesink", NULL);
  ef_test_assert_has (described.err, "description:1:21: websocketsource0: property “url”");
  ef_test_assert_has (described.err, "\n                      ^\n");
  g_assert_cmpint (described.status, ==, 2);

  g_unlink (path);
  g_rmdir (folder);
}

/* The environment names a proxy, which alone knows the host. */
static void
test_proxy (void)
{
  const char *server_words[] = { "-v",
                                 "timersource",
                                 "count=3",
                                 "interval-ms=0",
                                 "!",
                                 "jsonencode",
                                 "!",
                                 "websocketserversink",
                                 "url=ws://127.0.0.1:0/ticks",
                                 "wait-for-client=true",
                                 NULL };
  EfTestRun server = ef_test_run_start (server_words);
  g_autofree char *near = get_url (&server);
  g_autofree char *port = g_strdup (strrchr (near, ':'));
  g_autofree char *far = g_strconcat ("url=ws://feed.invalid", port, NULL);
  const char *client_words[] = { "websocketsource", far, "reconnect=false", "!", "fakesink", NULL };
  EfTestProxy *proxy = ef_test_proxy_new ("http");
  g_autofree char *proxy_url = ef_test_proxy_make_url (proxy, NULL);
  g_autofree char *no_proxy = g_strdup (g_getenv ("no_proxy"));
  g_autofree char *request = NULL;
  g_autofree char *rest = NULL;
  EfTestRun client;

  g_setenv ("http_proxy", proxy_url, TRUE);
  g_unsetenv ("no_proxy");
  client = ef_test_run_start (client_words);
  g_unsetenv ("http_proxy");
  if (no_proxy != NULL)
    g_setenv ("no_proxy", no_proxy, TRUE);

  request = ef_test_proxy_wait_request (proxy);
  g_assert_true (g_str_has_prefix (request, "CONNECT feed.invalid:"));
  rest = ef_test_run_wait_for_line (&client, "end of stream");
  g_assert_cmpint (ef_test_run_end (&client), ==, 0);
  g_assert_cmpint (ef_test_run_end (&server), ==, 0);
  g_assert_finalize_object (proxy);
}

/* A source or sink that gives up takes its pipeline with it: nothing is dead and runs on. */
static void
check_gives_up (const char *server_element, const char *const *before, const char *client_element)
{
  g_autofree char *port_line = g_strdup_printf ("%s0: port = ", server_element);
  const char *source_words[] = { "-v", "websocketserversource", "url=ws://127.0.0.1:0/", "!",
                                 "fakesink", NULL };
  const char *sink_words[] = { "-v", "timersource", "!", "jsonencode", "!", "websocketserversink",
                               "url=ws://127.0.0.1:0/", NULL };
  EfTestRun server = ef_test_run_start (g_str_has_suffix (server_element, "source") ? source_words
                                                                                    : sink_words);
  g_autofree char *port = ef_test_run_wait_for_line (&server, port_line);
  g_autofree char *url = g_strdup_printf ("url=ws://127.0.0.1:%s/", port);
  g_autofree char *connected = g_strdup_printf ("%s0: connected ", client_element);
  g_autofree char *error = g_strdup_printf ("eventflux-launch: %s0: ws://127.0.0.1:%s/: connection "
                                            "refused", client_element, port);
  g_autofree char *why = NULL;
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  EfTestRun client;

  g_ptr_array_add (words, (gpointer) "-m");
  for (; *before != NULL; before++)
    g_ptr_array_add (words, (gpointer) *before);
  g_ptr_array_add (words, (gpointer) client_element);
  g_ptr_array_add (words, url);
  g_ptr_array_add (words, (gpointer) "reconnect-delay-ms=1");
  g_ptr_array_add (words, (gpointer) "reconnect-max-attempts=3");
  if (g_str_has_suffix (client_element, "source"))
    {
      g_ptr_array_add (words, (gpointer) "!");
      g_ptr_array_add (words, (gpointer) "fakesink");
    }
  g_ptr_array_add (words, NULL);
  client = ef_test_run_start ((const char *const *) words->pdata);
  g_free (ef_test_run_wait_for_line (&client, connected));

  g_subprocess_send_signal (server.process, 15);
  g_assert_cmpint (ef_test_run_end (&server), ==, 0);

  why = ef_test_run_wait_for_line (&client, error);
  ef_test_assert_has (why, "(given up after 3 tries to reconnect)");
  g_assert_cmpint (ef_test_run_end (&client), ==, 1);
}

static void
test_gives_up (void)
{
  const char *none[] = { NULL };
  const char *ticks[] = { "timersource", "!", "jsonencode", "!", NULL };

  check_gives_up ("websocketserversink", none, "websocketsource");
  check_gives_up ("websocketserversource", ticks, "websocketsink");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/round-trip/feed", test_feed);
  g_test_add_func ("/round-trip/validate", test_validate);
  g_test_add_func ("/round-trip/wrong-url", test_wrong_url);
  g_test_add_func ("/round-trip/proxy", test_proxy);
  g_test_add_func ("/round-trip/gives-up", test_gives_up);

  return g_test_run ();
}
