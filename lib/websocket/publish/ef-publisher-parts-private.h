/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-publisher-private.h"

G_BEGIN_DECLS

/* The parts of a publisher, which call one another and are called by nobody else. */

/* Its spool. */

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

/* What it drops. */

gboolean ef_publisher_prepare_overflow (EfPublisher *self, GError **error);

void ef_publisher_drop_excess (EfPublisher *self);

void ef_publisher_keep_each (EfPublisher *self, EfBatch *batch, guint first, guint n_given);

/* What is confirmed. */

gboolean ef_publisher_prepare_ack (EfPublisher *self, GError **error);

void ef_publisher_clear_ack (EfPublisher *self);

void ef_publisher_watch_ack (EfPublisher *self);

gboolean ef_publisher_check_id (EfPublisher *self, const char *data, gsize size, GError **error);

gboolean ef_publisher_check_event (EfPublisher *self,
                                   EfEvent *event,
                                   const EfValue **payload,
                                   GError **error);

/* Sending. */

EfOpcode ef_publisher_get_opcode (EfPublisher *self);

gboolean ef_publisher_can_send (EfPublisher *self);

gboolean ef_publisher_is_full (EfPublisher *self, gsize more);

void ef_publisher_note_written (EfPublisher *self);

gboolean ef_publisher_reject (EfPublisher *self, EfEvent *event, GError *error);

static inline gboolean
ef_publisher_has_spool_path (const EfPublisher *self)
{
  return self->spool_path != NULL && *self->spool_path != '\0';
}

G_END_DECLS
