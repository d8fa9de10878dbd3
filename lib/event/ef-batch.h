/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-event.h"
#include "ef-receipt.h"

G_BEGIN_DECLS

#define EF_TYPE_BATCH (ef_batch_get_type ())

/**
 * EfBatch:
 *
 * The events that one wake-up brought, pushed together.
 *
 * A batch is filled by whoever made it and does not change once pushed. Its count of references may
 * be changed from any thread.
 */
typedef struct _EfBatch EfBatch;

EF_AVAILABLE_IN_1_0
GType ef_batch_get_type (void) G_GNUC_CONST;

EF_AVAILABLE_IN_1_0
EfBatch *ef_batch_new (void);

EF_AVAILABLE_IN_1_0
EfBatch *ef_batch_ref (EfBatch *self);

EF_AVAILABLE_IN_1_0
void ef_batch_unref (EfBatch *self);

EF_AVAILABLE_IN_1_0
EfBatch *ef_batch_recycle (EfBatch *self);

EF_AVAILABLE_IN_1_0
void ef_batch_append (EfBatch *self, EfEvent *event);

EF_AVAILABLE_IN_1_0
guint ef_batch_get_n_events (EfBatch *self);

EF_AVAILABLE_IN_1_0
EfEvent *ef_batch_get_event (EfBatch *self, guint index);

EF_AVAILABLE_IN_1_0
EfEvent *const *ef_batch_peek_events (EfBatch *self, guint *n_events);

EF_AVAILABLE_IN_1_0
gsize ef_batch_get_size (EfBatch *self);

EF_AVAILABLE_IN_1_0
EfReceipt *ef_batch_get_receipt (EfBatch *self);

EF_AVAILABLE_IN_1_0
void ef_batch_set_receipt (EfBatch *self, EfReceipt *receipt);

EF_AVAILABLE_IN_1_0
EfBatch *ef_batch_detach (EfBatch *self);

EF_AVAILABLE_IN_1_0
EfBatch *ef_batch_slice (EfBatch *self, guint first, guint n_events);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfBatch, ef_batch_unref)

G_END_DECLS
