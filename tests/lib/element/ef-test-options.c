/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-options.h"

typedef enum
{
  PROP_INT = 1,
  PROP_UINT,
  PROP_INT64,
  PROP_UINT64,
  PROP_BOOLEAN,
  PROP_FLOAT,
  PROP_DOUBLE,
  PROP_TEXT,
  PROP_URL,
  PROP_PASSWORD,
  PROP_WORDS,
  PROP_BYTES,
  PROP_SCHEMA,
  PROP_KIND,
  PROP_FLAGS,
  PROP_DELAY,
  PROP_MAX_BYTES,
  PROP_HEADERS,
  PROP_HEADERS_MODE,
  PROP_OBJECT,
  PROP_COUNT,
} EfTestOptionsProperty;

#define N_PROPERTIES (PROP_COUNT + 1)

struct _EfTestOptions
{
  EfSink parent_instance;

  GValue values[N_PROPERTIES];
};

G_DEFINE_FINAL_TYPE (EfTestOptions, ef_test_options, EF_TYPE_SINK)

static GParamSpec *properties[N_PROPERTIES];

static void
ef_test_options_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_copy (&EF_TEST_OPTIONS (object)->values[id], value);
}

static void
ef_test_options_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  g_value_copy (value, &EF_TEST_OPTIONS (object)->values[id]);
}

static void
ef_test_options_finalize (GObject *object)
{
  EfTestOptions *self = EF_TEST_OPTIONS (object);

  for (guint i = 1; i < N_PROPERTIES; i++)
    g_value_unset (&self->values[i]);

  G_OBJECT_CLASS (ef_test_options_parent_class)->finalize (object);
}

static void
ef_test_options_process (EfElement *element, EfBatch *batch)
{
}

static void
install_numbers (void)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  properties[PROP_INT] = g_param_spec_int ("int", NULL, "An int", -10, 10, 0, flags);
  properties[PROP_UINT] = g_param_spec_uint ("uint", NULL, "A uint", 5, G_MAXUINT, 5, flags);
  properties[PROP_INT64] =
    g_param_spec_int64 ("int64", NULL, "An int64", G_MININT64 + 1, G_MAXINT64, 0, flags);
  properties[PROP_UINT64] = g_param_spec_uint64 ("uint64", NULL, "A uint64", 0, G_MAXUINT64, 0, flags);
  properties[PROP_BOOLEAN] = g_param_spec_boolean ("boolean", NULL, "A boolean", FALSE, flags);
  properties[PROP_FLOAT] = g_param_spec_float ("float", NULL, "A float", 0, 1, 0, flags);
  properties[PROP_DOUBLE] = g_param_spec_double ("double", NULL, "A double", -1e300, 1e300, 0, flags);
  properties[PROP_DELAY] = g_param_spec_int ("reconnect-delay-ms", NULL, "A time", 0, G_MAXINT, 1000,
                                             flags | EF_PARAM_MILLISECONDS);
  properties[PROP_MAX_BYTES] =
    g_param_spec_uint64 ("max-bytes", NULL, "A size", 0, G_MAXINT64, 0, flags);
  properties[PROP_COUNT] =
    g_param_spec_int ("count", NULL, "A number to read", 0, 10, 0,
                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
install_others (void)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, "A text", NULL, flags);
  properties[PROP_URL] = g_param_spec_string ("url", NULL, "A URL", NULL, flags);
  properties[PROP_PASSWORD] =
    g_param_spec_string ("password", NULL, "A secret", NULL, flags | EF_PARAM_SECRET);
  properties[PROP_WORDS] = g_param_spec_boxed ("words", NULL, "Some words", G_TYPE_STRV, flags);
  properties[PROP_BYTES] = g_param_spec_boxed ("bytes", NULL, "Some bytes", G_TYPE_BYTES, flags);
  properties[PROP_SCHEMA] = g_param_spec_boxed ("schema", NULL, "A schema", EF_TYPE_SCHEMA, flags);
  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, "One of some", EF_TYPE_PAD_CONTENT,
                                             EF_PAD_CONTENT_ANY, flags);
  properties[PROP_FLAGS] =
    g_param_spec_flags ("flags", NULL, "Some of some", G_TYPE_APPLICATION_FLAGS, 0, flags);
  properties[PROP_HEADERS] = g_param_spec_boxed ("headers", NULL, "A table", G_TYPE_HASH_TABLE, flags);
  properties[PROP_HEADERS_MODE] =
    g_param_spec_string ("headers-mode", NULL, "Begins with the name of a table", NULL, flags);
  properties[PROP_OBJECT] = g_param_spec_object ("object", NULL, "An object", G_TYPE_OBJECT, flags);
}

static void
ef_test_options_class_init (EfTestOptionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ef_test_options_get_property;
  object_class->set_property = ef_test_options_set_property;
  object_class->finalize = ef_test_options_finalize;
  EF_ELEMENT_CLASS (klass)->process = ef_test_options_process;

  install_numbers ();
  install_others ();
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  ef_element_class_set_metadata (EF_ELEMENT_CLASS (klass), "options", "Has options", NULL);
  ef_element_class_set_config_prefix (EF_ELEMENT_CLASS (klass), "opt");
}

static void
ef_test_options_init (EfTestOptions *self)
{
  for (guint i = 1; i < N_PROPERTIES; i++)
    {
      g_value_init (&self->values[i], properties[i]->value_type);
      g_param_value_set_default (properties[i], &self->values[i]);
    }
}

EfElement *
ef_test_options_new (void)
{
  return g_object_new (EF_TYPE_TEST_OPTIONS, "name", "o", NULL);
}
