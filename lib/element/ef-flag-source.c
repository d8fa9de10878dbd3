/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-flag-source-private.h"

static gboolean
flag_source_prepare (GSource *source, int *timeout)
{
  *timeout = -1;

  return ((EfFlagSource *) source)->due;
}

static gboolean
flag_source_check (GSource *source)
{
  return ((EfFlagSource *) source)->due;
}

/* The function may free the source or set the flag again. */
static gboolean
flag_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  EfFlagSource *self = (EfFlagSource *) source;

  self->due = FALSE;
  self->func (self->owner);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs flag_source_funcs = {
  .prepare = flag_source_prepare,
  .check = flag_source_check,
  .dispatch = flag_source_dispatch,
};

/* A source attached to @context that calls @func each time the flag was set. @name is a literal;
 * @owner is not kept. */
EfFlagSource *
ef_flag_source_new (const char *name,
                    int priority,
                    GMainContext *context,
                    EfFlagFunc func,
                    gpointer owner)
{
  GSource *source = g_source_new (&flag_source_funcs, sizeof (EfFlagSource));
  EfFlagSource *self = (EfFlagSource *) source;

  self->func = func;
  self->owner = owner;
  g_source_set_static_name (source, name);
  g_source_set_priority (source, priority);
  g_source_attach (source, context);

  return self;
}

/* Whether this was not yet asked in the present iteration of the context, which reads the clock once an
 * iteration. */
gboolean
ef_flag_source_is_new_iteration (EfFlagSource *self)
{
  gint64 before = self->iteration;

  self->iteration = g_source_get_time (&self->parent_instance);

  return self->iteration != before;
}

void
ef_flag_source_free (EfFlagSource *self)
{
  g_source_destroy (&self->parent_instance);
  g_source_unref (&self->parent_instance);
}
