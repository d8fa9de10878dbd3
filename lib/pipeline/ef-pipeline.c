/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-pipeline-private.h"

#include "ef-bus-private.h"
#include "ef-enum-types.h"
#include "ef-error.h"
#include "ef-source.h"

/**
 * EfPipeline:
 *
 * Elements that are linked, and started and stopped together.
 *
 * A pipeline is made from a description with [ctor@EventFlux.Pipeline.new_from_description], or
 * from elements that a program has made and linked, with [method@EventFlux.Pipeline.add_element].
 *
 * ## States
 *
 * A pipeline goes through the states of its elements, and takes them with it in an order that loses
 * nothing. Up: the configuration of all elements is checked before the first one connects; then
 * everything that takes events goes up before what brings them. Down: sources cease first, then
 * what queues still keep is sent on within [property@EventFlux.Pipeline:drain-timeout-ms], then the
 * others stop, one behind the other.
 *
 * It is all or nothing: if one element fails, on the way up or later, the pipeline tells of it
 * once, with an `error` message and the signal [signal@EventFlux.Pipeline::error], and takes all
 * elements down to %EF_STATE_NULL. When all streams have ended it tells by an `eos` message and
 * [signal@EventFlux.Pipeline::eos], and goes on playing until it is stopped.
 *
 * ## Contexts
 *
 * A pipeline belongs to the thread-default context of whoever made it, and is used from there
 * alone, except for [method@EventFlux.Pipeline.get_stats]. Its messages, signals and callbacks come
 * there. Its elements live there too, less those behind a `queue`, which have a thread for
 * themselves. No call waits.
 *
 * A pipeline that plays should be kept until it is stopped. One that is let go nevertheless stops
 * first, as long as its context is iterated.
 */

typedef enum
{
  PROP_NAME = 1,
  PROP_BUS,
  PROP_STATE,
  PROP_DRAIN_TIMEOUT_MS,
} EfPipelineProperty;

#define N_PROPERTIES             (PROP_DRAIN_TIMEOUT_MS + 1)
#define DEFAULT_NAME             "pipeline"
#define DEFAULT_DRAIN_TIMEOUT_MS 5000

