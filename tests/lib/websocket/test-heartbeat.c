/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-source-fixture.h"
#include "ef-test-element.h"

#include <string.h>

/* The heartbeats that services want as messages. */

static void
expect_nothing (EfRawPeer *peer)
{
  GBytes *payload;
  guint8 first;

  ef_test_settle ();
  g_assert_false (ef_raw_peer_take_frame (peer, &first, &payload));
}

static void
test_ours (EfSourceFixture *fixture, gconstpointer data)
{
  EfRawPeer *peer;

  g_object_set (fixture->source, "heartbeat-message", "{\"op\":\"ping\"}", "heartbeat-interval-ms",
                15000, "ping-interval-ms", 0, NULL);
  peer = ef_source_fixture_start (fixture);
  for (guint i = 0; i < 3; i++)
    {
      ef_test_clock_advance (fixture->clock, SECONDS (15) - 1);
      expect_nothing (peer);
      ef_test_clock_advance (fixture->clock, 1);
      ef_raw_peer_expect (peer, EF_RAW_TEXT, "{\"op\":\"ping\"}");
    }
  ef_test_wait_for (NULL, ef_test_get_stat (fixture->source, "heartbeats-sent") == 3);

  /* On each connection anew. */
  ef_test_clock_advance (fixture->clock, SECONDS (10));
  ef_source_fixture_lose (fixture, 0);
  ef_source_fixture_wait_signals (fixture, "disconnected:1006: reconnecting:1:1000 ");
  ef_test_clock_advance (fixture->clock, SECONDS (1));
  peer = ef_source_fixture_reach (fixture, 1);
  ef_test_clock_advance (fixture->clock, SECONDS (15) - 1);
  expect_nothing (peer);
  ef_test_clock_advance (fixture->clock, 1);
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "{\"op\":\"ping\"}");

  /* Also while it is held. */
  fixture->sink->hold_after = 1;
  ef_raw_peer_send_text (peer, "x");
  ef_test_wait_for (NULL, fixture->sink->n_events == 1);
  ef_test_clock_advance (fixture->clock, SECONDS (15));
  ef_raw_peer_expect (peer, EF_RAW_TEXT, "{\"op\":\"ping\"}");
}

/* Theirs are answered and go no further; what only looks like one goes on. */

typedef struct
{
  const char *match;
  const char *reply;
  const char *message;
  const char *answer; /* NULL if it is none, "" if it is and is not answered */
} Case;

static const Case cases[] = {
  { "$.ping", "{\"pong\":{$.ping}}", "{\"ping\":1492420473027}", "{\"pong\":1492420473027}" },
  { "$.ping", "{\"pong\":{$.ping}}", " { \"ping\" : \"a\" } ", "{\"pong\":\"a\"}" },
  { "$.ping", "{\"pong\":{$.ping}}", "{\"pong\":1}", NULL },
  { "$.ping", "{\"pong\":{$.ping}}", "{\"data\":\"\\\"ping\\\":1\"}", NULL },
  { "$.ping", "{\"pong\":{$.ping}}", "{\"data\":{\"ping\":1}}", NULL },
  { "$.ping", "{\"pong\":{$.ping}}", "\"ping\"", NULL },
  { "$.ping", "{\"pong\":{$.ping}}", "{\"ping\":", NULL },
  { "$.ping", NULL, "{\"ping\":1}", "" },
  { "$.type=ping", "{\"id\":{$.id},\"type\":\"pong\"}", "{\"type\":\"ping\",\"id\":\"7\"}",
    "{\"id\":\"7\",\"type\":\"pong\"}" },
  { "$.type=ping", "{\"id\":{$.id},\"type\":\"pong\"}", "{\"type\":\"pings\",\"id\":7}", NULL },
  { "$.type=ping", "{\"id\":{$.id},\"type\":\"pong\"}", "{\"type\":\"ping\"}", NULL },
  { "$.params.type = test_request", "{\"method\":\"public/test\"}",
    "{\"method\":\"heartbeat\",\"params\":{\"type\":\"test_request\"}}",
    "{\"method\":\"public/test\"}" },
  { "$[1]=hb", NULL, "[1234,\"hb\"]", "" },
  { "$[1]=hb", NULL, "[1234,\"h\"]", NULL },
  { "$.op=9", "9", "{\"op\":9}", "9" },
  { "ping", "pong", "ping", "pong" },
  { "ping", "pong", "pings", NULL },
  { "ping", "pong", "", NULL },
};

