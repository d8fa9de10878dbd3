/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-fake-sink.h"

/*
 * EfFakeSink:
 *
 * Counts events and lets go of them: the element `fakesink`.
 *
 * For measuring what is before it, and, with `hold`, for seeing how that behaves when nothing is
 * taken.
 */

struct _EfFakeSink
{
  EfSink parent_instance;

  gboolean hold;

  /* Written in the element's context, read in any thread. */
  guint64 n_events;
  guint64 n_bytes;
};

typedef enum
{
  PROP_HOLD = 1,
  PROP_N_EVENTS,
  PROP_N_BYTES,
} EfFakeSinkProperty;

#define N_PROPERTIES (PROP_N_BYTES + 1)

G_DEFINE_FINAL_TYPE (EfFakeSink, ef_fake_sink, EF_TYPE_SINK)

static GParamSpec *properties[N_PROPERTIES];
static guint handoff_signal;

static guint64
read_count (const guint64 *count)
{
  return __atomic_load_n (count, __ATOMIC_RELAXED);
}

static void
add_count (guint64 *count, guint64 more)
{
  __atomic_store_n (count, read_count (count) + more, __ATOMIC_RELAXED);
}

static void
ef_fake_sink_process (EfElement *element, EfBatch *batch)
{
  EfFakeSink *self = EF_FAKE_SINK (element);

  add_count (&self->n_events, ef_batch_get_n_events (batch));
  add_count (&self->n_bytes, ef_batch_get_size (batch));

  if (g_signal_has_handler_pending (self, handoff_signal, 0, FALSE))
    g_signal_emit (self, handoff_signal, 0, batch);
}

static void
apply_hold (EfFakeSink *self)
{
  if (self->hold)
    ef_element_hold_input (EF_ELEMENT (self));
  else
    ef_element_release_input (EF_ELEMENT (self));
}

static gboolean
ef_fake_sink_prepare (EfElement *element, GError **error)
{
  EfFakeSink *self = EF_FAKE_SINK (element);

  __atomic_store_n (&self->n_events, 0, __ATOMIC_RELAXED);
  __atomic_store_n (&self->n_bytes, 0, __ATOMIC_RELAXED);
  apply_hold (self);

  return TRUE;
}

static void
ef_fake_sink_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfFakeSink *self = EF_FAKE_SINK (object);

  switch ((EfFakeSinkProperty) id)
    {
    case PROP_HOLD:
      g_value_set_boolean (value, self->hold);
      break;
    case PROP_N_EVENTS:
      g_value_set_uint64 (value, read_count (&self->n_events));
      break;
    case PROP_N_BYTES:
      g_value_set_uint64 (value, read_count (&self->n_bytes));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_fake_sink_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfFakeSink *self = EF_FAKE_SINK (object);

  switch ((EfFakeSinkProperty) id)
    {
    case PROP_HOLD:
      if (self->hold == g_value_get_boolean (value))
        return;
      self->hold = g_value_get_boolean (value);
      if (ef_element_get_state (EF_ELEMENT (self)) != EF_STATE_NULL)
        apply_hold (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_N_EVENTS:
    case PROP_N_BYTES:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  properties[PROP_HOLD] =
    g_param_spec_boolean ("hold", NULL, "Whether to hold the input, so that nothing more comes",
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY
                            | EF_PARAM_MUTABLE_PLAYING);

  properties[PROP_N_EVENTS] =
    g_param_spec_uint64 ("n-events", NULL, "How many events have come since the start", 0,
                         G_MAXUINT64, 0, readable);

  properties[PROP_N_BYTES] =
    g_param_spec_uint64 ("n-bytes", NULL,
                         "How many bytes the events took that have come since the start", 0,
                         G_MAXUINT64, 0, readable);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
ef_fake_sink_class_init (EfFakeSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_fake_sink_get_property;
  object_class->set_property = ef_fake_sink_set_property;

  element_class->prepare = ef_fake_sink_prepare;
  element_class->process = ef_fake_sink_process;

  ef_element_class_set_metadata (element_class, "fakesink", "Counts events and lets go of them.",
                                 "timersource count=10 ! fakesink");
  ef_element_class_set_config_prefix (element_class, "fake");

  install_properties (object_class);

  /* handoff: a batch has come. It is emitted in the context of the element. */
  handoff_signal = g_signal_new ("handoff", EF_TYPE_FAKE_SINK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1, EF_TYPE_BATCH);
  g_signal_set_va_marshaller (handoff_signal, EF_TYPE_FAKE_SINK, g_cclosure_marshal_VOID__BOXEDv);
}

static void
ef_fake_sink_init (EfFakeSink *self)
{
}
