/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The bytes of a connection whose handshake is done: never blocks, and tells when it can go on. It
 * belongs to the thread-default context of whoever made it.
 *
 * A plain socket is read and written directly, TLS through its pollable streams. */
typedef struct _EfSocketIo EfSocketIo;

typedef enum
{
  EF_SOCKET_IO_NONE = 0,
  EF_SOCKET_IO_READ = 1 << 0,
  EF_SOCKET_IO_WRITE = 1 << 1,
} EfSocketIoCondition;

/* What reading and writing return besides a number of bytes; with EF_SOCKET_IO_FAILED the error is
 * set. Reading returns 0 at the end of the stream. */
#define EF_SOCKET_IO_FAILED (-1)
#define EF_SOCKET_IO_WOULD_BLOCK (-2)

typedef void (*EfSocketIoFunc) (EfSocketIoCondition ready, gpointer user_data);

EfSocketIo *ef_socket_io_new (GIOStream *stream,
                              GObject *owner,
                              EfSocketIoFunc func,
                              gpointer user_data);

void ef_socket_io_free (EfSocketIo *self);

void ef_socket_io_want (EfSocketIo *self, EfSocketIoCondition condition);

void ef_socket_io_set_priority (EfSocketIo *self, int priority);

gssize ef_socket_io_get_unread (EfSocketIo *self);

gssize ef_socket_io_read (EfSocketIo *self, gpointer data, gsize size, GError **error);

gssize ef_socket_io_write (EfSocketIo *self,
                           const GOutputVector *vectors,
                           guint n_vectors,
                           GError **error);

void ef_socket_io_shutdown_write (EfSocketIo *self);

void ef_socket_io_abort (EfSocketIo *self);

void ef_socket_io_close (EfSocketIo *self, GSourceOnceFunc closed, gpointer user_data);

char *ef_socket_io_dup_remote_address (EfSocketIo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSocketIo, ef_socket_io_free)

G_END_DECLS
