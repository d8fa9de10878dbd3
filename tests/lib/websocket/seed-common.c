/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "seed-common.h"

#include <string.h>

/* A table of the keys and values in @pairs, which ends with NULL. */
GHashTable *
seed_config_new (const char *const *pairs)
{
  GHashTable *config = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; pairs[i] != NULL; i += 2)
    g_hash_table_insert (config, g_strdup (pairs[i]), g_strdup (pairs[i + 1]));

  return config;
}

/* An element that is configured and has checked that, or NULL with the error. */
EfElement *
seed_configure (GType type, const char *const *pairs, GError **error)
{
  g_autoptr (EfElementFactory) factory = ef_element_factory_new (type);
  g_autoptr (GHashTable) config = seed_config_new (pairs);

  return ef_element_factory_create_initialized (factory, config, error);
}

EfElement *
seed_configure_well (GType type, const char *const *pairs)
{
  g_autoptr (GError) error = NULL;
  EfElement *element = seed_configure (type, pairs, &error);

  g_assert_no_error (error);

  return element;
}

static void
store_error (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GError **outcome = user_data;

  if (ef_element_set_state_finish (EF_ELEMENT (object), result, outcome))
    *outcome = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_EXISTS, "no error");
}

static GError *
set_state (gpointer element, EfState state)
{
  GError *outcome = NULL;

  ef_element_set_state_async (element, state, NULL, store_error, &outcome);
  ef_test_wait_for (NULL, outcome != NULL);
  if (g_error_matches (outcome, G_IO_ERROR, G_IO_ERROR_EXISTS))
    g_clear_error (&outcome);

  return outcome;
}

void
seed_start (gpointer element)
{
  g_assert_no_error (set_state (element, EF_STATE_PLAYING));
}

void
seed_stop (gpointer element)
{
  g_assert_no_error (set_state (element, EF_STATE_NULL));
}

static void
config_from_properties_required_only (gconstpointer type)
{
  const char *const pairs[] = { "websocket.url", "ws://localhost:8080/feed", NULL };
  g_autoptr (EfElement) element = seed_configure_well (GPOINTER_TO_SIZE (type), pairs);
  g_autoptr (GHashTable) headers = NULL;
  g_autofree char *url = NULL;
  g_autofree char *subprotocol = NULL;
  gboolean reconnect;
  guint delay;
  guint max_delay;
  int max_attempts;

  g_object_get (element, "url", &url, "reconnect", &reconnect, "reconnect-delay-ms", &delay,
                "reconnect-max-delay-ms", &max_delay, "reconnect-max-attempts", &max_attempts,
                "headers", &headers, "subprotocol", &subprotocol, NULL);
  g_assert_cmpstr (url, ==, "ws://localhost:8080/feed");
  g_assert_true (reconnect);
  g_assert_cmpuint (delay, ==, 1000);
  g_assert_cmpuint (max_delay, ==, 30000);
  g_assert_cmpint (max_attempts, ==, -1);
  g_assert_cmpuint (g_hash_table_size (headers), ==, 0);
  g_assert_null (subprotocol);
}

static void
config_from_properties_all_options (gconstpointer type)
{
  const char *const pairs[] = {
    "websocket.url", "wss://example.com/events?stream=a",
    "websocket.reconnect", "false",
    "websocket.reconnect.delay.ms", "500",
    "websocket.reconnect.max.delay.ms", "1m",
    "websocket.reconnect.max.attempts", "5",
    "websocket.headers.Authorization", "Bearer token",
    "websocket.headers.X-Client", "7",
    "websocket.subprotocol", "graphql-ws",
    "websocket.connect.timeout.ms", "2s",
    "websocket.close.timeout.ms", "250",
    "websocket.max.message.size", "1 MiB",
    NULL,
  };
  g_autoptr (EfElement) element = seed_configure_well (GPOINTER_TO_SIZE (type), pairs);
  g_autoptr (GHashTable) headers = NULL;
  g_autofree char *url = NULL;
  g_autofree char *subprotocol = NULL;
  gboolean reconnect;
  guint delay;
  guint max_delay;
  guint connect_timeout;
  guint close_timeout;
  guint64 max_message_size;
  int max_attempts;

  g_object_get (element, "url", &url, "reconnect", &reconnect, "reconnect-delay-ms", &delay,
                "reconnect-max-delay-ms", &max_delay, "reconnect-max-attempts", &max_attempts,
                "headers", &headers, "subprotocol", &subprotocol, "connect-timeout-ms",
                &connect_timeout, "close-timeout-ms", &close_timeout, "max-message-size",
                &max_message_size, NULL);
  g_assert_cmpstr (url, ==, "wss://example.com/events?stream=a");
  g_assert_false (reconnect);
  g_assert_cmpuint (delay, ==, 500);
  g_assert_cmpuint (max_delay, ==, 60000);
  g_assert_cmpint (max_attempts, ==, 5);
  g_assert_cmpuint (g_hash_table_size (headers), ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (headers, "Authorization"), ==, "Bearer token");
  g_assert_cmpstr (g_hash_table_lookup (headers, "X-Client"), ==, "7");
  g_assert_cmpstr (subprotocol, ==, "graphql-ws");
  g_assert_cmpuint (connect_timeout, ==, 2000);
  g_assert_cmpuint (close_timeout, ==, 250);
  g_assert_cmpuint (max_message_size, ==, 1024 * 1024);
}

