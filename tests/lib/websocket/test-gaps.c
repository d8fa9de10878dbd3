/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-source-fixture.h"
#include "ef-test-element.h"

#include <string.h>

/* What a source tells of messages that it missed. */

typedef struct
{
  EfSourceFixture source;
  GPtrArray *gaps; /* the details of each message “gap” */
} Fixture;

static void
on_gap (EfBus *bus, EfMessage *message, Fixture *fixture)
{
  g_ptr_array_add (fixture->gaps, g_variant_ref (ef_message_get_details (message)));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  ef_source_fixture_set_up (&fixture->source, data);
  fixture->gaps = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_signal_connect (fixture->source.bus, "message::gap", G_CALLBACK (on_gap), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ef_source_fixture_tear_down (&fixture->source, data);
  g_ptr_array_unref (fixture->gaps);
}

static void
assert_gap (Fixture *fixture, guint index, const char *expected)
{
  g_autofree char *printed = NULL;

  ef_test_wait_for (NULL, fixture->gaps->len > index);
  printed = g_variant_print (g_ptr_array_index (fixture->gaps, index), FALSE);
  g_assert_cmpstr (printed, ==, expected);
}

/* Sends several messages so that they are read at once. */
static void
send_together (EfRawPeer *peer, const char *const *texts)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (; *texts != NULL; texts++)
    {
      guint8 head[] = { EF_RAW_TEXT, (guint8) strlen (*texts) };

      g_byte_array_append (bytes, head, sizeof head);
      g_byte_array_append (bytes, (const guint8 *) *texts, (guint) strlen (*texts));
    }
  ef_raw_peer_send (peer, bytes->data, bytes->len);
}

/* From when to when, why, and when the last message came. The clock begins with 2026. */
static void
test_lost (Fixture *fixture, gconstpointer data)
{
  EfSourceFixture *source = &fixture->source;
  EfRawPeer *peer = ef_source_fixture_start (source);

  ef_test_clock_advance (source->clock, SECONDS (1));
  ef_raw_peer_send_text (peer, "before");
  ef_source_fixture_wait_log (source, "before;|");
  ef_test_clock_advance (source->clock, SECONDS (2));
  ef_raw_peer_send_close (peer, 1012, "restart");
  ef_source_fixture_wait_signals (source, "connected:- disconnected:1012:restart "
                                          "reconnecting:1:1000 ");
  ef_raw_peer_shutdown (peer);
  g_assert_cmpuint (ef_test_get_stat (fixture->source.source, "gaps"), ==, 0);
  ef_test_clock_advance (source->clock, SECONDS (1));
  peer = ef_raw_server_wait_peer (source->server, 1);
  assert_gap (fixture, 0,
              "{'from': <int64 1767225603000000>, 'to': <int64 1767225604000000>, "
              "'cause': <'closed with code 1012: restart'>, "
              "'last-message': <int64 1767225601000000>}");
  g_assert_cmpuint (ef_test_get_stat (fixture->source.source, "gaps"), ==, 1);
  ef_raw_peer_send_text (peer, "after");
  ef_source_fixture_wait_log (source, "before;|GAP(closed with code 1012: restart);after;|");

  /* Without a path there is nothing to say of numbers. */
  g_assert_false (ef_test_has_stat (fixture->source.source, "missing"));
}

/* The time of day is set back, and then far ahead, while there is no connection: that makes no wait
 * longer or shorter, and no gap that ends before it began. */
static void
test_clock_jumps (Fixture *fixture, gconstpointer data)
{
  static const gint64 jumps[] = { -3600, 3600 };
  EfSourceFixture *source = &fixture->source;

  ef_source_fixture_start (source);
  for (guint i = 0; i < G_N_ELEMENTS (jumps); i++)
    {
      EfClock *clock = EF_CLOCK (source->clock);
      gint64 from, to;

      ef_source_fixture_lose (source, i);
      ef_source_fixture_wait_signals (source, i == 0 ? "disconnected:1006: reconnecting:1:1000 "
                                                     : "disconnected:1006: reconnecting:2:2000 ");
      ef_test_clock_set_real_time (source->clock, ef_clock_get_real_time (clock) + SECONDS (jumps[i]));
      ef_test_clock_advance (source->clock, SECONDS (1 << i) - 1);
      ef_test_drain (NULL);
      g_assert_cmpuint (ef_raw_server_get_n_peers (source->server), ==, i + 1);
      ef_test_clock_advance (source->clock, 1);
      ef_source_fixture_reach (source, i + 1);

      ef_test_wait_for (NULL, fixture->gaps->len == i + 1);
      g_assert_true (g_variant_lookup (g_ptr_array_index (fixture->gaps, i), "from", "x", &from));
      g_assert_true (g_variant_lookup (g_ptr_array_index (fixture->gaps, i), "to", "x", &to));
      g_assert_cmpint (from, <=, to);
    }
}

