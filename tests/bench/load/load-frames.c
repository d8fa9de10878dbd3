/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "load-frames.h"
#include "load-sequence.h"

#include <stdio.h>
#include <string.h>

/* 16 to 256 KiB a write cost the same on loopback; this is the upper end. */
#define FRAMES_TARGET (256 * 1024)

static LoadFrames *
frames_new (void)
{
  LoadFrames *frames = g_new0 (LoadFrames, 1);

  frames->bytes = g_byte_array_sized_new (FRAMES_TARGET);
  frames->ends = g_array_new (FALSE, FALSE, sizeof (gsize));

  return frames;
}

static void
frames_append (LoadFrames *frames, const char *payload, gsize size, gboolean masked)
{
  gsize end;

  bench_frame_append (frames->bytes, BENCH_OPCODE_TEXT, payload, size, masked);
  end = frames->bytes->len;
  g_array_append_val (frames->ends, end);
}

/**
 * load_frames_new_filled:
 * @payload_size: bytes a message
 * @masked: whether a client sends them
 *
 * Returns: text frames of printable ASCII, as many as make one large write
 */
LoadFrames *
load_frames_new_filled (guint payload_size, gboolean masked)
{
  LoadFrames *frames = frames_new ();
  g_autofree char *payload = g_malloc (payload_size);

  for (guint i = 0; i < payload_size; i++)
    payload[i] = (char) ('a' + i % 26);

  frames->payload_size = payload_size;
  do
    frames_append (frames, payload, payload_size, masked);
  while (frames->bytes->len + payload_size + BENCH_HEADER_MAX <= FRAMES_TARGET);

  return frames;
}

/**
 * load_frames_new_from_lines:
 * @path: a text file, one message a line
 * @masked: whether a client sends them
 *
 * Returns: the lines of the file as text frames, repeated until they make one large write
 */
LoadFrames *
load_frames_new_from_lines (const char *path, gboolean masked)
{
  LoadFrames *frames = frames_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, &error))
    bench_fail ("%s", error->message);
  lines = g_strsplit (g_strchomp (text), "\n", -1);

  do
    for (guint i = 0; lines[i] != NULL; i++)
      frames_append (frames, lines[i], strlen (lines[i]), masked);
  while (frames->bytes->len + size <= FRAMES_TARGET);

  return frames;
}

void
load_frames_free (LoadFrames *frames)
{
  g_byte_array_unref (frames->bytes);
  g_array_unref (frames->ends);
  g_free (frames);
}

/**
 * load_frames_number:
 * @frames: unmasked frames of one payload size
 *
 * Writes the next sequence numbers into the messages, so that whoever gets them can see whether all
 * came and in order.
 */
void
load_frames_number (LoadFrames *frames)
{
  for (guint i = 0; i < frames->ends->len; i++)
    {
      char digits[LOAD_SEQUENCE_DIGITS + 1];
      gsize end = g_array_index (frames->ends, gsize, i);

      g_snprintf (digits, sizeof digits, LOAD_SEQUENCE_FORMAT, frames->next_sequence++);
      memcpy (frames->bytes->data + end - frames->payload_size, digits, LOAD_SEQUENCE_DIGITS);
    }
}

/**
 * load_frames_size_of:
 * @frames: the frames
 * @n_messages: how many are still to be sent, at least one
 * @taken: (out): how many of them one pass over the frames sends
 *
 * Returns: how many bytes to send
 */
gsize
load_frames_size_of (LoadFrames *frames, guint64 n_messages, guint *taken)
{
  *taken = (guint) MIN (n_messages, frames->ends->len);

  return g_array_index (frames->ends, gsize, *taken - 1);
}
