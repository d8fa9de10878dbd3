/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-frame-trace.h"

#define CLIENT EF_FRAME_ROLE_CLIENT
#define SERVER EF_FRAME_ROLE_SERVER

/* The largest message in the table below. */
#define LIMIT 70000

/* What arrives, in hexadecimal (other characters are for the eye), and what the reader must tell.
 * Masked frames have the key 01020304. */
static const struct
{
  const char *name;
  EfFrameRole role;
  const char *hex;
  const char *trace;
} cases[] = {
  { "nothing", CLIENT, "", "" },
  { "text", CLIENT, "81 05 48656c6c6f", "text 5 Hello\n" },
  { "binary", CLIENT, "82 03 00ff80", "binary 3 <00><ff><80>\n" },
  { "empty-text", CLIENT, "81 00", "text 0\n" },
  { "empty-binary", CLIENT, "82 00", "binary 0\n" },
  { "masked-text", SERVER, "81 85 01020304 49676f686e", "text 5 Hello\n" },
  { "masked-empty", SERVER, "82 80 01020304", "binary 0\n" },
  { "three", CLIENT, "81 01 61 81 01 62 82 01 63", "text 1 a\ntext 1 b\nbinary 1 c\n" },
  { "ping", CLIENT, "89 02 6869", "ping 2 hi\n" },
  { "empty-ping", CLIENT, "89 00", "ping 0\n" },
  { "pong", CLIENT, "8a 02 00ff", "pong 2 <00><ff>\n" },
  { "masked-ping", SERVER, "89 82 01020304 696b", "ping 2 hi\n" },
  { "utf8", CLIENT, "81 06 ceba 6f cf83 6d", "text 6 <ce><ba>o<cf><83>m\n" },
  { "cut", CLIENT, "81 05 48656c6c", "" },
  { "cut-header", SERVER, "82 fe 0100 0102", "" },

  /* fragments */
  { "fragments", CLIENT, "01 03 48656c 80 02 6c6f", "text 5 Hello\n" },
  { "masked-fragments", SERVER, "01 83 01020304 49676f 80 82 01020304 6d6d", "text 5 Hello\n" },
  { "empty-fragments", CLIENT, "01 00 00 00 80 00", "text 0\n" },
  { "utf8-over-fragments", CLIENT, "01 01 c3 80 01 a9", "text 2 <c3><a9>\n" },
  { "control-between", CLIENT, "02 01 61 89 01 21 8a 00 00 01 62 80 01 63",
    "ping 1 !\npong 0\nbinary 3 abc\n" },
  { "message-after-fragments", CLIENT, "01 01 61 80 01 62 81 01 63", "text 2 ab\ntext 1 c\n" },
  { "close-between", CLIENT, "01 01 61 88 02 03e8", "close 1000 \n" },
  { "continuation-first", CLIENT, "80 01 61",
    "error 1002 continuation frame, but no message has begun\n" },
  { "continuation-after-end", CLIENT, "01 01 61 80 01 62 00 01 63",
    "text 2 ab\nerror 1002 continuation frame, but no message has begun\n" },
  { "text-in-fragments", CLIENT, "01 01 61 81 01 62",
    "error 1002 text frame within a fragmented message that has not ended\n" },
  { "binary-in-fragments", CLIENT, "01 01 61 02 01 62",
    "error 1002 binary frame within a fragmented message that has not ended\n" },

  /* first byte */
  { "opcode-3", CLIENT, "83", "error 1002 frame with reserved opcode 0x3\n" },
  { "opcode-7", CLIENT, "87 00", "error 1002 frame with reserved opcode 0x7\n" },
  { "opcode-b", CLIENT, "8b 00", "error 1002 frame with reserved opcode 0xb\n" },
  { "opcode-f", CLIENT, "8f 00", "error 1002 frame with reserved opcode 0xf\n" },
  { "rsv1", CLIENT, "c1 00",
    "error 1002 text frame with reserved bit RSV1, which no extension allows\n" },
  { "rsv2", CLIENT, "a2 00",
    "error 1002 binary frame with reserved bit RSV2, which no extension allows\n" },
  { "rsv3", CLIENT, "99 00",
    "error 1002 ping frame with reserved bit RSV3, which no extension allows\n" },
  { "after-text", CLIENT, "81 01 61 83 00",
    "text 1 a\nerror 1002 frame with reserved opcode 0x3\n" },
  { "nothing-after-error", CLIENT, "83 00 81 01 61",
    "error 1002 frame with reserved opcode 0x3\n" },

  /* control frames */
  { "fragmented-ping", CLIENT, "09 00",
    "error 1002 fragmented ping frame, control frames are whole\n" },
  { "fragmented-close", CLIENT, "08 00",
    "error 1002 fragmented close frame, control frames are whole\n" },
  { "long-ping", CLIENT, "89 7e 007e",
    "error 1002 ping frame with more than 125 bytes of payload\n" },
  { "long-close", CLIENT, "88 7f", "error 1002 close frame with more than 125 bytes of payload\n" },

  /* masks */
  { "masked-to-client", CLIENT, "81 81 01020304 60",
    "error 1002 masked text frame, a server’s frames are not masked\n" },
  { "unmasked-to-server", SERVER, "81 01 61",
    "error 1002 unmasked text frame, a client’s frames are masked\n" },
  { "unmasked-close-to-server", SERVER, "88 00",
    "error 1002 unmasked close frame, a client’s frames are masked\n" },

  /* lengths */
  { "16-bit-0", CLIENT, "81 7e 0000",
    "error 1002 frame whose length 0 is written in 16 bits, fewer are enough\n" },
  { "16-bit-125", CLIENT, "81 7e 007d",
    "error 1002 frame whose length 125 is written in 16 bits, fewer are enough\n" },
  { "masked-16-bit-125", SERVER, "82 fe 007d",
    "error 1002 frame whose length 125 is written in 16 bits, fewer are enough\n" },
  { "64-bit-65535", CLIENT, "82 7f 000000000000ffff",
    "error 1002 frame whose length 65535 is written in 64 bits, fewer are enough\n" },
  { "64-bit-5", CLIENT, "82 7f 0000000000000005",
    "error 1002 frame whose length 5 is written in 64 bits, fewer are enough\n" },
  { "top-bit", CLIENT, "82 7f 80",
    "error 1002 frame with a 64-bit length whose highest bit is set\n" },
  { "top-bit-all", SERVER, "82 ff ffffffffffffffff",
    "error 1002 frame with a 64-bit length whose highest bit is set\n" },
  { "8-eib", CLIENT, "82 7f 7fffffffffffffff",
    "error 1009 message of 9223372036854775807 bytes, allowed are 70000\n" },
  { "over-limit", CLIENT, "82 7f 0000000000011171",
    "error 1009 message of 70001 bytes, allowed are 70000\n" },
  { "at-limit", CLIENT, "82 7f 0000000000011170", "" },
  { "fragments-over-limit", CLIENT, "01 01 61 00 7f 0000000000011170",
    "error 1009 message of at least 70001 bytes, allowed are 70000\n" },

  /* text */
  { "bad-utf8", CLIENT, "81 03 616281", "error 1007 text message with invalid UTF-8 at byte 2\n" },
  { "bad-utf8-early", CLIENT, "81 7e 0400 61ff",
    "error 1007 text message with invalid UTF-8 at byte 1\n" },
  { "bad-utf8-early-large", SERVER, "81 ff 0000000000011000 01020304 60fd",
    "error 1007 text message with invalid UTF-8 at byte 1\n" },
  { "bad-utf8-in-fragment", CLIENT, "01 01 61 00 7e 1000 62eda0",
    "error 1007 text message with invalid UTF-8 at byte 3\n" },
  { "text-ends-early", CLIENT, "81 02 61c3",
    "error 1007 text message of 2 bytes that ends within a UTF-8 character\n" },
  { "fragments-end-early", CLIENT, "01 01 e2 80 01 82",
    "error 1007 text message of 2 bytes that ends within a UTF-8 character\n" },
  { "binary-is-free", CLIENT, "82 03 edA080", "binary 3 <ed><a0><80>\n" },
  { "utf8-starts-anew", CLIENT, "01 01 61 80 01 62 81 02 c3a9", "text 2 ab\ntext 2 <c3><a9>\n" },

  /* close */
  { "close", CLIENT, "88 00", "close 1005 \n" },
  { "close-code", CLIENT, "88 02 03e9", "close 1001 \n" },
  { "close-reason", CLIENT, "88 05 03e8 627965", "close 1000 bye\n" },
  { "masked-close", SERVER, "88 85 01020304 02ea 617d 64", "close 1000 bye\n" },
  { "nothing-after-close", CLIENT, "88 00 81 01 61 83 00", "close 1005 \n" },
  { "close-one-byte", CLIENT, "88 01",
    "error 1002 close frame with one byte of payload, a close code has two\n" },
  { "close-bad-reason", CLIENT, "88 04 03e8 c328",
    "error 1007 close frame with code 1000 and a reason that is no valid UTF-8\n" },
  { "close-reason-ends-early", CLIENT, "88 03 03e8 c3",
    "error 1007 close frame with code 1000 and a reason that is no valid UTF-8\n" },
};

