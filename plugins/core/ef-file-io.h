/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

typedef enum
{
  EF_FILE_READ,
  EF_FILE_REPLACE,
  EF_FILE_APPEND,
} EfFileMode;

#define EF_TYPE_FILE_IO (ef_file_io_get_type ())

G_DECLARE_FINAL_TYPE (EfFileIo, ef_file_io, EF, FILE_IO, GObject)

EfFileIo *ef_file_io_new (const char *location);

void ef_file_io_open_async (EfFileIo *self,
                            EfFileMode mode,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

gboolean ef_file_io_open_finish (EfFileIo *self, GAsyncResult *result, GError **error);

void ef_file_io_read_async (EfFileIo *self,
                            char *buffer,
                            gsize size,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

gssize ef_file_io_read_finish (EfFileIo *self, GAsyncResult *result, GError **error);

void ef_file_io_write_async (EfFileIo *self,
                             const char *text,
                             gsize length,
                             gboolean sync,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

gboolean ef_file_io_write_finish (EfFileIo *self,
                                  GAsyncResult *result,
                                  gsize *written,
                                  GError **error);

void ef_file_io_close_async (EfFileIo *self, GAsyncReadyCallback callback, gpointer user_data);

gboolean ef_file_io_close_finish (EfFileIo *self, GAsyncResult *result, GError **error);

G_END_DECLS
