/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-bus-private.h"
#include "ef-clear-source-private.h"
#include "ef-message-private.h"

/**
 * EfBus:
 *
 * Carries messages from elements, whatever thread they live on, to the application.
 *
 * Any thread may post. The messages are delivered in the order in which they came, by the signal
 * [signal@EventFlux.Bus::message], in the thread-default main context of whoever made the bus; many
 * that wait are delivered in one wake-up. While no handler is connected, messages are not kept.
 *
 * What waits is bounded by [property@EventFlux.Bus:max-messages]. Messages that find no room are
 * counted in [property@EventFlux.Bus:dropped], and a warning with their number is delivered in their
 * place. Errors and ends of streams have as much room again for themselves.
 */

typedef enum
{
  PROP_MAX_MESSAGES = 1,
  PROP_DROPPED,
} EfBusProperty;

#define N_PROPERTIES (PROP_DROPPED + 1)
#define DEFAULT_MAX_MESSAGES 1024

struct _EfBus
{
  GObject parent_instance;

  GMutex lock;
  GQueue waiting;          /* of EfMessage; the lock guards it and what follows */
  guint max_messages;
  guint64 n_dropped;       /* since the bus was made */
  guint64 n_untold;        /* of these, those that no delivered message tells of yet */
  GSource *source;         /* while there is something to deliver */

  GMainContext *context;
};

typedef struct
{
  GSource source;
  GWeakRef bus;
} BusSource;

G_DEFINE_FINAL_TYPE (EfBus, ef_bus, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPERTIES];
static guint message_signal;

static void
deliver (EfBus *self, EfMessage *message)
{
  GQuark detail = g_quark_from_string (ef_message_get_name (message));

  g_signal_emit (self, message_signal, detail, message);
}

/* Whether more is to be delivered. If not, the source goes: an idle one costs 200 instructions in each
 * turn of the main loop. */
static gboolean
has_more (EfBus *self)
{
  gboolean more;

  g_mutex_lock (&self->lock);
  more = !g_queue_is_empty (&self->waiting) || self->n_untold > 0;
  if (!more)
    g_clear_pointer (&self->source, g_source_unref);
  g_mutex_unlock (&self->lock);

  return more;
}

/* Takes what waits, and the number of messages dropped behind it. */
static guint64
steal_waiting (EfBus *self, GQueue *messages)
{
  guint64 n_untold;

  g_mutex_lock (&self->lock);
  *messages = self->waiting;
  g_queue_init (&self->waiting);
  n_untold = self->n_untold;
  self->n_untold = 0;
  g_mutex_unlock (&self->lock);

  return n_untold;
}

static gboolean
bus_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  /* Another thread may be letting go of the bus at this moment. */
  g_autoptr (EfBus) self = g_weak_ref_get (&((BusSource *) source)->bus);
  GQueue messages;
  guint64 n_untold;

  /* Before the queue is taken: a message posted from now on wakes the context again. */
  g_source_set_ready_time (source, -1);
  if (self == NULL)
    return G_SOURCE_REMOVE;

  n_untold = steal_waiting (self, &messages);
  while (!g_queue_is_empty (&messages))
    {
      g_autoptr (EfMessage) message = g_queue_pop_head (&messages);

      deliver (self, message);
    }

  if (n_untold > 0)
    {
      g_autoptr (EfMessage) message = ef_message_new_dropped (n_untold);

      deliver (self, message);
    }

  return has_more (self);
}

static void
bus_source_finalize (GSource *source)
{
  g_weak_ref_clear (&((BusSource *) source)->bus);
}

static GSourceFuncs bus_source_funcs = {
  .dispatch = bus_source_dispatch,
  .finalize = bus_source_finalize,
};

/* The lock is held. */
static void
wake_up_locked (EfBus *self)
{
  if (self->source != NULL)
    {
      g_source_set_ready_time (self->source, 0);
      return;
    }

  self->source = g_source_new (&bus_source_funcs, sizeof (BusSource));
  g_weak_ref_init (&((BusSource *) self->source)->bus, self);
  g_source_set_static_name (self->source, "[EventFlux] bus");
  g_source_set_ready_time (self->source, 0);
  g_source_attach (self->source, self->context);
}

