/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-event.h"
#include "ef-overflow-policy.h"
#include "ef-receipt.h"
#include "ef-spool-private.h"
#include "ef-web-socket-connection-private.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a sink still has to send, in order: first the messages that the connection has taken and that
 * have not fully left for the kernel, then those that it has not taken yet. A new connection begins
 * with the first of all, so that nothing gets lost, and nothing is sent again that had left.
 *
 * What lies in it may lie for long, so what owns the payloads must be about as large as they are. Its
 * bounds are the sink's business. */

/* What goes when a message has left. Messages leave in order, so what several of them share belongs
 * to the last one: a batch that has to wait costs one of these, not one a message. */
typedef struct
{
  gpointer memory; /* what payloads lie in */
  GDestroyNotify free_memory;
  GBytes *bytes; /* … or this */
  GTask *task;    /* to be returned */
  EfReceipt *receipt;
} EfOutboxOwner;

typedef struct
{
  const char *data; /* NULL if the message was withdrawn or confirmed */
  gsize size;
  guint64 end;          /* where it ends, as the connection counts what is written */
  guint64 id;           /* in the spool; 0 if it is not there */
  EfOutboxOwner *owner; /* or NULL */
} EfOutboxMessage;

typedef struct
{
  EfOutboxMessage *ring;
  guint n_slots; /* a power of two */
  guint first;
  guint n_messages;
  guint64 n_popped; /* since ever: tells one first message from the next */
  guint n_taken; /* by the connection: the first ones */
  guint n_left;  /* for the kernel, of these, and kept for the peer has not confirmed them */
  gboolean confirms; /* the peer does: what has left stays until then */
  gsize n_bytes; /* of payload */
  EfSpool *spool; /* unowned; what has left is removed from it; or NULL */
} EfOutbox;

void ef_outbox_clear (EfOutbox *self);

void ef_outbox_push_bytes (EfOutbox *self, GBytes *bytes, GTask *task);

void ef_outbox_push (EfOutbox *self, const char *data, gsize size);

void ef_outbox_push_taken (EfOutbox *self, const char *data, gsize size, guint64 end);

void ef_outbox_own (EfOutbox *self,
                    gpointer memory,
                    GDestroyNotify free_memory,
                    EfReceipt *receipt);

void ef_outbox_disown (EfOutbox *self);

void ef_outbox_set_ids (EfOutbox *self, guint n_messages, guint64 first_id);

void ef_outbox_give (EfOutbox *self,
                     EfWebSocketConnection *connection,
                     EfOpcode opcode,
                     gsize enough);

guint ef_outbox_note_written (EfOutbox *self, guint64 written);

guint ef_outbox_take_back (EfOutbox *self);

gboolean ef_outbox_withdraw (EfOutbox *self, GTask *task);

guint ef_outbox_drop_oldest (EfOutbox *self,
                             guint max_messages,
                             guint64 max_bytes,
                             const GError *error);

guint ef_outbox_drop_older (EfOutbox *self, EfOverflowPolicy *policy, const GError *error);

const char *ef_outbox_peek_left (EfOutbox *self, guint index, gsize *size);

void ef_outbox_confirm (EfOutbox *self, guint index);

guint ef_outbox_confirm_first (EfOutbox *self, guint64 n_messages);

GPtrArray *ef_outbox_list_unattended (EfOutbox *self, gboolean is_text, gint64 now);

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
