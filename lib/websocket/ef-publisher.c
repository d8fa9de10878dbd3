/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-enum-types.h"
#include "ef-pad-private.h"
#include "ef-payload-private.h"
#include "ef-publisher-private.h"

#include <string.h>

/* Enough for a write; what waits beyond it need not be encoded yet. */
#define WRITE_SIZE (64 * 1024)

/* What waits at most while there is a connection, which the kernel's buffer keeps busy: two writes.
 * The bounds of the sink's buffer are for the time without one. More than this would only grow cold
 * in memory: sending 160 bytes through 16 MiB that wait took a third longer than through these. */
#define CONNECTED_BYTES (2 * WRITE_SIZE)

#define DEFAULT_MAX_MESSAGES 10000
#define DEFAULT_MAX_BYTES (16 * 1024 * 1024)

#define SETTABLE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

/* Installs the properties, with ids from @first_id on. */
void
ef_publisher_install (GObjectClass *klass, guint first_id)
{
  g_object_class_install_property (
      klass, first_id + EF_PUBLISHER_MESSAGE_TYPE,
      g_param_spec_enum ("message-type", NULL, "Whether to send text or binary messages.",
                         EF_TYPE_WEB_SOCKET_MESSAGE_TYPE, EF_WEB_SOCKET_MESSAGE_TEXT, SETTABLE));
  g_object_class_install_property (
      klass, first_id + EF_PUBLISHER_BUFFER_MAX_MESSAGES,
      g_param_spec_uint ("buffer-max-messages", NULL, "How many messages may wait to be sent.", 1,
                         G_MAXINT32, DEFAULT_MAX_MESSAGES, SETTABLE));
  g_object_class_install_property (
      klass, first_id + EF_PUBLISHER_BUFFER_MAX_BYTES,
      g_param_spec_uint64 ("buffer-max-bytes", NULL,
                           "How many bytes of messages may wait to be sent.", 1, G_MAXINT64,
                           DEFAULT_MAX_BYTES, SETTABLE));
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
    default:
      g_assert_not_reached ();
    }
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
    default:
      g_assert_not_reached ();
    }

  g_object_notify_by_pspec (G_OBJECT (self->element), pspec);
}

void
ef_publisher_init (EfPublisher *self, EfElement *element)
{
  self->element = element;
  self->message_type = EF_WEB_SOCKET_MESSAGE_TEXT;
  self->max_messages = DEFAULT_MAX_MESSAGES;
  self->max_bytes = DEFAULT_MAX_BYTES;
}

void
ef_publisher_clear (EfPublisher *self)
{
  g_clear_pointer (&self->connection, ef_web_socket_connection_unref);
  ef_outbox_clear (&self->outbox);
  g_clear_pointer (&self->ends, g_free);
}

static EfOpcode
get_opcode (EfPublisher *self)
{
  return self->message_type == EF_WEB_SOCKET_MESSAGE_TEXT ? EF_OPCODE_TEXT : EF_OPCODE_BINARY;
}

/* Held when full, and again free when half empty, so that it does not go to and fro with each
 * message. */
static void
update_hold (EfPublisher *self)
{
  guint64 max_bytes = self->connection != NULL ? MIN (self->max_bytes, CONNECTED_BYTES)
                                               : self->max_bytes;
  gboolean hold = self->holding;

  ef_relaxed_set (&self->n_waiting, self->outbox.n_messages);
  if (self->outbox.n_messages >= self->max_messages || self->outbox.n_bytes >= max_bytes)
    hold = TRUE;
  else if (self->outbox.n_messages <= self->max_messages / 2
           && self->outbox.n_bytes <= max_bytes / 2)
    hold = FALSE;

  if (hold == self->holding)
    return;

  self->holding = hold;
  if (hold)
    ef_element_hold_input (self->element);
  else
    ef_element_release_input (self->element);
}

static void
note_written (EfPublisher *self)
{
  guint64 written = ef_web_socket_connection_get_written (self->connection);

  ef_relaxed_add (&self->n_sent, ef_outbox_note_written (&self->outbox, written));
}

/* Whether messages can be given to the connection now. */
static gboolean
can_send (EfPublisher *self)
{
  return self->connection != NULL && ef_web_socket_connection_is_open (self->connection)
         && !ef_web_socket_connection_is_blocked (self->connection);
}

/* Sends of what waits as much as the connection takes. */
void
ef_publisher_send_waiting (EfPublisher *self)
{
  while (can_send (self))
    {
      ef_outbox_give (&self->outbox, self->connection, get_opcode (self), WRITE_SIZE);
      ef_web_socket_connection_flush (self->connection);
      note_written (self);
      if (!ef_outbox_has_more (&self->outbox))
        break;
    }

  update_hold (self);
}

