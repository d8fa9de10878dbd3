/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* What tells one element that maps between messages and a single column from another. */
typedef struct
{
  const char *type_name;
  const char *factory_name;
  const char *description;
  const char *example;
  const char *config_prefix;
  EfColumnType type; /* STRING or BYTES */
  gboolean encodes;  /* columns -> messages; else the other way round */
  const char *column_blurb;
  const char *default_column;
} EfColumnElementInfo;

GType ef_column_element_register (const EfColumnElementInfo *info);

/* Defines NAME_get_type() for a constant `EfColumnElementInfo`. */
#define EF_DEFINE_COLUMN_ELEMENT(name, info) \
  GType name##_get_type (void) \
  { \
    static gsize type; \
\
    if (g_once_init_enter (&type)) \
      g_once_init_leave (&type, ef_column_element_register (&(info))); \
\
    return type; \
  }

G_END_DECLS
