/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-element.h"

G_BEGIN_DECLS

#define EF_TYPE_TRANSFORM (ef_transform_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (EfTransform, ef_transform, EF, TRANSFORM, EfElement)

/**
 * EfTransformClass:
 * @parent_class: the parent class
 * @transform: makes the batch that leaves from the one that came: a new one, the same one with a
 *   reference more, or %NULL for nothing. The receipt of @batch is passed on to it.
 *
 * The class of transforms.
 */
struct _EfTransformClass
{
  EfElementClass parent_class;

  EfBatch *(*transform) (EfTransform *self, EfBatch *batch);

  /*< private >*/
  gpointer padding[4];
};

G_END_DECLS
