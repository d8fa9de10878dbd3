/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <eventflux.h>

#include "ef-raw-server.h"
#include "ef-test-loop.h"
#include "fuzz.h"

/* What a server answers to the handshake, and what it sends right behind that: the source connects,
 * or fails with an error that is UTF-8, and stops when it is told to. `{accept}` in the input stands
 * for the right Sec-WebSocket-Accept. */

static void
on_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *done = user_data;
  g_autoptr (GError) error = NULL;

  if (!ef_element_set_state_finish (EF_ELEMENT (source), result, &error))
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  *done = TRUE;
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *done = user_data;

  ef_element_set_state_finish (EF_ELEMENT (source), result, NULL);
  *done = TRUE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  EfRawServer *server = ef_raw_server_new ();
  g_autofree char *answer = g_strndup (size > 0 ? (const char *) data : "", size);
  EfElement *source = NULL;
  gboolean started = FALSE, stopped = FALSE;

  ef_raw_server_set_answer (server, answer);
  source = g_object_new (EF_TYPE_WEB_SOCKET_SOURCE, "url", ef_raw_server_get_url (server), "reconnect",
                         FALSE, "connect-timeout-ms", 200, "close-timeout-ms", 50, NULL);
  ef_element_set_state_async (source, EF_STATE_PLAYING, NULL, on_started, &started);
  ef_test_wait_for (NULL, started);
  ef_element_set_state_async (source, EF_STATE_NULL, NULL, on_stopped, &stopped);
  ef_test_wait_for (NULL, stopped);

  ef_test_assert_finalizes (NULL, source);
  ef_test_assert_finalizes (NULL, server);

  return 0;
}