/* Gives the connection all that waits, to go before the Close that comes next. */
void
ef_publisher_send_last (EfPublisher *self)
{
  if (self->connection != NULL)
    ef_outbox_give (&self->outbox, self->connection, get_opcode (self), G_MAXSIZE);
}

/* There is a connection now, or none any more. What has not left by the old one goes by the new
 * one. */
void
ef_publisher_set_connection (EfPublisher *self, EfWebSocketConnection *connection)
{
  if (self->connection != NULL)
    {
      note_written (self);
      g_clear_pointer (&self->connection, ef_web_socket_connection_unref);
      ef_outbox_take_back (&self->outbox);
    }

  if (connection != NULL)
    self->connection = ef_web_socket_connection_ref (connection);

  ef_publisher_send_waiting (self);
}

/* Events */

static void
reject (EfPublisher *self, EfEvent *event, GError *error)
{
  self->n_rejected++;
  ef_element_reject_event (self->element, event, error);
  g_error_free (error);
}

/* Gives the messages of a batch straight to the connection. What ends where is written down on the
 * way, for the case that the kernel does not take it all. Returns how many events are dealt with:
 * those up to there that have not left have an end beyond what is written. */
static guint
send_batch (EfPublisher *self, EfEvent *const *events, guint n_events)
{
  EfWebSocketConnection *connection = self->connection;
  EfOpcode opcode = get_opcode (self);
  guint i;

  for (i = 0; i < n_events; i++)
    {
      const EfValue *payload;
      GError *error = NULL;

      if (G_UNLIKELY (!ef_payload_check_event (events[i], self->message_type, &payload, &error)))
        {
          self->ends[i] = 0;
          reject (self, events[i], error);
          continue;
        }

      ef_web_socket_connection_append (connection, opcode, payload->v_data, payload->length);
      self->ends[i] = ef_web_socket_connection_get_appended (connection);
      if (ef_web_socket_connection_get_queued (connection) >= WRITE_SIZE
          && !ef_web_socket_connection_flush (connection))
        return i + 1;
    }

  ef_web_socket_connection_flush (connection);

  return n_events;
}

static gsize
sum_sizes (EfEvent *const *events, guint n_events)
{
  gsize size = 0;

  for (guint i = 0; i < n_events; i++)
    size += ef_payload_get_size (events[i]);

  return size;
}

/* Keeps what has to wait: of the events from @first on, those before @n_given have been given to the
 * connection. The batch itself is kept if that takes little more memory than its payloads do, as it
 * does behind an appsource or an encoder: that copy was a tenth of the cost of sending, and of large
 * messages a third. Else all payloads are copied into one block. */
static void
keep_events (EfPublisher *self, EfBatch *batch, guint first, guint n_given)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);
  gboolean compact = ef_batch_is_compact (batch, first);
  char *block = compact ? NULL : g_malloc (sum_sizes (events + first, n_events - first) + 1);
  guint n_before = self->outbox.n_messages;
  char *p = block;

  for (guint i = first; i < n_events; i++)
    {
      const EfValue *payload;
      const char *data;
      GError *error = NULL;

      if (i < n_given && self->ends[i] == 0)
        continue; /* rejected already */

      if (!ef_payload_check_event (events[i], self->message_type, &payload, &error))
        {
          reject (self, events[i], error);
          continue;
        }

      data = payload->v_data;
      if (!compact && payload->length > 0)
        {
          data = memcpy (p, data, payload->length);
          p += payload->length;
        }
      if (i < n_given)
        ef_outbox_push_taken (&self->outbox, data, payload->length, self->ends[i]);
      else
        ef_outbox_push (&self->outbox, data, payload->length);
    }

  if (self->outbox.n_messages == n_before)
    g_free (block);
  else if (compact)
    ef_outbox_own (&self->outbox, ef_batch_ref (batch), (GDestroyNotify) ef_batch_unref,
                   ef_batch_get_receipt (batch));
  else
    ef_outbox_own (&self->outbox, block, g_free, ef_batch_get_receipt (batch));
}

static void
make_room_for_ends (EfPublisher *self, guint n_events)
{
  if (n_events <= self->n_ends)
    return;

  g_free (self->ends);
  self->ends = g_new (guint64, n_events);
  self->n_ends = n_events;
}

