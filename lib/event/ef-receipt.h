/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <glib-object.h>

#include "ef-version.h"

G_BEGIN_DECLS

#define EF_TYPE_RECEIPT (ef_receipt_get_type ())

/**
 * EfReceipt:
 *
 * Tells a source what became of its input.
 *
 * A source that can be told, because it reads from a broker or a spool, attaches a receipt to each
 * batch. Who derives events from events passes the receipt on to the batch that holds them. When the
 * last holder lets go, the receipt settles: as failed if someone called
 * [method@EventFlux.Receipt.fail], as accepted otherwise. It settles in the thread of that holder.
 */
typedef struct _EfReceipt EfReceipt;

/**
 * EfReceiptFunc:
 * @error: (nullable): why the input failed, or %NULL if it was accepted
 * @user_data: the data given with the function
 *
 * Called once, in the thread of whoever held the receipt last.
 */
typedef void (*EfReceiptFunc) (const GError *error, gpointer user_data);

EF_AVAILABLE_IN_1_0
GType ef_receipt_get_type (void) G_GNUC_CONST;

EF_AVAILABLE_IN_1_0
EfReceipt *ef_receipt_new (EfReceiptFunc callback, gpointer user_data, GDestroyNotify destroy);

EF_AVAILABLE_IN_1_0
EfReceipt *ef_receipt_ref (EfReceipt *self);

EF_AVAILABLE_IN_1_0
void ef_receipt_unref (EfReceipt *self);

EF_AVAILABLE_IN_1_0
void ef_receipt_fail (EfReceipt *self, const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfReceipt, ef_receipt_unref)

G_END_DECLS