static void
test_theirs (EfSourceFixture *fixture, gconstpointer data)
{
  const Case *item = data;
  g_autofree char *expected = NULL;
  EfRawPeer *peer;

  g_object_set (fixture->source, "heartbeat-match", item->match, "heartbeat-reply", item->reply,
                NULL);
  peer = ef_source_fixture_start (fixture);

  /* Between others, and read together with them. */
  ef_raw_peer_send_text (peer, "before");
  ef_raw_peer_send_text (peer, item->message);
  ef_raw_peer_send_text (peer, "after");
  if (item->answer != NULL && *item->answer != '\0')
    ef_raw_peer_expect (peer, EF_RAW_TEXT, item->answer);
  ef_test_wait_for (NULL, fixture->sink->n_events == (item->answer != NULL ? 2 : 3));
  expect_nothing (peer);
  g_assert_cmpuint (fixture->sink->n_events, ==, item->answer != NULL ? 2 : 3);
  g_assert_cmpuint (ef_test_get_stat (fixture->source, "heartbeats-received"), ==,
                    item->answer != NULL ? 1 : 0);
  g_assert_true (g_str_has_prefix (fixture->sink->log->str, "before;"));
  g_assert_true (g_str_has_suffix (fixture->sink->log->str, "after;|"));
}

/* One larger than any heartbeat is not looked at. */
static void
test_large (EfSourceFixture *fixture, gconstpointer data)
{
  g_autofree char *filler = g_strnfill (5000, 'x');
  g_autofree char *text = g_strdup_printf ("{\"ping\":1,\"x\":\"%s\"}", filler);
  EfRawPeer *peer;

  g_object_set (fixture->source, "heartbeat-match", "$.ping", "heartbeat-reply", "pong", NULL);
  peer = ef_source_fixture_start (fixture);
  ef_raw_peer_send_text (peer, text);
  ef_test_wait_for (NULL, fixture->sink->n_events == 1);
  expect_nothing (peer);
}

/* A server that asks and does not read does not make us keep answers for it. */
static void
test_flood (EfSourceFixture *fixture, gconstpointer data)
{
  g_autofree char *filler = g_strnfill (4000, 'x');
  g_autofree char *text = g_strdup_printf ("{\"ping\":\"%s\"}", filler);
  EfRawPeer *peer;

  g_object_set (fixture->source, "heartbeat-match", "$.ping", "heartbeat-reply", "{$.ping}", NULL);
  peer = ef_source_fixture_start (fixture);
  ef_raw_peer_set_reading (peer, FALSE);
  for (guint i = 0; i < 5000; i++)
    ef_raw_peer_send_text (peer, text);
  ef_raw_peer_send_text (peer, "end");
  ef_test_wait_for (NULL, fixture->sink->n_events == 1);
  g_assert_cmpuint (ef_test_get_stat (fixture->source, "heartbeats-received"), ==, 5000);
}

/* A session of Huobi's, all gzip in binary frames: the pings in it are answered as its client did. */

