/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-frame-trace.h"
#include "ef-frame-writer-private.h"

/* Takes all that is queued, at most @step bytes at a time. */
static GByteArray *
take_all (EfFrameWriter *writer, gsize step)
{
  GByteArray *bytes = g_byte_array_new ();
  const guint8 *piece;
  gsize len;

  while ((piece = ef_frame_writer_peek (writer, &len)) != NULL)
    {
      gsize before = ef_frame_writer_get_queued (writer);

      g_assert_cmpuint (len, >, 0);
      len = MIN (len, step);
      g_byte_array_append (bytes, piece, (guint) len);
      ef_frame_writer_consume (writer, len);
      g_assert_cmpuint (ef_frame_writer_get_queued (writer), ==, before - len);
    }

  g_assert_cmpuint (len, ==, 0);
  g_assert_cmpuint (ef_frame_writer_get_queued (writer), ==, 0);
  g_assert_cmpuint (ef_frame_writer_get_memory (writer), ==, 0);
  return bytes;
}

static char *
read_back (EfFrameRole role, GByteArray *bytes)
{
  g_autoptr (EfFrameReader) reader = ef_frame_reader_new (role, 0);

  return ef_frame_trace (reader, bytes->data, bytes->len, NULL, NULL);
}

/* A server's frames, byte for byte. */
static void
test_bytes (void)
{
  g_autoptr (EfFrameWriter) writer = ef_frame_writer_new (EF_FRAME_ROLE_SERVER);
  static const guint8 expected[] = {
    0x81, 2,   'h',  'i', 0x82, 0,    0x89, 1,    '!',  0x8a, 0,   0x01,
    1,    'a', 0x80, 1,   'b',  0x88, 5,    0x03, 0xe8, 'b',  'y', 'e',
  };

  ef_frame_writer_append (writer, EF_OPCODE_TEXT, "hi", 2);
  ef_frame_writer_append (writer, EF_OPCODE_BINARY, NULL, 0);
  ef_frame_writer_append (writer, EF_OPCODE_PING, "!", 1);
  ef_frame_writer_append (writer, EF_OPCODE_PONG, NULL, 0);
  ef_frame_writer_append_frame (writer, EF_OPCODE_TEXT, "a", 1);
  ef_frame_writer_append_frame (writer, EF_FRAME_FIN | EF_OPCODE_CONTINUATION, "b", 1);
  ef_frame_writer_append_close (writer, 1000, "bye");
  g_assert_cmpuint (ef_frame_writer_get_queued (writer), ==, sizeof expected);

  g_autoptr (GByteArray) bytes = take_all (writer, G_MAXSIZE);

  g_assert_cmpmem (bytes->data, bytes->len, expected, sizeof expected);
}

/* The computed size is the size on the wire; lengths are in their shortest form, else the reader
 * would refuse them. Client frames carry the mask bit and differ in their keys. */
static void
test_sizes (void)
{
  static const struct
  {
    gsize len;
    gsize header;
  } sizes[] = {
    { 0, 2 },     { 1, 2 },      { 125, 2 },    { 126, 4 },     { 127, 4 },
    { 65535, 4 }, { 65536, 10 }, { 65537, 10 }, { 200000, 10 },
  };
  EfFrameRole roles[] = { EF_FRAME_ROLE_CLIENT, EF_FRAME_ROLE_SERVER };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (gsize r = 0; r < G_N_ELEMENTS (roles); r++)
      {
        g_autoptr (EfFrameWriter) writer = ef_frame_writer_new (roles[r]);
        g_autofree guint8 *payload = g_malloc (sizes[i].len + 1);
        gsize header = sizes[i].header + (r == 0 ? 4 : 0);

        memset (payload, 'x', sizes[i].len);
        ef_frame_writer_append (writer, EF_OPCODE_TEXT, payload, sizes[i].len);
        g_assert_cmpuint (ef_frame_header_size (roles[r], sizes[i].len), ==, header);
        g_assert_cmpuint (ef_frame_size (roles[r], sizes[i].len), ==, header + sizes[i].len);
        g_assert_cmpuint (ef_frame_writer_get_queued (writer), ==, header + sizes[i].len);

        g_autoptr (GByteArray) bytes = take_all (writer, G_MAXSIZE);
        g_autofree char *trace = read_back (roles[1 - r], bytes);
        g_autofree char *start = g_strdup_printf ("text %" G_GSIZE_FORMAT, sizes[i].len);

        g_assert_cmpuint (bytes->len, ==, header + sizes[i].len);
        g_assert_true (g_str_has_prefix (trace, start));
        g_assert_cmpuint (bytes->data[1] & 0x80, ==, r == 0 ? 0x80 : 0);
      }
}

