/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-batch.h"
#include "ef-web-socket-connection-private.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a sink still has to send, in order: first the messages that the connection has taken and
 * that have not fully left for the kernel, then those that it has not taken yet. A new connection
 * begins with the first of all, so that nothing gets lost, and nothing is sent again that had left.
 *
 * It owns copies alone: what lies in it may lie for long. Its bounds are the sink's business. */
typedef struct
{
  EfEvent *event;     /* either the payload of an event */
  GBytes *bytes;      /* … or these bytes, or neither if the message was withdrawn */
  GTask *task;        /* to be returned when the message has left, or NULL */
  EfReceipt *receipt; /* of its batch, or NULL */
  guint64 end;        /* where the message ends, as the connection counts what is written */
} EfOutboxMessage;

typedef struct
{
  EfOutboxMessage *ring;
  guint n_slots; /* a power of two */
  guint first;
  guint n_messages;
  guint n_taken; /* by the connection: the first ones */
  gsize n_bytes; /* of payload */
} EfOutbox;

void ef_outbox_clear (EfOutbox *self);

void ef_outbox_push (EfOutbox *self,
                     EfEvent *event,
                     GBytes *bytes,
                     GTask *task,
                     EfReceipt *receipt);

void ef_outbox_push_taken (EfOutbox *self, EfEvent *event, EfReceipt *receipt, guint64 end);

void ef_outbox_give (EfOutbox *self,
                     EfWebSocketConnection *connection,
                     EfOpcode opcode,
                     gsize enough);

guint ef_outbox_note_written (EfOutbox *self, guint64 written);

void ef_outbox_take_back (EfOutbox *self);

gboolean ef_outbox_withdraw (EfOutbox *self, GTask *task);

guint ef_outbox_fail (EfOutbox *self, const GError *error);

static inline gboolean
ef_outbox_is_empty (const EfOutbox *self)
{
  return self->n_messages == 0;
}

static inline gboolean
ef_outbox_has_more (const EfOutbox *self)
{
  return self->n_taken < self->n_messages;
}

G_END_DECLS
