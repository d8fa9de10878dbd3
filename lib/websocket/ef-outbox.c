/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-outbox-private.h"

#define FIRST_SLOTS 64

static inline EfOutboxMessage *
get_message (EfOutbox *self, guint index)
{
  return &self->ring[(self->first + index) & (self->n_slots - 1)];
}

static const char *
peek_payload (const EfOutboxMessage *message, gsize *size)
{
  if (message->event != NULL)
    return ef_event_peek_data (message->event, 0, size);
  if (message->bytes != NULL)
    return g_bytes_get_data (message->bytes, size);

  *size = 0;
  return NULL;
}

static void
drop_payload (EfOutbox *self, EfOutboxMessage *message)
{
  gsize size;

  peek_payload (message, &size);
  self->n_bytes -= size;
  g_clear_pointer (&message->event, ef_event_unref);
  g_clear_pointer (&message->bytes, g_bytes_unref);
}

static void
grow (EfOutbox *self)
{
  guint n_slots = MAX (FIRST_SLOTS, self->n_slots * 2);
  EfOutboxMessage *ring = g_new (EfOutboxMessage, n_slots);

  for (guint i = 0; i < self->n_messages; i++)
    ring[i] = *get_message (self, i);

  g_free (self->ring);
  self->ring = ring;
  self->n_slots = n_slots;
  self->first = 0;
}

static EfOutboxMessage *
add (EfOutbox *self, EfEvent *event, GBytes *bytes, GTask *task, EfReceipt *receipt)
{
  EfOutboxMessage *message;
  gsize size;

  if (self->n_messages == self->n_slots)
    grow (self);

  message = get_message (self, self->n_messages++);
  *message = (EfOutboxMessage){
    .event = event != NULL ? ef_event_ref (event) : NULL,
    .bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL,
    .task = task != NULL ? g_object_ref (task) : NULL,
    .receipt = receipt != NULL ? ef_receipt_ref (receipt) : NULL,
  };
  peek_payload (message, &size);
  self->n_bytes += size;

  return message;
}

/* Adds a message, @event or @bytes, behind all others. */
void
ef_outbox_push (EfOutbox *self, EfEvent *event, GBytes *bytes, GTask *task, EfReceipt *receipt)
{
  add (self, event, bytes, task, receipt);
}

/* Adds a message that the connection has taken already, when no other message waits to be taken. */
void
ef_outbox_push_taken (EfOutbox *self, EfEvent *event, EfReceipt *receipt, guint64 end)
{
  g_return_if_fail (!ef_outbox_has_more (self));

  add (self, event, NULL, NULL, receipt)->end = end;
  self->n_taken++;
}

/* Gives messages to the connection until @enough bytes wait in it. One that is not open takes none.
 * */
void
ef_outbox_give (EfOutbox *self, EfWebSocketConnection *connection, EfOpcode opcode, gsize enough)
{
  if (!ef_web_socket_connection_is_open (connection))
    return;

  while (ef_outbox_has_more (self) && ef_web_socket_connection_get_queued (connection) < enough)
    {
      EfOutboxMessage *message = get_message (self, self->n_taken++);
      gsize size;
      const char *payload = peek_payload (message, &size);

      if (message->bytes != NULL)
        ef_web_socket_connection_append_bytes (connection, opcode, message->bytes);
      else if (message->event != NULL)
        ef_web_socket_connection_append (connection, opcode, payload, size);
      message->end = ef_web_socket_connection_get_appended (connection);
    }
}

/* Takes the first message out. */
static EfOutboxMessage
pop (EfOutbox *self)
{
  EfOutboxMessage *message = get_message (self, 0);
  EfOutboxMessage popped;

  drop_payload (self, message);
  popped = *message;
  self->first = (self->first + 1) & (self->n_slots - 1);
  self->n_messages--;
  if (self->n_taken > 0)
    self->n_taken--;

  return popped;
}

/* Lets go of the messages that have left, once the connection has written so many bytes, and tells
 * those who wait. Returns how many there were. */
guint
ef_outbox_note_written (EfOutbox *self, guint64 written)
{
  guint n_left = 0;

  while (self->n_taken > 0 && get_message (self, 0)->end <= written)
    {
      EfOutboxMessage message = pop (self);

      n_left++;
      g_clear_pointer (&message.receipt, ef_receipt_unref);
      if (message.task != NULL)
        {
          g_task_return_boolean (message.task, TRUE);
          g_object_unref (message.task);
        }
    }

  /* A burst need not be paid for forever. */
  if (self->n_messages == 0 && self->n_slots > FIRST_SLOTS)
    {
      g_clear_pointer (&self->ring, g_free);
      self->n_slots = 0;
    }

  return n_left;
}

/* The connection is gone: all that has not left is to be sent by the next one. */
void
ef_outbox_take_back (EfOutbox *self)
{
  self->n_taken = 0;
}

/* Withdraws the message of @task, unless a connection has begun with it. The task stays the
 * caller's to return. Returns whether it was withdrawn. */
gboolean
ef_outbox_withdraw (EfOutbox *self, GTask *task)
{
  for (guint i = self->n_taken; i < self->n_messages; i++)
    {
      EfOutboxMessage *message = get_message (self, i);

      if (message->task != task)
        continue;

      drop_payload (self, message);
      g_clear_object (&message->task);
      return TRUE;
    }

  return FALSE;
}

/* Lets go of all messages, and tells those who wait for them why. Returns how many there were. */
guint
ef_outbox_fail (EfOutbox *self, const GError *error)
{
  guint n_failed = self->n_messages;

  /* Who is told may publish again: that is a message of another time. */
  for (guint i = 0; i < n_failed; i++)
    {
      EfOutboxMessage message = pop (self);

      if (message.receipt != NULL)
        {
          ef_receipt_fail (message.receipt, error);
          ef_receipt_unref (message.receipt);
        }
      if (message.task != NULL)
        {
          g_task_return_error (message.task, g_error_copy (error));
          g_object_unref (message.task);
        }
    }

  return n_failed;
}

void
ef_outbox_clear (EfOutbox *self)
{
  while (self->n_messages > 0)
    {
      EfOutboxMessage message = pop (self);

      g_clear_pointer (&message.receipt, ef_receipt_unref);
      g_clear_object (&message.task);
    }
  g_clear_pointer (&self->ring, g_free);
  self->n_slots = 0;
}