static GBytes *
parse_bytes (const char *literal)
{
  GByteArray *bytes = g_byte_array_new ();
  char quote = literal[1];

  for (const char *p = literal + 2; *p != quote; p++)
    {
      static const char names[] = "nrt", values[] = "\n\r\t";
      guint8 byte = (guint8) *p;

      if (*p == '\\' && p[1] == 'x')
        {
          byte = (guint8) (g_ascii_xdigit_value (p[2]) << 4 | g_ascii_xdigit_value (p[3]));
          p += 3;
        }
      else if (*p == '\\')
        {
          const char *name = strchr (names, *++p);

          byte = (guint8) (name != NULL ? values[name - names] : *p);
        }
      g_byte_array_append (bytes, &byte, 1);
    }

  return g_byte_array_free_to_bytes (bytes);
}

static void
test_capture (EfSourceFixture *fixture, gconstpointer data)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "data", "captures", "HUOBI.ws.44.0", NULL);
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  guint n_sent = 0, n_pongs = 0;
  EfRawPeer *peer;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  g_object_set (fixture->source, "heartbeat-match", "$.ping", "heartbeat-reply",
                "{\"pong\":{$.ping}}", NULL);
  peer = ef_source_fixture_start (fixture);

  lines = g_strsplit (content, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *text = strstr (lines[i], ": ");
      g_autoptr (GBytes) bytes = NULL;

      if (text == NULL || g_str_has_prefix (lines[i], "wss:"))
        continue;

      g_assert_true (g_str_has_prefix (text + 2, "b'") || g_str_has_prefix (text + 2, "b\""));
      bytes = parse_bytes (text + 2);
      ef_raw_peer_send_frame (peer, EF_RAW_BINARY, g_bytes_get_data (bytes, NULL),
                              g_bytes_get_size (bytes));
      n_sent++;
    }
  g_assert_cmpuint (n_sent, ==, 362);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *text = strstr (lines[i], ": {\"pong\"");

      if (text == NULL)
        continue;
      ef_raw_peer_expect (peer, EF_RAW_TEXT, text + 2);
      n_pongs++;
    }
  g_assert_cmpuint (n_pongs, ==, 6);
  ef_test_wait_for (NULL, fixture->sink->n_events == n_sent - n_pongs);
  expect_nothing (peer);
}

static void
test_mistakes (EfSourceFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *match;
    const char *reply;
    const char *part;
  } rows[] = {
    { "$.ping[", NULL, "property “heartbeat-match”: path “$.ping[”, at character" },
    { NULL, "pong", "property “heartbeat-reply”: it needs “heartbeat-match”" },
    { "$.ping", "{\"pong\":{$.ping", "property “heartbeat-reply”: “{$.ping” has no closing brace" },
    { "$.ping", "{\"pong\":{$ping}}", "property “heartbeat-reply”: path “$ping”, at character 2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_object_set (fixture->source, "heartbeat-match", rows[i].match, "heartbeat-reply",
                    rows[i].reply, NULL);
      ef_source_fixture_begin_start (fixture);
      ef_test_wait_for (NULL, fixture->started);
      g_assert_nonnull (fixture->start_error);
      g_assert_nonnull (strstr (fixture->start_error->message, rows[i].part));
      g_clear_error (&fixture->start_error);
      g_clear_error (&fixture->error);
      ef_element_stop (EF_ELEMENT (fixture->source));
      ef_test_wait_for (NULL,
                        ef_element_get_state (EF_ELEMENT (fixture->source)) == EF_STATE_NULL);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD_DATA(path, func, data) \
  g_test_add (path, EfSourceFixture, data, ef_source_fixture_set_up, func, \
              ef_source_fixture_tear_down)
#define ADD(path, func) ADD_DATA ("/heartbeat/" path, func, NULL)
  ADD ("ours", test_ours);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/heartbeat/theirs/%u", i);

      ADD_DATA (path, test_theirs, &cases[i]);
    }
  ADD ("large", test_large);
  ADD ("flood", test_flood);
  ADD ("capture", test_capture);
  ADD ("mistakes", test_mistakes);
#undef ADD
#undef ADD_DATA

  return g_test_run ();
}
