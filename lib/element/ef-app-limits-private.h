/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* How much may wait in an element that a program feeds or empties, and the properties that say so, which
 * are all that such an element has. */
typedef struct
{
  guint max_events;
  guint64 max_bytes;
} EfAppLimits;

void ef_app_limits_install (GObjectClass *klass, const char *events_blurb, const char *bytes_blurb);

void ef_app_limits_get_property (const EfAppLimits *self,
                                 GObject *object,
                                 guint id,
                                 GValue *value,
                                 GParamSpec *pspec);

void ef_app_limits_set_property (EfAppLimits *self,
                                 GObject *object,
                                 guint id,
                                 const GValue *value,
                                 GParamSpec *pspec);

/* Whether more may come. */
static inline gboolean
ef_app_limits_allow (const EfAppLimits *self, guint n_events, guint64 n_bytes)
{
  return n_events < self->max_events && n_bytes < self->max_bytes;
}

G_END_DECLS
