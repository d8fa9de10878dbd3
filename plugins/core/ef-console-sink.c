/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-console-sink.h"

#include "ef-line-buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * EfConsoleSink:
 *
 * Prints a line an event: the element `consolesink`.
 *
 * With `format=json` a line is an object with the event's columns, so a raw text message prints as
 * `{"payload":"…"}`. With `format=text` it is the message itself, and an object still for events
 * that are no raw messages.
 *
 * A batch is one write. When the terminal or the pipe does not take all of it, the sink holds its
 * input and prints the rest once it can: it does not block, and so a slow reader slows the source
 * down, not the program.
 *
 * What can not be written is the end, unless the error policy says what is to become of the events.
 * A reader that goes away is such an error, if the program ignores SIGPIPE (as GLib has it do once it
 * uses a socket); else that signal ends the program, as it does others.
 */

/* How long a stop waits for a reader that takes nothing. */
#define CLOSE_USEC G_USEC_PER_SEC

struct _EfConsoleSink
{
  EfSink parent_instance;

  EfLineFormat format;
  int file_descriptor;

  int fd;                 /* what is written to; -1 in NULL */
  gboolean is_ours;       /* to be closed */
  gboolean may_block;     /* a write may, unless it is short and poll() says that it fits */

  EfLineBuffer *lines;
  gsize n_written;        /* of them */
  GSource *writable;      /* while they have to wait */
  GSource *close_timer;
  GTask *closing;
  gboolean draining;
  gboolean waiting;       /* for another try of a write */
  gboolean failed;
};

typedef enum
{
  PROP_FORMAT = 1,
  PROP_FILE_DESCRIPTOR,
} EfConsoleSinkProperty;

#define N_PROPERTIES (PROP_FILE_DESCRIPTOR + 1)

G_DEFINE_FINAL_TYPE (EfConsoleSink, ef_console_sink, EF_TYPE_SINK)

static GParamSpec *properties[N_PROPERTIES];

static void
source_clear (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* A terminal or pipe is opened a second time, as whether writes block belongs to an open file,
 * which we share with the shell and others. Where that is not allowed, writes are kept short:
 * poll() promises room for PIPE_BUF bytes. */
static void
open_again (EfConsoleSink *self)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", self->file_descriptor);
  int fd = open (path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

  if (fd < 0)
    return;

  self->fd = fd;
  self->is_ours = TRUE;
  self->may_block = FALSE;
}

static gboolean
ef_console_sink_prepare (EfElement *element, GError **error)
{
  EfConsoleSink *self = EF_CONSOLE_SINK (element);
  struct stat status;

  if (fstat (self->file_descriptor, &status) != 0)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_RESOURCE, "can not write to file descriptor %d: %s",
                   self->file_descriptor, g_strerror (errno));
      return FALSE;
    }

  self->fd = self->file_descriptor;
  self->is_ours = FALSE;
  self->may_block = !S_ISREG (status.st_mode);
  if (S_ISFIFO (status.st_mode) || S_ISCHR (status.st_mode))
    open_again (self);
  self->failed = self->waiting = self->draining = FALSE;

  return TRUE;
}

static gssize
write_some (EfConsoleSink *self, const char *text, gsize length)
{
  GPollFD poll_fd = { .fd = self->fd, .events = G_IO_OUT };

  if (self->may_block)
    {
      if (g_poll (&poll_fd, 1, 0) == 0)
        {
          errno = EAGAIN;
          return -1;
        }
      length = MIN (length, PIPE_BUF);
    }

  return write (self->fd, text, length);
}

/* What could not be written waits, goes where the error policy wants it, or is the end. */
static void
fail (EfConsoleSink *self, int error_number)
{
  EfElement *element = EF_ELEMENT (self);
  g_autoptr (GError) error = NULL;

  error = g_error_new (EF_ERROR, EF_ERROR_RESOURCE, "can not write to %s: %s%s",
                       self->file_descriptor == STDOUT_FILENO ? "standard output" : "the console",
                       g_strerror (error_number),
                       error_number == EPIPE ? "; whoever was to read it has gone" : "");

  ef_line_buffer_consume (self->lines, self->n_written);
  self->n_written = 0;
  self->waiting = ef_element_retry_operation (element, error);
  if (self->waiting)
    return;

  if (!ef_element_is_loss_fatal (element))
    {
      ef_line_buffer_reject (self->lines, element, error);
      return;
    }

  self->failed = TRUE;
  ef_line_buffer_done (self->lines, error);
  ef_element_hold_input (element);
  ef_element_post_error (element, error, NULL);
}