/* Found where they are, without a loss of the connection. */
static void
test_holes (Fixture *fixture, gconstpointer data)
{
  const char *const texts[] = { "{\"n\":1}", "{\"n\":2}", "{\"n\":5}", "{\"n\":6}", "{\"n\":6}",
                                "{\"n\":8}", NULL };
  EfSourceFixture *source = &fixture->source;
  EfRawPeer *peer;

  g_object_set (source->source, "sequence-path", "$.n", NULL);
  peer = ef_source_fixture_start (source);
  send_together (peer, texts);
  ef_source_fixture_wait_log (source,
                              "{\"n\":1};{\"n\":2};|GAP(2 missing: number 3 to 4);"
                              "{\"n\":5};{\"n\":6};{\"n\":6};|GAP(1 missing: number 7 to 7);"
                              "{\"n\":8};|");
  assert_gap (fixture, 0,
              "{'from': <int64 1767225600000000>, 'to': <int64 1767225600000000>, "
              "'cause': <'sequence'>, 'last-message': <int64 1767225600000000>, 'key': <''>, "
              "'first': <int64 3>, 'last': <int64 4>, 'missing': <uint64 2>, 'holes': <uint64 1>}");
  ef_test_wait_for (NULL, fixture->gaps->len == 2);
  g_assert_cmpuint (ef_test_get_stat (fixture->source.source, "gaps"), ==, 0);
  g_assert_cmpuint (ef_test_get_stat (fixture->source.source, "holes"), ==, 2);
  g_assert_cmpuint (ef_test_get_stat (fixture->source.source, "missing"), ==, 3);
  g_assert_cmpuint (ef_test_get_stat (fixture->source.source, "duplicates"), ==, 1);
}

/* What a lost connection has cost, by key. */
static void
test_keys (Fixture *fixture, gconstpointer data)
{
  EfSourceFixture *source = &fixture->source;
  EfRawPeer *peer;

  g_object_set (source->source, "sequence-path", "$.d.n", "sequence-key-path", "$.d.s", NULL);
  peer = ef_source_fixture_start (source);
  ef_raw_peer_send_text (peer, "{\"d\":{\"s\":\"a\",\"n\":\"1\"}}");
  ef_raw_peer_send_text (peer, "{\"d\":{\"s\":\"b\",\"n\":\"7\"}}");
  ef_test_wait_for (NULL, source->sink->n_events == 2);
  ef_source_fixture_lose (source, 0);
  ef_source_fixture_wait_signals (source, "disconnected:1006: reconnecting:1:1000 ");
  ef_test_clock_advance (source->clock, SECONDS (1));
  peer = ef_source_fixture_reach (source, 1);
  g_string_truncate (source->sink->log, 0);
  ef_raw_peer_send_text (peer, "{\"d\":{\"s\":\"a\",\"n\":\"5\"}}");
  ef_raw_peer_send_text (peer, "{\"d\":{\"s\":\"b\",\"n\":\"7\"}}");
  ef_raw_peer_send_text (peer, "{\"d\":{\"s\":\"b\",\"n\":\"8\"}}");
  ef_test_wait_for (NULL, source->sink->n_events == 5);
  g_assert_true (g_str_has_prefix (source->sink->log->str, "GAP(3 missing: number 2 to 4 of a);"));
  assert_gap (fixture, 1,
              "{'from': <int64 1767225600000000>, 'to': <int64 1767225601000000>, "
              "'cause': <'sequence'>, 'last-message': <int64 1767225600000000>, 'key': <'a'>, "
              "'first': <int64 2>, 'last': <int64 4>, 'missing': <uint64 3>, 'holes': <uint64 1>}");
  g_assert_cmpuint (ef_test_get_stat (fixture->source.source, "gaps"), ==, 1);
  g_assert_cmpuint (ef_test_get_stat (fixture->source.source, "missing"), ==, 3);
  g_assert_cmpuint (ef_test_get_stat (fixture->source.source, "duplicates"), ==, 1);
  g_assert_cmpuint (ef_test_get_stat (fixture->source.source, "sequence-keys"), ==, 2);
}

