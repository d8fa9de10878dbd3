/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-file-sink.h"

#include "ef-file-io.h"
#include "ef-line-buffer.h"

/*
 * EfFileSink:
 *
 * Writes a line an event to a file: the element `filesink`.
 *
 * With `format=text` a line is the raw message, so that `filesource` reads back what was written,
 * and a JSON object for events that are no raw messages. With `format=json` it is an object always.
 *
 * Lines are written in a worker thread, all that have come meanwhile at once. While one write is
 * under way up to `buffer-max-bytes` are collected for the next; then the sink holds its input. At
 * the end of the stream, and when it stops, the sink writes what it has; with `sync=true` it also
 * waits until the file is on the disk.
 *
 * An error names the file and the reason. Of a line that did not fit onto a full disk no part is left
 * in the file. Unless the error policy says what is to become of the events, it is the end: the sink
 * takes nothing more. A write that is tried again begins with the first line that is not in the file.
 */

#define DEFAULT_BUFFER_MAX_BYTES (1024 * 1024)

/* How long a stop waits for a disk or pipe that takes nothing. */
#define CLOSE_USEC (5 * G_USEC_PER_SEC)

struct _EfFileSink
{
  EfSink parent_instance;

  char *location;
  gboolean append;
  gboolean sync;
  EfLineFormat format;
  guint64 buffer_max_bytes;

  EfFileIo *io;             /* NULL while there is no file */
  EfLineBuffer *filling;
  EfLineBuffer *writing;
  GCancellable *cancellable;
  gboolean busy;            /* a write is under way */
  gboolean waiting;         /* for another try of a write */
  gboolean synced;          /* nothing was written since the last sync */
  gboolean draining;
  gboolean failed;

  GTask *closing;
  GSource *close_timer;
};

typedef enum
{
  PROP_LOCATION = 1,
  PROP_APPEND,
  PROP_SYNC,
  PROP_FORMAT,
  PROP_BUFFER_MAX_BYTES,
} EfFileSinkProperty;

#define N_PROPERTIES (PROP_BUFFER_MAX_BYTES + 1)

G_DEFINE_FINAL_TYPE (EfFileSink, ef_file_sink, EF_TYPE_SINK)

static GParamSpec *properties[N_PROPERTIES];

static void advance (EfFileSink *self);

/* Lets go of lines that can not be written. */
static void
lose (EfFileSink *self, EfLineBuffer *lines, const GError *error)
{
  if (ef_element_is_loss_fatal (EF_ELEMENT (self)))
    ef_line_buffer_done (lines, error);
  else
    ef_line_buffer_reject (lines, EF_ELEMENT (self), error);
}

/* Takes nothing more. What was collected meanwhile does not arrive either. */
static void
fail (EfFileSink *self, const GError *error)
{
  self->failed = TRUE;
  lose (self, self->writing, error);
  lose (self, self->filling, error);
  ef_element_hold_input (EF_ELEMENT (self));
}

/* The file takes nothing, and a stop does not wait any longer. */
static void
give_up (EfFileSink *self)
{
  g_autoptr (GError) error = NULL;

  error = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                       "“%s” did not take the last lines in time; they are lost", self->location);
  fail (self, error);
  ef_element_post_warning (EF_ELEMENT (self), error, NULL);
}

/* What could not be written waits, goes where the error policy wants it, or is the end. */
static void
handle_failure (EfFileSink *self, const GError *error)
{
  EfElement *element = EF_ELEMENT (self);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      give_up (self);
      return;
    }

  self->waiting = ef_element_retry_operation (element, error);
  if (self->waiting)
    return;

  if (ef_element_is_loss_fatal (element))
    {
      fail (self, error);
      ef_element_post_error (element, error, NULL);
    }
  else
    {
      lose (self, self->writing, error);
    }
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EfFileSink) self = user_data;
  g_autoptr (GError) error = NULL;
  gsize written;

  self->busy = FALSE;
  if (ef_file_io_write_finish (EF_FILE_IO (source), result, &written, &error))
    {
      ef_line_buffer_done (self->writing, NULL);
      ef_element_operation_succeeded (EF_ELEMENT (self));
    }
  else
    {
      ef_line_buffer_consume (self->writing, written);
      handle_failure (self, error);
    }

  advance (self);
}

static void
start_write (EfFileSink *self, gboolean sync)
{
  self->busy = TRUE;
  self->synced = sync;
  ef_file_io_write_async (self->io, self->writing->text->str, self->writing->text->len, sync,
                          self->cancellable, on_written, g_object_ref (self));
}

