/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-outbox-private.h"
#include "ef-overflow-policy-private.h"

#define FIRST_SLOTS 64

/* A ring of up to so many stays when all has left, 16 KiB: more than a batch of an appsource takes, so
 * that a sink whose messages wait now and then does not make it anew each time. */
#define KEPT_SLOTS 512

static inline EfOutboxMessage *
get_message (EfOutbox *self, guint index)
{
  return &self->ring[(self->first + index) & (self->n_slots - 1)];
}

/* Lets go of what a message owned. Whoever waits is told that it has left or, if there is an error,
 * that it never will. */
static void
settle (EfOutboxOwner *owner, const GError *error)
{
  if (owner == NULL)
    return;

  if (owner->memory != NULL)
    owner->free_memory (owner->memory);
  g_clear_pointer (&owner->bytes, g_bytes_unref);

  if (owner->receipt != NULL)
    {
      if (error != NULL)
        ef_receipt_fail (owner->receipt, error);
      ef_receipt_unref (owner->receipt);
    }

  if (owner->task != NULL)
    {
      if (error != NULL)
        g_task_return_error (owner->task, g_error_copy (error));
      else
        g_task_return_boolean (owner->task, TRUE);
      g_object_unref (owner->task);
    }

  g_free (owner);
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

static inline EfOutboxMessage *
add (EfOutbox *self, const char *data, gsize size)
{
  EfOutboxMessage *message;

  if (G_UNLIKELY (self->n_messages == self->n_slots))
    grow (self);

  message = get_message (self, self->n_messages++);
  /* An empty message is one too. */
  *message = (EfOutboxMessage){ .data = data != NULL ? data : "", .size = size };
  self->n_bytes += size;

  return message;
}

/* Adds a message behind all others. @task is returned when it has left, and may be NULL. */
void
ef_outbox_push_bytes (EfOutbox *self, GBytes *bytes, GTask *task)
{
  EfOutboxOwner *owner = g_new0 (EfOutboxOwner, 1);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  owner->bytes = g_bytes_ref (bytes);
  owner->task = task != NULL ? g_object_ref (task) : NULL;
  add (self, data, size)->owner = owner;
}

/* Adds a message behind all others. What its data lies in is handed over right after. */
void
ef_outbox_push (EfOutbox *self, const char *data, gsize size)
{
  add (self, data, size);
}

/* The same with a message that the connection has taken already. No other may wait to be taken. */
void
ef_outbox_push_taken (EfOutbox *self, const char *data, gsize size, guint64 end)
{
  g_return_if_fail (!ef_outbox_has_more (self));

  add (self, data, size)->end = end;
  self->n_taken++;
}

/* Hands over what the messages lie in that were added since the last call, of which there must be
 * one, and their receipt. */
void
ef_outbox_own (EfOutbox *self, gpointer memory, GDestroyNotify free_memory, EfReceipt *receipt)
{
  EfOutboxOwner *owner = g_new0 (EfOutboxOwner, 1);

  owner->memory = memory;
  owner->free_memory = free_memory;
  owner->receipt = receipt != NULL ? ef_receipt_ref (receipt) : NULL;
  get_message (self, self->n_messages - 1)->owner = owner;
}

/* Nobody waits any more for the last message. */
void
ef_outbox_disown (EfOutbox *self)
{
  EfOutboxOwner *owner = get_message (self, self->n_messages - 1)->owner;

  g_clear_object (&owner->task);
}

/* Tells the numbers in the spool of the last messages. */
void
ef_outbox_set_ids (EfOutbox *self, guint n_messages, guint64 first_id)
{
  for (guint i = 0; i < n_messages; i++)
    get_message (self, self->n_messages - n_messages + i)->id = first_id + i;
}

/* Gives messages to the connection until @enough bytes wait in it. One that is not open takes
 * none. */
void
ef_outbox_give (EfOutbox *self, EfWebSocketConnection *connection, EfOpcode opcode, gsize enough)
{
  if (!ef_web_socket_connection_is_open (connection))
    return;

  while (ef_outbox_has_more (self) && ef_web_socket_connection_get_queued (connection) < enough)
    {
      EfOutboxMessage *message = get_message (self, self->n_taken++);

      if (message->data == NULL)
        ; /* withdrawn or confirmed */
      else if (message->owner != NULL && message->owner->bytes != NULL)
        ef_web_socket_connection_append_bytes (connection, opcode, message->owner->bytes);
      else
        ef_web_socket_connection_append (connection, opcode, message->data, message->size);
      message->end = ef_web_socket_connection_get_appended (connection);
    }
}

/* Takes the first message out, and returns what it owned. */
static inline EfOutboxOwner *
pop (EfOutbox *self)
{
  EfOutboxMessage *message = get_message (self, 0);

  self->n_bytes -= message->size;
  self->first = (self->first + 1) & (self->n_slots - 1);
  self->n_messages--;
  self->n_popped++;
  if (self->n_taken > 0)
    self->n_taken--;
  if (self->n_left > 0)
    self->n_left--;

  return message->owner;
}

/* What is done with need not be kept for another day. */
static inline void
unspool (EfOutbox *self, const EfOutboxMessage *message)
{
  if (G_UNLIKELY (message->id > 0 && self->spool != NULL))
    ef_spool_remove (self->spool, message->id, message->size);
}

/* A burst need not be paid for forever. */
static inline void
shrink (EfOutbox *self)
{
  if (self->n_messages == 0 && self->n_slots > KEPT_SLOTS)
    {
      g_clear_pointer (&self->ring, g_free);
      self->n_slots = 0;
    }
}

/* Notes what has left and stays until the peer confirms it. */
static guint
note_left (EfOutbox *self, guint64 written)
{
  guint n_left = 0;

  while (self->n_left < self->n_taken && get_message (self, self->n_left)->end <= written)
    n_left += get_message (self, self->n_left++)->data != NULL;

  return n_left;
}

/* Lets go of the messages that have left, once the connection has written so many bytes, and tells
 * those who wait. Returns how many there were. */
guint
ef_outbox_note_written (EfOutbox *self, guint64 written)
{
  guint n_left = 0;

  if (G_UNLIKELY (self->confirms))
    return note_left (self, written);

  while (self->n_taken > 0 && get_message (self, 0)->end <= written)
    {
      n_left += get_message (self, 0)->data != NULL;
      unspool (self, get_message (self, 0));
      settle (pop (self), NULL);
    }
  shrink (self);

  return n_left;
}

/* The connection is gone: all that has not left, or was not confirmed, is to be sent by the next one.
 * Returns how many have left already. */
guint
ef_outbox_take_back (EfOutbox *self)
{
  guint n_again = 0;

  for (guint i = 0; i < self->n_left; i++)
    n_again += get_message (self, i)->data != NULL;
  self->n_taken = 0;
  self->n_left = 0;

  return n_again;
}

/* Withdraws the message of @task, unless a connection has begun with it. The task stays the
 * caller's to return. Returns whether it was withdrawn. */
gboolean
ef_outbox_withdraw (EfOutbox *self, GTask *task)
{
  for (guint i = self->n_taken; i < self->n_messages; i++)
    {
      EfOutboxMessage *message = get_message (self, i);

      if (message->owner == NULL || message->owner->task != task)
        continue;

      g_clear_object (&message->owner->task);
      settle (g_steal_pointer (&message->owner), NULL);
      unspool (self, message);
      message->id = 0;
      self->n_bytes -= message->size;
      message->data = NULL;
      message->size = 0;
      return TRUE;
    }

  return FALSE;
}

/* Dropping */

/* Lets go of what dropped messages owned. Whoever waits is told; for receipts it is dealt with. Who
 * is told may do anything. */
static void
settle_dropped (GPtrArray *owners, const GError *error)
{
  for (guint i = 0; i < owners->len; i++)
    {
      EfOutboxOwner *owner = owners->pdata[i];

      if (owner->task != NULL)
        g_task_return_error (owner->task, g_error_copy (error));
      g_clear_object (&owner->task);
      settle (owner, NULL);
    }
}

/* Takes the size of a message off, and keeps its owner for later. Returns whether it was one that had
 * not been withdrawn. */
static gboolean
drop (EfOutbox *self, const EfOutboxMessage *message, GPtrArray *owners)
{
  self->n_bytes -= message->size;
  if (message->owner != NULL)
    g_ptr_array_add (owners, message->owner);

  return message->data != NULL;
}

/* Closes the hole that messages leave which were taken out behind those that are taken. */
static void
close_hole (EfOutbox *self, guint n_messages)
{
  for (guint i = self->n_taken; i > 0; i--)
    *get_message (self, i - 1 + n_messages) = *get_message (self, i - 1);
  self->first = (self->first + n_messages) & (self->n_slots - 1);
  self->n_messages -= n_messages;
}

/* Drops what has waited longest, of what the connection has not taken and but for the last, until no
 * more waits than may. Each must own what it is made of. Returns how many there were. */
guint
ef_outbox_drop_oldest (EfOutbox *self,
                       guint max_messages,
                       guint64 max_bytes,
                       const GError *error)
{
  guint n_excess = self->n_messages > max_messages ? self->n_messages - max_messages : 0;
  g_autoptr (GPtrArray) owners = g_ptr_array_new ();
  guint n_dropped = 0;
  guint n = 0;

  while (self->n_taken + n + 1 < self->n_messages && (n < n_excess || self->n_bytes > max_bytes))
    n_dropped += drop (self, get_message (self, self->n_taken + n++), owners);
  if (n > 0)
    close_hole (self, n);
  settle_dropped (owners, error);

  return n_dropped;
}

/* Drops all but the newest of each key, of what the connection has not taken; it takes the place of the
 * first. Each must own what it is made of. Returns how many there were. */
guint
ef_outbox_drop_older (EfOutbox *self, EfOverflowPolicy *policy, const GError *error)
{
  g_autoptr (GPtrArray) owners = g_ptr_array_new ();
  guint end = self->n_taken;
  guint n_dropped = 0;

  ef_overflow_policy_begin_look (policy, self->n_messages);
  for (guint i = self->n_taken; i < self->n_messages; i++)
    {
      EfOutboxMessage message = *get_message (self, i);
      gint place = -1;

      if (message.data != NULL)
        place = ef_overflow_policy_look_at_message (policy, message.data, message.size, end);
      if (place >= 0)
        n_dropped += drop (self, get_message (self, (guint) place), owners);
      *get_message (self, place >= 0 ? (guint) place : end++) = message;
    }
  ef_overflow_policy_end_look (policy);
  self->n_messages = end;
  settle_dropped (owners, error);

  return n_dropped;
}

/* Confirming */

/* A message that has left and was not confirmed, NULL if it is none any more. */
const char *
ef_outbox_peek_left (EfOutbox *self, guint index, gsize *size)
{
  const EfOutboxMessage *message = get_message (self, index);

  *size = message->size;

  return message->data;
}

/* Lets go of those at the front that nothing is left of. */
static void
pop_confirmed (EfOutbox *self)
{
  while (self->n_left > 0 && get_message (self, 0)->data == NULL)
    settle (pop (self), NULL);
  shrink (self);
}

/* Takes a message for done. What it owns may be that of others before it too, so it goes with the last
 * of them; but whoever waits for it alone is told. */
static void
confirm (EfOutbox *self, EfOutboxMessage *message)
{
  EfOutboxOwner *owner = message->owner;

  unspool (self, message);
  self->n_bytes -= message->size;
  message->data = NULL;
  message->size = 0;

  if (owner != NULL && owner->task != NULL)
    {
      g_autoptr (GTask) task = g_steal_pointer (&owner->task);

      g_task_return_boolean (task, TRUE);
    }
}

/* The peer has confirmed a message that has left. */
void
ef_outbox_confirm (EfOutbox *self, guint index)
{
  g_return_if_fail (index < self->n_left);

  confirm (self, get_message (self, index));
  pop_confirmed (self);
}

/* The peer has confirmed the first so many that have left. Returns how many these are, if there are
 * fewer. */
guint
ef_outbox_confirm_first (EfOutbox *self, guint64 n_messages)
{
  guint n_confirmed = 0;

  pop_confirmed (self);
  while (n_confirmed < n_messages && self->n_left > 0)
    {
      confirm (self, get_message (self, 0));
      pop_confirmed (self);
      n_confirmed++;
    }

  return n_confirmed;
}

static EfEvent *
make_event (const EfOutboxMessage *message, gboolean is_text, gint64 now)
{
  g_autoptr (GBytes) bytes = NULL;

  if (is_text)
    return ef_event_new_text (now, message->data, (gssize) message->size);

  bytes = g_bytes_new (message->data, message->size);

  return ef_event_new_bytes (now, bytes);
}

/* The messages that will be lost without anybody being told, as events of @now. */
GPtrArray *
ef_outbox_list_unattended (EfOutbox *self, gboolean is_text, gint64 now)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) ef_event_unref);

  for (guint i = 0; i < self->n_messages; i++)
    {
      const EfOutboxMessage *message = get_message (self, i);
      gboolean is_attended = message->owner != NULL && message->owner->task != NULL;

      if (message->data != NULL && message->id == 0 && !is_attended)
        g_ptr_array_add (events, make_event (message, is_text, now));
    }

  return events;
}

/* Lets go of all messages, and tells those who wait for them why. Those in a spool stay there. Returns
 * how many are lost. */
guint
ef_outbox_fail (EfOutbox *self, const GError *error)
{
  guint n_messages = self->n_messages;
  guint n_lost = 0;

  /* Who is told may publish again: that is a message of another time. */
  for (guint i = 0; i < n_messages; i++)
    {
      const EfOutboxMessage *message = get_message (self, 0);

      n_lost += message->id == 0 && message->data != NULL;
      settle (pop (self), error);
    }

  return n_lost;
}

void
ef_outbox_clear (EfOutbox *self)
{
  while (self->n_messages > 0)
    settle (pop (self), NULL);
  g_clear_pointer (&self->ring, g_free);
  self->n_slots = 0;
}