static void
test_keys_differ (void)
{
  g_autoptr (EfFrameWriter) writer = ef_frame_writer_new (EF_FRAME_ROLE_CLIENT);

  for (guint i = 0; i < 3; i++)
    ef_frame_writer_append (writer, EF_OPCODE_TEXT, "same", 4);

  g_autoptr (GByteArray) bytes = take_all (writer, G_MAXSIZE);

  g_assert_cmpuint (bytes->len, ==, 30);
  g_assert_false (memcmp (bytes->data + 2, bytes->data + 12, 4) == 0 &&
                  memcmp (bytes->data + 2, bytes->data + 22, 4) == 0);
}

/* Frames over many chunks, taken in steps that end anywhere, with appends in between. */
static void
test_steps (void)
{
  static const gsize steps[] = { 1, 7, 1000, 4096, 65536, G_MAXSIZE };
  g_autofree char *first_trace = NULL;

  for (gsize s = 0; s < G_N_ELEMENTS (steps); s++)
    for (int role = EF_FRAME_ROLE_CLIENT; role <= EF_FRAME_ROLE_SERVER; role++)
      {
        g_autoptr (EfFrameWriter) writer = ef_frame_writer_new ((EfFrameRole) role);
        g_autoptr (GByteArray) bytes = g_byte_array_new ();
        guint8 payload[3000];

        for (guint i = 0; i < 150; i++)
          {
            gsize len;

            for (gsize j = 0; j < sizeof payload; j++)
              payload[j] = (guint8) (i + j);
            ef_frame_writer_append (writer, EF_OPCODE_BINARY, payload, (i * 397) % sizeof payload);

            const guint8 *piece = ef_frame_writer_peek (writer, &len);

            len = MIN (len, MIN (steps[s], 500));
            g_byte_array_append (bytes, piece, (guint) len);
            ef_frame_writer_consume (writer, len);
          }

        g_autoptr (GByteArray) rest = take_all (writer, steps[s]);

        g_byte_array_append (bytes, rest->data, rest->len);

        g_autofree char *trace = read_back (
          role == EF_FRAME_ROLE_CLIENT ? EF_FRAME_ROLE_SERVER : EF_FRAME_ROLE_CLIENT, bytes);

        if (first_trace == NULL)
          first_trace = g_strdup (trace);
        g_assert_cmpstr (trace, ==, first_trace);
        g_assert_null (strstr (trace, "error"));
      }
}

/* The vectors are the same bytes as the pieces. */
static void
test_vectors (void)
{
  g_autoptr (EfFrameWriter) writer = ef_frame_writer_new (EF_FRAME_ROLE_SERVER);
  g_autoptr (GByteArray) gathered = g_byte_array_new ();
  g_autofree guint8 *payload = g_malloc0 (50000);
  g_autoptr (GBytes) shared = ef_frame_encode_shared (EF_OPCODE_BINARY, payload, 50000);
  GOutputVector vectors[100];

  g_assert_cmpuint (ef_frame_writer_peek_vectors (writer, vectors, 100), ==, 0);

  for (guint i = 0; i < 5; i++)
    {
      ef_frame_writer_append (writer, EF_OPCODE_BINARY, payload, 3000);
      ef_frame_writer_append_shared (writer, shared);
    }

  guint n = ef_frame_writer_peek_vectors (writer, vectors, 100);

  g_assert_cmpuint (n, >=, 10);
  g_assert_cmpuint (ef_frame_writer_peek_vectors (writer, vectors, 2), ==, 2);
  for (guint i = 0; i < n; i++)
    g_byte_array_append (gathered, vectors[i].buffer, (guint) vectors[i].size);
  g_assert_cmpuint (gathered->len, ==, ef_frame_writer_get_queued (writer));

  g_autoptr (GByteArray) bytes = take_all (writer, G_MAXSIZE);

  g_assert_cmpmem (bytes->data, bytes->len, gathered->data, gathered->len);
}

/* A large shared frame is written from where it lies, for each client; a small one is copied. */
static void
test_shared (void)
{
  g_autofree guint8 *payload = g_malloc0 (100000);
  g_autoptr (GBytes) large = ef_frame_encode_shared (EF_OPCODE_BINARY, payload, 100000);
  g_autoptr (GBytes) small = ef_frame_encode_shared (EF_OPCODE_TEXT, "small", 5);
  EfFrameWriter *writers[20];

  for (guint i = 0; i < G_N_ELEMENTS (writers); i++)
    {
      gsize len;

      writers[i] = ef_frame_writer_new (EF_FRAME_ROLE_SERVER);
      ef_frame_writer_append_shared (writers[i], large);
      ef_frame_writer_append_shared (writers[i], small);
      g_assert_true (ef_frame_writer_peek (writers[i], &len) == g_bytes_get_data (large, NULL));
      g_assert_cmpuint (len, ==, 100010);
    }

  for (guint i = 0; i < G_N_ELEMENTS (writers); i++)
    {
      /* Half of them are freed with the frame unsent. */
      if (i % 2 == 0)
        {
          g_autoptr (GByteArray) bytes = take_all (writers[i], 3000);
          g_autofree char *trace = read_back (EF_FRAME_ROLE_CLIENT, bytes);

          g_assert_true (g_str_has_prefix (trace, "binary 100000 "));
          g_assert_true (g_str_has_suffix (trace, "\ntext 5 small\n"));
        }
      ef_frame_writer_free (writers[i]);
    }
}

