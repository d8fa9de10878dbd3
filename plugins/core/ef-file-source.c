/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-file-source.h"

#include "ef-file-io.h"
#include "ef-line-splitter.h"

/*
 * EfFileSource:
 *
 * Makes an event of each line of a file: the element `filesource`.
 *
 * A line is a text message, or a binary one if it is not UTF-8. Lines end with LF or CR LF, which
 * is no part of them; the last one may lack it. An empty line is an empty message.
 *
 * The file is read in a worker thread, 64 KiB at a time, and not while the output is held. A line
 * longer than `max-line-bytes` is an error and the end. With `location=-` standard input is read.
 */

#define DEFAULT_MAX_LINE_BYTES (16 * 1024 * 1024)

struct _EfFileSource
{
  EfSource parent_instance;

  char *location;
  guint64 max_line_bytes;

  EfFileIo *io;            /* NULL while there is no file */
  EfLineSplitter *splitter;
  GCancellable *cancellable;
  GSource *go_on;          /* lines were read that can leave now */
  gboolean reading;
  gboolean unsplit;        /* what was read is not split yet */
  gboolean at_end;         /* nothing more can be read */
  gboolean playing;
  gboolean ended;
  GTask *closing;
};

typedef enum
{
  PROP_LOCATION = 1,
  PROP_MAX_LINE_BYTES,
} EfFileSourceProperty;

#define N_PROPERTIES (PROP_MAX_LINE_BYTES + 1)

G_DEFINE_FINAL_TYPE (EfFileSource, ef_file_source, EF_TYPE_SOURCE)

static GParamSpec *properties[N_PROPERTIES];

static void close_file (EfFileSource *self);
static void advance (EfFileSource *self);

static gboolean
can_push (EfFileSource *self)
{
  return self->playing && !self->ended && !ef_element_is_output_held (EF_ELEMENT (self));
}

/* The file is not read on. The end of the stream is not told: not all of it has come. */
static void
fail (EfFileSource *self, const GError *error)
{
  self->ended = TRUE;
  ef_element_post_error (EF_ELEMENT (self), error, NULL);
}

static void
end (EfFileSource *self)
{
  self->ended = TRUE;
  ef_source_end (EF_SOURCE (self));
}

static void
fail_at_overlong_line (EfFileSource *self, guint64 line)
{
  g_autoptr (GError) error = NULL;

  error = g_error_new (EF_ERROR, EF_ERROR_DATA,
                       "line %" G_GUINT64_FORMAT " of “%s” is longer than the %" G_GUINT64_FORMAT
                       " bytes that “max-line-bytes” allows",
                       line, self->location, self->max_line_bytes);
  fail (self, error);
}

static void
push_lines (EfFileSource *self)
{
  gint64 now = ef_clock_get_real_time (ef_element_get_clock (EF_ELEMENT (self)));
  g_autoptr (EfBatch) batch = NULL;
  guint64 overlong;

  batch = ef_line_splitter_split (self->splitter, now, self->at_end, self->max_line_bytes);
  overlong = ef_line_splitter_get_overlong_line (self->splitter);
  self->unsplit = FALSE;

  if (ef_batch_get_n_events (batch) > 0)
    ef_element_push (EF_ELEMENT (self), batch);
  if (overlong > 0)
    fail_at_overlong_line (self, overlong);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EfFileSource) self = user_data;
  g_autoptr (GError) error = NULL;
  gssize n = ef_file_io_read_finish (EF_FILE_IO (source), result, &error);

  self->reading = FALSE;
  if (n >= 0)
    {
      ef_line_splitter_add (self->splitter, (gsize) n);
      self->unsplit = TRUE;
      self->at_end = n == 0;
    }
  else if (self->closing == NULL)
    {
      fail (self, error);
    }

  if (self->closing != NULL)
    close_file (self);
  else
    advance (self);
}

static void
read_more (EfFileSource *self)
{
  gsize room;
  char *buffer = ef_line_splitter_reserve (self->splitter, &room);

  self->reading = TRUE;
  ef_file_io_read_async (self->io, buffer, room, self->cancellable, on_read, g_object_ref (self));
}

/* Does what is to be done next, from a source of the context. */
static void
advance (EfFileSource *self)
{
  if (self->reading || !can_push (self))
    return;

  if (self->unsplit)
    push_lines (self);

  /* The push may have brought a hold, or the end of the element. */
  if (self->reading || !can_push (self))
    return;

  if (self->at_end)
    end (self);
  else
    read_more (self);
}

static gboolean
on_go_on (gpointer user_data)
{
  g_autoptr (EfFileSource) self = g_object_ref (user_data);

  g_clear_pointer (&self->go_on, g_source_unref);
  advance (self);

  return G_SOURCE_REMOVE;
}

