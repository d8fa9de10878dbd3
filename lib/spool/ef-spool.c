/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-spool-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

/* "EFSP", by which a spool is known from other databases. */
#define APPLICATION_ID 0x45465350
#define FORMAT 1

#define STRINGIFY(x) #x
#define NUMBER(x) STRINGIFY (x)

/* Numbers that follow one another. */
typedef struct
{
  guint64 first;
  guint64 last;
} Range;

struct _EfSpool
{
  char *path;
  sqlite3 *db;
  sqlite3_stmt *insert;
  sqlite3_stmt *delete;
  sqlite3_stmt *select;

  guint64 next_id;
  guint64 n_messages; /* that are in the file and were not removed */
  guint64 n_bytes;
  GArray *removed; /* of Range: still in the file */
};

static const char *
explain (EfSpool *self, int status)
{
  switch (status & 0xff)
    {
    case SQLITE_NOTADB:
      return "it is a file of another kind: name one that does not exist, or a spool";
    case SQLITE_CORRUPT:
      return "it is damaged: move it away, so that a new one is made";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another sink or another process uses it: each needs a file of its own";
    case SQLITE_FULL:
      return "the disk is full";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "it can not be written to: check the permissions of the file and of its folder";
    default:
      return self->db != NULL ? sqlite3_errmsg (self->db) : sqlite3_errstr (status);
    }
}

static void
set_error (EfSpool *self, int status, const char *doing, GError **error)
{
  g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE, "spool “%s” can not be %s: %s", self->path,
               doing, explain (self, status));
}

static int
step (sqlite3_stmt *statement)
{
  int status = sqlite3_step (statement);

  if (status != SQLITE_ROW)
    sqlite3_reset (statement);

  return status == SQLITE_DONE ? SQLITE_OK : status;
}

static int
execute (EfSpool *self, const char *sql)
{
  return sqlite3_exec (self->db, sql, NULL, NULL, NULL);
}

/* Opening */

static int
get_number (EfSpool *self, const char *sql, gint64 *number)
{
  sqlite3_stmt *statement = NULL;
  int status = sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL);

  if (status == SQLITE_OK)
    status = sqlite3_step (statement);
  if (status == SQLITE_ROW)
    *number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);

  return status == SQLITE_ROW ? SQLITE_OK : status;
}

/* Messages may be anybody's secrets: a new file is for its owner alone. */
static gboolean
create_file (EfSpool *self, GError **error)
{
  int fd = g_open (self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE, "spool “%s” can not be opened: %s", self->path,
                   g_strerror (errno));
      return FALSE;
    }

  return g_close (fd, error);
}

/* Makes the table in an empty file, or finds what kind of database it is. */
static int
set_up (EfSpool *self)
{
  gint64 application_id = 0, format = 0, n_tables = 0;
  int status;

  /* Nobody else may look at the file, which saves locks for each transaction too. The log is
   * written with each of them, and forced to the disk when it is copied to the table. */
  status = execute (self, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                          "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE");
  if (status == SQLITE_OK)
    status = get_number (self, "PRAGMA application_id", &application_id);
  if (status == SQLITE_OK)
    status = get_number (self, "PRAGMA user_version", &format);
  if (status == SQLITE_OK)
    status = get_number (self, "SELECT count(*) FROM sqlite_schema", &n_tables);
  if (status != SQLITE_OK)
    return status;

  if (application_id == 0 && format == 0 && n_tables == 0)
    status = execute (self, "CREATE TABLE message (id INTEGER PRIMARY KEY, data BLOB NOT NULL);"
                            "PRAGMA application_id = " NUMBER (APPLICATION_ID) ";"
                            "PRAGMA user_version = " NUMBER (FORMAT));
  else if (application_id != APPLICATION_ID || format != FORMAT)
    status = SQLITE_NOTADB;

  return status == SQLITE_OK ? execute (self, "COMMIT") : status;
}

