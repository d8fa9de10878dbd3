/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Messages in a file, in order, that outlast the process: a table of a SQLite database.
 *
 * What ef_spool_append() took is in the file when it returns: it survives the death of the process,
 * in whatever way. It survives a crash of the machine too if that comes later than a few megabytes
 * of other messages, for the log is not forced to the disk with each transaction; the file stays
 * sound in any case. What was removed may come back after a crash if ef_spool_flush() was not called
 * since.
 *
 * A file belongs to one spool at a time. All is called from one thread. */
typedef struct _EfSpool EfSpool;

typedef struct
{
  gconstpointer data;
  gsize size;
} EfSpoolMessage;

/* The message may be looked at until this returns. */
typedef void (*EfSpoolFunc) (guint64 id, gconstpointer data, gsize size, gpointer user_data);

EfSpool *ef_spool_open (const char *path, GError **error);

gboolean ef_spool_close (EfSpool *self, GError **error);

gboolean ef_spool_append (EfSpool *self,
                          const EfSpoolMessage *messages,
                          guint n_messages,
                          guint64 *first_id,
                          GError **error);

void ef_spool_remove (EfSpool *self, guint64 id, gsize size);

gboolean ef_spool_flush (EfSpool *self, GError **error);

gboolean ef_spool_read (EfSpool *self,
                        guint64 after,
                        guint max_messages,
                        gsize max_bytes,
                        EfSpoolFunc func,
                        gpointer user_data,
                        GError **error);

const char *ef_spool_get_path (EfSpool *self);

guint64 ef_spool_get_n_messages (EfSpool *self);

guint64 ef_spool_get_n_bytes (EfSpool *self);

G_END_DECLS
