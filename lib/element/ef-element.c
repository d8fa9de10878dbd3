/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element-private.h"
#include "ef-enum-types.h"
#include "ef-error.h"
#include "ef-pad-private.h"
#include "ef-thread-boundary.h"

/**
 * EfElement:
 *
 * What a pipeline is made of: something that brings events, changes them, or takes them away.
 *
 * An element has at most one input, the pad `sink`, and one output, the pad `src`. What it can not
 * handle leaves by a second output, `errors`. Elements can be used alone: make one, set its
 * properties, connect its signals, [method@EventFlux.Element.start] it.
 *
 * ## Contexts
 *
 * An element lives in one main context: the one set with [method@EventFlux.Element.set_context], as a
 * pipeline does, else the thread-default context of whoever starts it. All its signals and vfuncs run
 * there, and its properties and pads are used there. Only what changes the state, reads the state or
 * the figures, and what says so may be called from any thread.
 *
 * ## States
 *
 * See [enum@EventFlux.State]. Changes run in the background and no call waits for them. An element
 * that was started keeps itself alive until it is stopped.
 */

typedef enum
{
  PROP_NAME = 1,
  PROP_STATE,
  FIRST_ERROR_PROPERTY,
} EfElementProperty;

#define N_PROPERTIES (PROP_STATE + 1)

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (EfElement, ef_element, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPERTIES];

EfElementPrivate *
ef_element_get_private (EfElement *self)
{
  return ef_element_get_instance_private (self);
}

static const EfPadFuncs pad_funcs = {
  .returned = ef_element_calls_returned,
  .held_changed = ef_element_outputs_changed,
};

static EfPad *
make_pad (EfElement *self, const char *name, EfPadDirection direction, EfPadContent content)
{
  return ef_pad_new (self, &pad_funcs, name, direction, content);
}

static char *
make_name (EfElement *self)
{
  EfElementClass *klass = EF_ELEMENT_GET_CLASS (self);
  g_autofree char *type_name = g_ascii_strdown (G_OBJECT_TYPE_NAME (self), -1);
  const char *base = klass->factory_name != NULL ? klass->factory_name : type_name;

  return g_strdup_printf ("%s%d", base, g_atomic_int_add (&klass->n_named, 1));
}

static void
ef_element_constructed (GObject *object)
{
  EfElement *self = EF_ELEMENT (object);
  EfElementClass *klass = EF_ELEMENT_GET_CLASS (self);
  EfElementPrivate *priv = ef_element_get_private (self);

  G_OBJECT_CLASS (ef_element_parent_class)->constructed (object);
  g_return_if_fail (!klass->has_sink || klass->process != NULL);

  priv->is_boundary = EF_IS_THREAD_BOUNDARY (self);
  if (priv->name == NULL)
    priv->name = make_name (self);
  if (klass->has_sink)
    priv->sink = make_pad (self, "sink", EF_PAD_SINK, klass->sink_content);
  if (klass->has_src)
    priv->src = make_pad (self, "src", EF_PAD_SRC, klass->src_content);
  priv->errors = make_pad (self, "errors", EF_PAD_SRC, EF_PAD_CONTENT_COLUMNS);
}

