/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-boxed-private.h"
#include "ef-error.h"
#include "ef-message-private.h"

struct _EfMessage
{
  gatomicrefcount ref_count;
  EfMessageKind kind;
  char *name;

  /* Weak until someone asks for it. A bus is held by the elements that post on it, so a strong
   * reference here would be a cycle for as long as nobody reads the bus. */
  GWeakRef weak_source;
  GObject *source;
  char *source_name;

  GError *error;
  char *debug;
  GVariant *details;
  gint64 timestamp;
};

EF_DEFINE_BOXED_TYPE (EfMessage, ef_message, ef_message_ref, ef_message_unref)

static char *
dup_source_name (GObject *source)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (source), "name");
  char *name = NULL;

  if (pspec != NULL && G_IS_PARAM_SPEC_STRING (pspec) && (pspec->flags & G_PARAM_READABLE))
    g_object_get (source, "name", &name, NULL);

  return name != NULL ? name : g_strdup (G_OBJECT_TYPE_NAME (source));
}

static EfMessage *
message_new (EfMessageKind kind, const char *name, GObject *source)
{
  EfMessage *self = g_new0 (EfMessage, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->name = g_strdup (name);
  g_weak_ref_init (&self->weak_source, source);
  self->source_name = source != NULL ? dup_source_name (source) : g_strdup ("eventflux");
  self->timestamp = g_get_real_time ();

  return self;
}

static EfMessage *
message_new_with_error (EfMessageKind kind, GObject *source, const GError *error, const char *debug)
{
  EfMessage *self = message_new (kind, kind == EF_MESSAGE_ERROR ? "error" : "warning", source);

  self->error = g_error_copy (error);
  self->debug = g_strdup (debug);

  return self;
}

/**
 * ef_message_new_error:
 * @source: who tells
 * @error: what went wrong, for the person who runs the application
 * @debug: (nullable): more of it, for the person who debugs the application
 *
 * Makes a message of a failure that its source does not recover from by itself.
 *
 * Returns: (transfer full): a new message
 */
EfMessage *
ef_message_new_error (GObject *source, const GError *error, const char *debug)
{
  g_return_val_if_fail (G_IS_OBJECT (source), NULL);
  g_return_val_if_fail (error != NULL, NULL);

  return message_new_with_error (EF_MESSAGE_ERROR, source, error, debug);
}

/**
 * ef_message_new_warning:
 * @source: who tells
 * @error: what went wrong, for the person who runs the application
 * @debug: (nullable): more of it, for the person who debugs the application
 *
 * Makes a message of a failure after which its source goes on.
 *
 * Returns: (transfer full): a new message
 */
EfMessage *
ef_message_new_warning (GObject *source, const GError *error, const char *debug)
{
  g_return_val_if_fail (G_IS_OBJECT (source), NULL);
  g_return_val_if_fail (error != NULL, NULL);

  return message_new_with_error (EF_MESSAGE_WARNING, source, error, debug);
}

static GVariant *
counted_details (guint64 count)
{
  return g_variant_ref_sink (g_variant_new_parsed ("{'count': <%t>}", count));
}

/* A warning that is printed also where warnings are not: the message's details have its `level`. */
EfMessage *
ef_message_new_loud (GObject *source, const GError *error, const char *debug)
{
  EfMessage *self = message_new_with_error (EF_MESSAGE_WARNING, source, error, debug);

  self->details = g_variant_ref_sink (g_variant_new_parsed ("{'level': <'error'>}"));

  return self;
}

/* A warning that stands for @n_suppressed others, of which @last was the last. */
EfMessage *
ef_message_new_suppressed (GObject *source, const GError *last, guint64 n_suppressed)
{
  g_autoptr (GError) error = g_error_copy (last);
  EfMessage *self;

  g_free (error->message);
  error->message = g_strdup_printf ("%" G_GUINT64_FORMAT " more warnings; the last of them: %s",
                                    n_suppressed, last->message);

  self = message_new_with_error (EF_MESSAGE_WARNING, source, error, NULL);
  self->details = counted_details (n_suppressed);

  return self;
}

/* The warning of a bus that had no room for @n_dropped messages. */
EfMessage *
ef_message_new_dropped (guint64 n_dropped)
{
  g_autoptr (GError) error = NULL;
  EfMessage *self;

  error = g_error_new (EF_ERROR, EF_ERROR_RESOURCE,
                       "%" G_GUINT64_FORMAT " messages were dropped here, as the application did "
                       "not take them in time",
                       n_dropped);
  self = message_new_with_error (EF_MESSAGE_WARNING, NULL, error, NULL);
  self->details = counted_details (n_dropped);

  return self;
}

/**
 * ef_message_new_eos:
 * @source: who tells
 *
 * Makes a message of the end of a stream.
 *
 * Returns: (transfer full): a new message
 */
EfMessage *
ef_message_new_eos (GObject *source)
{
  g_return_val_if_fail (G_IS_OBJECT (source), NULL);

  return message_new (EF_MESSAGE_EOS, "eos", source);
}

/**
 * ef_message_new_state_changed:
 * @source: who tells
 * @old_state: the state it left
 * @new_state: the state it has
 *
 * Makes a message of a change of state. The message's details are the two states by name, `old` and
 * `new`.
 *
 * Returns: (transfer full): a new message
 */
EfMessage *
ef_message_new_state_changed (GObject *source, EfState old_state, EfState new_state)
{
  EfMessage *self;

  g_return_val_if_fail (G_IS_OBJECT (source), NULL);

  self = message_new (EF_MESSAGE_STATE_CHANGED, "state-changed", source);
  self->details = g_variant_ref_sink (g_variant_new_parsed ("{'old': <%s>, 'new': <%s>}",
                                                            ef_state_to_string (old_state),
                                                            ef_state_to_string (new_state)));

  return self;
}

/**
 * ef_message_new_element:
 * @source: who tells
 * @name: what it tells, a word in kebab-case
 * @details: (nullable): more of it, of type `a{sv}`; a floating reference is taken
 *
 * Makes a message that only this kind of element knows.
 *
 * Returns: (transfer full): a new message
 */
EfMessage *
ef_message_new_element (GObject *source, const char *name, GVariant *details)
{
  EfMessage *self;

  g_return_val_if_fail (G_IS_OBJECT (source), NULL);
  g_return_val_if_fail (name != NULL && *name != '\0', NULL);
  g_return_val_if_fail (details == NULL
                          || g_variant_is_of_type (details, G_VARIANT_TYPE_VARDICT),
                        NULL);

  self = message_new (EF_MESSAGE_ELEMENT, name, source);
  if (details != NULL)
    self->details = g_variant_ref_sink (details);

  return self;
}

/**
 * ef_message_ref:
 * @self: a message
 *
 * Takes a reference. May be called from any thread.
 *
 * Returns: (transfer full): @self
 */
EfMessage *
ef_message_ref (EfMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * ef_message_unref:
 * @self: (transfer full): a message
 *
 * Lets go of a reference. May be called from any thread.
 */
void
ef_message_unref (EfMessage *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_weak_ref_clear (&self->weak_source);
  g_clear_object (&self->source);
  g_clear_error (&self->error);
  g_clear_pointer (&self->details, g_variant_unref);
  g_free (self->source_name);
  g_free (self->debug);
  g_free (self->name);
  g_free (self);
}

/**
 * ef_message_get_kind:
 * @self: a message
 *
 * What the message is about.
 *
 * Returns: its kind
 */
EfMessageKind
ef_message_get_kind (EfMessage *self)
{
  g_return_val_if_fail (self != NULL, EF_MESSAGE_ELEMENT);

  return self->kind;
}

/**
 * ef_message_get_name:
 * @self: a message
 *
 * The word for what the message tells, which is the detail of [signal@EventFlux.Bus::message].
 *
 * Returns: a word in kebab-case
 */
const char *
ef_message_get_name (EfMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * ef_message_get_source:
 * @self: a message
 *
 * Who posted the message. From the first call on, the message keeps it alive.
 *
 * Returns: (transfer none) (nullable): an element or a pipeline, or %NULL if it is gone or the bus
 *   itself made the message
 */
GObject *
ef_message_get_source (EfMessage *self)
{
  GObject *source;

  g_return_val_if_fail (self != NULL, NULL);

  source = g_atomic_pointer_get (&self->source);
  if (source != NULL)
    return source;

  source = g_weak_ref_get (&self->weak_source);
  if (source != NULL && !g_atomic_pointer_compare_and_exchange (&self->source, NULL, source))
    g_object_unref (source); /* another thread was faster, with the same object */

  return source;
}

/**
 * ef_message_get_source_name:
 * @self: a message
 *
 * The name that the source had when it posted the message.
 *
 * Returns: the name of an element or a pipeline
 */
const char *
ef_message_get_source_name (EfMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->source_name;
}

/**
 * ef_message_get_error:
 * @self: a message
 *
 * What went wrong.
 *
 * Returns: (nullable): the error of an error or a warning, %NULL for other messages
 */
const GError *
ef_message_get_error (EfMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->error;
}

/**
 * ef_message_get_debug:
 * @self: a message
 *
 * More about an error or a warning, for the person who debugs the application.
 *
 * Returns: (nullable): the text, if there is any
 */
const char *
ef_message_get_debug (EfMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->debug;
}

/**
 * ef_message_get_details:
 * @self: a message
 *
 * The figures of a message: what the element gave, or the states of a `state-changed`. A warning
 * that stands for others, which came too fast to be posted each, has their `count` (a `t`).
 *
 * Returns: (transfer none) (nullable): a variant of type `a{sv}`, or %NULL
 */
GVariant *
ef_message_get_details (EfMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->details;
}

/**
 * ef_message_get_timestamp:
 * @self: a message
 *
 * When the message was made.
 *
 * Returns: microseconds since the epoch
 */
gint64
ef_message_get_timestamp (EfMessage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->timestamp;
}

/**
 * ef_message_to_string:
 * @self: a message
 *
 * Prints the message for a person, in one line that names the source first.
 *
 * Returns: (transfer full): the text
 */
char *
ef_message_to_string (EfMessage *self)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new (self->source_name);
  g_string_append_printf (text, ": %s", self->name);
  if (self->error != NULL)
    g_string_append_printf (text, ": %s", self->error->message);
  if (self->debug != NULL)
    g_string_append_printf (text, " (%s)", self->debug);
  if (self->error == NULL && self->details != NULL)
    {
      g_autofree char *details = g_variant_print (self->details, FALSE);

      g_string_append_printf (text, " %s", details);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
