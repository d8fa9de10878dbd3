/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-validatable.h"

G_DEFINE_INTERFACE (EfValidatable, ef_validatable, EF_TYPE_ELEMENT)

static void
ef_validatable_default_init (EfValidatableInterface *iface)
{
}

/**
 * ef_validatable_validate_connectivity_async:
 * @self: an element
 * @cancellable: (nullable): a cancellable
 * @callback: (nullable) (scope async): called when the check has ended, in the thread-default
 *   context of the caller
 * @user_data: data for @callback
 *
 * Tries to reach the endpoint that the element is configured for, without starting the element.
 *
 * It is called from the context of the element.
 */
void
ef_validatable_validate_connectivity_async (EfValidatable *self,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data)
{
  EfValidatableInterface *iface;

  g_return_if_fail (EF_IS_VALIDATABLE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  iface = EF_VALIDATABLE_GET_IFACE (self);
  g_return_if_fail (iface->validate_connectivity_async != NULL);

  iface->validate_connectivity_async (self, cancellable, callback, user_data);
}

/**
 * ef_validatable_validate_connectivity_finish:
 * @self: an element
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends [method@EventFlux.Validatable.validate_connectivity_async].
 *
 * Errors: those that the element would fail with when started.
 *
 * Returns: %TRUE if the endpoint is there and answers as it should
 */
gboolean
ef_validatable_validate_connectivity_finish (EfValidatable *self,
                                             GAsyncResult *result,
                                             GError **error)
{
  EfValidatableInterface *iface;

  g_return_val_if_fail (EF_IS_VALIDATABLE (self), FALSE);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  iface = EF_VALIDATABLE_GET_IFACE (self);
  g_return_val_if_fail (iface->validate_connectivity_finish != NULL, FALSE);

  return iface->validate_connectivity_finish (self, result, error);
}
