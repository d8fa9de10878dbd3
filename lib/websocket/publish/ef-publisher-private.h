/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"
#include "ef-json-path.h"
#include "ef-outbox-private.h"
#include "ef-overflow-policy.h"
#include "ef-web-socket-message-type.h"

G_BEGIN_DECLS

/* What a sink does with its messages: gives them to the connection while that takes them, keeps the
 * rest until it does or until there is another one, and holds the element's input when that is too
 * much, or drops of it what the policy says.
 *
 * With a spool, all that waits is in that file before the call that brought it returns. In memory are
 * then the first of these messages, within the bounds of the buffer; the others are in the file
 * alone, until there is room. */
typedef struct
{
  EfElement *element;
  void (*drained) (EfElement *element); /* more has left, and not because it was asked to */
  EfWebSocketMessageType message_type;
  guint max_messages;
  guint64 max_bytes;
  char *spool_path; /* or NULL */
  guint64 spool_max_bytes;
  guint drain_timeout_ms;
  EfOverflowPolicy *overflow;
  char *ack_path_text; /* or NULL, as the next */
  char *ack_id_path_text;
  guint ack_timeout_ms;

  EfWebSocketConnection *connection; /* owned; NULL while there is none */
  EfOutbox outbox;
  gboolean holding; /* the element's input */
  guint64 *ends;    /* of the messages of a batch, see send_batch() */
  guint n_ends;
  guint n_rejected; /* of the batch */
  gboolean drops;   /* the policy drops something when too much waits */
  gboolean overflowing; /* it has, and more than half of what may still waits */

  EfJsonPath *ack_path; /* from READY on, if the peer confirms messages, as the next */
  EfJsonPath *ack_id_path;
  guint64 n_confirmed_here; /* by this connection */
  GSource *ack_timer;       /* for the first message of the outbox, if that has left, else NULL */
  guint64 ack_awaited;      /* … which is this one, as the outbox counts them */

  EfSpool *spool;          /* from READY on, if there is one */
  guint64 spooled_to;      /* the last message in the spool that is in the outbox too */
  guint64 n_spooled;       /* how many are behind it */
  GHashTable *spool_tasks; /* who waits for one of these: GTask by their numbers */
  GSource *refill;         /* goes on sending, or NULL */

  /* Read from any thread. */
  guint64 n_sent;
  guint64 n_dropped;
  guint64 n_waiting;
  guint64 n_confirmed;
  guint64 n_resent;
  guint64 n_unknown; /* confirmations */
  guint64 n_spool_messages;
  guint64 n_spool_bytes;
} EfPublisher;

typedef enum
{
  EF_PUBLISHER_MESSAGE_TYPE,
  EF_PUBLISHER_BUFFER_MAX_MESSAGES,
  EF_PUBLISHER_BUFFER_MAX_BYTES,
  EF_PUBLISHER_SPOOL,
  EF_PUBLISHER_SPOOL_MAX_BYTES,
  EF_PUBLISHER_DRAIN_TIMEOUT_MS,
  EF_PUBLISHER_ACK_PATH,
  EF_PUBLISHER_ACK_ID_PATH,
  EF_PUBLISHER_ACK_TIMEOUT_MS,
  EF_PUBLISHER_OVERFLOW,
  EF_PUBLISHER_OVERFLOW_KEY,
} EfPublisherProperty;

#define EF_PUBLISHER_N_PROPERTIES (EF_PUBLISHER_OVERFLOW_KEY + 1)

void ef_publisher_install (GObjectClass *klass, guint first_id);

void ef_publisher_get_property (EfPublisher *self, EfPublisherProperty property, GValue *value);

void ef_publisher_set_property (EfPublisher *self,
                                EfPublisherProperty property,
                                const GValue *value,
                                GParamSpec *pspec);

void ef_publisher_init_options (EfPublisher *self);

void ef_publisher_clear_options (EfPublisher *self);

void ef_publisher_init (EfPublisher *self,
                        EfElement *element,
                        void (*drained) (EfElement *element));

void ef_publisher_clear (EfPublisher *self);

gboolean ef_publisher_prepare (EfPublisher *self, GError **error);

void ef_publisher_unprepare (EfPublisher *self);

void ef_publisher_set_connection (EfPublisher *self, EfWebSocketConnection *connection);

void ef_publisher_send_waiting (EfPublisher *self);

void ef_publisher_send_last (EfPublisher *self);

void ef_publisher_process (EfPublisher *self, EfBatch *batch);

gboolean ef_publisher_publish (EfPublisher *self, GBytes *message, GTask *task, GError **error);

void ef_publisher_receive (EfPublisher *self, EfBatch *batch);

void ef_publisher_watch_cancellable (EfPublisher *self, GTask *task);

void ef_publisher_fail (EfPublisher *self, const GError *error);

void ef_publisher_add_stats (EfPublisher *self, GVariantDict *stats);

static inline gboolean
ef_publisher_is_empty (const EfPublisher *self)
{
  return ef_outbox_is_empty (&self->outbox) && self->n_spooled == 0;
}

static inline guint64
ef_publisher_get_n_waiting (const EfPublisher *self)
{
  return self->outbox.n_messages + self->n_spooled;
}

G_END_DECLS
