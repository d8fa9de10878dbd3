/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sink-fixture.h"

#include "ef-test-element.h"

#include <string.h>

#define FEED_TYPE_SOURCE (feed_source_get_type ())
G_DECLARE_FINAL_TYPE (FeedSource, feed_source, FEED, SOURCE, EfSource)

struct _FeedSource
{
  EfSource parent_instance;
};

G_DEFINE_FINAL_TYPE (FeedSource, feed_source, EF_TYPE_SOURCE)

static void
feed_source_class_init (FeedSourceClass *klass)
{
}

static void
feed_source_init (FeedSource *self)
{
}

static void
on_error (EfElement *element, GError *error, EfSinkFixture *fixture)
{
  g_clear_error (&fixture->error);
  fixture->error = g_error_copy (error);
}

static void
on_eos (EfElement *element, EfSinkFixture *fixture)
{
  fixture->eos = TRUE;
}

void
ef_sink_fixture_set_up (EfSinkFixture *fixture, gconstpointer data)
{
  fixture->server = ef_raw_server_new ();
  fixture->clock = ef_test_clock_new ();
  fixture->sink = ef_web_socket_sink_new ();
  fixture->source = g_object_new (FEED_TYPE_SOURCE, NULL);
  g_object_set (fixture->sink, "url", ef_raw_server_get_url (fixture->server), NULL);
  ef_element_set_clock (EF_ELEMENT (fixture->sink), EF_CLOCK (fixture->clock));
  ef_test_link (fixture->source, fixture->sink);
  g_signal_connect (fixture->sink, "error", G_CALLBACK (on_error), fixture);
  g_signal_connect (fixture->sink, "eos", G_CALLBACK (on_eos), fixture);
}

void
ef_sink_fixture_configure (EfSinkFixture *fixture, const char *key, const char *value)
{
  g_autoptr (GHashTable) config = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (config, (gpointer) key, (gpointer) value);
  ef_element_configure (EF_ELEMENT (fixture->sink), config, &error);
  g_assert_no_error (error);
}

/* Breaks the connection: what is published now has to wait. */
void
ef_sink_fixture_disconnect (EfSinkFixture *fixture, EfRawPeer *peer)
{
  ef_raw_peer_reset (peer);
  ef_test_wait_for (NULL, fixture->error != NULL);
  g_clear_error (&fixture->error);
}

static void
start_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfSinkFixture *fixture = user_data;

  ef_element_start_finish (EF_ELEMENT (object), result, &fixture->start_error);
  fixture->started = TRUE;
}

void
ef_sink_fixture_begin_start (EfSinkFixture *fixture)
{
  g_assert_true (ef_element_start (fixture->source, NULL));
  ef_element_start_async (EF_ELEMENT (fixture->sink), NULL, start_done, fixture);
}

EfRawPeer *
ef_sink_fixture_start (EfSinkFixture *fixture)
{
  ef_sink_fixture_begin_start (fixture);
  ef_test_wait_for (NULL, fixture->started);
  g_assert_no_error (fixture->start_error);

  return ef_raw_server_wait_peer (fixture->server, 0);
}

static void
stop_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfSinkFixture *fixture = user_data;

  ef_element_stop_finish (EF_ELEMENT (object), result, NULL);
  fixture->stopped = TRUE;
}

void
ef_sink_fixture_begin_stop (EfSinkFixture *fixture)
{
  fixture->stopped = FALSE;
  ef_element_stop_async (EF_ELEMENT (fixture->sink), NULL, stop_done, fixture);
}

void
ef_sink_fixture_tear_down (EfSinkFixture *fixture, gconstpointer data)
{
  ef_sink_fixture_begin_stop (fixture);
  ef_test_drain (NULL);
  ef_test_clock_advance (fixture->clock, SECONDS (5));
  ef_test_wait_for (NULL, fixture->stopped);
  ef_element_stop (fixture->source);
  ef_test_drain (NULL);
  g_assert_cmpuint (ef_test_clock_get_n_timeouts (fixture->clock), ==, 0);

  ef_pad_unlink (ef_element_get_src_pad (fixture->source),
                 ef_element_get_sink_pad (EF_ELEMENT (fixture->sink)));
  ef_test_assert_finalizes (NULL, fixture->sink);
  g_assert_finalize_object (fixture->source);
  g_assert_finalize_object (fixture->server);
  g_assert_finalize_object (fixture->clock);
  g_clear_error (&fixture->error);
  g_clear_error (&fixture->start_error);
  g_clear_error (&fixture->publish_error);
}

EfBatch *
ef_sink_fixture_make_batch (const char *const *texts)
{
  EfBatch *batch = ef_batch_new ();

  for (guint i = 0; texts[i] != NULL; i++)
    ef_batch_append (batch, ef_event_new_text (0, texts[i], -1));

  return batch;
}

void
ef_sink_fixture_push (EfSinkFixture *fixture, const char *const *texts)
{
  g_autoptr (EfBatch) batch = ef_sink_fixture_make_batch (texts);

  ef_element_push (fixture->source, batch);
}

gboolean
ef_sink_fixture_publish (EfSinkFixture *fixture, const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return ef_web_socket_sink_publish (fixture->sink, bytes, error);
}

guint64
ef_sink_fixture_get_stat (EfSinkFixture *fixture, const char *name)
{
  return ef_test_get_stat (fixture->sink, name);
}

static void
publish_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfSinkFixture *fixture = user_data;
  GError *error = NULL;

  if (ef_web_socket_sink_publish_finish (EF_WEB_SOCKET_SINK (object), result, &error))
    {
      fixture->n_done++;
      return;
    }

  g_clear_error (&fixture->publish_error);
  fixture->publish_error = error;
  fixture->n_failed++;
}

void
ef_sink_fixture_publish_waiting (EfSinkFixture *fixture,
                                 const char *text,
                                 GCancellable *cancellable)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  ef_web_socket_sink_publish_async (fixture->sink, bytes, cancellable, publish_done, fixture);
}

#define BLOCK_SIZE 65536

static char *
make_block (guint number)
{
  char *block = g_strnfill (BLOCK_SIZE, 'x');

  g_snprintf (block, 9, "%08u", number);
  block[8] = 'x';

  return block;
}

/* Publishes until much more waits than a connection takes. Returns how many. */
guint
ef_sink_fixture_publish_blocks (EfSinkFixture *fixture, gboolean as_events)
{
  guint n = 0;

  while (ef_sink_fixture_get_stat (fixture, "messages-waiting") < 20)
    {
      g_autofree char *block = make_block (n++);

      if (as_events)
        EF_SINK_FIXTURE_PUSH (fixture, block);
      else
        ef_sink_fixture_publish_waiting (fixture, block, NULL);
    }

  return n;
}

void
ef_sink_fixture_expect_blocks (EfRawPeer *peer, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    {
      g_autofree char *block = make_block (i);

      ef_raw_peer_expect (peer, EF_RAW_TEXT, block);
    }
}
