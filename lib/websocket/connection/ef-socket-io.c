/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-socket-io-private.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* For a plain socket this is the source itself, on the socket's descriptor. TLS can not be polled
 * that way, since decrypted bytes may wait with nothing left in the socket: then the pollable
 * streams make a source for each direction, when it is wanted. */
struct _EfSocketIo
{
  GSource source;

  GIOStream *stream; /* what libsoup gave */
  GIOStream *base;   /* what lies under its wrapper */
  GObject *owner;    /* must live until the stream is closed */
  GMainContext *context;
  EfSocketIoFunc func;
  gpointer user_data;

  EfSocketIoCondition wanted;
  int fd; /* -1 for TLS */
  gpointer fd_tag;
  GSource *input_source;
  GSource *output_source;

  /* Until it has been emptied the wrapper may hold bytes that came right behind the handshake. */
  gboolean wrapper_is_empty;

  /* Bytes may wait that no poll tells of: in the wrapper, or the rest of a record that TLS has
   * decrypted as a whole, for which its source, too, waits for the socket. */
  gboolean has_hidden_bytes;
};

static gboolean
io_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  EfSocketIo *self = (EfSocketIo *) source;
  EfSocketIoCondition ready = EF_SOCKET_IO_NONE;

  /* Ready by time is ready for what no poll tells of. */
  if (g_source_get_ready_time (source) >= 0)
    {
      g_source_set_ready_time (source, -1);
      if (self->has_hidden_bytes)
        ready |= EF_SOCKET_IO_READ;
    }

  if (self->fd_tag != NULL)
    {
      GIOCondition revents = g_source_query_unix_fd (source, self->fd_tag);

      if (revents & (G_IO_IN | G_IO_HUP | G_IO_ERR))
        ready |= EF_SOCKET_IO_READ;
      if (revents & (G_IO_OUT | G_IO_HUP | G_IO_ERR))
        ready |= EF_SOCKET_IO_WRITE;
    }

  ready &= self->wanted;
  if (ready != EF_SOCKET_IO_NONE)
    self->func (ready, self->user_data);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs io_funcs = { .dispatch = io_dispatch };

/* libsoup wraps streams in a type of its own, which is not public but for this property. */
static GIOStream *
dup_property_stream (GIOStream *stream, const char *name)
{
  GIOStream *base = NULL;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (stream), name) != NULL)
    g_object_get (stream, name, &base, NULL);

  return base;
}

static GIOStream *
dup_base_stream (GIOStream *stream)
{
  GIOStream *base = dup_property_stream (stream, "base-iostream");

  return base != NULL ? base : g_object_ref (stream);
}

/* The socket that the bytes go through in the end, below TLS and proxies. */
static GSocket *
dup_socket (EfSocketIo *self)
{
  g_autoptr (GIOStream) stream = g_object_ref (self->base);

  while (!G_IS_SOCKET_CONNECTION (stream))
    {
      GIOStream *base = dup_property_stream (stream, "base-io-stream");

      if (base == NULL)
        return NULL;
      g_object_unref (stream);
      stream = base;
    }

  return g_object_ref (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
}

/* Takes over @stream and, with it, @owner, an object that keeps @stream open and closes it when it
 * goes. The calls of @func come from @self's source and may free @self. */
EfSocketIo *
ef_socket_io_new (GIOStream *stream, GObject *owner, EfSocketIoFunc func, gpointer user_data)
{
  GSource *source = g_source_new (&io_funcs, sizeof (EfSocketIo));
  EfSocketIo *self = (EfSocketIo *) source;

  self->stream = g_object_ref (stream);
  self->base = dup_base_stream (stream);
  self->owner = owner != NULL ? g_object_ref (owner) : NULL;
  self->context = g_main_context_ref_thread_default ();
  self->func = func;
  self->user_data = user_data;
  self->fd = -1;
  self->has_hidden_bytes = TRUE;

  /* A wrapped connection belongs to a proxy and may be anything. */
  if (G_IS_SOCKET_CONNECTION (self->base) && !G_IS_TCP_WRAPPER_CONNECTION (self->base))
    {
      GSocket *socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (self->base));

      g_socket_set_blocking (socket, FALSE);
      self->fd = g_socket_get_fd (socket);
    }

  g_source_set_static_name (source, "[EventFlux] WebSocket");
  /* Else GLib takes the descriptor out of the poll set for each dispatch and puts it back after,
   * with a write to the context's eventfd each time: 1.5 µs of a round trip. */
  g_source_set_can_recurse (source, TRUE);
  g_source_attach (source, self->context);

  return self;
}