enum
{
  SIGNAL_ERROR,
  SIGNAL_EOS,
  SIGNAL_VALIDATED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (EfPipeline, ef_pipeline, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void
on_element_message (EfBus *bus, EfMessage *message, gpointer user_data)
{
  EfPipeline *self = user_data;

  switch (ef_message_get_kind (message))
    {
    case EF_MESSAGE_ERROR:
      ef_pipeline_handle_error (self, message);
      break;
    case EF_MESSAGE_EOS:
      ef_pipeline_handle_eos (self, message);
      break;
    case EF_MESSAGE_WARNING:
    case EF_MESSAGE_STATE_CHANGED:
    case EF_MESSAGE_ELEMENT:
    default:
      ef_pipeline_post (self, message);
      break;
    }
}

static void
ef_pipeline_constructed (GObject *object)
{
  EfPipeline *self = EF_PIPELINE (object);

  G_OBJECT_CLASS (ef_pipeline_parent_class)->constructed (object);

  self->context = g_main_context_ref_thread_default ();
  self->bus = ef_bus_new ();
  self->inner_bus = ef_bus_new ();
  g_signal_connect_object (self->inner_bus, "message", G_CALLBACK (on_element_message), self, 0);
}

static void
ef_pipeline_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfPipeline *self = EF_PIPELINE (object);

  switch ((EfPipelineProperty) id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_BUS:
      g_value_set_object (value, self->bus);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_DRAIN_TIMEOUT_MS:
      g_value_set_uint (value, self->drain_timeout_ms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_pipeline_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfPipeline *self = EF_PIPELINE (object);

  switch ((EfPipelineProperty) id)
    {
    case PROP_NAME:
      self->name = g_value_dup_string (value);
      break;
    case PROP_DRAIN_TIMEOUT_MS:
      ef_pipeline_set_drain_timeout_ms (self, g_value_get_uint (value));
      break;
    case PROP_BUS:
    case PROP_STATE:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_pipeline_dispose (GObject *object)
{
  EfPipeline *self = EF_PIPELINE (object);

  /* The request takes a reference: the pipeline lives on until its elements are down. */
  if (self->state != EF_STATE_NULL)
    {
      ef_pipeline_stop (self);
      return;
    }

  G_OBJECT_CLASS (ef_pipeline_parent_class)->dispose (object);
}

static void
ef_pipeline_finalize (GObject *object)
{
  EfPipeline *self = EF_PIPELINE (object);

  g_assert (g_queue_is_empty (&self->requests));

  g_clear_pointer (&self->graph, ef_pipeline_graph_free);
  g_hash_table_unref (self->threads);
  g_hash_table_unref (self->unended);
  g_ptr_array_unref (self->elements);
  g_clear_pointer (&self->spec, ef_pipeline_spec_unref);
  g_object_unref (self->inner_bus);
  g_object_unref (self->bus);
  g_main_context_unref (self->context);
  g_free (self->name);

  G_OBJECT_CLASS (ef_pipeline_parent_class)->finalize (object);
}

static void
install_signals (GType type)
{
  /**
   * EfPipeline::error:
   * @self: the pipeline
   * @element: the name of the element that failed, or of the pipeline
   * @error: why it failed
   *
   * The pipeline has failed, and is on its way down to %EF_STATE_NULL.
   */
  signals[SIGNAL_ERROR] = g_signal_new ("error", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);

  /**
   * EfPipeline::eos:
   * @self: the pipeline
   *
   * All streams have ended: no source brings any more, and all sinks have dealt with what came.
   */
  signals[SIGNAL_EOS] = g_signal_new ("eos", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      g_cclosure_marshal_VOID__VOID, G_TYPE_NONE, 0);

  /**
   * EfPipeline::validated:
   * @self: the pipeline
   * @element: the element that was checked
   * @connectivity: whether its endpoint was tried too, or the configuration alone
   * @error: (nullable): what is wrong, or %NULL if nothing is
   *
   * [method@EventFlux.Pipeline.validate_async] has checked an element.
   */
  signals[SIGNAL_VALIDATED] =
    g_signal_new ("validated", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                  EF_TYPE_ELEMENT, G_TYPE_BOOLEAN, G_TYPE_ERROR);
}

static void
ef_pipeline_class_init (EfPipelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = ef_pipeline_constructed;
  object_class->get_property = ef_pipeline_get_property;
  object_class->set_property = ef_pipeline_set_property;
  object_class->dispose = ef_pipeline_dispose;
  object_class->finalize = ef_pipeline_finalize;

  /**
   * EfPipeline:name:
   *
   * The name that the messages of the pipeline itself bear.
   */
  properties[PROP_NAME] = g_param_spec_string (
    "name", NULL, "The name that the messages of the pipeline itself bear", DEFAULT_NAME,
    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * EfPipeline:bus:
   *
   * What carries the messages of the pipeline and of its elements.
   */
  properties[PROP_BUS] = g_param_spec_object (
    "bus", NULL, "What carries the messages of the pipeline and of its elements", EF_TYPE_BUS,
    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * EfPipeline:state:
   *
   * The state that the pipeline has.
   */
  properties[PROP_STATE] = g_param_spec_enum (
    "state", NULL, "The state that the pipeline has", EF_TYPE_STATE, EF_STATE_NULL,
    G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * EfPipeline:drain-timeout-ms:
   *
   * How long a stop waits until queues have sent on what they keep, in milliseconds.
   */
  properties[PROP_DRAIN_TIMEOUT_MS] =
    g_param_spec_uint ("drain-timeout-ms", NULL,
                       "How long a stop waits until queues have sent on what they keep, in "
                       "milliseconds",
                       0, G_MAXINT, DEFAULT_DRAIN_TIMEOUT_MS,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  install_signals (G_TYPE_FROM_CLASS (klass));
}

static void
ef_pipeline_init (EfPipeline *self)
{
  self->elements = g_ptr_array_new_with_free_func (g_object_unref);
  self->threads = g_hash_table_new (NULL, NULL);
  self->unended = g_hash_table_new (NULL, NULL);
  self->drain_timeout_ms = DEFAULT_DRAIN_TIMEOUT_MS;
  g_queue_init (&self->requests);
}

/**
 * ef_pipeline_new:
 *
 * Makes a pipeline that has no elements yet.
 *
 * Returns: (transfer full): a new pipeline
 */
EfPipeline *
ef_pipeline_new (void)
{
  return g_object_new (EF_TYPE_PIPELINE, NULL);
}

/* Tells the application. What nobody hears of goes to the log if it is a failure. */
void
ef_pipeline_post (EfPipeline *self, EfMessage *message)
{
  g_autofree char *text = NULL;

  if (ef_message_get_error (message) == NULL || ef_bus_is_heard (self->bus, message))
    {
      ef_bus_post (self->bus, message);
      return;
    }

  if (g_signal_has_handler_pending (self, signals[SIGNAL_ERROR], 0, TRUE))
    return;

  text = ef_message_to_string (message);
  g_message ("%s", text);
}

void
ef_pipeline_notify_state (EfPipeline *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
ef_pipeline_emit_error (EfPipeline *self, const char *element, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_ERROR], 0, element, error);
}

void
ef_pipeline_emit_eos (EfPipeline *self)
{
  g_signal_emit (self, signals[SIGNAL_EOS], 0);
}

void
ef_pipeline_emit_validated (EfPipeline *self,
                            EfElement *element,
                            gboolean connectivity,
                            const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_VALIDATED], 0, element, connectivity, error);
}

/**
 * ef_pipeline_add_element:
 * @self: a pipeline in %EF_STATE_NULL
 * @element: an element in %EF_STATE_NULL that is in no other pipeline
 * @error: return location for an error
 *
 * Adds an element. It is the caller who links it, before or after this.
 *
 * The pipeline sets the bus of the element, and, when it starts, its context.
 *
 * Errors: %EF_ERROR_INVALID_VALUE if another element of the pipeline has the name of this one,
 * %EF_ERROR_STATE if the element or the pipeline is started.
 *
 * Returns: %TRUE if the element is now part of the pipeline
 */
gboolean
ef_pipeline_add_element (EfPipeline *self, EfElement *element, GError **error)
{
  const char *name;

  g_return_val_if_fail (EF_IS_PIPELINE (self), FALSE);
  g_return_val_if_fail (EF_IS_ELEMENT (element), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  name = ef_element_get_name (element);

  if (self->state != EF_STATE_NULL || self->transition != NULL || self->validation != NULL ||
      ef_element_get_state (element) != EF_STATE_NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_STATE,
                   "“%s” can not be added: stop the element and the pipeline first", name);
      return FALSE;
    }

  if (ef_pipeline_get_element (self, name) != NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                   "the pipeline has an element called “%s” already: give this one another name",
                   name);
      return FALSE;
    }

  ef_element_set_bus (element, self->inner_bus);
  g_ptr_array_add (self->elements, g_object_ref (element));

  return TRUE;
}

/**
 * ef_pipeline_get_element:
 * @self: a pipeline
 * @name: a name, such as `out` or `jsondecode0`
 *
 * Finds an element by its name.
 *
 * Returns: (transfer none) (nullable): the element, or %NULL if there is none of that name
 */
EfElement *
ef_pipeline_get_element (EfPipeline *self, const char *name)
{
  g_return_val_if_fail (EF_IS_PIPELINE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->elements->len; i++)
    {
      EfElement *element = g_ptr_array_index (self->elements, i);

      if (g_str_equal (ef_element_get_name (element), name))
        return element;
    }

  return NULL;
}

/**
 * ef_pipeline_get_elements:
 * @self: a pipeline
 *
 * Lists the elements, in the order in which they were added.
 *
 * Returns: (transfer container) (element-type EfElement): the elements
 */
GPtrArray *
ef_pipeline_get_elements (EfPipeline *self)
{
  GPtrArray *elements;

  g_return_val_if_fail (EF_IS_PIPELINE (self), NULL);

  elements = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->elements->len; i++)
    g_ptr_array_add (elements, g_object_ref (g_ptr_array_index (self->elements, i)));

  return elements;
}

/**
 * ef_pipeline_get_bus:
 * @self: a pipeline
 *
 * Gets the bus, which carries the messages of the pipeline and of its elements.
 *
 * `error` comes once, from the element that failed or from the pipeline. `eos` comes from the
 * pipeline alone, when all streams have ended.
 *
 * Returns: (transfer none): the bus
 */
EfBus *
ef_pipeline_get_bus (EfPipeline *self)
{
  g_return_val_if_fail (EF_IS_PIPELINE (self), NULL);

  return self->bus;
}

/**
 * ef_pipeline_get_state:
 * @self: a pipeline
 *
 * Gets the state: the one that all elements have reached on the way up, or left none of them above
 * on the way down.
 *
 * Returns: the state
 */
EfState
ef_pipeline_get_state (EfPipeline *self)
{
  g_return_val_if_fail (EF_IS_PIPELINE (self), EF_STATE_NULL);

  return self->state;
}

/**
 * ef_pipeline_get_drain_timeout_ms:
 * @self: a pipeline
 *
 * Gets how long a stop waits until queues have sent on what they keep.
 *
 * Returns: a number of milliseconds
 */
guint
ef_pipeline_get_drain_timeout_ms (EfPipeline *self)
{
  g_return_val_if_fail (EF_IS_PIPELINE (self), 0);

  return self->drain_timeout_ms;
}

/**
 * ef_pipeline_set_drain_timeout_ms:
 * @self: a pipeline
 * @milliseconds: a number of milliseconds
 *
 * Sets how long a stop waits until queues have sent on what they keep. What they still have then is
 * dropped.
 */
void
ef_pipeline_set_drain_timeout_ms (EfPipeline *self, guint milliseconds)
{
  g_return_if_fail (EF_IS_PIPELINE (self));
  g_return_if_fail (milliseconds <= G_MAXINT);

  if (self->drain_timeout_ms == milliseconds)
    return;

  self->drain_timeout_ms = milliseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DRAIN_TIMEOUT_MS]);
}

/**
 * ef_pipeline_get_stats:
 * @self: a pipeline
 *
 * Gets the figures of all elements, of type `a{sv}`: for each name of an element the figures that
 * [method@EventFlux.Element.get_stats] gives. It may be called from any thread, once no more
 * elements are added.
 *
 * Returns: (transfer full): the figures
 */
GVariant *
ef_pipeline_get_stats (EfPipeline *self)
{
  GVariantBuilder builder;

  g_return_val_if_fail (EF_IS_PIPELINE (self), NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < self->elements->len; i++)
    {
      EfElement *element = g_ptr_array_index (self->elements, i);
      g_autoptr (GVariant) stats = ef_element_get_stats (element);

      g_variant_builder_add (&builder, "{sv}", ef_element_get_name (element), stats);
    }

  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/**
 * ef_pipeline_send_eos:
 * @self: a pipeline
 *
 * Has all sources end their streams now. What is under way goes through, and the pipeline tells of
 * `eos` when the sinks have dealt with it. A pipeline that does not play is left as it is.
 */
void
ef_pipeline_send_eos (EfPipeline *self)
{
  g_return_if_fail (EF_IS_PIPELINE (self));

  if (self->state != EF_STATE_PLAYING)
    return;

  for (guint i = 0; i < self->elements->len; i++)
    {
      EfElement *element = g_ptr_array_index (self->elements, i);

      if (!EF_IS_SOURCE (element) || !g_hash_table_contains (self->unended, element) ||
          ef_element_get_state (element) != EF_STATE_PLAYING)
        continue;

      /* Nothing may come after the end. */
      ef_source_end (EF_SOURCE (element));
      ef_element_set_state_async (element, EF_STATE_PAUSED, NULL, NULL, NULL);
    }
}
