/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-frame-chunk-private.h"
#include "ef-web-socket-connection-private.h"

G_BEGIN_DECLS

/* What waits for one client: a little in its connection, and the rest here, where it can still be
 * dropped. */
typedef struct
{
  EfWebSocketConnection *connection; /* not owned */
  GQueue chunks;
  gsize n_bytes; /* in the chunks */
  gboolean lagging;
} EfClientOutbox;

EfClientOutbox *ef_client_outbox_new (EfWebSocketConnection *connection);

guint ef_client_outbox_free (EfClientOutbox *self);

void ef_client_outbox_add (EfClientOutbox *self, EfFrameChunk *chunk);

gboolean ef_client_outbox_send (EfClientOutbox *self);

void ef_client_outbox_send_all (EfClientOutbox *self);

gsize ef_client_outbox_get_size (EfClientOutbox *self);

guint ef_client_outbox_drop_oldest (EfClientOutbox *self);

G_END_DECLS