static void
write_lines (EfFileSink *self, gboolean sync)
{
  EfLineBuffer *lines = self->filling;

  self->filling = self->writing;
  self->writing = lines;
  start_write (self, sync);
}

static void
ef_file_sink_retry (EfElement *element)
{
  EfFileSink *self = EF_FILE_SINK (element);

  self->waiting = FALSE;
  start_write (self, self->synced);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EfFileSink) self = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&self->closing);
  g_autoptr (GError) error = NULL;

  if (!ef_file_io_close_finish (EF_FILE_IO (source), result, &error))
    ef_element_post_error (EF_ELEMENT (self), error, NULL);

  g_clear_object (&self->io);
  g_clear_object (&self->cancellable);
  g_task_return_boolean (task, TRUE);
}

static void
close_file (EfFileSink *self)
{
  if (self->close_timer != NULL)
    {
      g_source_destroy (self->close_timer);
      g_clear_pointer (&self->close_timer, g_source_unref);
    }

  self->busy = TRUE; /* until the next start */
  ef_file_io_close_async (self->io, on_closed, g_object_ref (self));
}

/* Goes on with what is to be done, as far as it can. */
static void
advance (EfFileSink *self)
{
  gboolean ending = self->draining || self->closing != NULL;
  gboolean sync = ending && self->sync && !self->synced;

  if (self->busy || self->waiting)
    return;

  if (!self->failed && (self->filling->text->len > 0 || sync))
    {
      write_lines (self, sync);
      ef_element_release_input (EF_ELEMENT (self));
      return;
    }

  if (self->draining)
    {
      self->draining = FALSE;
      ef_sink_drained (EF_SINK (self));
    }
  if (self->closing != NULL)
    close_file (self);
}

static void
ef_file_sink_process (EfElement *element, EfBatch *batch)
{
  EfFileSink *self = EF_FILE_SINK (element);

  ef_line_buffer_add (self->filling, batch, self->format, !ef_element_is_loss_fatal (element));
  if (self->failed)
    {
      g_autoptr (GError) error = g_error_new (EF_ERROR, EF_ERROR_RESOURCE, "%s has failed before",
                                              ef_element_get_name (element));

      ef_line_buffer_done (self->filling, error);
      return;
    }

  advance (self);
  if (self->filling->text->len >= self->buffer_max_bytes)
    ef_element_hold_input (element);
}

static void
ef_file_sink_drain (EfSink *sink)
{
  EfFileSink *self = EF_FILE_SINK (sink);

  self->draining = TRUE;
  advance (self);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  EfFileSink *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!ef_file_io_open_finish (EF_FILE_IO (source), result, &error))
    g_task_return_error (task, error);
  else if (!g_task_return_error_if_cancelled (task))
    {
      self->io = EF_FILE_IO (g_object_ref (source));
      self->cancellable = g_cancellable_new ();
      self->busy = self->waiting = self->failed = self->draining = FALSE;
      self->synced = TRUE;
      g_task_return_boolean (task, TRUE);
    }
}

static void
ef_file_sink_open_async (EfElement *element,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  EfFileSink *self = EF_FILE_SINK (element);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (EfFileIo) io = ef_file_io_new (self->location);

  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_file_sink_open_async);
  /* The file is open or it is not: a cancellation that comes later than that changes nothing. */
  g_task_set_check_cancellable (task, FALSE);
  ef_file_io_open_async (io, self->append ? EF_FILE_APPEND : EF_FILE_REPLACE, cancellable,
                         on_opened, task);
}

static gboolean
ef_file_sink_open_finish (EfElement *element, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, element), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
on_close_timeout (gpointer user_data)
{
  EfFileSink *self = user_data;

  g_clear_pointer (&self->close_timer, g_source_unref);
  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

static void
ef_file_sink_close_async (EfElement *element, GAsyncReadyCallback callback, gpointer user_data)
{
  EfFileSink *self = EF_FILE_SINK (element);

  self->closing = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->closing, G_GNUC_EXTENSION (gpointer) ef_file_sink_close_async);

  self->close_timer = ef_clock_create_timeout (ef_element_get_clock (element), CLOSE_USEC);
  g_source_set_static_name (self->close_timer, "[EventFlux] filesink close");
  g_source_set_callback (self->close_timer, on_close_timeout, self, NULL);
  g_source_attach (self->close_timer, ef_element_get_context (element));

  advance (self);
}

static void
ef_file_sink_close_finish (EfElement *element, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, element));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

