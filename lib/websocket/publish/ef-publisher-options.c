/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-enum-types.h"
#include "ef-publisher-private.h"

/* The properties of a publisher. */

#define DEFAULT_MAX_MESSAGES 10000
#define DEFAULT_MAX_BYTES (16 * 1024 * 1024)
#define DEFAULT_ACK_TIMEOUT_MS 30000
#define DEFAULT_SPOOL_MAX_BYTES (1024 * 1024 * 1024)

#define SETTABLE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static void
install_buffer (GObjectClass *klass, guint first_id)
{
  /**
   * EfWebSocketSink:buffer-max-messages:
   *
   * How many messages may wait, while there is no connection or it takes no more.
   */
  g_object_class_install_property (
      klass, first_id + EF_PUBLISHER_BUFFER_MAX_MESSAGES,
      g_param_spec_uint ("buffer-max-messages", NULL, "How many messages may wait to be sent.", 1,
                         G_MAXINT32, DEFAULT_MAX_MESSAGES, SETTABLE));

  /**
   * EfWebSocketSink:buffer-max-bytes:
   *
   * How many bytes of messages may wait, while there is no connection or it takes no more.
   */
  g_object_class_install_property (
      klass, first_id + EF_PUBLISHER_BUFFER_MAX_BYTES,
      g_param_spec_uint64 ("buffer-max-bytes", NULL,
                           "How many bytes of messages may wait to be sent.", 1, G_MAXINT64,
                           DEFAULT_MAX_BYTES, SETTABLE));

  /**
   * EfWebSocketSink:overflow:
   *
   * What to do when as much waits as may.
   */

  /**
   * EfWebSocketSink:overflow-key:
   *
   * What tells messages apart for %EF_OVERFLOW_LATEST_BY_KEY: a path into them such as `$.symbol`.
   */
  ef_overflow_policy_install (klass, first_id + EF_PUBLISHER_OVERFLOW);
}

static void
install_spool (GObjectClass *klass, guint first_id)
{
  /**
   * EfWebSocketSink:spool:
   *
   * A file for messages that have to wait, in which they outlast the process: what
   * [method@EventFlux.WebSocketSink.publish] took, or the input, is sent by this sink or by the next
   * one with that file, in order. In memory is only as much as
   * [property@EventFlux.WebSocketSink:buffer-max-messages] and
   * [property@EventFlux.WebSocketSink:buffer-max-bytes] say. A file belongs to one sink at a time.
   */
  g_object_class_install_property (
      klass, first_id + EF_PUBLISHER_SPOOL,
      g_param_spec_string ("spool", NULL,
                           "A file in which messages that have not left outlast the process.", NULL,
                           SETTABLE));

  /**
   * EfWebSocketSink:spool-max-bytes:
   *
   * How many bytes of messages may wait in the spool.
   */
  g_object_class_install_property (
      klass, first_id + EF_PUBLISHER_SPOOL_MAX_BYTES,
      g_param_spec_uint64 ("spool-max-bytes", NULL,
                           "How many bytes of messages may wait in the spool.", 1, G_MAXINT64,
                           DEFAULT_SPOOL_MAX_BYTES, SETTABLE));
}

