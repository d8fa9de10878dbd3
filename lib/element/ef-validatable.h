/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-element.h"

G_BEGIN_DECLS

#define EF_TYPE_VALIDATABLE (ef_validatable_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (EfValidatable, ef_validatable, EF, VALIDATABLE, EfElement)

/**
 * EfValidatable:
 *
 * An element that can try whether its endpoint is there, without being started.
 *
 * A check changes nothing: the state stays as it is, no event flows, and what was opened for the
 * check is closed when it ends. It gives up after a time of its own.
 */

/**
 * EfValidatableInterface:
 * @parent_iface: the parent interface
 * @validate_connectivity_async: begins to check, in the element's context
 * @validate_connectivity_finish: ends the check
 *
 * The interface of elements whose endpoint can be checked.
 */
struct _EfValidatableInterface
{
  GTypeInterface parent_iface;

  void (*validate_connectivity_async) (EfValidatable *self,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
  gboolean (*validate_connectivity_finish) (EfValidatable *self,
                                            GAsyncResult *result,
                                            GError **error);

  /*< private >*/
  gpointer padding[4];
};

EF_AVAILABLE_IN_1_0
void ef_validatable_validate_connectivity_async (EfValidatable *self,
                                                 GCancellable *cancellable,
                                                 GAsyncReadyCallback callback,
                                                 gpointer user_data);

EF_AVAILABLE_IN_1_0
gboolean ef_validatable_validate_connectivity_finish (EfValidatable *self,
                                                      GAsyncResult *result,
                                                      GError **error);

G_END_DECLS
