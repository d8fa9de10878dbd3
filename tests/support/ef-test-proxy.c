/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-proxy.h"

#include "ef-test-loop.h"

#include <string.h>

/*
 * EfTestProxy:
 *
 * A proxy on a free port of 127.0.0.1 that makes tunnels and nothing else, by HTTP's CONNECT or by
 * SOCKS 5. Whatever host it is asked for, it goes to 127.0.0.1: so a test may ask for a name that
 * nobody but the proxy could resolve. It keeps what it was asked. It works in threads of its own.
 */
struct _EfTestProxy
{
  GObject parent_instance;

  GSocketService *service;
  const char *protocol;
  guint16 port;
  char *refusal;
  GAsyncQueue *requests; /* heads of HTTP requests, or host:port */
};

G_DEFINE_FINAL_TYPE (EfTestProxy, ef_test_proxy, G_TYPE_OBJECT)

static char *
read_head (GInputStream *input)
{
  g_autoptr (GString) head = g_string_new (NULL);
  char c;

  while (!g_str_has_suffix (head->str, "\r\n\r\n"))
    {
      if (g_input_stream_read (input, &c, 1, NULL, NULL) != 1)
        return NULL;
      g_string_append_c (head, c);
    }

  return g_string_free (g_steal_pointer (&head), FALSE);
}

static gboolean
read_bytes (GInputStream *input, guint8 *bytes, gsize size)
{
  gsize got;

  return g_input_stream_read_all (input, bytes, size, &got, NULL, NULL) && got == size;
}

/* RFC 1928: methods, of which “none” is taken, then the address, which has to be a name. */
static char *
read_socks_request (GIOStream *stream)
{
  static const guint8 no_authentication[] = { 5, 0 };
  GInputStream *input = g_io_stream_get_input_stream (stream);
  guint8 head[5];
  guint8 rest[256 + 2];

  if (!read_bytes (input, head, 2) || !read_bytes (input, rest, head[1])
      || !g_output_stream_write_all (g_io_stream_get_output_stream (stream), no_authentication,
                                     sizeof no_authentication, NULL, NULL, NULL)
      || !read_bytes (input, head, sizeof head) || head[3] != 3
      || !read_bytes (input, rest, head[4] + 2u))
    return NULL;

  return g_strdup_printf ("%.*s:%u", head[4], (const char *) rest,
                          (rest[head[4]] << 8) + rest[head[4] + 1]);
}

/* The port that is asked for, 0 if no tunnel is. */
static guint16
get_wanted_port (EfTestProxy *self, const char *request)
{
  const char *end;

  if (strcmp (self->protocol, "socks5") != 0 && !g_str_has_prefix (request, "CONNECT "))
    return 0;

  end = request + strcspn (request, "\r");
  if (*end != '\0')
    end = g_strrstr_len (request, end - request, " ");

  return (guint16) g_ascii_strtoull (g_strrstr_len (request, end - request, ":") + 1, NULL, 10);
}

static void
answer (EfTestProxy *self, GIOStream *stream, const char *status)
{
  static const guint8 succeeded[] = { 5, 0, 0, 1, 127, 0, 0, 1, 0, 0 };
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 %s\r\n\r\n", status);
  gboolean socks = strcmp (self->protocol, "socks5") == 0;

  g_output_stream_write_all (g_io_stream_get_output_stream (stream),
                             socks ? (const void *) succeeded : head,
                             socks ? sizeof succeeded : strlen (head), NULL, NULL, NULL);
}

/* Returns whether there may be more. */
static gboolean
pass_on (GSocket *from, GSocket *to)
{
  char buffer[16384];
  gssize n = g_socket_receive (from, buffer, sizeof buffer, NULL, NULL);

  for (gssize done = 0; done < n;)
    {
      gssize sent = g_socket_send (to, buffer + done, (gsize) (n - done), NULL, NULL);

      if (sent < 0)
        return FALSE;
      done += sent;
    }

  if (n <= 0)
    g_socket_shutdown (to, FALSE, TRUE, NULL);

  return n > 0;
}