static int
prepare_statements (EfSpool *self)
{
  const struct
  {
    sqlite3_stmt **statement;
    const char *sql;
  } statements[] = {
    { &self->insert, "INSERT INTO message VALUES (?1, ?2)" },
    { &self->delete, "DELETE FROM message WHERE id BETWEEN ?1 AND ?2" },
    { &self->select, "SELECT id, data FROM message WHERE id > ?1 ORDER BY id" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      int status = sqlite3_prepare_v3 (self->db, statements[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
                                       statements[i].statement, NULL);

      if (status != SQLITE_OK)
        return status;
    }

  return SQLITE_OK;
}

/* Finds what was left there. */
static int
count (EfSpool *self)
{
  gint64 n_messages = 0, n_bytes = 0, last = 0;
  int status = get_number (self, "SELECT count(*) FROM message", &n_messages);

  if (status == SQLITE_OK)
    status = get_number (self, "SELECT total(length(data)) FROM message", &n_bytes);
  if (status == SQLITE_OK)
    status = get_number (self, "SELECT max(id) FROM message", &last);

  self->n_messages = (guint64) n_messages;
  self->n_bytes = (guint64) n_bytes;
  self->next_id = (guint64) last + 1;

  return status;
}

static void
ef_spool_free (EfSpool *self)
{
  sqlite3_finalize (self->insert);
  sqlite3_finalize (self->delete);
  sqlite3_finalize (self->select);
  sqlite3_close (self->db);
  g_array_unref (self->removed);
  g_free (self->path);
  g_free (self);
}

/* Opens a spool with all that was left in it, or makes one. */
EfSpool *
ef_spool_open (const char *path, GError **error)
{
  EfSpool *self = g_new0 (EfSpool, 1);
  int status;

  self->path = g_strdup (path);
  self->removed = g_array_new (FALSE, FALSE, sizeof (Range));
  if (!create_file (self, error))
    {
      ef_spool_free (self);
      return NULL;
    }

  status = sqlite3_open_v2 (path, &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (status == SQLITE_OK)
    status = set_up (self);
  if (status == SQLITE_OK)
    status = prepare_statements (self);
  if (status == SQLITE_OK)
    status = count (self);

  if (status != SQLITE_OK)
    {
      set_error (self, status, "opened", error);
      ef_spool_free (self);
      return NULL;
    }

  return self;
}

/* Writes down what was removed, and lets go of the file. What failed is told, and closed too. */
gboolean
ef_spool_close (EfSpool *self, GError **error)
{
  gboolean flushed = ef_spool_flush (self, error);

  ef_spool_free (self);

  return flushed;
}

/* Changing */

static int
delete_removed (EfSpool *self)
{
  int status = SQLITE_OK;

  for (guint i = 0; i < self->removed->len && status == SQLITE_OK; i++)
    {
      Range range = g_array_index (self->removed, Range, i);

      sqlite3_bind_int64 (self->delete, 1, (sqlite3_int64) range.first);
      sqlite3_bind_int64 (self->delete, 2, (sqlite3_int64) range.last);
      status = step (self->delete);
    }

  return status;
}

static int
insert (EfSpool *self, guint64 id, const EfSpoolMessage *message)
{
  int status;

  sqlite3_bind_int64 (self->insert, 1, (sqlite3_int64) id);
  if (message->size > 0)
    sqlite3_bind_blob64 (self->insert, 2, message->data, message->size, SQLITE_STATIC);
  else
    sqlite3_bind_zeroblob (self->insert, 2, 0);
  status = step (self->insert);
  sqlite3_clear_bindings (self->insert);

  return status;
}

/* One transaction, with what was removed since the last one. */
static gboolean
write_all (EfSpool *self, const EfSpoolMessage *messages, guint n_messages, GError **error)
{
  int status = execute (self, "BEGIN");

  if (status == SQLITE_OK)
    status = delete_removed (self);
  for (guint i = 0; i < n_messages && status == SQLITE_OK; i++)
    status = insert (self, self->next_id + i, &messages[i]);
  if (status == SQLITE_OK)
    status = execute (self, "COMMIT");

  if (status != SQLITE_OK)
    {
      set_error (self, status, "written", error);
      if (!sqlite3_get_autocommit (self->db))
        execute (self, "ROLLBACK");
      return FALSE;
    }

  g_array_set_size (self->removed, 0);

  return TRUE;
}

/* Adds messages behind all others, all or none. They get numbers that follow one another. */
gboolean
ef_spool_append (EfSpool *self,
                 const EfSpoolMessage *messages,
                 guint n_messages,
                 guint64 *first_id,
                 GError **error)
{
  if (!write_all (self, messages, n_messages, error))
    return FALSE;

  *first_id = self->next_id;
  self->next_id += n_messages;
  self->n_messages += n_messages;
  for (guint i = 0; i < n_messages; i++)
    self->n_bytes += messages[i].size;

  return TRUE;
}

/* Removes a message, whose size the caller knows: from the file with what is written next. */
void
ef_spool_remove (EfSpool *self, guint64 id, gsize size)
{
  Range range = { id, id };

  self->n_messages--;
  self->n_bytes -= size;

  if (self->removed->len > 0)
    {
      Range *last = &g_array_index (self->removed, Range, self->removed->len - 1);

      if (last->last + 1 == id)
        {
          last->last = id;
          return;
        }
    }

  g_array_append_val (self->removed, range);
}

/* Writes down what was removed. After a failure it is tried again the next time. */
gboolean
ef_spool_flush (EfSpool *self, GError **error)
{
  return self->removed->len == 0 || write_all (self, NULL, 0, error);
}

/* Reading */

/* Calls @func for messages in order, from the first one behind @after on: until there are so many or
 * they have so many bytes, but one at least if there is one. Nothing may be removed that was not
 * flushed. */
gboolean
ef_spool_read (EfSpool *self,
               guint64 after,
               guint max_messages,
               gsize max_bytes,
               EfSpoolFunc func,
               gpointer user_data,
               GError **error)
{
  guint n_messages = 0;
  gsize n_bytes = 0;
  int status = SQLITE_ROW;

  g_return_val_if_fail (self->removed->len == 0, FALSE);

  sqlite3_bind_int64 (self->select, 1, (sqlite3_int64) after);
  while (status == SQLITE_ROW && (n_messages == 0 || (n_messages < max_messages && n_bytes < max_bytes)))
    {
      status = step (self->select);
      if (status == SQLITE_ROW)
        {
          gsize size = (gsize) sqlite3_column_bytes (self->select, 1);

          func ((guint64) sqlite3_column_int64 (self->select, 0),
                sqlite3_column_blob (self->select, 1), size, user_data);
          n_messages++;
          n_bytes += size;
        }
    }
  sqlite3_reset (self->select);

  if (status != SQLITE_ROW && status != SQLITE_OK)
    {
      set_error (self, status, "read", error);
      return FALSE;
    }

  return TRUE;
}

const char *
ef_spool_get_path (EfSpool *self)
{
  return self->path;
}

guint64
ef_spool_get_n_messages (EfSpool *self)
{
  return self->n_messages;
}

/* Of the messages: the file is a little larger. */
guint64
ef_spool_get_n_bytes (EfSpool *self)
{
  return self->n_bytes;
}
