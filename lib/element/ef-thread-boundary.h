/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-element.h"

G_BEGIN_DECLS

#define EF_TYPE_THREAD_BOUNDARY (ef_thread_boundary_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (EfThreadBoundary, ef_thread_boundary, EF, THREAD_BOUNDARY, EfElement)

/**
 * EfThreadBoundaryInterface:
 * @g_iface: the parent interface
 * @get_context: the main context of the elements behind the boundary, the same one for as long as
 *   the element lives
 * @start: starts a thread that iterates the context; called only while there is none
 * @stop: lets the thread end once it has done what it is at, without waiting for it
 * @drain_async: begins to wait until all that was pushed to the element so far has left it. Called
 *   only while nothing more is pushed to it; when it is cancelled it waits no longer. A boundary that
 *   keeps nothing leaves it and @drain_finish out.
 * @drain_finish: ends @drain_async
 *
 * What an element offers that is the boundary between two threads. @drain_async and @drain_finish are
 * called in the element's own context, the others in any thread, though @start and @stop never both at
 * a time.
 */
struct _EfThreadBoundaryInterface
{
  GTypeInterface g_iface;

  GMainContext *(*get_context) (EfThreadBoundary *self);
  void (*start) (EfThreadBoundary *self);
  void (*stop) (EfThreadBoundary *self);
  void (*drain_async) (EfThreadBoundary *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*drain_finish) (EfThreadBoundary *self, GAsyncResult *result, GError **error);

  /*< private >*/
  gpointer padding[4];
};

EF_AVAILABLE_IN_1_0
GMainContext *ef_thread_boundary_get_context (EfThreadBoundary *self);

EF_AVAILABLE_IN_1_0
void ef_thread_boundary_start (EfThreadBoundary *self);

EF_AVAILABLE_IN_1_0
void ef_thread_boundary_stop (EfThreadBoundary *self);

EF_AVAILABLE_IN_1_0
void ef_thread_boundary_drain_async (EfThreadBoundary *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);

EF_AVAILABLE_IN_1_0
gboolean ef_thread_boundary_drain_finish (EfThreadBoundary *self,
                                          GAsyncResult *result,
                                          GError **error);

G_END_DECLS
