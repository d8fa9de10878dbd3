/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <string.h>

#include "ef-log-sink.h"
#include "ef-test-loop.h"

/* Our client and our server over TLS, with good certificates and bad ones. */

static char *
get_file (const char *name)
{
  return g_test_build_filename (G_TEST_BUILT, "support", "tls", name, NULL);
}

static void
on_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GError **outcome = user_data;

  if (ef_element_set_state_finish (EF_ELEMENT (object), result, outcome))
    *outcome = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "no error");
}

/* Returns what became of it, NULL for success. */
static GError *
set_state (gpointer element, EfState state)
{
  GError *outcome = NULL;

  ef_element_set_state_async (element, state, NULL, on_done, &outcome);
  ef_test_wait_for (NULL, outcome != NULL);
  if (g_error_matches (outcome, G_IO_ERROR, G_IO_ERROR_FAILED))
    g_clear_error (&outcome);

  return outcome;
}

static EfElement *
start_server (const char *certificate)
{
  g_autofree char *certificate_file_name = g_strconcat (certificate, ".pem", NULL);
  g_autofree char *key_file_name = g_strconcat (certificate, "-key.pem", NULL);
  g_autofree char *certificate_file = get_file (certificate_file_name);
  g_autofree char *key_file = get_file (key_file_name);
  EfElement *server = g_object_new (EF_TYPE_WEB_SOCKET_SERVER_SINK, "url", "wss://127.0.0.1:0/feed",
                                    "tls-certificate-file", certificate_file, "tls-key-file",
                                    key_file, "wait-for-client", TRUE, NULL);

  g_assert_no_error (set_state (server, EF_STATE_PLAYING));

  return server;
}

static EfElement *
make_source (EfElement *server)
{
  g_autofree char *ca_file = get_file ("ca.pem");
  g_autofree char *url = NULL;
  guint port;

  g_object_get (server, "port", &port, NULL);
  url = g_strdup_printf ("wss://127.0.0.1:%u/feed", port);

  return g_object_new (EF_TYPE_WEB_SOCKET_SOURCE, "url", url, "tls-ca-file", ca_file, "reconnect",
                       FALSE, NULL);
}

static void
test_good (void)
{
  EfElement *server = start_server ("good");
  EfElement *source = make_source (server);
  EfLogSink *sink = ef_log_sink_new ();
  g_autofree char *large = g_strnfill (1000000, 'x');
  g_autoptr (EfEvent) event = ef_event_new_text (0, large, -1);

  g_assert_true (ef_element_link (source, EF_ELEMENT (sink), NULL));
  g_assert_no_error (set_state (sink, EF_STATE_PLAYING));
  g_assert_no_error (set_state (source, EF_STATE_PLAYING));
  for (guint i = 0; i < 20; i++)
    g_assert_true (ef_sink_publish_event (EF_SINK (server), event, NULL));

  ef_test_wait_for (NULL, sink->n_events == 20);
  g_assert_cmpuint (strlen (sink->log->str), >=, 20000000);
  g_assert_no_error (set_state (server, EF_STATE_NULL));
  ef_test_wait_for (NULL, g_str_has_suffix (sink->log->str, "EOS;"));

  g_assert_no_error (set_state (source, EF_STATE_NULL));
  g_assert_no_error (set_state (sink, EF_STATE_NULL));
  ef_pad_unlink (ef_element_get_src_pad (source), ef_element_get_sink_pad (EF_ELEMENT (sink)));
  ef_test_assert_finalizes (NULL, source);
  ef_test_assert_finalizes (NULL, sink);
  ef_test_assert_finalizes (NULL, server);
}

static void
test_bad (gconstpointer certificate)
{
  EfElement *server = start_server (certificate);
  EfElement *source = make_source (server);
  g_autoptr (GError) error = set_state (source, EF_STATE_PLAYING);

  g_assert_error (error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_TLS);
  g_test_message ("%s", error->message);

  g_assert_no_error (set_state (source, EF_STATE_NULL));
  g_assert_no_error (set_state (server, EF_STATE_NULL));
  ef_test_assert_finalizes (NULL, source);
  ef_test_assert_finalizes (NULL, server);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/websocket/tls/good", test_good);
  g_test_add_data_func ("/websocket/tls/wrong-host", "wrong-host", test_bad);
  g_test_add_data_func ("/websocket/tls/expired", "expired", test_bad);
  g_test_add_data_func ("/websocket/tls/self-signed", "self-signed", test_bad);

  return g_test_run ();
}