static void
config_missing_url (gconstpointer type)
{
  const char *const pairs[] = { "websocket.reconnect", "true", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (seed_configure (GPOINTER_TO_SIZE (type), pairs, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_MISSING_KEY);
  g_assert_nonnull (strstr (error->message, "websocket.url"));
}

static void
config_invalid_reconnect_delay (gconstpointer type)
{
  static const char *const bad[] = { "-5", "abc", "", "1.5", "99999999999" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const char *const pairs[] = { "websocket.url", "ws://localhost/",
                                    "websocket.reconnect.delay.ms", bad[i], NULL };
      g_autoptr (GError) error = NULL;

      g_assert_null (seed_configure (GPOINTER_TO_SIZE (type), pairs, &error));
      g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
      g_assert_nonnull (strstr (error->message, "websocket.reconnect.delay.ms"));
      g_test_message ("%s", error->message);
    }
}

typedef struct
{
  const char *url;
  const char *hint; /* part of the error, NULL if the URL is good */
} UrlCase;

static const UrlCase url_cases[] = {
  { "ws://localhost", NULL },
  { "ws://localhost:8080/feed", NULL },
  { "wss://stream.binance.com:9443/stream?streams=btcusdt@trade/ethusdt@trade", NULL },
  { "wss://user:password@example.com/", NULL },
  { "ws://[::1]:8080/", NULL },
  { "WS://EXAMPLE.COM/", NULL },
  { "http://localhost/", "use “ws”" },
  { "https://localhost/", "use “wss”" },
  { "ftp://localhost/", "“ftp”" },
  { "localhost:8080/feed", "no scheme" },
  { "//localhost/feed", "no scheme" },
  { "", "empty" },
  { "ws:///feed", "no host" },
  { "ws://localhost:99999/", "port" },
  { "ws://localhost:port/", "port" },
  { "ws://localhost/feed#part", "fragment" },
  { "ws://localhost/a b", "%20" },
  { "ws://localhost/\r\nX-Evil: 1", "line break" },
};

static void
websocket_url_parsing (gconstpointer type)
{
  for (guint i = 0; i < G_N_ELEMENTS (url_cases); i++)
    {
      g_autoptr (EfElement) element = g_object_new (GPOINTER_TO_SIZE (type), "url",
                                                    url_cases[i].url, NULL);
      g_autoptr (GError) error = set_state (element, EF_STATE_READY);

      if (url_cases[i].hint == NULL)
        {
          g_assert_no_error (error);
          seed_stop (element);
          continue;
        }

      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, "property “url”"));
      g_test_message ("%s", error->message);
      if (*url_cases[i].url != '\0')
        {
          g_assert_error (error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_URL);
          g_assert_nonnull (strstr (error->message, url_cases[i].hint));
        }
    }
}