typedef struct
{
  GIOStream *stream;
  GObject *owner;
  GSourceOnceFunc closed;
  gpointer user_data;
} CloseData;

static void
owner_finalized (gpointer user_data)
{
  CloseData *data = user_data;

  if (data->closed != NULL)
    data->closed (data->user_data);
  g_free (data);
}

static void
stream_closed (GObject *object, GAsyncResult *result, gpointer user_data)
{
  CloseData *data = user_data;
  GObject *owner = g_steal_pointer (&data->owner);

  /* Whether closing failed makes no difference: the descriptor is gone. */
  g_io_stream_close_finish (G_IO_STREAM (object), result, NULL);
  g_clear_object (&data->stream);

  if (owner == NULL)
    {
      owner_finalized (data);
      return;
    }

  /* libsoup's connection closes its stream once more, asynchronously, before it goes. */
  g_object_set_qdata_full (owner, g_quark_from_static_string ("ef-socket-io-close"), data,
                           owner_finalized);
  g_object_unref (owner);
}

/**
 * ef_socket_io_close: (skip)
 * @self: (transfer full): a connection
 * @closed: (nullable): called when the stream is closed and let go
 * @user_data: data for @closed
 *
 * Closes the stream.
 */
void
ef_socket_io_close (EfSocketIo *self, GSourceOnceFunc closed, gpointer user_data)
{
  CloseData *data = g_new0 (CloseData, 1);

  data->stream = g_steal_pointer (&self->stream);
  data->owner = g_steal_pointer (&self->owner);
  data->closed = closed;
  data->user_data = user_data;

  g_main_context_push_thread_default (self->context);
  g_io_stream_close_async (data->stream, G_PRIORITY_DEFAULT, NULL, stream_closed, data);
  g_main_context_pop_thread_default (self->context);

  ef_socket_io_free (self);
}

/* Lets go of everything. A stream that nobody else holds closes. */
void
ef_socket_io_free (EfSocketIo *self)
{
  ef_clear_source (&self->input_source);
  ef_clear_source (&self->output_source);
  g_clear_object (&self->base);
  g_clear_object (&self->stream);
  g_clear_object (&self->owner);
  g_clear_pointer (&self->context, g_main_context_unref);

  g_source_destroy (&self->source);
  g_source_unref (&self->source);
}

static gboolean
input_ready (GObject *stream, gpointer user_data)
{
  EfSocketIo *self = user_data;

  self->func (EF_SOCKET_IO_READ, self->user_data);

  return G_SOURCE_CONTINUE;
}

static gboolean
output_ready (GObject *stream, gpointer user_data)
{
  EfSocketIo *self = user_data;

  self->func (EF_SOCKET_IO_WRITE, self->user_data);

  return G_SOURCE_CONTINUE;
}

static void
attach_pollable (EfSocketIo *self, GSource *source, GPollableSourceFunc func, const char *name)
{
  g_source_set_static_name (source, name);
  g_source_set_priority (source, g_source_get_priority (&self->source));
  g_source_set_callback (source, G_SOURCE_FUNC (func), self, NULL);
  g_source_attach (source, self->context);
}

