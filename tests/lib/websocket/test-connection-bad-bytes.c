/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-connection-fixture.h"

#include <string.h>

/* What breaks the rules of RFC 6455: the peer is told, and nothing behind it arrives. */

typedef struct
{
  const char *path;
  const char *bytes;
  gsize size;
  guint code;
  EfWebSocketError error;
} BadCase;

#define BAD(path, bytes, code, error) \
  { path, bytes, sizeof bytes - 1, code, EF_WEB_SOCKET_ERROR_##error }

static const BadCase bad_cases[] = {
  BAD ("reserved-bit", "\xc1\x01x", 1002, PROTOCOL),
  BAD ("unknown-opcode", "\x83\x01x", 1002, PROTOCOL),
  BAD ("masked", "\x81\x81\x01\x02\x03\x04x", 1002, PROTOCOL),
  BAD ("long-ping", "\x89\x7e\x01\x00", 1002, PROTOCOL),
  BAD ("fragmented-ping", "\x09\x01x", 1002, PROTOCOL),
  BAD ("lone-continuation", "\x80\x01x", 1002, PROTOCOL),
  BAD ("overlong-length", "\x81\x7e\x00\x01x", 1002, PROTOCOL),
  BAD ("close-of-one-byte", "\x88\x01\x03", 1002, PROTOCOL),
  BAD ("invalid-utf8", "\x81\x02\xc3(", 1007, INVALID_UTF8),
  BAD ("utf8-cut-off", "\x81\x01\xc3", 1007, INVALID_UTF8),
  BAD ("utf8-in-fragment", "\x01\x7e\x01\x00\xff", 1007, INVALID_UTF8),
  BAD ("too-big", "\x82\x7f\x00\x00\x00\x00\x01\x00\x00\x01", 1009, TOO_BIG),
  BAD ("too-big-in-fragments", "\x02\x01x\x80\x7f\x00\x00\x00\x00\x01\x00\x00\x00", 1009, TOO_BIG),
};

/* The message before the bad bytes arrives, none behind them does, and the peer is told why. */
static void
test_bad_bytes (EfConnectionFixture *fixture, gconstpointer data)
{
  const BadCase *bad = data;

  ef_connection_fixture_connect_and_read (fixture);
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "good", 4);
  ef_raw_peer_send (fixture->peer, bad->bytes, bad->size);
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "beyond", 6);
  ef_test_wait_for (NULL, fixture->ended);

  g_assert_cmpstr (fixture->log->str, ==, "T:good;|");
  g_assert_cmpuint (fixture->code, ==, bad->code);
  g_assert_error (fixture->error, EF_WEB_SOCKET_ERROR, (gint) bad->error);
  g_assert_true (g_str_has_prefix (fixture->error->message, fixture->options.url));
  g_test_message ("%s", fixture->error->message);
  ef_connection_fixture_expect_close_frame (fixture, bad->code);

  /* A peer that goes on and on is cut off. */
  ef_raw_peer_send_frame (fixture->peer, EF_RAW_TEXT, "more", 4);
  ef_test_drain (NULL);
  g_assert_cmpstr (fixture->log->str, ==, "T:good;|");
  ef_test_clock_advance (fixture->clock, 5 * G_USEC_PER_SEC);
  ef_test_wait_for (NULL, fixture->closed);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (bad_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/connection/bad-bytes/%s", bad_cases[i].path);

      g_test_add (path, EfConnectionFixture, &bad_cases[i], ef_connection_fixture_set_up,
                  test_bad_bytes, ef_connection_fixture_tear_down);
    }

  return g_test_run ();
}
