/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"

G_BEGIN_DECLS

typedef struct
{
  GParamSpec *pspec;
  const char *entry; /* within the key, or NULL if the property is no table */
} EfConfigKey;

gboolean ef_config_key_resolve (EfElementClass *klass,
                                const char *owner,
                                const char *key,
                                EfConfigKey *resolved,
                                GError **error);

void ef_config_key_set_alternative (GParamSpec *pspec, const char *name);

GParamSpec *ef_config_key_get_alternative (EfElementClass *klass, GParamSpec *pspec);

GParamSpec *ef_config_key_find_element (EfElementClass *klass, const char *key);

char *ef_config_key_describe (const char *owner, const char *key, const EfConfigKey *resolved);

G_END_DECLS
