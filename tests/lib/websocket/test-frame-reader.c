/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-frame-trace.h"

#include "ef-frame-writer-private.h"

#define CLIENT EF_FRAME_ROLE_CLIENT
#define SERVER EF_FRAME_ROLE_SERVER

/* A header that promises 8 EiB costs what has arrived, with and without a limit. */
static void
test_huge_promise (void)
{
  static const char *const headers[] = {
    "82 7f 0fffffffffffffff 00112233",
    "82 7f 00000000ffffffff 00112233",
    "02 7f 00000000ffffffff 00112233",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (EfFrameReader) reader = ef_frame_reader_new (CLIENT, 0);
      g_autoptr (GByteArray) bytes = ef_frame_parse_hex (headers[i]);
      g_autofree char *trace = ef_frame_trace (reader, bytes->data, bytes->len, NULL, NULL);

      g_assert_cmpstr (trace, ==, "");
      g_assert_true (ef_frame_reader_is_in_message (reader));
      g_assert_cmpuint (ef_frame_reader_get_memory (reader), <=, 2 * 1024 * 1024);
    }

  g_autoptr (EfFrameReader) reader = ef_frame_reader_new (CLIENT, 1024);
  g_autoptr (GByteArray) bytes = ef_frame_parse_hex ("82 7e 0401");
  g_autofree char *trace = ef_frame_trace (reader, bytes->data, bytes->len, NULL, NULL);

  g_assert_cmpstr (trace, ==, "error 1009 message of 1025 bytes, allowed are 1024\n");
  g_assert_cmpuint (ef_frame_reader_get_memory (reader), ==, 0);
}

/* A message that is there as a whole is judged like one that comes byte by byte: its length in the
 * shortest form, its size within the limit. */
