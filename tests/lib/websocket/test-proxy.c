/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-source-fixture.h"
#include "ef-test-proxy.h"

#include <string.h>

/* Connections through proxies, as GIO's default resolver names them: here one that says what the test
 * wants. */

static char *proxy_url;

typedef GObject TestResolver;
typedef GObjectClass TestResolverClass;

static char **
test_resolver_lookup (GProxyResolver *resolver,
                      const char *uri,
                      GCancellable *cancellable,
                      GError **error)
{
  const char *proxies[] = { proxy_url, NULL };

  return g_strdupv ((char **) proxies);
}

static void
test_resolver_lookup_async (GProxyResolver *resolver,
                            const char *uri,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_return_pointer (task, test_resolver_lookup (resolver, uri, NULL, NULL),
                         (GDestroyNotify) g_strfreev);
}

static char **
test_resolver_lookup_finish (GProxyResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
test_resolver_is_supported (GProxyResolver *resolver)
{
  return TRUE;
}

static void
test_resolver_iface_init (GProxyResolverInterface *iface)
{
  iface->is_supported = test_resolver_is_supported;
  iface->lookup = test_resolver_lookup;
  iface->lookup_async = test_resolver_lookup_async;
  iface->lookup_finish = test_resolver_lookup_finish;
}

static GType test_resolver_get_type (void);

G_DEFINE_TYPE_WITH_CODE (TestResolver, test_resolver, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER, test_resolver_iface_init))

static void
test_resolver_class_init (TestResolverClass *klass)
{
}

static void
test_resolver_init (TestResolver *self)
{
}

/* The default resolver is the one of the highest priority. */
static void
install_test_resolver (void)
{
  g_autoptr (GProxy) makes_the_extension_points = g_proxy_get_default_for_protocol ("http");

  g_io_extension_point_implement (G_PROXY_RESOLVER_EXTENSION_POINT_NAME, test_resolver_get_type (),
                                  "eventflux-tests", 1000);
}

static EfTestProxy *
start_proxy (const char *protocol, const char *userinfo)
{
  EfTestProxy *proxy = ef_test_proxy_new (protocol);

  g_free (proxy_url);
  proxy_url = ef_test_proxy_make_url (proxy, userinfo);

  return proxy;
}

/* A name that the proxy alone can resolve. */
static void
set_far_url (EfSourceFixture *fixture)
{
  g_autofree char *url = g_strdup_printf ("ws://feed.invalid:%u/trades",
                                          ef_raw_server_get_port (fixture->server));

  g_object_set (fixture->source, "url", url, NULL);
}

/* Both ways, and in the end closed in order. */
static void
test_plain (EfSourceFixture *fixture, gconstpointer protocol)
{
  EfTestProxy *proxy = start_proxy (protocol, NULL);
  g_autofree char *target = g_strdup_printf ("%sfeed.invalid:%u%s",
                                             strcmp (protocol, "http") == 0 ? "CONNECT " : "",
                                             ef_raw_server_get_port (fixture->server),
                                             strcmp (protocol, "http") == 0 ? " HTTP/1." : "");
  g_autofree char *request = NULL;
  g_autofree char *large = g_strnfill (300000, 'x');
  EfRawPeer *peer;

  set_far_url (fixture);
  peer = ef_source_fixture_start (fixture);
  request = ef_test_proxy_wait_request (proxy);
  g_assert_true (g_str_has_prefix (request, target));
  g_assert_true (g_str_has_prefix (ef_raw_peer_get_head (peer), "GET /trades HTTP/1.1\r\n"));

  ef_raw_peer_send_frame (peer, EF_RAW_TEXT, "through", 7);
  ef_source_fixture_wait_log (fixture, "through;|");
  ef_raw_peer_send_frame (peer, EF_RAW_BINARY, large, strlen (large));
  ef_test_wait_for (NULL, fixture->sink->log->len > strlen (large));

  ef_source_fixture_stop_with_peer (fixture, peer);
  ef_test_assert_finalizes (NULL, proxy);
}

