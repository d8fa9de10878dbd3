/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-raw-peer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

/*
 * EfRawPeer:
 *
 * One end of a TCP connection that does the opening handshake of RFC 6455 as told, right or wrong,
 * and then sends whatever bytes a test likes and keeps what it receives. It shares no code with the
 * library, so that both can not be wrong in the same way.
 *
 * It lives on the thread-default context of whoever made it, and sends at low priority: with
 * ef_raw_peer_set_step() and the tested code on the same context, the tested code reads each step
 * before the next one is written.
 */
struct _EfRawPeer
{
  GObject parent_instance;

  GSocket *socket;
  GMainContext *context;
  GSource *reader;
  GSource *writer;

  GByteArray *received; /* behind the head */
  GString *head;        /* of the other side, as far as it has come */
  GByteArray *unsent;
  gsize step; /* bytes a write, 0 for no limit */

  char *answer; /* a server's, with {accept}; NULL never answers */
  GBytes *tail; /* a server's first bytes behind its answer */

  guint is_client : 1;
  guint head_complete : 1;
  guint open : 1;
  guint eof : 1;
  guint shut_down : 1; /* once all is sent */
};

G_DEFINE_FINAL_TYPE (EfRawPeer, ef_raw_peer, G_TYPE_OBJECT)

static const char ws_guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
static const char head_end[] = "\r\n\r\n";

/* The Sec-WebSocket-Key of each raw client: 16 bytes, encoded. */
static const char client_key[] = "dGhlIHNhbXBsZSBub25jZQ==";

/* ef_raw_compute_accept: the Sec-WebSocket-Accept that answers a key (RFC 6455, section 4.2.2) */
char *
ef_raw_compute_accept (const char *key)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) key, -1);
  g_checksum_update (checksum, (const guchar *) ws_guid, -1);
  g_checksum_get_digest (checksum, digest, &size);

  return g_base64_encode (digest, size);
}

static void
stop_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
ef_raw_peer_close (EfRawPeer *self)
{
  stop_source (&self->reader);
  stop_source (&self->writer);
  self->eof = TRUE;
  self->open = FALSE;
  g_socket_close (self->socket, NULL);
}

static gboolean
writable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  EfRawPeer *self = user_data;
  gsize size = self->unsent->len;
  gssize written;
  g_autoptr (GError) error = NULL;

  if (self->step > 0)
    size = MIN (size, self->step);

  written = g_socket_send (self->socket, (const char *) self->unsent->data, size, NULL, &error);
  if (written < 0)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return G_SOURCE_CONTINUE;

      /* The other side is gone, which is often what the test wanted; is_eof() tells. */
      ef_raw_peer_close (self);
      return G_SOURCE_REMOVE;
    }

  g_byte_array_remove_range (self->unsent, 0, (guint) written);
  if (self->unsent->len > 0)
    return G_SOURCE_CONTINUE;

  if (self->shut_down)
    g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
  g_clear_pointer (&self->writer, g_source_unref);

  return G_SOURCE_REMOVE;
}

static void
start_writing (EfRawPeer *self)
{
  if (self->writer != NULL || g_socket_is_closed (self->socket))
    return;

  self->writer = g_socket_create_source (self->socket, G_IO_OUT, NULL);
  g_source_set_static_name (self->writer, "[EventFlux tests] raw peer writer");
  g_source_set_priority (self->writer, G_PRIORITY_LOW);
  g_source_set_callback (self->writer, G_SOURCE_FUNC (writable_cb), self, NULL);
  g_source_attach (self->writer, self->context);
}

/* ef_raw_peer_send: sends bytes as they are, behind those not yet sent */
void
ef_raw_peer_send (EfRawPeer *self, gconstpointer data, gsize size)
{
  g_return_if_fail (EF_IS_RAW_PEER (self));
  g_return_if_fail (!self->shut_down);

  if (size == 0)
    return;

  g_byte_array_append (self->unsent, data, (guint) size);
  start_writing (self);
}

static void
send_answer (EfRawPeer *self)
{
  g_autofree char *key = NULL;
  g_autofree char *accept = NULL;
  g_autoptr (GString) answer = NULL;

  if (self->answer == NULL)
    return;

  key = ef_raw_peer_get_header (self, "Sec-WebSocket-Key");
  accept = ef_raw_compute_accept (key != NULL ? key : "");
  answer = g_string_new (self->answer);
  g_string_replace (answer, "{accept}", accept, 0);

  /* One write for both: the tail is to arrive right behind the answer. */
  if (self->tail != NULL)
    g_string_append_len (answer, g_bytes_get_data (self->tail, NULL),
                         (gssize) g_bytes_get_size (self->tail));
  ef_raw_peer_send (self, answer->str, answer->len);

  if (g_str_has_prefix (self->answer, "HTTP/1.1 101"))
    self->open = TRUE;
  else
    ef_raw_peer_shutdown (self);
}