static void
test_whole (void)
{
  static const struct
  {
    guint len;
    const char *trace;
  } tables[] = {
    { 0, "error 1002 frame whose length 0 is written in 16 bits, fewer are enough\n" },
    { 125, "error 1002 frame whose length 125 is written in 16 bits, fewer are enough\n" },
    { 126, NULL },
    { 1024, NULL },
    { 1025, "error 1009 message of 1025 bytes, allowed are 1024\n" },
    { 65535, "error 1009 message of 65535 bytes, allowed are 1024\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autoptr (EfFrameReader) reader = ef_frame_reader_new (CLIENT, 1024);
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      const guint8 header[] = { 0x82, 126, (guint8) (tables[i].len >> 8), (guint8) tables[i].len };

      g_byte_array_append (bytes, header, sizeof header);
      g_byte_array_set_size (bytes, (guint) sizeof header + tables[i].len);
      memset (bytes->data + sizeof header, 'x', tables[i].len);

      g_autofree char *trace = ef_frame_trace (reader, bytes->data, bytes->len, NULL, NULL);

      if (tables[i].trace != NULL)
        g_assert_cmpstr (trace, ==, tables[i].trace);
      else
        g_assert_true (g_str_has_prefix (trace, "binary "));
    }
}

/* The limit holds for the sum of the fragments, at the header of the one that goes over it. */
static void
test_fragments_limit (void)
{
  g_autoptr (EfFrameReader) reader = ef_frame_reader_new (CLIENT, 10);
  g_autoptr (GByteArray) bytes = ef_frame_parse_hex ("02 04 30313233 00 04 34353637 80 02 3839"
                                                     "02 04 30313233 00 04 34353637 80 03");
  g_autofree char *trace = ef_frame_trace (reader, bytes->data, bytes->len, NULL, NULL);

  g_assert_cmpstr (trace, ==,
                   "binary 10 0123456789\n"
                   "error 1009 message of 11 bytes, allowed are 10\n");
}

/* With nothing under way, and after the end, no buffer is held; in between, one is. */
static void
test_idle (void)
{
  static const struct
  {
    const char *hex;
    gboolean idle;
  } tables[] = {
    { "", TRUE },          { "81 01 61", TRUE }, { "81 01 61 81", FALSE },
    { "81 02 61", FALSE }, { "89 00", TRUE },    { "01 01 61 80 01 62", TRUE },
    { "01 01 61", FALSE }, { "88 00", TRUE },    { "83", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autoptr (EfFrameReader) reader = ef_frame_reader_new (CLIENT, 0);
      g_autoptr (GByteArray) bytes = ef_frame_parse_hex (tables[i].hex);
      g_autofree char *trace = ef_frame_trace (reader, bytes->data, bytes->len, NULL, NULL);

      g_assert_nonnull (trace);
      g_assert_cmpint (ef_frame_reader_get_memory (reader) == 0, ==, tables[i].idle);
    }
}

/* An unfinished fragmented message holds its own few bytes, not a read buffer. */
static void
test_small_fragment_memory (void)
{
  g_autoptr (EfFrameReader) reader = ef_frame_reader_new (CLIENT, 0);
  g_autoptr (GByteArray) bytes = ef_frame_parse_hex ("01 01 61");
  g_autofree char *trace = ef_frame_trace (reader, bytes->data, bytes->len, NULL, NULL);

  g_assert_nonnull (trace);
  g_assert_cmpuint (ef_frame_reader_get_memory (reader), <=, 4096);
}

/* The close and error of a finished reader stay readable; what still comes in goes nowhere. */
static void
test_after_end (void)
{
  g_autoptr (EfFrameReader) reader = ef_frame_reader_new (CLIENT, 0);
  guint8 close[] = { 0x88, 5, 0x03, 0xe8, 'b', 'y', 'e' };
  EfFrame frame;
  gsize room;

  memcpy (ef_frame_reader_get_space (reader, &room), close, sizeof close);
  ef_frame_reader_commit (reader, sizeof close);
  g_assert_cmpint (ef_frame_reader_next (reader, &frame), ==, EF_FRAME_CLOSE);

  for (guint i = 0; i < 10; i++)
    {
      EfFrame other;

      memset (ef_frame_reader_get_space (reader, &room), 0x81, 100);
      ef_frame_reader_commit (reader, 100);
      g_assert_cmpint (ef_frame_reader_next (reader, &other), ==, EF_FRAME_NEED_MORE);
      g_assert_cmpuint (ef_frame_reader_get_memory (reader), ==, 0);
    }

  g_assert_cmpuint (frame.code, ==, 1000);
  g_assert_cmpstr (frame.text, ==, "bye");
}

/* Bytes as a peer in the other role sends them. */
static GByteArray *
encode (EfFrameRole role, const gsize *sizes, guint n_sizes, gboolean fragmented)
{
  g_autoptr (EfFrameWriter) writer = ef_frame_writer_new (role);
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < n_sizes; i++)
    {
      g_autofree guint8 *payload = g_malloc (sizes[i] + 1);
      EfOpcode opcode = i % 2 == 0 ? EF_OPCODE_TEXT : EF_OPCODE_BINARY;
      gsize part = sizes[i] / 3;

      for (gsize j = 0; j < sizes[i]; j++)
        payload[j] = (guint8) (i % 2 == 0 ? ' ' + (j * 7 + i) % 90 : j * 13 + i);

      if (!fragmented)
        ef_frame_writer_append (writer, opcode, payload, sizes[i]);
      else
        {
          ef_frame_writer_append_frame (writer, (guint8) opcode, payload, part);
          ef_frame_writer_append (writer, EF_OPCODE_PING, "between", 7);
          ef_frame_writer_append_frame (writer, EF_OPCODE_CONTINUATION, payload + part, part);
          ef_frame_writer_append_frame (writer, EF_FRAME_FIN | EF_OPCODE_CONTINUATION,
                                        payload + 2 * part, sizes[i] - 2 * part);
        }
    }

  gsize len;
  const guint8 *piece;

  while ((piece = ef_frame_writer_peek (writer, &len)) != NULL)
    {
      g_byte_array_append (bytes, piece, (guint) len);
      ef_frame_writer_consume (writer, len);
    }

  return bytes;
}

static const gsize round_trip_sizes[] = {
  0,     1,     2,     124,   125,   126,   127,   128,   4095,   4096,   4097,   16383,
  16384, 65525, 65534, 65535, 65536, 65537, 69622, 69632, 69640,  200000, 65536,  65536,
  65536, 3,     160,   160,   20000, 20000, 20000, 20000, 300000, 300000, 300000, 5,
};

/* Whatever the sizes, the role and the pieces: what was sent arrives, pinned messages stay. */
static void
test_round_trip (gconstpointer data)
{
  EfFrameRole role = GPOINTER_TO_INT (data) & 1 ? SERVER : CLIENT;
  gboolean fragmented = (GPOINTER_TO_INT (data) & 2) != 0;
  g_autoptr (GByteArray) bytes = encode (role == CLIENT ? SERVER : CLIENT, round_trip_sizes,
                                         G_N_ELEMENTS (round_trip_sizes), fragmented);
  g_autoptr (EfFrameReader) whole = ef_frame_reader_new (role, 300000);
  g_autofree char *expected = ef_frame_trace (whole, bytes->data, bytes->len, NULL, NULL);
  guint n_lines = 0;

  for (const char *line = expected; *line != '\0'; line++)
    n_lines += *line == '\n';
  g_assert_cmpuint (n_lines, ==, G_N_ELEMENTS (round_trip_sizes) * (fragmented ? 2 : 1));
  g_assert_null (strstr (expected, "error"));

  for (guint32 seed = 0; seed < 20; seed++)
    {
      guint32 state = seed;
      g_autoptr (EfFrameReader) reader = ef_frame_reader_new (role, 300000);
      g_autofree char *trace =
        ef_frame_trace (reader, bytes->data, bytes->len, ef_frame_split_random, &state);

      g_assert_cmpstr (trace, ==, expected);
      g_assert_cmpuint (ef_frame_reader_get_memory (reader), ==, 0);
    }
}

/* Sizes at random, as many small as large ones, in random pieces: whole streams of them must be
 * told as when they come at once. */
static void
test_random (void)
{
  guint n_rounds = g_test_slow () ? 3000 : 60;

  for (guint round = 0; round < n_rounds; round++)
    {
      EfFrameRole role = g_test_rand_bit () ? SERVER : CLIENT;
      gsize sizes[12];

      for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
        sizes[i] = (gsize) g_test_rand_int_range (0, 1 << g_test_rand_int_range (0, 19));
      /* Equal ones in a row are what reads are fitted to. */
      for (gsize i = (gsize) g_test_rand_int_range (1, 12); i < G_N_ELEMENTS (sizes) - 1; i++)
        sizes[i] = sizes[i - 1];

      guint32 state = (guint32) g_test_rand_int ();
      gsize step = (gsize) g_test_rand_int_range (1, 200000);
      g_autoptr (GByteArray) bytes = encode (role == CLIENT ? SERVER : CLIENT, sizes,
                                             G_N_ELEMENTS (sizes), g_test_rand_int () % 4 == 0);
      g_autoptr (EfFrameReader) whole = ef_frame_reader_new (role, 0);
      g_autoptr (EfFrameReader) pieces = ef_frame_reader_new (role, 0);
      g_autoptr (EfFrameReader) steps = ef_frame_reader_new (role, 0);
      g_autofree char *expected = ef_frame_trace (whole, bytes->data, bytes->len, NULL, NULL);
      g_autofree char *trace =
        ef_frame_trace (pieces, bytes->data, bytes->len, ef_frame_split_random, &state);
      g_autofree char *step_trace =
        ef_frame_trace (steps, bytes->data, bytes->len, ef_frame_split_fixed, &step);

      g_assert_null (strstr (expected, "error"));
      g_assert_cmpstr (trace, ==, expected);
      g_assert_cmpstr (step_trace, ==, expected);
      g_assert_cmpuint (ef_frame_reader_get_memory (pieces), ==, 0);
    }
}

/* Once 64 KiB messages are what comes (two are enough to tell), each is read in one piece and
 * delivered where it was read; of larger ones all but the start is read to where the message is
 * delivered. */
static void
test_no_copy (gconstpointer data)
{
  gsize size = GPOINTER_TO_SIZE (data);
  gsize sizes[] = { size, size, size, size, size, size };
  g_autoptr (GByteArray) bytes = encode (SERVER, sizes, G_N_ELEMENTS (sizes), FALSE);
  g_autoptr (EfFrameReader) reader = ef_frame_reader_new (CLIENT, 0);
  guint n_messages = 0;
  gsize moved = 0;

  for (gsize done = 0; done < bytes->len;)
    {
      gsize room;
      guint8 *space = ef_frame_reader_get_space (reader, &room);
      gsize n = MIN (room, bytes->len - done);
      EfFrame frame;

      memcpy (space, bytes->data + done, n);
      done += n;
      ef_frame_reader_commit (reader, n);

      while (ef_frame_reader_next (reader, &frame) == EF_FRAME_MESSAGE)
        {
          gsize in_place = frame.data + frame.len == space + n ? MIN (n, frame.len) : 0;

          g_assert_cmpuint (frame.len, ==, size);
          if (n_messages++ > 1)
            moved += frame.len - in_place;
        }
    }

  g_assert_cmpuint (n_messages, ==, G_N_ELEMENTS (sizes));
  g_assert_cmpuint (moved, <=, size == 65536 ? 0 : 4096 * n_messages);
}

/* A kept message of a few bytes does not cost a buffer of its own. */
static void
test_pins_share_buffers (void)
{
  g_autoptr (EfFrameReader) reader = ef_frame_reader_new (CLIENT, 0);
  g_autoptr (GHashTable) buffers = g_hash_table_new (NULL, NULL);
  EfReadBuffer *pins[1000];
  const guint8 message[] = { 0x82, 4, 'k', 'e', 'p', 't' };

  for (guint i = 0; i < G_N_ELEMENTS (pins); i++)
    {
      EfFrame frame;
      gsize room;

      memcpy (ef_frame_reader_get_space (reader, &room), message, sizeof message);
      ef_frame_reader_commit (reader, sizeof message);
      g_assert_cmpint (ef_frame_reader_next (reader, &frame), ==, EF_FRAME_MESSAGE);
      pins[i] = ef_read_buffer_ref (frame.buffer);
      g_hash_table_add (buffers, frame.buffer);
      g_assert_cmpint (ef_frame_reader_next (reader, &frame), ==, EF_FRAME_NEED_MORE);
    }

  g_assert_cmpuint (g_hash_table_size (buffers), <=, 3);
  for (guint i = 0; i < G_N_ELEMENTS (pins); i++)
    ef_read_buffer_unref (pins[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/frame-reader/huge-promise", test_huge_promise);
  g_test_add_func ("/frame-reader/whole", test_whole);
  g_test_add_func ("/frame-reader/fragments-limit", test_fragments_limit);
  g_test_add_func ("/frame-reader/idle", test_idle);
  g_test_add_func ("/frame-reader/small-fragment-memory", test_small_fragment_memory);
  g_test_add_func ("/frame-reader/after-end", test_after_end);
  g_test_add_data_func ("/frame-reader/round-trip/client", GINT_TO_POINTER (0), test_round_trip);
  g_test_add_data_func ("/frame-reader/round-trip/server", GINT_TO_POINTER (1), test_round_trip);
  g_test_add_data_func ("/frame-reader/round-trip/client-fragments", GINT_TO_POINTER (2),
                        test_round_trip);
  g_test_add_data_func ("/frame-reader/round-trip/server-fragments", GINT_TO_POINTER (3),
                        test_round_trip);
  g_test_add_func ("/frame-reader/random", test_random);
  g_test_add_data_func ("/frame-reader/no-copy/64k", GSIZE_TO_POINTER (65536), test_no_copy);
  g_test_add_data_func ("/frame-reader/no-copy/1m", GSIZE_TO_POINTER (1048576), test_no_copy);
  g_test_add_func ("/frame-reader/pins-share-buffers", test_pins_share_buffers);

  return g_test_run ();
}
