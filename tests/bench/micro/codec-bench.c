/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-frame-reader-private.h"
#include "ef-frame-writer-private.h"
#include "ef-mask-private.h"
#include "ef-mask-source-private.h"
#include "ef-utf8-private.h"

#include <stdlib.h>

/* What the codec costs by itself: `codec-bench [CASE-PREFIX] [ROUNDS]`. The best of several rounds
 * counts, as everything else that runs only ever makes one slower. */

#define ROUND_BYTES          (64 * 1024 * 1024)
#define MAX_MESSAGES_A_ROUND 400000

typedef struct
{
  const char *name;
  double (*run) (gsize size, guint variant); /* nanoseconds for one message */
  gsize size;
  guint variant;
} Case;

enum
{
  ASCII,
  MIXED, /* mostly ASCII */
  DENSE, /* no ASCII */
};

static gint64
now_ns (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (gint64) time.tv_sec * G_GINT64_CONSTANT (1000000000) + time.tv_nsec;
}

static guint
count_messages (gsize size)
{
  return (guint) CLAMP (ROUND_BYTES / (size + 1), 1, MAX_MESSAGES_A_ROUND);
}

static guint8 *
make_text (gsize size, guint variant)
{
  const char *unit = variant == ASCII   ? "{\"p\":\"64000.10\"},"
                     : variant == MIXED ? "{\"name\":\"Zürich, 東京\",\"p\":\"64000.10\"},"
                                        : "данные東京🚀";
  g_autoptr (GString) text = g_string_new (NULL);

  while (text->len + strlen (unit) <= size)
    g_string_append (text, unit);
  while (text->len < size)
    g_string_append_c (text, '.');

  return (guint8 *) g_string_free (g_steal_pointer (&text), FALSE);
}

static double
bench_write (gsize size, guint role)
{
  g_autofree guint8 *payload = make_text (size, ASCII);
  g_autoptr (EfFrameWriter) writer = ef_frame_writer_new ((EfFrameRole) role);
  guint n = count_messages (size);
  gint64 start = now_ns ();

  for (guint i = 0; i < n; i++)
    {
      ef_frame_writer_append (writer, EF_OPCODE_TEXT, payload, size);

      /* As at the end of a dispatch. */
      while (ef_frame_writer_get_queued (writer) >= 128 * 1024)
        {
          gsize len;

          ef_frame_writer_peek (writer, &len);
          ef_frame_writer_consume (writer, len);
        }
    }

  return (double) (now_ns () - start) / n;
}

static double
bench_append_shared (gsize size, guint variant)
{
  g_autofree guint8 *payload = make_text (size, ASCII);
  g_autoptr (GBytes) frame = ef_frame_encode_shared (EF_OPCODE_TEXT, payload, size);
  EfFrameWriter *writers[500];
  const guint n = 20;

  for (guint w = 0; w < G_N_ELEMENTS (writers); w++)
    writers[w] = ef_frame_writer_new (EF_FRAME_ROLE_SERVER);

  gint64 start = now_ns ();

  for (guint i = 0; i < n; i++)
    for (guint w = 0; w < G_N_ELEMENTS (writers); w++)
      {
        ef_frame_writer_append_shared (writers[w], frame);
        ef_frame_writer_consume (writers[w], ef_frame_writer_get_queued (writers[w]));
      }

  double ns = (double) (now_ns () - start) / (n * G_N_ELEMENTS (writers));

  for (guint w = 0; w < G_N_ELEMENTS (writers); w++)
    ef_frame_writer_free (writers[w]);
  return ns;
}

/* The stream that @role receives: about 1 MiB of messages. */
static GByteArray *
make_stream (EfFrameRole role, gsize size, guint variant, guint *n_messages)
{
  g_autofree guint8 *payload = make_text (size, variant);
  g_autoptr (EfFrameWriter) writer = ef_frame_writer_new (
    role == EF_FRAME_ROLE_CLIENT ? EF_FRAME_ROLE_SERVER : EF_FRAME_ROLE_CLIENT);
  GByteArray *stream = g_byte_array_new ();
  gsize len;

  *n_messages = (guint) MAX (1024 * 1024 / (size + 8), 4);
  for (guint i = 0; i < *n_messages; i++)
    ef_frame_writer_append (writer, EF_OPCODE_TEXT, payload, size);

  for (const guint8 *piece; (piece = ef_frame_writer_peek (writer, &len)) != NULL;)
    {
      g_byte_array_append (stream, piece, (guint) len);
      ef_frame_writer_consume (writer, len);
    }

  return stream;
}