static void
install_ack (GObjectClass *klass, guint first_id)
{
  /**
   * EfWebSocketSink:ack-path:
   *
   * A path into the text messages that the server sends, such as `$.ack`, by which it confirms those
   * that it got. Until then a message is kept, counts as waiting, and is sent again by the next
   * connection; what the server sends without anything there is dropped. Without
   * [property@EventFlux.WebSocketSink:ack-id-path] there is a number: how many messages have come by
   * this connection.
   */
  g_object_class_install_property (
      klass, first_id + EF_PUBLISHER_ACK_PATH,
      g_param_spec_string ("ack-path", NULL,
                           "Where the server's answers confirm messages, such as $.ack.", NULL,
                           SETTABLE));

  /**
   * EfWebSocketSink:ack-id-path:
   *
   * A path into the messages that are sent, such as `$.id`, to what the server's answers have at
   * [property@EventFlux.WebSocketSink:ack-path]. A message without it is rejected.
   */
  g_object_class_install_property (
      klass, first_id + EF_PUBLISHER_ACK_ID_PATH,
      g_param_spec_string ("ack-id-path", NULL,
                           "Where messages have what the server's answers name, such as $.id.", NULL,
                           SETTABLE));

  /**
   * EfWebSocketSink:ack-timeout-ms:
   *
   * How many milliseconds the oldest message that has left may wait for its confirmation. Then the
   * connection counts as lost, and all that is not confirmed is sent again by the next one; 0 is without
   * limit.
   */
  g_object_class_install_property (
      klass, first_id + EF_PUBLISHER_ACK_TIMEOUT_MS,
      g_param_spec_uint ("ack-timeout-ms", NULL,
                         "How long the oldest message that has left may wait for its confirmation "
                         "before the connection is given up, in milliseconds; 0 is without limit.",
                         0, G_MAXINT32, DEFAULT_ACK_TIMEOUT_MS, SETTABLE | EF_PARAM_MILLISECONDS));
}

/* Installs the properties, with ids from @first_id on. */
void
ef_publisher_install (GObjectClass *klass, guint first_id)
{
  /**
   * EfWebSocketSink:message-type:
   *
   * Whether to send text or binary messages. Text must be UTF-8.
   */
  g_object_class_install_property (
      klass, first_id + EF_PUBLISHER_MESSAGE_TYPE,
      g_param_spec_enum ("message-type", NULL, "Whether to send text or binary messages.",
                         EF_TYPE_WEB_SOCKET_MESSAGE_TYPE, EF_WEB_SOCKET_MESSAGE_TEXT, SETTABLE));

  install_buffer (klass, first_id);
  install_spool (klass, first_id);

  /**
   * EfWebSocketSink:drain-timeout-ms:
   *
   * How many milliseconds a stop waits, before it closes the connection, for what has not left, also
   * for another connection. With 0, what waits is sent if there is a connection, within
   * [property@EventFlux.WebSocketSink:close-timeout-ms]. What could not be sent is told by a warning
   * with the number of messages and bytes, and counted as dropped.
   */
  g_object_class_install_property (
      klass, first_id + EF_PUBLISHER_DRAIN_TIMEOUT_MS,
      g_param_spec_uint ("drain-timeout-ms", NULL,
                         "How long a stop waits for what has not left; 0 does not wait.", 0,
                         G_MAXINT32, 0, SETTABLE | EF_PARAM_MILLISECONDS));

  install_ack (klass, first_id);
}