/* Sends the events of a batch, or keeps what can not leave now. */
void
ef_publisher_process (EfPublisher *self, EfBatch *batch)
{
  guint n_given = 0;
  guint first = 0;
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  if (G_LIKELY (ef_outbox_is_empty (&self->outbox) && can_send (self)))
    {
      guint64 written;

      self->n_rejected = 0;
      make_room_for_ends (self, n_events);
      n_given = send_batch (self, events, n_events);
      if (G_LIKELY (n_given == n_events && can_send (self)
                    && ef_web_socket_connection_get_queued (self->connection) == 0))
        {
          ef_relaxed_add (&self->n_sent, n_events - self->n_rejected);
          return;
        }

      written = ef_web_socket_connection_get_written (self->connection);
      for (; first < n_given && self->ends[first] <= written; first++)
        if (self->ends[first] > 0)
          ef_relaxed_add (&self->n_sent, 1);
    }

  keep_events (self, batch, first, n_given);
  ef_publisher_send_waiting (self);
}

static gboolean
is_full (EfPublisher *self, gsize more)
{
  return self->outbox.n_messages >= self->max_messages
         || self->outbox.n_bytes + more > self->max_bytes;
}

/* Sends a message or keeps it. @task, which may be NULL, is returned when it has left. */
gboolean
ef_publisher_publish (EfPublisher *self, GBytes *message, GTask *task, GError **error)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (message, &size);

  if (!ef_payload_check_text (self->message_type, data, size, error))
    return FALSE;

  if (is_full (self, size))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK,
                   "%s: %u messages with %" G_GSIZE_FORMAT " bytes wait already; "
                   "“buffer-max-messages” and “buffer-max-bytes” allow more",
                   ef_element_get_name (self->element), self->outbox.n_messages,
                   self->outbox.n_bytes);
      return FALSE;
    }

  ef_outbox_push_bytes (&self->outbox, message, task);
  if (can_send (self))
    {
      ef_outbox_give (&self->outbox, self->connection, get_opcode (self), WRITE_SIZE);
      ef_web_socket_connection_flush_soon (self->connection);
      note_written (self);
    }
  update_hold (self);

  return TRUE;
}

/* Takes back a message that has not begun to leave. Its task stays the caller's to return. */
static gboolean
withdraw (EfPublisher *self, GTask *task)
{
  gboolean withdrawn = ef_outbox_withdraw (&self->outbox, task);

  update_hold (self);

  return withdrawn;
}

/* A message that someone waits for, and who may lose patience. */
typedef struct
{
  EfPublisher *publisher; /* lives as long as the task's element */
  GTask *task;            /* unowned: this is its data */
  GSource *cancelled;
} Publish;

static void
publish_free (gpointer data)
{
  Publish *publish = data;

  if (publish->cancelled != NULL)
    {
      g_source_destroy (publish->cancelled);
      g_source_unref (publish->cancelled);
    }
  g_free (publish);
}

static gboolean
publish_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Publish *publish = user_data;
  g_autoptr (GTask) task = g_object_ref (publish->task);

  /* What has begun to leave can not be called back. */
  if (withdraw (publish->publisher, task))
    g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

/* Has the cancellable of a publishing task take the message back if it can. */
void
ef_publisher_watch_cancellable (EfPublisher *self, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Publish *publish;

  if (cancellable == NULL)
    return;

  publish = g_new0 (Publish, 1);
  publish->publisher = self;
  publish->task = task;
  publish->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_static_name (publish->cancelled, "[EventFlux] WebSocket publish cancelled");
  g_source_set_callback (publish->cancelled, G_SOURCE_FUNC (publish_cancelled), publish, NULL);
  g_source_attach (publish->cancelled, g_main_context_get_thread_default ());
  g_task_set_task_data (task, publish, publish_free);
  /* What became of the message counts, also if someone gave up at the same time. */
  g_task_set_check_cancellable (task, FALSE);
}

/* Tells those who wait that nothing of what waits will be sent. */
void
ef_publisher_fail (EfPublisher *self, const GError *error)
{
  ef_relaxed_add (&self->n_dropped, ef_outbox_fail (&self->outbox, error));
  update_hold (self);
}

/* May be called from any thread. */
void
ef_publisher_add_stats (EfPublisher *self, GVariantDict *stats)
{
  g_variant_dict_insert (stats, "messages-sent", "t", ef_relaxed_get (&self->n_sent));
  g_variant_dict_insert (stats, "messages-dropped", "t", ef_relaxed_get (&self->n_dropped));
  g_variant_dict_insert (stats, "messages-waiting", "t", ef_relaxed_get (&self->n_waiting));
}