static void
check_answer (EfRawPeer *self)
{
  g_autofree char *accept = ef_raw_peer_get_header (self, "Sec-WebSocket-Accept");
  g_autofree char *expected = ef_raw_compute_accept (client_key);

  self->open = g_str_has_prefix (self->head->str, "HTTP/1.1 101 ")
               && g_strcmp0 (accept, expected) == 0;
}

static void
take_head (EfRawPeer *self, const char *data, gsize size)
{
  char *end;
  gsize head_size;

  g_string_append_len (self->head, data, (gssize) size);
  end = strstr (self->head->str, head_end);
  if (end == NULL)
    return;

  head_size = (gsize) (end - self->head->str) + strlen (head_end);
  g_byte_array_append (self->received, (const guint8 *) self->head->str + head_size,
                       (guint) (self->head->len - head_size));
  g_string_truncate (self->head, head_size);
  self->head_complete = TRUE;

  if (self->is_client)
    check_answer (self);
  else
    send_answer (self);
}

static gboolean
readable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  EfRawPeer *self = user_data;
  char buffer[65536];
  g_autoptr (GError) error = NULL;
  gssize size = g_socket_receive (self->socket, buffer, sizeof buffer, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;

  if (size <= 0)
    {
      self->eof = TRUE;
      self->open = FALSE;
      g_clear_pointer (&self->reader, g_source_unref);
      return G_SOURCE_REMOVE;
    }

  if (self->head_complete)
    g_byte_array_append (self->received, (const guint8 *) buffer, (guint) size);
  else
    take_head (self, buffer, (gsize) size);

  return G_SOURCE_CONTINUE;
}

