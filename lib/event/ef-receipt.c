/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-receipt.h"

#include "ef-boxed-private.h"

struct _EfReceipt
{
  gint ref_count; /* atomic */
  GError *error;  /* atomic: set once by the first to fail it */
  EfReceiptFunc callback;
  gpointer user_data;
  GDestroyNotify destroy;
};

EF_DEFINE_BOXED_TYPE (EfReceipt, ef_receipt, ef_receipt_ref, ef_receipt_unref)

/**
 * ef_receipt_new:
 * @callback: (scope notified) (closure user_data) (destroy destroy): what to call when the receipt
 *   settles
 * @user_data: data for @callback
 * @destroy: (nullable): frees @user_data
 *
 * Makes a receipt. It settles when the last reference is dropped.
 *
 * Returns: (transfer full): a new receipt
 */
EfReceipt *
ef_receipt_new (EfReceiptFunc callback, gpointer user_data, GDestroyNotify destroy)
{
  EfReceipt *self;

  g_return_val_if_fail (callback != NULL, NULL);

  self = g_new0 (EfReceipt, 1);
  self->ref_count = 1;
  self->callback = callback;
  self->user_data = user_data;
  self->destroy = destroy;

  return self;
}

/**
 * ef_receipt_ref:
 * @self: a receipt
 *
 * Holds the receipt open. May be called from any thread.
 *
 * Returns: (transfer full): @self
 */
EfReceipt *
ef_receipt_ref (EfReceipt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

/**
 * ef_receipt_unref:
 * @self: (transfer full): a receipt
 *
 * Lets go of the receipt. The last one to do so settles it, in the calling thread. May be called
 * from any thread.
 */
void
ef_receipt_unref (EfReceipt *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  self->callback (self->error, self->user_data);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_clear_error (&self->error);
  g_free (self);
}

/**
 * ef_receipt_fail:
 * @self: a receipt
 * @error: why what it stands for was not accepted
 *
 * Makes the receipt settle as failed. The first error is the one that is told. May be called from
 * any thread.
 */
void
ef_receipt_fail (EfReceipt *self, const GError *error)
{
  GError *copy;

  g_return_if_fail (self != NULL);
  g_return_if_fail (error != NULL);

  copy = g_error_copy (error);
  if (!g_atomic_pointer_compare_and_exchange (&self->error, NULL, copy))
    g_error_free (copy);
}
