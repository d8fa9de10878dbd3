/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-element.h"

G_BEGIN_DECLS

#define EF_TYPE_SOURCE (ef_source_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (EfSource, ef_source, EF, SOURCE, EfElement)

/**
 * EfSourceClass:
 * @parent_class: the parent class
 *
 * The class of sources.
 */
struct _EfSourceClass
{
  EfElementClass parent_class;

  /*< private >*/
  gpointer padding[4];
};

EF_AVAILABLE_IN_1_0
void ef_source_end (EfSource *self);

G_END_DECLS
