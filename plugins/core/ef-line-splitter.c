/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-line-splitter.h"

#include <string.h>

#define READ_BYTES 65536
#define MIN_READ_BYTES 4096

/* What was read lies in an atomically counted box, which events of its lines keep. */
struct _EfLineSplitter
{
  EfEventBuilder *texts;
  EfEventBuilder *binaries;

  char *box;
  gsize size;        /* of the box */
  gsize used;
  gsize start;       /* where the first line begins that was not made an event of */
  gsize searched;    /* up to here there is no end of it */
  guint64 n_lines;
  gboolean overlong; /* the line that begins at `start` is longer than allowed */
};

EfLineSplitter *
ef_line_splitter_new (void)
{
  EfLineSplitter *self = g_new0 (EfLineSplitter, 1);

  self->texts = ef_event_builder_new (ef_schema_get_text_payload ());
  self->binaries = ef_event_builder_new (ef_schema_get_bytes_payload ());

  return self;
}

void
ef_line_splitter_free (EfLineSplitter *self)
{
  ef_event_builder_unref (self->texts);
  ef_event_builder_unref (self->binaries);
  g_clear_pointer (&self->box, g_atomic_rc_box_release);
  g_free (self);
}

/* Room for the next read, behind what there is of a line. Once events lie in a box it takes nothing
 * more, as it may be kept for long and is to keep no more than one read. A box that holds but a
 * part of a line grows by doubling. */
char *
ef_line_splitter_reserve (EfLineSplitter *self, gsize *room)
{
  gsize length = self->used - self->start;

  if (self->box == NULL || self->start > 0 || self->size - self->used < MIN_READ_BYTES)
    {
      gsize size = length + MAX (READ_BYTES, length);
      char *box = g_atomic_rc_box_alloc (size);

      if (self->box != NULL)
        memcpy (box, self->box + self->start, length);
      g_clear_pointer (&self->box, g_atomic_rc_box_release);

      self->box = box;
      self->size = size;
      self->used = length;
      self->searched -= self->start;
      self->start = 0;
    }

  *room = self->size - self->used;

  return self->box + self->used;
}

/* As many bytes were read into the room reserved. */
void
ef_line_splitter_add (EfLineSplitter *self, gsize n_bytes)
{
  self->used += n_bytes;
}

static void
add_line (EfLineSplitter *self, EfBatch *batch, gint64 timestamp, gsize length, gboolean is_text)
{
  EfEventBuilder *builder = is_text ? self->texts : self->binaries;
  EfColumnType type = is_text ? EF_COLUMN_STRING : EF_COLUMN_BYTES;

  ef_event_builder_begin (builder, timestamp);
  ef_event_builder_set_slice (builder, 0, type, self->box + self->start, length);
  ef_batch_append (batch, ef_event_builder_end (builder));
  self->n_lines++;
}

/* Where the first byte is that makes what follows the last line no text, or the end of it all. */
static gsize
find_end_of_text (EfLineSplitter *self)
{
  gsize length = self->used - self->start;

  ef_utf8_validate (self->box + self->start, length, &length);

  return self->start + length;
}

/* The text is checked for all lines at once, and again behind a line that is none. A character that
 * is cut off is noticed at the LF. */
static void
add_lines (EfLineSplitter *self, EfBatch *batch, gint64 timestamp, gsize max_line_bytes)
{
  gboolean checked = FALSE;
  gsize text_end = 0;
  const char *lf;

  while ((lf = memchr (self->box + self->searched, '\n', self->used - self->searched)) != NULL)
    {
      gsize end = (gsize) (lf - self->box);
      gsize length = end - self->start;

      if (length > 0 && lf[-1] == '\r')
        length--;
      if (length > max_line_bytes)
        {
          self->overlong = TRUE;
          return;
        }

      if (!checked)
        text_end = find_end_of_text (self);
      checked = end < text_end;

      add_line (self, batch, timestamp, length, checked);
      self->start = self->searched = end + 1;
    }

  self->searched = self->used;
}

/* Without its LF, and without a CR that may belong to one. */
static gsize
get_incomplete_length (EfLineSplitter *self)
{
  gsize length = self->used - self->start;

  return length > 0 && self->box[self->used - 1] == '\r' ? length - 1 : length;
}

static void
add_last_line (EfLineSplitter *self, EfBatch *batch, gint64 timestamp, gsize max_line_bytes)
{
  gsize length = self->used - self->start;

  if (length == 0)
    return;

  if (length > max_line_bytes)
    {
      self->overlong = TRUE;
      return;
    }

  add_line (self, batch, timestamp, length,
            ef_utf8_validate (self->box + self->start, length, NULL));
  self->start = self->used;
}

/* Makes events of all lines that are complete, and at the end of the file of what is left. It stops
 * before a line that is too long. */
EfBatch *
ef_line_splitter_split (EfLineSplitter *self,
                        gint64 timestamp,
                        gboolean at_end,
                        gsize max_line_bytes)
{
  EfBatch *batch = ef_batch_new ();
  gpointer box = self->box;

  ef_event_builder_pin (self->texts, box, g_atomic_rc_box_acquire, g_atomic_rc_box_release);
  ef_event_builder_pin (self->binaries, box, g_atomic_rc_box_acquire, g_atomic_rc_box_release);

  add_lines (self, batch, timestamp, max_line_bytes);
  if (!self->overlong && at_end)
    add_last_line (self, batch, timestamp, max_line_bytes);
  else if (!self->overlong)
    self->overlong = get_incomplete_length (self) > max_line_bytes;

  ef_event_builder_flush (self->texts);
  ef_event_builder_flush (self->binaries);

  return batch;
}

/* The number of the line that is too long, or 0. */
guint64
ef_line_splitter_get_overlong_line (EfLineSplitter *self)
{
  return self->overlong ? self->n_lines + 1 : 0;
}