static gint64
feed (EfFrameReader *reader, GByteArray *stream, guint *n_messages)
{
  gint64 spent = 0;

  for (gsize done = 0; done < stream->len;)
    {
      gint64 start = now_ns ();
      gsize room;
      guint8 *space = ef_frame_reader_get_space (reader, &room);
      EfFrame frame;

      spent += now_ns () - start;
      room = MIN (room, stream->len - done);
      memcpy (space, stream->data + done, room); /* stands for the kernel: not counted */
      done += room;

      start = now_ns ();
      ef_frame_reader_commit (reader, room);
      while (ef_frame_reader_next (reader, &frame) == EF_FRAME_MESSAGE)
        (*n_messages)++;
      spent += now_ns () - start;
    }

  return spent;
}

static double
bench_read (EfFrameRole role, gsize size, guint variant)
{
  guint n_stream;
  guint n = 0;
  guint wanted = count_messages (size);
  g_autoptr (GByteArray) stream = make_stream (role, size, variant, &n_stream);
  g_autoptr (EfFrameReader) reader = ef_frame_reader_new (role, 0);
  gint64 spent = 0;

  while (n < wanted)
    spent += feed (reader, stream, &n);

  g_assert_cmpuint (n % n_stream, ==, 0);
  return (double) spent / n;
}

static double
bench_read_client (gsize size, guint variant)
{
  return bench_read (EF_FRAME_ROLE_CLIENT, size, variant);
}

static double
bench_read_server (gsize size, guint variant)
{
  return bench_read (EF_FRAME_ROLE_SERVER, size, variant);
}

static double
bench_utf8 (gsize size, guint variant)
{
  g_autofree guint8 *text = make_text (size, variant);
  guint n = count_messages (size);
  gint64 start = now_ns ();

  for (guint i = 0; i < n; i++)
    g_assert_true (ef_utf8_is_valid (text, size));

  return (double) (now_ns () - start) / n;
}

static double
bench_mask (gsize size, guint variant)
{
  g_autofree guint8 *text = make_text (size, ASCII);
  guint n = count_messages (size);
  gint64 start = now_ns ();

  for (guint i = 0; i < n; i++)
    ef_mask_in_place (text, size, 0x12345678 + i, variant);

  return (double) (now_ns () - start) / n;
}

static double
bench_keys (gsize size, guint variant)
{
  EfMaskSource source = { 0 };
  const guint n = 1000000;
  guint32 all = 0;
  gint64 start = now_ns ();

  for (guint i = 0; i < n; i++)
    all |= ef_mask_source_next (&source);

  g_assert_cmpuint (all, !=, 0);
  return (double) (now_ns () - start) / n;
}

static const Case cases[] = {
  { "write-client", bench_write, 160, EF_FRAME_ROLE_CLIENT },
  { "write-client", bench_write, 4096, EF_FRAME_ROLE_CLIENT },
  { "write-client", bench_write, 65536, EF_FRAME_ROLE_CLIENT },
  { "write-server", bench_write, 160, EF_FRAME_ROLE_SERVER },
  { "write-shared", bench_append_shared, 160, 0 },
  { "write-shared", bench_append_shared, 16384, 0 },
  { "read-client", bench_read_client, 160, ASCII },
  { "read-client-mixed", bench_read_client, 160, MIXED },
  { "read-client-dense", bench_read_client, 160, DENSE },
  { "read-client", bench_read_client, 4096, ASCII },
  { "read-client", bench_read_client, 65536, ASCII },
  { "read-client", bench_read_client, 1048576, ASCII },
  { "read-server", bench_read_server, 160, ASCII },
  { "read-server", bench_read_server, 4096, ASCII },
  { "read-server", bench_read_server, 65536, ASCII },
  { "utf8-ascii", bench_utf8, 160, ASCII },
  { "utf8-mixed", bench_utf8, 160, MIXED },
  { "utf8-dense", bench_utf8, 160, DENSE },
  { "utf8-ascii", bench_utf8, 65536, ASCII },
  { "utf8-mixed", bench_utf8, 65536, MIXED },
  { "utf8-dense", bench_utf8, 65536, DENSE },
  { "mask", bench_mask, 160, 0 },
  { "mask", bench_mask, 65536, 1 },
  { "mask-keys", bench_keys, 4, 0 },
};

int
main (int argc, char **argv)
{
  const char *prefix = argc > 1 ? argv[1] : "";
  int rounds = argc > 2 ? atoi (argv[2]) : 5;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double best = G_MAXDOUBLE;

      if (!g_str_has_prefix (cases[i].name, prefix))
        continue;

      for (int round = 0; round < rounds; round++)
        {
          double ns = cases[i].run (cases[i].size, cases[i].variant);

          best = MIN (best, ns);
        }

      g_print ("%-20s %8" G_GSIZE_FORMAT " B %10.1f ns %8.2f GB/s\n", cases[i].name, cases[i].size,
               best, (double) cases[i].size / best);
    }

  return 0;
}