static void
schedule (EfFileSource *self)
{
  if (self->go_on != NULL)
    return;

  self->go_on = g_idle_source_new ();
  g_source_set_priority (self->go_on, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->go_on, "[EventFlux] filesource goes on");
  g_source_set_callback (self->go_on, on_go_on, self, NULL);
  g_source_attach (self->go_on, ef_element_get_context (EF_ELEMENT (self)));
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  EfFileSource *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!ef_file_io_open_finish (EF_FILE_IO (source), result, &error))
    {
      g_task_return_error (task, error);
    }
  else if (!g_task_return_error_if_cancelled (task))
    {
      self->io = EF_FILE_IO (g_object_ref (source));
      self->cancellable = g_cancellable_new ();
      self->splitter = ef_line_splitter_new ();
      self->reading = self->unsplit = self->at_end = self->ended = FALSE;
      g_task_return_boolean (task, TRUE);
    }
}

static void
ef_file_source_open_async (EfElement *element,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  EfFileSource *self = EF_FILE_SOURCE (element);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (EfFileIo) io = ef_file_io_new (self->location);

  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_file_source_open_async);
  /* The file is open or it is not: a cancellation that comes later than that changes nothing. */
  g_task_set_check_cancellable (task, FALSE);
  ef_file_io_open_async (io, EF_FILE_READ, cancellable, on_opened, task);
}

static gboolean
ef_file_source_open_finish (EfElement *element, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, element), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
ef_file_source_play (EfElement *element)
{
  EfFileSource *self = EF_FILE_SOURCE (element);

  self->playing = TRUE;
  schedule (self);
}

static void
ef_file_source_pause (EfElement *element)
{
  EfFileSource *self = EF_FILE_SOURCE (element);

  self->playing = FALSE;
  if (self->go_on == NULL)
    return;

  g_source_destroy (self->go_on);
  g_clear_pointer (&self->go_on, g_source_unref);
}

static void
ef_file_source_output_held (EfElement *element, gboolean held)
{
  EfFileSource *self = EF_FILE_SOURCE (element);

  if (!held && self->playing)
    schedule (self);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EfFileSource) self = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&self->closing);

  /* Nothing is lost when a file that was only read can not be closed. */
  ef_file_io_close_finish (EF_FILE_IO (source), result, NULL);
  g_clear_object (&self->io);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->splitter, ef_line_splitter_free);
  g_task_return_boolean (task, TRUE);
}

static void
close_file (EfFileSource *self)
{
  ef_file_io_close_async (self->io, on_closed, g_object_ref (self));
}

static void
ef_file_source_close_async (EfElement *element, GAsyncReadyCallback callback, gpointer user_data)
{
  EfFileSource *self = EF_FILE_SOURCE (element);

  self->closing = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->closing, G_GNUC_EXTENSION (gpointer) ef_file_source_close_async);

  if (self->reading)
    g_cancellable_cancel (self->cancellable);
  else
    close_file (self);
}

static void
ef_file_source_close_finish (EfElement *element, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, element));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

static void
ef_file_source_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfFileSource *self = EF_FILE_SOURCE (object);

  switch ((EfFileSourceProperty) id)
    {
    case PROP_LOCATION:
      g_value_set_string (value, self->location);
      break;
    case PROP_MAX_LINE_BYTES:
      g_value_set_uint64 (value, self->max_line_bytes);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_file_source_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfFileSource *self = EF_FILE_SOURCE (object);

  switch ((EfFileSourceProperty) id)
    {
    case PROP_LOCATION:
      if (g_strcmp0 (self->location, g_value_get_string (value)) == 0)
        return;
      g_free (self->location);
      self->location = g_value_dup_string (value);
      break;
    case PROP_MAX_LINE_BYTES:
      if (self->max_line_bytes == g_value_get_uint64 (value))
        return;
      self->max_line_bytes = g_value_get_uint64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  g_object_notify_by_pspec (object, pspec);
}

static void
ef_file_source_finalize (GObject *object)
{
  g_free (EF_FILE_SOURCE (object)->location);

  G_OBJECT_CLASS (ef_file_source_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_LOCATION] =
    g_param_spec_string ("location", NULL,
                         "The path of the file to read, or “-” for standard input", NULL,
                         flags | EF_PARAM_REQUIRED);

  properties[PROP_MAX_LINE_BYTES] =
    g_param_spec_uint64 ("max-line-bytes", NULL, "How many bytes a line may have", 1, G_MAXUINT32,
                         DEFAULT_MAX_LINE_BYTES, flags | EF_PARAM_MUTABLE_PLAYING);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
ef_file_source_class_init (EfFileSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_file_source_get_property;
  object_class->set_property = ef_file_source_set_property;
  object_class->finalize = ef_file_source_finalize;

  element_class->open_async = ef_file_source_open_async;
  element_class->open_finish = ef_file_source_open_finish;
  element_class->play = ef_file_source_play;
  element_class->pause = ef_file_source_pause;
  element_class->close_async = ef_file_source_close_async;
  element_class->close_finish = ef_file_source_close_finish;
  element_class->output_held = ef_file_source_output_held;

  ef_element_class_set_metadata (element_class, "filesource",
                                 "Makes an event of each line of a file.",
                                 "filesource location=feed ! websocketsink url=ws://localhost:80");
  ef_element_class_set_config_prefix (element_class, "file");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_ANY, EF_PAD_CONTENT_PAYLOAD);

  install_properties (object_class);
}

static void
ef_file_source_init (EfFileSource *self)
{
  self->max_line_bytes = DEFAULT_MAX_LINE_BYTES;
}
