/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "seed-common.h"

#include <string.h>

/* The sink's unit tests, by the names that the seed gives them. */

static void
message_type_parsing (void)
{
  static const struct
  {
    const char *text;
    EfWebSocketMessageType type;
  } good[] = {
    { "text", EF_WEB_SOCKET_MESSAGE_TEXT },
    { "binary", EF_WEB_SOCKET_MESSAGE_BINARY },
  };
  const char *const bad[] = { "websocket.url", "ws://localhost/", "websocket.message.type", "txt",
                              NULL };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      const char *const pairs[] = { "websocket.url", "ws://localhost/", "websocket.message.type",
                                    good[i].text, NULL };
      g_autoptr (EfElement) sink = seed_configure_well (EF_TYPE_WEB_SOCKET_SINK, pairs);
      EfWebSocketMessageType type;

      g_object_get (sink, "message-type", &type, NULL);
      g_assert_cmpint (type, ==, good[i].type);
    }

  g_assert_null (seed_configure (EF_TYPE_WEB_SOCKET_SINK, bad, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_assert_nonnull (strstr (error->message, "binary"));
}

static void
sink_clone (void)
{
  const char *const pairs[] = { "websocket.url", "ws://localhost:8080/in",
                                "websocket.message.type", "binary",
                                "websocket.buffer.max.messages", "17", NULL };
  g_autoptr (EfElement) sink = seed_configure_well (EF_TYPE_WEB_SOCKET_SINK, pairs);
  g_autoptr (EfWebSocketSink) clone = ef_web_socket_sink_clone (EF_WEB_SOCKET_SINK (sink));
  g_autofree char *url = NULL;
  EfWebSocketMessageType type;
  guint max_messages;

  g_object_get (clone, "url", &url, "message-type", &type, "buffer-max-messages", &max_messages,
                NULL);
  g_assert_cmpstr (url, ==, "ws://localhost:8080/in");
  g_assert_cmpint (type, ==, EF_WEB_SOCKET_MESSAGE_BINARY);
  g_assert_cmpuint (max_messages, ==, 17);
  g_assert_cmpint (ef_element_get_state (EF_ELEMENT (clone)), ==, EF_STATE_NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  seed_add_config_tests ("sink", EF_TYPE_WEB_SOCKET_SINK);
  seed_add_factory_tests ("sink", EF_TYPE_WEB_SOCKET_SINK, EF_FACTORY_SINK);
  g_test_add_func ("/sink/message_type_parsing", message_type_parsing);
  g_test_add_func ("/sink/sink_clone", sink_clone);

  return g_test_run ();
}
