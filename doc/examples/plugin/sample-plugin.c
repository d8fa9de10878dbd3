/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A plugin of one element, `sample`, which lets every nth event through. It is built outside of
 * EventFlux's own tree, against what that installs; README.md beside it says how. */

#include <eventflux.h>

#define SAMPLE_TYPE_ELEMENT (sample_element_get_type ())

G_DECLARE_FINAL_TYPE (SampleElement, sample_element, SAMPLE, ELEMENT, EfTransform)

struct _SampleElement
{
  EfTransform parent_instance;

  guint every;
  guint n_skipped; /* since the last one that went through */
};

typedef enum
{
  PROP_EVERY = 1,
} SampleElementProperty;

#define N_PROPERTIES (PROP_EVERY + 1)

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (SampleElement, sample_element, EF_TYPE_TRANSFORM)

/* Called with each batch that comes, in the element's context. Events are immutable and counted:
 * the new batch shares them with the old one. */
static EfBatch *
sample_element_transform (EfTransform *transform, EfBatch *batch)
{
  SampleElement *self = SAMPLE_ELEMENT (transform);
  EfBatch *sampled = ef_batch_new ();
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  for (guint i = 0; i < n_events; i++)
    {
      if (++self->n_skipped < self->every)
        continue;

      ef_batch_append (sampled, events[i]);
      self->n_skipped = 0;
    }

  return sampled;
}

/* Called when the element is started: what was counted before does not matter any more. */
static gboolean
sample_element_prepare (EfElement *element, GError **error)
{
  SAMPLE_ELEMENT (element)->n_skipped = 0;

  return TRUE;
}

static void
sample_element_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SampleElement *self = SAMPLE_ELEMENT (object);

  switch ((SampleElementProperty) id)
    {
    case PROP_EVERY:
      g_value_set_uint (value, self->every);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
sample_element_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  SampleElement *self = SAMPLE_ELEMENT (object);

  switch ((SampleElementProperty) id)
    {
    case PROP_EVERY:
      if (self->every == g_value_get_uint (value))
        return;
      self->every = g_value_get_uint (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
sample_element_class_init (SampleElementClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = sample_element_get_property;
  object_class->set_property = sample_element_set_property;
  element_class->prepare = sample_element_prepare;
  EF_TRANSFORM_CLASS (klass)->transform = sample_element_transform;

  /* The name in descriptions, and what eventflux-inspect shows. The blurb of a property is shown
   * too, and its range checked, wherever its value comes from. */
  ef_element_class_set_metadata (element_class, "sample", "Lets every nth event through",
                                 "timersource ! sample every=10 ! consolesink");

  /* The configuration key is the prefix, a dot and the property's name: `sample.every`. */
  ef_element_class_set_config_prefix (element_class, "sample");

  properties[PROP_EVERY] =
    g_param_spec_uint ("every", NULL, "Which of so many events goes through, the last of them", 1,
                       G_MAXUINT, 1,
                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY
                         | EF_PARAM_MUTABLE_PLAYING);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
sample_element_init (SampleElement *self)
{
  self->every = 1;
}

static gboolean
sample_plugin_init (EfPlugin *plugin, GError **error)
{
  ef_plugin_register_element (plugin, SAMPLE_TYPE_ELEMENT);

  return TRUE;
}

EF_PLUGIN_DEFINE ("sample",
                  "Takes samples of a stream",
                  "1.0.0",
                  "LGPL-2.1-or-later",
                  sample_plugin_init)