static void
relay (GSocket *a, GSocket *b)
{
  GPollFD fds[2] = { { g_socket_get_fd (a), G_IO_IN, 0 }, { g_socket_get_fd (b), G_IO_IN, 0 } };

  g_socket_set_blocking (a, TRUE);
  g_socket_set_blocking (b, TRUE);
  while (fds[0].fd >= 0 || fds[1].fd >= 0)
    {
      g_poll (fds, 2, -1);
      if (fds[0].fd >= 0 && fds[0].revents != 0 && !pass_on (a, b))
        fds[0].fd = -1;
      if (fds[1].fd >= 0 && fds[1].revents != 0 && !pass_on (b, a))
        fds[1].fd = -1;
    }
}

static gboolean
serve (GThreadedSocketService *service,
       GSocketConnection *connection,
       GObject *source_object,
       EfTestProxy *self)
{
  GIOStream *stream = G_IO_STREAM (connection);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) server = NULL;
  g_autofree char *request = NULL;
  guint16 port;

  request = strcmp (self->protocol, "socks5") == 0
                ? read_socks_request (stream)
                : read_head (g_io_stream_get_input_stream (stream));
  if (request == NULL)
    return TRUE;

  port = get_wanted_port (self, request);
  g_async_queue_push (self->requests, g_steal_pointer (&request));
  if (port == 0 || self->refusal != NULL)
    {
      answer (self, stream, port == 0 ? "405 Method Not Allowed" : self->refusal);
      return TRUE;
    }

  g_socket_client_set_enable_proxy (client, FALSE);
  server = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
  if (server == NULL)
    return TRUE;

  answer (self, stream, "200 OK");
  relay (g_socket_connection_get_socket (connection), g_socket_connection_get_socket (server));

  return TRUE;
}

static void
ef_test_proxy_finalize (GObject *object)
{
  EfTestProxy *self = EF_TEST_PROXY (object);

  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  ef_test_assert_finalizes (NULL, self->service);
  g_async_queue_unref (self->requests);
  g_free (self->refusal);

  G_OBJECT_CLASS (ef_test_proxy_parent_class)->finalize (object);
}

static void
ef_test_proxy_class_init (EfTestProxyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ef_test_proxy_finalize;
}

static void
ef_test_proxy_init (EfTestProxy *self)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  self->requests = g_async_queue_new_full (g_free);
  self->service = g_threaded_socket_service_new (10);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), wanted, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &address, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  g_signal_connect (self->service, "run", G_CALLBACK (serve), self);
}

/* ef_test_proxy_new: a proxy of the protocol “http” or “socks5” */
EfTestProxy *
ef_test_proxy_new (const char *protocol)
{
  EfTestProxy *self = g_object_new (EF_TYPE_TEST_PROXY, NULL);

  self->protocol = protocol;

  return self;
}

/* ef_test_proxy_make_url: the proxy's URL, with “user:password” if given */
char *
ef_test_proxy_make_url (EfTestProxy *self, const char *userinfo)
{
  g_return_val_if_fail (EF_IS_TEST_PROXY (self), NULL);

  return g_strdup_printf ("%s://%s%s127.0.0.1:%u", self->protocol,
                          userinfo != NULL ? userinfo : "", userinfo != NULL ? "@" : "",
                          self->port);
}

/* ef_test_proxy_set_refusal: what to answer to each request instead of making a tunnel, such as
 * “403 Forbidden”. To be called before anyone asks. */
void
ef_test_proxy_set_refusal (EfTestProxy *self, const char *status)
{
  g_return_if_fail (EF_IS_TEST_PROXY (self));

  g_free (self->refusal);
  self->refusal = g_strdup (status);
}

/* ef_test_proxy_wait_request: the next request that came: the head of one for HTTP, else “host:port” */
char *
ef_test_proxy_wait_request (EfTestProxy *self)
{
  char *request;

  g_return_val_if_fail (EF_IS_TEST_PROXY (self), NULL);

  ef_test_wait_for (NULL, (request = g_async_queue_try_pop (self->requests)) != NULL);

  return request;
}
