/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* What there is to know of a property. */
typedef struct
{
  GParamSpec *pspec;
  char *key;             /* the configuration key */
  const char *type;      /* as a person calls it */
  char *default_value;   /* NULL if there is none */
  char *minimum;         /* NULL if there is none */
  char *maximum;
  char **values;         /* of an enumeration; else NULL */
} InspectProperty;

GPtrArray *inspect_list_properties (EfElementFactory *factory);

guint *inspect_list_signals (EfElementFactory *factory, guint *n_signals);

const char *inspect_kind_to_string (EfFactoryKind kind);

const char *inspect_content_to_string (EfPadContent content);

GPtrArray *inspect_list_plugin_elements (EfContext *context, const char *plugin);

EfPlugin *inspect_find_plugin (EfContext *context, const char *name);

G_END_DECLS