static void
want_pollable (EfSocketIo *self)
{
  if (!(self->wanted & EF_SOCKET_IO_READ))
    ef_clear_source (&self->input_source);
  else if (self->input_source == NULL)
    {
      GInputStream *input = g_io_stream_get_input_stream (self->base);

      self->input_source
          = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input), NULL);
      attach_pollable (self, self->input_source, input_ready, "[EventFlux] WebSocket input");
    }

  if (!(self->wanted & EF_SOCKET_IO_WRITE))
    ef_clear_source (&self->output_source);
  else if (self->output_source == NULL)
    {
      GOutputStream *output = g_io_stream_get_output_stream (self->base);

      self->output_source
          = g_pollable_output_stream_create_source (G_POLLABLE_OUTPUT_STREAM (output), NULL);
      attach_pollable (self, self->output_source, output_ready, "[EventFlux] WebSocket output");
    }
}

static void
want_fd (EfSocketIo *self)
{
  GIOCondition condition = (self->wanted & EF_SOCKET_IO_READ ? G_IO_IN : 0)
                           | (self->wanted & EF_SOCKET_IO_WRITE ? G_IO_OUT : 0);

  /* A descriptor in the poll set reports a hangup whether or not one asks for it. While nothing is
   * wanted nobody would take note, and the context would spin: so it has to leave. */
  if (condition == 0 && self->fd_tag != NULL)
    {
      g_source_remove_unix_fd (&self->source, self->fd_tag);
      self->fd_tag = NULL;
    }
  else if (condition != 0 && self->fd_tag == NULL)
    self->fd_tag = g_source_add_unix_fd (&self->source, self->fd, condition);
  else if (condition != 0)
    g_source_modify_unix_fd (&self->source, self->fd_tag, condition);
}

/* Sets what the function shall be called for. */
void
ef_socket_io_want (EfSocketIo *self, EfSocketIoCondition condition)
{
  if (self->wanted == condition)
    return;

  self->wanted = condition;
  if (self->fd >= 0)
    want_fd (self);
  else
    want_pollable (self);

  if ((condition & EF_SOCKET_IO_READ) && self->has_hidden_bytes)
    g_source_set_ready_time (&self->source, 0);
}

void
ef_socket_io_set_priority (EfSocketIo *self, int priority)
{
  g_source_set_priority (&self->source, priority);
  if (self->input_source != NULL)
    g_source_set_priority (self->input_source, priority);
}

static gssize
read_pollable (GIOStream *stream, gpointer data, gsize size, GError **error)
{
  GPollableInputStream *input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream));
  g_autoptr (GError) local = NULL;
  gssize n = g_pollable_input_stream_read_nonblocking (input, data, size, NULL, &local);

  if (n >= 0)
    return n;
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return EF_SOCKET_IO_WOULD_BLOCK;
  /* TLS without its own word of closing. Whether that is an end or a loss the frames tell. */
  if (g_error_matches (local, G_TLS_ERROR, G_TLS_ERROR_EOF))
    return 0;

  g_propagate_error (error, g_steal_pointer (&local));
  return EF_SOCKET_IO_FAILED;
}

static gssize
fail_errno (int saved_errno, GError **error)
{
  if (saved_errno == EAGAIN)
    return EF_SOCKET_IO_WOULD_BLOCK;

  g_set_error_literal (error, G_IO_ERROR, (gint) g_io_error_from_errno (saved_errno),
                       g_strerror (saved_errno));
  return EF_SOCKET_IO_FAILED;
}

/* TLS hands out a record a call, 16 KiB at most: several make one read, as a batch is made of one.
 * */
static gssize
read_records (EfSocketIo *self, guint8 *data, gsize size, GError **error)
{
  gsize filled = 0;
  gssize n;

  do
    {
      n = read_pollable (self->base, data + filled, size - filled, filled == 0 ? error : NULL);
      if (n > 0)
        filled += (gsize) n;
    }
  while (n > 0 && filled < size);

  /* What went wrong behind the first record is met again by the next read. */
  self->has_hidden_bytes = filled > 0 && n != EF_SOCKET_IO_WOULD_BLOCK;

  return filled > 0 ? (gssize) filled : n;
}