static void
ef_element_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfElement *self = EF_ELEMENT (object);

  if (id >= FIRST_ERROR_PROPERTY)
    {
      ef_element_get_error_property (self, (EfErrorProperty) (id - FIRST_ERROR_PROPERTY), value);
      return;
    }

  switch ((EfElementProperty) id)
    {
    case PROP_NAME:
      g_value_set_string (value, ef_element_get_name (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, ef_element_get_state (self));
      break;
    case FIRST_ERROR_PROPERTY:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_element_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id >= FIRST_ERROR_PROPERTY)
    {
      ef_element_set_error_property (EF_ELEMENT (object),
                                     (EfErrorProperty) (id - FIRST_ERROR_PROPERTY), value, pspec);
      return;
    }

  switch ((EfElementProperty) id)
    {
    case PROP_NAME:
      if (g_value_get_string (value) != NULL)
        ef_element_set_name (EF_ELEMENT (object), g_value_get_string (value));
      break;
    case PROP_STATE:
    case FIRST_ERROR_PROPERTY:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_element_dispose (GObject *object)
{
  EfElement *self = EF_ELEMENT (object);
  EfElementPrivate *priv = ef_element_get_private (self);
  EfPad *pads[] = { priv->sink, priv->src, priv->errors };

  for (gsize i = 0; i < G_N_ELEMENTS (pads); i++)
    if (pads[i] != NULL)
      ef_pad_detach (pads[i]);

  ef_element_end_warnings (self);

  G_OBJECT_CLASS (ef_element_parent_class)->dispose (object);
}

static void
ef_element_finalize (GObject *object)
{
  EfElement *self = EF_ELEMENT (object);
  EfElementPrivate *priv = ef_element_get_private (self);

  g_clear_object (&priv->sink);
  g_clear_object (&priv->src);
  g_clear_object (&priv->errors);
  g_clear_object (&priv->clock);
  g_clear_object (&priv->bus);
  g_clear_pointer (&priv->context, g_main_context_unref);
  ef_element_clear_dead_letters (self);
  ef_element_free_retry (self);
  ef_error_policy_clear (&priv->policy);
  g_mutex_clear (&priv->context_lock);
  g_free (priv->name);

  G_OBJECT_CLASS (ef_element_parent_class)->finalize (object);
}

static void
ef_element_class_init (EfElementClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = ef_element_constructed;
  object_class->get_property = ef_element_get_property;
  object_class->set_property = ef_element_set_property;
  object_class->dispose = ef_element_dispose;
  object_class->finalize = ef_element_finalize;

  klass->marker = ef_element_push_marker;

  /**
   * EfElement:name:
   *
   * The name that messages and errors know the element by.
   */
  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, "The name that messages and errors know the element by.",
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_EXPLICIT_NOTIFY
                           | G_PARAM_STATIC_STRINGS);

  /**
   * EfElement:state:
   *
   * The state that the element has. It is notified in the element's context.
   */
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, "The state that the element has.", EF_TYPE_STATE,
                       EF_STATE_NULL,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  ef_element_install_error_properties (object_class, FIRST_ERROR_PROPERTY);

  ef_element_install_signals (klass);
}

static void
ef_element_init (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);

  g_mutex_init (&priv->context_lock);
  g_queue_init (&priv->waiters);
  ef_error_policy_init (&priv->policy);
}

void
ef_element_notify_state (EfElement *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/**
 * ef_element_get_name:
 * @self: an element
 *
 * The name that messages and errors know the element by.
 *
 * Returns: the name
 */
const char *
ef_element_get_name (EfElement *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT (self), NULL);

  return ef_element_get_private (self)->name;
}

/**
 * ef_element_set_name:
 * @self: an element that is %EF_STATE_NULL
 * @name: a name
 *
 * Names the element. An element that is not named is called by its kind and a number.
 */
