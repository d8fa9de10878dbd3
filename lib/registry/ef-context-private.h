/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-context.h"
#include "ef-plugin-private.h"

G_BEGIN_DECLS

struct _EfContext
{
  GObject parent_instance;

  GMutex lock;             /* for what follows */
  GHashTable *elements;    /* name of an element -> EfElementFactory */
  GHashTable *sources;     /* name of a protocol -> EfElementFactory, borrowed names */
  GHashTable *sinks;
  GPtrArray *plugins;      /* EfPlugin, in the order in which they came */
};

gboolean ef_context_check_factory_locked (EfContext *self,
                                          EfElementFactory *factory,
                                          GError **error);

void ef_context_add_factory_locked (EfContext *self, EfElementFactory *factory);

G_END_DECLS