static gsize
split_at (gpointer user_data)
{
  gsize *at = user_data;
  gsize n = *at;

  *at = G_MAXSIZE;
  return n;
}

/* Each case at once, cut in two at each byte, and byte by byte. */
static void
test_case (gconstpointer data)
{
  gsize index = GPOINTER_TO_SIZE (data);
  g_autoptr (GByteArray) bytes = ef_frame_parse_hex (cases[index].hex);

  for (gsize cut = 1; cut <= bytes->len + 1; cut++)
    {
      gsize at = cut;
      g_autoptr (EfFrameReader) reader = ef_frame_reader_new (cases[index].role, LIMIT);
      g_autofree char *trace = ef_frame_trace (reader, bytes->data, bytes->len, split_at, &at);

      g_assert_cmpstr (trace, ==, cases[index].trace);
    }

  gsize one = 1;
  g_autoptr (EfFrameReader) reader = ef_frame_reader_new (cases[index].role, LIMIT);
  g_autofree char *trace =
    ef_frame_trace (reader, bytes->data, bytes->len, ef_frame_split_fixed, &one);

  g_assert_cmpstr (trace, ==, cases[index].trace);
}

static void
test_close_codes (void)
{
  for (guint code = 0; code <= G_MAXUINT16; code++)
    {
      g_autoptr (EfFrameReader) reader = ef_frame_reader_new (CLIENT, 0);
      guint8 bytes[] = { 0x88, 2, (guint8) (code >> 8), (guint8) code };
      gboolean valid = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
                       (code >= 3000 && code <= 4999);
      g_autofree char *expected =
        valid
          ? g_strdup_printf ("close %u \n", code)
          : g_strdup_printf ("error 1002 close frame with code %u, which must not be sent\n", code);
      g_autofree char *trace = ef_frame_trace (reader, bytes, sizeof bytes, NULL, NULL);

      g_assert_cmpstr (trace, ==, expected);
      g_assert_true (ef_frame_reader_is_finished (reader));
    }
}

