/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-fault.h"

/*
 * EfFault:
 *
 * Fails on purpose, to see what an error policy does: the element `fault`.
 *
 * Every `every`th event fails, as `kind` says, for the first `times` times that it is given to the
 * element; the other events pass. An event that is not tried again is one that fails.
 *
 * It lives in one context, as every element does.
 */

#define DEFAULT_EVERY 10
#define DEFAULT_TIMES 1

struct _EfFault
{
  EfTransform parent_instance;

  guint every;
  EfFaultKind kind;
  int times;

  guint64 n_seen;     /* events, each once */
  guint n_failures;   /* of the last one */
  gboolean comes_again;
};

typedef enum
{
  PROP_EVERY = 1,
  PROP_KIND,
  PROP_TIMES,
} EfFaultProperty;

#define N_PROPERTIES (PROP_TIMES + 1)

G_DEFINE_ENUM_TYPE (EfFaultKind,
                    ef_fault_kind,
                    G_DEFINE_ENUM_VALUE (EF_FAULT_TRANSIENT, "transient"),
                    G_DEFINE_ENUM_VALUE (EF_FAULT_DATA, "data"))

G_DEFINE_FINAL_TYPE (EfFault, ef_fault, EF_TYPE_TRANSFORM)

static GParamSpec *properties[N_PROPERTIES];

static gboolean
ef_fault_prepare (EfElement *element, GError **error)
{
  EfFault *self = EF_FAULT (element);

  self->n_seen = 0;
  self->n_failures = 0;
  self->comes_again = FALSE;

  return TRUE;
}

/* Fails an event. %FALSE if it comes again, or nothing more is wanted. */
static gboolean
fail (EfFault *self, EfEvent *event)
{
  g_autoptr (GError) error = NULL;

  self->n_failures++;
  error = g_error_new (EF_ERROR, self->kind == EF_FAULT_DATA ? EF_ERROR_DATA : EF_ERROR_RESOURCE,
                       "event %" G_GUINT64_FORMAT " fails on purpose", self->n_seen);

  return ef_element_reject_event (EF_ELEMENT (self), event, error);
}

static gboolean
is_to_fail (EfFault *self)
{
  return self->n_seen % self->every == 0
         && (self->times < 0 || self->n_failures < (guint) self->times);
}

static EfBatch *
ef_fault_transform (EfTransform *transform, EfBatch *batch)
{
  EfFault *self = EF_FAULT (transform);
  EfBatch *output = ef_batch_new ();
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  for (guint i = 0; i < n_events; i++)
    {
      if (!self->comes_again)
        {
          self->n_seen++;
          self->n_failures = 0;
        }

      self->comes_again = is_to_fail (self);
      if (!self->comes_again)
        {
          ef_batch_append (output, ef_event_ref (events[i]));
          continue;
        }

      self->comes_again = !fail (self, events[i]);
      if (self->comes_again)
        break;
    }

  return output;
}

static void
ef_fault_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfFault *self = EF_FAULT (object);

  switch ((EfFaultProperty) id)
    {
    case PROP_EVERY:
      g_value_set_uint (value, self->every);
      break;
    case PROP_KIND:
      g_value_set_enum (value, (int) self->kind);
      break;
    case PROP_TIMES:
      g_value_set_int (value, self->times);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_fault_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfFault *self = EF_FAULT (object);
  gboolean changed = TRUE;

  switch ((EfFaultProperty) id)
    {
    case PROP_EVERY:
      changed = self->every != g_value_get_uint (value);
      self->every = g_value_get_uint (value);
      break;
    case PROP_KIND:
      changed = self->kind != (EfFaultKind) g_value_get_enum (value);
      self->kind = (EfFaultKind) g_value_get_enum (value);
      break;
    case PROP_TIMES:
      changed = self->times != g_value_get_int (value);
      self->times = g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  if (changed)
    g_object_notify_by_pspec (object, pspec);
}

static void
ef_fault_class_init (EfFaultClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY
                            | EF_PARAM_MUTABLE_PLAYING;

  object_class->get_property = ef_fault_get_property;
  object_class->set_property = ef_fault_set_property;
  element_class->prepare = ef_fault_prepare;
  EF_TRANSFORM_CLASS (klass)->transform = ef_fault_transform;

  properties[PROP_EVERY] = g_param_spec_uint ("every", NULL, "Which events fail: every second, third…",
                                              1, G_MAXINT32, DEFAULT_EVERY, flags);
  properties[PROP_KIND] =
    g_param_spec_enum ("kind", NULL,
                       "How they fail: for a reason that another try may help, or for what they are",
                       EF_TYPE_FAULT_KIND, EF_FAULT_TRANSIENT, flags);
  properties[PROP_TIMES] =
    g_param_spec_int ("times", NULL, "How many times each of them fails before it passes; -1 is always",
                      -1, G_MAXINT, DEFAULT_TIMES, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  ef_element_class_set_metadata (element_class, "fault",
                                 "Fails on purpose, to see what an error policy does.",
                                 "timersource ! fault every=3 error-strategy=retry ! consolesink");
  ef_element_class_set_config_prefix (element_class, "fault");
}

static void
ef_fault_init (EfFault *self)
{
  self->every = DEFAULT_EVERY;
  self->kind = EF_FAULT_TRANSIENT;
  self->times = DEFAULT_TIMES;
}