/* Writes as much as goes now. Returns whether nothing is left to write, be it for an error. */
static gboolean
write_lines (EfConsoleSink *self)
{
  GString *text = self->lines->text;

  while (self->n_written < text->len)
    {
      gssize n = write_some (self, text->str + self->n_written, text->len - self->n_written);

      if (n >= 0)
        {
          self->n_written += (gsize) n;
        }
      else if (errno == EAGAIN)
        {
          return FALSE;
        }
      else if (errno != EINTR)
        {
          fail (self, errno);
          return TRUE;
        }
    }

  self->n_written = 0;
  ef_line_buffer_done (self->lines, NULL);
  ef_element_operation_succeeded (EF_ELEMENT (self));

  return TRUE;
}

static void
finish_closing (EfConsoleSink *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->closing);

  source_clear (&self->close_timer);
  source_clear (&self->writable);
  g_task_return_boolean (task, TRUE);
}

/* All is written, unless it waits for another try. */
static void
lines_left (EfConsoleSink *self)
{
  source_clear (&self->writable);
  if (self->waiting)
    return;

  if (!self->failed)
    ef_element_release_input (EF_ELEMENT (self));

  if (self->draining)
    {
      self->draining = FALSE;
      ef_sink_drained (EF_SINK (self));
    }
  if (self->closing != NULL)
    finish_closing (self);
}

static gboolean
on_writable (int fd, GIOCondition condition, gpointer user_data)
{
  EfConsoleSink *self = user_data;

  if (!write_lines (self))
    return G_SOURCE_CONTINUE;

  lines_left (self);

  return G_SOURCE_REMOVE;
}

static void
wait_until_writable (EfConsoleSink *self)
{
  EfElement *element = EF_ELEMENT (self);

  if (self->writable != NULL)
    return;

  self->writable = g_unix_fd_source_new (self->fd, G_IO_OUT);
  g_source_set_static_name (self->writable, "[EventFlux] consolesink writable");
  g_source_set_callback (self->writable, G_SOURCE_FUNC (on_writable), self, NULL);
  g_source_attach (self->writable, ef_element_get_context (element));
  ef_element_hold_input (element);
}

static void
ef_console_sink_process (EfElement *element, EfBatch *batch)
{
  EfConsoleSink *self = EF_CONSOLE_SINK (element);

  ef_line_buffer_add (self->lines, batch, self->format, !ef_element_is_loss_fatal (element));
  if (self->failed)
    {
      g_autoptr (GError) error = g_error_new (EF_ERROR, EF_ERROR_RESOURCE, "%s has failed before",
                                              ef_element_get_name (element));

      ef_line_buffer_done (self->lines, error);
    }
  else if (self->writable == NULL && !self->waiting && !write_lines (self))
    {
      wait_until_writable (self);
    }
}

static void
ef_console_sink_retry (EfElement *element)
{
  EfConsoleSink *self = EF_CONSOLE_SINK (element);

  self->waiting = FALSE;
  if (write_lines (self))
    lines_left (self);
  else
    wait_until_writable (self);
}

static void
ef_console_sink_drain (EfSink *sink)
{
  EfConsoleSink *self = EF_CONSOLE_SINK (sink);

  if (self->writable == NULL && !self->waiting)
    ef_sink_drained (sink);
  else
    self->draining = TRUE;
}