/* What can be wrong with a header: each error names it and none shows its value. */
static void
headers (gconstpointer type)
{
  static const struct
  {
    const char *name;
    const char *value;
  } bad[] = {
    { "Authorization", "secret\r\nX-Evil: 1" },
    { "Authorization", "secret\nX-Evil: 1" },
    { "Bad Name", "secret" },
    { "Bad:Name", "secret" },
    { "Bad\r\nName", "secret" },
    { "", "secret" },
    { "Sec-WebSocket-Key", "secret" },
    { "sec-websocket-protocol", "secret" },
    { "Upgrade", "secret" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (EfElement) element = NULL;
      g_autoptr (GError) error = NULL;

      g_hash_table_insert (table, (gpointer) bad[i].name, (gpointer) bad[i].value);
      element = g_object_new (GPOINTER_TO_SIZE (type), "url", "ws://localhost/", "headers", table,
                              NULL);
      error = set_state (element, EF_STATE_READY);
      g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
      g_assert_nonnull (strstr (error->message, "headers"));
      g_assert_null (strstr (error->message, "secret"));
      g_test_message ("%s", error->message);
    }
}

static void
add (const char *prefix, const char *name, GTestDataFunc func, GType type)
{
  g_autofree char *path = g_strdup_printf ("/%s/%s", prefix, name);

  g_test_add_data_func (path, GSIZE_TO_POINTER (type), func);
}

void
seed_add_config_tests (const char *prefix, GType type)
{
  add (prefix, "config_from_properties_required_only", config_from_properties_required_only, type);
  add (prefix, "config_from_properties_all_options", config_from_properties_all_options, type);
  add (prefix, "config_missing_url", config_missing_url, type);
  add (prefix, "config_invalid_reconnect_delay", config_invalid_reconnect_delay, type);
  add (prefix, "websocket_url_parsing", websocket_url_parsing, type);
  add (prefix, "headers", headers, type);
}

static void
assert_has (const char *const *names, const char *name)
{
  if (!g_strv_contains (names, name))
    g_error ("“%s” is missing", name);
}

static void
factory_metadata (gconstpointer type)
{
  static const char *const optional[] = {
    "websocket.reconnect", "websocket.reconnect.delay.ms", "websocket.reconnect.max.delay.ms",
    "websocket.reconnect.max.attempts", "websocket.headers.*", "websocket.subprotocol",
  };
  g_autoptr (EfElementFactory) factory = ef_element_factory_new (GPOINTER_TO_SIZE (type));
  const char *const *formats = ef_element_factory_get_supported_formats (factory);
  const char *const *required = ef_element_factory_get_required_parameters (factory);

  g_assert_cmpstr (ef_element_factory_get_extension_name (factory), ==, "websocket");
  g_assert_cmpuint (g_strv_length ((char **) formats), ==, 3);
  assert_has (formats, "json");
  assert_has (formats, "text");
  assert_has (formats, "bytes");
  g_assert_cmpuint (g_strv_length ((char **) required), ==, 1);
  g_assert_cmpstr (required[0], ==, "websocket.url");
  for (guint i = 0; i < G_N_ELEMENTS (optional); i++)
    assert_has (ef_element_factory_get_optional_parameters (factory), optional[i]);
}

/* The name `websocket` finds the source among sources and the sink among sinks. */
static void
factory_create (gconstpointer type)
{
  const char *const pairs[] = { "websocket.url", "ws://localhost/", NULL };
  g_autoptr (EfContext) context = ef_context_new ();
  g_autoptr (EfElementFactory) factory = ef_element_factory_new (GPOINTER_TO_SIZE (type));
  g_autoptr (GHashTable) config = seed_config_new (pairs);
  g_autoptr (EfElement) element = NULL;
  g_autoptr (GError) error = NULL;
  EfElementFactory *found;

  if (ef_element_factory_get_kind (factory) == EF_FACTORY_SOURCE)
    {
      g_assert_true (ef_context_add_source_factory (context, "websocket", factory, &error));
      found = ef_context_find_source_factory (context, "websocket", &error);
    }
  else
    {
      g_assert_true (ef_context_add_sink_factory (context, "websocket", factory, &error));
      found = ef_context_find_sink_factory (context, "websocket", &error);
    }
  g_assert_no_error (error);
  g_assert_true (found == factory);

  element = ef_element_factory_create_initialized (found, config, &error);
  g_assert_no_error (error);
  g_assert_true (G_TYPE_CHECK_INSTANCE_TYPE (element, GPOINTER_TO_SIZE (type)));

  g_hash_table_insert (config, g_strdup ("websocket.recconect"), g_strdup ("true"));
  g_assert_null (ef_element_factory_create_initialized (found, config, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_UNKNOWN_KEY);
  g_assert_nonnull (strstr (error->message, "websocket.reconnect"));
}

void
seed_add_factory_tests (const char *prefix, GType type, EfFactoryKind kind)
{
  g_autoptr (EfElementFactory) factory = ef_element_factory_new (type);

  g_assert_cmpint (ef_element_factory_get_kind (factory), ==, kind);
  add (prefix, "factory_metadata", factory_metadata, type);
  add (prefix, "factory_create", factory_create, type);
}
