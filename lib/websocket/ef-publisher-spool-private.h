/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-publisher-private.h"

G_BEGIN_DECLS

/* How a publisher and its spool go together; called by the publisher alone. */

gboolean ef_publisher_open_spool (EfPublisher *self, GError **error);

void ef_publisher_close_spool (EfPublisher *self);

gboolean ef_publisher_spool_message (EfPublisher *self,
                                     GBytes *message,
                                     GTask *task,
                                     GError **error);

void ef_publisher_spool_events (EfPublisher *self, EfBatch *batch, guint first, guint n_given);

void ef_publisher_sync_spool (EfPublisher *self, gboolean more);

gboolean ef_publisher_withdraw_spooled (EfPublisher *self, GTask *task);

void ef_publisher_fail_spooled (EfPublisher *self, const GError *error);

/* What the publisher does for it. */

EfOpcode ef_publisher_get_opcode (EfPublisher *self);

gboolean ef_publisher_can_send (EfPublisher *self);

void ef_publisher_note_written (EfPublisher *self);

void ef_publisher_reject (EfPublisher *self, EfEvent *event, GError *error);

G_END_DECLS