/* What libsoup has read of the socket, or of TLS, beyond the handshake. */
static gssize
read_wrapper (EfSocketIo *self, gpointer data, gsize size, GError **error)
{
  gssize n = read_pollable (self->stream, data, size, error);

  self->wrapper_is_empty = n < (gssize) size;
  self->has_hidden_bytes = n > 0 && (!self->wrapper_is_empty || self->fd < 0);

  return n;
}

static gssize
read_socket (EfSocketIo *self, gpointer data, gsize size, GError **error)
{
  gssize n;

  do
    n = recv (self->fd, data, size, 0);
  while (n < 0 && errno == EINTR);

  return n >= 0 ? n : fail_errno (errno, error);
}

gssize
ef_socket_io_read (EfSocketIo *self, gpointer data, gsize size, GError **error)
{
  gssize n;

  if (G_LIKELY (self->wrapper_is_empty && self->fd >= 0))
    return read_socket (self, data, size, error);

  n = self->wrapper_is_empty ? read_records (self, data, size, error)
                             : read_wrapper (self, data, size, error);
  if (self->has_hidden_bytes && (self->wanted & EF_SOCKET_IO_READ))
    g_source_set_ready_time (&self->source, 0);

  return n;
}

/* How many bytes wait in the socket, of whatever is below the frames; -1 if that is not known. */
gssize
ef_socket_io_get_unread (EfSocketIo *self)
{
  g_autoptr (GSocket) socket = dup_socket (self);
  int n_bytes;

  if (socket == NULL || ioctl (g_socket_get_fd (socket), FIONREAD, &n_bytes) < 0)
    return -1;

  return n_bytes;
}

static gssize
write_pollable (EfSocketIo *self, const GOutputVector *vector, GError **error)
{
  GOutputStream *output = g_io_stream_get_output_stream (self->base);
  g_autoptr (GError) local = NULL;
  gssize n = g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (output),
                                                         vector->buffer, vector->size, NULL,
                                                         &local);

  if (n >= 0)
    return n;
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return EF_SOCKET_IO_WOULD_BLOCK;

  g_propagate_error (error, g_steal_pointer (&local));
  return EF_SOCKET_IO_FAILED;
}

/* Writes some of the bytes; what is left must come first in the next call, as TLS has begun with
 * it. */
gssize
ef_socket_io_write (EfSocketIo *self,
                    const GOutputVector *vectors,
                    guint n_vectors,
                    GError **error)
{
  struct msghdr message = { 0 };
  gssize n;

  if (self->fd < 0)
    return write_pollable (self, &vectors[0], error);

  /* GIO promises that a GOutputVector is an iovec. */
  message.msg_iov = (struct iovec *) vectors;
  message.msg_iovlen = n_vectors;

  /* One piece is the usual case, and spares the kernel the way by the vector. */
  do
    n = n_vectors == 1 ? send (self->fd, vectors->buffer, vectors->size, MSG_NOSIGNAL)
                       : sendmsg (self->fd, &message, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);

  return n >= 0 ? n : fail_errno (errno, error);
}

/* Tells the peer that nothing more comes; reading goes on. */
void
ef_socket_io_shutdown_write (EfSocketIo *self)
{
  /* Under TLS that would cut off its own word of closing. */
  if (self->fd >= 0)
    shutdown (self->fd, SHUT_WR);
}

/* Ends the connection below all protocols, so that closing the stream has nobody to wait for. */
void
ef_socket_io_abort (EfSocketIo *self)
{
  g_autoptr (GSocket) socket = dup_socket (self);

  if (socket != NULL)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

/* The peer's address and port as a text, or NULL. */
char *
ef_socket_io_dup_remote_address (EfSocketIo *self)
{
  g_autoptr (GSocket) socket = dup_socket (self);
  g_autoptr (GSocketAddress) address
      = socket != NULL ? g_socket_get_remote_address (socket, NULL) : NULL;

  if (address == NULL || !G_IS_SOCKET_CONNECTABLE (address))
    return NULL;

  return g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
}
