/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#define FEED_TYPE (feed_get_type ())
G_DECLARE_FINAL_TYPE (Feed, feed, TEST, FEED, EfSource)

/* A source with a required key, two optional ones and a table. */
struct _Feed
{
  EfSource parent_instance;

  char *url;
  int delay;
  GHashTable *headers;
};

typedef enum
{
  PROP_URL = 1,
  PROP_DELAY,
  PROP_HEADERS,
  PROP_LOAD,
} FeedProperty;

G_DEFINE_FINAL_TYPE (Feed, feed, EF_TYPE_SOURCE)

static void
feed_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  Feed *self = TEST_FEED (object);

  switch ((FeedProperty) id)
    {
    case PROP_URL:
      g_value_set_string (value, self->url);
      break;
    case PROP_DELAY:
      g_value_set_int (value, self->delay);
      break;
    case PROP_HEADERS:
      g_value_set_boxed (value, self->headers);
      break;
    case PROP_LOAD:
      g_value_set_double (value, 0.5);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
feed_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  Feed *self = TEST_FEED (object);

  switch ((FeedProperty) id)
    {
    case PROP_URL:
      g_free (self->url);
      self->url = g_value_dup_string (value);
      break;
    case PROP_DELAY:
      self->delay = g_value_get_int (value);
      break;
    case PROP_HEADERS:
      g_clear_pointer (&self->headers, g_hash_table_unref);
      self->headers = g_value_dup_boxed (value);
      break;
    case PROP_LOAD:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
feed_finalize (GObject *object)
{
  Feed *self = TEST_FEED (object);

  g_free (self->url);
  g_clear_pointer (&self->headers, g_hash_table_unref);

  G_OBJECT_CLASS (feed_parent_class)->finalize (object);
}

static void
feed_class_init (FeedClass *klass)
{
  static const char *const formats[] = { "json", "text", "bytes", NULL };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = feed_get_property;
  object_class->set_property = feed_set_property;
  object_class->finalize = feed_finalize;

  g_object_class_install_property (
    object_class, PROP_URL,
    g_param_spec_string ("url", NULL, "Where it is", NULL, flags | EF_PARAM_REQUIRED));
  g_object_class_install_property (
    object_class, PROP_DELAY,
    g_param_spec_int ("reconnect-delay-ms", NULL, "How long to wait", 0, G_MAXINT, 0,
                      flags | EF_PARAM_MILLISECONDS));
  g_object_class_install_property (
    object_class, PROP_HEADERS,
    g_param_spec_boxed ("headers", NULL, "What to send", G_TYPE_HASH_TABLE, flags));
  g_object_class_install_property (
    object_class, PROP_LOAD,
    g_param_spec_double ("load", NULL, "How busy it is", 0, 1, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  ef_element_class_set_metadata (element_class, "feedsource", "Brings a feed", "feedsource url=x");
  ef_element_class_set_extension (element_class, "feed", formats);
  ef_element_class_set_config_prefix (element_class, "feed");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_ANY, EF_PAD_CONTENT_PAYLOAD);
}

static void
feed_init (Feed *self)
{
}

static void
test_factory_metadata (void)
{
  g_autoptr (EfElementFactory) factory = ef_element_factory_new (FEED_TYPE);
  g_autofree char *formats = NULL;
  g_autofree char *required = NULL;
  g_autofree char *optional = NULL;
  g_autofree char *key = NULL;

  g_assert_cmpstr (ef_element_factory_get_name (factory), ==, "feedsource");
  g_assert_cmpstr (ef_element_factory_get_extension_name (factory), ==, "feed");
  g_assert_cmpint (ef_element_factory_get_kind (factory), ==, EF_FACTORY_SOURCE);
  g_assert_cmpstr (ef_element_factory_get_description (factory), ==, "Brings a feed");
  g_assert_cmpstr (ef_element_factory_get_example (factory), ==, "feedsource url=x");
  g_assert_true (ef_element_factory_get_element_type (factory) == FEED_TYPE);
  g_assert_null (ef_element_factory_get_plugin_name (factory));
  g_assert_cmpint (ef_element_factory_get_src_content (factory), ==, EF_PAD_CONTENT_PAYLOAD);

  formats = g_strjoinv (" ", (char **) ef_element_factory_get_supported_formats (factory));
  g_assert_cmpstr (formats, ==, "json text bytes");
  required = g_strjoinv (" ", (char **) ef_element_factory_get_required_parameters (factory));
  g_assert_cmpstr (required, ==, "feed.url");
  optional = g_strjoinv (" ", (char **) ef_element_factory_get_optional_parameters (factory));
  g_assert_true (
    g_str_has_prefix (optional, "feed.reconnect.delay.ms feed.headers.* error.strategy error.log-level "
                                "error.retry.max-attempts "));
  key = ef_element_factory_dup_config_key (factory, "reconnect-delay-ms");
  g_assert_cmpstr (key, ==, "feed.reconnect.delay.ms");
  g_assert_null (ef_element_factory_dup_config_key (factory, "nothing"));
}

static void
test_check_key (void)
{
  g_autoptr (EfElementFactory) factory = ef_element_factory_new (FEED_TYPE);
  g_autoptr (GError) error = NULL;

  g_assert_true (ef_element_factory_check_key (factory, "feed.headers.X-A", NULL));
  g_assert_true (ef_element_factory_check_key (factory, "url", NULL));
  g_assert_false (ef_element_factory_check_key (factory, "feed.reconect.delay.ms", &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_UNKNOWN_KEY);
  g_assert_cmpstr (error->message, ==,
                   "feedsource has no property or config key “feed.reconect.delay.ms”; did you mean "
                   "“feed.reconnect.delay.ms”?");
}

static GHashTable *
make_config (const char *key, ...)
{
  GHashTable *config = g_hash_table_new (g_str_hash, g_str_equal);
  va_list args;

  va_start (args, key);
  for (; key != NULL; key = va_arg (args, const char *))
    g_hash_table_insert (config, (gpointer) key, va_arg (args, char *));
  va_end (args);

  return config;
}

static void
test_create_initialized (void)
{
  g_autoptr (EfElementFactory) factory = ef_element_factory_new (FEED_TYPE);
  g_autoptr (GHashTable) config = NULL;
  g_autoptr (EfElement) element = NULL;
  g_autoptr (GError) error = NULL;
  Feed *feed;

  config = make_config ("feed.url", "ws://x", "feed.reconnect.delay.ms", "2s", "feed.headers.A", "b",
                        NULL);
  element = ef_element_factory_create_initialized (factory, config, &error);
  g_assert_no_error (error);
  feed = TEST_FEED (element);
  g_assert_cmpstr (feed->url, ==, "ws://x");
  g_assert_cmpint (feed->delay, ==, 2000);
  g_assert_cmpstr (g_hash_table_lookup (feed->headers, "A"), ==, "b");
  g_clear_object (&element);

  g_hash_table_remove (config, "feed.url");
  element = ef_element_factory_create_initialized (factory, config, &error);
  g_assert_null (element);
  g_assert_error (error, EF_ERROR, EF_ERROR_MISSING_KEY);
  g_assert_nonnull (strstr (error->message, "property “url” (config key “feed.url”) is required"));
  g_clear_error (&error);

  g_hash_table_insert (config, (gpointer) "feed.reconnect.delay.ms", (gpointer) "-5");
  element = ef_element_factory_create_initialized (factory, config, &error);
  g_assert_null (element);
  g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
}

static void
test_find (void)
{
  g_autoptr (EfContext) context = ef_context_new ();
  g_autoptr (EfElementFactory) factory = ef_element_factory_new (FEED_TYPE);
  g_autoptr (GError) error = NULL;

  g_assert_null (ef_context_find_source_factory (context, "feed", &error));
  g_assert_cmpstr (error->message, ==,
                   "no source is called “feed”; no plugins were found, see EVENTFLUX_PLUGIN_PATH");
  g_clear_error (&error);

  ef_context_add_element_factory (context, factory, &error);
  g_assert_no_error (error);

  g_assert_true (ef_context_find_factory (context, "feedsource", NULL) == factory);
  g_assert_true (ef_context_find_source_factory (context, "feed", NULL) == factory);
  g_assert_true (ef_context_find_source_factory (context, "feedsource", NULL) == factory);
  g_assert_null (ef_context_find_sink_factory (context, "feed", NULL));
  g_assert_null (ef_context_find_sink_factory (context, "feedsource", NULL));
  g_assert_null (ef_context_find_factory (context, "feed", NULL));

  g_assert_null (ef_context_find_factory (context, "fedsource", &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_UNKNOWN_ELEMENT);
  g_assert_cmpstr (error->message, ==, "no element is called “fedsource”; did you mean “feedsource”?");
  g_clear_error (&error);
  g_assert_null (ef_context_find_source_factory (context, "fed", &error));
  g_assert_cmpstr (error->message, ==, "no source is called “fed”; did you mean “feed”?");
  g_clear_error (&error);
  g_assert_null (ef_context_create_element (context, "fedsource", NULL, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_UNKNOWN_ELEMENT);
}

/* The same factory under names of the program's choice. */
static void
test_add (void)
{
  g_autoptr (EfContext) context = ef_context_new ();
  g_autoptr (EfElementFactory) factory = ef_element_factory_new (FEED_TYPE);
  g_autoptr (GError) error = NULL;

  g_assert_true (ef_context_add_source_factory (context, "mine", factory, NULL));
  g_assert_true (ef_context_find_source_factory (context, "mine", NULL) == factory);

  g_assert_false (ef_context_add_source_factory (context, "mine", factory, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_PLUGIN);
  g_assert_cmpstr (error->message, ==, "the source “mine” is there already, from the program itself");
  g_clear_error (&error);

  g_assert_true (ef_context_add_element_factory (context, factory, NULL));
  g_assert_false (ef_context_add_element_factory (context, factory, &error));
  g_assert_cmpstr (error->message, ==,
                   "the element “feedsource” is there already, from the program itself");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/registry/context/factory-metadata", test_factory_metadata);
  g_test_add_func ("/registry/context/check-key", test_check_key);
  g_test_add_func ("/registry/context/create-initialized", test_create_initialized);
  g_test_add_func ("/registry/context/find", test_find);
  g_test_add_func ("/registry/context/add", test_add);

  return g_test_run ();
}
