/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-interop.h"

static const char *const scripts[] = {
  [EF_INTEROP_PYTHON] = "ws-peer.py",
  [EF_INTEROP_NODE] = "ws-peer.js",
};

/* ef_interop_get_name: for the paths of tests */
const char *
ef_interop_get_name (EfInteropKind kind)
{
  return kind == EF_INTEROP_PYTHON ? "python-websockets" : "npm-ws";
}

void
ef_interop_add_tests (const char *subject,
                      gsize fixture_size,
                      GTestFixtureFunc set_up,
                      GTestFixtureFunc tear_down,
                      const EfInteropTest *tests,
                      gsize n_tests)
{
  for (guint kind = 0; kind < EF_INTEROP_N_KINDS; kind++)
    for (gsize i = 0; i < n_tests; i++)
      {
        g_autofree char *path = g_strdup_printf ("/interop/%s/%s/%s", subject,
                                                 ef_interop_get_name ((EfInteropKind) kind),
                                                 tests[i].name);

        g_test_add_vtable (path, fixture_size, GUINT_TO_POINTER (kind), set_up, tests[i].function,
                           tear_down);
      }
}

static EfTestPeer *
spawn (EfInteropKind kind, const char *role, const char *url, va_list options)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  const char *option;

  g_ptr_array_add (argv,
                   (gpointer) g_test_get_filename (G_TEST_DIST, "interop", scripts[kind], NULL));
  g_ptr_array_add (argv, (gpointer) role);
  if (url != NULL)
    g_ptr_array_add (argv, (gpointer) url);
  while ((option = va_arg (options, const char *)) != NULL)
    g_ptr_array_add (argv, (gpointer) option);
  g_ptr_array_add (argv, NULL);

  return ef_test_peer_spawnv ((const char *const *) argv->pdata);
}

/* ef_interop_server: a server with these options, up to NULL; it listens when this returns */
EfTestPeer *
ef_interop_server (EfInteropKind kind, ...)
{
  EfTestPeer *peer;
  va_list options;

  va_start (options, kind);
  peer = spawn (kind, "server", NULL, options);
  va_end (options);
  ef_test_peer_wait_listening (peer);

  return peer;
}

/* ef_interop_client: a client that connects to the URL, with these options, up to NULL */
EfTestPeer *
ef_interop_client (EfInteropKind kind, const char *url, ...)
{
  EfTestPeer *peer;
  va_list options;

  va_start (options, url);
  peer = spawn (kind, "client", url, options);
  va_end (options);

  return peer;
}

/* ef_interop_certificate: the path of one of the files that tests/support/tls makes */
char *
ef_interop_certificate (const char *name)
{
  return g_test_build_filename (G_TEST_BUILT, "support", "tls", name, NULL);
}

/* ef_interop_assert_message: awaits a `message` event, which must be of ef_test_peer_make_message() */
void
ef_interop_assert_message (EfTestPeer *peer, gboolean text, guint index, gsize size)
{
  g_autoptr (JsonObject) event = ef_test_peer_wait_event (peer, "message");
  g_autoptr (GBytes) message = ef_test_peer_make_message (text, index, size);
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, message);

  g_assert_cmpstr (json_object_get_string_member (event, "kind"), ==, text ? "text" : "binary");
  g_assert_cmpint (json_object_get_int_member (event, "size"), ==, size);
  g_assert_cmpstr (json_object_get_string_member (event, "sha256"), ==, digest);
}

/* ef_interop_assert_close: awaits a `close` event of this code and reason */
void
ef_interop_assert_close (EfTestPeer *peer, int code, const char *reason)
{
  g_autoptr (JsonObject) event = ef_test_peer_wait_event (peer, "close");

  g_assert_cmpint (json_object_get_int_member (event, "code"), ==, code);
  g_assert_cmpstr (json_object_get_string_member (event, "reason"), ==, reason);
}

void
ef_interop_messages_init (EfInteropMessages *self)
{
  self->bytes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->kinds = g_string_new (NULL);
}

void
ef_interop_messages_reset (EfInteropMessages *self)
{
  g_ptr_array_set_size (self->bytes, 0);
  g_string_truncate (self->kinds, 0);
}

void
ef_interop_messages_clear (EfInteropMessages *self)
{
  g_ptr_array_unref (self->bytes);
  g_string_free (self->kinds, TRUE);
}

void
ef_interop_messages_add (EfInteropMessages *self, GBytes *message, EfWebSocketMessageType type)
{
  g_ptr_array_add (self->bytes, g_bytes_ref (message));
  g_string_append_c (self->kinds, type == EF_WEB_SOCKET_MESSAGE_TEXT ? 't' : 'b');
}

/* ef_interop_messages_assert: that they are those which a peer sends, numbered from 0 */
void
ef_interop_messages_assert (EfInteropMessages *self, gboolean text, guint n_messages, gsize size)
{
  g_assert_cmpuint (self->bytes->len, ==, n_messages);
  for (guint i = 0; i < n_messages; i++)
    {
      g_autoptr (GBytes) expected = ef_test_peer_make_message (text, i, size);

      g_assert_cmpint (self->kinds->str[i], ==, text ? 't' : 'b');
      g_assert_true (g_bytes_equal (self->bytes->pdata[i], expected));
    }
}

/* ef_interop_messages_digest: a digest that tells where each ends, as a peer's of a capture */
char *
ef_interop_messages_digest (EfInteropMessages *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < self->bytes->len; i++)
    {
      gsize size;
      const guchar *data = g_bytes_get_data (self->bytes->pdata[i], &size);
      g_autofree char *head = g_strdup_printf ("%s %" G_GSIZE_FORMAT "\n",
                                               self->kinds->str[i] == 't' ? "text" : "binary",
                                               size);

      g_checksum_update (checksum, (const guchar *) head, -1);
      g_checksum_update (checksum, data, (gssize) size);
    }

  return g_strdup (g_checksum_get_string (checksum));
}
