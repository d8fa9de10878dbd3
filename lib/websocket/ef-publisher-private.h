/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"
#include "ef-outbox-private.h"
#include "ef-web-socket-message-type.h"

G_BEGIN_DECLS

/* What a sink does with its messages: gives them to the connection while that takes them, keeps the
 * rest until it does or until there is another one, and holds the element's input when that is too
 * much. */
typedef struct
{
  EfElement *element;
  EfWebSocketMessageType message_type;
  guint max_messages;
  guint64 max_bytes;

  EfWebSocketConnection *connection; /* owned; NULL while there is none */
  EfOutbox outbox;
  gboolean holding; /* the element's input */
  guint64 *ends;    /* of the messages of a batch, see send_batch() */
  guint n_ends;
  guint n_rejected; /* of the batch */

  /* Read from any thread. */
  guint64 n_sent;
  guint64 n_dropped;
  guint64 n_waiting;
} EfPublisher;

typedef enum
{
  EF_PUBLISHER_MESSAGE_TYPE,
  EF_PUBLISHER_BUFFER_MAX_MESSAGES,
  EF_PUBLISHER_BUFFER_MAX_BYTES,
} EfPublisherProperty;

#define EF_PUBLISHER_N_PROPERTIES (EF_PUBLISHER_BUFFER_MAX_BYTES + 1)

void ef_publisher_install (GObjectClass *klass, guint first_id);

void ef_publisher_get_property (EfPublisher *self, EfPublisherProperty property, GValue *value);

void ef_publisher_set_property (EfPublisher *self,
                                EfPublisherProperty property,
                                const GValue *value,
                                GParamSpec *pspec);

void ef_publisher_init (EfPublisher *self, EfElement *element);

void ef_publisher_clear (EfPublisher *self);

void ef_publisher_set_connection (EfPublisher *self, EfWebSocketConnection *connection);

void ef_publisher_send_waiting (EfPublisher *self);

void ef_publisher_send_last (EfPublisher *self);

void ef_publisher_process (EfPublisher *self, EfBatch *batch);

gboolean ef_publisher_publish (EfPublisher *self, GBytes *message, GTask *task, GError **error);

void ef_publisher_watch_cancellable (EfPublisher *self, GTask *task);

void ef_publisher_fail (EfPublisher *self, const GError *error);

void ef_publisher_add_stats (EfPublisher *self, GVariantDict *stats);

static inline gboolean
ef_publisher_is_empty (const EfPublisher *self)
{
  return ef_outbox_is_empty (&self->outbox);
}

G_END_DECLS
