/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-kinds.h"

struct _EfTestPayloadSource
{
  EfSource parent_instance;
};

G_DEFINE_FINAL_TYPE (EfTestPayloadSource, ef_test_payload_source, EF_TYPE_SOURCE)

static void
ef_test_payload_source_class_init (EfTestPayloadSourceClass *klass)
{
  ef_element_class_set_content (EF_ELEMENT_CLASS (klass), EF_PAD_CONTENT_ANY,
                                EF_PAD_CONTENT_PAYLOAD);
}

static void
ef_test_payload_source_init (EfTestPayloadSource *self)
{
}

EfElement *
ef_test_payload_source_new (const char *name)
{
  return g_object_new (EF_TYPE_TEST_PAYLOAD_SOURCE, "name", name, NULL);
}

struct _EfTestRelay
{
  EfTransform parent_instance;

  EfTestRelayMode mode;
};

G_DEFINE_FINAL_TYPE (EfTestRelay, ef_test_relay, EF_TYPE_TRANSFORM)

static EfBatch *
ef_test_relay_transform (EfTransform *transform, EfBatch *batch)
{
  switch (EF_TEST_RELAY (transform)->mode)
    {
    case EF_TEST_RELAY_SAME:
      return ef_batch_ref (batch);
    case EF_TEST_RELAY_COPY:
      {
        EfBatch *copy = ef_batch_new ();

        for (guint i = 0; i < ef_batch_get_n_events (batch); i++)
          ef_batch_append (copy, ef_event_ref (ef_batch_get_event (batch, i)));
        return copy;
      }
    case EF_TEST_RELAY_EMPTY:
      return ef_batch_new ();
    case EF_TEST_RELAY_NOTHING:
    default:
      return NULL;
    }
}

static void
ef_test_relay_class_init (EfTestRelayClass *klass)
{
  EF_TRANSFORM_CLASS (klass)->transform = ef_test_relay_transform;
}

static void
ef_test_relay_init (EfTestRelay *self)
{
}

EfElement *
ef_test_relay_new (const char *name, EfTestRelayMode mode)
{
  EfTestRelay *self = g_object_new (EF_TYPE_TEST_RELAY, "name", name, NULL);

  self->mode = mode;

  return EF_ELEMENT (self);
}

struct _EfTestPayloadSink
{
  EfSink parent_instance;
};

G_DEFINE_FINAL_TYPE (EfTestPayloadSink, ef_test_payload_sink, EF_TYPE_SINK)

static void
ef_test_payload_sink_process (EfElement *element, EfBatch *batch)
{
}

static void
ef_test_payload_sink_class_init (EfTestPayloadSinkClass *klass)
{
  EF_ELEMENT_CLASS (klass)->process = ef_test_payload_sink_process;
  ef_element_class_set_content (EF_ELEMENT_CLASS (klass), EF_PAD_CONTENT_PAYLOAD,
                                EF_PAD_CONTENT_ANY);
}

static void
ef_test_payload_sink_init (EfTestPayloadSink *self)
{
}

EfElement *
ef_test_payload_sink_new (const char *name)
{
  return g_object_new (EF_TYPE_TEST_PAYLOAD_SINK, "name", name, NULL);
}

struct _EfTestColumnsSink
{
  EfSink parent_instance;

  GString *text;
};

G_DEFINE_FINAL_TYPE (EfTestColumnsSink, ef_test_columns_sink, EF_TYPE_SINK)

static void
ef_test_columns_sink_process (EfElement *element, EfBatch *batch)
{
  EfTestColumnsSink *self = EF_TEST_COLUMNS_SINK (element);

  for (guint i = 0; i < ef_batch_get_n_events (batch); i++)
    {
      g_autofree char *json = ef_event_to_json (ef_batch_get_event (batch, i));

      g_string_append_printf (self->text, "%s%s", self->text->len > 0 ? " " : "", json);
    }
}

static void
ef_test_columns_sink_finalize (GObject *object)
{
  g_string_free (EF_TEST_COLUMNS_SINK (object)->text, TRUE);

  G_OBJECT_CLASS (ef_test_columns_sink_parent_class)->finalize (object);
}

static void
ef_test_columns_sink_class_init (EfTestColumnsSinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ef_test_columns_sink_finalize;
  EF_ELEMENT_CLASS (klass)->process = ef_test_columns_sink_process;
  ef_element_class_set_content (EF_ELEMENT_CLASS (klass), EF_PAD_CONTENT_COLUMNS,
                                EF_PAD_CONTENT_ANY);
}

static void
ef_test_columns_sink_init (EfTestColumnsSink *self)
{
  self->text = g_string_new (NULL);
}

EfElement *
ef_test_columns_sink_new (const char *name)
{
  return g_object_new (EF_TYPE_TEST_COLUMNS_SINK, "name", name, NULL);
}

const char *
ef_test_columns_sink_get_text (EfElement *sink)
{
  return EF_TEST_COLUMNS_SINK (sink)->text->str;
}
