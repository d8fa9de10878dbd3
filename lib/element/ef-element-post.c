/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-bus-private.h"
#include "ef-clear-source-private.h"
#include "ef-element-private.h"
#include "ef-message-private.h"

/* What elements tell: by signal to whoever holds the element, by the bus to the application, and to
 * the log if nobody listens to either. */

/* Of the warnings of one second, so many are posted one by one. A message with the number of the
 * others follows at its end. A feed of bad data would otherwise be a feed of messages. */
#define WARNINGS_PER_SECOND 10

enum
{
  SIGNAL_ERROR,
  SIGNAL_EOS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
ef_element_install_signals (EfElementClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  /**
   * EfElement::error:
   * @self: the element
   * @error: what went wrong
   *
   * Something went wrong, whether or not the element goes on: its state tells. It is emitted for each
   * error, also where the bus gets only their number.
   *
   * Emitted in the element's context.
   */
  signals[SIGNAL_ERROR] = g_signal_new ("error", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1,
                                        G_TYPE_ERROR);
  g_signal_set_va_marshaller (signals[SIGNAL_ERROR], type, g_cclosure_marshal_VOID__BOXEDv);

  /**
   * EfElement::eos:
   * @self: the element
   *
   * The stream has ended: a source brings no more, a sink has dealt with all that came.
   *
   * Emitted in the element's context.
   */
  signals[SIGNAL_EOS] = g_signal_new ("eos", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      g_cclosure_marshal_VOID__VOID, G_TYPE_NONE, 0);
  g_signal_set_va_marshaller (signals[SIGNAL_EOS], type, g_cclosure_marshal_VOID__VOIDv);
}

static gboolean
has_error_handler (EfElement *self)
{
  return g_signal_has_handler_pending (self, signals[SIGNAL_ERROR], 0, TRUE);
}

void
ef_element_emit_error (EfElement *self, const GError *error)
{
  if (has_error_handler (self))
    g_signal_emit (self, signals[SIGNAL_ERROR], 0, error);
}

/**
 * ef_element_post_message: (skip)
 * @self: an element
 * @message: a message
 *
 * Posts a message on the element's bus, if it has one. For those who write elements.
 */
void
ef_element_post_message (EfElement *self, EfMessage *message)
{
  EfElementPrivate *priv;

  g_return_if_fail (EF_IS_ELEMENT (self));
  g_return_if_fail (message != NULL);

  priv = ef_element_get_private (self);
  if (priv->bus != NULL)
    ef_bus_post (priv->bus, message);
}

/**
 * ef_element_post_details: (skip)
 * @self: an element
 * @name: what it tells, a word in kebab-case such as `connected`
 * @details: (nullable): more of it, of type `a{sv}`; a floating reference is taken
 *
 * Posts what only this kind of element knows. For those who write elements.
 */
void
ef_element_post_details (EfElement *self, const char *name, GVariant *details)
{
  g_autoptr (EfMessage) message = NULL;

  g_return_if_fail (EF_IS_ELEMENT (self));

  message = ef_message_new_element (G_OBJECT (self), name, details);
  ef_element_post_message (self, message);
}

/* Posts an error or a warning. One that nobody would hear of goes to the log. */
static void
post_or_log (EfElement *self, EfMessage *message)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  g_autofree char *text = NULL;

  if (priv->bus != NULL && ef_bus_is_heard (priv->bus, message))
    {
      ef_bus_post (priv->bus, message);
      return;
    }

  if (has_error_handler (self))
    return;

  text = ef_message_to_string (message);
  g_message ("%s", text);
}

/**
 * ef_element_post_error: (skip)
 * @self: an element
 * @error: what went wrong, for the person who runs the application
 * @debug: (nullable): more of it, for the person who debugs the application
 *
 * Tells of a failure after which the element does not go on by itself: by the signal
 * [signal@EventFlux.Element::error] and by a message. For those who write elements; it is called in
 * the element's context.
 */
void
ef_element_post_error (EfElement *self, const GError *error, const char *debug)
{
  g_autoptr (EfMessage) message = NULL;

  g_return_if_fail (EF_IS_ELEMENT (self));
  g_return_if_fail (error != NULL);

  message = ef_message_new_error (G_OBJECT (self), error, debug);
  post_or_log (self, message);
  ef_element_emit_error (self, error);
}