static void
ef_file_sink_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfFileSink *self = EF_FILE_SINK (object);

  switch ((EfFileSinkProperty) id)
    {
    case PROP_LOCATION:
      g_value_set_string (value, self->location);
      break;
    case PROP_APPEND:
      g_value_set_boolean (value, self->append);
      break;
    case PROP_SYNC:
      g_value_set_boolean (value, self->sync);
      break;
    case PROP_FORMAT:
      g_value_set_enum (value, self->format);
      break;
    case PROP_BUFFER_MAX_BYTES:
      g_value_set_uint64 (value, self->buffer_max_bytes);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static gboolean
set_location (EfFileSink *self, const char *location)
{
  if (g_strcmp0 (self->location, location) == 0)
    return FALSE;

  g_free (self->location);
  self->location = g_strdup (location);

  return TRUE;
}

static gboolean
set_boolean (gboolean *field, gboolean value)
{
  gboolean changed = *field != value;

  *field = value;

  return changed;
}

static void
ef_file_sink_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfFileSink *self = EF_FILE_SINK (object);
  gboolean changed = TRUE;

  switch ((EfFileSinkProperty) id)
    {
    case PROP_LOCATION:
      changed = set_location (self, g_value_get_string (value));
      break;
    case PROP_APPEND:
      changed = set_boolean (&self->append, g_value_get_boolean (value));
      break;
    case PROP_SYNC:
      changed = set_boolean (&self->sync, g_value_get_boolean (value));
      break;
    case PROP_FORMAT:
      changed = self->format != (EfLineFormat) g_value_get_enum (value);
      self->format = g_value_get_enum (value);
      break;
    case PROP_BUFFER_MAX_BYTES:
      changed = self->buffer_max_bytes != g_value_get_uint64 (value);
      self->buffer_max_bytes = g_value_get_uint64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  if (changed)
    g_object_notify_by_pspec (object, pspec);
}

static void
ef_file_sink_finalize (GObject *object)
{
  EfFileSink *self = EF_FILE_SINK (object);

  ef_line_buffer_free (self->filling);
  ef_line_buffer_free (self->writing);
  g_free (self->location);

  G_OBJECT_CLASS (ef_file_sink_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_LOCATION] =
    g_param_spec_string ("location", NULL, "The path of the file to write", NULL,
                         flags | EF_PARAM_REQUIRED);

  properties[PROP_APPEND] =
    g_param_spec_boolean ("append", NULL,
                          "Whether to write behind what the file has, instead of replacing it",
                          FALSE, flags);

  properties[PROP_SYNC] =
    g_param_spec_boolean ("sync", NULL,
                          "Whether the end waits until the file has arrived on the disk", FALSE,
                          flags | EF_PARAM_MUTABLE_PLAYING);

  properties[PROP_FORMAT] =
    g_param_spec_enum ("format", NULL,
                       "How an event is written: as the raw message it is, or as a JSON object",
                       EF_TYPE_LINE_FORMAT, EF_LINE_FORMAT_TEXT, flags | EF_PARAM_MUTABLE_PLAYING);

  properties[PROP_BUFFER_MAX_BYTES] =
    g_param_spec_uint64 ("buffer-max-bytes", NULL,
                         "How many bytes may wait for a write before the input is held", 1,
                         G_MAXUINT64, DEFAULT_BUFFER_MAX_BYTES, flags | EF_PARAM_MUTABLE_PLAYING);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
ef_file_sink_class_init (EfFileSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_file_sink_get_property;
  object_class->set_property = ef_file_sink_set_property;
  object_class->finalize = ef_file_sink_finalize;

  element_class->open_async = ef_file_sink_open_async;
  element_class->open_finish = ef_file_sink_open_finish;
  element_class->close_async = ef_file_sink_close_async;
  element_class->close_finish = ef_file_sink_close_finish;
  element_class->process = ef_file_sink_process;
  element_class->retry = ef_file_sink_retry;

  EF_SINK_CLASS (klass)->drain = ef_file_sink_drain;

  ef_element_class_set_metadata (element_class, "filesink",
                                 "Writes each event as a line of a file.",
                                 "websocketsource url=ws://localhost:80 ! filesink location=feed");
  ef_element_class_set_config_prefix (element_class, "file");

  install_properties (object_class);
}

static void
ef_file_sink_init (EfFileSink *self)
{
  self->format = EF_LINE_FORMAT_TEXT;
  self->buffer_max_bytes = DEFAULT_BUFFER_MAX_BYTES;
  self->filling = ef_line_buffer_new ();
  self->writing = ef_line_buffer_new ();
}
