/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-file-io.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * EfFileIo:
 *
 * A file, read or written in GLib's worker threads, one call at a time: what a disk takes its time
 * for blocks nobody's context. Errors name the file and the reason.
 *
 * GFile's streams do much of this, but say neither which file was full nor where a line was cut
 * off.
 */

struct _EfFileIo
{
  GObject parent_instance;

  char *location;
  int fd;            /* -1 while it is not open */
  gboolean is_ours;  /* to be closed */
};

typedef enum
{
  OPEN,
  READ,
  WRITE,
  CLOSE,
  N_OPERATIONS,
} Operation;

typedef struct
{
  EfFileMode mode;
  char *buffer;
  const char *text;
  gsize length;
  gsize written;
  gboolean sync;
} Job;

/* Their addresses tell the tasks apart. */
static char tags[N_OPERATIONS];

G_DEFINE_FINAL_TYPE (EfFileIo, ef_file_io, G_TYPE_OBJECT)

static void
ef_file_io_finalize (GObject *object)
{
  EfFileIo *self = EF_FILE_IO (object);

  if (self->fd >= 0 && self->is_ours)
    close (self->fd);
  g_free (self->location);

  G_OBJECT_CLASS (ef_file_io_parent_class)->finalize (object);
}

static void
ef_file_io_class_init (EfFileIoClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ef_file_io_finalize;
}

static void
ef_file_io_init (EfFileIo *self)
{
  self->fd = -1;
}

/* @location is a path, or “-” for standard input. */
EfFileIo *
ef_file_io_new (const char *location)
{
  EfFileIo *self = g_object_new (EF_TYPE_FILE_IO, NULL);

  self->location = g_strdup (location);

  return self;
}

static void
set_error (GError **error, EfFileIo *self, const char *what, int error_number, const char *hint)
{
  g_autofree char *shown = g_filename_display_name (self->location);

  g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE, "can not %s “%s”: %s%s", what, shown,
               g_strerror (error_number), hint);
}

static void
run (EfFileIo *self,
     Operation operation,
     Job job,
     GTaskThreadFunc func,
     GCancellable *cancellable,
     GAsyncReadyCallback callback,
     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, &tags[operation]);
  g_task_set_task_data (task, g_memdup2 (&job, sizeof job), g_free);
  /* What was read or written was, whether or not someone has lost interest meanwhile. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, func);
}

static int
open_file (const char *location, EfFileMode mode)
{
  /* A pipe is opened without waiting for the other end, and later waited for with poll(). */
  static const int flags[] = {
    [EF_FILE_READ] = O_RDONLY,
    [EF_FILE_REPLACE] = O_WRONLY | O_CREAT | O_TRUNC,
    [EF_FILE_APPEND] = O_WRONLY | O_CREAT | O_APPEND,
  };
  int fd;

  do
    fd = open (location, flags[mode] | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
  while (fd < 0 && errno == EINTR);

  return fd;
}

static void
open_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  EfFileIo *self = source;
  Job *job = data;
  GError *error = NULL;
  struct stat status;

  self->is_ours = job->mode != EF_FILE_READ || strcmp (self->location, "-") != 0;
  self->fd = self->is_ours ? open_file (self->location, job->mode) : STDIN_FILENO;

  if (self->fd < 0)
    {
      set_error (&error, self, job->mode == EF_FILE_READ ? "read" : "write to", errno, "");
    }
  else if (job->mode == EF_FILE_READ && fstat (self->fd, &status) == 0 && S_ISDIR (status.st_mode))
    {
      /* A directory can be opened, and fails only when it is read. */
      set_error (&error, self, "read", EISDIR, "");
      close (self->fd);
      self->fd = -1;
    }

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* Opens the file. A cancelled call may leave it open; it is closed with the object at the
 * latest. */
void
ef_file_io_open_async (EfFileIo *self,
                       EfFileMode mode,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  run (self, OPEN, (Job){ .mode = mode }, open_thread, cancellable, callback, user_data);
}

gboolean
ef_file_io_open_finish (EfFileIo *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, &tags[OPEN]), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Waits until a pipe is ready. A file on a disk always is. */
static gboolean
wait_until_ready (EfFileIo *self, GIOCondition condition, GCancellable *cancellable, GError **error)
{
  GPollFD fds[2] = { { .fd = self->fd, .events = condition } };
  guint n_fds = g_cancellable_make_pollfd (cancellable, &fds[1]) ? 2 : 1;

  while (g_poll (fds, n_fds, -1) < 0 && errno == EINTR)
    continue;

  if (n_fds == 2)
    g_cancellable_release_fd (cancellable);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gssize
read_some (EfFileIo *self, Job *job, GCancellable *cancellable, GError **error)
{
  while (wait_until_ready (self, G_IO_IN, cancellable, error))
    {
      gssize n = read (self->fd, job->buffer, job->length);

      if (n >= 0)
        return n;
      if (errno != EINTR && errno != EAGAIN)
        {
          set_error (error, self, "read", errno, "");
          return -1;
        }
    }

  return -1;
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  gssize n = read_some (source, data, cancellable, &error);

  if (n < 0)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, n);
}

