/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-frame-trace.h"

/* A message that is kept while reading goes on. */
typedef struct
{
  EfReadBuffer *buffer;
  const guint8 *data;
  gsize len;
  guint hash;
} Pin;

static guint
hash_bytes (const guint8 *data, gsize len)
{
  guint hash = 5381;

  for (gsize i = 0; i < len; i++)
    hash = hash * 33 + data[i];

  return hash;
}

static void
pin_clear (gpointer data)
{
  Pin *pin = data;

  g_assert_cmpuint (hash_bytes (pin->data, pin->len), ==, pin->hash);
  ef_read_buffer_unref (pin->buffer);
}

static void
describe_payload (GString *trace, const guint8 *data, gsize len)
{
  g_string_append_printf (trace, " %" G_GSIZE_FORMAT, len);
  if (len > 40)
    g_string_append_printf (trace, " #%08x", hash_bytes (data, len));
  else if (len > 0)
    g_string_append_c (trace, ' ');

  for (gsize i = 0; len <= 40 && i < len; i++)
    if (g_ascii_isgraph (data[i]))
      g_string_append_c (trace, (char) data[i]);
    else
      g_string_append_printf (trace, "<%02x>", data[i]);
}

/* GLib has the last word on what is text; only NUL it would not allow. */
static void
check_text (const guint8 *data, gsize len)
{
  if (memchr (data, 0, len) == NULL)
    g_assert_true (g_utf8_validate_len ((const char *) data, len, NULL));
}

static void
describe (GString *trace, EfFrameResult result, const EfFrame *frame)
{
  switch (result)
    {
    case EF_FRAME_MESSAGE:
      if (frame->kind == EF_OPCODE_TEXT && frame->rsv == 0)
        check_text (frame->data, frame->len);
      g_assert_true (frame->kind == EF_OPCODE_TEXT || frame->kind == EF_OPCODE_BINARY);
      g_string_append (trace, frame->kind == EF_OPCODE_TEXT ? "text" : "binary");
      if (frame->rsv != 0)
        g_string_append_printf (trace, " rsv=%02x", frame->rsv);
      describe_payload (trace, frame->data, frame->len);
      break;
    case EF_FRAME_PING:
    case EF_FRAME_PONG:
      g_string_append (trace, result == EF_FRAME_PING ? "ping" : "pong");
      describe_payload (trace, frame->data, frame->len);
      break;
    case EF_FRAME_CLOSE:
      g_string_append_printf (trace, "close %u %s", frame->code, frame->text);
      break;
    case EF_FRAME_ERROR:
      g_string_append_printf (trace, "error %u %s", frame->code, frame->text);
      break;
    case EF_FRAME_NEED_MORE:
    default:
      g_assert_not_reached ();
    }

  g_string_append_c (trace, '\n');
}

static void
drain (EfFrameReader *reader, GString *trace, GArray *pins)
{
  EfFrame frame;
  EfFrameResult result;

  while ((result = ef_frame_reader_next (reader, &frame)) != EF_FRAME_NEED_MORE)
    {
      describe (trace, result, &frame);

      if (result == EF_FRAME_MESSAGE)
        {
          Pin pin = { ef_read_buffer_ref (frame.buffer), frame.data, frame.len,
                      hash_bytes (frame.data, frame.len) };

          g_assert_true (frame.data >= frame.buffer->data);
          g_assert_true (frame.data + frame.len <= frame.buffer->data + frame.buffer->capacity);
          g_array_append_val (pins, pin);
        }
    }
}

/* Feeds @data in pieces and returns what the reader told, a line each. One message in four is kept
 * to the end, and must be unchanged then. */
char *
ef_frame_trace (
  EfFrameReader *reader, const guint8 *data, gsize len, EfFrameSplit split, gpointer user_data)
{
  g_autoptr (GArray) pins = g_array_new (FALSE, FALSE, sizeof (Pin));
  GString *trace = g_string_new (NULL);
  gsize done = 0;

  g_array_set_clear_func (pins, pin_clear);

  while (done < len)
    {
      gsize room;
      guint8 *space = ef_frame_reader_get_space (reader, &room);
      gsize n = split != NULL ? split (user_data) : G_MAXSIZE;

      g_assert_cmpuint (room, >, 0);
      n = MIN (MIN (MAX (n, 1), room), len - done);

      memcpy (space, data + done, n);
      ef_frame_reader_commit (reader, n);
      done += n;
      drain (reader, trace, pins);

      for (guint i = pins->len; i-- > 0;)
        if (i % 4 != 0)
          g_array_remove_index_fast (pins, i);
    }

  return g_string_free (trace, FALSE);
}

/* Bytes written in hexadecimal; all other characters are for the eye. */
GByteArray *
ef_frame_parse_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();
  int high = -1;

  for (; *hex != '\0'; hex++)
    {
      int digit = g_ascii_xdigit_value (*hex);

      if (digit < 0)
        continue;

      guint8 byte = (guint8) ((guint) high << 4 | (guint) digit);

      if (high >= 0)
        g_byte_array_append (bytes, &byte, 1);
      high = high >= 0 ? -1 : digit;
    }

  g_assert_cmpint (high, ==, -1);
  return bytes;
}

/* @user_data: a guint32, the state of the generator. Mostly small pieces, some large. */
gsize
ef_frame_split_random (gpointer user_data)
{
  guint32 *state = user_data;

  *state = *state * 1664525 + 1013904223;
  return (*state >> 8) % (1u << ((*state >> 24) % 17)) + 1;
}

/* @user_data: a gsize, the size of each piece. */
gsize
ef_frame_split_fixed (gpointer user_data)
{
  return *(gsize *) user_data;
}