static void
count_free (gpointer data)
{
  (*(guint *) data)++;
}

/* A server references a large payload until its last byte left, a client never does. */
static void
test_payload_bytes (void)
{
  static guint8 payload[20000];

  for (int role = EF_FRAME_ROLE_CLIENT; role <= EF_FRAME_ROLE_SERVER; role++)
    {
      g_autoptr (EfFrameWriter) writer = ef_frame_writer_new ((EfFrameRole) role);
      guint n_freed = 0;
      GBytes *bytes = g_bytes_new_with_free_func (payload, sizeof payload, count_free, &n_freed);

      ef_frame_writer_append (writer, EF_OPCODE_TEXT, "before", 6);
      ef_frame_writer_append_bytes (writer, EF_OPCODE_BINARY, bytes);
      ef_frame_writer_append (writer, EF_OPCODE_TEXT, "after", 5);
      g_bytes_unref (bytes);
      g_assert_cmpuint (n_freed, ==, role == EF_FRAME_ROLE_CLIENT ? 1 : 0);

      g_autoptr (GByteArray) sent = take_all (writer, 777);
      g_autofree char *trace = read_back (
        role == EF_FRAME_ROLE_CLIENT ? EF_FRAME_ROLE_SERVER : EF_FRAME_ROLE_CLIENT, sent);

      g_assert_cmpuint (n_freed, ==, 1);
      g_assert_true (g_str_has_prefix (trace, "text 6 before\nbinary 20000 "));
      g_assert_true (g_str_has_suffix (trace, "\ntext 5 after\n"));
    }
}

static void
test_close (void)
{
  static const struct
  {
    guint code;
    const char *reason;
    const char *trace;
  } cases[] = {
    { 0, NULL, "close 1005 \n" },
    { 1005, "ignored", "close 1005 \n" },
    { 1000, NULL, "close 1000 \n" },
    { 1001, "", "close 1001 \n" },
    { 4999, "löschen", "close 4999 löschen\n" },
    /* 123 bytes fit; the 62nd “é” would be half inside */
    { 1000, "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé",
      "close 1000 "
      "ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (EfFrameWriter) writer = ef_frame_writer_new (EF_FRAME_ROLE_CLIENT);

      ef_frame_writer_append_close (writer, cases[i].code, cases[i].reason);

      g_autoptr (GByteArray) bytes = take_all (writer, G_MAXSIZE);
      g_autofree char *trace = read_back (EF_FRAME_ROLE_SERVER, bytes);

      g_assert_cmpstr (trace, ==, cases[i].trace);
    }
}

/* A few unsent bytes hold a little memory, a flood does not get smaller than its bytes but not
 * much larger either, and nothing is held when all is sent. */
static void
test_memory (void)
{
  g_autoptr (EfFrameWriter) writer = ef_frame_writer_new (EF_FRAME_ROLE_CLIENT);
  guint8 payload[160] = { 0 };

  g_assert_cmpuint (ef_frame_writer_get_memory (writer), ==, 0);
  ef_frame_writer_append (writer, EF_OPCODE_BINARY, payload, sizeof payload);
  g_assert_cmpuint (ef_frame_writer_get_memory (writer), <=, 1024);

  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < 5000; i++)
        ef_frame_writer_append (writer, EF_OPCODE_BINARY, payload, sizeof payload);
      g_assert_cmpuint (ef_frame_writer_get_memory (writer), <,
                        ef_frame_writer_get_queued (writer) + 128 * 1024);
      g_byte_array_unref (take_all (writer, G_MAXSIZE));
    }

  /* The traffic becomes quiet, and the chunks small again. */
  for (guint round = 0; round < 20; round++)
    {
      ef_frame_writer_append (writer, EF_OPCODE_BINARY, payload, 16);
      g_byte_array_unref (take_all (writer, G_MAXSIZE));
    }
  ef_frame_writer_append (writer, EF_OPCODE_BINARY, payload, 16);
  g_assert_cmpuint (ef_frame_writer_get_memory (writer), <=, 1024);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/frame-writer/bytes", test_bytes);
  g_test_add_func ("/frame-writer/sizes", test_sizes);
  g_test_add_func ("/frame-writer/keys-differ", test_keys_differ);
  g_test_add_func ("/frame-writer/steps", test_steps);
  g_test_add_func ("/frame-writer/vectors", test_vectors);
  g_test_add_func ("/frame-writer/shared", test_shared);
  g_test_add_func ("/frame-writer/payload-bytes", test_payload_bytes);
  g_test_add_func ("/frame-writer/close", test_close);
  g_test_add_func ("/frame-writer/memory", test_memory);

  return g_test_run ();
}