void
ef_publisher_get_property (EfPublisher *self, EfPublisherProperty property, GValue *value)
{
  switch (property)
    {
    case EF_PUBLISHER_MESSAGE_TYPE:
      g_value_set_enum (value, (gint) self->message_type);
      break;
    case EF_PUBLISHER_BUFFER_MAX_MESSAGES:
      g_value_set_uint (value, self->max_messages);
      break;
    case EF_PUBLISHER_BUFFER_MAX_BYTES:
      g_value_set_uint64 (value, self->max_bytes);
      break;
    case EF_PUBLISHER_SPOOL:
      g_value_set_string (value, self->spool_path);
      break;
    case EF_PUBLISHER_SPOOL_MAX_BYTES:
      g_value_set_uint64 (value, self->spool_max_bytes);
      break;
    case EF_PUBLISHER_DRAIN_TIMEOUT_MS:
      g_value_set_uint (value, self->drain_timeout_ms);
      break;
    case EF_PUBLISHER_ACK_PATH:
      g_value_set_string (value, self->ack_path_text);
      break;
    case EF_PUBLISHER_ACK_ID_PATH:
      g_value_set_string (value, self->ack_id_path_text);
      break;
    case EF_PUBLISHER_ACK_TIMEOUT_MS:
      g_value_set_uint (value, self->ack_timeout_ms);
      break;
    case EF_PUBLISHER_OVERFLOW:
    case EF_PUBLISHER_OVERFLOW_KEY:
      ef_overflow_policy_get_property (self->overflow, property - EF_PUBLISHER_OVERFLOW, value);
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
set_string (char **text, const GValue *value)
{
  if (g_strcmp0 (*text, g_value_get_string (value)) == 0)
    return FALSE;

  g_free (*text);
  *text = g_value_dup_string (value);

  return TRUE;
}

void
ef_publisher_set_property (EfPublisher *self,
                           EfPublisherProperty property,
                           const GValue *value,
                           GParamSpec *pspec)
{
  switch (property)
    {
    case EF_PUBLISHER_MESSAGE_TYPE:
      if (self->message_type == (EfWebSocketMessageType) g_value_get_enum (value))
        return;
      self->message_type = (EfWebSocketMessageType) g_value_get_enum (value);
      break;
    case EF_PUBLISHER_BUFFER_MAX_MESSAGES:
      if (self->max_messages == g_value_get_uint (value))
        return;
      self->max_messages = g_value_get_uint (value);
      break;
    case EF_PUBLISHER_BUFFER_MAX_BYTES:
      if (self->max_bytes == g_value_get_uint64 (value))
        return;
      self->max_bytes = g_value_get_uint64 (value);
      break;
    case EF_PUBLISHER_SPOOL:
      if (!set_string (&self->spool_path, value))
        return;
      break;
    case EF_PUBLISHER_ACK_PATH:
      if (!set_string (&self->ack_path_text, value))
        return;
      break;
    case EF_PUBLISHER_ACK_ID_PATH:
      if (!set_string (&self->ack_id_path_text, value))
        return;
      break;
    case EF_PUBLISHER_ACK_TIMEOUT_MS:
      if (self->ack_timeout_ms == g_value_get_uint (value))
        return;
      self->ack_timeout_ms = g_value_get_uint (value);
      break;
    case EF_PUBLISHER_SPOOL_MAX_BYTES:
      if (self->spool_max_bytes == g_value_get_uint64 (value))
        return;
      self->spool_max_bytes = g_value_get_uint64 (value);
      break;
    case EF_PUBLISHER_DRAIN_TIMEOUT_MS:
      if (self->drain_timeout_ms == g_value_get_uint (value))
        return;
      self->drain_timeout_ms = g_value_get_uint (value);
      break;
    case EF_PUBLISHER_OVERFLOW:
    case EF_PUBLISHER_OVERFLOW_KEY:
      ef_overflow_policy_set_property (self->overflow, property - EF_PUBLISHER_OVERFLOW, value,
                                       pspec);
      return;
    default:
      g_assert_not_reached ();
    }

  g_object_notify_by_pspec (G_OBJECT (self->element), pspec);
}

void
ef_publisher_init_options (EfPublisher *self)
{
  self->message_type = EF_WEB_SOCKET_MESSAGE_TEXT;
  self->max_messages = DEFAULT_MAX_MESSAGES;
  self->max_bytes = DEFAULT_MAX_BYTES;
  self->spool_max_bytes = DEFAULT_SPOOL_MAX_BYTES;
  self->ack_timeout_ms = DEFAULT_ACK_TIMEOUT_MS;
  self->overflow = ef_overflow_policy_new (self->element);
}

void
ef_publisher_clear_options (EfPublisher *self)
{
  g_clear_pointer (&self->spool_path, g_free);
  g_clear_pointer (&self->ack_path_text, g_free);
  g_clear_pointer (&self->ack_id_path_text, g_free);
  g_clear_pointer (&self->overflow, ef_overflow_policy_free);
}