static void
ef_bus_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfBus *self = EF_BUS (object);

  g_mutex_lock (&self->lock);
  switch ((EfBusProperty) id)
    {
    case PROP_MAX_MESSAGES:
      g_value_set_uint (value, self->max_messages);
      break;
    case PROP_DROPPED:
      g_value_set_uint64 (value, self->n_dropped);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  g_mutex_unlock (&self->lock);
}

static void
set_max_messages (EfBus *self, guint max_messages)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = self->max_messages != max_messages;
  self->max_messages = max_messages;
  g_mutex_unlock (&self->lock);

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAX_MESSAGES]);
}

static void
ef_bus_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch ((EfBusProperty) id)
    {
    case PROP_MAX_MESSAGES:
      set_max_messages (EF_BUS (object), g_value_get_uint (value));
      break;
    case PROP_DROPPED:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_bus_finalize (GObject *object)
{
  EfBus *self = EF_BUS (object);

  ef_clear_source (&self->source);
  g_main_context_unref (self->context);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) ef_message_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (ef_bus_parent_class)->finalize (object);
}

static void
ef_bus_class_init (EfBusClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ef_bus_get_property;
  object_class->set_property = ef_bus_set_property;
  object_class->finalize = ef_bus_finalize;

  /**
   * EfBus:max-messages:
   *
   * How many messages may wait for the application. It may be set from any thread.
   */
  properties[PROP_MAX_MESSAGES] =
    g_param_spec_uint ("max-messages", NULL, "How many messages may wait for the application",
                       1, G_MAXUINT / 2, DEFAULT_MAX_MESSAGES,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * EfBus:dropped:
   *
   * How many messages found no room since the bus was made. It changes without notification.
   */
  properties[PROP_DROPPED] =
    g_param_spec_uint64 ("dropped", NULL, "How many messages found no room",
                         0, G_MAXUINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * EfBus::message:
   * @self: the bus
   * @message: what an element or a pipeline tells
   *
   * A message has come. The detail is its name, so `message::error` gets errors alone.
   *
   * Emitted in the context that the bus was made in.
   */
  message_signal = g_signal_new ("message", EF_TYPE_BUS,
                                 G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL,
                                 g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1,
                                 EF_TYPE_MESSAGE);
  g_signal_set_va_marshaller (message_signal, EF_TYPE_BUS, g_cclosure_marshal_VOID__BOXEDv);
}

static void
ef_bus_init (EfBus *self)
{
  g_mutex_init (&self->lock);
  g_queue_init (&self->waiting);
  self->max_messages = DEFAULT_MAX_MESSAGES;
  self->context = g_main_context_ref_thread_default ();
}

/**
 * ef_bus_new:
 *
 * Makes a bus that delivers in the thread-default main context of the caller.
 *
 * Returns: (transfer full): a new bus
 */
EfBus *
ef_bus_new (void)
{
  return g_object_new (EF_TYPE_BUS, NULL);
}

/* Whether there is room for a message of this kind. The lock is held. */
static gboolean
has_room_locked (EfBus *self, EfMessageKind kind)
{
  gboolean vital = kind == EF_MESSAGE_ERROR || kind == EF_MESSAGE_EOS;

  return self->waiting.length < (vital ? 2 * self->max_messages : self->max_messages);
}

/* Whether a handler is connected that this message would reach. */
gboolean
ef_bus_is_heard (EfBus *self, EfMessage *message)
{
  GQuark detail = g_quark_from_string (ef_message_get_name (message));

  return g_signal_has_handler_pending (self, message_signal, 0, TRUE)
         || g_signal_has_handler_pending (self, message_signal, detail, TRUE);
}

/**
 * ef_bus_post:
 * @self: a bus
 * @message: a message
 *
 * Posts a message. May be called from any thread, and never blocks; the handlers run later, in the
 * context of the bus.
 */
void
ef_bus_post (EfBus *self, EfMessage *message)
{
  g_return_if_fail (EF_IS_BUS (self));
  g_return_if_fail (message != NULL);

  if (!ef_bus_is_heard (self, message))
    return;

  g_mutex_lock (&self->lock);
  if (has_room_locked (self, ef_message_get_kind (message)))
    {
      g_queue_push_tail (&self->waiting, ef_message_ref (message));
    }
  else
    {
      self->n_dropped++;
      self->n_untold++;
    }
  wake_up_locked (self);
  g_mutex_unlock (&self->lock);
}
