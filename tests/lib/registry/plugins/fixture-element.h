/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

/* Registers a type of elements derived from @parent, with the metadata of the fixture. Each module has
 * its own types, so they are named after the module. */
#define FIXTURE_ELEMENT(CamelName, lower_name, PARENT_TYPE, ParentName, factory, extension)         \
  typedef struct                                                                                   \
  {                                                                                                \
    ParentName parent_instance;                                                                    \
  } CamelName;                                                                                     \
                                                                                                   \
  typedef struct                                                                                   \
  {                                                                                                \
    ParentName##Class parent_class;                                                                \
  } CamelName##Class;                                                                              \
                                                                                                   \
  static GType lower_name##_get_type (void);                                                       \
                                                                                                   \
  G_DEFINE_TYPE (CamelName, lower_name, PARENT_TYPE)                                               \
                                                                                                   \
  static void                                                                                      \
  lower_name##_class_init (CamelName##Class *klass)                                                \
  {                                                                                                \
    static const char *const formats[] = { "json", "text", NULL };                                 \
                                                                                                   \
    ef_element_class_set_metadata (EF_ELEMENT_CLASS (klass), factory, "Stands in for a " factory,  \
                                   factory);                                                       \
    ef_element_class_set_extension (EF_ELEMENT_CLASS (klass), extension, formats);                 \
  }                                                                                                \
                                                                                                   \
  static void                                                                                      \
  lower_name##_init (CamelName *self)                                                              \
  {                                                                                                \
  }