static gboolean
on_close_timeout (gpointer user_data)
{
  EfConsoleSink *self = user_data;
  g_autoptr (GError) error = NULL;

  error = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                       "%" G_GSIZE_FORMAT " bytes were not printed: whoever reads them takes none",
                       self->lines->text->len - self->n_written);
  ef_line_buffer_consume (self->lines, self->n_written);
  self->n_written = 0;
  if (ef_element_is_loss_fatal (EF_ELEMENT (self)))
    ef_line_buffer_done (self->lines, error);
  else
    ef_line_buffer_reject (self->lines, EF_ELEMENT (self), error);
  ef_element_post_warning (EF_ELEMENT (self), error, NULL);
  finish_closing (self);

  return G_SOURCE_REMOVE;
}

static void
ef_console_sink_close_async (EfElement *element, GAsyncReadyCallback callback, gpointer user_data)
{
  EfConsoleSink *self = EF_CONSOLE_SINK (element);

  self->closing = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->closing, G_GNUC_EXTENSION (gpointer) ef_console_sink_close_async);
  if (self->writable == NULL)
    {
      finish_closing (self);
      return;
    }

  self->close_timer = ef_clock_create_timeout (ef_element_get_clock (element), CLOSE_USEC);
  g_source_set_static_name (self->close_timer, "[EventFlux] consolesink close");
  g_source_set_callback (self->close_timer, on_close_timeout, self, NULL);
  g_source_attach (self->close_timer, ef_element_get_context (element));
}

static void
ef_console_sink_close_finish (EfElement *element, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, element));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

static void
ef_console_sink_unprepare (EfElement *element)
{
  EfConsoleSink *self = EF_CONSOLE_SINK (element);

  if (self->is_ours)
    close (self->fd);
  self->fd = -1;
}

static void
ef_console_sink_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfConsoleSink *self = EF_CONSOLE_SINK (object);

  switch ((EfConsoleSinkProperty) id)
    {
    case PROP_FORMAT:
      g_value_set_enum (value, self->format);
      break;
    case PROP_FILE_DESCRIPTOR:
      g_value_set_int (value, self->file_descriptor);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_console_sink_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfConsoleSink *self = EF_CONSOLE_SINK (object);

  switch ((EfConsoleSinkProperty) id)
    {
    case PROP_FORMAT:
      if (self->format == (EfLineFormat) g_value_get_enum (value))
        return;
      self->format = g_value_get_enum (value);
      break;
    case PROP_FILE_DESCRIPTOR:
      if (self->file_descriptor == g_value_get_int (value))
        return;
      self->file_descriptor = g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  g_object_notify_by_pspec (object, pspec);
}

static void
ef_console_sink_finalize (GObject *object)
{
  ef_line_buffer_free (EF_CONSOLE_SINK (object)->lines);

  G_OBJECT_CLASS (ef_console_sink_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_FORMAT] =
    g_param_spec_enum ("format", NULL,
                       "How an event is printed: as a JSON object, or as the raw message it is",
                       EF_TYPE_LINE_FORMAT, EF_LINE_FORMAT_JSON, flags | EF_PARAM_MUTABLE_PLAYING);

  properties[PROP_FILE_DESCRIPTOR] =
    g_param_spec_int ("fd", NULL, "The file descriptor to print to: 1 is standard output", 0,
                      G_MAXINT, STDOUT_FILENO, flags);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
ef_console_sink_class_init (EfConsoleSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_console_sink_get_property;
  object_class->set_property = ef_console_sink_set_property;
  object_class->finalize = ef_console_sink_finalize;

  element_class->prepare = ef_console_sink_prepare;
  element_class->close_async = ef_console_sink_close_async;
  element_class->close_finish = ef_console_sink_close_finish;
  element_class->unprepare = ef_console_sink_unprepare;
  element_class->process = ef_console_sink_process;
  element_class->retry = ef_console_sink_retry;

  EF_SINK_CLASS (klass)->drain = ef_console_sink_drain;

  ef_element_class_set_metadata (element_class, "consolesink",
                                 "Prints each event on a line of standard output.",
                                 "websocketsource url=ws://localhost:8080 ! consolesink");
  ef_element_class_set_config_prefix (element_class, "console");

  install_properties (object_class);
}

static void
ef_console_sink_init (EfConsoleSink *self)
{
  self->file_descriptor = STDOUT_FILENO;
  self->fd = -1;
  self->lines = ef_line_buffer_new ();
}
