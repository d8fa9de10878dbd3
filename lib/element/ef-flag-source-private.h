/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A source that is ready when its flag is set. All who set the flag do so from within the context,
 * which looks at its sources again before it sleeps: so a plain store does, where
 * g_source_set_ready_time() writes to an eventfd each time (0.4 µs here, with the read that
 * follows). */
typedef struct _EfFlagSource EfFlagSource;

typedef void (*EfFlagFunc) (gpointer owner);

EfFlagSource *ef_flag_source_new (const char *name,
                                  int priority,
                                  GMainContext *context,
                                  EfFlagFunc func,
                                  gpointer owner);

void ef_flag_source_free (EfFlagSource *self);

gboolean ef_flag_source_is_new_iteration (EfFlagSource *self);

struct _EfFlagSource
{
  GSource parent_instance;
  gboolean due;
  gint64 iteration;
  EfFlagFunc func;
  gpointer owner;
};

static inline gboolean
ef_flag_source_is_due (EfFlagSource *self)
{
  return self->due;
}

static inline void
ef_flag_source_set_due (EfFlagSource *self)
{
  self->due = TRUE;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfFlagSource, ef_flag_source_free)

G_END_DECLS
