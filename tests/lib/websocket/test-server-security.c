/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <string.h>

#include "ef-raw-peer.h"
#include "ef-test-element.h"
#include "ef-test-loop.h"

/* Whom a server lets in. */

typedef struct
{
  EfElement *element;
  GError *error;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->element = EF_ELEMENT (ef_web_socket_server_sink_new ());
  g_object_set (fixture->element, "url", "ws://127.0.0.1:0/feed", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ef_test_try_set_state (fixture->element, EF_STATE_NULL, &fixture->error);
  ef_test_drain (NULL);
  ef_test_assert_finalizes (NULL, fixture->element);
  g_clear_error (&fixture->error);
}

static EfRawPeer *
connect_with (Fixture *fixture, const char *headers)
{
  g_autofree char *url = NULL;
  EfRawPeer *peer;
  guint port;

  g_object_get (fixture->element, "port", &port, NULL);
  url = g_strdup_printf ("ws://127.0.0.1:%u/feed", port);
  peer = ef_raw_peer_new_client (url, headers);
  ef_test_wait_for (NULL, ef_raw_peer_get_head (peer) != NULL || ef_raw_peer_is_eof (peer));

  return peer;
}

typedef struct
{
  const char *allowed; /* with commas between, or NULL */
  const char *origin;  /* PORT stands for the server's; NULL for none */
  const char *answer;
} OriginCase;

static const OriginCase origin_cases[] = {
  { NULL, NULL, "101" },
  { NULL, "http://127.0.0.1:PORT", "101" },
  { NULL, "http://127.0.0.1", "403" },
  { NULL, "http://localhost:PORT", "403" },
  { NULL, "https://evil.example", "403" },
  { NULL, "null", "403" },
  { NULL, "", "403" },
  { NULL, "http://127.0.0.1:PORT.evil.example", "403" },
  { NULL, "http://127.0.0.1:PORT@evil.example", "403" },
  { "https://app.example", "https://app.example", "101" },
  { "https://app.example", "https://APP.example:443", "101" },
  { "https://app.example", "http://app.example", "403" },
  { "https://app.example", "https://app.example:8443", "403" },
  { "https://app.example", "https://x.app.example", "403" },
  { "https://app.example", "http://127.0.0.1:PORT", "101" },
  { "https://app.example", NULL, "101" },
  { "https://a.example,http://b.example:81", "http://b.example:81", "101" },
  { "*", "https://evil.example", "101" },
  { "*", "null", "101" },
};

static void
test_origin (Fixture *fixture, gconstpointer data)
{
  const OriginCase *item = data;
  g_auto (GStrv) allowed = item->allowed != NULL ? g_strsplit (item->allowed, ",", -1) : NULL;
  g_autofree char *expected = g_strdup_printf ("HTTP/1.1 %s ", item->answer);
  g_autofree char *header = NULL;
  g_autoptr (EfRawPeer) peer = NULL;

  g_object_set (fixture->element, "allowed-origins", allowed, NULL);
  ef_test_try_set_state (fixture->element, EF_STATE_PLAYING, &fixture->error);
  g_assert_no_error (fixture->error);

  if (item->origin != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (item->origin, "PORT", -1);
      g_autofree char *port = NULL;
      g_autofree char *origin = NULL;
      guint number;

      g_object_get (fixture->element, "port", &number, NULL);
      port = g_strdup_printf ("%u", number);
      origin = g_strjoinv (port, parts);
      header = g_strdup_printf ("Origin: %s\r\n", origin);
    }

  peer = connect_with (fixture, header);
  g_test_message ("%s", ef_raw_peer_get_head (peer));
  g_assert_true (g_str_has_prefix (ef_raw_peer_get_head (peer), expected));
}

static void
test_bad_options (Fixture *fixture, gconstpointer data)
{
  static const char *const bad[] = { "app.example", "https://app.example/", "https://a.example/x",
                                     "https://", "https://u@a.example", "", "https://a b" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const char *origins[] = { "https://good.example", bad[i], NULL };

      g_object_set (fixture->element, "allowed-origins", origins, NULL);
      ef_test_try_set_state (fixture->element, EF_STATE_PLAYING, &fixture->error);
      g_assert_error (fixture->error, EF_ERROR, EF_ERROR_INVALID_VALUE);
      g_assert_nonnull (strstr (fixture->error->message, "“allowed-origins”"));
      g_assert_nonnull (strstr (fixture->error->message, bad[i]));
      g_clear_error (&fixture->error);
    }

  g_object_set (fixture->element, "allowed-origins", NULL, "subprotocol", "a\r\nX-Evil: 1", NULL);
  ef_test_try_set_state (fixture->element, EF_STATE_PLAYING, &fixture->error);
  g_assert_error (fixture->error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_assert_nonnull (strstr (fixture->error->message, "“subprotocol”"));
  g_assert_null (strchr (fixture->error->message, '\n'));
}

/* Headers without an end are not kept for ever. */
static void
test_large_headers (Fixture *fixture, gconstpointer data)
{
  g_autofree char *value = g_strnfill (300 * 1024, 'x');
  g_autofree char *header = g_strdup_printf ("X-Large: %s\r\n", value);
  g_autoptr (EfRawPeer) peer = NULL;
  guint n_clients;

  ef_test_try_set_state (fixture->element, EF_STATE_PLAYING, &fixture->error);
  g_assert_no_error (fixture->error);
  peer = connect_with (fixture, header);
  ef_test_wait_for (NULL, ef_raw_peer_is_eof (peer));
  g_assert_false (ef_raw_peer_is_open (peer));
  g_object_get (fixture->element, "n-clients", &n_clients, NULL);
  g_assert_cmpuint (n_clients, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (origin_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/server-security/origin/%u", i);

      g_test_add (path, Fixture, &origin_cases[i], set_up, test_origin, tear_down);
    }
  g_test_add ("/server-security/bad-options", Fixture, NULL, set_up, test_bad_options, tear_down);
  g_test_add ("/server-security/large-headers", Fixture, NULL, set_up, test_large_headers,
              tear_down);

  return g_test_run ();
}