/* Tells of the warnings that were not posted, so that none goes uncounted. */
void
ef_element_end_warnings (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  g_autoptr (EfMessage) message = NULL;
  g_autoptr (GError) last = g_steal_pointer (&priv->suppressed);
  guint64 n_suppressed = priv->n_suppressed;

  ef_clear_source (&priv->warning_timer);
  priv->n_suppressed = 0;
  priv->n_warnings = 0;

  if (last == NULL)
    return;

  message = ef_message_new_suppressed (G_OBJECT (self), last, n_suppressed);
  post_or_log (self, message);
}

static gboolean
on_warning_second (gpointer user_data)
{
  ef_element_end_warnings (user_data);

  return G_SOURCE_REMOVE;
}

static void
start_warning_second (EfElement *self)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  EfClock *clock = ef_element_get_clock (self);

  priv->warning_timer = ef_clock_create_timeout (clock, G_USEC_PER_SEC);
  g_source_set_static_name (priv->warning_timer, "[EventFlux] second of warnings");
  g_source_set_callback (priv->warning_timer, on_warning_second, self, NULL);
  g_source_attach (priv->warning_timer, priv->context);
}

/* Posts a warning, if there were not too many in this second. */
static void
post_warning (EfElement *self, const GError *error, const char *debug, EfErrorLogLevel level)
{
  EfElementPrivate *priv = ef_element_get_private (self);
  g_autoptr (EfMessage) message = NULL;

  if (priv->warning_timer == NULL)
    start_warning_second (self);

  if (priv->n_warnings >= WARNINGS_PER_SECOND)
    {
      priv->n_suppressed++;
      g_clear_error (&priv->suppressed);
      priv->suppressed = g_error_copy (error);
      return;
    }

  if (level == EF_ERROR_LOG_ERROR)
    message = ef_message_new_loud (G_OBJECT (self), error, debug);
  else
    message = ef_message_new_warning (G_OBJECT (self), error, debug);
  priv->n_warnings++;
  post_or_log (self, message);
}

/**
 * ef_element_post_warning: (skip)
 * @self: an element
 * @error: what went wrong, for the person who runs the application
 * @debug: (nullable): more of it, for the person who debugs the application
 *
 * Tells of a failure after which the element goes on: by the signal [signal@EventFlux.Element::error]
 * and by a message. For those who write elements; it is called in the element's context.
 *
 * Ten messages a second are posted. At the end of that second one more follows if there were more
 * warnings, with the text of the last of them and with their number, `count`, in its details.
 */
void
ef_element_post_warning (EfElement *self, const GError *error, const char *debug)
{
  g_return_if_fail (EF_IS_ELEMENT (self));
  g_return_if_fail (error != NULL);

  post_warning (self, error, debug, EF_ERROR_LOG_WARN);
  ef_element_emit_error (self, error);
}

/* Tells of a failure as loudly as the error policy wants it. */
void
ef_element_tell (EfElement *self, const GError *error, const char *debug, EfErrorLogLevel level)
{
  const char *name = ef_element_get_name (self);

  if (level == EF_ERROR_LOG_INFO)
    g_info ("%s: %s", name, error->message);
  else if (level == EF_ERROR_LOG_DEBUG)
    g_debug ("%s: %s", name, error->message);
  else
    post_warning (self, error, debug, level);

  ef_element_emit_error (self, error);
}

/* Tells of a failure after which there is another try. */
void
ef_element_tell_wait (EfElement *self, const GError *error, const EfBackoff *backoff, gint64 delay)
{
  g_autofree char *of = NULL;
  g_autoptr (GError) told = g_error_copy (error);

  if (backoff->max_attempts >= 0)
    of = g_strdup_printf (" of %d", backoff->max_attempts);

  g_free (told->message);
  told->message =
    g_strdup_printf ("%s; to be tried again in %" G_GINT64_FORMAT " ms, try %u%s", error->message,
                     delay / 1000, ef_backoff_get_attempts (backoff), of != NULL ? of : "");
  ef_element_tell (self, told, NULL, ef_element_get_private (self)->policy.log_level);
}

/**
 * ef_element_post_eos: (skip)
 * @self: an element
 *
 * Tells of the end of the stream: by the signal [signal@EventFlux.Element::eos] and by a message. For
 * those who write elements; it is called in the element's context.
 */
void
ef_element_post_eos (EfElement *self)
{
  g_autoptr (EfMessage) message = NULL;

  g_return_if_fail (EF_IS_ELEMENT (self));

  message = ef_message_new_eos (G_OBJECT (self));
  ef_element_post_message (self, message);
  g_signal_emit (self, signals[SIGNAL_EOS], 0);
}