/* ef_raw_peer_set_reading: stops or goes on taking bytes off the socket, to stall the other side */
void
ef_raw_peer_set_reading (EfRawPeer *self, gboolean reading)
{
  g_return_if_fail (EF_IS_RAW_PEER (self));

  if (!reading)
    {
      stop_source (&self->reader);
      return;
    }

  if (self->reader != NULL || self->eof)
    return;

  self->reader = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_static_name (self->reader, "[EventFlux tests] raw peer reader");
  g_source_set_callback (self->reader, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_attach (self->reader, self->context);
}

static void
ef_raw_peer_finalize (GObject *object)
{
  EfRawPeer *self = EF_RAW_PEER (object);

  stop_source (&self->reader);
  stop_source (&self->writer);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
  g_main_context_unref (self->context);
  g_byte_array_unref (self->received);
  g_byte_array_unref (self->unsent);
  g_string_free (self->head, TRUE);
  g_free (self->answer);
  g_clear_pointer (&self->tail, g_bytes_unref);

  G_OBJECT_CLASS (ef_raw_peer_parent_class)->finalize (object);
}

static void
ef_raw_peer_class_init (EfRawPeerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ef_raw_peer_finalize;
}

static void
ef_raw_peer_init (EfRawPeer *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->received = g_byte_array_new ();
  self->unsent = g_byte_array_new ();
  self->head = g_string_new (NULL);
}

static void
take_socket (EfRawPeer *self, GSocket *socket)
{
  self->socket = g_object_ref (socket);
  g_socket_set_blocking (socket, FALSE);
  /* Each write is a segment of its own, or steps would melt together again. */
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  ef_raw_peer_set_reading (self, TRUE);
}

/* ef_raw_peer_new_accepted: the server's end of a connection; see EfRawServer for the arguments */
EfRawPeer *
ef_raw_peer_new_accepted (GSocket *socket, const char *answer, GBytes *tail)
{
  EfRawPeer *self = g_object_new (EF_TYPE_RAW_PEER, NULL);

  self->answer = g_strdup (answer);
  self->tail = tail != NULL ? g_bytes_ref (tail) : NULL;
  take_socket (self, socket);

  return self;
}

/* ef_raw_peer_new_client: connects to a ws:// address on this machine and sends a correct
 * handshake, with `extra_headers` (each ended by CRLF) in it. It is open once the server agreed. */
EfRawPeer *
ef_raw_peer_new_client (const char *url, const char *extra_headers)
{
  EfRawPeer *self = g_object_new (EF_TYPE_RAW_PEER, NULL);
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autofree char *request = NULL;
  g_autoptr (GError) error = NULL;
  const char *path;

  uri = g_uri_parse (url, G_URI_FLAGS_NONE, &error);
  g_assert_no_error (error);
  socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  address = g_inet_socket_address_new_from_string (g_uri_get_host (uri),
                                                   (guint) g_uri_get_port (uri));
  g_assert_nonnull (address);

  /* On loopback the kernel completes a connection to a listening socket by itself. */
  g_socket_connect (socket, address, NULL, &error);
  g_assert_no_error (error);
  self->is_client = TRUE;
  take_socket (self, socket);

  path = g_uri_get_path (uri);
  request = g_strdup_printf ("GET %s HTTP/1.1\r\n"
                             "Host: %s:%d\r\n"
                             "Upgrade: websocket\r\n"
                             "Connection: Upgrade\r\n"
                             "Sec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: %s\r\n"
                             "%s\r\n",
                             *path != '\0' ? path : "/", g_uri_get_host (uri), g_uri_get_port (uri),
                             client_key, extra_headers != NULL ? extra_headers : "");
  ef_raw_peer_send (self, request, strlen (request));

  return self;
}

/* ef_raw_peer_set_step: at most so many bytes a write and an iteration; 0 is no limit */
void
ef_raw_peer_set_step (EfRawPeer *self, gsize step)
{
  g_return_if_fail (EF_IS_RAW_PEER (self));

  self->step = step;
}

gboolean
ef_raw_peer_is_client (EfRawPeer *self)
{
  g_return_val_if_fail (EF_IS_RAW_PEER (self), FALSE);

  return self->is_client;
}

/* ef_raw_peer_is_open: whether the handshake succeeded and neither side has gone */
gboolean
ef_raw_peer_is_open (EfRawPeer *self)
{
  g_return_val_if_fail (EF_IS_RAW_PEER (self), FALSE);

  return self->open;
}

/* ef_raw_peer_is_eof: whether the other side ended or reset the connection, or this one reset it */
gboolean
ef_raw_peer_is_eof (EfRawPeer *self)
{
  g_return_val_if_fail (EF_IS_RAW_PEER (self), FALSE);

  return self->eof;
}

/* ef_raw_peer_get_head: the other side's request or answer, or NULL while it is not complete */
const char *
ef_raw_peer_get_head (EfRawPeer *self)
{
  g_return_val_if_fail (EF_IS_RAW_PEER (self), NULL);

  return self->head_complete ? self->head->str : NULL;
}

/* ef_raw_peer_get_header: the value of a header of that head, the first if there are many */
char *
ef_raw_peer_get_header (EfRawPeer *self, const char *name)
{
  g_auto (GStrv) lines = NULL;

  g_return_val_if_fail (EF_IS_RAW_PEER (self), NULL);

  lines = g_strsplit (self->head->str, "\r\n", -1);
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');

      if (colon == NULL)
        continue;

      *colon = '\0';
      if (g_ascii_strcasecmp (lines[i], name) == 0)
        return g_strdup (g_strstrip (colon + 1));
    }

  return NULL;
}

/* ef_raw_peer_get_received: the bytes behind the head; the caller may remove some */
GByteArray *
ef_raw_peer_get_received (EfRawPeer *self)
{
  g_return_val_if_fail (EF_IS_RAW_PEER (self), NULL);

  return self->received;
}

/* ef_raw_peer_get_unsent: the bytes that this side's kernel has not taken yet */
gsize
ef_raw_peer_get_unsent (EfRawPeer *self)
{
  g_return_val_if_fail (EF_IS_RAW_PEER (self), 0);

  return self->unsent->len;
}

/* ef_raw_peer_shutdown: ends this side's stream (FIN) once everything is sent */
void
ef_raw_peer_shutdown (EfRawPeer *self)
{
  g_return_if_fail (EF_IS_RAW_PEER (self));

  self->shut_down = TRUE;
  if (self->writer == NULL && !g_socket_is_closed (self->socket))
    g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
}

/* ef_raw_peer_reset: drops the connection at once, so that the other side meets ECONNRESET */
void
ef_raw_peer_reset (EfRawPeer *self)
{
  const struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  g_return_if_fail (EF_IS_RAW_PEER (self));

  if (g_socket_is_closed (self->socket))
    return;

  if (setsockopt (g_socket_get_fd (self->socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger))
    g_error ("SO_LINGER: %s", g_strerror (errno));
  ef_raw_peer_close (self);
}