/* Each try goes through the proxy. */
static void
test_reconnect (EfSourceFixture *fixture, gconstpointer data)
{
  EfTestProxy *proxy = start_proxy ("http", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  EfRawPeer *peer;

  set_far_url (fixture);
  ef_raw_peer_shutdown (ef_source_fixture_start (fixture));
  first = ef_test_proxy_wait_request (proxy);
  ef_test_wait_for (NULL, strstr (fixture->signals->str, "reconnecting:1:") != NULL);
  ef_test_clock_advance (fixture->clock, ef_test_clock_get_next_delay (fixture->clock));
  second = ef_test_proxy_wait_request (proxy);
  peer = ef_raw_server_wait_peer (fixture->server, 1);
  ef_test_wait_for (NULL, g_str_has_suffix (fixture->signals->str, "connected:- "));

  ef_source_fixture_stop_with_peer (fixture, peer);
  ef_test_assert_finalizes (NULL, proxy);
}

static void
test_credentials (EfSourceFixture *fixture, gconstpointer data)
{
  EfTestProxy *proxy = start_proxy ("http", "user:secret");
  g_autofree char *request = NULL;

  set_far_url (fixture);
  ef_source_fixture_stop_with_peer (fixture, ef_source_fixture_start (fixture));
  request = ef_test_proxy_wait_request (proxy);
  g_assert_nonnull (strstr (request, "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n"));
  ef_test_assert_finalizes (NULL, proxy);
}

typedef struct
{
  const char *scheme;
  const char *status; /* NULL: nobody listens */
} RefusalCase;

static const RefusalCase refusals[] = {
  { "ws", "403 Forbidden" },
  { "ws", "407 Proxy Authentication Required" },
  { "ws", "502 Bad Gateway" },
  { "wss", "403 Forbidden" },
  { "wss", "407 Proxy Authentication Required" },
  { "wss", "502 Bad Gateway" },
};

static void
test_refusal (EfSourceFixture *fixture, gconstpointer data)
{
  const RefusalCase *refusal = data;
  EfTestProxy *proxy = start_proxy ("http", NULL);
  g_autofree char *url = g_strconcat (refusal->scheme, "://feed.invalid/", NULL);

  ef_test_proxy_set_refusal (proxy, refusal->status);
  g_object_set (fixture->source, "url", url, "reconnect", FALSE, NULL);
  ef_source_fixture_start_failing (fixture, EF_WEB_SOCKET_ERROR_PROXY);
  g_assert_nonnull (strstr (fixture->start_error->message, "check the proxy settings"));
  ef_test_assert_finalizes (NULL, proxy);
}

static void
test_proxy_gone (EfSourceFixture *fixture, gconstpointer scheme)
{
  EfTestProxy *proxy = start_proxy ("http", NULL);
  g_autofree char *url = g_strconcat (scheme, "://feed.invalid/", NULL);

  ef_test_assert_finalizes (NULL, proxy);
  g_object_set (fixture->source, "url", url, "reconnect", FALSE, NULL);
  ef_source_fixture_start_failing (fixture, EF_WEB_SOCKET_ERROR_PROXY);
  g_assert_nonnull (strstr (fixture->start_error->message, "proxy"));
}

static void
server_started (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  ef_element_start_finish (EF_ELEMENT (object), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
server_stopped (GObject *object, GAsyncResult *result, gpointer user_data)
{
  ef_element_stop_finish (EF_ELEMENT (object), result, NULL);
  *(gboolean *) user_data = TRUE;
}

static void
test_tls (EfSourceFixture *fixture, gconstpointer protocol)
{
  EfTestProxy *proxy = start_proxy (protocol, NULL);
  g_autofree char *ca = g_test_build_filename (G_TEST_BUILT, "support", "tls", "ca.pem", NULL);
  g_autofree char *pem = g_test_build_filename (G_TEST_BUILT, "support", "tls", "good.pem", NULL);
  g_autofree char *key
      = g_test_build_filename (G_TEST_BUILT, "support", "tls", "good-key.pem", NULL);
  EfElement *server
      = g_object_new (EF_TYPE_WEB_SOCKET_SERVER_SINK, "url", "wss://127.0.0.1:0/",
                      "tls-certificate-file", pem, "tls-key-file", key, "wait-for-client", TRUE,
                      NULL);
  g_autoptr (EfEvent) event = ef_event_new_text (0, "secret", -1);
  gboolean started = FALSE;
  gboolean stopped = FALSE;
  g_autofree char *url = NULL;
  g_autofree char *request = NULL;
  guint port;

  ef_element_start_async (server, NULL, server_started, &started);
  ef_test_wait_for (NULL, started);
  g_object_get (server, "port", &port, NULL);
  url = g_strdup_printf ("wss://localhost:%u/", port);

  g_object_set (fixture->source, "url", url, "tls-ca-file", ca, "reconnect", FALSE, NULL);
  ef_source_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_no_error (fixture->start_error);
  request = ef_test_proxy_wait_request (proxy);
  g_assert_nonnull (strstr (request, "localhost:"));
  g_assert_true (ef_sink_publish_event (EF_SINK (server), event, NULL));
  ef_source_fixture_wait_log (fixture, "secret;|");

  ef_element_stop_async (server, NULL, server_stopped, &stopped);
  ef_test_wait_for (NULL, stopped);
  ef_source_fixture_wait_log (fixture, "secret;|EOS;");
  ef_source_fixture_begin_stop (fixture);
  ef_test_wait_for (NULL, fixture->stopped);
  ef_test_assert_finalizes (NULL, server);
  ef_test_assert_finalizes (NULL, proxy);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  install_test_resolver ();

#define ADD(path, func, data) \
  g_test_add ("/proxy/" path, EfSourceFixture, data, ef_source_fixture_set_up, func, \
              ef_source_fixture_tear_down)
  ADD ("http/ws", test_plain, "http");
  ADD ("http/wss", test_tls, "http");
  ADD ("socks5/ws", test_plain, "socks5");
  ADD ("socks5/wss", test_tls, "socks5");
  ADD ("reconnect", test_reconnect, NULL);
  ADD ("credentials", test_credentials, NULL);
  ADD ("gone/ws", test_proxy_gone, "ws");
  ADD ("gone/wss", test_proxy_gone, "wss");
#undef ADD

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path
          = g_strdup_printf ("/proxy/refused/%s/%.3s", refusals[i].scheme, refusals[i].status);

      g_test_add (path, EfSourceFixture, &refusals[i], ef_source_fixture_set_up, test_refusal,
                  ef_source_fixture_tear_down);
    }

  status = g_test_run ();
  g_free (proxy_url);

  return status;
}