void
ef_element_set_name (EfElement *self, const char *name)
{
  EfElementPrivate *priv;

  g_return_if_fail (EF_IS_ELEMENT (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (ef_element_get_state (self) == EF_STATE_NULL);

  priv = ef_element_get_private (self);
  if (g_strcmp0 (priv->name, name) == 0)
    return;

  g_free (priv->name);
  priv->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/**
 * ef_element_get_pad:
 * @self: an element
 * @name: `sink`, `src` or `errors`
 *
 * Finds a pad by its name.
 *
 * Returns: (transfer none) (nullable): the pad, or %NULL if the element has none of that name
 */
EfPad *
ef_element_get_pad (EfElement *self, const char *name)
{
  EfElementPrivate *priv;

  g_return_val_if_fail (EF_IS_ELEMENT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  priv = ef_element_get_private (self);
  if (g_str_equal (name, "sink"))
    return priv->sink;
  if (g_str_equal (name, "src"))
    return priv->src;
  if (g_str_equal (name, "errors"))
    return priv->errors;

  return NULL;
}

/**
 * ef_element_get_sink_pad:
 * @self: an element
 *
 * The input.
 *
 * Returns: (transfer none) (nullable): the pad, or %NULL if nothing enters the element
 */
EfPad *
ef_element_get_sink_pad (EfElement *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT (self), NULL);

  return ef_element_get_private (self)->sink;
}

/**
 * ef_element_get_src_pad:
 * @self: an element
 *
 * The output.
 *
 * Returns: (transfer none) (nullable): the pad, or %NULL if nothing leaves the element
 */
EfPad *
ef_element_get_src_pad (EfElement *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT (self), NULL);

  return ef_element_get_private (self)->src;
}

/**
 * ef_element_get_errors_pad:
 * @self: an element
 *
 * The output for dead letters: events that tell of events that the element could not handle.
 *
 * Returns: (transfer none): the pad
 */
EfPad *
ef_element_get_errors_pad (EfElement *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT (self), NULL);

  return ef_element_get_private (self)->errors;
}

/**
 * ef_element_link:
 * @self: an element
 * @next: the element that is to get what @self gives
 * @error: return location for an error
 *
 * Links the output of @self to the input of @next; see [method@EventFlux.Pad.link]. @self keeps @next
 * alive.
 *
 * Returns: %TRUE if they are linked, %FALSE with %EF_ERROR_LINK if they do not fit
 */
gboolean
ef_element_link (EfElement *self, EfElement *next, GError **error)
{
  EfPad *src, *sink;

  g_return_val_if_fail (EF_IS_ELEMENT (self), FALSE);
  g_return_val_if_fail (EF_IS_ELEMENT (next), FALSE);

  src = ef_element_get_src_pad (self);
  sink = ef_element_get_sink_pad (next);

  if (src == NULL)
    g_set_error (error, EF_ERROR, EF_ERROR_LINK, "%s has no src pad: nothing can come after it",
                 ef_element_get_name (self));
  else if (sink == NULL)
    g_set_error (error, EF_ERROR, EF_ERROR_LINK, "%s has no sink pad: nothing can come before it",
                 ef_element_get_name (next));
  else
    return ef_pad_link (src, sink, error);

  return FALSE;
}

/**
 * ef_element_get_clock:
 * @self: an element
 *
 * The clock that the element waits by and takes timestamps from.
 *
 * Returns: (transfer none): the clock
 */
EfClock *
ef_element_get_clock (EfElement *self)
{
  EfElementPrivate *priv;

  g_return_val_if_fail (EF_IS_ELEMENT (self), NULL);

  priv = ef_element_get_private (self);

  return priv->clock != NULL ? priv->clock : ef_clock_get_default ();
}

/**
 * ef_element_set_clock:
 * @self: an element that is %EF_STATE_NULL
 * @clock: (nullable): a clock, or %NULL for the default one
 *
 * Sets the clock that the element waits by and takes timestamps from.
 */
void
ef_element_set_clock (EfElement *self, EfClock *clock)
{
  g_return_if_fail (EF_IS_ELEMENT (self));
  g_return_if_fail (clock == NULL || EF_IS_CLOCK (clock));
  g_return_if_fail (ef_element_get_state (self) == EF_STATE_NULL);

  g_set_object (&ef_element_get_private (self)->clock, clock);
}

/**
 * ef_element_get_bus:
 * @self: an element
 *
 * The bus that the element posts its messages on.
 *
 * Returns: (transfer none) (nullable): the bus, if it was given one
 */
EfBus *
ef_element_get_bus (EfElement *self)
{
  g_return_val_if_fail (EF_IS_ELEMENT (self), NULL);

  return ef_element_get_private (self)->bus;
}

/**
 * ef_element_set_bus:
 * @self: an element that is %EF_STATE_NULL
 * @bus: (nullable): a bus
 *
 * Sets the bus that the element posts its messages on. A pipeline does this for its elements.
 */
void
ef_element_set_bus (EfElement *self, EfBus *bus)
{
  g_return_if_fail (EF_IS_ELEMENT (self));
  g_return_if_fail (bus == NULL || EF_IS_BUS (bus));
  g_return_if_fail (ef_element_get_state (self) == EF_STATE_NULL);

  g_set_object (&ef_element_get_private (self)->bus, bus);
}

/**
 * ef_element_get_context:
 * @self: an element
 *
 * The main context that the element lives in.
 *
 * Returns: (transfer none) (nullable): the context, or %NULL if none was set and the element is
 *   %EF_STATE_NULL
 */
GMainContext *
ef_element_get_context (EfElement *self)
{
  EfElementPrivate *priv;
  GMainContext *context;

  g_return_val_if_fail (EF_IS_ELEMENT (self), NULL);

  priv = ef_element_get_private (self);
  g_mutex_lock (&priv->context_lock);
  context = priv->context;
  g_mutex_unlock (&priv->context_lock);

  return context;
}

/**
 * ef_element_set_context:
 * @self: an element that is %EF_STATE_NULL
 * @context: (nullable): a main context, or %NULL for that of whoever starts the element
 *
 * Sets the main context that the element is to live in. A pipeline does this for its elements.
 */
void
ef_element_set_context (EfElement *self, GMainContext *context)
{
  EfElementPrivate *priv;

  g_return_if_fail (EF_IS_ELEMENT (self));
  g_return_if_fail (ef_element_get_state (self) == EF_STATE_NULL);

  priv = ef_element_get_private (self);
  g_mutex_lock (&priv->context_lock);
  g_clear_pointer (&priv->context, g_main_context_unref);
  priv->context = context != NULL ? g_main_context_ref (context) : NULL;
  priv->context_is_adopted = FALSE;
  priv->thread = NULL;
  g_mutex_unlock (&priv->context_lock);
}

/**
 * ef_element_get_stats:
 * @self: an element
 *
 * The element's figures, of type `a{sv}`: `events-in` and `events-out`, `rejected` (those it could not
 * handle), `dropped` (those that came to or from it while it did not play), all `t`, and `held` (`b`,
 * whether it holds its input); and those of its kind. It may be called from any thread.
 *
 * What became of rejected events: `errors-dropped`, `errors-dead-lettered` (delivered), `errors-failed`
 * (the end of the element), and `errors-undelivered` (dead letters that found no way). What was tried
 * again: `errors-retried` (tries), `errors-recovered` (events, or operations such as a write, that a try
 * has helped).
 *
 * Returns: (transfer full): the figures
 */
GVariant *
ef_element_get_stats (EfElement *self)
{
  EfElementPrivate *priv;
  GVariantDict stats;
  guint64 n_in, n_out, n_dropped;

  g_return_val_if_fail (EF_IS_ELEMENT (self), NULL);

  priv = ef_element_get_private (self);
  n_in = priv->sink != NULL ? ef_pad_get_n_events (priv->sink) : 0;
  n_out = priv->src != NULL ? ef_pad_get_n_events (priv->src) : 0;
  n_dropped = priv->sink != NULL ? ef_pad_get_n_dropped (priv->sink) : 0;
  n_dropped += priv->src != NULL ? ef_pad_get_n_dropped (priv->src) : 0;

  g_variant_dict_init (&stats, NULL);
  g_variant_dict_insert (&stats, "events-in", "t", n_in);
  g_variant_dict_insert (&stats, "events-out", "t", n_out);
  ef_element_add_error_stats (self, &stats);
  g_variant_dict_insert (&stats, "dropped", "t", n_dropped);
  g_variant_dict_insert (&stats, "held", "b", priv->sink != NULL && ef_pad_is_held (priv->sink));
  if (EF_ELEMENT_GET_CLASS (self)->add_stats != NULL)
    EF_ELEMENT_GET_CLASS (self)->add_stats (self, &stats);

  return g_variant_ref_sink (g_variant_dict_end (&stats));
}
