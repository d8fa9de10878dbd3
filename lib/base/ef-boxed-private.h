/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib-object.h>

/* G_DEFINE_BOXED_TYPE passes functions through a transparent union, which is what makes it type-safe
 * and what -Wpedantic minds. */
#define EF_DEFINE_BOXED_TYPE(TypeName, type_name, copy_func, free_func)                            \
  _Pragma ("GCC diagnostic push")                                                                  \
  _Pragma ("GCC diagnostic ignored \"-Wpedantic\"")                                                \
  G_DEFINE_BOXED_TYPE (TypeName, type_name, copy_func, free_func)                                  \
  _Pragma ("GCC diagnostic pop")