/* RSV1 where it was allowed: on the first frame of a message only, whose bytes are not text. */
static void
test_allowed_rsv (void)
{
  static const struct
  {
    const char *hex;
    const char *trace;
  } tables[] = {
    { "c1 02 ffff 81 01 61", "text rsv=40 2 <ff><ff>\ntext 1 a\n" },
    { "41 01 ff 80 01 fe", "text rsv=40 2 <ff><fe>\n" },
    { "41 01 ff c0 01 fe",
      "error 1002 continuation frame with reserved bit RSV1, which no extension allows\n" },
    { "c9 00", "error 1002 ping frame with reserved bit RSV1, which no extension allows\n" },
    { "e1 00", "error 1002 text frame with reserved bit RSV2, which no extension allows\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autoptr (EfFrameReader) reader = ef_frame_reader_new (CLIENT, 0);
      g_autoptr (GByteArray) bytes = ef_frame_parse_hex (tables[i].hex);

      ef_frame_reader_set_allowed_rsv (reader, EF_FRAME_RSV1);

      g_autofree char *trace = ef_frame_trace (reader, bytes->data, bytes->len, NULL, NULL);

      g_assert_cmpstr (trace, ==, tables[i].trace);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/frame-rules/case/", cases[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
    }

  g_test_add_func ("/frame-rules/close-codes", test_close_codes);
  g_test_add_func ("/frame-rules/allowed-rsv", test_allowed_rsv);

  return g_test_run ();
}