/* The bus is told of some and of the sum of the others. */
static void
test_flood (Fixture *fixture, gconstpointer data)
{
  EfSourceFixture *source = &fixture->source;
  EfRawPeer *peer;
  guint64 n_missing = 0, n_holes = 0;

  g_object_set (source->source, "sequence-path", "$.n", NULL);
  peer = ef_source_fixture_start (source);
  for (guint i = 0; i <= 500; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"n\":%u}", i * 3);

      ef_raw_peer_send_text (peer, text);
    }
  ef_test_wait_for (NULL, source->sink->n_events == 501);
  ef_test_drain (NULL);
  g_assert_cmpuint (fixture->gaps->len, ==, 10);
  ef_test_clock_advance (source->clock, SECONDS (1));
  ef_raw_peer_send_text (peer, "{\"n\":1503}");
  ef_test_wait_for (NULL, fixture->gaps->len == 11);
  ef_raw_peer_send_text (peer, "{\"n\":1506}");
  ef_test_wait_for (NULL, fixture->gaps->len == 12);

  for (guint i = 0; i < fixture->gaps->len; i++)
    {
      guint64 missing = 0, holes = 0;

      g_variant_lookup (g_ptr_array_index (fixture->gaps, i), "missing", "t", &missing);
      g_variant_lookup (g_ptr_array_index (fixture->gaps, i), "holes", "t", &holes);
      n_missing += missing;
      n_holes += holes;
    }
  g_assert_cmpuint (n_missing, ==, 1004);
  g_assert_cmpuint (n_holes, ==, 502);
  g_assert_cmpuint (ef_test_get_stat (fixture->source.source, "missing"), ==, 1004);
  g_assert_cmpuint (ef_test_get_stat (fixture->source.source, "holes"), ==, 502);
}

/* What was not told yet is told when the connection is lost. */
static void
test_flood_then_lost (Fixture *fixture, gconstpointer data)
{
  EfSourceFixture *source = &fixture->source;
  EfRawPeer *peer;
  guint64 missing = 0;

  g_object_set (source->source, "sequence-path", "$.n", NULL);
  peer = ef_source_fixture_start (source);
  for (guint i = 0; i <= 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"n\":%u}", i * 2);

      ef_raw_peer_send_text (peer, text);
    }
  ef_test_wait_for (NULL, source->sink->n_events == 21);
  ef_source_fixture_lose (source, 0);
  ef_test_wait_for (NULL, fixture->gaps->len == 11);
  g_variant_lookup (g_ptr_array_index (fixture->gaps, 10), "missing", "t", &missing);
  g_assert_cmpuint (missing, ==, 10);
}

static void
stop_at_marker (EfBus *bus, EfMessage *message, Fixture *fixture)
{
  ef_source_fixture_begin_stop (&fixture->source);
}

/* Whoever hears of a gap may do anything. */
static void
test_stop_at_hole (Fixture *fixture, gconstpointer data)
{
  const char *const texts[] = { "{\"n\":1}", "{\"n\":3}", "{\"n\":5}", NULL };
  EfSourceFixture *source = &fixture->source;
  EfRawPeer *peer;
  gulong handler;

  g_object_set (source->source, "sequence-path", "$.n", NULL);
  handler = g_signal_connect (source->bus, "message::gap", G_CALLBACK (stop_at_marker), fixture);
  peer = ef_source_fixture_start (source);
  send_together (peer, texts);
  ef_source_fixture_answer_close (peer);
  ef_test_wait_for (NULL, source->stopped);
  g_signal_handler_disconnect (source->bus, handler);
}

static void
test_bad_path (Fixture *fixture, gconstpointer data)
{
  EfSourceFixture *source = &fixture->source;

  g_object_set (source->source, "sequence-path", "n", NULL);
  ef_source_fixture_begin_start (source);
  ef_test_wait_for (NULL, source->started);
  g_assert_error (source->start_error, EF_ERROR, EF_ERROR_SYNTAX);
  g_assert_nonnull (strstr (source->start_error->message, "“sequence-path”"));
  g_clear_error (&source->error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/gaps/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("lost", test_lost);
  ADD ("clock-jumps", test_clock_jumps);
  ADD ("holes", test_holes);
  ADD ("keys", test_keys);
  ADD ("flood", test_flood);
  ADD ("flood-then-lost", test_flood_then_lost);
  ADD ("stop-at-hole", test_stop_at_hole);
  ADD ("bad-path", test_bad_path);
#undef ADD

  return g_test_run ();
}
