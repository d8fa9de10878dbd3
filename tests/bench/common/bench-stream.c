/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "bench-stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef BENCH_HAVE_OPENSSL
#include <openssl/err.h>
#include <openssl/ssl.h>
#endif

struct _BenchStream
{
  int fd;
#ifdef BENCH_HAVE_OPENSSL
  SSL_CTX *context;
  SSL *ssl;
#endif
};

void
bench_fail (const char *format, ...)
{
  va_list args;

  fprintf (stderr, "%s: ", program_invocation_short_name);
  va_start (args, format);
  vfprintf (stderr, format, args);
  va_end (args);
  fputc ('\n', stderr);
  exit (1);
}

#ifdef BENCH_HAVE_OPENSSL

struct _BenchTls
{
  SSL_CTX *context;
};

BenchTls *
bench_tls_new (const char *certificate, const char *key)
{
  BenchTls *tls = g_new0 (BenchTls, 1);

  tls->context = SSL_CTX_new (TLS_server_method ());
  if (SSL_CTX_use_certificate_chain_file (tls->context, certificate) != 1)
    bench_fail ("cannot load the certificate %s", certificate);
  if (SSL_CTX_use_PrivateKey_file (tls->context, key, SSL_FILETYPE_PEM) != 1)
    bench_fail ("cannot load the key %s", key);

  return tls;
}

void
bench_tls_free (BenchTls *tls)
{
  SSL_CTX_free (tls->context);
  g_free (tls);
}

static void
stream_start_tls (BenchStream *stream, SSL_CTX *context, gboolean is_server)
{
  int result;

  stream->ssl = SSL_new (context);
  SSL_set_fd (stream->ssl, stream->fd);
  result = is_server ? SSL_accept (stream->ssl) : SSL_connect (stream->ssl);
  if (result != 1)
    bench_fail ("TLS handshake failed: %s", ERR_error_string (ERR_get_error (), NULL));
}

/* The peer is a process of the same bench run on this machine: its certificate proves nothing
 * here, so it is not verified. */
static void
stream_start_tls_client (BenchStream *stream)
{
  stream->context = SSL_CTX_new (TLS_client_method ());
  stream_start_tls (stream, stream->context, FALSE);
}

#else

BenchTls *
bench_tls_new (const char *certificate, const char *key)
{
  bench_fail ("built without OpenSSL: no wss");
}

void
bench_tls_free (BenchTls *tls)
{
}

static void
stream_start_tls_client (BenchStream *stream)
{
  bench_fail ("built without OpenSSL: no wss");
}

#endif

static BenchStream *
stream_new (int fd)
{
  BenchStream *stream = g_new0 (BenchStream, 1);
  int on = 1;

  stream->fd = fd;
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);

  return stream;
}

static struct sockaddr_in
loopback (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);

  return address;
}

/**
 * bench_listen:
 * @port: (out): where to store the port that the kernel chose
 *
 * Opens a listening socket on 127.0.0.1.
 */
int
bench_listen (guint16 *port)
{
  struct sockaddr_in address = loopback (0);
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0 || bind (fd, (struct sockaddr *) &address, sizeof address) < 0 ||
      listen (fd, 1024) < 0 || getsockname (fd, (struct sockaddr *) &address, &length) < 0)
    bench_fail ("cannot listen: %s", g_strerror (errno));

  *port = ntohs (address.sin_port);

  return fd;
}

BenchStream *
bench_stream_accept (int listener, BenchTls *tls)
{
  BenchStream *stream;
  int fd = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);

  if (fd < 0)
    bench_fail ("cannot accept: %s", g_strerror (errno));

  stream = stream_new (fd);
#ifdef BENCH_HAVE_OPENSSL
  if (tls != NULL)
    stream_start_tls (stream, tls->context, TRUE);
#endif

  return stream;
}

BenchStream *
bench_stream_connect (GUri *uri)
{
  struct sockaddr_in address = loopback ((guint16) g_uri_get_port (uri));
  BenchStream *stream;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) < 0)
    bench_fail ("cannot connect to port %d: %s", g_uri_get_port (uri), g_strerror (errno));

  stream = stream_new (fd);
  if (g_str_equal (g_uri_get_scheme (uri), "wss"))
    stream_start_tls_client (stream);

  return stream;
}

void
bench_stream_free (BenchStream *stream)
{
#ifdef BENCH_HAVE_OPENSSL
  g_clear_pointer (&stream->ssl, SSL_free);
  g_clear_pointer (&stream->context, SSL_CTX_free);
#endif
  close (stream->fd);
  g_free (stream);
}

int
bench_stream_get_fd (BenchStream *stream)
{
  return stream->fd;
}

/* Returns the number of bytes, 0 at the end, whether orderly or by a reset: a load generator only
 * wants to know that the other side is gone. */
gssize
bench_stream_read (BenchStream *stream, void *buffer, gsize size)
{
  gssize n;

#ifdef BENCH_HAVE_OPENSSL
  if (stream->ssl != NULL)
    n = SSL_read (stream->ssl, buffer, (int) MIN (size, G_MAXINT));
  else
#endif
    do
      n = recv (stream->fd, buffer, size, 0);
    while (n < 0 && errno == EINTR);

  return MAX (n, 0);
}

gboolean
bench_stream_write_all (BenchStream *stream, const void *data, gsize size)
{
  const guint8 *p = data;

  while (size > 0)
    {
      gssize n;

#ifdef BENCH_HAVE_OPENSSL
      if (stream->ssl != NULL)
        n = SSL_write (stream->ssl, p, (int) MIN (size, G_MAXINT));
      else
#endif
        n = send (stream->fd, p, size, MSG_NOSIGNAL);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;

      p += n;
      size -= (gsize) n;
    }

  return TRUE;
}

gboolean
bench_stream_readable (BenchStream *stream, int timeout_ms)
{
  struct pollfd pollfd = { .fd = stream->fd, .events = POLLIN };

#ifdef BENCH_HAVE_OPENSSL
  if (stream->ssl != NULL && SSL_pending (stream->ssl) > 0)
    return TRUE;
#endif

  return poll (&pollfd, 1, timeout_ms) > 0;
}
