/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-frame-reader-private.h"

#include "ef-frame-reader-struct-private.h"

/* Frames of this size or more are foreseen: reads end where the next frame of the same size
 * would, so that no part of a frame has to move. */
#define FORESEEN_MIN 4096

/* An unfinished frame of up to this size is moved to get room for a read worth its system call. */
#define CHEAP_MOVE 4096

/* Moves what is not parsed to where there is room for @needed bytes, itself included: to the
 * front, or to another buffer if others hold this one. */
static void
relocate (EfFrameReader *reader, gsize needed)
{
  EfReadBuffer *old = reader->buffer;
  gsize tail = reader->end - reader->pos;

  if (needed <= old->capacity && ef_read_buffer_is_sole (old))
    {
      memmove (old->data, old->data + reader->pos, tail);
      reader->pos = 0;
    }
  else
    {
      EfReadBuffer *fresh = ef_read_buffer_take (needed);

      memcpy (fresh->data + fresh->used, old->data + reader->pos, tail);
      ef_read_buffer_give (old, reader->pos);
      reader->buffer = fresh;
      reader->data = fresh->data;
      reader->pos = fresh->used;
    }

  reader->end = reader->pos + tail;
}

/* The foreseen size of frames, if it is worth to make reads end where they end. */
static gsize
foreseen_size (EfFrameReader *reader)
{
  return reader->last_frame >= FORESEEN_MIN && reader->last_frame <= EF_READ_BUFFER_SIZE
           ? (gsize) reader->last_frame
           : 0;
}

/* Sees to it that there is a buffer with room for a read, and for all of the frame that has begun
 * in it. */
static void
prepare_buffer (EfFrameReader *reader)
{
  gsize tail = reader->end - reader->pos;
  gsize needed = MAX (EF_READ_BUFFER_MIN_ROOM, foreseen_size (reader));
  gsize frame = 0;

  if (reader->in_frame && !reader->streaming)
    frame = reader->header.size + (gsize) reader->header.len;

  if (reader->buffer == NULL)
    {
      reader->buffer = ef_read_buffer_take (needed);
      reader->data = reader->buffer->data;
      reader->pos = reader->end = reader->buffer->used;
      return;
    }

  gsize room = reader->buffer->capacity - reader->end;
  gboolean too_short = reader->pos + frame > reader->buffer->capacity || room == 0;

  if (!too_short && (room >= needed || tail > CHEAP_MOVE))
    return;

  needed = MAX (needed, frame);
  relocate (reader, needed > tail ? needed : tail + EF_READ_BUFFER_MIN_ROOM);
}

/* How much of the room behind `end` to read into. Reads that end on a frame's end leave no part
 * to be moved: 64 KiB messages arrive in place, one read each, and the start of a message of
 * 1 MiB is read in a piece of 4 KiB, the rest right where the message is put together. */
static gsize
choose_window (EfFrameReader *reader, gsize room)
{
  gsize foreseen = foreseen_size (reader);
  gsize boundary = reader->pos;

  if (reader->in_frame && reader->streaming)
    return room;
  if (reader->in_frame)
    boundary += reader->header.size + (gsize) reader->header.len;

  if (reader->last_frame > EF_READ_BUFFER_SIZE)
    return boundary > reader->end ? boundary - reader->end : MIN (room, CHEAP_MOVE);
  if (foreseen == 0)
    return room;

  gsize left = reader->end + room - boundary;
  gsize last = boundary + left / foreseen * foreseen;

  return last > reader->end ? last - reader->end : room;
}

/* Where the rest of a large frame goes without a copy; NULL if it better comes the usual way. */
static guint8 *
get_message_space (EfFrameReader *reader, gsize *len)
{
  if (!reader->in_frame || !reader->streaming || reader->pos < reader->end ||
      reader->header.len < EF_READ_BUFFER_MIN_ROOM ||
      reader->done + reader->landed == reader->header.len || !reader->message ||
      !_ef_frame_reader_reserve (reader))
    return NULL;

  guint64 rest = reader->header.len - reader->done - reader->landed;
  gsize used = reader->message_len + reader->landed;

  *len = (gsize) MIN (rest, reader->message->capacity - used);
  return reader->message->data + used;
}

/* Where to put the bytes that come next, up to @len, which is never 0. Tell how many they are
 * with ef_frame_reader_commit(). */
guint8 *
ef_frame_reader_get_space (EfFrameReader *reader, gsize *len)
{
  guint8 *space = get_message_space (reader, len);

  g_clear_pointer (&reader->delivered, ef_read_buffer_unref);
  reader->landing = space != NULL;
  if (space != NULL)
    return space;

  prepare_buffer (reader);
  *len = choose_window (reader, reader->buffer->capacity - reader->end);
  return reader->data + reader->end;
}

/* Says that @len bytes were put where ef_frame_reader_get_space() said last. */
void
ef_frame_reader_commit (EfFrameReader *reader, gsize len)
{
  if (reader->landing)
    reader->landed += len;
  else if (!reader->finished)
    reader->end += len;
  else
    _ef_frame_reader_drop_memory (reader);
}