/* Reads what there is, up to @size bytes, into a buffer that lives until the call has ended. */
void
ef_file_io_read_async (EfFileIo *self,
                       char *buffer,
                       gsize size,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  run (self, READ, (Job){ .buffer = buffer, .length = size }, read_thread, cancellable, callback,
       user_data);
}

/* How many bytes were read: 0 at the end of the file, -1 with an error. */
gssize
ef_file_io_read_finish (EfFileIo *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);
  g_return_val_if_fail (g_async_result_is_tagged (result, &tags[READ]), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/* Takes back the part of a line that went out before the error, if the file ends with it. Returns
 * what to tell of it. */
static const char *
cut_off_partial_line (EfFileIo *self, Job *job)
{
  gsize tail = 0;
  struct stat status;
  off_t position;

  while (tail < job->written && job->text[job->written - tail - 1] != '\n')
    tail++;
  if (tail == 0)
    return "";

  position = lseek (self->fd, 0, SEEK_CUR);
  if (position < 0 || fstat (self->fd, &status) != 0 || !S_ISREG (status.st_mode)
      || status.st_size != position || ftruncate (self->fd, position - (off_t) tail) != 0)
    return "; its last line is incomplete";

  /* Without O_APPEND the next write would leave a hole. */
  lseek (self->fd, position - (off_t) tail, SEEK_SET);
  job->written -= tail;

  return "";
}

static gboolean
write_all (EfFileIo *self, Job *job, GCancellable *cancellable, GError **error)
{
  while (job->written < job->length)
    {
      gssize n;

      if (!wait_until_ready (self, G_IO_OUT, cancellable, error))
        {
          cut_off_partial_line (self, job);
          return FALSE;
        }

      n = write (self->fd, job->text + job->written, job->length - job->written);
      if (n >= 0)
        {
          job->written += (gsize) n;
        }
      else if (errno != EINTR && errno != EAGAIN)
        {
          int error_number = errno;

          set_error (error, self, "write to", error_number,
                     cut_off_partial_line (self, job));
          return FALSE;
        }
    }

  return TRUE;
}

/* Pipes and the like have nothing to synchronize, and say so with EINVAL. */
static gboolean
synchronize (EfFileIo *self, GError **error)
{
  while (fsync (self->fd) != 0)
    {
      if (errno == EINTR)
        continue;
      if (errno == EINVAL || errno == ENOTSUP)
        return TRUE;

      set_error (error, self, "write to", errno, "");
      return FALSE;
    }

  return TRUE;
}

static void
write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (write_all (source, job, cancellable, &error)
      && (!job->sync || synchronize (source, &error)))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Writes lines, which live until the call has ended, and then, if @sync, waits until all that was
 * written to the file is on the disk. */
void
ef_file_io_write_async (EfFileIo *self,
                        const char *text,
                        gsize length,
                        gboolean sync,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  run (self, WRITE, (Job){ .text = text, .length = length, .sync = sync }, write_thread,
       cancellable, callback, user_data);
}

/* @written is how much of the text is in the file, also with an error. */
gboolean
ef_file_io_write_finish (EfFileIo *self, GAsyncResult *result, gsize *written, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, &tags[WRITE]), FALSE);

  *written = ((Job *) g_task_get_task_data (G_TASK (result)))->written;

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
close_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  EfFileIo *self = source;
  int fd = self->fd;
  GError *error = NULL;

  self->fd = -1;
  /* Network file systems tell of a full disk here. EINTR closes the file too. */
  if (fd >= 0 && self->is_ours && close (fd) != 0 && errno != EINTR)
    {
      set_error (&error, self, "write to", errno, "");
      g_task_return_error (task, error);
      return;
    }

  g_task_return_boolean (task, TRUE);
}

void
ef_file_io_close_async (EfFileIo *self, GAsyncReadyCallback callback, gpointer user_data)
{
  run (self, CLOSE, (Job){ 0 }, close_thread, NULL, callback, user_data);
}

gboolean
ef_file_io_close_finish (EfFileIo *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, &tags[CLOSE]), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
